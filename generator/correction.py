"""Small faults of a performance, corrected: hits off their cues, an offset, stereo with a place."""

from collections.abc import Iterable

import numpy as np
import scipy
from numpy.typing import NDArray

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.mix.take import Fault
from foley_designer.core.script.performance import Layer
from foley_designer.core.script.sound_event import SoundEvent, SourceKind
from foley_designer.dsp.blocks import blocks
from foley_designer.generator.check import measure_timing
from foley_designer.generator.engine import Dry, Samples

_LOOK_S = 0.1
"""How much further than the check a correction looks for a hit."""
_LEAD_S = 0.001
"""A slice begins this long before its onset."""
_FADE = 48
_LEAST_SHIFT = 12
_HIGHPASS_HZ = 12.0
_RISE_S, _RELEASE_S, _RING_S = 0.01, 0.15, 2.5
"""How a sound is let in and out where cues begin and end; hits may ring longer."""

_EASE_S = 0.5
"""How long a sound that has no beginning is let in, as a mixer fades a bed."""
_EDGE_S = 0.1
"""A stretch that begins or ends this near to the clip's edge goes on beyond it."""
_HOP, _SHORT_HOPS, _SLOW_HOPS = 480, 40, 400
"""Samples between two levels of a bed; momentary levels of 0.4 s (BS.1770's momentary loudness) are
held against those of 4 s."""
_HELD = 0.5
"""Share of what stands out that is taken back: a ratio of 2:1, as beds are compressed."""
_MOST_OUT_DB = 12.0
_FLOOR = 1e-10
"""Power, -100 dBFS, under which nothing is held."""


def correct(dry: Dry, event: SoundEvent, faults: Iterable[Fault]) -> Dry | None:
    """The performance with what can be helped corrected; None if nothing can.

    Args:
        dry: ``[channels, n]``.
        event: what was to be played, in the dry sound's own time.
        faults: what the check found.
    """
    found = set(faults)
    samples = dry.samples
    if Fault.DC_OFFSET in found:
        samples = _without_offset(samples)
    if found & {Fault.LATE, Fault.MISSED_HITS}:
        samples = _on_cues(samples, event)
    return None if samples is dry.samples else dry._replace(samples=samples)


def cut_to_cues(samples: Samples, event: SoundEvent) -> Samples:
    """The sound without what lies outside its cues, faded as an editor would cut it.

    Args:
        samples: ``[channels, n]``.
        event: hits ring for up to 2.5 s, spans for 0.15 s.
    """
    cues = [(hit.time_s, hit.time_s, _RING_S) for hit in event.hits]
    cues += [(span.start_s, span.end_s, _RELEASE_S) for span in event.spans]
    times = np.arange(samples.shape[1]) / SAMPLE_RATE
    heard = np.zeros(len(times), np.float32)
    for start, end, release in cues:
        first, last = np.searchsorted(times, [start - _RISE_S, end + release])
        part = times[first:last]
        edges = [start - _RISE_S, start - _LEAD_S, end + 0.5 * release, end + release]
        shape = np.interp(part, edges, [0.0, 1.0, 1.0, 0.0])
        heard[first:last] = np.maximum(heard[first:last], shape)
    cut: Samples = samples * heard
    return cut


def eased(samples: Samples, event: SoundEvent) -> Samples:
    """The sound with its stretches let in and out if nothing seen begins or ends them.

    That is a sound all around, and any that goes on already as the clip begins or still as it
    ends; a cut in a sound is heard as a blow.

    Args:
        samples: ``[channels, n]``, the clip's length.
        event: one with hits is left as it is.
    """
    if event.hits:
        return samples
    length_s = samples.shape[1] / SAMPLE_RATE
    around = event.source.kind is SourceKind.AROUND
    out = samples.copy()
    for span in event.spans:
        first, last = (round(min(t, length_s) * SAMPLE_RATE) for t in (span.start_s, span.end_s))
        count = int(min(_EASE_S, 0.25 * (last - first) / SAMPLE_RATE) * SAMPLE_RATE)
        curve = (0.5 - 0.5 * np.cos(np.pi * (np.arange(count) + 0.5) / max(count, 1))).astype(
            np.float32
        )
        if around or span.start_s <= _EDGE_S:
            out[:, first : first + count] *= curve
        if around or span.end_s >= length_s - _EDGE_S:
            out[:, last - count : last] *= curve[::-1]
    return out


