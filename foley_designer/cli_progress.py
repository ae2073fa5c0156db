"""Progress bars on standard error; plain lines where it is no terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from foley_designer.core.progress import LABELS, PART_OF
from foley_designer.core.progress import Progress as Report


@contextmanager
def progress_bars() -> Iterator[Report]:
    """A progress callable that draws one bar a step."""
    if not sys.stderr.isatty():
        yield _lines()
        return
    columns = (TextColumn("{task.description:<26}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        yield _bars(bars)


def _bars(bars: Progress) -> Report:
    tasks: dict[str, object] = {}

    def report(step: str, fraction: float, message: str = "") -> None:  # noqa: ARG001
        name = PART_OF.get(step, step)
        if name not in LABELS:
            return
        if name not in tasks:
            tasks[name] = bars.add_task(LABELS[name], total=1.0)
        task = tasks[name]
        if step == "sound":
            bars.advance(task, fraction)  # type: ignore[arg-type]
        elif name == step or fraction == 1.0:
            bars.update(task, completed=fraction)  # type: ignore[arg-type]

    return report


def _lines() -> Report:
    seen: set[str] = set()

    def report(step: str, fraction: float, message: str = "") -> None:  # noqa: ARG001
        name = PART_OF.get(step, step)
        if name in LABELS and name not in seen:
            seen.add(name)
            sys.stderr.write(f"{LABELS[name]} …\n")
            sys.stderr.flush()

    return report
