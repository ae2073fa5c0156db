"""Manner: another take; wetter, higher, faster, harder or bigger."""

from collections.abc import Iterator

from foley_designer.agents.reviser.changes.comparing import comparison
from foley_designer.agents.reviser.changes.levels import Levels
from foley_designer.agents.reviser.changes.making import Change, each, refuse_parts
from foley_designer.agents.reviser.grammar.chunk import Chunk, LostError
from foley_designer.agents.reviser.grammar.items import Item
from foley_designer.agents.reviser.grammar.target import Target
from foley_designer.core.category import Subcategory
from foley_designer.core.revision import sounding
from foley_designer.core.revision.operations import ChangePerformance, Operation, Retake
from foley_designer.memory.preferences import Preferences

FORCE_STEP, WET_STEP, PITCH_STEP_ST = 0.2, 0.4, 2.0


class Manner:
    """Reads changes of how a sound is played.

    Args:
        wishes: how much the comparative words mean to this user.
        levels: makes single hits that are played harder louder.
    """

    def __init__(self, wishes: Preferences, levels: Levels) -> None:
        self.wishes = wishes
        self.much = wishes.number("much_factor")
        self.levels = levels

    def retake(self, chunk: Chunk) -> Change | None:
        """Another take, or the numbered one."""
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

    def wetness(self, chunk: Chunk) -> Change | None:
        """Wet and dry before a surface mean the surface, not the reverberation."""
        for place, item in enumerate(chunk.items):
            after = chunk.items[place + 1] if place + 1 < len(chunk.items) else Item("")
            if not item.has("dim", "wet+", "wet-", "wet+!", "wet-!") or item.has("name"):
                continue
            alone = item.has("dim", "wet+", "wet-") and not item.has("dim", "reverb+", "reverb-")
            if not (alone or after.has("attr") or after.has("name") or after.has("noun", "leaf")):
                continue
            value = item.reading("dim") if item.reading("dim").startswith("wet") else ""
            value = value or next(r.value for r in item.readings if r.value.startswith("wet"))
            chunk.take_at(place)
            step = (WET_STEP if value[3] == "+" else -WET_STEP) * chunk.degree(self.much)

            def make(target: Target, value: str = value, step: float = step) -> Iterator[Operation]:
                refuse_parts(target)
                if target.event.subcategory is Subcategory.SPLASH:  # it is wet: a bigger one
                    size = target.event.performance.size + step / WET_STEP * FORCE_STEP
                    fields = {"event_id": target.event.id, "size": round(min(max(size, 0), 1), 2)}
                    yield ChangePerformance.model_validate(fields)
                    return
                now = target.event.performance.wetness
                wet = {"wet+!": 0.7, "wet-!": 0.0}.get(value, min(max(now + step, 0.0), 1.0))
                yield ChangePerformance(event_id=target.event.id, wetness=round(wet, 2))

            return Change(make, name="wet")
        return None

    def pitch(self, chunk: Chunk) -> Change | None:
        """Higher or lower, by semitones."""
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

    def speed(self, chunk: Chunk) -> Change | None:
        """Faster or slower, by a factor; steps keep the times of the film."""
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

    def play(self, chunk: Chunk) -> Change | None:
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
