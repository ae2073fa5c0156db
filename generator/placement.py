"""Placement: a dry performance becomes a stereo take whose source is where the picture shows it.

Three cues carry the place. The *time difference* of a pair 17 cm apart (the paper's spacing),
a·sin(azimuth)/c, at most 0.50 ms. The *level difference* of the profile. The *distance*: 6 dB a
doubling, air absorption after ISO 9613-1, and Doppler shift from its change (see `motion`).

Sound from behind is mirrored to the front, since two loudspeakers can't show it. Reflections and
tail are not placed here: they belong to the space that a whole scene shares, so the mix adds them
to the finished stems, and a take stays as exact in time and direction as its cues.
"""

from collections.abc import Callable
from enum import StrEnum
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.script.trajectory import Trajectory
from foley_designer.core.space import Space
from foley_designer.dsp.blocks import blocks
from foley_designer.dsp.spatial.air import TAPS, absorption_filter
from foley_designer.dsp.spatial.delay import MARGIN, read_between, read_from
from foley_designer.generator.engine import Dry, Samples
from foley_designer.generator.motion import Array, Delay, Motion, motion_of

VERSION = "2"
"""Part of every take's key; rises when the same input would sound different."""
SPACING_M = 0.17
"""Between the pair's microphones, as between the ears."""
SOUND_SPEED = 343.0
"""Metres a second, where the listener sits."""
NEAREST_M = 0.5
FARTHEST_M = 200.0
"""Distances beyond these are held for the level."""
MONO_LOSS_DB = 3.0
"""The loudspeaker profile's mono sum L + R stays within this of the stereo power L² + R²."""

_STAGE_DEG = 30.0
"""Loudspeakers stand at ± this (ITU-R BS.775)."""
_LEAST_FAR_RATIO = 10.0 ** (-12.0 / 20.0)
"""The far channel lies at most 12 dB under the near one."""
_ORTF_DEG = 55.0
_FULL_WIDTH_DEG = 60.0
_BLOCK = 1 << 15
_REACH = MARGIN + int(2.0 * SPACING_M / SOUND_SPEED * SAMPLE_RATE)
"""Source samples around a block's own that it may read: three half delays and the margin."""
WIDEST_M = 0.22
"""Largest spacing that a pair may have: its three half delays are within that reach."""
_AIR_NODES_M = np.array([0.0, 12.5, 25.0, 50.0, 100.0, 200.0, 400.0, 800.0, 2000.0])
_AIR = (20.0, 50.0)
"""Temperature in °C and relative humidity in %."""


class Profile(StrEnum):
    """How level follows azimuth, on top of the pair's time difference."""

    LOUDSPEAKER = "loudspeaker"
    """Tangent-law panning between loudspeakers at ±30°, at most 12 dB. Time and level point the
    same way, and the level difference is what keeps the mono sum whole: a comb of two signals
    that differ by 11.4 dB or more never dips below -3 dB at any frequency."""
    PAIR = "pair"
    """Two cardioids 110° apart (ORTF): for headphones, and nearest to the paper's simulation. Its
    mono sum combs."""


_Reader = Callable[[Array], Samples]
"""Values of the source at two rows of positions, or from two positions on."""


class _Aim(NamedTuple):
    """What the two channels do on the motion's grid of instants."""

    left: Array
    right: Array
    half_delay: Array
    """Samples by which left leads and right lags."""


def time_difference_s(azimuth_deg: ArrayLike, spacing_m: float = SPACING_M) -> Array:
    """Seconds by which the left channel leads, any shape."""
    return spacing_m / SOUND_SPEED * np.sin(np.radians(azimuth_deg))


def channel_gains(
    azimuth_deg: ArrayLike, profile: Profile = Profile.LOUDSPEAKER
) -> tuple[Array, Array]:
    """Gains of left and right, any shape, with left² + right² = 1.

    The tangent law is (left - right) / (left + right) = tan(azimuth) / tan(30°), after Bennett,
    Barker & Edeko, JAES 33(5), 1985.
    """
    sine = np.sin(np.radians(azimuth_deg))
    front = np.arcsin(np.clip(sine, -1.0, 1.0))
    if profile is Profile.PAIR:
        aim = np.radians(_ORTF_DEG)
        left, right = 1.0 + np.cos(front - aim), 1.0 + np.cos(front + aim)
    else:
        most = (1.0 - _LEAST_FAR_RATIO) / (1.0 + _LEAST_FAR_RATIO)
        pan = np.clip(np.tan(front) / np.tan(np.radians(_STAGE_DEG)), -most, most)
        left, right = 1.0 + pan, 1.0 - pan
    power = np.sqrt(left**2 + right**2)
    return left / power, right / power


