"""Sense: whether operations do what words ask, or the opposite of it."""

from collections.abc import Sequence

from foley_designer.core.revision.operations import Operation

_SIGNED = ("change_db", "change_deg", "shift_s", "shift_frames", "gain_db", "change_st")


def opposes(done: Operation, asked: Sequence[Operation]) -> bool:
    """Whether an operation goes against one that the same words ask for by the grammar."""
    for other in asked:
        if other.kind != done.kind:
            continue
        for name in _SIGNED:
            mine, theirs = getattr(done, name, None), getattr(other, name, None)
            if mine and theirs and float(mine) * float(theirs) < 0:
                return True
        mine, theirs = getattr(done, "factor", None), getattr(other, "factor", None)
        if mine and theirs and (float(mine) - 1) * (float(theirs) - 1) < 0:
            return True
    return False
