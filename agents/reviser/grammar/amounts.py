"""Amounts: numbers of a request with their units, and clocks as seconds."""

import re

from foley_designer.agents.reviser.grammar.items import Item, Items, number_of
from foley_designer.core.clip import Clip
from foley_designer.core.timecode import from_timecode, time_of

SECONDS = {"s": 1.0, "min": 60.0, "ms": 0.001}
"""Seconds in a unit of time."""
ARTICLES = frozenset({"a", "an", "ein", "eine", "einen", "einem", "einer", "un", "une", "una"})


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


def amounts_of(items: Items, clip: Clip) -> Items:
    """Numbers with their units; clocks as seconds."""
    found: Items = []
    place = 0
    while place < len(items):
        for reader in (_clock, _counted, _shared):
            read = reader(items, place, clip)
            if read is not None:
                found += read[0]
                place += read[1]
                break
        else:
            found.append(items[place])
            place += 1
    return found


def _at(items: Items, place: int) -> Item:
    return items[place] if place < len(items) else Item("")


def _clock(items: Items, place: int, clip: Clip) -> tuple[Items, int] | None:
    """``01:02``, ``frame 30``, ``Sekunde 20``."""
    item, after = items[place], _at(items, place + 1)
    if item.kind == "clock":
        seconds = seconds_of(item.text, clip)
        read = item._replace(value=seconds) if seconds is not None else Item(item.text)
        return [read], 1
    if item.has("unit", "frames") and after.kind == "num" and item.text != "f":
        at = time_of(round(after.number), clip.rate)
        return [Item(f"{item.text} {after.text}", kind="clock", value=at)], 2
    led = place and any(items[place - 1].has(kind) for kind in ("at", "from", "to", "stop_at"))
    whole = len(item.text) > 1 and item.has("unit", "s") and (led or not item.has("ord"))
    if whole and after.kind == "num" and not _at(items, place + 2).has("unit"):
        return [Item(f"{item.text} {after.text}", kind="clock", value=after.number)], 2
    return None


def _counted(items: Items, place: int, _clip: Clip) -> tuple[Items, int] | None:
    """``3 dB``, ``a second and a half``, ``two and a half frames``, ``one minute ten``."""
    item, after = items[place], _at(items, place + 1)
    number = number_of(item)
    text = f"{item.text} {after.text}"
    if number is None and item.text in ARTICLES:
        number = 1.0
    elif number is not None and (half := _and_a_half(items, place + 1)):
        unit = _at(items, place + 1 + half)
        text = f"{item.text} and a half"
        if unit.has("unit"):
            return [_amount(number + 0.5, unit, f"{text} {unit.text}")], 2 + half
        return [Item(text, kind="num", value=number + 0.5)], 1 + half
    if number is None or not after.has("unit") or not _is_unit(items, place + 1):
        return None
    if half := _and_a_half(items, place + 2):
        return [_amount(number + 0.5, after, f"{text} and a half")], 2 + half
    read = _amount(number, after, text)
    if after.has("unit", "min") and (more := _seconds_on(items, place + 2)):
        return [read._replace(value=read.number + more[0])], 2 + more[1]
    return [read], 2


def _shared(items: Items, place: int, _clip: Clip) -> tuple[Items, int] | None:
    """``by a third``; "a third of the way" is no ordinal."""
    item, after = items[place], _at(items, place + 1)
    if item.text in ARTICLES and _is_share(items, place):
        unit = _at(items, place + 4)
        if _at(items, place + 3).text in ARTICLES and unit.has("unit"):  # a quarter of a second
            share = _FRACTIONS[after.text] / 100
            return [_amount(share, unit, f"{item.text} {after.text} of a {unit.text}")], 5
        return [Item(f"{item.text} {after.text} of")], 3
    if item.has("by") and (share := _fraction(items, place + 1)):
        name = f"a {items[place + 2].text}"
        return [item, Item(name, kind="amount", value=share, unit="pct")], 3
    return None


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
    if place + 1 >= len(items) or items[place].text not in ARTICLES:
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
    if place >= len(items) or (number := number_of(items[place])) is None or number >= 60:
        return None
    unit = items[place + 1] if place + 1 < len(items) else Item("")
    if unit.has("unit", "s"):
        return number, place + 2 - start
    return (number, 1) if place == start and not unit.has("unit") else None


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
