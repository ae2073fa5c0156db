"""An editor's treatment does to samples what it says."""

import numpy as np
import pytest

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.mix.processing import EqKind
from foley_designer.core.mix.treatment import Compression, Duck, Fade, HandBand, Ride, Treatment
from foley_designer.dsp.effects.treat import coloured, framed, played
from foley_designer.dsp.level.gains import Samples

SECONDS = 4


def noise() -> Samples:
    rng = np.random.default_rng(1)
    return (0.1 * rng.standard_normal((2, SECONDS * SAMPLE_RATE))).astype(np.float32)


def clicks(times: tuple[float, ...], hz: float = 1000.0) -> Samples:
    result = np.zeros((2, SECONDS * SAMPLE_RATE), np.float32)
    for time in times:
        first = round(time * SAMPLE_RATE)
        at = np.arange(round(0.1 * SAMPLE_RATE)) / SAMPLE_RATE
        result[:, first : first + len(at)] += np.sin(2 * np.pi * hz * at) * np.exp(-at / 0.02)
    return result


def level_db(samples: Samples, start_s: float, end_s: float) -> float:
    part = samples[:, round(start_s * SAMPLE_RATE) : round(end_s * SAMPLE_RATE)]
    return float(10 * np.log10(np.mean(np.square(part, dtype=np.float64)) + 1e-20))


def pitch_hz(samples: Samples, start_s: float) -> float:
    first = round(start_s * SAMPLE_RATE)
    part = samples[0, first : first + 4096] * np.hanning(4096)
    return float(np.argmax(np.abs(np.fft.rfft(part, 1 << 16))) * SAMPLE_RATE / (1 << 16))


def test_a_band_raises_its_range_and_leaves_the_rest() -> None:
    band = HandBand(kind=EqKind.LOW_SHELF, frequency_hz=200, gain_db=9)
    before, after = noise(), coloured(noise(), Treatment(eq=(band,)))
    spectra = [np.abs(np.fft.rfft(one[0])) for one in (before, after)]
    hz = np.fft.rfftfreq(before.shape[1], 1 / SAMPLE_RATE)
    low, high = (hz > 20) & (hz < 60), hz > 4000
    ratio = 20 * np.log10(spectra[1] / np.maximum(spectra[0], 1e-12))
    assert ratio[low].mean() == pytest.approx(9, abs=0.7)
    assert abs(ratio[high]).max() < 0.2


def test_a_ride_and_a_dip_lower_their_stretch_alone() -> None:
    ridden = coloured(noise(), Treatment(rides=(Ride(start_s=1, end_s=2, gain_db=-12),)))
    assert level_db(ridden, 1.1, 1.9) - level_db(noise(), 1.1, 1.9) == pytest.approx(-12, abs=0.1)
    assert level_db(ridden, 2.5, 3.5) == pytest.approx(level_db(noise(), 2.5, 3.5), abs=0.01)
    key = np.zeros(SECONDS * SAMPLE_RATE, np.float32)
    key[2 * SAMPLE_RATE : 3 * SAMPLE_RATE] = 0.5
    dipped = coloured(noise(), Treatment(ducks=(Duck(by=("dog",), db=9),)), [key])
    assert level_db(dipped, 2.3, 2.9) - level_db(noise(), 2.3, 2.9) == pytest.approx(-9, abs=0.5)
    assert level_db(dipped, 0.5, 1.5) == pytest.approx(level_db(noise(), 0.5, 1.5), abs=0.01)


def test_compression_evens_out_and_keeps_the_energy() -> None:
    uneven = noise()
    uneven[:, : 2 * SAMPLE_RATE] *= 0.1
    held = coloured(uneven, Treatment(compress=Compression(ratio=4, below_peak_db=24)))
    quiet, loud = (level_db(held, *part) for part in ((0.5, 1.5), (2.5, 3.5)))
    assert loud - quiet < 15
    assert level_db(held, 0, 4) == pytest.approx(level_db(uneven, 0, 4), abs=0.01)


@pytest.mark.parametrize(("width", "side_db"), [(0.0, -200.0), (2.0, 6.02)])
def test_width_scales_what_differs_between_the_sides(width: float, side_db: float) -> None:
    before, after = noise(), framed(noise(), Treatment(width=width))
    sides = [one[0] - one[1] for one in (before, after)]
    change = 10 * np.log10((np.square(sides[1]).sum() + 1e-30) / np.square(sides[0]).sum())
    assert change == pytest.approx(side_db, abs=0.1) if width else change < -100
    assert np.allclose(before.sum(axis=0), after.sum(axis=0), atol=1e-5)


def test_fades_begin_and_end_in_silence() -> None:
    faded = framed(
        noise(),
        Treatment(fade_in=Fade(length_s=1, at_s=0.5), fade_out=Fade(length_s=1, at_s=3.5)),
    )
    assert not faded[:, : SAMPLE_RATE // 2].any()
    assert not faded[:, round(3.5 * SAMPLE_RATE) :].any()
    assert level_db(faded, 1.6, 2.4) == pytest.approx(level_db(noise(), 1.6, 2.4), abs=0.01)


def test_speed_and_pitch_keep_the_hits_where_they_are() -> None:
    times = (0.5, 2.0)
    slow = played(clicks(times), Treatment(speed=0.5), times, ())
    tuned = played(clicks(times), Treatment(pitch_st=12), (), ())
    for result, hz in ((slow, 500), (tuned, 2000)):
        for time in times:
            assert level_db(result, time - 0.2, time - 0.03) < -60
            assert level_db(result, time, time + 0.05) > -40
        assert pitch_hz(result, 2.0) == pytest.approx(hz, rel=0.06)


def test_a_span_that_plays_faster_is_filled_to_its_end() -> None:
    fast = played(noise(), Treatment(speed=2.0), (), ((1.0, 3.0),))
    assert not fast[:, :SAMPLE_RATE].any()
    # Half of white noise lies above what an octave up leaves.
    heard = level_db(noise(), 1.0, 2.0) - 3.0
    assert level_db(fast, 2.6, 2.95) == pytest.approx(heard, abs=0.5)
