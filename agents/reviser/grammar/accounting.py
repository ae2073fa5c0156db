"""Accounting: whether what would be done answers each word of a request that asks for something.

The grammar goes from words to operations; this goes back, and knows nothing of how a request was
read. A word that no operation answers is asked about, with what would be done as the nearest
reading: half a request is never done for the whole.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from foley_designer.agents.reviser.grammar.items import Item, Items
from foley_designer.agents.reviser.grammar.picking import is_on
from foley_designer.agents.reviser.grammar.targets import Targets
from foley_designer.core.revision.operations import AddEvent, Operation

_LEVELS = "adjust_level adjust_scene target_loudness duck compress"
_SOUND = "eq filter compress hear_through"
_PLAYED = "change_performance replace_sound add_event"
_ROOM = "adjust_reverb room change_space hear_through change_perspective"
_GONE = f"remove_event mute trim fade {_LEVELS} {_SOUND} {_ROOM} width lock solo restore"
_ANSWERS = {
    "dim.level": f"{_LEVELS} {_PLAYED} fade eq adjust_distance pitch",
    "dim.unheard": _LEVELS,
    "dim.reverb": f"{_ROOM} {_PLAYED}",
    "dim.distance": f"adjust_distance adjust_pan adjust_time change_layer {_ROOM} add_event",
    "dim.faraway": f"adjust_distance change_layer {_ROOM} add_event",
    "dim.time": "adjust_time quantise trim copy add_event add_hits adjust_distance",
    "dim.length": f"adjust_length trim fade speed {_ROOM} adjust_time",
    "dim.width": "width",
    "dim.pitch": "pitch eq",
    "dim.speed": "speed change_performance",
    "dim.force": f"{_PLAYED} {_LEVELS} eq",
    "dim.size": f"{_PLAYED} {_ROOM} eq width adjust_level",
    "dim.wet": f"{_PLAYED} {_ROOM}",
    "param.level": _LEVELS,
    "param.reverb": _ROOM,
    "param.width": "width",
    "param.pitch": "pitch",
    "param.speed": "speed change_performance",
    "param.time": "adjust_time quantise",
    "param.force": f"{_PLAYED} adjust_level",
    "eq": f"{_SOUND} adjust_level quantise {_PLAYED}",
    "fault": f"{_SOUND} {_LEVELS} {_PLAYED} {_ROOM}",
    "want": f"{_SOUND} {_ROOM} width adjust_distance",
    "mood": "change_tone change_performance",
    "view": "change_perspective add_event",
    "to_layer": f"change_layer adjust_distance {_LEVELS}",
    "verb.compress": "compress",
    "verb.roll_off": "filter eq",
    "verb.low_cut": "filter",
    "verb.high_cut": "filter",
    "verb.notch": "eq",
    "verb.scoop": f"{_SOUND} {_LEVELS} {_GONE}",
    "verb.remove": _GONE,
    "verb.remove_no": _GONE,
    "verb.mute": f"mute remove_event {_GONE}",
    "verb.unmute": "mute",
    "verb.solo": "solo",
    "verb.unsolo": "solo",
    "verb.lock": "lock",
    "verb.unlock": "lock",
    "verb.duck": "duck adjust_level",
    "verb.unduck": "duck",
    "verb.fade": "fade",
    "verb.fade_in": "fade adjust_level",
    "verb.fade_out": "fade adjust_level",
    "verb.copy": "copy add_hits",
    "verb.quantise": "quantise",
    "verb.follow": "follow",
    "verb.retake": "retake choose_take",
    "verb.take": "retake choose_take replace_sound change_performance",
    "verb.split": "split_event",
    "verb.merge": "merge_events",
    "verb.pan": "adjust_pan follow",
    "repeat": "",
    "masks": f"{_LEVELS} eq",
    "loudfault": _GONE,
    "quietfault": _LEVELS,
}
"""Kinds of operation by which a word of a kind is answered."""
_SCOPING = ("except", "keep", "touch", "neg", "rel", "masks", "during", "only", "no", "same")
"""Words that let a sound be named which does not change."""
_LOUDER = (*_LEVELS.split(), "change_performance", "eq")
"""What "more crackle" can come to."""
_LIKENING = frozenset({"like", "sounds like", "as if", "wie", "comme", "como"})
"""What comes behind one of these is not here: "like a cheap door"."""
_NEW = frozenset({"add_event", "add_hits", "copy", "choose_take", "follow"})
"""Operations that bring something into being, or to something else."""
_CHECKED = {"db": 0.06, "st": 0.01, "hz": 0.5}
"""Units whose numbers stand in an operation as they are said, and how near."""
_TIMED = ("at", "times", "range", "first", "last", "starts", "stops")


def unaccounted(items: Items, operations: Sequence[Operation], targets: Targets) -> str:
    """The first word that no operation answers; empty for none.

    Args:
        items: the request.
        operations: what would be done.
        targets: the script that they change, and what words mean in it.
    """
    kinds: set[str] = {one.kind for one in operations}
    touched = set(_touched(operations))
    scoping = any(map(_lets_name, items)) or "follow" in kinds
    compared = any(item.has("rel") or item.has("masks") for item in items)
    told = " ".join(_told(one) for one in operations)
    likened = False
    for place, (item, after) in enumerate(zip(items, [*items[1:], Item("")], strict=True)):
        if item.has("reason"):
            break
        likened = item.text not in ",.;!?" and (likened or _likens(items[:place], item))
        if likened:
            continue  # "brighter please, they sound like wet towels"
        scoping = scoping or item.text in _LIKENING
        if not kinds & set(_LOUDER) and _is_noise(item, after):
            return f"{item.text} {after.text}"  # "more jangle, closer"
        if (item.has("twice") or item.has("half_as")) and not any(map(_multiplies, operations)):
            return item.text
        if item.has("side") and after.has("dim", "dir+", "dir-"):
            continue  # "take them right down"
        if item.kind:
            if not _counted(item, operations, targets, compared):
                return item.text
            continue
        verdicts = [
            _answered(reading.kind, reading.value, item, kinds, targets, touched, scoping)
            for reading in item.readings
        ]
        if verdicts and not any(verdicts) and item.text not in told:
            return item.text
    return ""


def _likens(before: Items, item: Item) -> bool:
    """Whether what was named is said to sound like something else: "they sound like X"."""
    clause: Items = []
    for one in reversed(before):
        if one.text in ",.;!?":
            break
        clause.append(one)
    pointing = bool(clause) and clause[-1].has("pron")
    return item.text.endswith("like") and pointing and all(one.has("is") for one in clause[:-1])


def _lets_name(item: Item) -> bool:
    """Whether a sound may be named beside a word that does not change."""
    named = any(item.has(kind) for kind in _SCOPING)
    return named or item.has("conj", "but") or item.has("dim", "unheard")


def _answered(
    kind: str,
    value: str,
    item: Item,
    kinds: set[str],
    targets: Targets,
    touched: set[str],
    scoping: bool,
) -> bool:
    """Whether one reading of a word is answered."""
    if kind == "noun" and value in ("hit", "impact", "footstep"):
        return True
    if kind in ("name", "noun", "card"):
        return scoping or bool(targets.naming.meant(item) & touched) or not touched
    if kind == "side":
        on = [event for event in targets.events if event.id in touched]
        selected = bool(on) and all(is_on(event, value) for event in on)
        return selected or bool(kinds & {"adjust_pan", "add_event"})
    if kind == "attr":
        named = any(targets.vocabulary.named(word) & touched for word in item.text.split())
        return named or bool(kinds & set(_PLAYED.split()))
    name = f"{kind}.{value.rstrip('+-!').removesuffix('!fault').rstrip('+-!')}"
    answers = _ANSWERS.get(name, _ANSWERS.get(kind))
    if kind == "dim" and value.endswith("!") and kinds & {"remove_event", "mute"}:
        return True  # "lose the coat, it's too loud"
    return answers is None or bool(kinds & set(answers.split()))


def _counted(item: Item, operations: Sequence[Operation], targets: Targets, compared: bool) -> bool:
    """Whether a number, a time or an ordinal is found in what would be done."""
    if item.kind in ("nth", "every"):
        counted = any(_has_hits(one) or one.kind in _NEW for one in operations)
        return counted or _single(operations, targets)
    if item.kind in _TIMED:
        return any(map(_is_timed, operations)) or _single(operations, targets)
    if item.kind == "amount" and item.unit in _CHECKED and not compared:
        told = [one.model_dump(exclude={"hits"}) for one in operations]
        numbers = [abs(number) for one in told for number in _numbers(one)]
        near = _CHECKED[item.unit]
        return any(abs(number - abs(item.number)) <= near for number in numbers)
    return True


def _is_noise(item: Item, after: Item) -> bool:
    """Whether more or less of a noise is asked for: more crackle."""
    return item.has("mod", "more", "less") and after.has("noise") and not after.has("eq")


def _multiplies(one: Operation) -> bool:
    return bool(getattr(one, "factor", None)) or one.kind in _LOUDER


def _has_hits(one: Operation) -> bool:
    return bool(getattr(one, "hits", None))


def _is_timed(one: Operation) -> bool:
    if isinstance(one, AddEvent) or _has_hits(one):
        return True
    fields = ("from_s", "to_s", "at_s", "times_s", "shift_s", "shift_frames", "length_s")
    return any(getattr(one, name, None) for name in fields)


def _single(operations: Sequence[Operation], targets: Targets) -> bool:
    """Whether all that is touched sounds once, so that the time or number only names it."""
    touched = set(_touched(operations))
    return all(len(event.hits) <= 1 for event in targets.events if event.id in touched)


def _touched(operations: Sequence[Operation]) -> Iterator[str]:
    for one in operations:
        yield from (getattr(one, name) for name in ("event_id",) if hasattr(one, name))
        yield from (*getattr(one, "by", ()), *getattr(one, "event_ids", ()))


def _told(one: Operation) -> str:
    """The words of a new sound."""
    return one.reason if one.kind in ("add_event", "replace_sound", "change_performance") else ""


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        for part in value.values():
            yield from _numbers(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _numbers(part)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield float(value)
