"""Hits performed from slices: matched by strength, never the same twice in a row, varied."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.category import Subcategory
from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.generator.engine import Samples
from foley_designer.generator.library.playing.casting import good_slices
from foley_designer.generator.library.reader import read_stretch, resampled, restored
from foley_designer.generator.library.recording import Recording, Slice
from foley_designer.generator.placement import to_mono
from foley_designer.generator.synth.physics.engine import (
    CLIP_END_FADE_S,
    FORCE_DB,
    HIT_PEAK_DB,
    HIT_RANGE_DB,
    JITTER_DB,
    MOST_JITTER_DB,
    USUAL_FORCE,
)
from foley_designer.generator.synth.physics.signals import (
    Wave,
    fade_edges,
    gain,
    highpass,
    unit_peak,
)
from foley_designer.metrics.onset import locate_onset

SPEED_RANGE = 0.03
"""How much faster or slower, and higher or lower, a recording is played."""
LOWEST_HZ = 22.0
"""Below this lies rumble."""
_SPEEDS = 12
"""Drawn, for the one unlike those before."""
_LEAD_S = 0.02
"""Read before a slice's onset, so that it can be located again to the sample."""
_NEAR_S = 0.005
"""A slice's onset is looked for again this much later at most: resampling moves it by less."""
_FADE_IN_S, _FADE_OUT_S = 0.0002, 0.03
_STRENGTH_DB = 18.0
"""How much fainter than a recording's loudest slice its weakest are taken to be."""


class Choice(NamedTuple):
    """A slice of a recording."""

    recording: Recording
    slice: Slice
    level_db: float
    """Against the loudest slice of its recording."""


def play_hits(
    out: Samples, event: SoundEvent, cast: Sequence[Recording], rng: np.random.Generator
) -> set[str]:
    """Add the event's hits to ``[channels, n]``; returns the credits of what was used."""
    choices = _choices(cast)
    times = [hit.time_s for hit in event.hits]
    gaps = [after - before for before, after in zip(times, [*times[1:], np.inf], strict=True)]
    speeds: list[list[float]] = [[] for _ in choices]
    last = -1
    force = event.performance.force - USUAL_FORCE
    for hit, gap_s, stream in zip(event.hits, gaps, rng.spawn(len(event.hits)), strict=True):
        played = np.array([len(each) for each in speeds])
        at = _pick(choices, hit.strength + force, gap_s, played, last, stream)
        speed = _fresh_speed(speeds[at], stream)
        speeds[at].append(speed)
        last = at
        wave = _slice_wave(choices[at], speed, out.shape[0])
        if event.subcategory is Subcategory.ANIMAL_VOICE:  # one throat
            wave = _ended(wave, gap_s)
        level_db = HIT_PEAK_DB - HIT_RANGE_DB * (1.0 - hit.strength) + FORCE_DB * force
        level_db += float(np.clip(stream.normal(0.0, JITTER_DB), -MOST_JITTER_DB, MOST_JITTER_DB))
        _add(out, wave * gain(level_db), round(hit.time_s * SAMPLE_RATE))
    pairs = zip(choices, speeds, strict=True)
    return {choice.recording.credit for choice, used in pairs if used}


def _choices(cast: Sequence[Recording]) -> list[Choice]:
    found = []
    for recording in cast:
        slices = good_slices(recording)
        loudest = max(each.peak_db for each in slices)
        found += [Choice(recording, each, each.peak_db - loudest) for each in slices]
    return found


def _pick(
    choices: Sequence[Choice],
    strength: float,
    gap_s: float,
    played: NDArray[np.int_],
    last: int,
    rng: np.random.Generator,
) -> int:
    """The slice nearest in level, that ends before the next hit and was played least."""
    wanted_db = -_STRENGTH_DB * (1.0 - strength)
    levels = np.array([choice.level_db for choice in choices])
    lengths = np.array([choice.slice.end_s - choice.slice.start_s for choice in choices])
    too_long = np.clip(lengths / gap_s - 1.0, 0.0, 1.0)
    cost = np.abs(levels - wanted_db) / _STRENGTH_DB + too_long + 0.5 * played
    cost += 0.3 * rng.random(len(choices))
    if last >= 0 and len(choices) > 1:
        cost[last] = np.inf
    return int(np.argmin(cost))


def _fresh_speed(used: Sequence[float], rng: np.random.Generator) -> float:
    """A speed unlike those that a slice was played at before, so that no two waves are alike."""
    drawn = 1.0 + rng.uniform(-SPEED_RANGE, SPEED_RANGE, _SPEEDS)
    if not used:
        return float(drawn[0])
    apart = np.abs(drawn[:, None] - np.array(used)).min(axis=1)
    return float(drawn[np.argmax(apart)])


def _slice_wave(choice: Choice, speed: float, channels: int) -> Wave:
    """A slice at 48 kHz from the first sample of its onset, peak 1, ``[≤ channels, n]``."""
    begin_s = max(0.0, choice.slice.start_s - _LEAD_S)
    samples, sample_rate = read_stretch(Path(choice.recording.path), begin_s, choice.slice.end_s)
    if channels == 1:
        samples = to_mono(samples)
    wave = resampled(restored(samples), sample_rate, speed).astype(np.float64)
    lead_s = (choice.slice.start_s - begin_s) / speed
    short = max(0, round((_LEAD_S / speed - lead_s) * SAMPLE_RATE))
    # A file trimmed to its attack has nothing before it to tell it from: silence is set there.
    wave = highpass(np.pad(wave, ((0, 0), (short, 0))), LOWEST_HZ)
    onset_s = _LEAD_S / speed
    first = round(onset_s * SAMPLE_RATE)
    if choice.slice.rise_db > 0:
        found = locate_onset(
            wave.astype(np.float32), SAMPLE_RATE, onset_s, after_s=min(_LEAD_S, _NEAR_S)
        )
        first = first if found is None else round(found.time_s * SAMPLE_RATE)
    wave = wave[:, first:]
    out_s = min(_FADE_OUT_S, 0.25 * wave.shape[1] / SAMPLE_RATE)
    return unit_peak(fade_edges(wave, _FADE_IN_S, out_s))


def _ended(wave: Wave, gap_s: float) -> Wave:
    """The wave, faded out before the next one begins."""
    room = int(min(gap_s * SAMPLE_RATE, wave.shape[1]))
    return wave if room == wave.shape[1] else fade_edges(wave[:, :room], 0.0, 0.25 * gap_s)


def _add(out: Samples, wave: Wave, start: int) -> None:
    room = out.shape[1] - start
    if room <= 0:
        return
    if wave.shape[1] > room:
        wave = fade_edges(wave[:, :room], 0.0, CLIP_END_FADE_S)
    out[:, start : start + wave.shape[1]] += wave.astype(np.float32)
