"""When each packet of a picture is decoded and shown, counted from the first shown frame."""

from fractions import Fraction
from typing import NamedTuple


class RawTime(NamedTuple):
    """Times of one packet as its container gives them, in units of a time base."""

    pts: int
    dts: int | None
    duration: int
    """0 if the container doesn't say."""
    hidden: bool = False
    """Whether an edit list hides the frame."""


class PacketTime(NamedTuple):
    """Times of one packet in units of a time base."""

    pts: int
    """Presentation time; below 0 for frames that the container hides before the start."""
    dts: int
    """Decoding time, strictly rising from packet to packet."""
    duration: int


class PacketTimes(NamedTuple):
    """Times of the packets to copy: all in file order up to the last one that is shown."""

    time_base: Fraction
    times: tuple[PacketTime, ...]

    @property
    def duration_s(self) -> float:
        """From the first shown frame to the end of the last."""
        return float(max(time.pts + time.duration for time in self.times) * self.time_base)


def packet_times(raw: list[RawTime], time_base: Fraction, rate: Fraction) -> PacketTimes | None:
    """Times from the first shown frame on; None if no frame is shown.

    Decoding times that a container leaves out (Matroska, at the start) are extrapolated. Where
    the container's clock is too coarse for the rate (Matroska and FLV count milliseconds) and
    the frames are the rate's own, only rounded, exact times are restored.

    Args:
        raw: every packet in file order.
        time_base: seconds a unit.
        rate: nominal frames per second.
    """
    shown = [i for i, time in enumerate(raw) if not time.hidden]
    if not shown:
        return None
    kept = raw[: shown[-1] + 1]
    start = min(raw[i].pts for i in shown)
    step = max(round(1 / (rate * time_base)), 1)
    times = tuple(
        PacketTime(time.pts - start, dts - start, time.duration or step)
        for time, dts in zip(kept, _decoding_times(kept, step), strict=True)
    )
    return _restored(times, time_base, rate) or PacketTimes(time_base, times)


def _decoding_times(raw: list[RawTime], step: int) -> list[int]:
    """Strictly rising decoding times; gaps at the start are filled backwards, others forwards."""
    known = next((i for i, time in enumerate(raw) if time.dts is not None), None)
    anchor = raw[0].pts - len(raw) * step if known is None else raw[known].dts or 0
    previous = anchor - ((known or 0) + 1) * step
    times = []
    for i, time in enumerate(raw):
        expected = previous + step if time.dts is None or i < (known or 0) else time.dts
        previous = max(expected, previous + 1)
        times.append(previous)
    return times


def _restored(
    times: tuple[PacketTime, ...], time_base: Fraction, rate: Fraction
) -> PacketTimes | None:
    """Times on the rate's own clock, if the container's clock merely rounded them."""
    step = 1 / (rate * time_base)
    if step.denominator == 1:
        return None
    frames = [round(time.pts / step) for time in times]
    if any(abs(t.pts - k * step) > 1 for t, k in zip(times, frames, strict=True)):
        return None
    if sorted(frames) != list(range(min(frames), min(frames) + len(frames))):
        return None
    delay = max(i - k for i, k in enumerate(frames))
    exact = tuple(PacketTime(k, i - delay, 1) for i, k in enumerate(frames))
    return PacketTimes(1 / rate, exact)
