"""The physics inside: what can be computed on paper holds in the sound."""

import numpy as np
import pytest
import scipy

from foley_designer.generator.synth.instruments.animals.animal import AnimalVoice
from foley_designer.generator.synth.instruments.arms.blast import friedlander
from foley_designer.generator.synth.instruments.calling import utter
from foley_designer.generator.synth.instruments.engines.rotor import Rotor
from foley_designer.generator.synth.instruments.engines.vehicle import MOTORS, firing
from foley_designer.generator.synth.instruments.instrument import Stretch, Stroke
from foley_designer.generator.synth.instruments.nature.thunder import channel_paths
from foley_designer.generator.synth.instruments.people.cries import HumanVoice
from foley_designer.generator.synth.instruments.people.steps import HumanSteps
from foley_designer.generator.synth.instruments.things.friction import slips
from foley_designer.generator.synth.physics.bubbles import bubble, damping, minnaert_hz
from foley_designer.generator.synth.physics.contact import brightness, contact_s, dense_ring, pulse
from foley_designer.generator.synth.physics.grains import arrivals, power_law, scatter
from foley_designer.generator.synth.physics.modal import MATERIALS, build, ring
from foley_designer.generator.synth.physics.pulses import pulse_train
from foley_designer.generator.synth.physics.signals import Wave, drift
from foley_designer.generator.synth.physics.spectral import bell, paint
from foley_designer.generator.synth.physics.voice import Syllable, speak
from foley_designer.generator.synth.play import Play

RATE = 48_000


def rng() -> np.random.Generator:
    return np.random.default_rng(3)


def loudest_hz(wave: Wave, low: float = 20.0) -> float:
    spectrum = np.abs(np.fft.rfft(wave * np.hanning(wave.size), 4 * wave.size))
    frequencies = np.fft.rfftfreq(4 * wave.size, 1 / RATE)
    return float(frequencies[np.argmax(np.where(frequencies > low, spectrum, 0))])


def test_ring_is_the_sum_of_its_modes() -> None:
    frequencies, t60, levels = (
        np.array([311.0, 990.0, 5021.0]),
        np.array([0.9, 0.2, 0.04]),
        np.ones(3),
    )
    t = np.arange(1, 30_001) / RATE
    exact = sum(
        a * np.sin(2 * np.pi * f * t) * 1000.0 ** (-t / d)
        for f, d, a in zip(frequencies, t60, levels, strict=True)
    )
    assert ring(frequencies, t60, levels, 30_000) == pytest.approx(exact, abs=1e-4)


def test_scatter_is_the_sum_of_its_grains() -> None:
    positions, frequencies = np.array([0, 700, 1990]), np.array([900.0, 3000.0, 400.0])
    decays, levels = np.array([0.002, 0.0005, 0.01]), np.array([1.0, -0.5, 0.3])
    wave = scatter(2000, positions, frequencies, decays, levels)
    alone = [
        scatter(
            2000, positions[i : i + 1], frequencies[i : i + 1], decays[i : i + 1], levels[i : i + 1]
        )
        for i in range(3)
    ]
    assert wave == pytest.approx(np.sum(alone, axis=0), abs=2e-3)
    assert not wave[:1].any() or wave[0] == pytest.approx(np.sin(2 * np.pi * 900 / RATE), rel=0.05)


def test_arrivals_follow_their_rate() -> None:
    rate = np.concatenate([np.full(RATE, 200.0), np.zeros(RATE), np.full(RATE, 800.0)])
    positions = arrivals(rng(), rate)
    counts = np.histogram(positions, [0, RATE, 2 * RATE, 3 * RATE])[0]
    assert counts[0] == pytest.approx(200, abs=60)
    assert counts[1] <= 1
    assert counts[2] == pytest.approx(800, abs=120)


def test_power_law_has_few_large_and_many_small() -> None:
    sizes = power_law(rng(), 20_000, 2.0, 30.0)
    assert sizes.min() >= 1 / 30 - 1e-9
    assert sizes.max() <= 1.0
    large, small = np.mean(sizes > 0.5), np.mean(sizes < 0.1)
    assert small / large == pytest.approx((30 - 10) / (2 - 1), rel=0.15)


