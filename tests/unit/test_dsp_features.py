from pathlib import Path

import numpy as np
import pytest
import soundfile
from scipy import signal

from foley_designer.core.category import Subcategory
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.script.performance import Layer, Performance
from foley_designer.core.script.sound_event import SoundEvent, Source, SourceKind, Span
from foley_designer.dsp.features import diagnose, features
from foley_designer.dsp.level.masking import (
    BAND_COUNT,
    FRAME,
    HOP,
    Spectra,
    band_centres_hz,
    excitation,
    masked_share,
    masking_matrix,
)
from foley_designer.dsp.level.mixdown import mixdown
from foley_designer.dsp.repair.decay import DecayMeter

RATE = 48_000


def noise(seconds: float, rms: float = 0.1, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return (rms * rng.standard_normal((2, round(seconds * RATE)))).astype(np.float32)


def tone(hz: float, seconds: float = 2.0, amplitude: float = 0.1) -> np.ndarray:
    wave = amplitude * np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE)) / RATE)
    return np.stack([wave, wave]).astype(np.float32)


def event(name: str) -> SoundEvent:
    return SoundEvent(
        id=name,
        label=name,
        description=name,
        subcategory=Subcategory.HUMAN_STEPS,
        layer=Layer.FOREGROUND,
        spans=(Span(start_s=0, end_s=1),),
        source=Source(kind=SourceKind.POINT),
        performance=Performance(surface="gravel"),
    )


def hits(rt60_s: float, seconds: float = 8.0) -> np.ndarray:
    """Sharp knocks in a room of the given reverberation time."""
    rng = np.random.default_rng(3)
    wave = np.zeros(round(seconds * RATE))
    for start in np.arange(0.3, seconds - 0.5, 0.9):
        wave[round(start * RATE)] = 1.0
    taps = round(1.5 * rt60_s * RATE)
    room = rng.standard_normal(taps) * np.exp(-6.91 * np.arange(taps) / RATE / rt60_s)
    wet = signal.oaconvolve(wave, room)[: len(wave)]
    wet = 0.3 * wet / np.abs(wet).max() + 1e-5 * rng.standard_normal(len(wave))
    return np.stack([wet, wet]).astype(np.float32)


@pytest.mark.parametrize("rt60_s", [0.25, 0.4, 0.7, 1.2, 2.0])
def test_reverberation_time_of_knocks(rt60_s: float) -> None:
    meter = DecayMeter(2)
    meter.push(hits(rt60_s))
    decay = meter.result()
    assert decay.rt60_s == pytest.approx(rt60_s, rel=0.15)
    assert decay.confidence > 0.5


def test_steady_sound_has_no_reverberation_time() -> None:
    for samples in (noise(4), np.zeros((2, RATE), np.float32), noise(0.05)):
        meter = DecayMeter(2)
        meter.push(samples)
        assert meter.result() == (None, 0.0)


def test_a_tone_is_masked_in_its_band_alone() -> None:
    target = excitation(tone(1000))
    assert masked_share(target, excitation(tone(1000, amplitude=0.4))) > 0.9
    assert masked_share(target, excitation(tone(1000, amplitude=0.05))) < 0.02
    assert masked_share(target, excitation(tone(4000, amplitude=0.4))) < 0.05
    assert masked_share(target, target) == 0.0
    assert masked_share(0 * target, target) == 0.0


def test_bands_are_evenly_spaced_in_erb_number_and_count_the_mean_power() -> None:
    """Glasberg and Moore (1990): 21.4 · log10(4.37 f / kHz + 1)."""
    numbers = 21.4 * np.log10(4.37e-3 * band_centres_hz() + 1)
    assert np.diff(numbers) == pytest.approx((numbers[-1] - numbers[0]) / (BAND_COUNT - 1))
    tone = np.sin(np.arange(3 * HOP)).astype(np.float32)[None]
    spectra = Spectra(1)
    spectra.push(tone)
    whole = np.pad(tone[0], (HOP, FRAME))
    frames = np.lib.stride_tricks.sliding_window_view(whole, FRAME)[::HOP]
    power = np.abs(np.fft.rfft(frames * np.hanning(FRAME + 1)[:-1])) ** 2
    assert spectra.finish()[1] == pytest.approx(power.mean(axis=0), rel=1e-3, abs=1e-3)
    silent = np.zeros((BAND_COUNT, 3), np.float32)
    assert masked_share(silent, silent + 1) == 0


def test_masking_grows_with_the_masker() -> None:
    steps, bed = hits(0.3, 3.0), noise(3.0, 0.02)
    target = excitation(steps)
    shares = [masked_share(target, excitation(bed * gain)) for gain in (0.1, 0.5, 2.0, 10.0)]
    assert shares == sorted(shares)
    assert shares[0] < 0.1
    assert shares[-1] > 0.9


def test_the_matrix_names_who_masks_whom() -> None:
    matrix = masking_matrix({"soft": excitation(tone(500)), "loud": excitation(tone(500, 2, 0.5))})
    assert matrix["soft"]["loud"] > 0.9
    assert matrix["loud"]["soft"] < 0.02
    quiet, loud = excitation(hits(0.3, 3.0)), excitation(noise(3.0))
    shares = masking_matrix({"quiet": quiet, "loud": loud})
    assert shares["quiet"]["loud"] == pytest.approx(masked_share(quiet, loud), abs=1e-6)
    with pytest.raises(ValueError, match="differ in shape"):
        masked_share(excitation(tone(500, 1)), excitation(tone(500, 2)))


