"""Evaluation from outside: our own sound made for its clips, then every system scored."""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

import soundfile
from scipy.signal import resample_poly

from foley_designer.agents.judge.model import STEP, Heard, ModelJudge, judge
from foley_designer.agents.llm.budget import Budget
from foley_designer.agents.llm.client import ModelClient
from foley_designer.api.clips import Request, design
from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import copy, write_text
from foley_designer.core.progress import Progress, silent
from foley_designer.core.settings import Settings
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
from foley_designer.prompts.store import load

RUN = "run"
LABELS = {RUN: "Design our own", STEP: "Ask the judge"}
_MIX = "mix_stereo.wav"
HEARD_HZ = 24_000
"""At which a model is sent sounds: it hears no more, and a request stays under 2 MB."""
_STOPS = frozenset({ErrorCode.DISK_FULL, ErrorCode.OUTPUT_NOT_WRITABLE, ErrorCode.PART_MISSING})
"""Failures that no other clip would be spared."""


def score(
    folder: Path,
    *,
    run: bool = False,
    embeddings: Mapping[str, Path | None] | None = None,
    settings: Settings | None = None,
    judge_repeats: int = 0,
    progress: Progress = silent,
) -> Evaluation:
    """Score every system of a folder, and write tables, values and page to its ``evaluation/``.

    Args:
        folder: of the evaluation; see `evaluate.annotations`.
        run: design each clip that ``ours/`` lacks first; sessions stay in ``sessions/``.
        embeddings: see `evaluate.scoring.evaluate`.
        judge_repeats: how often the configured model, which must hear, is asked for each SRS and
            CCS; 0 leaves both empty.
        settings: of the designs, and of the model; None takes environment and configuration file.
        progress: told how far the work is.

    Raises:
        FoleyError: as `evaluate.scoring.evaluate`; ``config_invalid`` where a judge is asked for
            and no model is configured; ``disk_full``, ``output_not_writable``.
    """
    remarks = make_ours(folder, settings=settings, progress=progress) if run else ()
    if judge_repeats:
        found = _judged(folder, embeddings, settings or Settings(), judge_repeats, progress)
    else:
        found = evaluate(folder, embeddings=embeddings, progress=progress)
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
            lower = resample_poly(samples, 1, SAMPLE_RATE // HEARD_HZ, axis=1)
            soundfile.write(file, lower.T, HEARD_HZ, subtype="PCM_16")
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
