"""A trajectory in continuous time: where a source is at any instant, and when what is heard began.

A film's sound is cut to its picture: light and sound arrive together, however far the source is.
So only the *change* of the distance is heard, as Doppler shift. At picture time t a source that
moves away with speed v is heard with the frequency ratio 1 / (1 + v/c) of a moving source, and the
source's own time runs as the integral of that ratio from 0. A performance is made in source time:
whatever must be heard at t is played at ``source_time(t)``.
"""

import math
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import scipy
from numpy.typing import NDArray

from foley_designer.core.script.trajectory import Trajectory
from foley_designer.core.space import Space, sound_speed

Array = NDArray[np.float64]

FASTEST_M_S = 100.0
"""Speeds are held at this: estimates of depth jump, sources in films rarely fly faster."""
GRID_S = 0.002
"""Spacing of the instants between which motion is read."""
_LONE_STEP = 3.0
"""A step this many times larger than both its neighbours is a cut, not a movement."""
_LEAST_CUT_DEG = 3.0
_LEAST_CUT_LOG = float(np.log(1.1))
_JITTER = 0.002
"""Relative scatter of distance from frame to frame above which it is taken for estimation noise:
heard as Doppler, 0.5 % at 24 frames a second would waver by half a semitone."""
_SMOOTHING_S = 0.15


class Delay(StrEnum):
    """What the way of the sound does to its time."""

    NONE = "none"
    """Nothing. Steps and blows sound from where they land, at rest, even if feet and tools move."""
    DOPPLER = "doppler"
    """The change of the distance is heard as pitch; everything stays on its picture."""
    PHYSICAL = "physical"
    """Sound arrives distance / c after it left, as thunder does after lightning."""


class Motion(NamedTuple):
    """Place and source time on an even grid of instants, to be read in between."""

    times: Array
    """Instants of the picture from 0 on, seconds, `GRID_S` apart; two for a still source."""
    azimuths: Array
    """Degrees at ``times``, without wraps, positive to the left."""
    distances: Array
    """Metres at ``times``."""
    source_times: Array
    """What time it is for the source when it is heard at ``times``, seconds, ascending."""

    @property
    def keeps_time(self) -> bool:
        """Whether source time is picture time: no Doppler shift, no delay."""
        return self.source_times is self.times

    @property
    def is_still(self) -> bool:
        """Whether the source stays where it is."""
        return len(self.times) == 2

    def azimuth(self, time_s: Array) -> Array:
        """Degrees at instants of the picture."""
        return np.interp(time_s, self.times, self.azimuths)

    def distance(self, time_s: Array) -> Array:
        """Metres at instants of the picture."""
        return np.interp(time_s, self.times, self.distances)

    def source_time(self, time_s: Array) -> Array:
        """When a source must act, in its own time, to be heard at instants of the picture."""
        return time_s if self.keeps_time else _cubic(self.source_times, time_s / GRID_S)

    def heard_time(self, source_time_s: Array) -> Array:
        """When what a source does at instants of its own time is heard."""
        return np.interp(source_time_s, self.source_times, self.times)


def motion_of(
    trajectory: Trajectory, duration_s: float, space: Space, delay: Delay = Delay.DOPPLER
) -> Motion:
    """The trajectory in continuous time, from 0 to ``duration_s``.

    Frame k's values hold at the instant k / rate. Cubic splines run between them; a step that
    stands alone, as at a cut, is passed within its frame and causes no Doppler shift.
    """
    azimuths = np.unwrap(np.asarray(trajectory.azimuth_deg, np.float64), period=360.0)
    logs = np.log(np.asarray(trajectory.distance_m, np.float64))
    if delay is not Delay.PHYSICAL and np.ptp(azimuths) == 0 and np.ptp(logs) == 0:
        times = np.array([0.0, max(duration_s, GRID_S)])
        return Motion(times, azimuths[[0, 0]], np.exp(logs[[0, 0]]), times)
    rate = float(trajectory.rate)
    speed = sound_speed(space)
    cuts = _lone_steps(azimuths, _LEAST_CUT_DEG) | _lone_steps(logs, _LEAST_CUT_LOG)
    cuts |= np.abs(np.diff(np.exp(logs))) * rate > FASTEST_M_S
    if _scatter(logs) > _JITTER:
        logs = _smoothed(logs, cuts, _SMOOTHING_S * rate)
    grid: Array = np.arange(int(np.ceil(duration_s / GRID_S)) + 2, dtype=np.float64) * GRID_S
    times = grid
    if delay is Delay.PHYSICAL:
        times = _emissions(times, np.exp(_through(logs, cuts, times * rate)[0]) / speed)
    azimuth, _ = _through(azimuths, cuts, times * rate)
    log, slope = _through(logs, cuts, times * rate)
    distance = np.exp(log)
    if delay is not Delay.DOPPLER:
        return Motion(grid, azimuth, distance, times)
    velocity = np.clip(distance * slope * rate, -FASTEST_M_S, FASTEST_M_S)
    return Motion(times, azimuth, distance, _doppler_time(times, velocity, speed))


