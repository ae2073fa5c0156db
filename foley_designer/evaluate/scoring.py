"""The evaluation of a folder: every system, every clip, floors and ceiling."""

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.stats import rankdata

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.progress import Progress, silent
from foley_designer.core.work.pool import LocalPool, WorkerDiedError
from foley_designer.evaluate.annotations import Annotations, ClipTruth, read_annotations
from foley_designer.evaluate.columns import Column, Table, columns
from foley_designer.evaluate.floors import CEILING, CUELESS, FLOORS, make
from foley_designer.evaluate.intervals import Cell, mean_cell
from foley_designer.evaluate.measures import Ears, Measured, Measurer
from foley_designer.evaluate.sounds import ENDINGS, Given, Samples, find, read_sound
from foley_designer.evaluate.truth import CLIPS, REFERENCE, Truth, truth_of
from foley_designer.metrics.embeddings.embedder import load, packaged

STEP = "evaluate"
LABELS = {STEP: "Measure sounds"}
OURS = "ours"
WITHOUT_CUES = "without-cues"
"""Folder of the ablation's other side: our sound made without spatio-temporal cues."""
RESULTS, SESSIONS = "evaluation", "sessions"
RESERVED = frozenset({CLIPS, REFERENCE, RESULTS, SESSIONS})
"""Folders that are no systems."""
MOST_STRAYS = 20
"""Sounds without a clip that are named, at most."""


Scores = Mapping[tuple[str, str], Mapping[str, float]]
"""Figures by row and clip."""
Keep = Callable[[str, ClipTruth, Samples], None]
"""Given each sound as it is scored: its row, its clip, ``[2, n]``."""


class Row(NamedTuple):
    """One system or floor."""

    name: str
    is_floor: bool
    what: str
    """What a floor is made of; empty for a system."""
    cells: dict[str, Cell]
    """By the keys of the columns."""


class Remark(NamedTuple):
    """What was not as it should be."""

    system: str
    clip: str
    text: str


class Evaluation(NamedTuple):
    """All figures."""

    name: str
    clips: int
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    """Systems by name, ``ours`` first; then the floors, then the ceiling."""
    remarks: tuple[Remark, ...]
    values: dict[str, dict[str, dict[str, float | None]]]
    """By row, clip and key."""
    groups: dict[str, tuple[Row, ...]]
    """The rows over the clips of each kind alone, where the annotations name kinds."""

    def with_scores(self, scores: Scores) -> "Evaluation":
        """The same with more figures a clip, such as a judge's, in their columns."""
        rows, values = [], {row: dict(clips) for row, clips in self.values.items()}
        for row in self.rows:
            own = {clip: found for (name, clip), found in scores.items() if name == row.name}
            for clip, found in own.items():
                values[row.name][clip] = {**values[row.name].get(clip, {}), **found}
            keys = {key for found in own.values() for key in found}
            cells = {key: mean_cell([each[key] for each in own.values()]) for key in keys}
            rows.append(row._replace(cells=row.cells | cells))
        return self._replace(rows=tuple(rows), values=values)

    def correlation(self, first: str, second: str) -> float | None:
        """Spearman's rank correlation of two figures over all rows and clips.

        None if there are under four of them, or all are alike.
        """
        pairs = [
            (figures[first], figures[second])
            for clips in self.values.values()
            for figures in clips.values()
            if figures.get(first) is not None and figures.get(second) is not None
        ]
        if len(pairs) < 4:
            return None
        ranks = [rankdata(each) for each in zip(*pairs, strict=True)]
        if any(np.ptp(each) == 0 for each in ranks):
            return None
        return float(np.corrcoef(*ranks)[0, 1])

    def of(self, table: Table) -> tuple[list[Column], list[Row]]:
        """Columns and rows of a table."""
        shown = [column for column in self.columns if table in column.tables]
        if table is Table.ABLATION:
            stand_in = [row for row in self.rows if row.is_floor and row.name == CUELESS]
            without, full = (_row(self.rows, name) for name in (WITHOUT_CUES, OURS))
            return shown, [without, *stand_in, full]
        return shown, list(self.rows)


