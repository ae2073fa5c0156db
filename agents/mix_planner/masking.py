"""Masked shares as they will be under a plan's faders, from shares measured under others."""

import math
from typing import NamedTuple

from foley_designer.core.mix.features import Diagnosis
from foley_designer.core.mix.mix_plan import MixPlan
from foley_designer.core.script.foley_script import FoleyScript

BURIED = 0.3
"""Masked share of a foreground track from which something is done about it."""
CLEAR = 0.28
"""Masked share that relief aims at."""
_LOGITS_PER_DB = 0.2
"""How fast a share's logit falls with level. Between takes of steps, birds, wind and ambience it
is 0.05 (sparse sounds) to 0.45 (steady ones): good for small moves, larger ones are measured."""


class Masked(NamedTuple):
    """One track that another one hides."""

    target: str
    masker: str
    share: float
    """Share of the target's energy under the masker, 0..1."""


def shifted(share: float, louder_db: float) -> float:
    """The masked share of a target that gets ``louder_db`` louder against its masker."""
    if share <= 0 or share >= 1:
        return share
    logit = math.log(share / (1 - share)) - _LOGITS_PER_DB * louder_db
    return 1 / (1 + math.exp(-min(max(logit, -30.0), 30.0)))


def relief_db(share: float) -> float:
    """How much louder against its masker a target must get to be `CLEAR`, dB; 0 if it is."""
    if share <= CLEAR:
        return 0.0
    odds = min(share, 0.99) / (1 - min(share, 0.99)) * (1 - CLEAR) / CLEAR
    return math.log(odds) / _LOGITS_PER_DB


def under_faders(diagnosis: Diagnosis, plan: MixPlan) -> tuple[Masked, ...]:
    """All pairs under the plan's faders, most hidden first."""
    moved = {
        track.event_id: track.gain_db - diagnosis.faders_db.get(track.event_id, 0.0)
        for track in plan.tracks
    }
    pairs = [
        Masked(target, masker, shifted(share, moved[target] - moved[masker]))
        for target, maskers in diagnosis.masking.items()
        for masker, share in maskers.items()
        if target in moved and masker in moved
    ]
    return tuple(sorted(pairs, key=lambda pair: (-pair.share, pair.target, pair.masker)))


def hidden(script: FoleyScript, diagnosis: Diagnosis, plan: MixPlan) -> tuple[Masked, ...]:
    """Foreground tracks under background ones that something must be done about, worst first."""
    front = {event.id for event in script.foreground}
    return tuple(
        pair
        for pair in under_faders(diagnosis, plan)
        if pair.share >= BURIED and pair.target in front and pair.masker not in front
    )
