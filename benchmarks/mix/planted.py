"""Faults that are planted in a mix, one each, and whether a fault that was found is the one."""

from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.mix.features import Diagnosis
from foley_designer.core.mix.processing import Reverb
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.space import Space
from foley_designer.dsp.effects.reverb import reverberate
from foley_designer.dsp.features import diagnose
from foley_designer.dsp.level.gains import Samples, db_to_gain
from foley_designer.dsp.level.loudness import measure as loudness_of
from foley_designer.dsp.repair.faults import (
    Expectation,
    MixFault,
    MixFaultKind,
)


class Planted(StrEnum):
    """What is planted."""

    HOT = "12 dB too loud"
    REVERB = "1.2 s in a dry car"
    MASKER = "one over another"
    BURIED = "footsteps buried"
    DC = "DC offset"
    CLIPPED = "clipping"


NAMED_AS = {
    Planted.HOT: MixFaultKind.TOO_LOUD,
    Planted.REVERB: MixFaultKind.TOO_REVERBERANT,
    Planted.MASKER: MixFaultKind.MASKED,
    Planted.BURIED: MixFaultKind.TOO_QUIET,
    Planted.DC: MixFaultKind.DC_OFFSET,
    Planted.CLIPPED: MixFaultKind.CLIPPED,
}
REVERB_SCENE = "car"
LOUDER_BED_LU = 8.0
"""A background in a foreground sound's band, over that sound's loudest 400 ms."""


class Mix(NamedTuple):
    """A scene's script and its stems, faders included."""

    script: FoleyScript
    stems: dict[str, Samples]
    expected: dict[str, Expectation]
    faders_db: dict[str, float]
    """0 if not named."""


def measure(mix: Mix, folder: Path) -> Diagnosis:
    """Diagnosis of a mix at its faders, through files as in a session."""
    files = write(mix, folder)
    return diagnose(
        [(event, files[event.id], mix.faders_db.get(event.id, 0.0)) for event in mix.script.events]
    )


def write(mix: Mix, folder: Path) -> dict[str, Path]:
    """The stems as files."""
    files = {}
    for event_id, samples in mix.stems.items():
        files[event_id] = folder / f"{event_id}.wav"
        soundfile.write(files[event_id], samples.T, SAMPLE_RATE, subtype="FLOAT")
    return files


def plant(fault: Planted, mix: Mix, seed: int) -> tuple[Mix, str]:
    """The mix with a fault in one of its tracks, and that track's id."""
    rng = np.random.default_rng(seed)
    front = [event.id for event in mix.script.foreground]
    hits = [event.id for event in mix.script.foreground if event.impulsive]
    feet = hits[0]
    stems = dict(mix.stems)
    match fault:
        case Planted.HOT:
            victim = front[int(rng.integers(len(front)))]
            mix = mix._replace(faders_db={victim: 12.0})
        case Planted.BURIED:
            victim = feet
            mix = mix._replace(faders_db={victim: -14.0})
        case Planted.REVERB:
            victim = hits[int(rng.integers(len(hits)))]
            room = Reverb(space=Space.WORKSHOP, rt60_s=1.2, wet_db=-2.0, damping=0.2)
            stems[victim] = reverberate(stems[victim], room)
        case Planted.MASKER:
            bed = mix.script.events[-1].id
            target = min(front, key=lambda name: mix.expected[name].loudness_lufs)
            loudest = loudness_of(stems[target], "stereo").momentary_max_lufs
            assert loudest is not None
            loudness = loudest + LOUDER_BED_LU
            stems[bed] = _in_the_band_of(stems[target], loudness, rng)
            as_planned = mix.expected[bed]._replace(loudness_lufs=loudness)
            mix = mix._replace(expected={**mix.expected, bed: as_planned})
            victim = bed
        case Planted.DC:
            victim = front[int(rng.integers(len(front)))]
            stems[victim] = stems[victim] + np.float32(0.02)
        case Planted.CLIPPED:
            victim = hits[int(rng.integers(len(hits)))]
            peak = float(np.abs(stems[victim]).max())
            stems[victim] = np.clip(stems[victim] / (0.4 * peak), -1, 1).astype(np.float32)
            mix = mix._replace(faders_db={victim: 20 * float(np.log10(0.4 * peak))})
    return mix._replace(stems=stems), victim


def _in_the_band_of(target: Samples, loudness: float, rng: np.random.Generator) -> Samples:
    """Steady noise with the target's spectrum at a loudness in LUFS."""
    spectrum = np.abs(np.fft.rfft(target.sum(axis=0)))
    width = 200
    smooth = np.sqrt(np.convolve(spectrum**2, np.ones(width) / width, mode="same"))
    shaped = smooth * np.fft.rfft(rng.standard_normal(target.shape))
    noise = np.fft.irfft(shaped, target.shape[1], axis=1)
    noise = (0.1 * noise / np.abs(noise).max()).astype(np.float32)
    measured = loudness_of(noise, "stereo").integrated_lufs
    assert measured is not None
    return noise * np.float32(db_to_gain(loudness - measured))


def named_rightly(fault: Planted, victim: str, found: tuple[MixFault, ...]) -> tuple[bool, bool]:
    """Whether the planted fault is among those found, and whether it is alone."""
    right = [one for one in found if is_planted(fault, victim, one)]
    return bool(right), bool(found) and len(right) == len(found)


def is_planted(fault: Planted, victim: str, found: MixFault) -> bool:
    """Whether this is the fault that was planted; of masking, the masker is to blame."""
    blamed = found.by if fault is Planted.MASKER else found.event_id
    return found.kind is NAMED_AS[fault] and blamed == victim
