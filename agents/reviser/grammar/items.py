"""Items: a request as the grammar sees it, with numbers, times and ordinals put together."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from foley_designer.agents.reviser.grammar.words import Reading
from foley_designer.core.clip import Clip
from foley_designer.core.timecode import from_timecode, time_of

Value = str | float | tuple[float, ...]
SECONDS = {"s": 1.0, "min": 60.0, "ms": 0.001}
"""Seconds in a unit of time."""
_ARTICLES = frozenset({"a", "an", "ein", "eine", "einen", "einem", "einer", "un", "une", "una"})


class Item(NamedTuple):
    """A word, a phrase or a group, with all that it can mean.

    ``readings`` come from the lexica. What is put together has one kind and a value: ``amount``
    (number) with its unit in ``unit``; ``clock`` (s); ``range`` (s, s); ``at``, ``to``, ``over``,
    ``starts``, ``stops``, ``last``, ``first`` (s); ``nth`` (ordinals), ``every`` (n).
    """

    text: str
    readings: tuple[Reading, ...] = ()
    kind: str = ""
    value: Value = ""
    unit: str = ""

    def has(self, kind: str, *values: str) -> bool:
        """Whether it can be read so; no values allow any."""
        if self.kind:
            return self.kind == kind
        return any(
            one.kind == kind and (not values or one.value in values) for one in self.readings
        )

    def reading(self, kind: str) -> str:
        """The value of its first reading of a kind; empty for none."""
        return next((one.value for one in self.readings if one.kind == kind), "")

    @property
    def number(self) -> float:
        """Its value as a number."""
        value = self.value if self.kind else self.reading("num")
        assert not isinstance(value, tuple)
        return float(value)


Items = list[Item]


def grouped(items: Sequence[Item], clip: Clip) -> Items:
    """Items with amounts, times and ordinals put together."""
    found = _amounts(_infinitive(_too(_halves(list(items)))), clip)
    found = _times(found, clip.duration_s)
    return _ordinals(found)


def seconds_of(text: str, clip: Clip) -> float | None:
    """Seconds of a clock or timecode, on the clip's own timecode where it carries one."""
    if re.fullmatch(r"\d{1,2}:\d{2}:\d{2}[:;]\d{2}", text):
        padded = text if text.index(":") == 2 else f"0{text}"
        try:
            frame = from_timecode(padded, clip.rate)
        except ValueError:
            return None
        begin = from_timecode(clip.timecode, clip.rate) if clip.timecode else 0
        return time_of(frame - begin if frame >= begin else frame, clip.rate)
    parts = [float(part) for part in re.split("[:;]", text)]
    seconds = sum(part * 60.0**power for power, part in enumerate(reversed(parts)))
    if len(parts) == 3 and seconds > clip.duration_s:  # minutes, seconds, frames
        return 60 * parts[0] + parts[1] + parts[2] * clip.frame_s
    return seconds


def _halves(items: Items) -> Items:
    """``in half a second`` as "in", "half a": nothing is halved there."""
    found: Items = []
    for item, after in zip(items, [*items[1:], Item("")], strict=True):
        if item.text == "in half" and after.text in _ARTICLES:
            found += [Item("in", (Reading("fill", ""),)), Item("half", (Reading("num", "0.5"),))]
        elif found and found[-1].text == "half" and item.text in _ARTICLES:
            continue
        else:
            found.append(item)
    return found


def _too(items: Items) -> Items:
    """``to loud`` as ``too loud``: nothing is brought to an adjective."""
    found = []
    for item, after in zip(items, [*items[1:], Item("")], strict=False):
        adjective = any(one.kind == "dim" and one.value.endswith("!") for one in after.readings)
        said = item.text == "to" and (adjective or after.has("fault")) and not after.has("name")
        found.append(item._replace(readings=(Reading("mod", "too"),)) if said else item)
    return found


