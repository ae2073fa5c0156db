"""Reconciliation: what happens where the specialists' proposals touch each other."""

import pytest

from foley_designer.agents.interfaces import SpecialistProposal, TrackProposal
from foley_designer.agents.reconcile import MOST_GAIN_CHANGE_DB, MOST_RELIEF_DB, reconcile
from foley_designer.core.mix.mix_plan import MixPlan, Operation, TrackPlan
from foley_designer.core.mix.processing import Dynamics, EqBand, EqKind, Futz
from foley_designer.core.space import Space

DUCK = Dynamics(threshold_db=0, ratio=1, duck_db=5)
CARVE = EqBand(kind=EqKind.PEAK, frequency_hz=1000, gain_db=-4)
CUT = EqBand(kind=EqKind.HIGH_PASS, frequency_hz=60)


def settle(operations: tuple[Operation, ...], **proposals: TrackProposal) -> TrackPlan:
    bare = MixPlan(
        space=Space.HALL, tracks=(TrackPlan(event_id="a", operations=operations, gain_db=0),)
    )
    wishes = [
        SpecialistProposal(operation=Operation(name), tracks=(wish,))
        for name, wish in proposals.items()
    ]
    settled = reconcile(bare, wishes)
    assert settled == reconcile(bare, wishes[::-1])
    assert settled == MixPlan.model_validate(settled.model_dump())
    return settled.of("a")


def test_operations_decide_and_declined_ones_leave() -> None:
    track = settle(
        (Operation.REVERB, Operation.EQ),
        eq=TrackProposal(event_id="a", eq=(CARVE,), reason="room"),
        dyn=TrackProposal(event_id="a", dynamics=DUCK, gain_change_db=2, reason="dip"),
    )
    assert track.operations == (Operation.EQ,)
    assert track.dynamics is None
    assert track.gain_db == 2
    assert "eq: room" in track.reasons


def test_a_futz_owns_the_spectrum() -> None:
    track = settle(
        (Operation.REVERB, Operation.EQ),
        reverb=TrackProposal(event_id="a", futz=Futz.RADIO, reason="radio"),
        eq=TrackProposal(event_id="a", eq=(CUT, CARVE), reason="room"),
    )
    assert track.eq == (CUT,)
    assert track.futz is Futz.RADIO
    assert track.operations == (Operation.REVERB, Operation.EQ)


def test_ducking_gives_way_to_carving() -> None:
    track = settle(
        (Operation.EQ, Operation.DYNAMICS),
        eq=TrackProposal(event_id="a", eq=(CARVE,), reason="room"),
        dyn=TrackProposal(event_id="a", dynamics=DUCK, reason="dip"),
    )
    assert track.dynamics is not None
    assert track.dynamics.duck_db == pytest.approx(MOST_RELIEF_DB - 4)


def test_gain_changes_add_up_within_their_bound() -> None:
    track = settle(
        (),
        reverb=TrackProposal(event_id="a", gain_change_db=5, reason="a"),
        eq=TrackProposal(event_id="a", gain_change_db=5, reason="b"),
    )
    assert track.gain_db == MOST_GAIN_CHANGE_DB
