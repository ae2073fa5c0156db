"""Levels: louder and quieter, by words, numbers and comparison."""

import math
from collections.abc import Iterator

from foley_designer.agents.reviser.changes.comparing import base_level, comparison
from foley_designer.agents.reviser.changes.making import Change, phrase_after, refuse_parts
from foley_designer.agents.reviser.grammar.chunk import Chunk, LostError, is_silent
from foley_designer.agents.reviser.grammar.items import Item, Items
from foley_designer.agents.reviser.grammar.picking import hits_of
from foley_designer.agents.reviser.grammar.target import Target
from foley_designer.agents.reviser.grammar.targets import Targets
from foley_designer.core.revision.operations import AdjustLevel, Operation
from foley_designer.memory.preferences import Preferences

LOUDNESS_DB = 10.0
"""Twice as loud, to the ear (Stevens' sone)."""
UNDER_DB = 6.0
"""How far "under" something lies, if both are measured and no number is given."""
MOST_DB = 40.0


class Levels:
    """Reads changes of level.

    Args:
        wishes: how much the comparative words mean to this user.
        targets: resolves what something is louder than.
    """

    def __init__(self, wishes: Preferences, targets: Targets) -> None:
        self.wishes = wishes
        self.much = wishes.number("much_factor")
        self.targets = targets

    def read(self, chunk: Chunk) -> Change | None:  # noqa: PLR0911
        """The change of level that a clause asks for; its words are taken from it."""
        if (measured := chunk.amount("lufs")) is not None:
            chunk.take("at")
            chunk.take("to")
            chunk.take("dim", "dir+", "dir-", "level+", "level-")
            chunk.take("param", "level")
            return self._measured(measured.number)
        if (drowned := self._drowned(chunk)) is not None:
            return drowned
        if (compared := self._compared(chunk)) is not None:
            return compared
        reached = any(
            one.has("to") and after.kind == "amount" and after.unit == "db"
            for one, after in zip(chunk.items, chunk.items[1:], strict=False)
        )
        db = chunk.amount("db")
        if db is not None and reached:
            raise LostError(f"To {db.text}, or by {db.text}? A level to reach is in LUFS.")
        times, percent = chunk.amount("times"), chunk.amount("pct")
        doubled = chunk.take("twice") if chunk.has("dim", "level+!", "level-!") else None
        halved = (
            chunk.take("half_as") or chunk.take("half")
            if chunk.has("dim", "level+!", "level-!")
            else None
        )
        sign = comparison(chunk, "level") or base_level(
            chunk, asked=bool(times or doubled or halved)
        )
        if not sign:
            sign = self._by_verb(chunk, db)
        if doubled or halved or times:
            while chunk.take("rel", "as"):
                pass
            up = doubled is not None or (times is not None and times.number > 1)
            return self.levelled(LOUDNESS_DB if up else -LOUDNESS_DB)
        if percent is not None and sign:
            share = 1 + sign * percent.number / 100
            if share <= 0:
                raise LostError(f"{percent.text} leaves nothing: mute or remove it.")
            return self.levelled(round(20 * math.log10(share), 2))
        bare = None if db or not sign else chunk.bare()
        bare = bare or (self._signed(chunk) if not db and not sign else None)
        if not (db or sign or bare):
            return None
        return self._stepped(chunk, db or bare, sign)

    def _drowned(self, chunk: Chunk) -> Change | None:
        """Of "can't hear X over Y", "X is drowning Y", "X sticks out": X is what changes."""
        sign = 0
        if (place := chunk.find("dim", "unheard")) >= 0:
            sign = 1
            over = next((n for n in range(place + 1, len(chunk.items)) if _leads(chunk, n)), -1)
            if over > 0:
                _drop_phrase(chunk, over)  # "lost under the rain", "can't hear her over the rain"
        elif (place := chunk.find("masks")) >= 0:
            sign = -1
            _drop_phrase(chunk, place + 1)
        elif (place := chunk.find("loudfault")) >= 0:
            sign = -1
        elif (place := chunk.find("quietfault")) >= 0:
            sign = 1
        if not sign:
            return None
        chunk.take_at(place)
        chunk.take("mod", "too", "toomuch")
        db = chunk.amount("db")
        bare = None if db else chunk.bare()
        if number := db or bare:
            chunk.take("dim", "level+", "level-", "dir+", "dir-")
            return self.levelled(sign * abs(number.number))._replace(complaint=True)
        key = "louder_db" if sign > 0 else "quieter_db"
        step = round(self.wishes.number(key) * chunk.degree(self.much), 2)
        return self.levelled(sign * step)._replace(complaint=True)

    def _stepped(self, chunk: Chunk, number: Item | None, sign: int) -> Change:
        """By a number of decibels, or by what the words usually mean."""
        if wrong := chunk.amount("deg", "m", "hz", "st", "frames"):
            raise LostError(f"{wrong.text} is no change of level.")
        if number is None:
            key = "louder_db" if sign > 0 else "quieter_db"
            factor = chunk.degree(self.much)
            chunk.take("mod", "more")
            return self.levelled(sign * round(self.wishes.number(key) * factor, 2))
        chunk.degree(self.much)
        chunk.take("mod", "more", "less")
        signed = number.text[0] in "+-"
        if abs(number.number) > MOST_DB:
            raise LostError(f"{number.number:g} dB is out of reach: at most {MOST_DB:g} dB.")
        db = sign * abs(number.number) if sign else number.number
        return self.levelled(db)._replace(bare=not (sign or signed))

    @staticmethod
    def _signed(chunk: Chunk) -> Item | None:
        """A bare number with a sign: ``traffic -6``."""
        for item in chunk.items:
            if item.kind == "num" and item.text[0] in "+-":
                return chunk.take_at(chunk.items.index(item))
        return None

    @staticmethod
    def _by_verb(chunk: Chunk, db: Item | None) -> int:  # noqa: PLR0911
        """Up or down of general verbs: ``take 3 dB off``, ``add 2 dB``, ``too much``."""
        lost = chunk.find("verb", "remove")
        if lost >= 0 and chunk.after(lost).kind == "num":
            chunk.take_at(lost)
            return -1  # "lose about 4"
        if _pulled(chunk):
            return -1
        if db is not None:
            if chunk.take("mod", "less") or next(
                (chunk.take_at(n) for n, i in enumerate(chunk.items) if i.text == "back"), None
            ):
                return -1
            if chunk.has("verb", "remove") or any(one.text == "take" for one in chunk.items):
                chunk.take("verb", "remove")
                chunk.take("dim", "dir-")
                return -1
            if (
                chunk.take("verb", "add")
                or any(one.text == "give" for one in chunk.items)
                or chunk.take("mod", "more")
            ):
                return 1
            return 0
        if not chunk.changed and chunk.take("mod", "toomuch"):
            return -1
        if not chunk.changed and chunk.take("mod", "noenough"):
            return 1
        place = next(
            (n for n, item in enumerate(chunk.items) if item.has("mod", "less", "more")), -1
        )
        after = chunk.after(place) if place >= 0 else Item("")
        if any(after.has(kind) for kind in ("name", "noun", "pron")):
            return 1 if chunk.take_at(place).has("mod", "more") else -1
        return 0

    def _measured(self, lufs: float) -> Change:
        """To a loudness: an event's against what was measured of it."""
        levels = self.targets.situation.levels

        def make(target: Target) -> Iterator[Operation]:
            refuse_parts(target)
            if target.event.id not in levels:
                raise LostError(f"How loud {target.event.label} is was not measured.")
            change = round(lufs - levels[target.event.id], 2)
            if abs(change) > MOST_DB:
                raise LostError(f"{target.event.label} would change by {change:+.1f} dB.")
            yield AdjustLevel(event_id=target.event.id, change_db=change)

        return Change(make, name="loudness", scene_db=lufs)

    def _compared(self, chunk: Chunk) -> Change | None:
        """``louder than the first``, ``as loud as the door``, ``3 dB under the creek``."""
        if chunk.changed:
            return None  # "under the paws" says where
        than = chunk.find("rel", "than")
        under, over = chunk.find("rel", "under"), chunk.find("rel", "over")
        equal = [n for n, item in enumerate(chunk.items) if item.has("rel", "as")]
        if than >= 0:
            sign = comparison(chunk, "level")
            if not sign:
                return None
            place = chunk.find("rel", "than")
        elif (
            len(equal) >= 2
            and chunk.has("dim", "level+!", "level-!")
            and not chunk.has("twice")
            and not chunk.has("half_as")
        ):
            chunk.take("dim", "level+!", "level-!")
            chunk.take("rel", "as")
            place, sign = chunk.find("rel", "as"), 0
        elif under >= 0 or over >= 0:
            place = under if under >= 0 else over
            rest = chunk.items[place + 1 :]
            if not any(one.has("name") or one.has("noun") for one in rest):
                return None
            sign = -1 if under >= 0 else 1
            chunk.take("dim", "level-", "level+", "dir-", "dir+")
            place = chunk.find("rel", "under") if under >= 0 else chunk.find("rel", "over")
        else:
            return None
        chunk.take_at(place)
        reference = phrase_after(chunk, place)
        db = chunk.amount("db")
        step = (
            abs(db.number)
            if db
            else (
                UNDER_DB
                if than < 0 and sign
                else self.wishes.number("louder_db") * chunk.degree(self.much)
            )
        )
        return self._against(reference, sign * step)

    def _against(self, reference: Items, step_db: float) -> Change:
        """A level so many dB from another sound's, or from another hit's of the same sound."""

        def make(target: Target) -> Iterator[Operation]:
            event = target.event
            counted = [item for item in reference if item.kind in ("nth", "at")]
            named = any(
                item.has("name") or item.has("noun") or item.has("card") for item in reference
            )
            if counted and target.hits and (not named or self._same(reference, target)):
                other = event.hits[hits_of(event, reference, event.label)[0] - 1].gain_db
                for number in target.hits:
                    change = round(other + step_db - event.hits[number - 1].gain_db, 2)
                    if change:
                        yield AdjustLevel(event_id=event.id, change_db=change, hits=(number,))
                return
            if target.hits and any(item.has("quant", "else", "other") for item in reference):
                yield from _above_others(target, step_db)
                return
            refuse_parts(target)
            before = self.targets.last
            picks = self.targets.resolve(reference)
            self.targets.last = before
            levels = self.targets.situation.levels
            keys = [one.event.id for one in picks]
            if event.id not in levels or any(key not in levels for key in keys):
                raise LostError("How loud they are was not measured: say it in dB.")
            wanted = max(levels[key] for key in keys) + step_db
            change = round(wanted - levels[event.id], 2)
            if step_db and change * step_db < 0:
                raise LostError(f"{event.label} is so already: by how many dB shall it change?")
            if change:
                yield AdjustLevel(event_id=event.id, change_db=change)

        return Change(make, name="compared")

    def _same(self, reference: Items, target: Target) -> bool:
        pool = self.targets.naming.pool([item for item in reference if not is_silent(item)])
        return any(event.id == target.event.id for event in pool)

    @staticmethod
    def levelled(db: float) -> Change:
        """A change of level by decibels."""

        def make(target: Target) -> Iterator[Operation]:
            start, end = target.stretch or (None, None)
            yield AdjustLevel(
                event_id=target.event.id, change_db=db, hits=target.hits, from_s=start, to_s=end
            )

        return Change(make, db, name="level")


