"""Progress bars on standard error; plain lines where it is no terminal."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from foley_designer.core.progress import LABELS, PART_OF
from foley_designer.core.progress import Progress as Report

if TYPE_CHECKING:
    from rich.progress import Progress


@contextmanager
def progress_bars(labels: Mapping[str, str] = LABELS) -> Iterator[Report]:
    """A progress callable that draws one bar a step.

    Args:
        labels: steps as the user sees them; others are not shown.
    """
    if not sys.stderr.isatty():
        yield _lines(labels)
        return
    from rich.console import Console  # a tenth of a second, which lines alone don't need
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<26}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        yield _bars(bars, labels)


def _bars(bars: "Progress", labels: Mapping[str, str]) -> Report:
    tasks: dict[str, object] = {}

    def report(step: str, fraction: float, message: str = "") -> None:  # noqa: ARG001
        name = PART_OF.get(step, step)
        if name not in labels:
            return
        if name not in tasks:
            tasks[name] = bars.add_task(labels[name], total=1.0)
        task = tasks[name]
        if step == "sound":
            bars.advance(task, fraction)  # type: ignore[arg-type]
        elif name == step or fraction == 1.0:
            bars.update(task, completed=fraction)  # type: ignore[arg-type]

    return report


def _lines(labels: Mapping[str, str]) -> Report:
    seen: set[str] = set()

    def report(step: str, fraction: float, message: str = "") -> None:  # noqa: ARG001
        name = PART_OF.get(step, step)
        if name in labels and name not in seen:
            seen.add(name)
            sys.stderr.write(f"{labels[name]} …\n")
            sys.stderr.flush()

    return report


@contextmanager
def progress_lines(every_s: float = 5.0) -> Iterator[Report]:
    """A progress callable that writes a line every few seconds, for work of hours.

    Args:
        every_s: least time between two lines of one step.
    """
    told: dict[str, float] = {}

    def report(step: str, fraction: float, message: str = "") -> None:
        now = monotonic()
        if now - told.get(step, -every_s) >= every_s or fraction == 1.0:
            told[step] = now
            sys.stderr.write(f"{step} {100 * fraction:.1f} % {message}\n")
            sys.stderr.flush()

    yield report
