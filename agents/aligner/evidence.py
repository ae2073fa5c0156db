"""How well what shots show agrees with what texts say."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.agents.aligner.naming import nearness
from foley_designer.agents.aligner.telling import Telling
from foley_designer.core.script.observation import PlaceTrait, Shot

Floats = NDArray[np.float64]

WEIGHTS: dict[PlaceTrait | str, float] = {
    PlaceTrait.SNOW: 4.5,
    PlaceTrait.SAND: 4.5,
    PlaceTrait.GREEN: 4.5,
    PlaceTrait.SKY: 3.0,
    PlaceTrait.WATER: 4.5,
    PlaceTrait.FIRE: 4.5,
    PlaceTrait.OUTDOORS: 3.0,
    "light": 8.25,
    "motion": 0.15,
    "people": 2.5,
}
"""Log odds per unit of agreement. Begun from a logistic regression on the joined films that are
looked at (benchmarks/scenes/scenes_film.py) and drawn halfway to equal weights, for 24 clips show
too little snow and fire to learn from; then set by hand on those films, and all made half as large
again, at which the log loss of single shots still falls. A higher one outvotes the order of the
text sooner. People were added later: from 1.5 to 3 as good, and without them a script out of order
finds its shots in .68 instead of .78."""
NAMED = 4.0
"""The same per unit of nearness between words and what a classifier calls a shot: fitted by the log
loss of single shots on one half of the joined films, 3.25 and 4.25 on the two halves (ADR 31)."""
TOLD_SHOTS = 2.0
"""Shots of unlike looks that a text's evidence counts for, however many there are: what its words
leave out, or picture otherwise than the film, is wrong of all of its shots alike."""

MOST_SURE = 0.97
"""No answer is surer: the order of the text may still outvote one shot among many."""
FIRE_SHARE = 0.05
"""Share of the frame from which flames are surely seen: a campfire in a wide shot."""


def evidence(shots: Sequence[Shot], tellings: Sequence[Telling]) -> Floats:
    """Log likelihood of what each shot shows under each text, ``[shots, texts]``, 0 for chance.

    Shots and texts are both taken against the film's and the script's mean: what all of them show
    or say tells none apart. Shots of one place are judged together. Where nobody looked for people
    their absence tells nothing.
    """
    seen = np.array([_seen(shot) for shot in shots])
    told = np.array([_told(telling) for telling in tellings])
    weights = np.array(list(WEIGHTS.values()))
    looked = ~np.isnan(seen[:, -1])
    seen[~looked, -1] = seen[looked, -1].mean() if looked.any() else 0.0
    score = ((seen - seen.mean(0)) * weights) @ (told - told.mean(0)).T
    if any(shot.named for shot in shots):
        words = [telling.words for telling in tellings]
        score += NAMED * nearness([shot.named for shot in shots], words)
    score -= np.logaddexp.reduce(score, axis=1, keepdims=True) - math.log(len(tellings))
    places = np.array([shot.group for shot in shots])
    for place in np.unique(places):
        here = places == place
        score[here] = score[here].mean(0) / math.sqrt(here.sum())
    shots_a_text = len(np.unique(places)) / len(tellings)
    return np.asarray(score * min(1.0, TOLD_SHOTS / shots_a_text))


class Answer(NamedTuple):
    """What somebody who saw a shot says of it."""

    text: int
    """Number of the text that tells it; -1 if none does."""
    sure: float
    """How surely, 0..1."""


def answered(judged: Floats, shots: Sequence[Shot], answers: Mapping[int, Answer]) -> Floats:
    """Evidence with the answers of one who saw in place of what was measured.

    An answer's log odds are against each other text, and against no text at all.

    Args:
        judged: ``[shots, texts]``, as `evidence` gives it.
        shots: the film's.
        answers: by the shots' index; shots without one keep what was measured.
    """
    found = judged.copy()
    texts = judged.shape[1]
    for row, shot in enumerate(shots):
        if (told := answers.get(shot.index)) is None:
            continue
        sure = min(max(told.sure, 1 / (texts + 1)), MOST_SURE)
        odds = math.log(sure * texts / (1 - sure))
        found[row] = 0.0 if told.text >= 0 else -odds
        if told.text >= 0:
            found[row, told.text] = odds
    return found


def _seen(shot: Shot) -> list[float]:
    traits = [_belief(shot, trait) for trait in WEIGHTS if isinstance(trait, PlaceTrait)]
    people = math.nan if shot.people is None else shot.people
    return [*traits, shot.brightness, math.log(shot.motion + 0.02), people]


def _belief(shot: Shot, trait: PlaceTrait) -> float:
    """Belief in a trait; what nobody looked at is even. Fire flickers in the dark, sunsets glow."""
    if trait is PlaceTrait.FIRE:
        dark = shot.place.get(PlaceTrait.DARK, 0.0)
        return dark * min(1.0, shot.place.get(trait, 0.0) / FIRE_SHARE)
    return shot.place.get(trait, 0.5)


def _told(telling: Telling) -> list[float]:
    traits = [
        telling.outdoors if trait is PlaceTrait.OUTDOORS else telling.traits.get(trait, 0.0)
        for trait in WEIGHTS
        if isinstance(trait, PlaceTrait)
    ]
    return [*traits, telling.light, telling.action, telling.people]
