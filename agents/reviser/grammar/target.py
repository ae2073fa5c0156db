"""Targets: an event, some of its hits, or a stretch of it; and which ones were spoken of before."""

from collections.abc import Sequence
from typing import NamedTuple

from foley_designer.agents.reviser.grammar.words import LANGUAGES, lexicon, tokens
from foley_designer.agents.reviser.understanding import Situation, Turn
from foley_designer.core.script.sound_event import SoundEvent

MOST_OPTIONS = 9


class Target(NamedTuple):
    """An event, some of its hits, or a stretch of it."""

    event: SoundEvent
    hits: tuple[int, ...] = ()
    stretch: tuple[float, float] | None = None

    @property
    def text(self) -> str:
        """As shown to the user."""
        event = self.event
        if self.hits:
            number = self.hits[0]
            return f"{event.label}, hit {number} at {event.hits[number - 1].time_s:.2f} s"
        if self.stretch:
            return f"{event.label} from {self.stretch[0]:.2f} to {self.stretch[1]:.2f} s"
        return f"{event.label} ({event.id}) at {event.start_s:.2f} s"


Picks = tuple[Target, ...]


class UnsureError(Exception):
    """Words that several targets answer to."""

    def __init__(self, phrase: str, readings: Sequence[Picks]) -> None:
        super().__init__(phrase)
        self.phrase = phrase
        self.readings = tuple(readings)[:MOST_OPTIONS]


def _kept(turn: Turn) -> list[str]:
    """Ids of what "keep the coat" took back of the request before: that is spoken of then."""
    words = tokens(turn.request)
    keeps = any(
        one.kind == "keep"
        for language in LANGUAGES
        for place in range(len(words))
        for one in lexicon(language).at([word.plain for word in words], place)[1]
    )
    restored = [
        event.id for one in turn.operations if one.kind == "restore" for event in one.events
    ]
    changed = {getattr(one, "event_id", "") for one in turn.operations}
    return [key for key in restored if key not in changed] if keeps else []


def spoken_of(situation: Situation) -> Picks:
    """What the request before was about."""
    events = {event.id: event for event in situation.script.events}
    if situation.said:
        if kept := _kept(situation.said[-1]):
            return tuple(Target(events[key]) for key in kept if key in events)
        found: dict[Target, None] = {}
        for operation in situation.said[-1].operations:
            keys = [getattr(operation, "event_id", "")]
            if operation.kind == "add_event":
                keys = [operation.event.id]
            for key in keys:
                if key in events:
                    hits = getattr(operation, "hits", ())
                    hits = () if hits and max(hits) > len(events[key].hits) else hits
                    found.setdefault(Target(events[key], hits))
        if found:
            return tuple(found)
    return tuple(Target(events[key]) for key in situation.focus if key in events)