def _infinitive(items: Items) -> Items:
    """Leave the "to" of an infinitive out: "get the glass to ring out"."""
    found = []
    for item, after in zip(items, [*items[1:], Item("")], strict=False):
        led = after.has("verb") or (after.has("dim") and not after.has("dim", "dir+", "dir-"))
        names = any(after.has(kind) for kind in ("name", "noun", "side", "edge", "attr", "unit"))
        if not (item.text == "to" and item.has("to") and led and not names):
            found.append(item)
    return found


def _amounts(items: Items, clip: Clip) -> Items:
    """Numbers with their units; clocks as seconds."""
    found: Items = []
    place = 0
    while place < len(items):
        item, size = items[place], 1
        after = items[place + 1] if place + 1 < len(items) else Item("")
        number = _number(item)
        if item.kind == "clock":
            seconds = seconds_of(item.text, clip)
            found.append(item._replace(value=seconds) if seconds is not None else Item(item.text))
        elif item.has("unit", "frames") and after.kind == "num" and item.text != "f":
            at = time_of(round(after.number), clip.rate)
            found.append(Item(f"{item.text} {after.text}", kind="clock", value=at))
            size = 2
        elif number is not None and (after.has("unit") and _is_unit(items, place + 1)):
            found.append(_amount(number, after, f"{item.text} {after.text}"))
            size = 2
            if half := _and_a_half(items, place + 2):
                once = _amount(number + 0.5, after, f"{item.text} {after.text} and a half")
                found[-1], size = once, 2 + half
            elif after.has("unit", "min") and (more := _seconds_on(items, place + 2)):
                clock = found[-1]
                found[-1] = clock._replace(value=clock.number + more[0])  # "one minute ten"
                size += more[1]
        elif item.text in _ARTICLES and _is_share(items, place):
            found.append(Item(f"{item.text} {after.text} of"))  # "a third of the way": no ordinal
            size = 3
        elif item.has("by") and (share := _fraction(items, place + 1)):
            found += [
                item,
                Item(f"a {items[place + 2].text}", kind="amount", value=share, unit="pct"),
            ]
            size = 3
        elif item.text in _ARTICLES and after.has("unit") and _is_unit(items, place + 1):
            found.append(_amount(1.0, after, f"{item.text} {after.text}"))
            size = 2
        else:
            found.append(item)
        place += size
    return found


def _and_a_half(items: Items, place: int) -> int:
    """How many items say "and a half" at a place."""
    words = " ".join(item.text for item in items[place : place + 3])
    for text in ("and a half", "and half a", "und eine halbe", "et demie", "y media", "et demi"):
        if words == text or words.startswith(f"{text} "):
            said = 0
            while " ".join(item.text for item in items[place : place + said]) != text:
                said += 1
                if said > 3:
                    return 0
            return said
    return 0


def _fraction(items: Items, place: int) -> float:
    """Percent of "a third", "a quarter"; 0 for none."""
    if place + 1 >= len(items) or items[place].text not in _ARTICLES:
        return 0.0
    return _FRACTIONS.get(items[place + 1].text, 0.0)


def _is_share(items: Items, place: int) -> bool:
    """Whether "a third of" stands at a place."""
    after = items[place + 1 : place + 3]
    return len(after) == 2 and after[0].text in _FRACTIONS and after[1].text == "of"


_FRACTIONS = {"third": 100 / 3, "quarter": 25.0, "half": 50.0, "tenth": 10.0}


def _seconds_on(items: Items, place: int) -> tuple[float, int] | None:
    """Seconds that follow minutes, and how many items say them: ``and ten seconds``, ``ten``."""
    start = place
    while place < len(items) and items[place].has("conj", "and"):
        place += 1
    if place >= len(items) or (number := _number(items[place])) is None or number >= 60:
        return None
    unit = items[place + 1] if place + 1 < len(items) else Item("")
    if unit.has("unit", "s"):
        return number, place + 2 - start
    return (number, 1) if place == start and not unit.has("unit") else None


