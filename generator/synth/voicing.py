"""Voicing: what the octaves of an instrument lack or have too much of beside recordings of it.

An instrument's parts are each given their spectrum, their sum is not. What is left over is the
median difference between recordings of a sound and its synthesis, by octave, fitted by
``python -m benchmarks.sound.fit_voicing`` and kept in ``voicing.yaml``: most of what is struck was
brighter than its recordings. Rows without recordings are left as they are; the median of their
category did not bring them nearer to what they should be heard as.
"""

from functools import cache
from pathlib import Path

import numpy as np
import scipy

from foley_designer.core.category import Subcategory
from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.reading import read_yaml
from foley_designer.core.sounds.table import sound_of
from foley_designer.generator.synth.physics.signals import Wave

FITTED = Path(__file__).with_name("voicing.yaml")
OCTAVES_HZ = (125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0, 16_000.0)
_TAPS = 1024


def case_name(row: str, surface: str | None) -> str:
    """Under what a voicing is kept: steps by their ground, everything else by its row."""
    return f"{row} on {surface}" if row == "footsteps" else row


@cache
def voicing(subcategory: Subcategory, variant: str, surface: str) -> tuple[float, ...] | None:
    """Decibels to add to each of `OCTAVES_HZ`; None where nothing is known."""
    row = sound_of(subcategory, variant)
    steps = subcategory is Subcategory.HUMAN_STEPS
    name = case_name("footsteps" if steps else row.name, surface)
    return _fitted().get(name)


def voiced(wave: Wave, subcategory: Subcategory, variant: str, surface: str) -> Wave:
    """A hit, ``[n]``, with its voicing; its attack stays where it is (minimum phase)."""
    gains_db = voicing(subcategory, variant, surface)
    if gains_db is None:
        return wave
    shaped: Wave = scipy.signal.fftconvolve(wave, _filter(gains_db))[: wave.size]
    return shaped


@cache
def _fitted() -> dict[str, tuple[float, ...]]:
    kept = read_yaml(FITTED.read_text(encoding="utf-8"))
    assert isinstance(kept, dict)
    return {str(name): tuple(map(float, gains)) for name, gains in kept.items()}


@cache
def _filter(gains_db: tuple[float, ...]) -> Wave:
    """The shortest answer with these octave gains: minimum phase by the real cepstrum.

    A. V. Oppenheim and R. W. Schafer, *Discrete-Time Signal Processing*, section 13.
    """
    hz = np.fft.rfftfreq(4 * _TAPS, 1.0 / SAMPLE_RATE)
    nepers = np.interp(np.log2(np.maximum(hz, 20.0)), np.log2(OCTAVES_HZ), gains_db)
    cepstrum = np.fft.irfft(nepers * np.log(10.0) / 20.0)
    folded = np.zeros_like(cepstrum)
    half = cepstrum.size // 2
    folded[0], folded[half] = cepstrum[0], cepstrum[half]
    folded[1:half] = 2.0 * cepstrum[1:half]
    answer: Wave = np.fft.irfft(np.exp(np.fft.rfft(folded)))[:_TAPS]
    fade = np.ones(_TAPS)
    fade[_TAPS // 2 :] = 0.5 * (1.0 + np.cos(np.pi * np.arange(_TAPS // 2) / (_TAPS // 2)))
    return answer * fade
