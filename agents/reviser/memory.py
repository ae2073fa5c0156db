"""Memory of a talk: corrections and follow-ups, by what the request before did.

A correction takes the last request back and does it otherwise, as operations: the inverse of what
was done, then what was meant. So every door that can apply operations can apply a correction.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pydantic import ValidationError

from foley_designer.agents.reviser.changes.playing import playing
from foley_designer.agents.reviser.grammar.chunk import LostError, is_change, is_silent
from foley_designer.agents.reviser.grammar.grouping import grouped
from foley_designer.agents.reviser.grammar.items import Item, Items
from foley_designer.agents.reviser.grammar.picking import stretch_of
from foley_designer.agents.reviser.grammar.target import Picks, Target, UnsureError
from foley_designer.agents.reviser.grammar.vocabulary import language_of, read
from foley_designer.agents.reviser.understanding import Turn, Understanding
from foley_designer.core.revision.operations import AdjustTime, Operation
from foley_designer.core.revision.restoring import inverse
from foley_designer.core.revision.sounding import SetRoom
from foley_designer.core.space import Space

if TYPE_CHECKING:
    from foley_designer.agents.reviser.rules import Reading

_MARKS = ("no", "same", "only", "neg", "keep", "mod", "as_is", "rel", "for")
"""Kinds that say how a phrase follows up, and nothing of what it names."""
LESS = -0.5
"""What "too much" takes back of a change."""
RELATIVE = ("change_db", "change_deg", "shift_s", "shift_frames", "gain_db", "change_st")
_SET = ("to_deg", "to_m", "db", "lufs", "length_s", "frequency_hz", "to_s", "times_s")


def follow_up(items: Items, reading: "Reading") -> Understanding | None:
    """What a follow-up means; None for a request that stands for itself."""
    said = [item for item in items if item.text not in ".,!?;"]
    try:
        if (answered := _answer(said, reading)) is not None:
            return answered
        if not reading.situation.said:
            return None
        return _about_the_last(said, reading)
    except (LostError, UnsureError, ValidationError):
        return None


def _answer(said: Items, reading: "Reading") -> Understanding | None:
    """A phrase that answers which target was meant."""
    pending = reading.situation.pending
    if not pending or any(is_change(item) and not item.has("side") for item in said):
        return None
    language = language_of(pending, reading.vocabulary)
    asked, _ = read(pending, reading.vocabulary, language)
    asked = grouped(asked, reading.situation.script.clip)
    try:
        reading.operations(asked, {})
    except UnsureError as unsure:
        picks = _chosen(said, unsure, reading)
        if picks:
            operations = tuple(reading.operations(asked, {unsure.phrase: picks}))
            return Understanding(operations=operations)
    except LostError:
        pass
    return None


def _chosen(said: Items, unsure: UnsureError, reading: "Reading") -> Picks | None:
    """The reading that an answer names: by its number, or by its words."""
    for item in said:
        if item.kind == "nth" and isinstance(item.value, tuple) and len(item.value) == 1:
            number = int(item.value[0])
            place = number if number < 0 else number - 1
            if -len(unsure.readings) <= place < len(unsure.readings):
                return unsure.readings[place]
    meant = {target.event.id for target in reading.targets().resolve(said)}
    fitting = [one for one in unsure.readings if {target.event.id for target in one} <= meant]
    return fitting[0] if len(fitting) == 1 else None


def _about_the_last(said: Items, reading: "Reading") -> Understanding | None:
    """A correction of the last request, or more of it."""
    turn = reading.situation.said[-1]
    refused = any(item.has("no") for item in said)
    rest = [
        item
        for item in said
        if not item.has("no")
        and (item.has("quant") or item.kind or not is_silent(item) or item.has("neg"))
    ]
    for reader in (_repeated, _rescaled, _restretched, _renumbered, _replayed):
        found = reader(rest, turn, reading, refused)
        if found is not None:
            return found
    if _is_change_only(rest):
        return _otherwise(rest, turn, reading) if refused else None
    return _retargeted(rest, turn, reading, refused)


def _repeated(  # noqa: PLR0911
    rest: Items, turn: Turn, reading: "Reading", _refused: bool
) -> Understanding | None:
    """``more``, ``again``, ``too much``: the same again, by a share."""
    if len(rest) == 1 and rest[0].has("repeat", "pan"):
        if all(one.kind == "adjust_pan" for one in turn.operations):
            return _done([one for one in (scaled(o, 1.0) for o in turn.operations) if one])
        return None
    plain = [item for item in rest if not item.has("deg")]
    degrees = [item for item in rest if item.has("deg")]
    if not rest or any(item.kind for item in rest):
        return None
    if degrees and not plain:
        return None
    if not all(
        item.has("repeat") or item.has("again") or item.has("mod", "more", "less", "toomuch")
        for item in plain
    ):
        return None
    less = any(item.has("repeat", "less") or item.has("mod", "less", "toomuch") for item in plain)
    share = LESS if less else 1.0
    for item in degrees:
        value = item.reading("deg")
        share *= reading.situation.wishes.number("much_factor") if value == "much" else float(value)
    if (
        not degrees
        and not less
        and any(
            word in item.text
            for item in plain
            for word in ("bit", "little", "peu", "poco", "etwas", "bisschen")
        )
    ):
        share *= 0.5
    operations = [scaled(one, share) for one in turn.operations]
    if not any(operations):
        return None
    return _done([one for one in operations if one])


def scaled(operation: Operation, share: float) -> Operation | None:
    """So many times a change; None for one that sets a value."""
    for name in RELATIVE:
        value = getattr(operation, name, None)
        if value is not None:
            new = round(value * share, 3)
            if name == "shift_frames":
                new = round(value * share) or (1 if value * share > 0 else -1)
            return operation.model_copy(update={name: new})
    factor = getattr(operation, "factor", None)
    if operation.kind in ("adjust_distance", "speed") and factor:
        return operation.model_copy(update={"factor": round(factor**share, 3)})
    if operation.kind in ("retake", "copy") and share > 0:
        return operation
    return None


def _rescaled(rest: Items, turn: Turn, reading: "Reading", _refused: bool) -> Understanding | None:
    """``half of that``: the last request once more, by half."""
    if not any(item.has("half") or item.has("twice") for item in rest):
        return None
    if any(item.has("name") or item.has("noun") or item.has("dim") for item in rest):
        return None
    share = 0.5 if any(item.has("half") for item in rest) else 2.0
    operations = [scaled(one, share) for one in turn.operations]
    return _amended(turn, reading, [one for one in operations if one])


def _renumbered(
    rest: Items, turn: Turn, reading: "Reading", _refused: bool
) -> Understanding | None:
    """``no, only 2``, ``make that 4``, ``another 2``: the same with another number."""
    numbers = [
        item
        for item in rest
        if item.kind in ("num", "amount", "clock", "to", "at") or item.has("num")
    ]
    allowed = ("only", "by", "deg", "quant", "mod", "repeat", "pron", "to", "at", "verb")
    others = [
        item for item in rest if item not in numbers and not any(item.has(kind) for kind in allowed)
    ]
    if (
        len(numbers) != 1
        or others
        or (any(item.has("repeat", "less") for item in rest) and len(turn.operations) > 4)
    ):
        return None
    number = numbers[0]
    value = float(number.reading("num")) if number.has("num") and not number.kind else number.number
    added = any(item.has("mod", "more") or item.has("repeat", "more") for item in rest)
    changed = [_with_number(one, value, number) for one in turn.operations]
    if not changed or any(one is None for one in changed):
        return None
    operations = [one for one in changed if one is not None]
    return _done(operations) if added else _amended(turn, reading, operations)


def _with_number(operation: Operation, value: float, item: Item) -> Operation | None:
    """The operation with another number, in its own unit and direction."""
    units = {
        "change_db": "db",
        "change_deg": "deg",
        "to_deg": "deg",
        "shift_s": "s",
        "gain_db": "db",
    }
    units |= {"shift_frames": "frames", "change_st": "st", "db": "db", "length_s": "s", "to_m": "m"}
    units |= {"frequency_hz": "hz", "lufs": "lufs", "to_s": "s"}
    ridden = operation.kind == "adjust_level"  # its to_s says where
    for name in ("change_db",) if ridden else (*RELATIVE, *_SET):
        old = getattr(operation, name, None)
        if old is None or isinstance(old, tuple):
            continue
        if item.unit and item.unit != units.get(name):
            continue
        signed = value
        if name in (*RELATIVE, "to_deg") and item.text[0] not in "+-":
            signed = abs(value) if old > 0 else -abs(value)
        if name == "shift_frames":
            signed = round(signed)
        return operation.model_copy(update={name: signed})
    return None


def _restretched(
    rest: Items, turn: Turn, reading: "Reading", _refused: bool
) -> Understanding | None:
    """``until 50``, ``between 3 and 5 s``: the same over another stretch."""
    ridden = [
        one for one in turn.operations if one.kind == "adjust_level" and one.from_s is not None
    ]
    if not ridden or len(ridden) != len(turn.operations):
        return None
    end_s = reading.situation.script.clip.duration_s
    times = [item for item in rest if item.kind in ("range", "to", "stops", "starts")]
    bare = [item for item in rest if item.kind == "num"]
    until = any(item.has("to") for item in rest)
    if len(rest) > 2 or not (times or (bare and until)):
        return None
    update: dict[str, float] = {}
    if times and times[0].kind == "range":
        update["from_s"], update["to_s"] = stretch_of(times[0], end_s)
    else:
        update["to_s"] = (times or bare)[0].number
    return _amended(turn, reading, [one.model_copy(update=update) for one in ridden])


def _replayed(rest: Items, turn: Turn, reading: "Reading", refused: bool) -> Understanding | None:
    """``no, mud``, ``on tile``, ``no, a hall``: another shoe, ground or room for the same sound."""
    plain = [item for item in rest if not (item.has("walk") or item.has("wear"))]
    led = len(plain) < len(rest)
    if len(plain) != 1 or plain[0].kind:
        return None
    item = plain[0]
    if refused and item.has("space") and any(one.kind == "room" for one in turn.operations):
        space = Space(item.reading("space"))
        rooms = [one for one in turn.operations if isinstance(one, SetRoom)]
        return _amended(turn, reading, [one.model_copy(update={"space": space}) for one in rooms])
    if not item.has("attr") or not (refused or led):
        return None
    before = turn.before if refused else reading.situation.script
    change = playing([item])
    keys = dict.fromkeys(getattr(one, "event_id", "") for one in turn.operations)
    targets = [Target(event) for event in before.events if event.id in keys]
    operations = [operation for target in targets for operation in change.make(target)]
    if not operations:
        return None
    return _amended(turn, reading, operations) if refused else _done(operations)


def _is_change_only(rest: Items) -> bool:
    """Whether a follow-up names no target of its own."""
    named = any(
        item.has(kind)
        for item in rest
        for kind in ("name", "noun", "card", "attr", "hitword", "quant", "same", "keep")
    )
    counted = any(item.kind in ("nth", "every", "range") or item.has("ord") for item in rest)
    return not (named or counted) and any(is_change(item) for item in rest)


def _otherwise(rest: Items, turn: Turn, reading: "Reading") -> Understanding | None:
    """``no, left``, ``sorry, earlier``: the last targets otherwise, by as much as before."""
    earlier = reading.before_the_last(turn.operations)
    operations = earlier.operations(rest, {})
    numbered = any(item.kind in ("amount", "num") or item.has("deg") for item in rest)
    if not numbered and len({one.kind for one in (*operations, *turn.operations)}) == 1:
        like = {getattr(one, "event_id", ""): one for one in turn.operations}
        operations = [_as_much(one, like.get(getattr(one, "event_id", ""))) for one in operations]
    return _amended(turn, reading, operations)


def _as_much(operation: Operation, like: Operation | None) -> Operation:
    """The operation by as much as another one, in its own direction."""
    for name in RELATIVE:
        mine, theirs = getattr(operation, name, None), getattr(like, name, None)
        if mine is not None and theirs is not None:
            return operation.model_copy(update={name: abs(theirs) if mine > 0 else -abs(theirs)})
    if isinstance(operation, AdjustTime) and isinstance(like, AdjustTime) and like.shift_frames:
        sign = 1 if (operation.shift_s or 0) > 0 else -1
        return operation.model_copy(
            update={"shift_s": None, "shift_frames": sign * abs(like.shift_frames)}
        )
    return operation


def _retargeted(rest: Items, turn: Turn, reading: "Reading", refused: bool) -> Understanding | None:
    """``and the fridge too``, ``no, I meant the second``, ``only Leo``, ``not the wind``."""
    kept = any(item.has("keep") for item in rest)
    negated = any(item.has("neg", "not") for item in rest)
    only = any(item.has("only") for item in rest)
    phrase = [item for item in rest if not any(item.has(kind) for kind in _MARKS)]
    placed = any(item.has("side") for item in phrase) and not (refused or only)
    if any(is_change(item) and not item.has("side") for item in phrase) or placed or not phrase:
        return None
    if only and any(item.has("param", "time") for item in phrase):
        times = [one for one in turn.operations if one.kind == "adjust_time"]
        return _amended(turn, reading, times) if times else None
    if kept or negated:
        return _spared(turn, reading)
    amends = refused or only
    source = reading.before_the_last(turn.operations) if amends else reading
    if amends:
        phrase = [
            i for i in source.items() if not any(i.has(k) for k in _MARKS) and i.text not in ",.!?"
        ]
    picks = source.targets().resolve(phrase)
    operations = [one for kind in _templates(turn.operations) for one in _aimed(kind, picks)]
    if not operations:
        return None
    return _amended(turn, reading, operations) if amends else _done(operations)


def _spared(turn: Turn, reading: "Reading") -> Understanding | None:
    """The last request without some of its targets."""
    earlier = reading.before_the_last(turn.operations)
    again = [item for item in earlier.items() if not any(item.has(k) for k in _MARKS)]
    spared = {target.event.id for target in earlier.targets().resolve(again)}
    left = [one for one in turn.operations if getattr(one, "event_id", "") not in spared]
    if len(left) == len(turn.operations):
        return None
    return _amended(turn, reading, left)


def _templates(operations: Sequence[Operation]) -> list[Operation]:
    """One operation of each kind that was done, whatever it was done to."""
    found: dict[str, Operation] = {}
    for one in operations:
        if hasattr(one, "event_id"):
            found.setdefault(one.model_dump_json(exclude={"event_id", "hits", "reason"}), one)
    return list(found.values())


def _aimed(operation: Operation, picks: Picks) -> list[Operation]:
    """The operation on other targets.

    Raises:
        LostError: it can't be done to single hits.
    """
    fields = type(operation).model_fields
    found = []
    for target in picks:
        if target.hits and "hits" not in fields:
            raise LostError("That can't be done to single hits.")
        update: dict[str, object] = {"event_id": target.event.id}
        if "hits" in fields:
            update["hits"] = target.hits
        if target.hits and "from_s" in fields:
            update |= {"from_s": None, "to_s": None}
        if target.stretch and "from_s" in fields:
            update |= {"from_s": target.stretch[0], "to_s": target.stretch[1]}
        found.append(operation.model_copy(update=update))
    return found


def _done(operations: Sequence[Operation]) -> Understanding:
    return Understanding(operations=tuple(operations))


def _amended(
    turn: Turn, reading: "Reading", operations: Sequence[Operation]
) -> Understanding | None:
    """The last request taken back, and these operations in its place."""
    if not operations and len(turn.operations) < 2:
        return None
    back = inverse(turn.before, reading.situation.script)
    return Understanding(operations=(back, *operations))


Reader = Callable[[Items, Turn, "Reading", bool], Understanding | None]
