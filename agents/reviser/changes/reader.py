"""Changes: what one clause wants done to its target, read word by word."""

from collections.abc import Callable, Iterator

from foley_designer.agents.reviser.changes.ducking import Ducker
from foley_designer.agents.reviser.changes.equalising import Equaliser
from foley_designer.agents.reviser.changes.levels import Levels
from foley_designer.agents.reviser.changes.making import Change, each, trimmed_off
from foley_designer.agents.reviser.changes.manner import Manner
from foley_designer.agents.reviser.changes.placing import Placer
from foley_designer.agents.reviser.changes.spaces import SpaceReader
from foley_designer.agents.reviser.changes.timing import Timer
from foley_designer.agents.reviser.grammar.chunk import Chunk, LostError, is_silent
from foley_designer.agents.reviser.grammar.items import Item
from foley_designer.agents.reviser.grammar.target import Target
from foley_designer.agents.reviser.grammar.targets import Targets
from foley_designer.core.revision import sounding
from foley_designer.core.revision.operations import Operation, RemoveEvent
from foley_designer.memory.preferences import Preferences


class ChangeReader:
    """Reads what clauses want.

    Args:
        wishes: how much the comparative words mean to this user.
        targets: resolves what else a change names, such as what it is louder than.
    """

    def __init__(self, wishes: Preferences, targets: Targets) -> None:
        self.ducker = Ducker(targets, wishes.number("much_factor"))
        self.space = SpaceReader(wishes)
        self.equaliser = Equaliser(wishes)
        self.timer = Timer(wishes, targets)
        self.placer = Placer(wishes)
        self.levels = Levels(wishes, targets)
        self.manner = Manner(wishes, self.levels)
        self._readers: tuple[Callable[[Chunk], Change | None], ...] = (
            self._switch,
            self.ducker.read,
            self.manner.retake,
            self.space.room,
            self.space.perspective,
            self.space.layer,
            self.manner.wetness,
            self.space.width,
            self.manner.pitch,
            self.manner.speed,
            self.equaliser.read,
            self.space.reverb,
            self.timer.read,
            self.placer.read,
            self.manner.play,
            self.levels.read,
            self._remove,
        )

    def read(self, chunk: Chunk) -> Change | None:
        """The next change that a clause asks for; its words are taken from it.

        Raises:
            LostError: words that fit no change.
        """
        for reader in self._readers:
            change = reader(chunk)
            if change is not None:
                return change
        return None

    def _switch(self, chunk: Chunk) -> Change | None:
        """Mute, solo and lock, and their opposites."""
        if _ends_off(chunk):
            chunk.take_at(next(n for n, item in enumerate(chunk.items) if item.text == "off"))
            return _switched(_SWITCHES["mute"], "mute")
        for verb, make in _SWITCHES.items():
            if chunk.has("verb", verb):
                chunk.take("verb", verb)
                return _switched(make, verb)
        return None

    @staticmethod
    def _remove(chunk: Chunk) -> Change | None:
        place = next(
            (
                n
                for n, item in enumerate(chunk.items)
                if item.has("verb", "remove", "remove_no")
                and not (item.has("name") and len(chunk.items) == 1)
                and not _leads_out(chunk, n)
                and not _is_counted(chunk, n)
            ),
            -1,
        )
        refused = False
        if place < 0:
            # "the clock shouldn't tick": a sound that is not to be.
            place = next(
                (n for n, item in enumerate(chunk.items) if item.has("neg", "not", "shallnot")), -1
            )
            rest = [i for n, i in enumerate(chunk.items) if n != place and not is_silent(i)]
            verb = chunk.items[place - 1] if place > 0 else Item("")
            refused = (place >= 0 and verb.text == "should") or (
                place >= 0 and chunk.items[place].has("neg", "shallnot")
            )
            if not refused or not rest:
                return None
        if not refused and place and chunk.items[place - 1].text in _STATES:
            raise LostError("Is it gone, or shall it be?")
        chunk.take_at(place)
        while chunk.take("verb", "remove"):
            pass
        chunk.take("edge", "out")

        def make(target: Target) -> Iterator[Operation]:
            if target.stretch:
                yield trimmed_off(target)
            else:
                yield RemoveEvent(event_id=target.event.id, hits=target.hits)

        return Change(make, name="remove")


_STATES = frozenset({"is", "are", "was", "were", "has", "gets", "got"})


def _is_counted(chunk: Chunk, place: int) -> bool:
    """Whether "cut" is what was counted, and removes nothing: "first cut 1 dB up"."""
    item = next((n for n, one in enumerate(chunk.whole) if one is chunk.items[place]), 0)
    return item > 0 and chunk.items[place].has("name") and chunk.whole[item - 1].kind == "nth"


def _leads_out(chunk: Chunk, place: int) -> bool:
    """Whether "out" leads somewhere, and removes nothing: "jump out of the box"."""
    after = chunk.items[place + 1] if place + 1 < len(chunk.items) else Item("")
    return chunk.items[place].text == "out" and after.text == "of"


def _ends_off(chunk: Chunk) -> bool:
    """Whether a clause says "the fan off", and asks for nothing else."""
    said = [item for item in chunk.items if not is_silent(item)]
    ends = bool(said) and said[-1].text == "off" and not chunk.changed
    return ends and not any(_asks(item) for item in said[:-1])


def _asks(item: Item) -> bool:
    """Whether an item can ask for something by itself."""
    if item.kind in ("amount", "num"):
        return True
    return not item.has("name") and any(item.has(kind) for kind in ("verb", "dim", "eq", "mod"))


def _switched(make: Callable[[str], Operation], name: str) -> Change:
    return each(lambda key: iter((make(key),)), name=name)


_SWITCHES: dict[str, Callable[[str], Operation]] = {
    "unmute": lambda key: sounding.MuteEvent(event_id=key, muted=False),
    "unsolo": lambda key: sounding.SoloEvent(event_id=key, soloed=False),
    "unlock": lambda key: sounding.LockEvent(event_id=key, locked=False),
    "mute": lambda key: sounding.MuteEvent(event_id=key),
    "solo": lambda key: sounding.SoloEvent(event_id=key),
    "lock": lambda key: sounding.LockEvent(event_id=key),
}