def _doppler_time(times: Array, velocity: Array, speed: float) -> Array:
    """Source time at ``times``: the integral of the frequency ratio of a moving source."""
    if not velocity.any():
        return times
    excess = -velocity / (speed + velocity)
    steps = 0.5 * (excess[1:] + excess[:-1]) * np.diff(times)
    result: Array = times + np.r_[0.0, np.cumsum(steps)]
    return result


def _emissions(times: Array, delays: Array) -> Array:
    """When sound that arrives at ``times`` left, given the delay of what leaves at ``times``."""
    arrivals = np.maximum.accumulate(times + delays)
    before = times < arrivals[0]
    return np.where(before, times - delays[0], np.interp(times, arrivals, times))


def _lone_steps(values: Array, least: float) -> NDArray[np.bool_]:
    """Which steps between neighbours stand alone, ``[frames - 1]``."""
    steps = np.abs(np.diff(values))
    neighbours = np.maximum(np.r_[0.0, steps[:-1]], np.r_[steps[1:], 0.0])
    result: NDArray[np.bool_] = (steps > least) & (steps > _LONE_STEP * neighbours)
    return result


def _scatter(values: Array) -> float:
    """Standard deviation of independent noise, from the median fourth difference."""
    if len(values) < 5:
        return 0.0
    spread = float(np.median(np.abs(np.diff(values, 4))))
    return spread / (0.6745 * math.sqrt(70.0))


def _smoothed(values: Array, cuts: NDArray[np.bool_], frames: float) -> Array:
    """Between cuts, smoothed by a Gaussian whose standard deviation is ``frames``."""
    pieces = np.split(values, np.flatnonzero(cuts) + 1)
    smoothed = (scipy.ndimage.gaussian_filter1d(one, frames, mode="nearest") for one in pieces)
    return np.concatenate([*smoothed])


def _through(values: Array, cuts: NDArray[np.bool_], frames: Array) -> tuple[Array, Array]:
    """Values and their slopes per frame at fractional frames; level after the last frame."""
    out = np.full(len(frames), values[-1])
    slopes = np.zeros(len(frames))
    for first, stop in pairwise([0, *(np.flatnonzero(cuts) + 1), len(values)]):
        inside = slice(np.searchsorted(frames, first), np.searchsorted(frames, stop - 1, "right"))
        if stop - first > 1:
            spline = scipy.interpolate.CubicSpline(np.arange(first, stop), values[first:stop])
            out[inside], slopes[inside] = spline(frames[inside]), spline(frames[inside], 1)
        else:
            out[inside] = values[first]
        if stop < len(values):
            between = slice(inside.stop, np.searchsorted(frames, stop))
            x = frames[between] - (stop - 1)
            out[between] = values[stop - 1] + (values[stop] - values[stop - 1]) * x * x * (
                3 - 2 * x
            )
    out[frames < 0] = values[0]
    return out, slopes


def _cubic(values: Array, places: Array) -> Array:
    """Values of an even grid at fractional places, by four-point Lagrange interpolation."""
    index = np.clip(np.floor(places).astype(np.intp), 1, max(len(values) - 3, 1))
    x = places - index
    a, b, c, d = (values[index + step] for step in (-1, 0, 1, 2))
    return (
        -x * (x - 1) * (x - 2) / 6 * a
        + (x + 1) * (x - 1) * (x - 2) / 2 * b
        - (x + 1) * x * (x - 2) / 2 * c
        + (x + 1) * x * (x - 1) / 6 * d
    )
