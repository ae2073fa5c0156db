"""The review page: its server from outside, and the page itself in a browser."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from reviewed import Page, lane_of, opened, request_change, served, until

from foley_designer.api import revisions, versions
from foley_designer.core.revision.operations import AddEvent
from foley_designer.core.script.sound_event import Hit, SoundEvent
from foley_designer.export.audio.wav import read_wav

pytestmark = pytest.mark.slow

Run = Callable[..., subprocess.CompletedProcess[str]]
HOSTILE = "<img src=//evil.example/x onerror=fetch('//evil.example')>"


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