def _row(rows: Sequence[Row], name: str) -> Row:
    needs = f"a folder {name}/"
    empty = Row(name, False, "", dict.fromkeys((), Cell(None)))
    found = next((row for row in rows if row.name == name and not row.is_floor), empty)
    return found if found.cells else empty._replace(what=needs)


def systems_of(folder: Path) -> list[str]:
    """Names of the folders that hold sound files, ``ours`` first."""
    found = [
        path.name
        for path in sorted(folder.iterdir())
        if path.is_dir()
        and path.name not in RESERVED
        and not path.name.startswith(".")
        and any(file.suffix.lower() in ENDINGS for file in path.iterdir())
    ]
    return sorted(found, key=lambda name: name != OURS)


def evaluate(
    folder: Path,
    *,
    embeddings: Mapping[str, Path | None] | None = None,
    workers: int = 1,
    progress: Progress = silent,
    keep: Keep | None = None,
) -> Evaluation:
    """Score every system of a folder.

    Args:
        folder: ``clips/``, ``annotations.json``, perhaps ``reference/``, and a folder a system.
        embeddings: that quality is measured by, each with its weights or None for those of its
            package; None takes the packaged ones. Log-mel statistics are always among them.
        workers: processes; 0 takes one a core.
        progress: told after each clip.
        keep: given each sound; one process then scores all clips.

    Raises:
        FoleyError: ``document_invalid``, ``option_invalid``, ``part_missing``; ``clip_not_found``
            where no clip's length is known; ``tool_failed`` if a process was killed.
    """
    annotations = read_annotations(folder)
    chosen, remarks = _usable(packaged()) if embeddings is None else (dict(embeddings), [])
    names = systems_of(folder)
    remarks += _strays(folder, names, annotations)
    tasks = [_Task(folder, annotations, clip, names, chosen) for clip in annotations.clips]
    measured: dict[int, _Measurements | None] = {}
    for number, found in _each(tasks, workers, keep):
        measured[number] = found
        progress(STEP, len(measured) / len(tasks), annotations.clips[number].name)
    in_order = [measured[number] for number in range(len(tasks))]
    scored = {
        clip.name: found
        for clip, found in zip(annotations.clips, in_order, strict=True)
        if found is not None
    }
    if not scored:
        raise FoleyError(
            ErrorCode.CLIP_NOT_FOUND,
            f"No clip of {folder} has a picture, a reference or a duration_s.",
            f"Put the clips into {CLIPS}/.",
        )
    for clip, found in zip(annotations.clips, in_order, strict=True):
        unknown = Remark("", clip.name, "neither picture nor length is known")
        remarks += found.remarks if found is not None else [unknown]
    shown = columns(list(chosen))
    rows, values = _rows(scored, names, shown)
    groups = _groups(annotations, scored, names, shown)
    return Evaluation(annotations.name, len(scored), shown, rows, tuple(remarks), values, groups)


def _strays(folder: Path, names: Sequence[str], annotations: Annotations) -> list[Remark]:
    """Sounds of systems that no clip is called like."""
    known = {clip.name for clip in annotations.clips}
    return [
        Remark(name, path.name, "no clip of this name; not scored")
        for name in names
        for path in sorted((folder / name).iterdir())
        if path.suffix.lower() in ENDINGS and path.stem not in known
    ][:MOST_STRAYS]


def _groups(
    annotations: Annotations,
    scored: "Mapping[str, _Measurements]",
    names: Sequence[str],
    shown: tuple[Column, ...],
) -> dict[str, tuple[Row, ...]]:
    """Rows for each kind of clip, in the order of the annotations."""
    found: dict[str, dict[str, _Measurements]] = {}
    for clip in annotations.clips:
        if clip.group and clip.name in scored:
            found.setdefault(clip.group, {})[clip.name] = scored[clip.name]
    spatial = tuple(column for column in shown if Table.ALIGNMENT in column.tables)
    return {group: _rows(some, names, spatial)[0] for group, some in found.items()}


class _Task(NamedTuple):
    """One clip to measure, as it goes to a process."""

    folder: Path
    annotations: Annotations
    clip: ClipTruth
    names: list[str]
    embeddings: dict[str, Path | None]


class _Measurements(NamedTuple):
    """All that was measured on one clip."""

    figures: dict[tuple[str, bool], Measured]
    """By row, and whether it is a floor."""
    remarks: list[Remark]


