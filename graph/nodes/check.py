"""check: are the takes good enough, or must some be made again?"""

from foley_designer.core.mix.take import Fault, Take
from foley_designer.core.note import NoteKind
from foley_designer.graph.state import DesignState
from foley_designer.graph.workbench import Workbench, note

GRAVE = frozenset({Fault.SILENT, Fault.MISSED_HITS, Fault.WRONG_LENGTH})
"""Faults for which a take is made once more."""
ATTEMPTS = 2


def to_remake(takes: dict[str, Take], attempt: int) -> list[str]:
    """Events whose take has a grave fault, while attempts are left."""
    if attempt >= ATTEMPTS:
        return []
    return sorted(key for key, take in takes.items() if GRAVE & set(take.check.faults))


def check(state: DesignState, bench: Workbench) -> DesignState:  # noqa: ARG001
    """Count the attempt; after the last one, say what stayed wrong."""
    attempt = state["attempt"] + 1
    takes = {key: Take.model_validate(take) for key, take in state["takes"].items()}
    if to_remake(takes, attempt):
        return {"attempt": attempt}
    notes = [
        note(
            "sound",
            f"The best take still has: {', '.join(fault.value for fault in take.check.faults)}.",
            NoteKind.OPEN_POINT,
            event_id,
        )
        for event_id, take in sorted(takes.items())
        if take.check.faults
    ]
    return {"attempt": ATTEMPTS, "notes": notes}
