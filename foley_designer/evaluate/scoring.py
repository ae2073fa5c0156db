"""The evaluation of a folder: every system, every clip, floors and ceiling."""

import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.stats import rankdata

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.progress import Progress, silent
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

        None where there are under four of them, or all are alike.
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
    progress: Progress = silent,
    keep: Keep | None = None,
) -> Evaluation:
    """Score every system of a folder.

    Args:
        folder: ``clips/``, ``annotations.json``, perhaps ``reference/``, and a folder a system.
        embeddings: that quality is measured by, each with its weights or None for those of its
            package; None takes the packaged ones. Log-mel statistics are always among them.
        progress: told after each clip.
        keep: given each sound.

    Raises:
        FoleyError: ``document_invalid``, ``option_invalid``, ``part_missing``; ``clip_not_found``
            where no clip's length is known.
    """
    annotations = read_annotations(folder)
    chosen, remarks = _usable(packaged()) if embeddings is None else (dict(embeddings), [])
    ears = Ears({"log-mel": None} | chosen)
    bench = _Bench(folder, annotations, ears, systems_of(folder), keep)
    bench.remarks += remarks
    for number, clip in enumerate(annotations.clips, 1):
        truth = truth_of(folder, annotations, clip)
        if truth is None:
            bench.remarks.append(Remark("", clip.name, "neither picture nor length is known"))
        else:
            bench.score(truth)
        progress(STEP, number / len(annotations.clips), clip.name)
    if not bench.scored:
        raise FoleyError(
            ErrorCode.CLIP_NOT_FOUND,
            f"No clip of {folder} has a picture, a reference or a duration_s.",
            f"Put the clips into {CLIPS}/.",
        )
    return bench.result(columns(list(chosen)))


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


class _Bench:
    """Figures as they come in."""

    def __init__(
        self,
        folder: Path,
        annotations: Annotations,
        ears: Ears,
        names: Sequence[str],
        keep: Keep | None,
    ) -> None:
        self._kept = keep
        self._folder, self._annotations, self._ears = folder, annotations, ears
        self._names = list(names)
        self._measured: dict[tuple[str, bool], dict[str, Measured]] = {}
        self.scored = 0
        self.remarks: list[Remark] = []

    def score(self, truth: Truth) -> None:
        """Measure all systems and floors on one clip."""
        clip, measurer = truth.clip.name, Measurer(truth, self._ears)
        self.scored += 1
        self.remarks += [Remark("", clip, fault) for fault in truth.faults]
        base: Samples | None = None
        for name in self._names:
            given = self._given(name, truth)
            self.remarks += [Remark(name, clip, fault) for fault in given.faults]
            if given.samples is not None:
                base = given.samples if base is None and name == self._names[0] else base
                self._measure(name, False, truth, measurer, given.samples)
        seed = zlib.crc32(clip.encode())
        for floor in (*FLOORS, CEILING):
            made = make(floor.name, base, truth, seed)
            if made is not None:
                self._measure(floor.name, True, truth, measurer, made)

    def _given(self, name: str, truth: Truth) -> Given:
        path = find(self._folder / name, truth.clip.name)
        if path is None:
            return Given(None, ("missing",))
        return read_sound(path, truth.duration_s)

    def _measure(
        self, name: str, is_floor: bool, truth: Truth, measurer: Measurer, samples: Samples
    ) -> None:
        if self._kept is not None:
            self._kept(_label(name, is_floor), truth.clip, samples)
        clips = self._measured.setdefault((name, is_floor), {})
        clips[truth.clip.name] = measurer.measure(samples)

    def result(self, shown: tuple[Column, ...]) -> Evaluation:
        """The table's cells from what was measured."""
        reference = self._measured.get((CEILING.name, True), {})
        wanted = [(name, False, "") for name in self._names]
        base = self._names[0] if self._names else "a system"
        wanted += [(each.name, True, each.what.format(base=base)) for each in (*FLOORS, CEILING)]
        rows = []
        for name, is_floor, what in wanted:
            clips = self._measured.get((name, is_floor), {})
            if clips:
                cells = {column.key: column.fill(clips, reference) for column in shown}
                rows.append(Row(_label(name, is_floor), is_floor, what, cells))
        values = {
            _label(*key): {clip: each.values for clip, each in clips.items()}
            for key, clips in self._measured.items()
        }
        name = self._annotations.name
        return Evaluation(name, self.scored, shown, tuple(rows), tuple(self.remarks), values)


def _label(name: str, is_floor: bool) -> str:
    """A row's name; a folder that is called as a floor is told apart from it."""
    taken = name in {each.name for each in (*FLOORS, CEILING)}
    return f"{name}/" if taken and not is_floor else name
