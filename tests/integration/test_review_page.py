"""The review page: its server from outside, and the page itself in a browser."""

import http.client
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from foley_designer.api import revisions, versions
from foley_designer.core.mix import marker
from foley_designer.core.mix.verdict import Verdict, load
from foley_designer.core.revision.operations import AddEvent
from foley_designer.core.script.sound_event import Hit, SoundEvent
from foley_designer.core.session.session import Session
from foley_designer.core.settings import Settings
from foley_designer.export.audio.wav import read_wav
from foley_designer.export.delivery import Delivery
from foley_designer.export.session.otio import timeline

pytestmark = pytest.mark.slow

CHROMIUM = os.environ.get("FOLEY_CHROMIUM") or shutil.which("chromium")
HOSTILE = "<img src=//evil.example/x onerror=fetch('//evil.example')>"
Run = Callable[..., subprocess.CompletedProcess[str]]


class Page(NamedTuple):
    """A served session."""

    folder: Path
    address: str
    settings: Settings

    @property
    def port(self) -> int:
        return urlsplit(self.address).port or 0

    @property
    def key(self) -> str:
        return parse_qs(urlsplit(self.address).query)["key"][0]

    def ask(
        self, path: str, body: Any = None, *, method: str | None = None, **headers: str | None
    ) -> tuple[int, dict[str, str], bytes]:
        """As the page itself asks, but for these headers; None leaves one out."""
        own = f"127.0.0.1:{self.port}"
        sent: dict[str, str | None] = {
            "host": own,
            "cookie": f"foley-review-{self.port}={self.key}",
        }
        if body is not None:
            sent |= {"origin": f"http://{own}", "content-type": "application/json"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        data = None if body is None else json.dumps(body).encode()
        link.putrequest(method or ("GET" if body is None else "POST"), path, skip_host=True)
        for name, value in sent.items():
            if value is not None:
                link.putheader(name, value)
        if data is not None:
            link.putheader("content-length", str(len(data)))
        link.endheaders(data)
        answer = link.getresponse()
        found = answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        link.close()
        return found


@contextmanager
def served(folder: Path, home: Path) -> Iterator[Page]:
    """The real command on a free port."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("FOLEY_", "OPENAI_"))}
    process = subprocess.Popen(
        [sys.executable, "-m", "foley_designer", "review", str(folder), "--no-browser"],
        env=kept | {"HOME": str(home), "FOLEY_DATA_DIR": str(home / "data")},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().split()[-1]
        yield Page(folder, address, Settings(data_dir=home / "data"))
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="module")
def page(designed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    home = tmp_path_factory.mktemp("review")
    folder = Path(shutil.copytree(designed, home / "session"))
    with served(folder, home) as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM:
        pytest.skip("no chromium: apt-get install chromium, or set FOLEY_CHROMIUM")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def tab(chromium: Any, page: Page) -> Iterator[Any]:
    """The page, opened; ends with a look at what it asked of whom."""
    yield from opened(chromium, page)


def opened(chromium: Any, page: Page) -> Iterator[Any]:
    view = chromium.new_page(viewport={"width": 1440, "height": 900})
    asked: list[str] = []
    faults: list[str] = []
    view.on("request", lambda request: asked.append(request.url))
    view.on("pageerror", lambda error: faults.append(str(error)))
    view.on("console", lambda told: told.type == "error" and faults.append(told.text))
    view.goto(page.address)
    view.wait_for_selector("body[data-ready]", timeout=60_000)
    yield view
    own = f"http://127.0.0.1:{page.port}/"
    assert [url for url in asked if not url.startswith(own)] == []
    provoked = ("422", "409", "drawn wrongly")
    assert [fault for fault in faults if not any(one in fault for one in provoked)] == []
    view.close()


def until(tab: Any, expression: str, seconds: float = 90) -> None:
    """Wait for something in the page; the page's own policy forbids the driver's way of it."""
    end = time.monotonic() + seconds
    while not tab.evaluate(expression):
        assert time.monotonic() < end, expression
        tab.wait_for_timeout(50)


def lane_of(page: Page, word: str) -> str:
    return next(key for key in versions.version(page.folder).stems if word in key)


def request_change(tab: Any, words: str) -> str:
    """Ask, and wait for what the chat answers."""
    tab.fill("#words", words)
    tab.press("#words", "Enter")
    tab.wait_for_selector(".card:last-child:is(.proposal, .asks, .failed)", timeout=60_000)
    return str(tab.inner_text(".card:last-child"))


def apply(tab: Any) -> None:
    before = tab.locator(".result").count()
    tab.click(".card:last-child .yes")
    until(tab, f"document.querySelectorAll('.result').length > {before}")


# ---- the server -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "body", "headers", "status"),
    [
        ("/", None, {"host": "evil.example"}, 403),
        ("/", None, {"host": None}, 403),
        ("/", None, {"cookie": None}, 403),
        ("/", None, {"cookie": "foley-review=guess"}, 403),
        ("/?key=guess", None, {"cookie": None}, 403),
        ("/api/session", None, {"origin": "https://evil.example"}, 403),
        ("/api/session", None, {"origin": "null"}, 403),
        ("/api/apply", {"command": "undo"}, {"origin": "https://evil.example"}, 403),
        ("/api/apply", {"command": "undo"}, {"origin": None}, 403),
        ("/api/apply", {"command": "undo"}, {"content_type": "text/plain"}, 403),
        ("/api/ask", {"request": "x" * 70_000}, {}, 413),
        ("/api/ask", {"request": "x" * 3000}, {}, 422),
        ("/api/ask", {"request": "x", "path": "/etc"}, {}, 422),
        ("/api/judge", {"event_id": "nobody", "verdict": "approved"}, {}, 422),
        ("/api/apply", {"operations": [{"kind": "export", "path": "/etc"}]}, {}, 200),
        ("/page/../app.py", None, {}, 404),
        ("/page/%2e%2e/app.py", None, {}, 404),
        ("/sound/..%2f..%2fetc/passwd/0", None, {}, 404),
        ("/sound/{revision}/..%2f..%2fsession.json/0", None, {}, 404),
        ("/sound/{revision}/session.json/0", None, {}, 422),
        ("/sound/nonsense/mix/0", None, {}, 422),
        ("/sound/{revision}/mix/-1", None, {}, 404),
        ("/api/version/{revision}", None, {"method": "DELETE"}, 403),
    ],
)
def test_who_and_what_is_refused(
    page: Page, path: str, body: Any, headers: dict[str, Any], status: int
) -> None:
    path = path.replace("{revision}", str(versions.version(page.folder).id))
    before = (page.folder / "session.json").read_bytes()
    found, _, answer = page.ask(path, body, **headers)
    assert found == status
    assert b"root:" not in answer
    if status == 200:  # work begins; that it fails is told there
        while json.loads(page.ask("/api/work")[2])["state"] == "running":
            pass
        assert json.loads(page.ask("/api/work")[2])["state"] == "failed"
    assert (page.folder / "session.json").read_bytes() == before


def test_the_key_becomes_a_cookie_and_leaves_the_address(page: Page) -> None:
    status, headers, _ = page.ask(f"/?key={page.key}", cookie=None)
    assert (status, headers["location"]) == (303, "/")
    for word in ("httponly", "samesite=strict"):
        assert word in headers["set-cookie"].lower()
    status, headers, body = page.ask("/")
    assert status == 200
    assert page.key.encode() not in body
    assert "default-src 'none'" in headers["content-security-policy"]
    assert b"http://" not in body.replace(b"http://www.w3.org", b"")


def test_the_picture_comes_in_ranges(page: Page) -> None:
    status, headers, body = page.ask("/picture", range="bytes=4-11")
    assert status == 206
    assert headers["content-range"].startswith("bytes 4-11/")
    assert body[:4] == b"ftyp"


def test_sound_is_the_stem_to_the_bit(page: Page) -> None:
    version = versions.version(page.folder)
    for lane in ("mix", next(iter(version.stems))):
        file = version.mix if lane == "mix" else version.stem(lane)
        pieces = []
        while data := page.ask(f"/sound/{version.id}/{lane}/{len(pieces)}")[2]:
            pieces.append(np.frombuffer(data, "<f4").reshape(2, -1))
        assert np.array_equal(np.concatenate(pieces, 1), read_wav(file))


# ---- the page ---------------------------------------------------------------------------------


def test_picture_and_sound_run_together(tab: Any, page: Page) -> None:
    rate = 25
    tab.keyboard.press(" ")
    until(tab, "review.player.position > 1")
    drift, state = tab.evaluate(
        "[document.querySelector('video').currentTime - review.player.heard,"
        " review.player.context.state]"
    )
    assert state == "running"
    assert abs(drift) < 0.15, "seconds that the picture is off; a busy machine shows late"
    tab.keyboard.press("k")
    where = "Math.round(review.player.position * 25)"
    shown = "Math.floor(document.querySelector('video').currentTime * 25)"
    start = tab.evaluate(where)
    for key, move in (
        ("ArrowRight", 1),
        ("ArrowRight", 1),
        ("ArrowLeft", -1),
        ("Shift+ArrowLeft", -10),
    ):
        tab.keyboard.press(key)
        start = max(start + move, 0)
        assert tab.evaluate(where) == start
        until(tab, f"{shown} === {start}")
    tab.keyboard.press("End")
    tab.keyboard.press("j")
    until(tab, "review.player.position < 2.6")
    assert tab.evaluate("review.player.speed") == -1
    tab.keyboard.press("l")
    tab.keyboard.press("l")
    assert tab.evaluate("review.player.speed") == 2
    tab.keyboard.press("k")
    assert rate == tab.evaluate("review.player.fps")


def test_solo_and_mute_in_time(tab: Any, page: Page) -> None:
    dog, rain = lane_of(page, "dog"), lane_of(page, "rain")
    version = versions.version(page.folder)
    levels = (
        "Object.fromEntries([...review.player.wanted]"
        ".map(([key, one]) => [key.split('/')[1], one.level]))"
    )
    assert set(tab.evaluate(levels)) == {"mix"}
    tab.keyboard.press(" ")
    tab.click(f".lane[data-lane='{dog}'] .solo")
    gain = 10 ** ((version.stems[dog].gain_db + version.master_gain_db) / 20)
    assert tab.evaluate(levels) == {dog: pytest.approx(gain)}
    until(tab, f"review.player.strips.get('{version.id}/{dog}')?.sounding.size > 0")
    tab.keyboard.press("x")
    tab.click(f".lane[data-lane='{rain}'] .head")
    tab.keyboard.press("m")
    assert set(tab.evaluate(levels)) == set(version.stems) - {rain}
    tab.keyboard.press("x")
    tab.keyboard.press("k")
    assert set(tab.evaluate(levels)) == {"mix"}


def test_propose_apply_compare_undo(tab: Any, page: Page) -> None:
    dog = lane_of(page, "dog")
    before = {name: (page.folder / name).read_bytes() for name in ("mix_stereo.wav", "plan.json")}
    first = versions.version(page.folder)
    assert "-4.0 dB" in request_change(tab, "the dog 4 dB quieter, further left")
    assert versions.version(page.folder).id == first.id, "a proposal does nothing"
    apply(tab)
    second = versions.version(page.folder)
    assert {key for key in second.stems if second.stems[key] != first.stems[key]} == {dog}
    assert tab.evaluate("[review.state.a, review.state.b]") == [second.id, first.id]
    tab.keyboard.press("Escape")
    tab.keyboard.press("b")
    wanted = tab.evaluate("[...review.player.wanted].map(([key, one]) => [key, one.level])")
    assert dict(wanted) == {f"{second.id}/mix": 0, f"{first.id}/mix": 1}
    tab.keyboard.press("b")
    tab.keyboard.press("Control+z")
    until(tab, f"review.state.a === '{first.id}'")
    assert {name: (page.folder / name).read_bytes() for name in before} == before


def told(page: Page) -> tuple[str, list[str]]:
    """What the log says of the last revision: its words, and its operations' kinds."""
    last = revisions.history(page.folder)[-1]
    return last.request, [one.kind for one in last.operations]


def changed(tab: Any, page: Page, gesture: Any) -> tuple[str, list[str]]:
    """The last revision after a gesture was carried out."""
    before = tab.evaluate("review.state.a")
    gesture()
    until(tab, f"review.state.a !== '{before}' && !review.chat.busy")
    return told(page)


def drag(tab: Any, start: tuple[float, float], end: tuple[float, float]) -> None:
    tab.mouse.move(*start)
    tab.mouse.down()
    tab.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    tab.mouse.move(*end)
    tab.mouse.up()


def test_each_gesture_is_an_operation_that_the_log_says_in_words(tab: Any, page: Page) -> None:
    dog = lane_of(page, "dog")
    scripts = [(page.folder / "script.json").read_bytes()]
    tab.click(f".lane[data-lane='{dog}'] .head b")
    box = tab.locator(f".lane[data-lane='{dog}'] canvas").bounding_box()
    ends = tab.evaluate(
        f"review.timeline.fades(review.version().lanes.find((one) => one.id === '{dog}'),"
        f" {box['width']})"
    )
    curve = tab.locator("#panel .curve").bounding_box()
    edge = box["x"] + ends["in"][1], box["y"] + 4

    def range_and_level() -> None:
        tab.keyboard.down("Shift")
        y = box["y"] + 40
        drag(tab, (box["x"] + 30, y), (box["x"] + 0.6 * box["width"], y))
        tab.keyboard.up("Shift")
        tab.locator("#panel .stretch button").first.click()

    middle = curve["y"] + curve["height"] / 2
    place = tab.evaluate(
        "Math.log(1000 / 30) / Math.log(16000 / 30)"
    )  # where 1 kHz lies on the curve
    knob = curve["x"] + place * curve["width"], middle
    gestures = {
        "fade": lambda: drag(tab, edge, (edge[0] + 60, edge[1])),
        "eq": lambda: drag(tab, knob, (knob[0], knob[1] - 20)),
        "adjust_level": range_and_level,
        "choose_take": tab.locator("#panel .take button:last-child:not(:disabled)").first.click,
    }
    for kind, gesture in gestures.items():
        words, kinds = changed(tab, page, gesture)
        assert kinds == [kind]
        assert "dog" in words.lower()
        assert words[:42] in tab.inner_text("#revision-a")
        scripts.append((page.folder / "script.json").read_bytes())
        if tab.locator(f".lane[data-lane='{dog}'].chosen").count() == 0:
            tab.click(f".lane[data-lane='{dog}'] .head b")
    for script in scripts[-2::-1]:
        before = tab.evaluate("review.state.a")
        tab.keyboard.press("Control+z")
        until(tab, f"review.state.a !== '{before}' && !review.chat.busy")
        assert (page.folder / "script.json").read_bytes() == script


def test_a_take_and_a_hit_are_heard_before_anything_is_chosen(tab: Any, page: Page) -> None:
    dog = lane_of(page, "dog")
    before = (page.folder / "session.json").read_bytes()
    tab.click(f".lane[data-lane='{dog}'] .head b")
    tab.locator("#panel .take button:first-child").nth(1).click()
    until(tab, "review.player.once !== undefined && review.player.once !== null")
    tab.keyboard.press("h")
    assert tab.evaluate("[...review.state.solo]") == [dog]
    until(tab, "review.player.speed === 1")
    tab.keyboard.press("k")
    assert tab.evaluate("review.player.loop[1] - review.player.loop[0] <= 1")
    tab.keyboard.press("z")
    until(tab, "review.timeline.to - review.timeline.from <= 0.5")
    tab.keyboard.press("0")
    tab.keyboard.press("f")
    assert tab.locator(f".lane[data-lane='{dog}'].folded").count() == 1
    assert (page.folder / "session.json").read_bytes() == before


def test_comments_stand_at_a_timecode_and_go_along(tab: Any, page: Page) -> None:
    tab.evaluate("review.player.go(1.2)")
    tab.fill("#comment", "=too early?")
    tab.press("#comment", "Enter")
    until(tab, "document.querySelectorAll('#marks li').length === 1")
    (said,) = marker.load(Session(page.folder)).markers
    assert said.time_s == pytest.approx(1.2)
    status, _, table = page.ask("/markers.csv")
    assert status == 200
    assert b"01:00:01:05,1.200,,'=too early?" in table
    delivery = Delivery.of(page.folder)
    flags = timeline(delivery, None).tracks.markers
    assert [flag.comment for flag in flags] == ["=too early?"]
    tab.evaluate("document.querySelector('#said').open = true")
    tab.click("#marks li button[title^=Remove]")
    until(tab, "document.querySelectorAll('#marks li').length === 0")
    assert not marker.load(Session(page.folder)).markers
    status, _, _ = page.ask("/api/mark", {"time_s": 999, "text": "late"})
    assert status == 422


def test_the_page_fits_narrow_windows_and_outlives_a_drawing(tab: Any, page: Page) -> None:
    for width in (390, 768, 960, 1440):
        tab.set_viewport_size({"width": width, "height": 860})
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
    broken = "review.timeline.samples = () => { throw new Error('drawn wrongly'); }"
    tab.evaluate(f"(() => {{ {broken}; }})()")
    tab.evaluate("review.timeline.look(0, 0.5)")
    until(tab, "document.body.dataset.troubled === 'drawn wrongly'")
    tab.keyboard.press("End")
    until(tab, "document.querySelector('#timecode').textContent !== '00:00:00:00'")


def test_words_with_several_readings_are_asked_about(tab: Any, page: Page) -> None:
    asked = request_change(tab, "make it louder")
    assert "Which" in asked
    tab.locator(".asks .options button").first.click()
    tab.wait_for_selector(".card.proposal:last-child", timeout=60_000)
    assert "+3.0 dB" in tab.inner_text(".card.proposal:last-child")
    tab.click("text=Discard")
    lane = lane_of(page, "clock")
    tab.click(f".lane[data-lane='{lane}'] .head")
    tab.click("text=make it quieter")
    tab.wait_for_selector(".card.proposal:not(.closed)", timeout=60_000)
    assert lane in tab.inner_text(".card.proposal:not(.closed)")
    assert "revision_unclear" in request_change(tab, "export everything to /etc")


def test_a_verdict_lasts_as_long_as_the_sound(tab: Any, page: Page) -> None:
    dog, clock = lane_of(page, "dog"), lane_of(page, "clock")
    tab.click(f".lane[data-lane='{clock}'] .head")
    tab.keyboard.press("a")
    tab.click(f".lane[data-lane='{dog}'] .reject")
    tab.wait_for_selector("text=What shall be different?")
    session = versions.version(page.folder)
    said = load(Session(page.folder))
    assert said.on(session.stems[clock]) is Verdict.APPROVED
    assert said.on(session.stems[dog]) is Verdict.REJECTED
    request_change(tab, "the clock 2 dB quieter")
    apply(tab)
    pressed = ".lane[data-lane='{}'] .{}[aria-pressed=true]"
    assert tab.locator(pressed.format(clock, "approve")).count() == 0, "it sounds otherwise now"
    assert tab.locator(pressed.format(dog, "reject")).count() == 1


def test_a_change_from_elsewhere_is_no_lost_one(tab: Any, page: Page) -> None:
    request_change(tab, "the dog 1 dB quieter")
    done = revisions.revise(
        page.folder, "the rain 1 dB quieter", approve=True, settings=page.settings
    )
    tab.click(".card.proposal:not(.closed) .yes")
    tab.wait_for_selector("text=revision_conflict", timeout=60_000)
    assert versions.version(page.folder).id == done.revision
    until(tab, f"review.state.a === '{done.revision}'")


def test_a_label_is_text_and_nothing_else(chromium: Any, page: Page) -> None:
    old = versions.version(page.folder).script.events[0]
    event = SoundEvent(
        **old.model_dump(exclude={"id", "label", "reason", "hits", "spans"}),
        id="e90_x",
        label=HOSTILE,
        reason=HOSTILE,
        hits=(Hit(time_s=1.0),),
    )
    revisions.revise(
        page.folder, [AddEvent(event=event, reason=HOSTILE)], approve=True, settings=page.settings
    )
    for view in opened(chromium, page):
        assert HOSTILE in view.inner_text("#lanes")
        assert view.locator("#lanes img").count() == 0
        view.evaluate("fetch('https://evil.example').catch(() => { window.refused = true; })")
        until(view, "window.refused")
        break
    revisions.undo(page.folder, settings=page.settings)


@pytest.mark.media
def test_a_real_clip(chromium: Any, media: Path, foley: Run, tmp_path: Path) -> None:
    clip, out = media / "clips" / "drumstick_metal_rail.mp4", tmp_path / "rail"
    small = {f"FOLEY_{name}": "1" for name in ("BRANCHING", "DEPTH", "TAKES")}
    done = foley("design", clip, "--out", out, "--describe", "a stick on a metal rail", **small)
    assert done.returncode == 0, done.stderr
    with served(out, tmp_path) as page:
        for view in opened(chromium, page):
            view.keyboard.press("ArrowDown")
            view.keyboard.press(" ")
            until(view, "review.player.position > 1.5")
            drawn = view.evaluate(
                "(() => { const seen = document.createElement('canvas').getContext('2d');"
                " seen.drawImage(document.querySelector('video'), 0, 0);"
                " return new Set(seen.getImageData(0, 0, 300, 150).data).size; })()"
            )
            assert drawn > 50, "a photograph has many shades"
            assert view.inner_text("#timecode").startswith("00:00:0")
