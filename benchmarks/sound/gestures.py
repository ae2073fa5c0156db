"""Pictures of the review page's gestures, as docs/review.md shows them.

    python -m benchmarks.sound.gestures [--out docs/images/gestures] [--chromium PROGRAM]

A drawn clip is designed, its page opened in Chromium, and each gesture begun: a picture is taken
while the mouse is down. Needs Playwright and Chromium.
"""

import argparse
import io
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

from PIL import Image

from benchmarks.yardstick.clip import render
from foley_designer import api
from foley_designer.core.settings import Settings

WORDS = "a hammer strikes a steel anvil, rain on the roof, a dog barks, a clock ticks"
QUALITY = 82
"""Of WebP: text stays sharp, a picture under 40 kB."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a session's page."""
    process = subprocess.Popen(
        [sys.executable, "-m", "foley_designer", "review", str(folder), "--no-browser"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().split()[-1]
    finally:
        process.terminate()
        process.wait(timeout=20)


def chosen(tab: Any, word: str) -> tuple[str, dict[str, float]]:
    """Choose the lane whose label has a word; its key, and the box of its drawing."""
    lanes = tab.evaluate("review.version().lanes.map((one) => [one.id, one.label])")
    key = next(key for key, label in lanes if word in label)
    tab.click(f".lane[data-lane='{key}'] .head b")
    tab.wait_for_timeout(300)
    return key, tab.locator(f".lane[data-lane='{key}'] canvas").bounding_box()


def hold(tab: Any, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag, and keep the button down."""
    tab.mouse.move(*start)
    tab.mouse.down()
    tab.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    tab.mouse.move(*end)
    tab.wait_for_timeout(300)


def hit(tab: Any) -> str:
    """A hit is dragged to another frame."""
    key, box = chosen(tab, "anvil")
    x = box["x"] + tab.evaluate(
        f"review.timeline.x(review.version().lanes.find((one) => one.id === '{key}').hits[1][0],"
        f" {box['width']})"
    )
    hold(tab, (x, box["y"] + 30), (x + 50, box["y"] + 30))
    return "#timeline"


def stretch(tab: Any) -> str:
    """A stretch of a lane is drawn with Shift held down, and made louder or quieter."""
    _, box = chosen(tab, "rain")
    tab.keyboard.down("Shift")
    y = box["y"] + 30
    hold(tab, (box["x"] + 0.2 * box["width"], y), (box["x"] + 0.6 * box["width"], y))
    tab.mouse.up()
    tab.keyboard.up("Shift")
    tab.wait_for_timeout(300)
    return "#timeline, #panel"


def fade(tab: Any) -> str:
    """The handle at the top of a lane is pulled inwards."""
    key, box = chosen(tab, "rain")
    ends = tab.evaluate(
        f"review.timeline.fades(review.version().lanes.find((one) => one.id === '{key}'),"
        f" {box['width']})"
    )
    edge = box["x"] + ends["in"][1], box["y"] + 4
    hold(tab, edge, (edge[0] + 0.25 * box["width"], edge[1]))
    return "#timeline"


def equaliser(tab: Any) -> str:
    """A handle of the curve is pulled up."""
    chosen(tab, "anvil")
    curve = tab.locator("#panel .curve").bounding_box()
    middle = curve["y"] + curve["height"] / 2
    place = tab.evaluate("Math.log(1000 / 30) / Math.log(16000 / 30)")
    x = curve["x"] + place * curve["width"]
    hold(tab, (x, middle), (x, middle - 25))
    return "#panel"


def comment(tab: Any) -> str:
    """A comment stands at a frame, as a flag on the ruler."""
    chosen(tab, "anvil")
    tab.evaluate("review.player.go(1.2)")
    tab.fill("#comment", "too early?")
    tab.press("#comment", "Enter")
    tab.wait_for_timeout(800)
    return "#timeline"


GESTURES: dict[str, Callable[[Any], str]] = {
    "hit": hit,
    "stretch": stretch,
    "fade": fade,
    "equaliser": equaliser,
    "comment": comment,
}


def pictured(tab: Any, of: str) -> bytes:
    """The page where the elements of a selector are."""
    boxes = [tab.locator(one).bounding_box() for one in of.split(", ")]
    left, top = min(b["x"] for b in boxes), min(b["y"] for b in boxes)
    right = max(b["x"] + b["width"] for b in boxes)
    bottom = min(max(b["y"] + b["height"] for b in boxes), 900)
    clip = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    return bytes(tab.screenshot(clip=clip))


def main() -> None:
    """Design, open, gesture, and write one WebP a gesture."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("docs/images/gestures"))
    parser.add_argument("--chromium", default=shutil.which("chromium"))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        clip, session = Path(scratch) / "hammer.mp4", Path(scratch) / "session"
        render("hammer", clip, rate=Fraction(25), width=480, height=270, seconds=3.0)
        settings = Settings(data_dir=Path(scratch) / "data")
        api.design(api.Request(clip, None, WORDS), session, settings=settings)
        with served(session) as address, sync_playwright() as driver:
            browser = driver.chromium.launch(
                executable_path=options.chromium, args=["--no-sandbox"]
            )
            for name, gesture in GESTURES.items():
                tab = browser.new_page(viewport={"width": 1100, "height": 900})
                tab.goto(address)
                tab.wait_for_selector("body[data-ready]", timeout=60_000)
                shot = pictured(tab, gesture(tab))
                picture = Image.open(io.BytesIO(shot)).convert("RGB")
                picture.save(options.out / f"{name}.webp", quality=QUALITY, method=6)
                print(f"{name}: {(options.out / f'{name}.webp').stat().st_size} bytes")
                tab.close()
            browser.close()


if __name__ == "__main__":
    main()
