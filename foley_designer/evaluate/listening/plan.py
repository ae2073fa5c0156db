"""What is heard in which trial: the paper's five questions, pairs or MUSHRA, all at one loudness.

Pairs after the paper's section 5.4; MUSHRA after ITU-R BS.1534-3, with a hidden reference and an
anchor low-pass filtered at 3.5 kHz (clause 5.1).
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.signal import firwin, oaconvolve

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.dsp.level.gains import db_to_gain
from foley_designer.dsp.level.loudness import measure
from foley_designer.evaluate.sounds import Samples

QUESTIONS = {
    "immersion": "Which draws you further into the scene?",
    "emotion": "Which fits the mood of the scene better?",
    "time": "Which fits the moments of the picture better?",
    "space": "Which fits the places in the picture better?",
    "timbre": "Which sounds more like what is seen?",
}
"""The paper's five dimensions (section 5.4), in words for listeners."""
RATED = {
    "immersion": "How far does each draw you into the scene?",
    "emotion": "How well does each fit the mood of the scene?",
    "time": "How well does each fit the moments of the picture?",
    "space": "How well does each fit the places in the picture?",
    "timbre": "How much does each sound like what is seen?",
}
"""The same for ratings from 0 to 100."""
LOUDNESS_LUFS = -23.0
"""All are brought to this (EBU R 128)."""
CEILING_DBTP = -1.0
"""True peaks stay under this; where one would not, its clip's sounds are all turned down alike."""
ANCHOR_HZ = 3500.0
REFERENCE, ANCHOR = "reference", "anchor"
_TAPS = 401


class Method(StrEnum):
    """How sounds are put to listeners."""

    PAIRS = "pairs"
    MUSHRA = "mushra"


class Trial(NamedTuple):
    """One screen: a clip, a question, and the sounds to be judged."""

    clip: str
    question: str
    systems: tuple[str, ...]
    """Two for a pair; for MUSHRA all, the hidden reference and the anchor among them."""


def trials(
    clips: Mapping[str, Sequence[str]],
    method: Method,
    questions: Sequence[str],
    count: int | None,
    seed: int,
) -> tuple[Trial, ...]:
    """Trials in random order, evenly over clips, questions and pairs.

    Args:
        clips: which systems have a sound of each clip.
        method: pairs of systems, or all at once.
        questions: keys of `QUESTIONS`.
        count: trials at most; None takes all.
        seed: of the order, and of who comes first.

    Raises:
        FoleyError: ``option_invalid`` if nothing can be compared.
    """
    rng = np.random.default_rng(seed)
    found = []
    for clip, systems in clips.items():
        groups = combinations(systems, 2) if method is Method.PAIRS else [tuple(systems)]
        for group in groups:
            found += [Trial(clip, question, tuple(group)) for question in questions]
    found = [trial for trial in found if len(trial.systems) > 1]
    if not found:
        raise FoleyError(
            ErrorCode.OPTION_INVALID,
            "There is nothing to compare: no clip has sounds of two systems.",
            "Put WAV files of another system, or references, beside them.",
        )
    order = rng.permutation(len(found))[:count]
    return tuple(
        Trial(each.clip, each.question, tuple(rng.permutation(each.systems).tolist()))
        for each in (found[at] for at in order)
    )


def matched(sounds: Mapping[str, Samples]) -> dict[str, Samples]:
    """Sounds of one clip at one loudness; silent ones stay as they are.

    Args:
        sounds: ``[2, n]`` or ``[6, n]`` by system.
    """
    gains, headroom_db = {}, 0.0
    for name, samples in sounds.items():
        found = measure(samples, "5.1" if len(samples) > 2 else "stereo")
        if found.integrated_lufs is None:
            continue
        gains[name] = LOUDNESS_LUFS - found.integrated_lufs
        peak = (found.true_peak_dbtp or 0.0) + gains[name]
        headroom_db = max(headroom_db, peak - CEILING_DBTP)
    return {
        name: samples * np.float32(db_to_gain(gains[name] - headroom_db))
        if name in gains
        else samples
        for name, samples in sounds.items()
    }


def anchor(reference: Samples) -> Samples:
    """The reference below 3.5 kHz: what everyone hears to be worse."""
    taps = firwin(_TAPS, ANCHOR_HZ, fs=SAMPLE_RATE)
    low = oaconvolve(reference, taps[None], mode="same", axes=1)
    return np.asarray(low, np.float32)


def sources(folder: Path, systems: Sequence[str], clip: str) -> dict[str, Path]:
    """Files of a clip by system, where they are."""
    from foley_designer.evaluate.sounds import find  # noqa: PLC0415

    named = {name: find(folder / name, clip) for name in systems}
    return {name: path for name, path in named.items() if path is not None}
