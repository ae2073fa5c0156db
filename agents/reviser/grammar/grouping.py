"""Grouping: items of a request put together to amounts, times and ordinals."""

import re
from collections.abc import Callable, Sequence

from foley_designer.agents.reviser.grammar.amounts import ARTICLES, amounts_of
from foley_designer.agents.reviser.grammar.chunk import is_change
from foley_designer.agents.reviser.grammar.items import Item, Items, is_time, number_of
from foley_designer.agents.reviser.grammar.words import Reading
from foley_designer.agents.reviser.phrasing.clocks import clocked
from foley_designer.core.clip import Clip
from foley_designer.core.script.sound_event import SoundEvent


def grouped(items: Sequence[Item], clip: Clip, events: Sequence[SoundEvent] = ()) -> Items:
    """Items with amounts, times and ordinals put together.

    Args:
        items: as read.
        clip: what times are counted in.
        events: sounds whose times a bare number may give: "the foghorn at 42".
    """
    found = amounts_of(_infinitive(_too(_halves(_while(list(items))))), clip)
    found = _times(clocked(found, events, clip.duration_s), clip.duration_s)
    return _ordinals(_rows_of_times(found))


def _while(items: Items) -> Items:
    """``while`` as "and" before a wish of its own, as "during" before what only sounds."""
    found: Items = []
    for place, item in enumerate(items):
        if item.has("during") and item.has("conj"):
            after = items[place + 1 :]
            end = next((n for n, one in enumerate(after) if one.text in ",.;!?"), len(after))
            wished = any(_wishes(one) for one in after[:end])
            kind = "conj" if wished else "during"
            readings = tuple(one for one in item.readings if one.kind == kind)
            found.append(item._replace(readings=readings))
        else:
            found.append(item)
    return found


_FADES = ("fade", "fade_in", "fade_out", "copy")
"""Verbs that say themselves what a time is that they reach."""


def _wishes(item: Item) -> bool:
    """Whether a word asks for something, or to leave something as it is."""
    return (is_change(item) and not item.has("walk")) or item.has("keep") or item.has("as_is")


def _halves(items: Items) -> Items:
    """``in half a second`` as "in", "half a": nothing is halved there."""
    found: Items = []
    for item, after in zip(items, [*items[1:], Item("")], strict=False):
        if item.text == "in half" and after.text in ARTICLES:
            found += [Item("in", (Reading("fill", ""),)), Item("half", (Reading("num", "0.5"),))]
        elif found and found[-1].text == "half" and item.text in ARTICLES:
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
    found: Items = []
    for item, after in zip(items, [*items[1:], Item("")], strict=False):
        wished = any(one.text.endswith(("love", "like", "want")) for one in found)
        does = any(after.has(kind) for kind in ("name", "noise", "hitword"))
        led = (
            after.has("verb")
            or (wished and does)
            or (after.has("dim") and not after.has("dim", "dir+", "dir-"))
        )
        names = not wished and any(
            after.has(kind) for kind in ("name", "noun", "side", "edge", "attr", "unit")
        )
        if not (item.text == "to" and item.has("to") and led and not names):
            found.append(item)
    return found


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


def _rows_of_times(items: Items) -> Items:
    """``at 9.4 and 12.1``: several times of which the first has its preposition."""
    found: Items = []
    place = 0
    while place < len(items):
        item, size = items[place], 1
        if item.kind == "at":
            times = [item.number]
            while (size_of := _next_time(items, place + size)) is not None:
                size += size_of
                times.append(items[place + size - 1].number)
            if len(times) > 1:
                text = " ".join(one.text for one in items[place : place + size])
                item = Item(text, kind="times", value=tuple(times))
        found.append(item)
        place += size
    return found


def _next_time(items: Items, place: int) -> int | None:
    """How many items a further time of a row takes, with what divides it from the one before."""
    start = place
    while place < len(items) and (items[place].text == "," or items[place].has("conj", "and")):
        place += 1
    if place == start or place >= len(items):
        return None
    item, after = items[place], items[place + 1] if place + 1 < len(items) else Item("")
    alone = item.kind == "num" and bool(item.number % 1) and not after.has("unit")
    moved = any(after.has(kind) for kind in ("dim", "mod"))
    timed = (alone or is_time(item) or item.kind == "at") and not (item.kind == "amount" and moved)
    return place + 1 - start if timed else None


