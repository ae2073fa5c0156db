"""Verdict: which of two mixes of the same takes is better, by what was measured on their stems."""

from itertools import combinations
from typing import NamedTuple

from foley_designer.agents.mix_planner.levels import loudness_of
from foley_designer.agents.mix_planner.masking import under_faders
from foley_designer.core.mix.features import Diagnosis
from foley_designer.core.mix.mix_plan import MixPlan
from foley_designer.core.script.foley_script import FoleyScript

APART_LU = 1.0
"""Difference from which one sound is meant to be louder than another; less is hardly heard."""


TELLABLE = 0.01
"""Difference of all faults under which two mixes are alike."""


class Mixed(NamedTuple):
    """A mix: its plan, and the diagnosis of its stems or takes."""

    plan: MixPlan
    diagnosis: Diagnosis


class Faults(NamedTuple):
    """What is wrong with a mix; 0 is flawless."""

    masked: float
    """Mean, over the foreground, of the share that the worst background hides, 0..1."""
    disorder: float
    """Share of the pairs meant to be of different loudness whose order came out reversed, 0..1."""

    def as_good_as(self, other: "Faults") -> bool:
        """Whether this mix is no worse than another, as far as an ear could tell."""
        return self.total <= other.total + TELLABLE

    @property
    def total(self) -> float:
        """Both shares weigh the same."""
        return self.masked + self.disorder


def faults(script: FoleyScript, mixed: Mixed, meant: Mixed) -> Faults:
    """Measure a mix.

    Args:
        script: says what is foreground.
        mixed: the plan and the diagnosis of the stems that it led to.
        meant: the plan and the diagnosis of the takes that set the loudness order.
    """
    return Faults(masked=_masked(script, mixed), disorder=_disorder(mixed, meant))


def _masked(script: FoleyScript, mixed: Mixed) -> float:
    worst = {event.id: 0.0 for event in script.foreground}
    for pair in under_faders(mixed.diagnosis, mixed.plan):
        if pair.target in worst and pair.masker not in worst:
            worst[pair.target] = max(worst[pair.target], pair.share)
    return sum(worst.values()) / len(worst) if worst else 0.0


def _disorder(mixed: Mixed, meant: Mixed) -> float:
    was, now = _loudness(meant), _loudness(mixed)
    pairs = [
        (one, other)
        for one, other in combinations([key for key in was if key in now], 2)
        if abs(was[one] - was[other]) >= APART_LU
    ]
    reversed_ = [
        (one, other) for one, other in pairs if (was[one] > was[other]) != (now[one] > now[other])
    ]
    return len(reversed_) / len(pairs) if pairs else 0.0


def _loudness(mixed: Mixed) -> dict[str, float]:
    """Loudness of every track that sounds, under the plan's faders, LUFS."""
    heard = {}
    for track in mixed.plan.tracks:
        loudness = loudness_of(mixed.diagnosis.of(track.event_id))
        if loudness is not None:
            heard[track.event_id] = loudness + track.gain_db
    return heard
