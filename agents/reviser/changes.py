"""Changes: what one clause wants done to its target, as operations once the target is known."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from foley_designer.agents.reviser.sounds import SIDE_DEG
from foley_designer.agents.reviser.speech import Unit, take, take_amount, take_degree
from foley_designer.agents.reviser.targets import LostError, Target
from foley_designer.core.revision.operations import (
    AdjustDistance,
    AdjustLength,
    AdjustLevel,
    AdjustPan,
    AdjustReverb,
    AdjustTime,
    ChangeLayer,
    ChangePerformance,
    ChangePerspective,
    Operation,
)
from foley_designer.core.script.observation import ShotSize
from foley_designer.core.script.sound_event import Layer
from foley_designer.memory.preferences import Preferences

STEP_DEG = 15.0
"""How far "further left" goes."""
HARD_DEG = 60.0
FURTHER, NEARER = 2**0.5, 0.5**0.5
"""Half a doubling of the distance; "much" makes it a whole one."""
FAR_M = 60.0
"""What "in the distance" is."""
LONGER, SHORTER = 1.5, 2 / 3
FORCE_STEP = 0.2
LOUDNESS_DB = 10.0
"""Twice as loud, to the ear (Stevens' sone)."""

Make = Callable[[Target], Iterator[Operation]]


class Change(NamedTuple):
    """What a clause wants, its target left open."""

    make: Make
    scene_db: float | None = None
    """Its decibels where it may be about the whole mix."""
    bare: bool = False
    """Whether it is a number of decibels without a word for up or down."""


_LOUDER = r"louder|up|raise|boost|increase|higher|turn up|bring up|lift|stronger"
_QUIETER = (
    r"quieter|softer|down|lower|reduce|attenuate|decrease|turn down|bring down|less loud|fainter"
)
_TOO = r"(?:is |are |was )?(?:a bit |a little |slightly |much |way |far )?too"
_TOO_LOUD = rf"{_TOO} (?:loud|strong)"
_TOO_QUIET = rf"{_TOO} (?:quiet|soft|weak|faint|low)"
_UNHEARD = r"(?:i )?(?:can (?:barely|hardly|not)(?: really)? hear|do not hear|can not make out)"


_FAR = ("far away", "far off", "far", "in the distance", "off in the distance")
_AWAY = (
    r"(?:further|farther|more) (?:away|off|back|distant)|further|farther"
    r"|far away|far off|(?:off )?in the distance|away|far"
)


class ChangeReader:
    """Reads what clauses want.

    Args:
        wishes: how much the comparative words mean to this user.
        frame_s: seconds a frame.
    """

    def __init__(self, wishes: Preferences, frame_s: float) -> None:
        self.wishes = wishes
        self.frame_s = frame_s
        self._readers = (
            self._perspective,
            self._reverb,
            self._time,
            self._length,
            self._distance,
            self._side,
            self._layer,
            self._force,
            self._level,
        )

    def read(self, clause: str) -> tuple[Change | None, str]:
        """The change that a clause asks for, and its remaining words: the target's.

        Raises:
            LostError: a number that fits no change.
        """
        for reader in self._readers:
            change, rest = reader(clause)
            if change is not None:
                return change, rest
        return None, clause

    def _much(self, text: str) -> tuple[float, str]:
        return take_degree(text, self.wishes.number("much_factor"))

    def _level(self, clause: str) -> tuple[Change | None, str]:
        amount, rest = take_amount(clause)
        unheard, rest = take(rest, _UNHEARD)
        factor, rest = self._much(rest)
        soft, rest = take(rest, _TOO_QUIET)
        strong, rest = take(rest, _TOO_LOUD)
        if unheard or soft or strong:
            quieter, louder = strong, unheard or soft
        else:
            quieter, rest = take(rest, _QUIETER)
            louder, rest = take(rest, _LOUDER)
        if amount and amount.unit is Unit.DB and not (quieter or louder):
            quieter, rest = take(rest, r"take|drop|cut")
            louder, rest = take(rest, r"add|another|give|more") if not quieter else (None, rest)
            rest = take(take(rest, "off|to|more")[1], "give|another|add")[1]
        if not (amount or quieter or louder):
            quieter, rest = take(rest, r"too much|less(?= [a-z]+$)")
            louder, rest = take(rest, r"not enough|more(?= [a-z]+$)")
        if amount and amount.unit is Unit.TIMES and "loud" in clause:
            db = LOUDNESS_DB if amount.value > 1 else -LOUDNESS_DB
            return self.levelled(db), take(rest, "as loud|loud")[1]
        if bool(quieter) == bool(louder) and not (amount and amount.unit is Unit.DB):
            return None, clause
        if quieter and louder:
            raise LostError("Louder or quieter?")
        if amount and amount.unit is not Unit.DB:
            raise LostError(f"{amount.value:g} {amount.unit} is no change of level.")
        if amount:
            db = -abs(amount.value) if quieter else amount.value
        elif quieter:
            db = -self.wishes.number("quieter_db") * factor
        else:
            db = self.wishes.number("louder_db") * factor
        if abs(db) > 40:
            raise LostError(f"{db:g} dB is out of reach: at most 40 dB.")
        signed = re.search(r"[+-]\d", clause) is not None
        bare = not (quieter or louder or signed)
        return self.levelled(db)._replace(bare=bare), rest

    @staticmethod
    def levelled(db: float) -> Change:
        """A change of level by decibels."""

        def make(target: Target) -> Iterator[Operation]:
            yield AdjustLevel(event_id=target.event.id, change_db=db, hits=target.hits)

        return Change(make, db)

    def _side(self, clause: str) -> tuple[Change | None, str]:  # noqa: PLR0911
        centred, rest = take(
            clause, r"(?:in|to|into) the (?:centre|center|middle)|cent(?:re|er)(?:ed)?|centred"
        )
        if centred:
            return _panned(to=0.0), take(rest, "pan")[1]
        side, _ = take(clause, "left|right")
        if not side:
            return None, clause
        sign = 1.0 if side[0] == "left" else -1.0
        amount, rest = take_amount(clause)
        if amount and amount.unit is not Unit.DEGREES:
            return None, clause
        factor, rest = self._much(rest)
        absolute, rest = take(rest, rf"(?:from|at) (?:the )?{side[0]}|on the {side[0]}(?: side)?")
        hard, rest = take(rest, rf"(?:hard|fully?|completely|all the way)(?: to the)? {side[0]}")
        relative, rest = take(
            rest, rf"(?:further|farther|more)(?: over)?(?: to)?(?: the)? {side[0]}(?:wards?)?"
        )
        plain, rest = take(rest, rf"(?:to )?(?:the )?{side[0]}(?:wards?)?(?: side)?")
        from_there, rest = take(rest, "come from|from|at") if amount else (None, rest)
        rest = take(rest, "pan")[1]
        if hard:
            return _panned(to=sign * HARD_DEG), rest
        if amount and (from_there or absolute):
            return _panned(to=sign * amount.value), rest
        if amount:
            return _panned(by=sign * amount.value), rest
        if absolute or (plain and re.search(r"\b(?:put|pan|place)\b", clause) and factor == 1.0):
            return _panned(to=sign * SIDE_DEG), rest
        if relative or factor != 1.0 or re.search(r"\b(?:move|shift|push|pull)\b", clause):
            return _panned(by=sign * STEP_DEG * factor), take(rest, "shift")[1]
        return None, clause

    def _distance(self, clause: str) -> tuple[Change | None, str]:  # noqa: PLR0911
        amount, rest = take_amount(clause)
        to_m, without = take(
            clause, r"(?:at|to) (\d+(?:\.\d+)?) ?(?:m|met(?:er|re)s?)(?: away| distance)?"
        )
        if to_m:
            return _distant(to_m=float(to_m[1])), without
        factor, rest = self._much(rest)
        too_far, rest = take(rest, r"(?:is |are )?too (?:far(?: away)?|distant)")
        too_near, rest = take(rest, r"(?:is |are )?too (?:close|near)")
        away, rest = take(rest, _AWAY)
        near, rest = take(rest, r"closer|nearer|near|close|less (?:distant|far)")
        away, near = away or too_near, near or too_far
        if bool(away) == bool(near) or re.search(r"\b(?:left|right)\b", clause):
            return None, clause
        if amount and amount.unit is Unit.METRES and away and away[0] == "away":
            return _distant(to_m=amount.value), rest
        if amount and amount.unit is Unit.METRES:
            return _distant(by_m=amount.value if away else -amount.value), rest
        if amount and amount.unit is Unit.TIMES:
            times = amount.value if away else 1 / amount.value
            return _distant(factor=times), take(rest, "as")[1]
        if amount or (near and near[0] in ("near", "close")):
            return None, clause
        if away and away[0] in _FAR:
            return _distant(to_m=FAR_M), rest
        if away and away[0] == "away":
            return None, clause
        base = FURTHER if away else NEARER
        return _distant(factor=round(base**factor, 2)), take(rest, "to (?:me|us|the camera)")[1]

    def _time(self, clause: str) -> tuple[Change | None, str]:
        to_s, rest = take(
            clause,
            r"(?:(?:should|must) )?(?:come|start|begin|happen|be|land|sit|hit|move|shift|go)?s?"
            r"(?: in)? ?(?:at|to) (\d+(?:\.\d+)?) ?(?:s|secs?|seconds?)",
        )
        moved = re.search(r"\b(?:come|start|begin|happen|land|sit|move|shift|should be)\b", clause)
        if to_s and moved and not re.search(r"\b(?:earlier|later|from|split|add)\b", clause):
            return _moved_to(float(to_s[1])), rest
        amount, rest = take_amount(clause)
        factor, rest = self._much(rest)
        later, rest = take(rest, r"later|delay|delayed")
        earlier, rest = take(rest, r"earlier|sooner|advance")
        late, rest = take(rest, r"(?:is |are |comes? |come in )?(?:too )?late")
        early, rest = take(rest, r"(?:is |are |comes? |come in )?(?:too )?early")
        back, ahead = later or early, earlier or late
        if bool(back) == bool(ahead):
            return None, clause
        sign = 1 if back else -1
        if amount and amount.unit is Unit.FRAMES:
            return _moved(frames=sign * round(amount.value)), rest
        if amount and amount.unit is not Unit.SECONDS:
            raise LostError(f"{amount.value:g} {amount.unit} is no time.")
        usual = self.wishes.number("earlier_ms") / 1000 * factor
        return _moved(seconds=sign * (amount.value if amount else usual)), rest

    def _length(self, clause: str) -> tuple[Change | None, str]:
        until, rest = take(
            clause,
            r"(?:(?:should|must) )?(?:stops?|ends?|lasts?)(?: at| until| till) "
            r"(\d+(?:\.\d+)?) ?(?:s|secs?|seconds?)",
        )
        if until:
            return _lengthened(until_s=float(until[1])), rest
        amount, rest = take_amount(clause)
        lasting, rest = take(rest, r"(?:should |must )?lasts?(?: only| for)?|(?:for )?only")
        longer, rest = take(rest, r"longer|lengthen|extend|stretch|long")
        shorter, rest = take(rest, r"shorter|shorten|trim|short")
        if not (longer or shorter or (lasting and amount and amount.unit is Unit.SECONDS)):
            return None, clause
        factor, rest = self._much(rest)
        if amount and amount.unit is Unit.SECONDS and lasting:
            return _lengthened(to_s=amount.value), rest
        if amount and amount.unit is Unit.SECONDS:
            change = amount.value if longer else -amount.value
            return _lengthened(by_s=change), rest
        if amount and amount.unit is Unit.TIMES:
            return _lengthened(factor=amount.value), take(rest, "as")[1]
        if amount:
            raise LostError(f"{amount.value:g} {amount.unit} is no length.")
        base = LONGER if longer else SHORTER
        return _lengthened(factor=round(base**factor, 2)), rest

    def _reverb(self, clause: str) -> tuple[Change | None, str]:
        amount, rest = take_amount(clause)
        factor, rest = self._much(rest)
        room = r"(?:reverb(?:eration)?|echo|room)(?: (?:on|to|for))?"
        wetter, rest = take(rest, rf"{_TOO} dry|wetter|more {room}|roomier")
        drier, rest = take(
            rest,
            rf"{_TOO} (?:wet|echoey|reverberant)|drier|dryer|less wet|less {room}",
        )
        if bool(wetter) == bool(drier) or (amount and amount.unit is not Unit.DB):
            return None, clause
        size = abs(amount.value) if amount else self.wishes.number("reverb_db") * factor
        change = size if wetter else -size

        def make(target: Target) -> Iterator[Operation]:
            yield AdjustReverb(event_id=target.event.id, change_db=change)

        return Change(make), rest

    def _perspective(self, clause: str) -> tuple[Change | None, str]:
        found, rest = take(
            clause,
            r"(?:seen |heard |like |as )?(?:in |from )?(?:a |an )?(close|medium|wide)(?: up| shot)",
        )
        if not found:
            return None, clause
        size = ShotSize(found[1])

        def make(target: Target) -> Iterator[Operation]:
            yield ChangePerspective(event_id=target.event.id, size=size)

        return Change(make), rest

    def _layer(self, clause: str) -> tuple[Change | None, str]:
        into = "(?:in|into|to)" if re.search(r"\b(?:put|move|place)\b", clause) else "(?:into|to)"
        front, rest = take(clause, rf"{into} the (?:foreground|front)|in front|forward")
        behind, rest = take(
            rest, rf"{into} the (?:background|back)|behind(?: everything| all that| the rest)?"
        )
        if bool(front) == bool(behind):
            return None, clause

        def make(target: Target) -> Iterator[Operation]:
            event = target.event
            wanted = Layer.FOREGROUND if front else Layer.BACKGROUND
            if event.layer is not wanted:
                yield ChangeLayer(event_id=event.id, layer=wanted)
            else:
                factor = NEARER if front else FURTHER
                yield AdjustDistance(event_id=event.id, factor=round(factor, 2))

        return Change(make), rest

    def _force(self, clause: str) -> tuple[Change | None, str]:
        factor, rest = self._much(clause)
        harder, rest = take(
            rest, r"(?:hit|strike|played?|more) ?(?:it )?harder|harder|heavier|with more force"
        )
        lighter, rest = take(rest, r"gentler|lighter|more gently|with less force|less hard")
        if bool(harder) == bool(lighter):
            return None, clause
        rest = take(rest, "hit|strike|play")[1]
        change = (FORCE_STEP if harder else -FORCE_STEP) * factor

        def make(target: Target) -> Iterator[Operation]:
            force = target.event.performance.force + change
            clamped = round(min(max(force, 0.0), 1.0), 2)
            yield ChangePerformance(event_id=target.event.id, force=clamped)

        return Change(make), rest


def _panned(by: float | None = None, to: float | None = None) -> Change:
    def make(target: Target) -> Iterator[Operation]:
        yield AdjustPan(event_id=target.event.id, change_deg=by, to_deg=to, hits=target.hits)

    return Change(make)


def _distant(
    factor: float | None = None, to_m: float | None = None, by_m: float | None = None
) -> Change:
    def make(target: Target) -> Iterator[Operation]:
        source, metres = target.event.source, to_m
        if by_m is not None:
            if source.distance_m is None:
                raise LostError(f"How far {target.event.label} is, the picture says: try a factor.")
            metres = source.distance_m * source.distance_factor + by_m
            if metres <= 0:
                raise LostError(f"{target.event.label} would be behind the listener.")
        yield AdjustDistance(event_id=target.event.id, factor=factor, to_m=metres)

    return Change(make)


def _moved(seconds: float | None = None, frames: int | None = None) -> Change:
    def make(target: Target) -> Iterator[Operation]:
        yield AdjustTime(
            event_id=target.event.id, shift_s=seconds, shift_frames=frames, hits=target.hits
        )

    return Change(make)


def _moved_to(time_s: float) -> Change:
    def make(target: Target) -> Iterator[Operation]:
        event = target.event
        start = event.hits[target.hits[0] - 1].time_s if target.hits else event.start_s
        shift = round(time_s - start, 6)
        yield AdjustTime(event_id=event.id, shift_s=shift, hits=target.hits)

    return Change(make)


def _lengthened(
    factor: float | None = None,
    to_s: float | None = None,
    by_s: float | None = None,
    until_s: float | None = None,
) -> Change:
    def make(target: Target) -> Iterator[Operation]:
        event = target.event
        length = to_s if by_s is None else event.end_s - event.start_s + by_s
        length = length if until_s is None else until_s - event.start_s
        if length is not None and length <= 0:
            raise LostError(f"{event.label} would have no length.")
        yield AdjustLength(event_id=event.id, factor=factor, to_s=length)

    return Change(make)
