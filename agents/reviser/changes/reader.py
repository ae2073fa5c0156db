"""Changes: what one clause wants done to its target, read word by word."""

from collections.abc import Callable, Iterator

from foley_designer.agents.reviser.changes.comparing import comparison
from foley_designer.agents.reviser.changes.equalising import Equaliser
from foley_designer.agents.reviser.changes.levels import Levels
from foley_designer.agents.reviser.changes.making import (
    Change,
    each,
    phrase_after,
    refuse_parts,
    trimmed_off,
)
from foley_designer.agents.reviser.changes.placing import FURTHER, NEARER, Placer
from foley_designer.agents.reviser.changes.timing import Timer
from foley_designer.agents.reviser.grammar.chunk import Chunk, LostError, is_silent
from foley_designer.agents.reviser.grammar.items import Item, Items
from foley_designer.agents.reviser.grammar.targets import Target, Targets
from foley_designer.core.revision import sounding
from foley_designer.core.revision.operations import (
    AdjustDistance,
    AdjustReverb,
    ChangeLayer,
    ChangePerformance,
    ChangePerspective,
    Operation,
    RemoveEvent,
    Retake,
)
from foley_designer.core.script.observation import ShotSize
from foley_designer.core.script.performance import Layer
from foley_designer.core.space import Space
from foley_designer.memory.preferences import Preferences

DUCK_DB = 4.0
"""A dip that is given no depth: Foley makes room by 3 to 4 dB."""
WIDER = 0.4
"""What "wider" adds to a width of 1."""
FORCE_STEP, WET_STEP, PITCH_STEP_ST = 0.2, 0.4, 2.0


