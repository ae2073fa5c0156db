"""One sound alone, from a description: performed, placed and measured as in a design."""

import tempfile
from fractions import Fraction
from itertools import count, takewhile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from foley_designer.agents import lexicon
from foley_designer.agents.scribe.calls import Call, calls
from foley_designer.agents.scribe.grounding import grounded, nearest, unknown_words
from foley_designer.agents.scribe.ordering import slug
from foley_designer.agents.scribe.passages import Passage
from foley_designer.agents.scribe.wording import performance_of
from foley_designer.core.category import Subcategory
from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.mix.take import Take
from foley_designer.core.note import Note, NoteKind
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, SourceKind, Span
from foley_designer.core.script.trajectory import Trajectory
from foley_designer.core.settings import Settings
from foley_designer.core.sounds.model import Action
from foley_designer.core.space import Space

if TYPE_CHECKING:
    from foley_designer.memory.knowledge_base import Knowledge

RATE = Fraction(50)
"""Frames a second of the trajectory."""
_FIRST_S = 0.2
"""When it begins if no onsets are given."""
_HIT_S = 0.1
"""How long a hit counts as sounding."""
_STRIDE_S, _HURRY_S = 0.8, 0.5
"""From step to step at speed 0, and how much less at speed 1: walking 0.55 s, running 0.35 s."""


class Glide(NamedTuple):
    """A value that goes evenly from one number to another."""

    start: float
    end: float

    def over(self, frames: int) -> tuple[float, ...]:
        """The value in each frame."""
        step = (self.end - self.start) / max(frames - 1, 1)
        return tuple(self.start + step * frame for frame in range(frames))


AHEAD = Glide(0.0, 0.0)


class Sounded(NamedTuple):
    """What was made."""

    event: SoundEvent
    take: Take
    notes: tuple[Note, ...]


def sound(
    text: str,
    out: Path,
    *,
    seconds: float = 5.0,
    onsets_s: tuple[float, ...] = (),
    azimuth_deg: Glide = AHEAD,
    distance_m: Glide | None = None,
    space: Space | None = None,
    settings: Settings | None = None,
) -> Sounded:
    """Perform one sound and write it as a stereo WAV of 48 kHz and 24 bits.

    Args:
        text: what sounds, such as "heavy boots on wet gravel, running".
        out: the file.
        seconds: its length.
        onsets_s: when it is hit; empty takes the pace that the words suggest.
        azimuth_deg: where from, positive to the left.
        distance_m: None takes what is usual for the sound.
        space: None takes the one that the words name, or a small room.
        settings: None takes environment and configuration file.

    Raises:
        FoleyError: ``option_invalid`` if no known sound is described, or an onset lies outside;
            ``part_missing``, ``tool_failed``; ``disk_full``, ``output_not_writable``.
    """
    from foley_designer.dsp.level.master import at_listening_level  # noqa: PLC0415
    from foley_designer.export.audio.wav import read_wav, write_wav  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        made, file = perform(
            text,
            Path(folder),
            seconds=seconds,
            onsets_s=onsets_s,
            azimuth_deg=azimuth_deg,
            distance_m=distance_m,
            space=space,
            settings=settings,
        )
        write_wav(out, at_listening_level(read_wav(file)))
    return made


def perform(
    text: str,
    folder: Path,
    *,
    seconds: float,
    onsets_s: tuple[float, ...] = (),
    azimuth_deg: Glide = AHEAD,
    distance_m: Glide | None = None,
    space: Space | None = None,
    settings: Settings | None = None,
) -> tuple[Sounded, Path]:
    """As `sound`, but the take as it goes into a mix: at its own level, without a room.

    Returns:
        What was made, and its file in ``folder``.
    """
    from foley_designer.generator.takes import make_take  # noqa: PLC0415
    from foley_designer.memory.knowledge_base import load  # noqa: PLC0415

    settings = settings or Settings()
    found = _calls(text, load(settings.knowledge_dir, settings.data_dir / "knowledge-index"))
    call = found[0]
    event = _event(text, call, seconds, onsets_s)
    usual_m = call.card.distance_m
    take, notes = make_take(
        event,
        _trajectory(event, seconds, azimuth_deg, distance_m or Glide(usual_m, usual_m)),
        space or lexicon.look_up(text, lexicon.SPACES) or Space.SMALL_ROOM,
        engine=settings.engine,
        seed=settings.seed,
        takes=settings.takes,
        sample_count=round(seconds * SAMPLE_RATE),
        folder=folder,
    )
    made = Sounded(event, take, (*_remarks(text, found, event.id), *notes))
    return made, folder / Path(take.file).name


