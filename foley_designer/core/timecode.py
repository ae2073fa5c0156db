"""Exact frame rates, frames and SMPTE ST 12-1 timecode with drop frame where the rate has it."""

import re
from fractions import Fraction
from typing import Annotated, Any

from pydantic import PlainSerializer, PlainValidator

_RATE = re.compile(r"[0-9]{1,10}(\.[0-9]{1,10}|/[0-9]{1,10})?")


def parse_rate(value: Any) -> Fraction:
    """A frame rate as an exact fraction, from ``Fraction``, ``"30000/1001"`` or ``25``.

    Raises:
        ValueError: no such rate, not positive, or above 1000 frames a second.
    """
    if isinstance(value, str) and not _RATE.fullmatch(value):  # no power of ten in a few letters
        raise ValueError(f"{value[:40]!r} is no frame rate")
    try:
        rate = Fraction(value).limit_denominator(1_000_000)
    except (TypeError, ArithmeticError) as error:
        raise ValueError(f"no frame rate: {error}") from error
    if not 0 < rate <= 1000:
        raise ValueError(f"frame rate {value} is outside 0..1000")
    return rate


FrameRate = Annotated[
    Fraction,
    PlainValidator(parse_rate, json_schema_input_type=str),
    PlainSerializer(lambda rate: f"{rate.numerator}/{rate.denominator}", return_type=str),
]
"""Frames per second as an exact fraction; ``"24000/1001"`` in JSON."""


STANDARD_RATES = tuple(
    Fraction(rate)
    for rate in (
        "24000/1001",
        24,
        25,
        "30000/1001",
        30,
        "48000/1001",
        48,
        50,
        "60000/1001",
        60,
    )
)
"""Rates at which timecode counts: SMPTE ST 12-1 (24, 25, 30) and ST 12-3 (48, 50, 60), whole and
over 1.001, as editing and mixing programs offer them."""
SAME_NAME = 4e-4
"""Rates that differ by a smaller part are one rate, rounded: 23.98 and 23.976; 24 is another."""
MOST_FOLD = 50
"""Largest whole number by which a rate is multiplied or divided to reach a standard one."""


def standard_rate(rate: Fraction) -> Fraction:
    """The rate at which timecode counts for frames of this rate.

    The rate itself if it is a standard one; else the standard one of which it is a whole part
    (12.5 gives 25) or multiple (240 gives 60), so that every frame has its timecode; else the
    nearest one in ratio.
    """
    if rate in STANDARD_RATES:
        return rate
    for fold in range(2, MOST_FOLD + 1):
        for other in (rate * fold, rate / fold):
            if other in STANDARD_RATES:
                return other
    return min(STANDARD_RATES, key=lambda other: max(other / rate, rate / other))


def named_rate(text: str) -> Fraction:
    """A rate as people write it: ``25``, ``30000/1001``, and ``23.976`` for 24000/1001.

    Raises:
        ValueError: as `parse_rate`, or it is no number.
    """
    try:
        rate = parse_rate(text.strip())
    except (ValueError, ZeroDivisionError) as error:
        raise ValueError(f"{text!r:.40} is no frame rate such as 25 or 30000/1001") from error
    near = min(STANDARD_RATES, key=lambda other: abs(other / rate - 1))
    return near if abs(near / rate - 1) < SAME_NAME else rate


def frame_at(time_s: float, rate: Fraction) -> int:
    """The frame on screen at ``time_s``: frame k covers [k/rate, (k+1)/rate)."""
    return int(float(time_s) * rate.numerator / rate.denominator + 1e-6)


def time_of(frame: int, rate: Fraction) -> float:
    """Start of a frame in seconds."""
    return frame * rate.denominator / rate.numerator


def is_drop_frame(rate: Fraction) -> bool:
    """Whether the rate counts with drop-frame timecode by custom: 29.97 and 59.94."""
    return rate in (Fraction(30000, 1001), Fraction(60000, 1001))


def to_timecode(frame: int, rate: Fraction, drop_frame: bool | None = None) -> str:
    """``HH:MM:SS:FF``, or ``HH:MM:SS;FF`` for drop frame (SMPTE ST 12-1, 5.2.2).

    Args:
        frame: frames since midnight, ≥ 0.
        rate: exact frame rate.
        drop_frame: None takes the rate's custom.

    Raises:
        ValueError: a negative frame, or drop frame asked of a rate that has none.
    """
    if frame < 0:
        raise ValueError(f"frame {frame} is negative")
    drop = is_drop_frame(rate) if drop_frame is None else drop_frame
    if drop and not is_drop_frame(rate):
        raise ValueError(f"no drop frame at {rate}")
    nominal = round(rate)
    if drop:
        dropped = nominal // 15
        per_minute = nominal * 60 - dropped
        per_ten = per_minute * 10 + dropped
        tens, rest = divmod(frame, per_ten)
        minutes = 0 if rest < nominal * 60 else 1 + (rest - nominal * 60) // per_minute
        frame += dropped * (9 * tens + minutes)
    seconds, frames = divmod(frame, nominal)
    minutes_total, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes_total, 60)
    separator = ";" if drop else ":"
    return f"{hours % 24:02}:{minutes:02}:{seconds:02}{separator}{frames:02}"


_TIMECODE = re.compile(r"(\d\d):([0-5]\d):([0-5]\d)([:;])(\d\d\d?)")


def from_timecode(text: str, rate: Fraction) -> int:
    """Frames since midnight of ``HH:MM:SS:FF`` or, for drop frame, ``HH:MM:SS;FF``.

    Raises:
        ValueError: not a timecode, or one that this rate doesn't have.
    """
    match = _TIMECODE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a timecode such as 01:00:00:00")
    hours, minutes, seconds, frames = (int(match[group]) for group in (1, 2, 3, 5))
    nominal = round(rate)
    total_minutes = 60 * hours + minutes
    frame = (60 * total_minutes + seconds) * nominal + frames
    drop = match[4] == ";"
    if drop:
        frame -= nominal // 15 * (total_minutes - total_minutes // 10)
    if frames >= nominal or hours > 23 or to_timecode(frame, rate, drop) != text:
        raise ValueError(f"{text} does not exist at {rate} frames a second")
    return frame
