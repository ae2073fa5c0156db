"""Ducking: sounds that make room for others."""

from collections.abc import Iterator

from foley_designer.agents.reviser.changes.making import Change, each, phrase_after
from foley_designer.agents.reviser.grammar.chunk import Chunk, LostError, is_change, is_silent
from foley_designer.agents.reviser.grammar.items import Item, Items
from foley_designer.agents.reviser.grammar.target import Target
from foley_designer.agents.reviser.grammar.targets import Targets
from foley_designer.core.revision import sounding
from foley_designer.core.revision.operations import Operation

DUCK_DB = 4.0
"""A dip that is given no depth: Foley makes room by 3 to 4 dB."""


class Ducker:
    """Reads what makes room for what.

    Args:
        targets: resolves what room is made for.
        much: how many times as much "much" is.
    """

    def __init__(self, targets: Targets, much: float) -> None:
        self.targets = targets
        self.much = much

    def read(self, chunk: Chunk) -> Change | None:
        """The sound makes room for what the clause names; its words are taken from it."""
        off = chunk.take("verb", "unduck")
        if not off and not chunk.take("verb", "duck") and not _lowers_during(chunk):
            return None
        db = chunk.amount("db") or self._by(chunk)
        while chunk.has("verb", "duck"):
            chunk.take("verb", "duck")
        factor = chunk.degree(self.much)
        place = next(
            (
                n
                for n, item in enumerate(chunk.items)
                if item.has("rel", "under", "with")
                or item.has("during")
                or item.has("by")
                or item.has("for")
                or item.has("over")
                or item.has("to")
            ),
            -1,
        )
        if off:
            raise LostError("Say which dip shall go, or undo it.")
        if place < 0:
            raise LostError("Make room for what?")
        chunk.take_at(place)
        leader = phrase_after(chunk, place)
        before = self.targets.last
        leaders = self._leaders(leader)
        self.targets.last = before
        if any(target.hits or target.stretch for target in leaders):
            raise LostError("Room is made for sounds as a whole, not for single hits of them.")
        by = tuple(dict.fromkeys(target.event.id for target in leaders))
        size = abs(db.number) if db else DUCK_DB * factor

        def make(key: str) -> Iterator[Operation]:
            others = tuple(one for one in by if one != key)
            if not others:
                raise LostError("A sound can't make room for itself.")
            yield sounding.DuckUnder(event_id=key, by=others, db=size)

        return each(make, name="duck")

    @staticmethod
    def _by(chunk: Chunk) -> Item | None:
        """A number without a unit behind "by"."""
        led = any(
            one.has("by") and (after.kind == "num" or after.has("num"))
            for one, after in zip(chunk.items, chunk.items[1:], strict=False)
        )
        return chunk.bare() if led else None

    def _leaders(self, items: Items) -> tuple[Target, ...]:
        """What is made room for: "when he walks" names his steps."""
        said = [item for item in items if not item.has("walk") and not item.has("verb", "do")]
        walks = any(item.has("walk") for item in items)
        if walks and all(item.has("pron") for item in said if not is_silent(item)):
            gender = "she" if any(item.has("pron", "she") for item in said) else "he"
            steps = self.targets.vocabulary.of_noun("footstep") & self.targets.vocabulary.of_person(
                gender
            )
            return tuple(Target(event) for event in self.targets.events if event.id in steps)
        return self.targets.resolve(said)


def _lowers_during(chunk: Chunk) -> bool:
    """Whether a clause says "6 dB down while the drill runs"; takes the word for down."""
    place = chunk.find("during")
    if place < 1 or not any(item.has("name") or item.has("noun") for item in chunk.items[place:]):
        return False
    if any(is_change(item) and not item.has("walk") for item in chunk.items[place + 1 :]):
        return False  # "lower the rain while raising the wind" are two wishes
    return chunk.take("dim", "level-", "dir-") is not None
