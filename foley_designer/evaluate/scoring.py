"""The evaluation of a folder: every system, every clip, floors and ceiling."""

import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.progress import Progress, silent
from foley_designer.evaluate.annotations import Annotations, read_annotations
from foley_designer.evaluate.columns import Column, Table, columns
from foley_designer.evaluate.floors import CEILING, FLOORS, make
from foley_designer.evaluate.intervals import Cell
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

    def of(self, table: Table) -> tuple[list[Column], list[Row]]:
        """Columns and rows of a table."""
        shown = [column for column in self.columns if table in column.tables]
        if table is Table.ABLATION:
            names = (WITHOUT_CUES, OURS)
            return shown, [_row(self.rows, name) for name in names]
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
) -> Evaluation:
    """Score every system of a folder.

    Args:
        folder: ``clips/``, ``annotations.json``, perhaps ``reference/``, and a folder a system.
        embeddings: that quality is measured by, each with its weights or None for those of its
            package; None takes the packaged ones. Log-mel statistics are always among them.
        progress: told after each clip.

    Raises:
        FoleyError: ``document_invalid``, ``option_invalid``, ``part_missing``; ``clip_not_found``
            where no clip's length is known.
    """
    annotations = read_annotations(folder)
    chosen, remarks = _usable(packaged()) if embeddings is None else (dict(embeddings), [])
    ears = Ears({"log-mel": None} | chosen)
    bench = _Bench(folder, annotations, ears, systems_of(folder))
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
        self, folder: Path, annotations: Annotations, ears: Ears, names: Sequence[str]
    ) -> None:
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
                self._keep(name, False, clip, measurer.measure(given.samples))
        seed = zlib.crc32(clip.encode())
        for floor in (*FLOORS, CEILING):
            made = make(floor.name, base, truth, seed)
            if made is not None:
                self._keep(floor.name, True, clip, measurer.measure(made))

    def _given(self, name: str, truth: Truth) -> Given:
        path = find(self._folder / name, truth.clip.name)
        if path is None:
            return Given(None, ("missing",))
        return read_sound(path, truth.duration_s)

    def _keep(self, name: str, is_floor: bool, clip: str, measured: Measured) -> None:
        self._measured.setdefault((name, is_floor), {})[clip] = measured

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
                rows.append(Row(name, is_floor, what, cells))
        return Evaluation(
            self._annotations.name, self.scored, shown, tuple(rows), tuple(self.remarks)
        )
