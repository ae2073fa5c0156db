"""A script's time against the clip's: programme time of timed text, and how much is told."""

import math
import re
from typing import NamedTuple

from foley_designer.core.clip import Clip
from foley_designer.core.note import Note, NoteKind
from foley_designer.core.script.screenplay import Element, ScriptScene
from foley_designer.core.timecode import from_timecode, time_of

STEP = "input"
HOUR_S = 3600.0
LEADER_S = 120.0
"""How long before its first frame a programme's first subtitle may stand, over the leader."""
WORDS_A_MINUTE = 180.0
"""A formatted page of a screenplay holds about 180 words and plays for about a minute: the
custom that production schedules by the page rest on."""
MOST_TIMES_TOO_LONG = 10.0
"""A script that would play longer than so many clips is surely not this clip's excerpt; a dense
description of a short clip stays well below."""


class Timed(NamedTuple):
    """A scene cut to the clip, and what was decided."""

    scene: ScriptScene
    notes: tuple[Note, ...]


def within(scene: ScriptScene, clip: Clip) -> Timed:
    """A timed scene in the clip's own time, without what lies outside; others as they are.

    Subtitles are often timed like the programme: from hour one, or from the clip's timecode. That
    start is taken off if more lines then lie in the clip than without.

    Args:
        scene: one whose elements may carry times in seconds.
        clip: duration and start timecode decide.
    """
    starts = [element.start_s for element in scene.elements if element.start_s is not None]
    if not starts:
        return Timed(scene, ())
    offset = max(
        _offsets(min(starts), clip), key=lambda taken: _inside(starts, taken, clip.duration_s)
    )
    kept = tuple(
        moved
        for element in scene.elements
        if (moved := _moved(element, offset, clip.duration_s)) is not None
    )
    notes = []
    if offset:
        text = f"The script's times count from {_clock(offset)}, which was taken off them."
        notes.append(Note(kind=NoteKind.DECISION, step=STEP, text=text))
    if left_out := len(scene.elements) - len(kept):
        text = (
            f"{left_out} of {len(scene.elements)} timed lines lie outside the clip and were left "
            "out."
        )
        kind = NoteKind.DECISION if kept else NoteKind.ADVICE
        notes.append(Note(kind=kind, step=STEP, text=text))
    return Timed(scene.model_copy(update={"elements": kept}), tuple(notes))


def _offsets(first_s: float, clip: Clip) -> list[float]:
    """Starts of programme that come into question, 0 before all, in seconds."""
    hours = math.floor((first_s + LEADER_S) / HOUR_S)
    return [0.0, *_timecode_starts(clip), *([hours * HOUR_S] if hours else [])]


def _timecode_starts(clip: Clip) -> list[float]:
    """The clip's start timecode in seconds: read like a clock's time, and in real time.

    They differ by 3.6 s an hour at the rates over 1.001; subtitles are timed by either.
    """
    try:
        frame = from_timecode(clip.timecode or "", clip.timecode_rate)
    except ValueError:
        return []
    clock = re.split("[:;]", clip.timecode or "")
    hours, minutes, seconds, frames = (int(part) for part in clock)
    read = HOUR_S * hours + 60 * minutes + seconds + frames / round(clip.timecode_rate)
    return [read, time_of(frame, clip.timecode_rate)]


def _inside(starts: list[float], offset: float, duration_s: float) -> int:
    return sum(0 <= start - offset < duration_s for start in starts)


def _moved(element: Element, offset: float, duration_s: float) -> Element | None:
    """The element in the clip's time; None if it begins outside the clip."""
    if element.start_s is None:
        return element
    start_s = element.start_s - offset
    if start_s >= duration_s or (start_s < 0 and (element.end_s or start_s) - offset <= 0):
        return None
    end_s = None if element.end_s is None else element.end_s - offset
    return element.model_copy(update={"start_s": max(0.0, start_s), "end_s": end_s})


def proportion_notes(scene: ScriptScene, clip: Clip) -> tuple[Note, ...]:
    """Tell that a script is out of proportion to the clip; timed text says itself what is left out.

    Args:
        scene: what is to be performed.
        clip: what it is performed on.
    """
    if any(element.start_s is not None for element in scene.elements):
        return ()
    words = sum(len(element.text.split()) for element in scene.elements)
    plays_s = 60.0 * words / WORDS_A_MINUTE
    times = plays_s / clip.duration_s
    if times < MOST_TIMES_TOO_LONG:
        return ()
    told = float(f"{times:.1g}")
    text = (
        f"The script would play for about {_length(plays_s)}, the clip lasts "
        f"{_length(clip.duration_s)}: it is some {told:,.0f} times too long. Give this clip's "
        "excerpt alone, or sounds of other scenes are performed."
    )
    return (Note(kind=NoteKind.ADVICE, step=STEP, text=text),)


def _length(seconds: float) -> str:
    return f"{seconds:.3g} s" if seconds < 90 else f"{seconds / 60:,.0f} minutes"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours:02}:{minutes:02}:{rest:06.3f}".removesuffix(".000")