def _each(
    tasks: Sequence[_Task], workers: int, keep: Keep | None
) -> Iterator[tuple[int, "_Measurements | None"]]:
    """Measurements of every clip by its number, in this process or over several."""
    if workers == 1 or len(tasks) == 1 or keep is not None:
        yield from ((number, _measured(task, keep)) for number, task in enumerate(tasks))
        return
    for number, found in LocalPool(workers).run(_measured, tasks):
        if isinstance(found, WorkerDiedError):
            raise FoleyError(
                ErrorCode.TOOL_FAILED,
                f"Scoring {tasks[number].clip.name}: {found}.",
                "Memory may be short: try --workers 1.",
            ) from found
        if isinstance(found, Exception):
            raise found
        yield number, found


def _measured(task: _Task, keep: Keep | None = None) -> "_Measurements | None":
    """All systems and floors on one clip; None if nothing is known of it."""
    truth = truth_of(task.folder, task.annotations, task.clip)
    if truth is None:
        return None
    ears = _ears(tuple(task.embeddings.items()))
    clip, measurer = task.clip.name, Measurer(truth, ears)
    remarks = [Remark("", clip, fault) for fault in truth.faults]
    figures: dict[tuple[str, bool], Measured] = {}

    def measure(name: str, is_floor: bool, samples: Samples) -> None:
        if keep is not None:
            keep(_label(name, is_floor), truth.clip, samples)
        figures[name, is_floor] = measurer.measure(samples)

    base: Samples | None = None
    for name in task.names:
        given = _given(task.folder / name, truth)
        remarks += [Remark(name, clip, fault) for fault in given.faults]
        if given.samples is not None:
            base = given.samples if base is None and name == task.names[0] else base
            measure(name, False, given.samples)
    seed = zlib.crc32(clip.encode())
    for floor in (*FLOORS, CEILING):
        made = make(floor.name, base, truth, seed)
        if made is not None:
            measure(floor.name, True, made)
    return _Measurements(figures, remarks)


@cache
def _ears(embeddings: tuple[tuple[str, Path | None], ...]) -> Ears:
    """The models, loaded once a process."""
    return Ears({"log-mel": None} | dict(embeddings))


def _given(folder: Path, truth: Truth) -> Given:
    path = find(folder, truth.clip.name)
    if path is None:
        return Given(None, ("missing",))
    return read_sound(path, truth.duration_s)


def _rows(
    scored: Mapping[str, _Measurements], names: Sequence[str], shown: tuple[Column, ...]
) -> tuple[tuple[Row, ...], dict[str, dict[str, dict[str, float | None]]]]:
    """The tables' rows from what was measured, and every figure by row and clip."""
    measured: dict[tuple[str, bool], dict[str, Measured]] = {}
    for clip, found in scored.items():
        for key, figures in found.figures.items():
            measured.setdefault(key, {})[clip] = figures
    reference = measured.get((CEILING.name, True), {})
    base = names[0] if names else "a system"
    wanted = [(name, False, "") for name in names]
    wanted += [(each.name, True, each.what.format(base=base)) for each in (*FLOORS, CEILING)]
    rows = []
    for name, is_floor, what in wanted:
        clips = measured.get((name, is_floor), {})
        if clips:
            cells = {column.key: column.fill(clips, reference) for column in shown}
            rows.append(Row(_label(name, is_floor), is_floor, what, cells))
    values = {
        _label(*key): {clip: each.values for clip, each in clips.items()}
        for key, clips in measured.items()
    }
    return tuple(rows), values


def _usable(
    found: Mapping[str, Path | None],
) -> tuple[dict[str, Path | None], list[Remark]]:
    """Those of the installed embeddings that load here; nobody asked for one by name."""
    usable, remarks = {}, []
    for name, weights in found.items():
        try:
            load(name, weights)
            usable[name] = weights
        except FoleyError as error:
            remarks.append(Remark("", f"embedding {name}", error.message[:200]))
    return usable, remarks


def _label(name: str, is_floor: bool) -> str:
    """A row's name; a folder that is called as a floor is told apart from it."""
    taken = name in {each.name for each in (*FLOORS, CEILING)}
    return f"{name}/" if taken and not is_floor else name
