"""Mixers' words: what "boxy", "more weight" or "roll off the top" ask of equaliser and dynamics."""

from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

import yaml

from foley_designer.agents.reviser.changes.making import Change, each
from foley_designer.agents.reviser.grammar.chunk import Chunk, LostError
from foley_designer.agents.reviser.grammar.items import Item
from foley_designer.agents.reviser.speech import words_of
from foley_designer.core.mix.processing import Futz
from foley_designer.core.revision.sounding import Compress, Equalise, Filter, HearThrough
from foley_designer.memory.preferences import Preferences

STEP_DB = 3.0
"""What "more weight" adds: within the 2 to 4 dB that an editor carves at a time."""
LOW_CUT_HZ, HIGH_CUT_HZ = 100.0, 8000.0
"""Where a roll-off lies that is given no frequency."""
MUFFLED_HZ = 1500.0
COMPRESSED = 0.35
"""What "compress it" is, of 0 to 1; "a little" is half of that."""


@cache
def recipes() -> dict[str, Any]:
    """Qualities and cures."""
    file = resources.files("foley_designer.agents.reviser") / "lexica" / "recipes.yaml"
    return dict(yaml.safe_load(file.read_text(encoding="utf-8")))


def quality(name: str, db: float) -> Change:
    """More of a quality, or less, by so many dB."""

    def make(event_id: str) -> Iterator[Equalise]:
        for band in recipes()["qualities"][name]:
            yield Equalise(
                event_id=event_id,
                shape=band["shape"],
                frequency_hz=band["hz"],
                gain_db=round(db * band["share"], 2),
                q=band["q"],
            )

    return each(make)