def _above_others(target: Target, step_db: float) -> Iterator[Operation]:
    """Hits so many dB above, or below, the loudest or quietest other hit of their event."""
    gains = [hit.gain_db for hit in target.event.hits]
    others = [gain for number, gain in enumerate(gains, 1) if number not in target.hits]
    if not others:
        raise LostError(f"{target.event.label} has no other hits.")
    wanted = (max(others) if step_db > 0 else min(others)) + step_db
    for number in target.hits:
        change = round(wanted - gains[number - 1], 2)
        if change * step_db > 0:
            yield AdjustLevel(event_id=target.event.id, change_db=change, hits=(number,))


def _pulled(chunk: Chunk) -> bool:
    """Whether a clause says "pull it 3": a number alone, and no other way to go."""
    pulls = any(item.text == "pull" for item in chunk.items)
    number = any(item.kind == "num" for item in chunk.items)
    elsewhere = any(
        item.has("side") or item.has("dim") or item.has("edge") or item.kind in ("at", "amount")
        for item in chunk.items
    )
    return pulls and number and not elsewhere


def _leads(chunk: Chunk, place: int) -> bool:
    """Whether a word leads to what a sound is not heard for."""
    item = chunk.items[place]
    leads = item.has("by") or item.has("over") or item.has("rel", "over", "under", "with")
    return leads or item.text in ("in", "against")


def _drop_phrase(chunk: Chunk, place: int) -> None:
    """Take what stands for the sound that is drowned, or that drowns it: it does not change."""
    while place < len(chunk.items) and not chunk.items[place].kind:
        item = chunk.items[place]
        if item.has("dim") or item.has("verb") or item.has("reason"):
            break
        chunk.take_at(place)
