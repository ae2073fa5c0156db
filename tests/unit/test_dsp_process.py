import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal

from foley_designer.core.mix.mix_plan import TrackPlan
from foley_designer.core.mix.processing import Dynamics, EqBand, EqKind, Futz, Reverb
from foley_designer.core.space import ACOUSTICS, Space
from foley_designer.dsp.effects.dynamics import shape
from foley_designer.dsp.effects.eq import equalise
from foley_designer.dsp.effects.filters import SectionFilter, convolve_into, response_db, section
from foley_designer.dsp.effects.futz import futz
from foley_designer.dsp.effects.process import process
from foley_designer.dsp.effects.reverb import impulse_response, reverberate

RATE = 48_000


def noise(seconds: float, rms: float = 0.1, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return (rms * rng.standard_normal((2, round(seconds * RATE)))).astype(np.float32)


def steps(seconds: float = 2.0, every_s: float = 0.5, first_s: float = 0.25) -> np.ndarray:
    rng = np.random.default_rng(1)
    samples = np.zeros((2, round(seconds * RATE)), np.float32)
    for start in range(round(first_s * RATE), samples.shape[1] - 4800, round(every_s * RATE)):
        burst = rng.standard_normal(4800) * np.exp(-np.arange(4800) / 500)
        samples[:, start : start + 4800] += 0.3 * burst
    return samples


def level_db(samples: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(np.square(samples, dtype=np.float64)) + 1e-30))


@pytest.mark.parametrize(
    ("kind", "at_hz", "expected_db"),
    [
        (EqKind.PEAK, 1000, -6.0),
        (EqKind.PEAK, 20, 0.0),
        (EqKind.LOW_SHELF, 20, -6.0),
        (EqKind.LOW_SHELF, 20000, 0.0),
        (EqKind.HIGH_SHELF, 20, 0.0),
        (EqKind.HIGH_SHELF, 20000, -6.0),
        (EqKind.HIGH_PASS, 20000, 0.0),
        (EqKind.HIGH_PASS, 100, -40.0),
        (EqKind.LOW_PASS, 20, 0.0),
    ],
)
def test_each_shape_does_what_it_says(kind: EqKind, at_hz: float, expected_db: float) -> None:
    band = EqBand(kind=kind, frequency_hz=1000, gain_db=-6.0, q=0.7071)
    assert response_db(section(band), [at_hz])[0] == pytest.approx(expected_db, abs=0.1)


def test_bands_act_on_sound_as_their_response_says() -> None:
    bands = [
        EqBand(kind=EqKind.PEAK, frequency_hz=700, gain_db=-4),
        EqBand(kind=EqKind.HIGH_SHELF, frequency_hz=6000, gain_db=3),
    ]
    time = np.arange(RATE) / RATE
    for frequency in (100.0, 700.0, 12000.0):
        wave = np.sin(2 * np.pi * frequency * time).astype(np.float32)
        shaped = equalise(np.stack([wave, wave]), bands)[:, RATE // 4 :]
        expected = sum(response_db(section(band), [frequency])[0] for band in bands)
        assert level_db(shaped) - level_db(wave) == pytest.approx(expected, abs=0.02)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 3000), min_size=1, max_size=8))
def test_filters_do_not_hear_where_blocks_end(sizes: list[int]) -> None:
    samples = noise(sum(sizes) / RATE + 1e-9)
    sections = section(EqBand(kind=EqKind.PEAK, frequency_hz=200, gain_db=6, q=4))
    whole, pieces = SectionFilter(sections, 2), SectionFilter(sections, 2)
    cuts = np.split(samples, np.cumsum(sizes)[:-1], axis=1)
    joined = np.concatenate([pieces(cut) for cut in cuts], axis=1)
    assert np.array_equal(whole(samples), joined)


def test_silence_after_a_sound_holds_no_denormal_numbers() -> None:
    sections = signal.butter(2, [40, 16_000], "bandpass", fs=RATE, output="sos")
    click = np.zeros((2, 10 * RATE), np.float32)
    click[:, 0] = 1.0
    tail = SectionFilter(sections, 2)(click)
    plain = signal.sosfilt(sections, click.astype(np.float64))
    smallest = np.finfo(np.float64).tiny
    assert ((np.abs(plain) < smallest) & (plain != 0)).any(), "they are there without care"
    assert not ((np.abs(tail) < smallest) & (tail != 0)).any()
    assert np.array_equal(tail.astype(np.float32), plain.astype(np.float32))