class Equaliser:
    """Reads what a clause wants of equaliser and dynamics.

    Args:
        wishes: how much the comparative words mean to this user.
    """

    def __init__(self, wishes: Preferences) -> None:
        self.much = wishes.number("much_factor")

    def read(self, chunk: Chunk) -> Change | None:
        """The first such change; its words are taken from the clause."""
        for reader in (
            self._cut,
            self._at_frequency,
            self._through,
            self._compression,
            self._quality,
            self._fault,
        ):
            change = reader(chunk)
            if change is not None:
                return change
        return None

    def _cut(self, chunk: Chunk) -> Change | None:
        """Low and high cuts, rolled off or by name."""
        low, high = chunk.take("verb", "low_cut"), chunk.take("verb", "high_cut")
        if low or high:
            chunk.take("at") or chunk.take("by")
            hz = chunk.amount("hz")
            bare = None if hz else chunk.bare()
            if chunk.take("verb", "remove") or chunk.take("verb", "remove_no"):
                return _filter("low" if low else "high", None)
            _drop(chunk, "verb")
            _drop(chunk, "at")
            value = hz.number if hz else _frequency(bare) if bare else None
            return _filter("low" if low else "high", value or (LOW_CUT_HZ if low else HIGH_CUT_HZ))
        below, above = chunk.find("rel", "under"), chunk.find("rel", "over")
        place = below if below >= 0 else above
        if place >= 0 and (after := chunk.after(place)).kind == "amount" and after.unit == "hz":
            hz = chunk.amount("hz")
            chunk.take("rel", "under", "over")
            _drop(chunk, "verb")
            _drop(chunk, "quant")
            _drop(chunk, "dim", "dir-", "dir+")
            _drop(chunk, "pron", "it") if len(chunk.said()) > 1 else None
            assert hz is not None
            return _filter("low" if below >= 0 else "high", hz.number)
        return self._rolled_off(chunk)

    def _rolled_off(self, chunk: Chunk) -> Change | None:
        if not chunk.has("verb", "roll_off"):
            return None
        part = chunk.take("eq")
        hz = chunk.amount("hz")
        edge = chunk.find("rel", "under", "over")
        if hz is None and edge >= 0 and chunk.after(edge).kind == "num":
            below, number = chunk.take_at(edge).has("rel", "under"), chunk.bare()
            assert number is not None
            chunk.take("verb", "roll_off")
            return _filter("low" if below else "high", _frequency(number))
        if part is None and hz is None:
            return None
        chunk.take("verb", "roll_off")
        _drop(chunk, "at")
        name = part.reading("eq").rstrip("+-") if part else ""
        if name in ("weight", "bass", "rumble", "mud") or (not part and hz and hz.number < 1000):
            return _filter("low", hz.number if hz else LOW_CUT_HZ)
        return _filter("high", hz.number if hz else HIGH_CUT_HZ)

    def _at_frequency(self, chunk: Chunk) -> Change | None:
        """``-3 dB at 400 Hz``."""
        if not any(item.kind == "amount" and item.unit == "hz" for item in chunk.items):
            return None
        hz = chunk.amount("hz")
        assert hz is not None
        db = chunk.amount("db") or chunk.bare()
        sign = _direction(chunk)
        _drop(chunk, "at")
        _drop(chunk, "rel", "over")
        if db is None and sign is None:
            if chunk.has("cutoff") and chunk.take("cutoff"):
                return _filter("low" if hz.number < 1000 else "high", hz.number)
            raise LostError(f"What shall happen at {hz.text}?")
        size = abs(db.number) if db else STEP_DB * chunk.degree(self.much)
        way = sign if sign is not None else (1 if db is None or db.number > 0 else -1)
        if db is not None and sign is None and db.text[0] not in "+-":
            raise LostError(f"Up or down: {db.text} at {hz.text}?")
        if size > 18:
            raise LostError(f"{size:g} dB is out of the equaliser's reach: at most 18 dB.")

        def make(event_id: str) -> Iterator[Equalise]:
            yield Equalise(
                event_id=event_id,
                shape="peak",
                frequency_hz=min(max(hz.number, 20.0), 20_000.0),
                gain_db=way * size,
                q=1.0,
            )

        return each(make)

    def _through(self, chunk: Chunk) -> Change | None:
        for value, device in (
            ("telephone", Futz.TELEPHONE),
            ("radio", Futz.RADIO),
            ("next_room", Futz.NEXT_ROOM),
        ):
            place = chunk.find("want", value)
            if place >= 0 and _is_likeness(chunk, place):
                raise LostError(f"Shall it be {chunk.items[place].text}, or does it sound so?")
            if chunk.take("want", value):
                return _heard_through(device)
        for place, item in enumerate(chunk.items):
            if item.has("want", "muffle") and not _complains(chunk, place):
                asked = chunk.after(place).has("pron") or any(
                    one.has("verb") for one in chunk.whole
                )
                if item.has("fault") and not asked:
                    raise LostError(f"Shall it be {item.text}, or sound less so?")
                chunk.take_at(place)
                factor = chunk.degree(self.much)
                _drop(chunk, "mod", "more")
                return _filter("high", round(MUFFLED_HZ * (2.0 if factor < 1 else 1.0), 0))
        return None

    def _compression(self, chunk: Chunk) -> Change | None:
        if chunk.take("want", "breathe"):
            return each(lambda key: iter((Compress(event_id=key, amount=0.0),)))
        if not chunk.take("verb", "compress"):
            return None
        factor = chunk.degree(self.much)
        off = chunk.take("verb", "remove") or chunk.take("mod", "less") or chunk.take("dim", "dir-")
        amount = 0.0 if off else min(COMPRESSED * factor, 1.0)
        chunk.take("mod", "more", "noenough")
        return each(lambda key: iter((Compress(event_id=key, amount=round(amount, 3)),)))

    def _quality(self, chunk: Chunk) -> Change | None:
        place = chunk.find("eq")
        if place < 0 or chunk.items[place].has("verb", "quantise"):
            return None
        item = chunk.items[place]
        name = item.reading("eq")
        if name[-1] in "+-":  # warmer, brighter
            chunk.take_at(place)
            way = (1 if name[-1] == "+" else -1) * (-1 if chunk.take("mod", "less") else 1)
            _drop(chunk, "mod", "more", "noenough")
            return quality(name.rstrip("+-"), way * self._size(chunk))
        chunk.take_at(place)
        db = chunk.amount("db")
        sign = _direction(chunk)
        if sign is None and db is not None and db.text[0] in "+-":
            sign = 1 if db.number > 0 else -1
        if sign is None and chunk.has("fault"):  # "its top end is hissy"
            return self._fault(chunk)
        if sign is None:
            raise LostError(f"More {item.text}, or less?")
        size = abs(db.number) if db else self._size(chunk)
        return quality(name, sign * min(size, 18.0))

    def _size(self, chunk: Chunk) -> float:
        db = chunk.amount("db")
        return abs(db.number) if db else STEP_DB * chunk.degree(self.much)

    def _fault(self, chunk: Chunk) -> Change | None:
        place = chunk.find("fault")
        if place < 0:
            return None
        if chunk.after(place).has("name") and not chunk.before(place).has("mod"):
            return None
        item = chunk.take_at(place)
        fault = item.reading("fault")
        told = any(
            item.text.startswith("should") or item.text in ("make", "mach", "fais", "haz")
            for item in chunk.items
        )
        wanted = (bool(chunk.take("mod", "more")) and not chunk.has("is")) or (
            told and not chunk.has("mod", "too", "less") and not chunk.has("neg")
        )
        if wanted and item.has("attr"):
            raise LostError(f"Shall it be {item.text}, or sound less so?")
        chunk.take("mod", "too", "less", "toomuch")
        if chunk.has("neg", "not"):
            if not told and chunk.has("is"):
                raise LostError(f"Shall it sound {item.text}, or does it not?")
            chunk.take("neg", "not")
            wanted = False
        if fault == "flat":
            return each(lambda key: iter((Compress(event_id=key, amount=0.0),)))
        if fault == "jumpy":
            return each(lambda key: iter((Compress(event_id=key, amount=COMPRESSED),)))
        cure = recipes()["cures"][fault]
        sign = (1 if cure[-1] == "+" else -1) * (-1 if wanted else 1)
        return quality(cure.rstrip("+-"), sign * self._size(chunk))