def _range(items: Items, place: int, end_s: float) -> tuple[Item | None, int]:
    """``from 2 to 4 s``, ``between 2 and 4``, ``2 to 4 s``."""
    opened = any(items[place].has(kind) for kind in ("from", "between", "during"))
    first = place + 1 if opened else place
    part = items[first : first + 3]
    if len(part) < 3 or not (part[1].has("to") or (opened and part[1].has("conj"))):
        return None, 0
    if part[1].has("conj") and not items[place].has("between"):
        return None, 0
    low, high = part[0], part[2]
    bare = low.kind == "clock" and ":" not in low.text and high.kind == "num"
    if bare and not opened:
        return None, 0  # "fork drop 7.2 to 7.5": from where to where it moves
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
    if item.kind == "clock" and place and _is_called(items[place - 1]):
        return Item(item.text, kind="at", value=item.number), 1  # "whistle 1:50 more reverb"
    if item.kind == "clock" and place and items[place - 1].text in ("the", "that"):
        return Item(item.text, kind="at", value=item.number), 1  # "the 4.2 and 9.3 chirps"
    if not is_time(after):
        bare = after.kind == "num" and not (place + 2 < len(items) and items[place + 2].has("unit"))
        if not bare or after.text[0] in "+-":
            return None, 0
        for kind, name in (("start_at", "starts"), ("stop_at", "stops")):
            if item.has(kind) and after.number <= end_s:
                return Item(text, kind=name, value=after.number), 2
        one = place > 0 and items[place - 1].text in ("one", "ones")  # "the one at 90"
        decimal = (after.number % 1 or one) and after.number <= end_s
        if decimal and item.has("at") and item.text.endswith("at"):
            return Item(text, kind="at", value=after.number), 2
        if (item.has("from") or item.has("after")) and after.number < end_s:
            on = place + 2 < len(items) and items[place + 2].has("onwards")
            return Item(text, kind="range", value=(after.number, end_s)), 3 if on else 2
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
    if item.has("until") and not any(one.has("verb", *_FADES) for one in items):
        others = items[:place] + items[place + 2 :]
        asked = any(_wishes(one) and not one.has("verb", "do") for one in others)
        kind, value = ("range", (0.0, time)) if asked else ("stops", time)
        return Item(text, kind=kind, value=value), 2
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


def _is_called(item: Item) -> bool:
    """Whether a word says what sounds."""
    return any(item.has(kind) for kind in ("name", "noun", "hitword", "card"))


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
        if _orders(items, place):
            found.append(item._replace(readings=(Reading("fill", ""),)))
            place += 1
            continue
        if _is_middle(items, place):
            found.append(Item(item.text, kind="nth", value=(0.0,)))
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


def _is_middle(items: Items, place: int) -> bool:
    """Whether "the middle one" counts, and says no side: it stands before what is counted."""
    after = items[place + 1] if place + 1 < len(items) else Item("")
    led = place > 0 and items[place - 1].text in ("the", "that", "this")
    counted = after.has("name") or after.has("noun") or after.has("hitword") or after.text == "one"
    return items[place].text == "middle" and led and counted


def _orders(items: Items, place: int) -> bool:
    """Whether "first" behind a noun says what comes first: "the door first, then ..."."""
    if items[place].text != "first" or not place or not items[place - 1].has("name"):
        return False
    after = items[place + 1] if place + 1 < len(items) else Item("")
    if not after.text or any(item.has("except") for item in items[:place]):
        return False  # "all but Anna's first"
    counts = any(after.has(kind) for kind in ("name", "noun", "hitword", "num", "ord", "conj"))
    return not counts and number_of(after) is None


def _listed(items: Items, place: int) -> tuple[int, tuple[float, ...]]:
    """Ordinals or hit numbers in a row, and how many items they take."""
    item = items[place]
    before = items[place - 1] if place else Item("")
    after = items[place + 1] if place + 1 < len(items) else Item("")
    counts = any(after.has(kind) for kind in ("name", "noun", "hitword"))
    if item.text in ("opening", "closing") and not counts:
        return 0, ()  # "the can opening", "in the opening"
    if item.has("ord") and item.reading("ord").lstrip("-").isdigit() and not item.has("verb"):
        after = items[place + 1] if place + 1 < len(items) else Item("")
        count = number_of(after)
        ordinal = int(item.reading("ord"))
        if count and ordinal in (1, -1) and after.kind != "amount" and count == int(count):
            run = range(1, int(count) + 1)
            return 2, tuple(float(ordinal * n) for n in run)
        return _row(items, place, lambda one: one.reading("ord"))
    after = items[place + 1] if place + 1 < len(items) else Item("")
    free = not (after.has("unit") or after.has("side"))
    if before.has("verb") and not before.has("name"):
        free = free and not after.has("dim", "dir+", "dir-")  # "knock 5 off"
    if before.text.endswith("s") and after.has("dim", "dir+", "dir-"):
        free = False  # "reeds 1 up"
    if item.kind == "num" and item.text.isdigit() and _counts_hits(before) and free:
        return _row(items, place, lambda one: one.text if one.kind == "num" else one.reading("ord"))
    if item.has("num") and item.reading("num").isdigit() and _counts_hits(before) and free:
        size, numbers = _row(items, place, lambda one: one.reading("num"))
        alone = len(numbers) == 1 and before.text.endswith("s")
        return (0, ()) if alone else (size, numbers)  # "chop four", "chops one to four"
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
        if items[at].kind == "num" and items[at].text[0] in "+-":
            break  # "bonk 1: -2"
        if value == "0":
            break  # "bonk 2: 0"
        if not re.fullmatch(r"-?\d+", value) or items[at].has("every"):
            break
        after = items[at + 1] if at + 1 < len(items) else Item("")
        if items[at].kind == "num" and after.has("unit"):
            break
        found += range(int(found[-1]) + 1, int(value) + 1) if through else [float(value)]
        last, at = at, at + 1
    return last + 1 - place, tuple(float(one) for one in found)
