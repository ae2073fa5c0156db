"""A drawn film of two scenes and its script, for tests of films and recuts."""

from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from benchmarks.scenes.recut_films import Take, render, timeline
from benchmarks.yardstick.clip import render as draw

SIZE = (192, 108)
SCRIPT = """INT. WORKSHOP - DAY

BELLA hammers a steel bar.

EXT. FOREST - DAY

Bella walks over the leaves in boots.
"""


class DrawnFilm(NamedTuple):
    """The film, and the takes that recuts are made of."""

    reel: Path
    script: Path
    takes: tuple[Take, ...]

    @property
    def timeline(self) -> list[tuple[str, int]]:
        """Per frame the take and its frame."""
        return timeline(self.takes)


def drawn_film(folder: Path) -> DrawnFilm:
    """Draw two clips and join two shots of each, a title before them."""
    clips = {}
    for seed, kind in enumerate(("hammer", "walker", "car")):
        clips[kind] = folder / f"{kind}.mp4"
        draw(kind, clips[kind], rate=Fraction(24), width=384, height=216, seconds=4.0, seed=seed)
    takes = (
        Take("title", "title", 0.0, 12),
        Take("bar", str(clips["hammer"]), 0.1, 40, 0),
        Take("closer", str(clips["hammer"]), 2.0, 40, 0, closer=True),
        Take("path", str(clips["walker"]), 0.1, 44, 1),
        Take("steps", str(clips["walker"]), 2.1, 40, 1, closer=True),
    )
    reel, script = folder / "reel.mp4", folder / "film.fountain"
    render(takes, reel, size=SIZE)
    script.write_text(SCRIPT)
    return DrawnFilm(reel, script, takes)