def test_bubbles_ring_where_minnaert_says() -> None:
    assert minnaert_hz(np.array([0.001]))[0] == pytest.approx(3260)
    wave = bubble(rng(), 1200.0, rising=0.0)
    assert loudest_hz(wave) == pytest.approx(1200, rel=0.09)
    assert damping(np.array([4000.0])) > 4 * damping(np.array([1000.0]))


def test_harder_faster_contacts_are_shorter_and_brighter() -> None:
    assert contact_s(0.95, 0.7) < 0.2e-3
    assert contact_s(0.1, 0.7) > 2e-3
    assert contact_s(0.5, 1.0) < contact_s(0.5, 0.1)
    assert contact_s(0.5, 0.5, mass=1.0) > contact_s(0.5, 0.5, mass=0.0)
    high = np.array([4000.0])
    assert brightness(high, 1e-4) > 0.7
    assert brightness(high, 2e-3) < 0.1
    assert pulse(0.003).sum() == pytest.approx(0.0, abs=1e-9)


def test_materials_differ_in_decay_as_listeners_know_them() -> None:
    def decay(name: str) -> float:
        body = build(MATERIALS[name], 0.5, rng())
        return float(np.interp(2000.0, body.frequencies, body.t60_s))

    assert decay("steel") > decay("glass") > decay("wood") > decay("plastic") > decay("rubber")


def test_larger_things_are_lower() -> None:
    lowest = [build(MATERIALS["steel"], size, rng()).frequencies[0] for size in (0.2, 0.5, 0.8)]
    assert lowest == sorted(lowest, reverse=True)


def test_paint_puts_energy_where_it_is_told() -> None:
    wave = paint(rng(), 2, RATE, lambda f, frames, hop: bell(f, 2000.0, 0.2))
    assert wave.shape == (2, RATE)
    spectrum = np.mean(np.abs(np.fft.rfft(wave)) ** 2, axis=0)
    inside = spectrum[1400:2800].sum() / spectrum.sum()
    assert inside > 0.97
    assert abs(np.corrcoef(wave)[0, 1]) < 0.1
    white = paint(rng(), 1, RATE, lambda f, frames, hop: np.ones_like(f))
    assert float(np.std(white)) == pytest.approx(1.0, rel=0.1)


def test_drift_is_slow_and_of_unit_variance() -> None:
    wave = drift(rng(), 60 * RATE, 2.0)
    assert float(np.std(wave)) == pytest.approx(1.0, rel=0.2)
    assert np.abs(np.diff(wave)).max() < 1e-3


def test_pulses_do_not_fold_back() -> None:
    cycles = np.arange(RATE) * 997.0 / RATE
    spectrum = np.abs(np.fft.rfft(pulse_train(cycles, 997.0, 4000.0)))
    harmonics = np.zeros(spectrum.size, dtype=bool)
    for n in range(25):
        harmonics[max(997 * n - 2, 0) : 997 * n + 3] = True
    assert spectrum[~harmonics].max() < 1e-4 * spectrum.max()


def test_slips_keep_their_rate() -> None:
    train = slips(rng(), np.full(4 * RATE, 80.0), 0.1)
    assert np.count_nonzero(train) == pytest.approx(320, abs=12)


def test_blast_wave_crosses_zero_at_its_duration() -> None:
    wave = friedlander(0.01)
    assert wave[0] == pytest.approx(1.0)
    assert np.flatnonzero(wave <= 0)[0] == pytest.approx(480, abs=1)


def test_thunder_nearby_arrives_in_a_shorter_time() -> None:
    near, far = (channel_paths(rng(), metres)[0] for metres in (300.0, 6000.0))
    assert near.min() < 320
    assert np.ptp(near) > 0
    assert near.min() / near.max() < far.min() / far.max()


def test_an_engine_fires_at_its_order() -> None:
    motor = MOTORS["car"]
    pressure, _ = firing(rng(), motor, np.full(2 * RATE, 3000.0), np.ones(motor.cylinders))
    assert loudest_hz(pressure) == pytest.approx(3000 / 60 * motor.cylinders / 2, rel=0.02)