@settings(max_examples=10, deadline=None)
@given(st.integers(1, 600_000), st.integers(1, 3000), st.integers(0, 1500))
def test_block_convolution_is_convolution(count: int, taps: int, advance: int) -> None:
    rng = np.random.default_rng(count)
    source = rng.standard_normal((1, count)).astype(np.float32)
    impulse = rng.standard_normal((1, 1, taps)).astype(np.float32)
    out = np.zeros_like(source)
    convolve_into(out, source, impulse, advance)
    exact = np.zeros(count + max(taps, advance) + advance)
    exact[: count + taps - 1] = signal.oaconvolve(source[0], impulse[0, 0])
    assert np.allclose(out[0], exact[advance : advance + count], atol=2e-4 * np.sqrt(taps))


def test_the_compressor_follows_its_curve_and_keeps_the_image() -> None:
    time = np.arange(2 * RATE) / RATE
    wave = np.stack([0.5 * np.sin(2 * np.pi * 440 * time), 0.05 * np.sin(2 * np.pi * 440 * time)])
    plan = Dynamics(threshold_db=-18, ratio=4, attack_ms=10, release_ms=200)
    settled = slice(RATE, 2 * RATE)
    shaped = shape(wave.astype(np.float32), plan)
    over = 20 * np.log10(0.5) + 18
    reduction = level_db(wave[:, settled]) - level_db(shaped[:, settled])
    assert reduction == pytest.approx(over * (1 - 1 / 4), abs=0.1)
    assert level_db(shaped[0]) - level_db(shaped[1]) == pytest.approx(20.0, abs=1e-3)
    quiet = (0.01 * wave).astype(np.float32)
    assert np.array_equal(shape(quiet, plan), quiet)