def test_features_of_a_known_wave() -> None:
    found = features(tone(1000), "beep", ("tone",))
    assert (found.event_id, found.tags) == ("beep", ("tone",))
    assert found.centroid_hz == pytest.approx(1000, abs=20)
    assert max(found.band_db) == found.band_db[5] == 0.0
    assert found.crest_db == pytest.approx(3.01, abs=0.05)
    assert found.correlation == pytest.approx(1.0)
    assert found.true_peak_dbtp == pytest.approx(-20, abs=0.05)
    assert found.integrated_lufs == pytest.approx(-20, abs=0.1)
    assert found.rolloff_hz == pytest.approx(1000, abs=20)
    assert found.flatness < 1e-3
    assert found.width == pytest.approx(0.0, abs=1e-6)
    assert found.rt60_s is None
    assert (found.clipped_samples, round(found.dc_offset, 4)) == (0, 0.0)


def test_faults_of_the_wave_are_found() -> None:
    clipped = np.clip(20 * noise(1), -1, 1)
    assert features(clipped, "x").clipped_samples > 1000
    assert features(noise(1) + np.float32(0.05), "x").dc_offset == pytest.approx(0.05, abs=0.005)
    opposite = noise(1)
    opposite[1] = -opposite[0]
    assert features(opposite, "x").correlation == pytest.approx(-1.0)
    assert features(opposite, "x").width == pytest.approx(1.0)
    hiss = features(noise(2), "x")
    assert hiss.width == pytest.approx(0.5, abs=0.02)
    assert hiss.flatness > 0.8
    assert hiss.rolloff_hz == pytest.approx(0.85 * RATE / 2, rel=0.02)
    silent = features(np.zeros((2, 1000), np.float32), "x")
    assert (silent.true_peak_dbtp, silent.crest_db, silent.centroid_hz) == (-150.0, 0.0, 0.0)


@pytest.fixture
def takes(tmp_path: Path) -> list[tuple[SoundEvent, Path, float]]:
    sounds = {"feet": hits(0.4, 3.0), "rain": noise(3.0, 0.05)}
    for name, samples in sounds.items():
        soundfile.write(tmp_path / f"{name}.wav", samples.T, RATE, subtype="FLOAT")
    return [(event(name), tmp_path / f"{name}.wav", 0.0) for name in sounds]


def test_diagnosis_from_disk_is_that_of_memory(takes: list[tuple[SoundEvent, Path, float]]) -> None:
    found = diagnose(takes)
    assert [track.event_id for track in found.tracks] == ["feet", "rain"]
    assert found.of("rain").model_copy(update={"tags": ()}) == features(noise(3.0, 0.05), "rain")
    assert found.of("feet").tags == ("footsteps", "human_steps", "gravel")


def test_faders_move_masking_and_nothing_else(takes: list[tuple[SoundEvent, Path, float]]) -> None:
    level = diagnose(takes)
    quiet_rain = diagnose([takes[0], (*takes[1][:2], -30.0)])
    assert level.masking["feet"]["rain"] > 0.1 > quiet_rain.masking["feet"]["rain"]
    assert level.tracks == quiet_rain.tracks
    assert quiet_rain.faders_db == {"feet": 0.0, "rain": -30.0}


def test_a_file_is_compared_as_it_is_now(takes: list[tuple[SoundEvent, Path, float]]) -> None:
    first = diagnose(takes)
    known = {track.event_id: track for track in first.tracks}
    assert diagnose(takes, known).masking == first.masking
    soundfile.write(takes[1][1], noise(3.0, 1e-6).T, RATE, subtype="FLOAT")
    assert diagnose(takes, known).masking["feet"]["rain"] < first.masking["feet"]["rain"]


def test_the_mixdown_is_the_sum_at_the_faders(takes: list[tuple[SoundEvent, Path, float]]) -> None:
    files = [(path, gain) for (_, path, _), gain in zip(takes, (-6.0, 3.0), strict=True)]
    expected = 10 ** (-6 / 20) * hits(0.4, 3.0) + 10 ** (3 / 20) * noise(3.0, 0.05)
    assert np.allclose(mixdown(files, 3 * RATE), expected, atol=1e-6)


@pytest.mark.parametrize("fault", ["missing", "mono", "rate", "length", "text"])
def test_files_that_cannot_be_mixed_are_named(fault: str, tmp_path: Path) -> None:
    path = tmp_path / "stem.wav"
    match fault:
        case "mono":
            soundfile.write(path, np.zeros(RATE), RATE)
        case "rate":
            soundfile.write(path, np.zeros((RATE, 2)), 44_100)
        case "length":
            soundfile.write(path, np.zeros((RATE - 1, 2)), RATE)
        case "text":
            path.write_text("not a sound")
    with pytest.raises(FoleyError, match=r"stem\.wav") as caught:
        mixdown([(path, 0.0)], RATE)
    assert caught.value.code is ErrorCode.SOUND_UNREADABLE
