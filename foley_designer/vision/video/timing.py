"""When a clip's frames are shown, from packet headers alone, and the rate at which they count."""

import math
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.video.stream import VideoStream
from numpy.typing import NDArray

from foley_designer.core.clip import Clip
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.timecode import SAME_NAME, STANDARD_RATES, from_timecode
from foley_designer.vision.video.source import unreadable

USUAL_RATES = (Fraction(12), Fraction(15), *STANDARD_RATES, Fraction(100), Fraction(120))
"""Rates that a measured rate within `SAME_RATE` is taken for."""
SAME_RATE = 1e-3
"""Containers that count milliseconds miss a rate by less than this part of it."""
STRAY = 0.25
"""A rate varies if a frame's time strays from it by more than this part of a frame."""
SLOWEST = Fraction(1)
"""Frames a second: below it a clip is stills, whose times vary whatever they measure."""
SHARED = 0.4
"""Times are damaged if there are fewer than this part of the packets; two fields may share one."""
DEFAULT_RATE = Fraction(25)
MAX_DURATION_S = 4 * 3600.0
FASTEST = 1000
"""Frames a second: what is faster has damaged times, or is not meant to be played so."""
PART_S = 60.0
"""Length of the parts that a long clip is decoded in, at least."""
SLACK_S = 1e-3
"""Times within this are one: containers round them."""
LONG_STAND_S = 60.0
"""A frame that stands longer is told: it may be a film's damaged time."""


class Part(NamedTuple):
    """A stretch of a clip; frames belong to it by their times."""

    start_s: float
    end_s: float
    """Excluded."""

    def holds(self, time_s: float) -> bool:
        """Whether a frame at this time is one of its."""
        return self.start_s - SLACK_S <= time_s < self.end_s - SLACK_S


WHOLE = Part(0.0, math.inf)


class Timing(NamedTuple):
    """Presentation of all frames of a stream."""

    rate: Fraction
    """Nominal rate: exact if the frames keep one, else the standard rate nearest to most."""
    duration_s: float
    """From the first frame's appearance to the last one's end."""
    variable: bool
    """Whether frame times stray from the rate."""
    counted: bool
    """Whether the file has no times that rise, so that frames are counted at the rate."""
    longest_s: float
    """The longest time that one frame stands, the last one left out."""
    measured: float
    """Frames a second on the average, as shown."""
    parts: tuple[Part, ...] = (WHOLE,)
    """What can be decoded by itself: each part begins with a key frame."""


def timing_of(container: InputContainer, stream: VideoStream, asked: Fraction | None) -> Timing:
    """Read the times of all packets; nothing is decoded.

    Args:
        container: opened anew: its packets are read to the end.
        stream: the frame.
        asked: the rate for files without times; None takes what the stream states.
    """
    count = last = 0
    ticks: list[int] = []
    keys: list[int] = []
    try:
        for packet in container.demux(stream):
            if not packet.size or packet.is_discard:
                continue
            count += 1
            if packet.pts is not None:
                ticks.append(packet.pts)
                last = packet.duration or last
                if packet.is_keyframe:
                    keys.append(packet.pts)
    except FFmpegError:  # the file ends within a packet: what was read stands
        pass
    stated = stated_rate(stream)
    base = stream.time_base or Fraction(1, 90_000)
    times = np.unique(np.array(ticks, np.float64)) * float(base)
    if count > 1 and len(times) < max(2, SHARED * count):
        rate = asked or stated
        return Timing(rate, float(count / rate), False, True, float(1 / rate), float(rate))
    if len(times) < 2:
        rate = stated
        return Timing(rate, float(last * base) or float(1 / rate), False, False, 0.0, float(rate))
    parts = _parts(np.array(keys, np.float64) * float(base) - times[0])
    return _measured(times - times[0], float(last * base), stated)._replace(parts=parts)


def _parts(keys_s: NDArray[np.float64]) -> tuple[Part, ...]:
    """Parts of at least `PART_S`; one where key frames don't come in the order of their times."""
    starts = [0.0]
    if (np.diff(keys_s) > 0).all():
        for time_s in keys_s:
            if time_s >= starts[-1] + PART_S:
                starts.append(float(time_s))
    return tuple(Part(*each) for each in pairwise((*starts, math.inf)))