def test_attack_and_release_take_their_time() -> None:
    samples = np.full((2, 2 * RATE), 0.05, np.float32)
    samples[:, RATE // 2 : RATE] = 0.5
    gain = shape(samples, Dynamics(threshold_db=-20, ratio=8, attack_ms=20, release_ms=200))
    reduction = -20 * np.log10(gain[0] / samples[0])
    full = reduction[RATE - 100]
    assert reduction[RATE // 2 - 480] == pytest.approx(0, abs=1e-6)
    assert reduction[RATE // 2 + round(0.02 * RATE)] == pytest.approx(0.63 * full, rel=0.1)
    assert reduction[RATE + round(0.2 * RATE)] == pytest.approx(0.37 * full, rel=0.2)


def test_ducking_dips_while_the_foreground_sounds() -> None:
    bed = noise(3, 0.02)
    foreground = np.zeros(3 * RATE, np.float32)
    foreground[RATE : 2 * RATE] = 0.4
    plan = Dynamics(threshold_db=0, ratio=1, attack_ms=20, release_ms=200, duck_db=4)
    ducked = shape(bed, plan, foreground)
    during, before = slice(RATE + 9600, 2 * RATE), slice(0, RATE)
    assert level_db(bed[:, during]) - level_db(ducked[:, during]) == pytest.approx(4, abs=0.05)
    assert np.array_equal(ducked[:, before][:, :-48], bed[:, before][:, :-48])
    assert np.array_equal(shape(bed, plan, np.zeros(3 * RATE, np.float32)), bed)
    with pytest.raises(ValueError, match="foreground has"):
        shape(bed, plan, foreground[:-1])


@pytest.mark.parametrize("space", [s for s in Space if not ACOUSTICS[s].outdoors])
def test_the_tail_decays_with_the_reverberation_time(space: Space) -> None:
    rt60 = ACOUSTICS[space].rt60_s
    reverb = Reverb(space=space, rt60_s=rt60, wet_db=-10, damping=ACOUSTICS[space].damping)
    octave = signal.butter(3, (707, 1414), "bandpass", fs=RATE, output="sos")
    times = []
    for response in impulse_response(reverb).reshape(4, -1):
        energy = np.cumsum(np.square(signal.sosfilt(octave, response))[::-1])[::-1]
        decay = 10 * np.log10(energy / energy[0] + 1e-30)
        fit = np.flatnonzero((decay < -5) & (decay > -25))
        times.append(-60 / np.polyfit(fit / RATE, decay[fit], 1)[0])
    assert np.mean(times) == pytest.approx(rt60, rel=0.15)


def test_reverberation_is_as_loud_as_planned_and_keeps_onsets() -> None:
    dry = steps()
    for wet_db in (-20.0, -6.0):
        reverb = Reverb(space=Space.HALL, rt60_s=1.6, wet_db=wet_db, predelay_ms=10)
        wet = reverberate(dry, reverb) - dry
        assert level_db(wet) - level_db(dry) == pytest.approx(wet_db, abs=0.1)
        first = round(0.25 * RATE)
        assert np.abs(wet[:, : first + 480]).max() < 1e-5
    left, right = wet[:, RATE:]
    assert abs(np.corrcoef(left, right)[0, 1]) < 0.5


def test_a_hit_before_the_end_is_as_wet_as_any() -> None:
    reverb = Reverb(space=Space.CHURCH, rt60_s=3.5, wet_db=-10)
    dry = np.pad(steps(1.0, every_s=9, first_s=0.8), ((0, 0), (0, 4 * RATE)))
    assert np.allclose(
        reverberate(dry[:, :RATE], reverb), reverberate(dry, reverb)[:, :RATE], atol=1e-5
    )


@pytest.mark.parametrize("space", [Space.CAR, Space.HALL, Space.OPEN_FIELD])
def test_the_first_reflection_comes_after_the_predelay(space: Space) -> None:
    room = ACOUSTICS[space]
    planned = Reverb(space=space, rt60_s=room.rt60_s, predelay_ms=40, wet_db=-10)
    for reverb, earliest_s, latest_s in (
        (planned, 0.0399, 0.045),
        (planned.model_copy(update={"predelay_ms": 0.0}), 0.0005, 0.04),
    ):
        envelope = np.abs(impulse_response(reverb)).max(axis=(0, 1))
        first_s = np.argmax(envelope > 0.02 * envelope.max()) / RATE
        assert earliest_s <= first_s <= latest_s


def test_a_silent_stem_stays_silent() -> None:
    silent = np.zeros((2, RATE), np.float32)
    plan = TrackPlan(
        event_id="x",
        gain_db=0,
        eq=(EqBand(kind=EqKind.PEAK, frequency_hz=500, gain_db=3),),
        dynamics=Dynamics(duck_db=3),
        reverb=Reverb(space=Space.CHURCH, rt60_s=3.5, wet_db=-6),
        futz=Futz.TELEPHONE,
    )
    assert not process(silent, plan, np.abs(noise(1)[0])).any()


@pytest.mark.parametrize("kind", Futz)
def test_futz_changes_the_colour_and_not_the_level(kind: Futz) -> None:
    dry = steps()
    heard = futz(dry, kind)
    assert level_db(heard) == pytest.approx(level_db(dry), abs=0.01)
    frequencies, before = signal.welch(dry[0], RATE, nperseg=4096)
    _, after = signal.welch(heard[0], RATE, nperseg=4096)
    highs = frequencies > 9000
    assert 10 * np.log10(after[highs].sum() / before[highs].sum()) < -20
    before_onset = heard[:, : round(0.25 * RATE) - 480]
    assert level_db(before_onset) < level_db(heard) - 50  # the codec's idle noise


def test_processing_follows_from_the_plan_alone() -> None:
    dry = steps()
    plan = TrackPlan(
        event_id="feet",
        gain_db=-60,
        eq=(EqBand(kind=EqKind.HIGH_PASS, frequency_hz=80),),
        dynamics=Dynamics(),
        reverb=Reverb(space=Space.KITCHEN, rt60_s=0.55, wet_db=-12),
    )
    first = process(dry, plan)
    assert first.dtype == np.float32
    assert first.shape == dry.shape
    assert np.array_equal(first, process(dry, plan))
    assert level_db(first) > level_db(dry) - 6  # the fader is not applied
    untouched = process(dry, TrackPlan(event_id="feet", gain_db=-60))
    assert np.array_equal(untouched, dry)