def _number(item: Item) -> float | None:
    if item.kind == "num":
        return item.number
    return float(item.reading("num")) if item.has("num") else None


def _is_unit(items: Items, place: int) -> bool:
    """Whether a word that may be a unit is one: "a second bark" counts barks."""
    item = items[place]
    if not item.has("ord"):
        return True
    after = items[place + 1] if place + 1 < len(items) else Item("")
    return not (after.has("name") or after.has("noun"))


def _amount(number: float, unit: Item, text: str) -> Item:
    name = unit.reading("unit")
    if name == "khz":
        return Item(text, kind="amount", value=number * 1000, unit="hz")
    if name in SECONDS:
        return Item(text, kind="amount", value=number * SECONDS[name], unit="s")
    scale = {"oct": 12.0, "cents": 0.01, "st5": 7.0, "st4": 5.0, "st2": 2.0}.get(name)
    if scale:
        return Item(text, kind="amount", value=number * scale, unit="st")
    return Item(text, kind="amount", value=number, unit=name)


def is_time(item: Item) -> bool:
    """A clock, or an amount of seconds."""
    return item.kind == "clock" or (item.kind == "amount" and item.unit == "s")


def _times(items: Items, end_s: float) -> Items:
    """Prepositions with their times."""
    found: Items = []
    place = 0
    while place < len(items):
        for reader in (_range, _one_time):
            item, size = reader(items, place, end_s)
            if item is not None:
                found.append(item)
                place += size
                break
        else:
            found.append(items[place])
            place += 1
    return found


def _range(items: Items, place: int, end_s: float) -> tuple[Item | None, int]:
    """``from 2 to 4 s``, ``between 2 and 4``, ``2 to 4 s``."""
    opened = items[place].has("from") or items[place].has("between")
    first = place + 1 if opened else place
    part = items[first : first + 3]
    if len(part) < 3 or not (part[1].has("to") or (opened and part[1].has("conj"))):
        return None, 0
    if part[1].has("conj") and not items[place].has("between"):
        return None, 0
    low, high = part[0], part[2]
    counted = [one.kind == "num" or is_time(one) for one in (low, high)]
    timed = is_time(low) or is_time(high)
    if not all(counted) or not (timed or (opened and high.number <= end_s)):
        return None, 0
    begin, end = low.number, high.number
    if low.kind == "num" and "min" in high.text:  # from 1 to 2 minutes
        begin *= 60
    text = " ".join(one.text for one in items[place : first + 3])
    return Item(text, kind="range", value=(begin, end)), first + 3 - place


def _one_time(  # noqa: PLR0911, PLR0912
    items: Items, place: int, end_s: float
) -> tuple[Item | None, int]:
    """A preposition and one time."""
    item = items[place]
    after = items[place + 1] if place + 1 < len(items) else Item("")
    text = f"{item.text} {after.text}"
    if not is_time(after):
        bare = after.kind == "num" and not (place + 2 < len(items) and items[place + 2].has("unit"))
        if not bare or after.text[0] in "+-":
            return None, 0
        for kind, name in (("start_at", "starts"), ("stop_at", "stops")):
            if item.has(kind) and after.number <= end_s:
                return Item(text, kind=name, value=after.number), 2
        decimal = "." in after.text and after.number <= end_s
        if decimal and item.has("at") and item.text.endswith("at"):
            return Item(text, kind="at", value=after.number), 2
        if item.has("from") and after.number < end_s:
            return Item(text, kind="range", value=(after.number, end_s)), 2
        for kind in ("over", "for_last"):
            if item.has(kind):
                name = "last" if kind == "for_last" else kind
                return Item(text, kind=name, value=after.number), 2
        return None, 0
    time = after.number
    if item.has("for_last"):
        return Item(text, kind="last", value=time), 2
    if item.has("for_first"):
        return Item(text, kind="first", value=time), 2
    if item.has("from"):
        size = 3 if place + 2 < len(items) and items[place + 2].has("onwards") else 2
        return Item(text, kind="range", value=(time, end_s)), size
    if item.has("after"):
        return Item(text, kind="range", value=(time, end_s)), 2
    if item.has("before"):
        return Item(text, kind="range", value=(0.0, time)), 2
    rest = items[place + 2 : place + 4]
    late = after.kind == "amount" and any(one.has("mod", "too") or one.has("dim") for one in rest)
    for kind, name in (("start_at", "starts"), ("stop_at", "stops"), ("at", "at"), ("to", "to")):
        if item.has(kind) and late and not item.text.endswith(("at", "on", "to")):
            return None, 0  # "starts half a second too late"
        if item.has(kind):
            return Item(text, kind=name, value=time), 2
    if item.has("over") and after.kind == "amount":
        return Item(text, kind="over", value=time), 2
    if item.has("ord", "-1") and after.kind == "amount":
        return Item(text, kind="last", value=time), 2
    if item.has("ord", "1") and after.kind == "amount":
        return Item(text, kind="first", value=time), 2
    return None, 0


