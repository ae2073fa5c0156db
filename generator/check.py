"""Measurements of a take against its cues: is it in time, in place, whole and clean?"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.mix.take import Check, Fault
from foley_designer.core.script.sound_event import SoundEvent, SourceKind
from foley_designer.core.script.trajectory import Trajectory
from foley_designer.dsp.level.gains import amplitude_db
from foley_designer.generator.engine import Samples
from foley_designer.generator.placement import time_difference_s
from foley_designer.metrics.activity import active_frames, frame_power
from foley_designer.metrics.gcc import gcc_phat_delays
from foley_designer.metrics.iou import frame_iou
from foley_designer.metrics.onset import locate_onset

Array = NDArray[np.float64]

VERSION = "2"
"""Part of every take's key, since checks choose among takes."""
HIT_TOLERANCE_S = 0.005
LATE_S = 0.001
"""Median offset above which a take is late (or early)."""
SILENT_DBFS = -60.0
"""A peak under this is silence: the softest hit, of strength and force 0, peaks near -36 dBFS."""

_FINE = 48
"""Samples a frame of the power that everything here looks at: 1 ms."""
_LEAST_RECALL = 0.95
_LEAST_RISE_DB = 3.0
_LOOK_BACK_S, _LOOK_ON_S = 0.02, 0.04
_HOLD_S = 0.25
_EXTRA_BEFORE_S, _EXTRA_AFTER_S = 0.02, 3.0
_EXTRA_DB = -20.0
_MISPLACED_DEG = 8.0
_DIRECTION_FRAMES = 40
_DIRECTION_WINDOWS = 120
_FLAT_RUN = 4
_REPEATS = 0.8
"""Autocorrelation from which a window repeats itself."""
_LOUD_SHARE = 0.05
_CLICK_SHARE = 1e-3
_END_SAMPLES, _END_SHARE = 4, 0.03
_DC_SHARE = 0.1
_WHOLE_IOU = 0.9


class Timing(NamedTuple):
    """Onsets against cues."""

    offsets_s: Array
    """Measured minus cued, ``[hits]``; NaN where no onset was found."""

    @property
    def median_s(self) -> float | None:
        """Median of |offset| over the hits that were found."""
        found = self.offsets_s[np.isfinite(self.offsets_s)]
        return float(np.median(np.abs(found))) if len(found) else None

    @property
    def recall(self) -> float:
        """Share of hits with an onset in tolerance; a miss counts as out of it."""
        return float(np.mean(np.abs(np.nan_to_num(self.offsets_s, nan=1.0)) <= HIT_TOLERANCE_S))


def check(stereo: Samples, event: SoundEvent, trajectory: Trajectory) -> Check:
    """Measure a take.

    Args:
        stereo: ``[2, n]``, n the clip's length.
        event: what was to be performed.
        trajectory: where, and in which frames.
    """
    peak = float(max(stereo.max(initial=0.0), -stereo.min(initial=0.0)))
    powers = frame_power(stereo, _FINE)
    power = float(powers.mean()) / 2.0 if len(powers) else 0.0
    faults: set[Fault] = set()
    timing = measure_timing(stereo, event)
    median_s = timing.median_s if timing else None
    iou = _activity_iou(powers, event, trajectory, timing)
    azimuth_error = None
    if amplitude_db(peak) < SILENT_DBFS:
        faults.add(Fault.SILENT)
    else:
        faults |= _signal_faults(stereo, power, powers) | _extra_sound(powers, event)
        if event.source.kind is not SourceKind.AROUND:
            azimuth_error = _azimuth_error_deg(stereo, powers, trajectory)
    if azimuth_error is not None and azimuth_error > _MISPLACED_DEG:
        faults.add(Fault.MISPLACED)
    if timing and timing.recall < _LEAST_RECALL:
        faults.add(Fault.MISSED_HITS)
    if median_s is not None and median_s > LATE_S:
        faults.add(Fault.LATE)
    frame_s = float(1 / trajectory.rate)
    if abs(stereo.shape[1] / SAMPLE_RATE - len(trajectory.active) * frame_s) > 1.5 * frame_s:
        faults.add(Fault.WRONG_LENGTH)
    return Check(
        median_onset_offset_ms=None if median_s is None else 1e3 * median_s,
        hit_recall=timing.recall if timing else None,
        activity_iou=iou,
        azimuth_error_deg=azimuth_error,
        peak_dbfs=float(amplitude_db(peak)),
        rms_dbfs=float(amplitude_db(np.sqrt(power))),
        faults=tuple(sorted(faults)),
        score=_score(faults, timing, iou, event),
    )


