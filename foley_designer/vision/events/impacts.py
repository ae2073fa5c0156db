"""Impacts: instants at which a movement stops or turns back.

A hit is not the fastest frame of a swing: it is where the approach ends at once. A source's net
direction comes from its directional flow histogram (after the directogram of Davis and Agrawala,
Visual Rhythm and Beat, 2018); how much it moves comes from how much its pixels change, which also
holds where motion is too fast or too blurred for flow.
"""

from itertools import groupby
from typing import NamedTuple

import numpy as np
import scipy
from numpy.typing import NDArray

from foley_designer.vision.events.beat_tracking import (
    SMOOTHING_S,
    STEP_S,
    STIFFNESS,
    Rhythm,
    find_rhythm,
)
from foley_designer.vision.motion.motion_signal import MotionSignal

Floats = NDArray[np.float64]

NEIGHBOURHOOD_S = 3.0
"""Rhythm judges strength against the strongest contact within this time."""
APART_S = 0.2
"""Two contacts of one source are at least this far apart."""
STEADY = 0.66
"""Mean strength of the beats, against the strongest nearby, plus half the autocorrelation, from
which a chain is a rhythm."""
STEADY_GAIT = 0.45
"""Mean strength that is enough for feet, whose periods are known and of which one may be hidden."""
FEWEST = 4
"""Beats that make a rhythm."""
SEVERAL = 3
"""Clear contacts that need no rhythm."""
CLEAR = 2.0
"""Times that clear contacts are stronger than the strongest instant that is none."""
FAINT = 0.4
"""Strength against the strongest under which nothing is clear."""
EVIDENT = 0.4
"""Strength from which even a step among others gives its own time."""
SEEN = 0.5
"""How clearly a source must be seen for any step to tell its own time."""
NEIGHBOURS = 3.0
"""Steps before and after from which hidden ones are inferred."""
EVEN = 0.5
"""Autocorrelation from which a rhythm explains more than a gap in strength does."""
UNSEEN = 0.1
"""Relative strength under which a beat is suggested by rhythm alone."""
STIFF_GAIT = 20.0
"""Price of a step that is off by a factor e where feet are hidden at times: people step more evenly
than they strike. Where feet are seen all along, each step tells its own time."""
ABRUPT_S = 0.04
"""Time before and after an instant in which a blow is stopped: about a frame."""
UPWARD = 1.2
"""Times more abruptly that movement must end upwards to be blows. Of twelve clips of blows it is
1.3 for the one from above, and 0.67 to 1.11 for the others."""
RESTS = 2
"""Beats in a row that nothing shows, from which a striker rests; one may be hidden."""
CUT_OFF_S = 0.1
"""How long before the end of the film a contact that is under way may be due."""
UNDER_WAY = 0.5
"""Share of its usual speed at which it must be."""
STEP_PERIODS_S = (0.28, 0.85)
"""Time between two steps, from a run to a stroll."""

DOWN, RIGHT = np.array([0.0, 1.0]), np.array([1.0, 0.0])
"""Directions on screen, y down."""


class Contact(NamedTuple):
    """One instant at which a movement stops or turns back."""

    time_s: float
    strength: float
    """Movement lost, grey levels per second over the frame."""
    confidence: float
    predicted: bool
    """Whether rhythm alone suggests it."""


class Impacts(NamedTuple):
    """Contacts in time order."""

    contacts: list[Contact]
    sure: bool
    """Whether a steady rhythm or free flight made them."""
    in_flight: bool = False
    """Whether they are bounces of a thing in free flight."""


class Gait(NamedTuple):
    """Steps, and how clearly they make a gait."""

    steps: list[Contact]
    clarity: float
    """Mean strength of the beats, more with autocorrelation; 0 if there is no rhythm."""