def distance_gain(distance_m: ArrayLike) -> Array:
    """Gain re 1 m: -6 dB a doubling between 0.5 m and 200 m, held outside."""
    return 1.0 / np.clip(np.asarray(distance_m, np.float64), NEAREST_M, FARTHEST_M)


def place(
    dry: Dry,
    trajectory: Trajectory,
    space: Space,
    *,
    sample_count: int | None = None,
    profile: Profile = Profile.LOUDSPEAKER,
    delay: Delay = Delay.DOPPLER,
    spacing_m: float = SPACING_M,
) -> Samples:
    """Place a performance along a trajectory.

    What the dry sound does at ``motion.source_time(t)`` is heard at t, within the pair's
    ±0.25 ms. For a source that keeps its distance, source time is picture time.

    Args:
        dry: ``[1, n]`` in source time, or ``[2, n]`` for a sound that is all around, which passes
            with its width held to the trajectory's extent.
        trajectory: where the source is.
        space: the medium: air, or water, which absorbs nothing here and carries sound faster.
        sample_count: length of the result; None takes the dry sound's.
        profile: how level follows azimuth.
        delay: what the way does to the sound's time; only `Delay.PHYSICAL`, for thunder, far
            explosions and fireworks, takes it off its picture.
        spacing_m: between the pair's microphones, at most `WIDEST_M`.

    Returns:
        ``[2, sample_count]``.
    """
    count = dry.samples.shape[1] if sample_count is None else sample_count
    if dry.samples.shape[0] == 2:
        return _all_around(dry.samples, trajectory.extent_deg, count)
    motion = motion_of(trajectory, count / SAMPLE_RATE, space, delay)
    source = dry.samples[0]
    aim = _aim(motion, profile, spacing_m)
    out, loss = _render(source, motion, space, aim, count, shaded=False)
    if profile is Profile.LOUDSPEAKER and loss > MONO_LOSS_DB:
        out, _ = _render(source, motion, space, aim, count, shaded=True)
    return out


def mono_loss_db(stereo: Samples) -> float:
    """How far the power of L + R lies under that of L² + R², dB; 0 for incoherent channels."""
    left, right = stereo.astype(np.float64)
    power = float(np.sum(left**2) + np.sum(right**2))
    mono = power + 2.0 * float(np.sum(left * right))
    return 10.0 * float(np.log10(power / max(mono, 1e-12 * power))) if power > 0 else 0.0


def _aim(motion: Motion, profile: Profile, spacing_m: float) -> _Aim:
    left, right = channel_gains(motion.azimuths, profile)
    gain = distance_gain(motion.distances)
    half_delay = 0.5 * SAMPLE_RATE * time_difference_s(motion.azimuths, spacing_m)
    return _Aim(left * gain, right * gain, half_delay)


def _all_around(samples: Samples, extent_deg: float, count: int) -> Samples:
    """Side scaled to the extent (60° and more, or 0 for unknown, is full width), mono kept."""
    out = np.zeros((2, count), np.float32)
    length = min(count, samples.shape[1])
    out[:, :length] = samples[:, :length]
    width = min(1.0, extent_deg / _FULL_WIDTH_DEG) if extent_deg > 0 else 1.0
    middle = sum(float(np.sum(np.square(out[0, at] + out[1, at]))) for at in blocks(count))
    side = sum(float(np.sum(np.square(out[0, at] - out[1, at]))) for at in blocks(count))
    # With M = L + R and S = L - R, L² + R² = (M² + S²) / 2.
    most = 2.0 * 10.0 ** (MONO_LOSS_DB / 10.0) - 1.0
    if side > 0:
        width = min(width, float(np.sqrt(most * middle / side)))
    if width < 1.0:
        inward = (out[0] - out[1]) * np.float32(0.5 * (1.0 - width))
        out[0] -= inward
        out[1] += inward
    return out


