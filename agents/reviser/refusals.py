"""Refusals: what one sentence can't ask for at once."""

from collections.abc import Sequence

from foley_designer.agents.reviser.grammar.chunk import LostError
from foley_designer.agents.reviser.grammar.target import Target
from foley_designer.core.revision.operations import AdjustLevel, Operation


def refuse_both(removal: Operation, done: Sequence[Operation], target: Target) -> None:
    """What is taken out is not changed as well.

    Raises:
        LostError: it is.
    """
    key = getattr(removal, "event_id", "")
    if not target.hits and any(getattr(one, "event_id", "") == key for one in done):
        raise LostError(f"Shall {target.event.label} be changed, or taken out?")


def refuse_kept(operations: Sequence[Operation], kept: Sequence[Target]) -> None:
    """What shall stay as it is can't be changed in the same breath.

    Raises:
        LostError: an operation is about hits that are to stay.
    """
    for one in operations:
        hits = set(getattr(one, "hits", ()))
        for target in kept:
            if getattr(one, "event_id", "") != target.event.id:
                continue
            if target.stretch or not hits or hits & set(target.hits):
                raise LostError('Say it with "except": single hits are left alone so.')


def refuse_twice(
    operation: Operation, asked: dict[tuple[str, tuple[int, ...], object], float]
) -> None:
    """One thing can't be asked for in two directions.

    Raises:
        LostError: it is.
    """
    if isinstance(operation, AdjustLevel):
        place = (operation.event_id, operation.hits, operation.from_s)
        if asked.get(place, operation.change_db) != operation.change_db:
            raise LostError(f"By {asked[place]:g} or by {operation.change_db:g} dB?")
        if asked.setdefault(place, operation.change_db) * operation.change_db < 0:
            raise LostError("Louder or quieter? You asked for both.")