def measure_timing(samples: Samples, event: SoundEvent, look_s: float = 0.0) -> Timing | None:
    """Onsets at an impulsive event's hits; None if it has none within the sound.

    Args:
        samples: ``[channels, n]``.
        event: its hits are the cues.
        look_s: how much further than usual to look on either side.
    """
    duration = samples.shape[1] / SAMPLE_RATE
    cues = np.array([hit.time_s for hit in event.hits if hit.time_s < duration - 0.002])
    if not event.impulsive or not len(cues):
        return None
    gaps = np.diff(cues) / 2
    back = np.minimum(_LOOK_BACK_S + look_s, np.r_[np.inf, gaps])
    on = np.minimum(_LOOK_ON_S + look_s, np.r_[gaps, np.inf])
    offsets = np.full(len(cues), np.nan)
    for index, cue in enumerate(cues):
        onset = locate_onset(
            samples, SAMPLE_RATE, cue, before_s=float(back[index]), after_s=float(on[index])
        )
        if onset and onset.rise_db >= _LEAST_RISE_DB:
            offsets[index] = onset.time_s - cue
    return Timing(offsets)


def _activity_iou(
    powers: Array, event: SoundEvent, trajectory: Trajectory, timing: Timing | None
) -> float:
    """IoU of cued frames and frames that sound.

    Of hits, the attack counts and ringing out does not: each lasts as long as it was cued, from
    where its onset was measured. Spans sound where their power is within 40 dB of the loudest
    frame, gaps up to 0.25 s included.
    """
    rate = float(trajectory.rate)
    cued = np.array(trajectory.active)
    if timing is None or event.spans:
        edges = np.arange(len(cued) + 1, dtype=np.float64) * (SAMPLE_RATE / rate / _FINE)
        return frame_iou(cued, active_frames(powers, edges, hold=round(_HOLD_S * rate)))
    sounding = np.zeros_like(cued)
    starts = (np.array([hit.time_s for hit in event.hits]) * rate + 1e-6).astype(int)
    for index, offset in enumerate(timing.offsets_s):
        if np.isfinite(offset):
            first = min(starts[index], len(cued) - 1)
            run = np.argmin(np.r_[cued[first:], False])
            moved = first + round(offset * rate)
            sounding[max(moved, 0) : max(moved + run, 0)] = True
    return frame_iou(cued, sounding)


def _signal_faults(stereo: Samples, power: float, powers: Array) -> set[Fault]:
    faults = set()
    means = np.abs(stereo.mean(axis=1, dtype=np.float64))
    if means.max() > _DC_SHARE * np.sqrt(power):
        faults.add(Fault.DC_OFFSET)
    if _stops_dead(powers) or _end_level(stereo) > _END_SHARE:
        faults.add(Fault.CLICK)
    if any(_flat_tops(channel) for channel in stereo):
        faults.add(Fault.CLIPPED)
    return faults


def _flat_tops(channel: NDArray[np.float32]) -> bool:
    """Whether runs of samples stay at the extreme value, as clipping leaves them."""
    for extreme in (channel.max(), channel.min()):
        at = np.flatnonzero(channel == extreme) if abs(extreme) > 0.1 else np.zeros(0, int)
        if len(at) >= _FLAT_RUN and np.any(at[_FLAT_RUN - 1 :] - at[: 1 - _FLAT_RUN] < _FLAT_RUN):
            return True
    return False


def _extra_sound(powers: Array, event: SoundEvent) -> set[Fault]:
    """Sound near the loudest in level if nothing was cued and no tail of a cue can be."""
    extra = powers > powers.max() * 10 ** (_EXTRA_DB / 10)
    cued = [(hit.time_s, hit.time_s) for hit in event.hits]
    cued += [(span.start_s, span.end_s) for span in event.spans]
    for start, end in cued:
        first = max(0, int((start - _EXTRA_BEFORE_S) * SAMPLE_RATE / _FINE))
        extra[first : int((end + _EXTRA_AFTER_S) * SAMPLE_RATE / _FINE) + 1] = False
    return {Fault.EXTRA_SOUND} if extra.any() else set()


