"""A take that stays faulty is said, and ends the attempts."""

import pytest

from foley_designer.core.mix.take import Check, Fault, Take
from foley_designer.graph.nodes.check import ATTEMPTS, check, to_remake


def _take(*faults: Fault) -> Take:
    measured = Check(activity_iou=0.0, peak_dbfs=-90.0, rms_dbfs=-99.0, faults=faults, score=0.0)
    return Take(
        event_id="cry",
        key="k",
        file="f",
        engine="synth",
        engine_version="1",
        seed=0,
        check=measured,
    )


@pytest.mark.parametrize(("attempt", "again"), [(1, ["cry"]), (ATTEMPTS, []), (ATTEMPTS + 1, [])])
def test_a_grave_fault_is_played_again_while_attempts_are_left(
    attempt: int, again: list[str]
) -> None:
    takes = {"cry": _take(Fault.MISSED_HITS), "fine": _take(Fault.CLICK)}
    assert to_remake(takes, attempt) == again


def test_the_last_attempt_says_what_stayed_wrong() -> None:
    state = {"attempt": ATTEMPTS - 1, "takes": {"cry": _take(Fault.SILENT).model_dump(mode="json")}}
    update = check(state, None)  # type: ignore[arg-type,typeddict-item]
    assert update["attempt"] == ATTEMPTS
    assert "silent" in update["notes"][0]["text"]
