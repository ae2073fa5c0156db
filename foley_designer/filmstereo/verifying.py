"""Do sound and words agree? By CLAP where its weights are on disk, else by what can be measured.

CLAP: cosine of text and audio at least τ = 0.35 (paper, section 4). What stands in for it:

- a *synthesised* sound was made from the words, so it is held to its performance: the score of the
  take's check (onsets on their cues, in place, whole and clean), at least 0.8;
- a *recording* is held to its card: the share of its energy within the card's band, halved where
  its course contradicts its kind (nothing impulsive in what is struck, mostly silence in what
  flows), at least 0.35. It tells a rooster from a rumble, not a rooster from a crow.
"""

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.datasets.item import Verified
from foley_designer.filmstereo.clap import Clap
from foley_designer.filmstereo.plan import Task
from foley_designer.filmstereo.sources import Kind
from foley_designer.generator.performance import Performed
from foley_designer.metrics.segments import segment

CHECK_SCORE = 0.8
TRAIT_SCORE = 0.35
_LEAST_ACTIVITY = 0.3
_SLACK = 1.5
"""A card's band is taken for so much wider at either end."""


def verify(task: Task, performed: Performed, words: str, clap: Clap | None) -> Verified:
    """How well a placed, dry performance fits its words.

    Args:
        task: what was to be made.
        performed: ``[2, n]`` at 48 kHz, and its check.
        words: what should be heard.
        clap: None takes what stands in for it.
    """
    if clap is not None:
        score = clap(performed.stereo, words)
        threshold = task.making.clap_threshold
        return Verified(method="clap", score=round(score, 4), threshold=threshold)
    if task.source.kind is Kind.SYNTHESIS:
        return Verified(
            method="check", score=round(performed.check.score, 4), threshold=CHECK_SCORE
        )
    score = trait_score(performed.stereo, task)
    return Verified(method="traits", score=round(score, 4), threshold=TRAIT_SCORE)


def trait_score(stereo: NDArray[np.float32], task: Task) -> float:
    """Share of energy in the card's band, halved where the course contradicts the kind, 0 to 1."""
    power = np.abs(np.fft.rfft(stereo, axis=1)).sum(axis=0) ** 2
    hz = np.arange(len(power)) * (SAMPLE_RATE / stereo.shape[1])
    band = (hz >= task.source.low_hz / _SLACK) & (hz <= task.source.high_hz * _SLACK)
    share = float(power[band].sum() / max(float(power[hz > 20.0].sum()), 1e-20))
    found = segment(stereo, SAMPLE_RATE)
    if task.source.row.impulsive:
        fits = bool(found.onsets_s)
    else:
        sounding = sum(stop - start for start, stop in found.intervals_s)
        fits = sounding > _LEAST_ACTIVITY * task.placing.seconds
    return min(share, 1.0) * (1.0 if fits else 0.5)
