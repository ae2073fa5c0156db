"""SVG elements as escaped markup, and the axes that charts share."""

import math
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from markupsafe import Markup, escape

from foley_designer.export.session.passage import Ruler


def el(name: str, *children: str, **attributes: str | float | None) -> Markup:
    """One element; ``class_`` is ``class``, underscores are hyphens, None leaves out."""
    words = "".join(
        f' {_hyphened(key)}="{escape(value) if isinstance(value, str) else _number(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    # Markup.format would read its pattern anew for each of a page's thousand elements.
    return Markup(f"<{name}{words}>{''.join(map(escape, children))}</{name}>")


@cache
def _hyphened(key: str) -> str:
    return key.strip("_").replace("_", "-")


def _number(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")


def picture(width: float, height: float, parts: Iterable[Markup], label: str) -> Markup:
    """A drawing that scales with the page; ``label`` is read to those who can't see it."""
    box = f"0 0 {_number(width)} {_number(height)}"
    drawn = tuple(parts)
    # An image has no parts to those who hear the page; what has links is a group.
    role = "group" if any("<a " in part for part in drawn) else "img"
    return el("svg", *drawn, viewBox=box, role=role, aria_label=label, width="100%")


def text(x: float, y: float, words: str, class_: str = "", anchor: str | None = None) -> Markup:
    """A line of text."""
    return el("text", escape(words), x=x, y=y, class_=class_ or None, text_anchor=anchor)


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    """A straight line."""
    return el("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def polyline(points: Iterable[tuple[float, float]], class_: str, colour: str = "") -> Markup:
    """An open path through points."""
    places = " ".join(f"{_number(x)},{_number(y)}" for x, y in points)
    return el(
        "polyline", points=places, class_=class_, style=f"stroke:{colour}" if colour else None
    )


class Axis(NamedTuple):
    """Maps values onto pixels, linearly."""

    low: float
    high: float
    start: float
    """Pixel of ``low``."""
    end: float
    """Pixel of ``high``."""

    def __call__(self, value: float) -> float:
        """Pixel of a value."""
        share = (value - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


def time_step(duration_s: float, most: int = 10) -> float:
    """A round step that gives at most ``most`` marks over a duration."""
    steps = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200)
    return next((step for step in steps if duration_s / step <= most), 3600)


def time_marks(axis: Axis, ruler: Ruler, top: float, bottom: float) -> list[Markup]:
    """Vertical lines at round times, with timecode above them."""
    return [*_time_marks(axis, ruler, top, bottom)]


@lru_cache(maxsize=32)
def _time_marks(axis: Axis, ruler: Ruler, top: float, bottom: float) -> tuple[Markup, ...]:
    step = time_step(axis.high - axis.low)
    count = math.floor((axis.high - axis.low) / step + 1e-9)
    marks = []
    for time in (axis.low + step * i for i in range(count + 1)):
        x = axis(time)
        marks.append(line(x, top, x, bottom, "grid"))
        if x + 70 < axis.end:
            marks.append(text(x + 3, top - 5, ruler.at(time), "tick"))
    return tuple(marks)


def value_marks(
    axis: Axis, values: Sequence[float], labels: Sequence[str], left: float, right: float
) -> list[Markup]:
    """Horizontal lines at values, with labels left of them."""
    marks = []
    for value, label in zip(values, labels, strict=True):
        y = axis(value)
        marks += [line(left, y, right, y, "grid"), text(left - 6, y + 3.5, label, "tick", "end")]
    return marks


def short(words: str, most: int) -> str:
    """The words, cut with an ellipsis where they are longer than ``most`` characters."""
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"