def impacts(series: MotionSignal) -> Impacts:
    """Contacts of one source; rhythm raises and lowers their confidence.

    An even rhythm is believed first. Else, where several instants stand out clearly, they are the
    contacts, at whatever times. Else a looser rhythm is taken, or the confidence is relative to the
    source's strongest instant.

    Half of the belief in a contact goes with how far it points where blows go: most things fall or
    are swung down, but not all.
    """
    if len(series.end_s) < 4:
        return Impacts([], False)
    grid = instants(series)
    strength = impact_curve(series, series.velocity, grid, blow_direction(series), floor=0.5)
    clear = _clear(grid, strength)
    rhythm = find_rhythm(_relative(strength))
    steady = rhythm is not None and _is_steady(rhythm)
    if rhythm is not None and steady and (rhythm.pulse >= EVEN or clear.several < SEVERAL):
        found = _without_rests(_beats(strength, rhythm, grid[rhythm.beats]))
        found += _cut_off(series, series.velocity, found, rhythm.period_s)
        return Impacts(sorted(found + _others(grid, strength, found)), True)
    return Impacts(clear.contacts if clear.several else _single(grid, strength), False)


def blow_direction(series: MotionSignal) -> Floats:
    """Where a source's blows go on screen: down, or up where movement ends more abruptly there.

    A blow is stopped, a lift slows down by itself. Who is seen from above strikes up the frame.
    """
    grid = instants(series)
    quick = series._replace(reach_s=ABRUPT_S)
    down, up = (
        _size(impact_curve(quick, series.velocity, grid, way, floor=0.0))
        / _size(impact_curve(series, series.velocity, grid, way, floor=0.0))
        for way in (DOWN, -DOWN)
    )
    return -DOWN if up > UPWARD * down else DOWN


def _size(curve: Floats) -> float:
    """Fourth-power mean, in which the strongest values count most."""
    return float(np.mean(curve**4) ** 0.25) + 1e-9


def steps(series: MotionSignal) -> Gait:
    """Steps of one source: a foot's swing ends where it lands, ahead or below.

    Where several directions are possible, the one with the clearer rhythm is taken.
    """
    best = Gait([], 0.0)
    if len(series.end_s) < 4:
        return best
    grid = instants(series)
    clear = scipy.ndimage.uniform_filter1d(
        series.clear[series.interval_at(grid)], round(series.reach_s / STEP_S)
    )
    stiffness = STIFF_GAIT if (clear < SEEN).any() else STIFFNESS
    for direction in _landings(series):
        strength = impact_curve(series, series.low_velocity, grid, direction, floor=0.0)
        rhythm = find_rhythm(_relative(strength) * clear, STEP_PERIODS_S, stiffness)
        if rhythm is None or len(rhythm.beats) < FEWEST:
            continue
        steady = _steadiness(strength, clear, rhythm)
        clarity = (0.2 + max(rhythm.pulse, 0.0)) * steady
        if steady >= STEADY_GAIT and clarity > best.clarity:
            even_s = grid[0] + STEP_S * _evened(rhythm, clear[rhythm.beats])
            found = _beats(strength, rhythm, even_s)
            found += _cut_off(series, series.low_velocity, found, rhythm.period_s)
            best = Gait(sorted(found + _others(grid, strength * clear, found)), clarity)
    return best


def _landings(series: MotionSignal) -> tuple[Floats, ...]:
    """Directions on screen in which a foot's swing may end.

    Whoever goes across lands ahead and below. One whom the camera goes along with swings feet
    forward faster than the ground goes by.
    """
    if series.heading:
        return ((np.sign(series.heading) * RIGHT + DOWN) / np.sqrt(2),)
    across = series.low_velocity[:, 0] - np.median(series.low_velocity[:, 0])
    return (RIGHT if (across**3).sum() >= 0 else -RIGHT, DOWN)


