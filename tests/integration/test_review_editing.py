"""Editing on the review page: words, gestures, takes, comments, verdicts."""

from typing import Any

import pytest
from reviewed import Page, apply, lane_of, request_change, until

from foley_designer.api import revisions, versions
from foley_designer.core.mix import marker
from foley_designer.core.mix.verdict import Verdict, load
from foley_designer.core.session.session import Session
from foley_designer.export.delivery import Delivery
from foley_designer.export.session.otio import timeline

pytestmark = pytest.mark.slow


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
    tab.wait_for_selector("text=What shall be different?", timeout=60_000)
    session = versions.version(page.folder)
    said = load(Session(page.folder))
    assert said.on(session.stems[clock]) is Verdict.APPROVED
    assert said.on(session.stems[dog]) is Verdict.REJECTED
    request_change(tab, "the clock 2 dB quieter")
    apply(tab)
    pressed = ".lane[data-lane='{}'] .{}[aria-pressed=true]"
    assert tab.locator(pressed.format(clock, "approve")).count() == 0, "it sounds otherwise now"
    assert tab.locator(pressed.format(dog, "reject")).count() == 1