def _render(
    source: NDArray[np.float32],
    motion: Motion,
    space: Space,
    aim: _Aim,
    count: int,
    *,
    shaded: bool,
) -> tuple[Samples, float]:
    """The placed sound, and the largest mono loss of a block that matters, dB."""
    out = np.zeros((2, count), np.float32)
    losses: list[tuple[float, float]] = []
    for piece in blocks(count, _BLOCK):
        ends = motion.source_time(np.array([piece.start, piece.stop]) / SAMPLE_RATE) * SAMPLE_RATE
        first, last = int(ends[0]) - _REACH, int(ends[1]) + _REACH
        air = _through_air(source, first, last, motion, space)
        if air is None:
            continue
        block = out[:, piece]
        if motion.is_still and motion.keeps_time:
            begin = np.array([float(piece.start - first)])
            still = [part[:1] for part in aim]
            read = partial(read_from, air, count=block.shape[1])
            block[:] = _pair(read, begin, *still, shaded=shaded)
        else:
            times = np.arange(piece.start, piece.stop) / SAMPLE_RATE
            moving = [np.interp(times, motion.times, part) for part in aim]
            positions = motion.source_time(times) * SAMPLE_RATE - first
            read = partial(read_between, air)
            block[:] = _pair(read, positions, *moving, shaded=shaded)
        losses.append((float(np.sum(block**2)), mono_loss_db(block)))
    loudest = max((power for power, _ in losses), default=0.0)
    return out, max((loss for power, loss in losses if power > 0.01 * loudest), default=0.0)


def _pair(
    read: _Reader, positions: Array, left: Array, right: Array, half: Array, *, shaded: bool
) -> Samples:
    """Both channels of one block, ``[2, m]``, from the position of each sample or of the first.

    With shading, the far channel's ratio r to the near one falls from r at the frequencies where
    the channels add up to `_LEAST_FAR_RATIO` where they would cancel: r(f) = a + b·cos(2πfτ), two
    more taps at ±τ around the far one. Its phase, thus the time difference, stays as it was, and
    the mono sum of any signal stays within 2.8 dB of the stereo power.
    """
    near_by = np.stack([positions + half, positions - half])
    gains = np.stack([left, right])
    if not shaded:
        return (gains * read(near_by)).astype(np.float32)
    excess = 0.5 * np.maximum(gains - _LEAST_FAR_RATIO * gains[::-1], 0.0)
    excess[gains >= gains[::-1]] = 0.0
    outer = np.stack([positions + 3.0 * half, positions - 3.0 * half])
    own, beyond = read(near_by), read(outer)
    shaded_pair = (gains - excess) * own + 0.5 * excess * (own[::-1] + beyond)
    result: Samples = shaded_pair.astype(np.float32)
    return result


def _through_air(
    source: NDArray[np.float32], first: int, last: int, motion: Motion, space: Space
) -> NDArray[np.float32] | None:
    """Samples ``first`` to ``last`` of the source after the air between, None if silent.

    The dry sound is as heard at 1 m. A moving source fades between filters of fixed distances.
    """
    reach = TAPS // 2
    start, stop = max(first - reach, 0), min(last + reach, len(source))
    if start >= stop or not source[start:stop].any():
        return None
    padded = np.pad(source[start:stop], (start - first + reach, last + reach - stop))
    direct = padded[reach : len(padded) - reach]
    if space is Space.UNDERWATER:
        return direct
    if motion.is_still:
        paths = np.maximum(motion.distances[:1] - 1.0, 0.0)
    else:
        heard = motion.heard_time(np.arange(first, last) / SAMPLE_RATE)
        paths = np.maximum(motion.distance(heard) - 1.0, 0.0)
    nodes = np.interp(paths, _AIR_NODES_M, np.arange(len(_AIR_NODES_M)))
    out = np.zeros_like(direct)
    for node in range(int(nodes.min()), int(np.ceil(nodes.max())) + 1):
        weight = np.maximum(1.0 - np.abs(nodes - node), 0.0).astype(np.float32)
        kernel = absorption_filter(float(_AIR_NODES_M[node]), *_AIR).astype(np.float32)
        out += weight * (np.convolve(padded, kernel, "valid") if node else direct)
    return out


def to_mono(samples: Samples) -> Samples:
    """One channel of a sound that has a place: the mean, or the louder where the mean cancels."""
    if samples.shape[0] == 1:
        return samples
    mean: Samples = samples.mean(axis=0, keepdims=True)
    powers = [float(np.sum(np.square(channel))) for channel in samples]
    if float(np.sum(np.square(mean))) >= 0.25 * max(powers):
        return mean
    louder = int(np.argmax(powers))
    return samples[louder : louder + 1]