def _calls(text: str, knowledge: "Knowledge") -> tuple[Call, ...]:
    """The sounds that the words call for, one at least."""
    passages = (Passage(text, "description"),)
    found = calls(passages, knowledge) or _named(text, knowledge)
    found = found or grounded(passages, knowledge)
    if found:
        return found
    near = knowledge.search(text, 1) if knowledge.may_sound(text) else ()
    hint = f"Nearest is “{near[0].card.title}” ({near[0].similarity:.2f}). " if near else ""
    raise FoleyError(
        ErrorCode.OPTION_INVALID,
        f"No known sound is described by {text!r}.",
        f"{hint}Name what sounds and on what, or teach it by a card: docs/knowledge.md.",
    )


def _named(text: str, knowledge: "Knowledge") -> tuple[Call, ...]:
    """The longest trigger: who asks for one sound wants what would be a mere mention in a story."""
    mentions = knowledge.match(text)
    if not mentions:
        return ()
    longest = max(mentions, key=lambda mention: mention.end - mention.start)
    card = knowledge.get(longest.card_id)
    passages = (Passage(text, "description"),)
    return (Call(card, (card.id,), longest.words, text, text, passages),)


def _remarks(text: str, found: tuple[Call, ...], event_id: str) -> tuple[Note, ...]:
    """What was guessed, and what was asked for and not made."""
    first = found[0]
    rest = [call for call in found[1:] if call.card.subcategory is not Subcategory.AMBIENCE]
    remarks = []
    if first.similarity is not None:
        remarks.append(nearest(first))
    unknown = unknown_words(text, first)
    if unknown:
        remarks.append(f"“{unknown}” says nothing here: it is played as “{first.card.title}”.")
    if rest:
        names = ", ".join(f"“{call.words[:60]}”" for call in rest)
        remarks.append(f"One sound is made at a time; not made: {names}.")
    return tuple(
        Note(kind=NoteKind.DECISION, step="sound", text=each, event_id=event_id) for each in remarks
    )


def _event(text: str, call: Call, seconds: float, onsets_s: tuple[float, ...]) -> SoundEvent:
    card = call.card
    play = performance_of(card, text)
    hits: tuple[Hit, ...] = ()
    if card.impulsive or onsets_s:
        times = sorted(onsets_s) or _paced(call, play.speed, seconds)
        if times[0] < 0 or times[-1] >= seconds:
            raise FoleyError(
                ErrorCode.OPTION_INVALID,
                f"Onsets from {times[0]:g} to {times[-1]:g} s don't lie within {seconds:g} s.",
            )
        hits = tuple(Hit(time_s=time_s) for time_s in times)
    around = call.action is Action.FILL
    return SoundEvent(
        id=slug(1, text),
        label=text[:80],
        description=text[:500],
        subcategory=card.subcategory,
        layer=card.layer,
        hits=hits,
        spans=() if hits else (Span(start_s=0.0, end_s=seconds),),
        source=Source(kind=SourceKind.AROUND if around else SourceKind.POINT),
        performance=play,
        cards=call.cards,
    )


def _paced(call: Call, speed: float, seconds: float) -> list[float]:
    """Onsets at the pace of the sound: as often as the words say, or as it usually is."""
    row = call.card.sound
    gap_s = row.pace_s or 1.0
    if call.action is Action.STEPS:
        gap_s = _STRIDE_S - _HURRY_S * speed
    first_s = min(_FIRST_S, 0.1 * seconds)
    room = seconds - min(0.3, 0.3 * seconds)
    times = list(takewhile(lambda time_s: time_s < room, count(first_s, gap_s)))
    goes_on = row.repeats or call.is_plural
    return times[: call.times or (None if goes_on else row.bout)] or [first_s]


def _trajectory(event: SoundEvent, seconds: float, azimuth: Glide, distance: Glide) -> Trajectory:
    frames = max(1, round(seconds * float(RATE)))
    heard = [(hit.time_s, hit.time_s + _HIT_S) for hit in event.hits]
    heard += [(span.start_s, span.end_s) for span in event.spans]
    times = [frame / float(RATE) for frame in range(frames)]
    frame_s = 1.0 / float(RATE)
    around = event.source.kind is SourceKind.AROUND
    return Trajectory(
        event_id=event.id,
        rate=RATE,
        azimuth_deg=(AHEAD if around else azimuth).over(frames),
        distance_m=distance.over(frames),
        active=tuple(any(a < time + frame_s and time < b for a, b in heard) for time in times),
        extent_deg=360.0 if around else 0.0,
    )