def _steadiness(strength: Floats, clear: Floats, rhythm: Rhythm) -> float:
    """Mean strength of the beats against the strongest nearby, as far as feet were seen."""
    level = scipy.ndimage.gaussian_filter1d(_relative(strength), SMOOTHING_S / STEP_S)
    weight = clear[rhythm.beats]
    total = float(weight.sum()) * float(level.max())
    return float(weight @ level[rhythm.beats]) / max(total, 1e-9)


def impact_curve(
    series: MotionSignal, velocity: Floats, grid_s: Floats, direction: Floats, floor: float
) -> Floats:
    """How strongly movement ends at each instant.

    With mean velocity b before and a after, the change is d = b − a; its part against the
    movement counts: √(|d| · b·d/|d|). Starting from rest gives 0, stopping |b|, turning back more.

    Args:
        series: how a source moves.
        velocity: the series' whole or low one.
        grid_s: instants.
        direction: unit vector towards which a contact is expected.
        floor: weight of a contact that points the other way; 1 weighs all alike.
    """
    sampled = velocity[series.interval_at(grid_s)]
    before, after = _around(sampled, round(series.reach_s / STEP_S))
    lost = before - after
    amount = np.hypot(lost[:, 0], lost[:, 1]) + 1e-12
    against = np.maximum((before * lost).sum(1) / amount, 0)
    aimed = (1 + lost @ direction / amount) / 2
    return np.asarray(np.sqrt(amount * against) * (floor + (1 - floor) * np.clip(aimed, 0, 1)))


def _around(values: Floats, reach: int) -> tuple[Floats, Floats]:
    """Means over up to ``reach`` samples before and after each one.

    Near the ends, where less than a third of that is known, nothing changes.
    """
    index = np.arange(len(values))
    low, high = np.maximum(index - reach, 0), np.minimum(index + reach, len(values))
    summed = np.vstack([np.zeros(2), np.cumsum(values, 0)])
    before = (summed[index] - summed[low]) / np.maximum(index - low, 1)[:, None]
    after = (summed[high] - summed[index]) / np.maximum(high - index, 1)[:, None]
    unknown = np.minimum(index - low, high - index) < reach / 3
    after[unknown] = before[unknown]
    return before, after


def instants(series: MotionSignal) -> Floats:
    """The grid of `STEP_S` on which a series is read, seconds."""
    return np.arange(series.start_s[0], series.end_s[-1], STEP_S, dtype=np.float64)


def _relative(strength: Floats) -> Floats:
    """Strength against the strongest nearby."""
    local = scipy.ndimage.maximum_filter1d(strength, round(NEIGHBOURHOOD_S / STEP_S))
    return np.asarray(strength / np.maximum(local, 0.15 * strength.max() + 1e-12))


def _is_steady(rhythm: Rhythm) -> bool:
    strong = float(rhythm.strengths.mean()) + 0.5 * rhythm.pulse >= STEADY
    return strong and len(rhythm.beats) >= FEWEST


class _Clear(NamedTuple):
    """Peaks of which the first ``several`` by strength stand apart."""

    contacts: list[Contact]
    several: int


def _clear(grid: Floats, strength: Floats) -> _Clear:
    """Peaks that a wide gap in strength sets apart from all others."""
    relative = strength / (strength.max() + 1e-12)
    peaks, _ = scipy.signal.find_peaks(relative, distance=round(APART_S / STEP_S), height=0.02)
    order = peaks[np.argsort(-relative[peaks], kind="stable")]
    ladder = np.r_[relative[order], 0.02]
    ratios = np.where(ladder[:-1] >= FAINT, ladder[:-1] / ladder[1:], 0.0)
    if ratios.max(initial=0.0) < CLEAR:
        return _Clear([], 0)
    count = int(np.argmax(ratios)) + 1
    found = [
        Contact(
            time_s=float(grid[at]),
            strength=float(strength[at]),
            confidence=float(
                0.65 + 0.3 * relative[at] if at in order[:count] else 0.5 * relative[at]
            ),
            predicted=False,
        )
        for at in peaks
    ]
    return _Clear(found, count)