_GIVING = words_of("give gives add needs need wants put throw bring gib donne da dale mets pon") | {
    "could use",
    "can use",
}
"""Verbs that give a sound a quality."""


def _is_likeness(chunk: Chunk, place: int) -> bool:
    """Whether "like it is next door" says how a sound sounds now: behind "sounds", unbidden."""
    now = any(item.text in ("sounds", "sound") for item in chunk.items[:place])
    told = any(item.has("verb", "do") for item in chunk.items)
    return now and chunk.items[place].text.startswith(("like", "as if")) and not told


def _complains(chunk: Chunk, place: int) -> bool:
    """Whether a word such as "muffled" says what is wrong, rather than what is wanted."""
    before = chunk.before(place)
    said = before.has("mod", "too", "less", "toomuch", "still") or before.has("is")
    return said and not chunk.has("verb", "do") and not before.text.startswith("should")


def _direction(chunk: Chunk) -> int | None:
    """Take the words that say more or less of a quality; None if none does."""
    for kind, values, sign in (
        ("mod", ("toomuch",), -1),
        ("mod", ("too",), -1),
        ("mod", ("less",), -1),
        ("mod", ("noenough",), 1),
        ("mod", ("more",), 1),
        ("dim", ("level-", "dir-"), -1),
        ("dim", ("level+", "dir+"), 1),
        ("verb", ("remove", "scoop", "notch", "remove_no", "mute"), -1),
        ("verb", ("add", "boost"), 1),
    ):
        found = False
        while (place := _place(chunk, kind, values)) >= 0:
            chunk.take_at(place)
            found = True
        if found:
            if kind == "verb":
                chunk.take("edge", "out")
            _drop(chunk, "mod", "more", "enough")
            if kind == "mod" and "more" not in values:
                _drop(chunk, "neg", "not")
            return sign
    if any(item.text in _GIVING for item in chunk.items):
        return 1
    return None


def _place(chunk: Chunk, kind: str, values: tuple[str, ...]) -> int:
    return next((n for n, item in enumerate(chunk.items) if item.has(kind, *values)), -1)


def _drop(chunk: Chunk, kind: str, *values: str) -> None:
    """Take all words of a kind that don't name a sound."""
    while (place := chunk.find(kind, *values)) >= 0:
        if chunk.items[place].has("name") or chunk.items[place].kind in ("at",):
            return
        chunk.take_at(place)


def _frequency(bare: Item) -> float:
    """Hertz of a number without its unit: below 20 it must be kilohertz."""
    return bare.number * 1000 if bare.number < 20 else bare.number


def _filter(cut: str, hz: float | None) -> Change:
    if hz is not None and not 20 <= hz <= 20_000:
        raise LostError(f"{hz:g} Hz is not heard.")
    return each(
        lambda key: iter(
            (Filter.model_validate({"event_id": key, "cut": cut, "frequency_hz": hz}),)
        )
    )


def _heard_through(device: Futz) -> Change:
    return each(lambda key: iter((HearThrough(event_id=key, device=device),)))