def evened(samples: Samples, event: SoundEvent) -> Samples:
    """A bed whose level moves slowly: what stands out for a moment stands out half as much.

    A gust or a bird that is chance may fall on a cut, where a level that jumps is heard as the cut
    of the sound. A mixer rides such a bed by hand.

    Args:
        samples: ``[channels, n]``, the clip's length.
        event: any but a continuous background all around is left as it is.
    """
    around = event.source.kind is SourceKind.AROUND
    if event.hits or not around or event.layer is not Layer.BACKGROUND:
        return samples
    out = samples.copy()
    for span in event.spans:
        first, last = (round(t * SAMPLE_RATE) for t in (span.start_s, span.end_s))
        part = out[:, first:last]
        hops = part.shape[1] // _HOP
        if hops < _SLOW_HOPS:
            continue
        power = np.concatenate([_power(part[:, at]) for at in blocks(hops * _HOP, _HOP << 9)])
        short, slow = (
            scipy.ndimage.uniform_filter1d(power.astype(np.float64), size, mode="nearest")
            for size in (_SHORT_HOPS, _SLOW_HOPS)
        )
        out_db = 10.0 * np.log10((short + _FLOOR) / (slow + _FLOOR))
        gain = 10.0 ** (-_HELD * np.clip(out_db, -_MOST_OUT_DB, _MOST_OUT_DB) / 20.0)
        place = (np.arange(hops) + 0.5) * _HOP
        for at in blocks(part.shape[1]):
            samples_at = np.arange(at.start, at.stop)
            part[:, at] *= np.interp(samples_at, place, gain).astype(np.float32)
    return out


def _power(samples: Samples) -> NDArray[np.float32]:
    """Mean square of both channels by hops, ``[hops]``."""
    hops = samples.shape[1] // _HOP
    power: NDArray[np.float32] = np.square(samples).reshape(len(samples), hops, _HOP).mean((0, 2))
    return power


def louder_channel(samples: Samples) -> Samples:
    """One channel ``[1, n]`` of a placed sound: the one nearer to it, without the comb of a sum."""
    powers = [float(np.sum(np.square(channel))) for channel in samples]
    nearer = int(np.argmax(powers))
    return samples[nearer : nearer + 1]


def _without_offset(samples: Samples) -> Samples:
    sections = scipy.signal.butter(2, _HIGHPASS_HZ, "highpass", fs=SAMPLE_RATE, output="sos")
    filtered: NDArray[np.float64] = scipy.signal.sosfilt(sections, samples, axis=1)
    return filtered.astype(np.float32)


def _on_cues(samples: Samples, event: SoundEvent) -> Samples:
    """Slices from onset to onset, each moved to its cue, joined by cross-fades of 1 ms."""
    timing = measure_timing(samples, event, _LOOK_S)
    if timing is None:
        return samples
    shifts = np.round(np.nan_to_num(timing.offsets_s) * SAMPLE_RATE).astype(int)
    if np.abs(shifts).max(initial=0) < _LEAST_SHIFT:
        return samples
    count = samples.shape[1]
    cues = [round((hit.time_s - _LEAD_S) * SAMPLE_RATE) for hit in event.hits[: len(shifts)]]
    targets = [max(cue, 0) for cue in cues]
    origins = [max(cue + shift, 0) for cue, shift in zip(cues, shifts, strict=True)]
    out = np.zeros_like(samples)
    lead = min(origins[0], targets[0])
    _add(out, samples[:, origins[0] - lead : origins[0]], targets[0] - lead)
    for target, origin, next_target, next_origin in zip(
        targets, origins, [*targets[1:], count], [*origins[1:], count], strict=True
    ):
        length = max(0, min(next_origin - origin, next_target - target))
        _add(out, samples[:, origin : origin + length], target)
    return out


def _add(out: Samples, piece: Samples, at: int) -> None:
    """Lay a piece into ``out`` with short fades at both ends."""
    length = min(piece.shape[1], out.shape[1] - at)
    fade = min(_FADE, length // 2)
    if fade < 1:
        return
    ramp = np.linspace(0.0, 1.0, fade, dtype=np.float32)
    window = np.ones(length, np.float32)
    window[:fade], window[length - fade :] = ramp, ramp[::-1]
    out[:, at : at + length] += piece[:, :length] * window