def _single(grid: Floats, strength: Floats) -> list[Contact]:
    """Contacts without a rhythm: each against the strongest of all."""
    relative = strength / (strength.max() + 1e-12)
    peaks, _ = scipy.signal.find_peaks(relative, distance=round(APART_S / STEP_S), height=0.2)
    return [
        Contact(float(grid[at]), float(strength[at]), float(0.6 * relative[at]), False)
        for at in peaks
    ]


def _evened(rhythm: Rhythm, clear: Floats) -> Floats:
    """Positions of beats; one that is hidden is determined by the line through its neighbours."""
    beats, index = rhythm.beats.astype(np.float64), np.arange(len(rhythm.beats))
    told = np.clip(np.maximum(rhythm.strengths / EVIDENT, clear / SEEN), 0.0, 1.0)
    even = beats.copy()
    for at in np.nonzero(told < 1)[0]:
        weight = (told + 1e-3) * np.exp(-0.5 * ((index - at) / NEIGHBOURS) ** 2)
        even[at] = np.polyfit(index - at, beats, 1, w=weight)[1]
    return np.asarray(told * beats + (1 - told) * even)


def _beats(strength: Floats, rhythm: Rhythm, times_s: Floats) -> list[Contact]:
    """Beats as contacts at these times, from the first to the last that is seen."""
    relative = _relative(strength)
    seen = np.array([relative[max(0, beat - 4) : beat + 5].max() for beat in rhythm.beats])
    visible = np.nonzero(seen >= UNSEEN)[0]
    if visible.size == 0:
        return []
    inside = slice(int(visible[0]), int(visible[-1]) + 1)
    return [
        Contact(
            time_s=float(time_s),
            strength=float(strength[max(0, beat - 4) : beat + 5].max()),
            confidence=float(min(1.0, 0.45 + 0.4 * level + 0.3 * max(rhythm.pulse, 0.0))),
            predicted=bool(level < UNSEEN),
        )
        for time_s, beat, level in zip(
            times_s[inside], rhythm.beats[inside], seen[inside], strict=True
        )
    ]


def _without_rests(beats: list[Contact]) -> list[Contact]:
    """Beats without runs of two and more that nothing shows: whoever rests strikes nothing."""
    runs = [list(run) for _, run in groupby(beats, lambda one: one.predicted)]
    return [one for run in runs if len(run) < RESTS or not run[0].predicted for one in run]


def _cut_off(
    series: MotionSignal, velocity: Floats, beats: list[Contact], period_s: float
) -> list[Contact]:
    """The beat that the end of the film cuts off: due with the last frame, and under way."""
    if len(beats) < FEWEST:
        return []
    end_s, due_s = float(series.end_s[-1]), beats[-1].time_s + period_s
    late_s = 0.25 * (end_s - float(series.start_s[-1]))
    if not end_s - CUT_OFF_S < due_s < end_s + late_s:
        return []

    def approach(time_s: float) -> Floats:
        last = max(int(np.searchsorted(series.start_s, time_s)), 1)
        first = int(np.searchsorted(series.end_s, time_s - CUT_OFF_S, "right"))
        return np.asarray(velocity[min(first, last - 1) : last].mean(0))

    usual = np.median([approach(one.time_s) for one in beats], axis=0)
    if approach(end_s) @ usual < UNDER_WAY * (usual @ usual):
        return []
    strength = float(np.median([one.strength for one in beats]))
    return [Contact(min(due_s, end_s), strength, min(one.confidence for one in beats), True)]


def _others(grid: Floats, strength: Floats, beats: list[Contact]) -> list[Contact]:
    """Peaks that are no beats, with half their confidence."""
    taken = np.array([one.time_s for one in beats] or [-np.inf])
    return [
        one._replace(confidence=0.5 * one.confidence)
        for one in _single(grid, strength)
        if np.abs(taken - one.time_s).min() > APART_S
    ]