def _stops_dead(powers: Array) -> bool:
    """Whether a loud sound is cut off: a click. A fade of some milliseconds is none."""
    if len(powers) < 3:
        return False
    loud = _LOUD_SHARE * powers.max()
    falls = (powers[:-2] > loud) & (powers[2:] < _CLICK_SHARE * powers[:-2])
    return bool(falls.any())


def _end_level(stereo: Samples) -> float:
    """Level of the last samples, after which the file is silent, as a share of the peak."""
    ends = np.abs(stereo[:, -_END_SAMPLES:]).max(initial=0.0)
    return float(ends / max(stereo.max(), -stereo.min()))


def _azimuth_error_deg(stereo: Samples, powers: Array, trajectory: Trajectory) -> float | None:
    """Mean error of the time difference's azimuth, over windows that sound, mirrored to the front.

    Plain correlation, since placement gives two copies without noise of their own: the phase
    transform would weigh the numerical floor between the partials of a ringing sound. Near ±90° a
    microsecond weighs more degrees than near 0.
    """
    size = _DIRECTION_FRAMES * _FINE
    count = stereo.shape[1] // size
    if not count:
        return None
    power = powers[: count * _DIRECTION_FRAMES].reshape(count, _DIRECTION_FRAMES).mean(axis=1)
    loud = np.flatnonzero(power > power.max() * 1e-4)
    if len(loud) > _DIRECTION_WINDOWS:
        loud = loud[np.linspace(0, len(loud) - 1, _DIRECTION_WINDOWS).astype(int)]
    frames = np.stack([stereo[:, at * size : (at + 1) * size] for at in loud]).astype(np.float64)
    widest = float(time_difference_s(90.0))
    clear = _tells_direction(frames[:, 0], round(2.2 * widest * SAMPLE_RATE))
    if not clear.any():
        return None
    frames, loud = frames[clear], loud[clear]
    delays = gcc_phat_delays(
        frames[:, 0],
        frames[:, 1],
        SAMPLE_RATE,
        max_delay_s=1.1 * widest,
        whitening=0.0,
        between_samples=True,
    )
    place = np.minimum(
        (loud + 0.5) * size / SAMPLE_RATE * float(trajectory.rate), len(trajectory.active) - 1
    )
    sines = np.sin(np.radians(trajectory.azimuth_deg))
    expected = np.interp(place, np.arange(len(sines)), sines)
    measured = np.clip(delays / widest, -1.0, 1.0)
    return float(np.mean(np.abs(np.degrees(np.arcsin(measured) - np.arcsin(expected)))))


def _tells_direction(windows: Array, reach: int) -> NDArray[np.bool_]:
    """Windows ``[k, n]`` whose period is longer than ``reach`` samples.

    A high steady tone repeats within the delays that two ears can have, and fits several places.
    """
    spectra = np.fft.rfft(windows, 2 * windows.shape[1], axis=1)
    repeats = np.fft.irfft(np.abs(spectra) ** 2, axis=1)[:, : reach + 1]
    repeats /= np.maximum(repeats[:, :1], 1e-30)
    fallen = np.maximum.accumulate(repeats < 0.5, axis=1)
    return np.asarray(np.where(fallen, repeats, -1.0).max(axis=1) < _REPEATS)


def _score(faults: set[Fault], timing: Timing | None, iou: float, event: SoundEvent) -> float:
    """1 without a fault; silence scores 0, other faults take away by what an editor would mind."""
    if Fault.SILENT in faults:
        return 0.0
    lost = 0.0
    if timing:
        lost += 0.5 * (1.0 - timing.recall)
        if Fault.LATE in faults and timing.median_s is not None:
            lost += min(0.2, 20.0 * (timing.median_s - LATE_S) + 0.02)
    elif event.spans and iou < _WHOLE_IOU:
        lost += 0.4 * (_WHOLE_IOU - iou)
    prices = {
        Fault.CLIPPED: 0.2,
        Fault.MISPLACED: 0.2,
        Fault.WRONG_LENGTH: 0.2,
        Fault.EXTRA_SOUND: 0.15,
        Fault.CLICK: 0.1,
        Fault.DC_OFFSET: 0.05,
    }
    return max(0.0, 1.0 - lost - sum(prices.get(fault, 0.0) for fault in faults))