def _ordinals(items: Items) -> Items:
    """``first and third``, ``first three``, ``last two``, ``every second``, ``hits 2 and 4``."""
    found: Items = []
    place = 0
    while place < len(items):
        item = items[place]
        if item.has("every"):
            found.append(Item(item.text, kind="every", value=item.reading("every")))
            place += 1
            continue
        size, numbers = _listed(items, place)
        if numbers:
            text = " ".join(one.text for one in items[place : place + size])
            found.append(Item(text, kind="nth", value=numbers))
            place += size
            continue
        found.append(item)
        place += 1
    return found


def _listed(items: Items, place: int) -> tuple[int, tuple[float, ...]]:
    """Ordinals or hit numbers in a row, and how many items they take."""
    item = items[place]
    before = items[place - 1] if place else Item("")
    if item.has("ord") and item.reading("ord").lstrip("-").isdigit() and not item.has("verb"):
        after = items[place + 1] if place + 1 < len(items) else Item("")
        count = _number(after)
        ordinal = int(item.reading("ord"))
        if count and ordinal in (1, -1) and after.kind != "amount" and count == int(count):
            run = range(1, int(count) + 1)
            return 2, tuple(float(ordinal * n) for n in run)
        return _row(items, place, lambda one: one.reading("ord"))
    after = items[place + 1] if place + 1 < len(items) else Item("")
    free = not (after.has("unit") or after.has("side"))
    if item.kind == "num" and item.text.isdigit() and _counts_hits(before) and free:
        return _row(items, place, lambda one: one.text if one.kind == "num" else "")
    if item.has("num") and item.reading("num").isdigit() and _counts_hits(before) and free:
        size, numbers = _row(items, place, lambda one: one.reading("num"))
        return (size, numbers) if len(numbers) > 1 else (0, ())  # "chops one to four"
    return 0, ()


def _counts_hits(before: Item) -> bool:
    return before.has("noun", "hit", "footstep") or before.has("hitword") or before.has("name")


def _row(items: Items, place: int, number: Callable[[Item], str]) -> tuple[int, tuple[float, ...]]:
    """Numbers divided by "and", commas or fillers; ``2 to 4`` is a row too."""
    first = float(number(items[place]))
    found, last, at = [first], place, place + 1
    while at < len(items):
        gap = at
        while at < len(items) and (
            items[at].has("conj", "and") or items[at].text == "," or items[at].has("fill")
        ):
            at += 1
        through = at < len(items) and items[at].has("to") and gap == at
        at += through
        if at >= len(items) or at == gap:
            break
        value = number(items[at])
        if not re.fullmatch(r"-?\d+", value) or items[at].has("every"):
            break
        after = items[at + 1] if at + 1 < len(items) else Item("")
        if items[at].kind == "num" and after.has("unit"):
            break
        found += range(int(found[-1]) + 1, int(value) + 1) if through else [float(value)]
        last, at = at, at + 1
    return last + 1 - place, tuple(float(one) for one in found)