class ChangeReader:
    """Reads what clauses want.

    Args:
        wishes: how much the comparative words mean to this user.
        targets: resolves what else a change names, such as what it is louder than.
    """

    def __init__(self, wishes: Preferences, targets: Targets) -> None:
        self.wishes = wishes
        self.much = wishes.number("much_factor")
        self.targets = targets
        self.equaliser = Equaliser(wishes)
        self.timer = Timer(wishes, targets)
        self.placer = Placer(wishes)
        self.levels = Levels(wishes, targets)
        self._readers: tuple[Callable[[Chunk], Change | None], ...] = (
            self._switch,
            self._duck,
            self._retake,
            self._room,
            self._perspective,
            self._layer,
            self._wetness,
            self._width,
            self._pitch,
            self._speed,
            self.equaliser.read,
            self._reverb,
            self.timer.read,
            self.placer.read,
            self._play,
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

    def _duck(self, chunk: Chunk) -> Change | None:
        off = chunk.take("verb", "unduck")
        if not off and not chunk.take("verb", "duck"):
            return None
        db = chunk.amount("db")
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

    def _retake(self, chunk: Chunk) -> Change | None:
        place = chunk.find("verb", "take")
        if place >= 0 and (after := chunk.after(place)).kind in ("num", "nth"):
            number = after.value[0] if isinstance(after.value, tuple) else after.number
            chunk.take_at(place)
            chunk.items.remove(after)
            return each(
                lambda key: iter((sounding.ChooseTake(event_id=key, take=int(float(number))),))
            )
        if chunk.take("verb", "retake"):
            return each(lambda key: iter((Retake(event_id=key),)), name="retake")
        return None

    def _room(self, chunk: Chunk) -> Change | None:
        """A space for one sound: ``the chain in a big church``."""
        place = next((n for n, item in enumerate(chunk.items) if item.has("space")), -1)
        if place < 0 or (chunk.items[place].has("name") and not chunk.before(place).has("wear")):
            return None
        before = chunk.before(place)
        if not (
            before.has("wear")
            or before.text in ("in", "inside", "into", "big", "large", "like")
            or before.has("dim", "size+!", "size-!")
            or before.has("over")
        ):
            return None
        space = Space(chunk.items[place].reading("space"))
        chunk.take_at(place)
        for word in ("wear", "over"):
            chunk.take(word)
        chunk.take("dim", "size+!", "size-!")
        return each(lambda key: iter((sounding.SetRoom(event_id=key, space=space),)), name="room")

    def _perspective(self, chunk: Chunk) -> Change | None:
        item = chunk.take("view")
        if item is None:
            return None
        chunk.take("wear")
        size = ShotSize(item.reading("view"))
        return each(lambda key: iter((ChangePerspective(event_id=key, size=size),)))

    def _layer(self, chunk: Chunk) -> Change | None:
        item = chunk.take("to_layer")
        place = chunk.find("layer") if item is None else -1
        if place >= 0 and not chunk.items[place].has("noun"):
            verbs = any(one.text in ("put", "move", "place", "push", "send") for one in chunk.items)
            named = any(one.has("name") or one.has("noun") for one in chunk.items)
            if verbs and named and chunk.items[place].text.startswith("in"):
                item = chunk.take_at(place)
                chunk.take("to")
        if item is None:
            return None
        wanted = Layer(item.reading("to_layer") or item.reading("layer"))

        def make(target: Target) -> Iterator[Operation]:
            refuse_parts(target)
            event = target.event
            if event.layer is not wanted:
                yield ChangeLayer(event_id=event.id, layer=wanted)
            else:
                factor = NEARER if wanted is Layer.FOREGROUND else FURTHER
                yield AdjustDistance(event_id=event.id, factor=round(factor, 2))

        return Change(make, name="layer")

    def _wetness(self, chunk: Chunk) -> Change | None:
        """Wet and dry before a surface mean the surface, not the reverberation."""
        for place, item in enumerate(chunk.items):
            after = chunk.items[place + 1] if place + 1 < len(chunk.items) else Item("")
            if not item.has("dim", "wet+", "wet-", "wet+!", "wet-!") or item.has("name"):
                continue
            if not (after.has("attr") or after.has("name") or after.has("noun", "leaf")):
                continue
            value = item.reading("dim") if item.reading("dim").startswith("wet") else ""
            value = value or next(r.value for r in item.readings if r.value.startswith("wet"))
            chunk.take_at(place)
            step = (WET_STEP if value[3] == "+" else -WET_STEP) * chunk.degree(self.much)

            def make(target: Target, value: str = value, step: float = step) -> Iterator[Operation]:
                refuse_parts(target)
                now = target.event.performance.wetness
                wet = {"wet+!": 0.7, "wet-!": 0.0}.get(value, min(max(now + step, 0.0), 1.0))
                yield ChangePerformance(event_id=target.event.id, wetness=round(wet, 2))

            return Change(make, name="wet")
        return None

    def _width(self, chunk: Chunk) -> Change | None:
        if chunk.take("want", "mono"):
            return each(lambda key: iter((sounding.SetWidth(event_id=key, width=0.0),)))
        if chunk.take("want", "stereo"):
            return each(lambda key: iter((sounding.SetWidth(event_id=key, width=1.0),)))
        sign = comparison(chunk, "width")
        if not sign:
            return None
        step = sign * WIDER * chunk.degree(self.much)

        def make(target: Target) -> Iterator[Operation]:
            refuse_parts(target)
            width = min(max(target.event.treatment.width + step, 0.0), 2.0)
            yield sounding.SetWidth(event_id=target.event.id, width=round(width, 3))

        return Change(make, name="width")

    def _pitch(self, chunk: Chunk) -> Change | None:
        amount = next(
            (one for one in chunk.items if one.kind == "amount" and one.unit == "st"), None
        )
        sign = comparison(chunk, "pitch")
        if not sign and amount is None:
            return None
        if amount is not None:
            chunk.items.remove(amount)
            chunk.take("by")
        if not sign and amount is not None:
            low = chunk.take("dim", "dir-", "level-", "level-!")
            high = None if low else chunk.take("dim", "dir+", "level+")
            sign = (
                -1
                if low
                else 1
                if high or amount.text[0] in "+"
                else -1
                if amount.text[0] == "-"
                else 0
            )
            if not sign:
                raise LostError(f"{amount.text} up or down?")
        size = abs(amount.number) if amount else PITCH_STEP_ST * chunk.degree(self.much)
        if size > 24:
            raise LostError(f"{size:g} semitones are out of reach: at most 24.")
        return each(
            lambda key: iter((sounding.ShiftPitch(event_id=key, change_st=sign * size),)),
            name="pitch",
        )

    def _speed(self, chunk: Chunk) -> Change | None:
        named = chunk.has("param", "speed") or chunk.has(
            "dim", "speed+", "speed-", "speed+!", "speed-!"
        )
        if not named:
            return None
        if any(item.has("walk") for item in chunk.items):
            raise LostError("Steps keep the times that the picture gives them: move or copy hits.")
        times = None
        if chunk.take("twice") or chunk.take("half_as") or chunk.take("half"):
            times = (
                0.5
                if {"half", "half as"} & set(chunk.taken)
                or chunk.taken[-1].startswith(("halb", "moitie", "mitad", "la mitad", "a la mitad"))
                else 2.0
            )
        elif amount := chunk.amount("times"):
            times = amount.number
        elif amount := chunk.amount("pct"):
            times = amount.number / 100
        sign = comparison(chunk, "speed")
        while chunk.take("rel", "as"):
            pass
        chunk.take("dim", "speed+!", "speed-!", "speed-")
        chunk.take("param", "speed")
        chunk.take("at")
        if times is None and not sign:
            return None
        factor = times or 1.25 ** (sign * chunk.degree(self.much))
        if not 0.25 <= factor <= 4:
            raise LostError(f"{factor:g} times as fast is out of reach: 0.25 to 4.")
        return each(
            lambda key: iter((sounding.ChangeSpeed(event_id=key, factor=round(factor, 4)),)),
            name="speed",
        )

    def _reverb(self, chunk: Chunk) -> Change | None:
        sign = comparison(chunk, "reverb")
        if not sign and (place := chunk.find("dim", "reverb-!fault")) >= 0:
            chunk.take_at(place)
            chunk.take("mod", "too", "less")
            sign = -1
        for value, way in (("wet+!", -1), ("wet-!", 1)):  # too wet, too dry
            place = chunk.find("dim", value)
            if not sign and place >= 0 and chunk.before(place).has("mod", "too"):
                chunk.take_at(place)
                chunk.take("mod", "too")
                sign = way
        if not sign:
            return None
        db = chunk.amount("db")
        size = abs(db.number) if db else self.wishes.number("reverb_db") * chunk.degree(self.much)

        def make(target: Target) -> Iterator[Operation]:
            refuse_parts(target)
            yield AdjustReverb(event_id=target.event.id, change_db=sign * size)

        return Change(make, name="reverb")

    def _play(self, chunk: Chunk) -> Change | None:
        """Harder, gentler, bigger: the same sound played otherwise."""
        for name in ("force", "size"):
            sign = comparison(chunk, name) or (self._attributive(chunk) if name == "force" else 0)
            if not sign:
                continue
            step = FORCE_STEP * sign * chunk.degree(self.much)

            def make(target: Target, name: str = name, step: float = step) -> Iterator[Operation]:
                if target.hits and name == "force":  # a single harder hit is a louder one
                    db = self.wishes.number("louder_db") * step / FORCE_STEP
                    yield from self.levels.levelled(db).make(target)
                    return
                refuse_parts(target)
                value = getattr(target.event.performance, name) + step
                clamped = round(min(max(value, 0.0), 1.0), 2)
                fields = {"event_id": target.event.id, name: clamped}
                yield ChangePerformance.model_validate(fields)

            return Change(make, name=name)
        return None

    @staticmethod
    def _attributive(chunk: Chunk) -> int:
        """``softer shoes``: an adjective before its noun says how it is played."""
        for place, item in enumerate(chunk.items[:-1]):
            after = chunk.items[place + 1]
            if item.text in ("softer", "soft") and (
                after.has("name") or after.has("noun") or after.has("attr")
            ):
                chunk.take_at(place)
                return -1
        return 0

    @staticmethod
    def _remove(chunk: Chunk) -> Change | None:
        place = next(
            (
                n
                for n, item in enumerate(chunk.items)
                if item.has("verb", "remove", "remove_no")
                and not (item.has("name") and len(chunk.items) == 1)
                and not _leads_out(chunk, n)
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
