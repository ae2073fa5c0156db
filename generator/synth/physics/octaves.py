"""Colour by octaves: a short answer of minimum phase, so that an attack stays where it is."""

from functools import cache

import numpy as np
import scipy

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.generator.synth.physics.signals import Wave

OCTAVES_HZ = (125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0, 16_000.0)
_TAPS = 1024


def coloured(wave: Wave, gains_db: tuple[float, ...]) -> Wave:
    """A wave ``[n]`` with these decibels added to its octaves `OCTAVES_HZ`."""
    shaped: Wave = scipy.signal.fftconvolve(wave, _filter(gains_db))[: wave.size]
    return shaped


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
