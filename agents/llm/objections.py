"""Objections that a model raises, and how code turns them into the closed ones."""

from collections.abc import Iterable, Sequence

from pydantic import Field

from foley_designer.agents.interfaces import Flaw, Objection
from foley_designer.agents.llm.reply import Problem, Reply, refuse


class ObjectionReply(Reply):
    """One objection."""

    flaw: Flaw
    text: str = Field(min_length=1)
    """What is wrong, so that the writer can act on it."""
    event: str | None = None
    """Id of the event concerned."""
    time_s: float | None = None
    """When it is seen, where it is about an instant."""


class ObjectionReplies(Reply):
    """All objections."""

    objections: list[ObjectionReply] = Field(max_length=20)


def to_objections(
    reply: ObjectionReplies, event_ids: Sequence[str], allowed: Iterable[Flaw] = Flaw
) -> tuple[Objection, ...]:
    """Objections of the allowed kinds; the others are left out.

    Raises:
        ReplyError: an unknown event.
    """
    for told in reply.objections:
        if told.event is not None and told.event not in event_ids:
            known = ", ".join(event_ids)
            raise refuse(Problem.UNKNOWN_EVENT, f"{told.event!r}. Known: {known}, or null.")
    kinds = frozenset(allowed)
    return tuple(
        Objection(flaw=told.flaw, text=told.text[:400], event_id=told.event, time_s=told.time_s)
        for told in reply.objections
        if told.flaw in kinds
    )
