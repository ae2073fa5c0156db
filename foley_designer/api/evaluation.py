"""Evaluation from outside: our own sound made for its clips, then every system scored."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from foley_designer.agents.judge.model import STEP, Heard, ModelJudge, judge
from foley_designer.agents.llm.budget import Budget
from foley_designer.agents.llm.client import ModelClient
from foley_designer.api.clips import Request, design
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import copy, write_text
from foley_designer.core.progress import Progress, silent
from foley_designer.core.settings import Settings
from foley_designer.core.work.pool import LocalPool, WorkerDiedError
from foley_designer.evaluate.annotations import ClipTruth, read_annotations
from foley_designer.evaluate.page import page
from foley_designer.evaluate.scoring import (
    OURS,
    RESULTS,
    SESSIONS,
    Evaluation,
    Remark,
    evaluate,
)
from foley_designer.evaluate.sounds import Samples
from foley_designer.evaluate.tables import markdown, plain
from foley_designer.evaluate.truth import picture_of
from foley_designer.export.audio.hearing import small_wav
from foley_designer.prompts.store import load

RUN = "run"
LABELS = {RUN: "Design our own", STEP: "Ask the judge"}
_MIX = "mix_stereo.wav"
_STOPS = frozenset({ErrorCode.DISK_FULL, ErrorCode.OUTPUT_NOT_WRITABLE, ErrorCode.PART_MISSING})
"""Failures that no other clip would be spared."""


def score(
    folder: Path,
    *,
    run: bool = False,
    embeddings: Mapping[str, Path | None] | None = None,
    settings: Settings | None = None,
    judge_repeats: int = 0,
    workers: int = 1,
    progress: Progress = silent,
) -> Evaluation:
    """Score every system of a folder, and write tables, values and page to its ``evaluation/``.

    Args:
        folder: of the evaluation; see `evaluate.annotations`.
        run: design each clip that ``ours/`` lacks first; sessions stay in ``sessions/``.
        embeddings: see `evaluate.scoring.evaluate`.
        judge_repeats: how often the configured model, which must hear, is asked for each SRS and
            CCS; 0 leaves both empty.
        workers: processes for designs and scores; 0 takes one a core.
        settings: of the designs, and of the model; None takes environment and configuration file.
        progress: called with how far the work is.

    Raises:
        FoleyError: as `evaluate.scoring.evaluate`; ``config_invalid`` if a judge is asked for
            and no model is configured; ``disk_full``, ``output_not_writable``.
    """
    remarks: tuple[Remark, ...] = ()
    if run:
        remarks = make_ours(folder, settings=settings, workers=workers, progress=progress)
    if judge_repeats:
        found = _judged(folder, embeddings, settings or Settings(), judge_repeats, progress)
    else:
        found = evaluate(folder, embeddings=embeddings, workers=workers, progress=progress)
    found = found._replace(remarks=(*remarks, *found.remarks))
    results = folder / RESULTS
    write_text(results / "tables.md", markdown(found))
    write_text(results / "results.json", json.dumps(plain(found), indent=1, allow_nan=False) + "\n")
    write_text(results / "index.html", page(found))
    return found


def _judged(
    folder: Path,
    embeddings: Mapping[str, Path | None] | None,
    settings: Settings,
    repeats: int,
    progress: Progress,
) -> Evaluation:
    """The evaluation with SRS and CCS by a model; what it could not answer is remarked."""
    if not settings.uses_model:
        raise FoleyError(
            ErrorCode.CONFIG_INVALID,
            "SRS and CCS need a model that hears.",
            "Set FOLEY_LLM_MODEL and its endpoint, or leave --judge out.",
        )
    budget = Budget(settings.max_model_calls, settings.max_tokens, settings.max_seconds)
    judging = ModelJudge(ModelClient(settings, load(settings.prompts_dir), budget))
    sounds: list[Heard] = []
    with tempfile.TemporaryDirectory() as place:

        def keep(row: str, clip: ClipTruth, samples: Samples) -> None:
            file = Path(place) / f"{len(sounds)}.wav"
            file.write_bytes(small_wav(samples))
            sounds.append(Heard((row, clip.name), clip.describe, file))

        found = evaluate(folder, embeddings=embeddings, progress=progress, keep=keep)
        try:
            told = judge(judging, sounds, repeats=repeats, progress=progress)
        except FoleyError as error:
            remark = Remark("", "SRS and CCS", str(error))
            return found._replace(remarks=(*found.remarks, remark))
    scored = found.with_scores(told.scores)
    remarks = [
        Remark(
            "",
            key.upper(),
            f"{repeats} askings differ by {told.disagreement[key]:.2f} points in the mean; "
            f"rank correlation with the measures {_told(scored.correlation(key, f'{key}_proxy'))}",
        )
        for key in told.disagreement
    ]
    return scored._replace(remarks=(*scored.remarks, *remarks))


def _told(correlation: float | None) -> str:
    return "unknown" if correlation is None else f"{correlation:.2f}"


def make_ours(
    folder: Path,
    *,
    settings: Settings | None = None,
    workers: int = 1,
    progress: Progress = silent,
) -> tuple[Remark, ...]:
    """Design the clips whose sound ``ours/`` lacks; a clip that fails is remarked and left out.

    Args:
        folder: of the evaluation.
        settings: of the designs.
        workers: processes; 0 takes one a core.
        progress: told after each clip.

    Raises:
        FoleyError: ``document_invalid``; what would stop every clip.
    """
    tasks = []
    for clip in read_annotations(folder).clips:
        picture = picture_of(folder, clip.name)
        if picture is not None and not (folder / OURS / f"{clip.name}.wav").exists():
            tasks.append(_Clip(folder, clip.name, picture, clip.describe or None, settings))
    remarks: dict[int, Remark] = {}
    done = LocalPool(workers).run(_design, tasks) if workers != 1 else _one_by_one(tasks)
    for count, (number, found) in enumerate(done, 1):
        name = tasks[number].name
        died = isinstance(found, WorkerDiedError)
        if died or (isinstance(found, FoleyError) and found.code not in _STOPS):
            remarks[number] = Remark(OURS, name, f"not designed: {found}")
        elif isinstance(found, Exception):
            raise found
        progress(RUN, count / len(tasks), name)
    return tuple(remarks[number] for number in sorted(remarks))


class _Clip(NamedTuple):
    """One clip to design, as it goes to a process."""

    folder: Path
    name: str
    picture: Path
    describe: str | None
    settings: Settings | None


def _design(clip: _Clip) -> None:
    """Design a clip and copy its mix to ``ours/``."""
    session = clip.folder / SESSIONS / clip.name
    design(Request(clip.picture, description=clip.describe), session, settings=clip.settings)
    copy(session / _MIX, clip.folder / OURS / f"{clip.name}.wav")


def _one_by_one(clips: list[_Clip]) -> Iterator[tuple[int, Exception | None]]:
    """As a pool of processes, in this one."""
    for number, clip in enumerate(clips):
        try:
            _design(clip)
        except FoleyError as error:
            yield number, error
        else:
            yield number, None
