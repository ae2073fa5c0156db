"""The test as a folder: one page, its clips and sounds; names of systems stand in none of them."""

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import copy, inside, write_text
from foley_designer.core.progress import Progress, silent
from foley_designer.evaluate.annotations import read_annotations
from foley_designer.evaluate.listening.plan import (
    ANCHOR,
    QUESTIONS,
    RATED,
    REFERENCE,
    Method,
    Trial,
    anchor,
    matched,
    trials,
)
from foley_designer.evaluate.scoring import Remark, systems_of
from foley_designer.evaluate.sounds import Samples, find, read_sound
from foley_designer.evaluate.surround import read_surround
from foley_designer.evaluate.truth import Truth, truth_of
from foley_designer.export.audio.wav import write_wav
from foley_designer.export.report.pages import environment

STEP = "listen"
LABELS = {STEP: "Match loudness"}
PAGE, KEY, SOUNDS, FILMS = "index.html", "key.json", "sounds", "films"


@dataclass(frozen=True)
class Options:
    """What a test is like."""

    method: Method = Method.PAIRS
    questions: tuple[str, ...] = tuple(QUESTIONS)
    count: int | None = None
    seed: int = 0
    surround: bool = False
    """Files of six channels as they are, for a browser that drives 5.1; else stereo."""


def write_test(
    folder: Path, out: Path, options: Options | None = None, progress: Progress = silent
) -> tuple[Remark, ...]:
    """Write a listening test of a folder's systems to ``out``.

    ``index.html`` opens from a disk, without a server. ``key.json`` says which file is whose: keep
    it from listeners. Results are a CSV that the page saves; `results.read_results` takes both.

    Raises:
        FoleyError: ``document_invalid``; ``option_invalid`` if nothing can be compared, or
            ``out`` holds something else; ``path_not_allowed`` if a clip is a link out of the
            folder; ``disk_full``, ``output_not_writable``.
    """
    options = options or Options()
    annotations, names = read_annotations(folder), systems_of(folder)
    if options.method is Method.PAIRS:  # refused before anything is written
        trials({"": names}, options.method, options.questions, None, options.seed)
    _clear(out)
    remarks: list[Remark] = []
    files: dict[tuple[str, str], str] = {}
    clips: dict[str, list[str]] = {}
    for number, clip in enumerate(annotations.clips, 1):
        truth = truth_of(folder, annotations, clip)
        if truth is None or truth.picture is None:
            remarks.append(Remark("", clip.name, "no picture: left out"))
            continue
        sounds, faults = _sounds(folder, names, truth, options)
        remarks += faults
        for name, samples in matched(sounds).items():
            files[clip.name, name] = _opaque(options.seed, clip.name, name)
            write_wav(out / SOUNDS / files[clip.name, name], samples)
        clips[clip.name] = list(sounds)
        # A folder from elsewhere may hold a link to anything; a test is handed on to others.
        copy(inside(truth.picture, folder), out / FILMS / _film(truth.picture))
        progress(STEP, number / len(annotations.clips), clip.name)
    planned = trials(clips, options.method, options.questions, options.count, options.seed)
    films = {
        clip.name: _film(path)
        for clip in annotations.clips
        if (truth := truth_of(folder, annotations, clip)) and (path := truth.picture)
    }
    _write(out, annotations.name, planned, files, films, options)
    return tuple(remarks)


def _clear(out: Path) -> None:
    """Make room for a test; what is no test is left alone."""
    if out.is_dir() and any(out.iterdir()):
        if not (out / KEY).is_file():
            raise FoleyError(
                ErrorCode.OPTION_INVALID,
                f"{out} holds something else than a listening test.",
                "Choose another --listen folder.",
            )
        for name in (SOUNDS, FILMS):
            shutil.rmtree(out / name, ignore_errors=True)


def _sounds(
    folder: Path, names: Sequence[str], truth: Truth, options: Options
) -> tuple[dict[str, Samples], list[Remark]]:
    clip, found, remarks = truth.clip.name, {}, []
    for name in names:
        path = find(folder / name, clip)
        if path is None:
            remarks.append(Remark(name, clip, "missing: not in its trials"))
            continue
        read = read_surround if options.surround else read_sound
        given = read(path, truth.duration_s)
        remarks += [Remark(name, clip, fault) for fault in given.faults]
        if given.samples is not None:
            found[name] = given.samples
    if options.method is Method.MUSHRA and truth.reference is not None:
        found[REFERENCE] = truth.reference
        found[ANCHOR] = anchor(truth.reference)
    return found, remarks


def _opaque(seed: int, clip: str, system: str) -> str:
    """A file name that says nothing of what is in it."""
    return hashlib.sha256(f"{seed}/{clip}/{system}".encode()).hexdigest()[:16] + ".wav"


def _film(path: Path) -> str:
    return f"{hashlib.sha256(path.stem.encode()).hexdigest()[:16]}{path.suffix}"


def _write(
    out: Path,
    name: str,
    planned: Sequence[Trial],
    files: dict[tuple[str, str], str],
    films: dict[str, str],
    options: Options,
) -> None:
    asked = QUESTIONS if options.method is Method.PAIRS else RATED
    screens: list[dict[str, Any]] = [
        {
            "trial": number,
            "film": f"{FILMS}/{films[trial.clip]}",
            "question": trial.question,
            "asked": asked[trial.question],
            "sounds": [f"{SOUNDS}/{files[trial.clip, system]}" for system in trial.systems],
            "reference": f"{SOUNDS}/{files[trial.clip, REFERENCE]}"
            if options.method is Method.MUSHRA and (trial.clip, REFERENCE) in files
            else None,
        }
        for number, trial in enumerate(planned, 1)
    ]
    page = environment().get_template("listening.html.j2")
    values = {"name": name, "method": options.method.value, "screens": json.dumps(screens)}
    write_text(out / PAGE, page.render(values))
    key = {
        "method": options.method.value,
        "trials": [
            {"trial": number, "clip": each.clip, "question": each.question, "systems": each.systems}
            for number, each in enumerate(planned, 1)
        ],
    }
    write_text(out / KEY, json.dumps(key, indent=1) + "\n")
