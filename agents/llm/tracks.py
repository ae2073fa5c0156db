"""Replies about tracks of a mix: each names its track by the event's id."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from foley_designer.agents.llm.reply import Problem, Reply, refuse

LONGEST_REASON = 300


class TrackReply(Reply):
    """What is said about one track."""

    event: str
    """Id of the track's event."""
    reason: str
    """Why, in one plain sentence."""


TR = TypeVar("TR", bound=TrackReply)


def by_event(replies: Sequence[TR], event_ids: Iterable[str]) -> dict[str, TR]:
    """Replies by event; the first one of each counts.

    Raises:
        ReplyError: an unknown event.
    """
    known = tuple(event_ids)
    found: dict[str, TR] = {}
    for reply in replies:
        if reply.event not in known:
            listed = ", ".join(known)
            raise refuse(Problem.UNKNOWN_EVENT, f"{reply.event[:60]!r}. Known: {listed}.")
        found.setdefault(reply.event, reply)
    return found
