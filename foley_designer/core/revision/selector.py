"""Selector: which events, hits or stretches an operation is about, by what they are."""

import re
from typing import Annotated, Literal

from pydantic import Field, WithJsonSchema

from foley_designer.core.category import Category, Subcategory
from foley_designer.core.clip import Clip
from foley_designer.core.documents import Part
from foley_designer.core.revision.scripts import Problem, RevisionError
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.performance import Layer
from foley_designer.core.script.sound_event import SoundEvent, SourceKind
from foley_designer.core.timecode import from_timecode, time_of

NEAR_S = 0.25
"""The hit "near" a time begins within this."""
_SIDE_DEG = 5.0
Time = float | str
"""Seconds, ``HH:MM:SS:FF``, or a frame's number as ``120f``."""


class Pick(Part):
    """An event, some of its hits, or a stretch of it."""

    event_id: str
    hits: tuple[int, ...] = ()
    stretch: tuple[float, float] | None = None


class Selector(Part):
    """Events that all given conditions fit, and which of their hits; none given is all of them.

    Times: seconds, HH:MM:SS:FF, or a frame as "120f".
    """

    events: tuple[str, ...] = ()
    character: str | None = Field(default=None, max_length=80)
    surface: str | None = Field(default=None, max_length=40)
    layer: Layer | None = None
    category: Annotated[
        Category | Subcategory | None,
        WithJsonSchema({"type": "string", "description": "As foley_script_get shows it."}),
    ] = None
    place: Literal["left", "centre", "right", "off_screen", "on_screen"] | None = None
    excluding: tuple[str, ...] = ()
    """Ids that are left out."""
    hits: tuple[int, ...] = ()
    """Numbers from 1; negative ones count from the end."""
    every: int | None = Field(default=None, ge=2)
    """Every nth hit, the nth first."""
    from_time: Time | None = None
    to_time: Time | None = None
    near: Time | None = None

    def events_of(self, script: FoleyScript) -> tuple[SoundEvent, ...]:
        """The events, in the script's order.

        Raises:
            RevisionError: ``unknown_event`` for an id that is none, or where nothing fits.
        """
        known = {event.id for event in script.events}
        unknown = [key for key in (*self.events, *self.excluding) if key not in known]
        if unknown:
            raise RevisionError(
                Problem.UNKNOWN_EVENT,
                f"There is no event {', '.join(unknown)}.",
                f"There are {', '.join(known)}.",
            )
        found = tuple(event for event in script.events if self._fits(event))
        if not found:
            raise RevisionError(Problem.UNKNOWN_EVENT, "No event fits the selection.")
        return found

    def _fits(self, event: SoundEvent) -> bool:
        words = f"{event.label} {event.description}".casefold()
        return (
            (not self.events or event.id in self.events)
            and event.id not in self.excluding
            and (self.character is None or self.character.casefold() in words)
            and (self.surface is None or event.performance.surface == self.surface)
            and (self.layer is None or event.layer is self.layer)
            and (self.category is None or self.category in (event.category, event.subcategory))
            and (self.place is None or _stands(event, self.place))
        )

    def picks(self, script: FoleyScript) -> tuple[Pick, ...]:
        """What is meant, event by event.

        Raises:
            RevisionError: nothing is, or a time is none.
        """
        found = tuple(
            pick
            for event in self.events_of(script)
            if (pick := self._pick(event, script.clip)) is not None
        )
        if not found:
            raise RevisionError(Problem.UNKNOWN_HIT, "No hit fits the selection.")
        return found

    def _pick(self, event: SoundEvent, clip: Clip) -> Pick | None:
        start = 0.0 if self.from_time is None else seconds(self.from_time, clip)
        end = clip.duration_s if self.to_time is None else seconds(self.to_time, clip)
        limited = self.from_time is not None or self.to_time is not None
        if not (limited or self.hits or self.every or self.near is not None):
            return Pick(event_id=event.id)
        if event.hits:
            numbers = tuple(
                n for n in self._numbers(event, clip) if start <= event.hits[n - 1].time_s < end
            )
            return Pick(event_id=event.id, hits=numbers) if numbers else None
        sounds = any(span.start_s < end and span.end_s > start for span in event.spans)
        return Pick(event_id=event.id, stretch=(start, end)) if limited and sounds else None

    def _numbers(self, event: SoundEvent, clip: Clip) -> tuple[int, ...]:
        count = len(event.hits)
        numbers = set(range(1, count + 1))
        if self.hits:
            numbers &= {n if n > 0 else count + 1 + n for n in self.hits}
        if self.every:
            numbers &= set(range(self.every, count + 1, self.every))
        if self.near is not None:
            at = seconds(self.near, clip)
            gaps = {n: abs(event.hits[n - 1].time_s - at) for n in numbers}
            numbers = {n for n, gap in gaps.items() if gap == min(gaps.values()) <= NEAR_S}
        return tuple(sorted(numbers))


def seconds(time: float | str, clip: Clip) -> float:
    """Seconds of a time that is written as seconds, timecode or a frame's number.

    Raises:
        RevisionError: ``outside_clip`` for text that is no time.
    """
    if isinstance(time, int | float):
        return float(time)
    text = time.strip()
    if found := re.fullmatch(r"(\d+)\s*f(?:rames?)?", text):
        return time_of(int(found[1]), clip.rate)
    try:
        if re.fullmatch(r"\d+(\.\d+)?", text):
            return float(text)
        frame = from_timecode(text, clip.rate)
        begin = from_timecode(clip.timecode, clip.rate) if clip.timecode else 0
    except ValueError as error:
        raise RevisionError(
            Problem.OUTSIDE_CLIP, f"{time!r} is no time.", "Such as 2.5, 00:00:02:12 or 60f."
        ) from error
    return time_of(frame - begin if frame >= begin else frame, clip.rate)


def _stands(event: SoundEvent, place: str) -> bool:
    source = event.source
    if place in ("off_screen", "on_screen"):
        return source.on_screen is (place == "on_screen")
    if source.kind is not SourceKind.POINT:
        return False
    side = source.azimuth_deg
    return {"left": side > _SIDE_DEG, "right": side < -_SIDE_DEG}.get(place, abs(side) <= _SIDE_DEG)