def _measured(times: NDArray[np.float64], last_s: float, stated: Fraction) -> Timing:
    steps = np.diff(times)
    measured = float(len(steps) / times[-1])
    last_s = last_s if last_s > 0 else 1 / measured
    rate = _nominal(measured, stated)
    stray = float(np.abs(times - np.arange(len(times)) / float(rate)).max())
    variable = stray > STRAY / float(rate) or rate < SLOWEST
    if variable:
        rate = _commonest(steps, stated)
    longest = float(steps.max())
    return Timing(rate, float(times[-1]) + last_s, variable, False, longest, measured)


def _nominal(measured: float, stated: Fraction) -> Fraction:
    """The usual or the stated rate that the measured one agrees with, else the measured one.

    A usual one comes first if it is as good as the same: files state 2997/100 for 30000/1001.
    """
    usual = min(USUAL_RATES, key=lambda rate: abs(measured / float(rate) - 1))
    if abs(measured / float(usual) - 1) < SAME_NAME:
        return usual
    for rate in (stated, usual):
        if abs(measured / float(rate) - 1) < SAME_RATE:
            return rate
    return Fraction(measured).limit_denominator(1001) or Fraction(1, 1001)


def _commonest(steps: NDArray[np.float64], stated: Fraction) -> Fraction:
    """The stated rate if timecode counts at it and frames reach it, else that of most frames."""
    typical = 1 / float(np.median(steps))
    if stated in STANDARD_RATES and float(stated) <= 1.1 / float(steps.min()):
        return stated
    return min(STANDARD_RATES, key=lambda rate: abs(np.log(float(rate) / typical)))


def check_time(path: Path, timing: Timing) -> None:
    """Refuse what no film plays like.

    Raises:
        FoleyError: ``clip_unreadable``, ``clip_too_large``.
    """
    if timing.rate > FASTEST:
        raise unreadable(
            path,
            f"its times say {timing.measured:,.0f} frames a second; at most {FASTEST} are read. "
            "Conform it to the rate at which it plays",
        )
    if timing.duration_s > MAX_DURATION_S:
        raise FoleyError(
            ErrorCode.CLIP_TOO_LARGE,
            f"{path.name} lasts {timing.duration_s / 3600:.1f} hours.",
            "Cut it into scenes of at most four hours.",
        )


def stated_rate(stream: VideoStream) -> Fraction:
    """The rate that a stream states, if that can be one; else `DEFAULT_RATE`."""
    for rate in (stream.guessed_rate, stream.average_rate, stream.base_rate):
        if rate and 0 < rate <= 1000:
            return Fraction(rate)
    return DEFAULT_RATE


def time_notes(clip: Clip, timing: Timing, asked: Fraction | None) -> list[str]:
    """What was decided about time, a sentence each.

    Args:
        clip: as it was decided.
        timing: what its packets say.
        asked: the rate that the user gave, if any.
    """
    notes = []
    if timing.counted and asked is None:
        notes.append(
            f"Its frames have no times: they were counted at {_rate(timing.rate)} a second. "
            "Say so if they play at another rate: --rate."
        )
    if timing.variable:
        notes.append(
            f"Its frame rate varies, {timing.measured:.3g} a second on the average: timecode "
            f"counts at {_rate(clip.timecode_rate)}, and every frame keeps its own time."
        )
    elif clip.timecode_rate != clip.rate:
        notes.append(
            f"Its frames come at {_rate(clip.rate)} a second: timecode counts at "
            f"{_rate(clip.timecode_rate)}."
        )
    if timing.longest_s > LONG_STAND_S:
        notes.append(
            f"One of its frames stands for {timing.longest_s:,.0f} s: if it shouldn't, its times "
            "are damaged."
        )
    if clip.timecode is not None:
        try:
            from_timecode(clip.timecode, clip.timecode_rate)
        except ValueError as error:
            notes.append(f"Its start timecode isn't used: {error}. Say --start when exporting.")
    return notes


def _rate(rate: Fraction) -> str:
    """As programs name it: 25, 23.976."""
    return f"{float(rate):.3f}".rstrip("0").rstrip(".")