def _play(**changes: float | str) -> Play:
    return Play("heels", "tile", "leather")._replace(**changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("gap_s", [0.3, 0.55, 1.0])
def test_the_toe_follows_the_heel_and_is_quieter(gap_s: float) -> None:
    steps = HumanSteps(_play(), rng())
    for index in range(4):
        wave = np.abs(steps.hit(Stroke(0.7, index, gap_s), np.random.default_rng(index)))
        heel = wave[:960].max()
        toe_at = round(0.045 * RATE) + int(
            np.argmax(wave[round(0.045 * RATE) : round(0.16 * RATE)])
        )
        assert 0.05 * RATE < toe_at < 0.15 * RATE
        assert 0.05 * heel < wave[toe_at] < 0.9 * heel


def test_gravel_goes_on_crushing_after_concrete_is_silent() -> None:
    def late_share(surface: str) -> float:
        wave = HumanSteps(_play(variant="boots", surface=surface), rng()).hit(Stroke(0.7), rng())
        return float(np.sum(wave[1440:4800] ** 2) / np.sum(wave**2))

    assert late_share("gravel") > 2 * late_share("concrete")


def test_a_run_is_quicker_than_a_walk() -> None:
    walk, run = (HumanSteps(_play(speed=speed), rng()) for speed in (0.2, 0.9))
    assert run.interval_s < 0.65 * walk.interval_s
    strokes = run.rhythm(Stretch(4 * RATE, 0.7), rng())
    assert len(strokes) == pytest.approx(4 / run.interval_s, abs=2)
    assert strokes[0][0] == 0
    assert strokes[-1][0] < 4 * RATE


def test_dense_modes_fall_as_their_material_does() -> None:
    def falls_db(name: str) -> float:
        body = build(MATERIALS[name], 0.5, rng(), modes=60)
        wave = dense_ring(rng(), body, 0.0002)
        early, late = wave[960:3360], wave[5760:8160]
        return float(10 * np.log10(np.mean(early**2) / max(np.mean(late**2), 1e-20)))

    assert falls_db("steel") < falls_db("glass") < falls_db("wood")


def test_blades_beat_the_air_in_their_rhythm() -> None:
    rotor = Rotor(Play("helicopter", "plain", "steel"), rng())
    wave = rotor.run(Stretch(8 * RATE, 0.8), rng())[0]
    level = np.sqrt(np.mean(wave.reshape(-1, RATE // 400) ** 2, axis=1))
    spectrum = np.abs(np.fft.rfft(level - level.mean()))
    hz = np.fft.rfftfreq(level.size, 1 / 400)
    beat = rotor.machine.blades_hz
    near = spectrum[np.abs(hz - beat) < 0.5].max()
    between = np.median(spectrum[(hz > 0.55 * beat) & (hz < 1.45 * beat)])
    assert 10 < beat < 28
    assert near > 4 * between


@pytest.mark.parametrize(
    ("kind", "variant"), [(kind, name) for kind in (AnimalVoice, HumanVoice) for name in kind.calls]
)
@pytest.mark.slow
def test_one_throat_says_one_thing_at_a_time(
    kind: type[AnimalVoice | HumanVoice], variant: str
) -> None:
    voice = kind(Play(variant, "plain", "plain", speed=1.0), rng())
    stream = rng()
    for index in range(4):
        call = voice.hit(Stroke(0.8, index, gap_s=voice.interval_s), stream)
        assert call.size <= voice.interval_s * RATE + 1
        assert np.abs(voice.hit(Stroke(0.8, index, gap_s=0.2), stream)).size <= 0.2 * RATE


def test_laughter_is_four_or_five_vowels_a_second() -> None:
    voice = HumanVoice(Play("laugh", "plain", "plain"), rng())
    wave = utter(rng(), voice.calls["laugh"].syllables, voice.throat)[:RATE]
    level = scipy.signal.sosfiltfilt(scipy.signal.butter(2, 12, fs=RATE, output="sos"), wave**2)
    peaks, _ = scipy.signal.find_peaks(level, height=0.15 * level.max(), distance=RATE // 12)
    assert 4 <= len(peaks) <= 6


def test_breath_alone_has_no_pitch() -> None:
    voiced = speak(rng(), Syllable(0.5, (200.0,), (1.0,), breath=0.0, rough=0.0))
    breath = speak(rng(), Syllable(0.5, (200.0,), (1.0,), breath=1.0, rough=0.0, voice=0.0))

    def tonal(wave: Wave) -> float:
        power = np.abs(np.fft.rfft(wave)) ** 2
        return float(power.max() / power.sum())

    assert tonal(voiced) > 5 * tonal(breath)
