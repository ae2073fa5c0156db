"""Atmospheric absorption of sound after ISO 9613-1:1993."""

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from foley_designer.core.clip import SAMPLE_RATE

TAPS = 129
"""Length of an absorption filter; its delay is ``TAPS // 2`` samples."""
_REFERENCE_KELVIN = 293.15
_TRIPLE_POINT_KELVIN = 273.16


def absorption_db_per_m(
    frequency_hz: ArrayLike, temperature_c: float = 20.0, humidity_percent: float = 50.0
) -> NDArray[np.float64]:
    """Attenuation by air at standard pressure (ISO 9613-1, Eq. 3 to 5 and Annex B).

    Args:
        frequency_hz: any shape, ≥ 0 Hz.
        temperature_c: -20 to 50 °C.
        humidity_percent: relative humidity, 10 to 100 %.

    Returns:
        dB per metre, same shape.
    """
    f = np.asarray(frequency_hz, np.float64)
    kelvin = temperature_c + 273.15
    saturation = 10.0 ** (-6.8346 * (_TRIPLE_POINT_KELVIN / kelvin) ** 1.261 + 4.6151)
    h = humidity_percent * saturation  # molar concentration of water vapour, %
    t = kelvin / _REFERENCE_KELVIN
    oxygen_hz = 24.0 + 4.04e4 * h * (0.02 + h) / (0.391 + h)
    nitrogen_hz = t**-0.5 * (9.0 + 280.0 * h * np.exp(-4.170 * (t ** (-1 / 3) - 1.0)))
    oxygen = 0.01275 * np.exp(-2239.1 / kelvin) / (oxygen_hz + f**2 / oxygen_hz)
    nitrogen = 0.1068 * np.exp(-3352.0 / kelvin) / (nitrogen_hz + f**2 / nitrogen_hz)
    classical = 1.84e-11 * t**0.5
    result: NDArray[np.float64] = 8.686 * f**2 * (classical + t**-2.5 * (oxygen + nitrogen))
    return result


@lru_cache(maxsize=64)
def absorption_filter(
    distance_m: float, temperature_c: float, humidity_percent: float
) -> NDArray[np.float64]:
    """Linear-phase FIR ``[TAPS]`` at 48 kHz with the loss of a stretch of air, unity at 0 Hz.

    Within 0.01 dB of the standard for 12.5 m and 0.1 dB for 200 m up to 8 kHz.
    """
    frequencies = np.fft.rfftfreq(4096, 1.0 / SAMPLE_RATE)
    loss_db = absorption_db_per_m(frequencies, temperature_c, humidity_percent) * distance_m
    kernel = np.roll(np.fft.irfft(10.0 ** (-loss_db / 20.0)), TAPS // 2)[:TAPS]
    kernel = kernel * np.kaiser(TAPS, 1.0)
    kernel /= kernel.sum()
    kernel.setflags(write=False)
    return kernel
