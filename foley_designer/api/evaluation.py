"""Evaluation from outside: our own sound made for its clips, then every system scored."""

import json
from collections.abc import Mapping
from pathlib import Path

from foley_designer.api.clips import Request, design
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import copy, write_text
from foley_designer.core.progress import Progress, silent
from foley_designer.core.settings import Settings
from foley_designer.evaluate.annotations import read_annotations
from foley_designer.evaluate.page import page
from foley_designer.evaluate.scoring import (
    OURS,
    RESULTS,
    SESSIONS,
    Evaluation,
    Remark,
    evaluate,
)
from foley_designer.evaluate.tables import markdown, plain
from foley_designer.evaluate.truth import picture_of

RUN = "run"
LABELS = {RUN: "Design our own"}
_MIX = "mix_stereo.wav"
_STOPS = frozenset({ErrorCode.DISK_FULL, ErrorCode.OUTPUT_NOT_WRITABLE, ErrorCode.PART_MISSING})
"""Failures that no other clip would be spared."""


def score(
    folder: Path,
    *,
    run: bool = False,
    embeddings: Mapping[str, Path | None] | None = None,
    settings: Settings | None = None,
    progress: Progress = silent,
) -> Evaluation:
    """Score every system of a folder, and write tables, values and page to its ``evaluation/``.

    Args:
        folder: of the evaluation; see `evaluate.annotations`.
        run: design each clip that ``ours/`` lacks first; sessions stay in ``sessions/``.
        embeddings: see `evaluate.scoring.evaluate`.
        settings: of the designs; None takes environment and configuration file.
        progress: told how far the work is.

    Raises:
        FoleyError: as `evaluate.scoring.evaluate`; ``disk_full``, ``output_not_writable``.
    """
    remarks = make_ours(folder, settings=settings, progress=progress) if run else ()
    found = evaluate(folder, embeddings=embeddings, progress=progress)
    found = found._replace(remarks=(*remarks, *found.remarks))
    results = folder / RESULTS
    write_text(results / "tables.md", markdown(found))
    write_text(results / "results.json", json.dumps(plain(found), indent=1, allow_nan=False) + "\n")
    write_text(results / "index.html", page(found))
    return found


def make_ours(
    folder: Path, *, settings: Settings | None = None, progress: Progress = silent
) -> tuple[Remark, ...]:
    """Design the clips whose sound ``ours/`` lacks; a clip that fails is remarked and left out.

    Raises:
        FoleyError: ``document_invalid``; what would stop every clip.
    """
    annotations, remarks = read_annotations(folder), []
    for number, clip in enumerate(annotations.clips, 1):
        target, picture = folder / OURS / f"{clip.name}.wav", picture_of(folder, clip.name)
        if picture is not None and not target.exists():
            session = folder / SESSIONS / clip.name
            try:
                design(
                    Request(picture, description=clip.describe or None), session, settings=settings
                )
                copy(session / _MIX, target)
            except FoleyError as error:
                if error.code in _STOPS:
                    raise
                remarks.append(Remark(OURS, clip.name, f"not designed: {error}"))
        progress(RUN, number / len(annotations.clips), clip.name)
    return tuple(remarks)
