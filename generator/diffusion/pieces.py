"""Long events in pieces that a model can make, and the level of what it made."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.script.sound_event import Hit, SoundEvent, Span
from foley_designer.core.script.trajectory import Trajectory
from foley_designer.dsp.level.gains import db_to_gain
from foley_designer.generator.engine import Samples
from foley_designer.generator.placement import distance_gain

OVERLAP_S = 0.5
"""By which pieces of a span cross-fade."""
TAIL_S = 1.5
"""How long a piece goes on after its last cue."""
_HIT_PEAK_DB, _HIT_RANGE_DB = -6.0, 24.0
_SPAN_RMS_DB, _SPAN_RANGE_DB = -20.0, 18.0
_SPAN_PEAK_DB = -3.0
_END_FADE_S = 0.012


class Piece(NamedTuple):
    """A stretch of an event's time that is generated at once."""

    start_s: float
    seconds: float
    event: SoundEvent
    """In the piece's own time."""
    fade_in_s: float
    fade_out_s: float


def pieces(event: SoundEvent, duration_s: float, most_s: float) -> list[Piece]:
    """Cut an event into pieces of equal length that hold all of its cues.

    Every piece has the same length, so that events of one scene share batches; silence between
    cues is not generated.

    Args:
        event: hits and spans in the clip's time.
        duration_s: the clip's length.
        most_s: longest piece.
    """
    length = min(duration_s, most_s)
    cues = [(hit.time_s, min(hit.time_s + TAIL_S, duration_s)) for hit in event.hits]
    cues += [(span.start_s, min(span.end_s + OVERLAP_S, duration_s)) for span in event.spans]
    made: list[Piece] = []
    covered = 0.0
    for start, end in sorted(cues):
        while end > covered + 1e-6 and start < duration_s:
            cut = bool(made) and start < covered
            begin = max(
                0.0, min((covered - OVERLAP_S) if cut else start - 0.1, duration_s - length)
            )
            overlap = OVERLAP_S if cut else 0.0
            part = _within(event, begin, min(begin + length, duration_s))
            if part is not None:
                made.append(Piece(begin, length, part, overlap, 0.0))
            covered = begin + length
    return [
        piece._replace(fade_out_s=max(0.0, piece.start_s + length - after.start_s))
        if after is not None and after.start_s < piece.start_s + length
        else piece
        for piece, after in zip(made, [*made[1:], None], strict=True)
    ]


def _within(event: SoundEvent, start: float, end: float) -> SoundEvent | None:
    """The cues between two instants, in time from the first on; None if there is none."""
    hits = tuple(
        Hit(time_s=hit.time_s - start, strength=hit.strength)
        for hit in event.hits
        if start <= hit.time_s < end
    )
    spans = tuple(
        Span(
            start_s=max(0.0, span.start_s - start),
            end_s=min(end, span.end_s) - start,
            intensity=span.intensity,
        )
        for span in event.spans
        if min(end, span.end_s) - max(start, span.start_s) > 0.02
    )
    if not hits and not spans:
        return None
    return event.model_copy(update={"hits": hits, "spans": spans})


def cues_within(trajectory: Trajectory, piece: Piece) -> Trajectory:
    """A piece's share of a trajectory, in the piece's own time."""
    rate = float(trajectory.rate)
    first = round(piece.start_s * rate)
    count = max(1, round(piece.seconds * rate))
    last = len(trajectory.active) - 1
    at = [min(first + index, last) for index in range(count)]
    return trajectory.model_copy(
        update={
            "azimuth_deg": tuple(trajectory.azimuth_deg[index] for index in at),
            "distance_m": tuple(trajectory.distance_m[index] for index in at),
            "active": tuple(trajectory.active[index] for index in at),
        }
    )


def levelled(stereo: Samples, event: SoundEvent, distance_m: float) -> Samples:
    """At the level that engines agree on, as heard from a distance.

    Args:
        stereo: ``[2, n]`` at any level.
        event: in the sound's own time; its strongest hit or span decides.
        distance_m: median over the event.
    """
    peak = float(np.abs(stereo).max(initial=0.0))
    if peak <= 0.0:
        return stereo
    if event.hits:
        strongest = max(hit.strength for hit in event.hits)
        gain = db_to_gain(_HIT_PEAK_DB - _HIT_RANGE_DB * (1.0 - strongest)) / peak
    else:
        loudest = max(span.intensity for span in event.spans)
        gain = db_to_gain(_SPAN_RMS_DB - _SPAN_RANGE_DB * (1.0 - loudest)) / _sounding_rms(stereo)
        gain = min(gain, db_to_gain(_SPAN_PEAK_DB) / peak)
    return stereo * np.float32(gain * float(distance_gain(distance_m)))


def _sounding_rms(stereo: Samples) -> float:
    """RMS of the frames of 10 ms within 20 dB of the loudest, both channels together."""
    size = SAMPLE_RATE // 100
    count = max(1, stereo.shape[1] // size)
    frames = stereo[:, : count * size].reshape(2, count, -1)
    powers = np.mean(np.square(frames, dtype=np.float64), axis=(0, 2))
    return float(np.sqrt(powers[powers >= 0.01 * powers.max()].mean()))


def joined(parts: list[tuple[Piece, Samples]], sample_count: int) -> Samples:
    """Pieces laid at their times, cross-faded where they overlap, ``[2, sample_count]``.

    What sounds to the clip's very end fades out there, instead of a click.
    """
    out = np.zeros((2, sample_count), np.float32)
    for piece, sound in parts:
        start = round(piece.start_s * SAMPLE_RATE)
        length = min(sound.shape[1], sample_count - start)
        out[:, start : start + length] += sound[:, :length] * _fades(piece, length)
    last = min(sample_count, round(_END_FADE_S * SAMPLE_RATE))
    out[:, sample_count - last :] *= np.linspace(1.0, 0.0, last, dtype=np.float32)
    return out


def _fades(piece: Piece, length: int) -> NDArray[np.float32]:
    """Equal-power fades at the overlaps."""
    window = np.ones(length)
    for seconds, at in ((piece.fade_in_s, slice(None)), (piece.fade_out_s, slice(None, None, -1))):
        count = min(length, round(seconds * SAMPLE_RATE))
        window[at][:count] *= np.sin(0.5 * np.pi * (np.arange(count) + 0.5) / max(1, count))
    return window.astype(np.float32)
