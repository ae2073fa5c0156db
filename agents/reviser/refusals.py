"""Refusals: what one sentence can't ask for at once."""

from collections.abc import Sequence

from foley_designer.agents.reviser.grammar.chunk import LostError
from foley_designer.agents.reviser.grammar.target import Target
from foley_designer.core.revision.operations import AdjustLevel, Operation


def refuse_both(operation: Operation, done: Sequence[Operation], target: Target) -> None:
    """What is taken out is not changed as well, whichever was said first.

    Raises:
        LostError: it is.
    """
    for other in done:
        removal, change = sorted((operation, other), key=lambda one: one.kind != "remove_event")
        if removal.kind != "remove_event" or change.kind == "remove_event":
            continue
        if getattr(other, "event_id", "") != getattr(operation, "event_id", ""):
            continue
        gone, changed = set(getattr(removal, "hits", ())), set(getattr(change, "hits", ()))
        if not gone or gone & changed:
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
