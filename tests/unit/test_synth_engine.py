"""The engine's contract: time, level, variation, determinism, for every subcategory."""

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from foley_designer.core.category import Subcategory
from foley_designer.core.script.performance import Layer, Performance
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, SourceKind, Span
from foley_designer.core.sounds.table import is_impulsive
from foley_designer.generator.synth.instrument_registry import INSTRUMENTS
from foley_designer.generator.synth.physics.engine import SynthEngine

RATE = 48_000
ENGINE = SynthEngine()
IMPULSIVE = [subcategory for subcategory in Subcategory if is_impulsive(subcategory)]
CONTINUOUS = [subcategory for subcategory in Subcategory if not is_impulsive(subcategory)]


def make_event(
    subcategory: Subcategory,
    hits: list[tuple[float, float]] | None = None,
    spans: list[tuple[float, float, float]] | None = None,
    around: bool = False,
    **performance: str | float,
) -> SoundEvent:
    return SoundEvent(
        id="e",
        label="it",
        description="It sounds.",
        subcategory=subcategory,
        layer=Layer.FOREGROUND,
        hits=tuple(Hit(time_s=t, strength=s) for t, s in hits or []),
        spans=tuple(Span(start_s=a, end_s=b, intensity=i) for a, b, i in spans or []),
        source=Source(kind=SourceKind.AROUND if around else SourceKind.POINT),
        performance=Performance.model_validate(performance),
    )


def render(event: SoundEvent, seconds: float, seed: int = 0) -> NDArray[np.float32]:
    return ENGINE.render(event, round(seconds * RATE), np.random.default_rng(seed)).samples


def peak_db(wave: NDArray[np.float32]) -> float:
    return float(20 * np.log10(np.abs(wave).max()))


def rms_db(wave: NDArray[np.float32]) -> float:
    return float(10 * np.log10(np.mean(np.square(wave.astype(float)))))


def centroid_hz(wave: NDArray[np.float32]) -> float:
    power = np.abs(np.fft.rfft(wave)) ** 2
    return float(np.sum(power * np.fft.rfftfreq(wave.size, 1 / RATE)) / np.sum(power))


@pytest.mark.parametrize("subcategory", Subcategory)
def test_every_subcategory_plays_hits_and_spans(subcategory: Subcategory) -> None:
    event = make_event(subcategory, hits=[(0.25, 0.8)], spans=[(1.5, 2.2, 0.8)])
    wave = render(event, 2.5)
    assert wave.shape == (1, 2.5 * RATE)
    assert wave.dtype == np.float32
    assert np.isfinite(wave).all()
    assert np.abs(wave).max() < 1.0
    assert not wave[0, : round(0.25 * RATE)].any(), "sounds before its hit"
    assert np.abs(wave).max() > 0.1
    assert rms_db(wave[0, round(1.6 * RATE) : round(2.1 * RATE)]) > -60
    assert abs(wave.mean()) < 1e-3


@pytest.mark.parametrize("subcategory", IMPULSIVE)
@pytest.mark.slow
def test_attacks_are_in_time_to_the_sample(subcategory: Subcategory) -> None:
    hits = [(0.1, 0.9), (0.9000313, 0.5), (1.7, 0.2)]
    for variant in INSTRUMENTS[subcategory].words.variants:
        single = [
            render(make_event(subcategory, hits=[hit], variant=variant), 2.2)[0] for hit in hits
        ]
        for (time_s, _), wave in zip(hits, single, strict=True):
            start = round(time_s * RATE)
            assert not wave[:start].any()
            head = np.abs(wave[start : start + 2400])
            assert np.flatnonzero(head)[0] <= 1, variant
            assert np.argmax(head > 0.2 * head.max()) < 0.005 * RATE, variant


@pytest.mark.parametrize("subcategory", IMPULSIVE)
@pytest.mark.slow
def test_no_two_hits_are_alike(subcategory: Subcategory) -> None:
    times = [(0.6 * i, 0.7) for i in range(4)]
    electronic = {"beep", "alarm"}  # they do repeat themselves
    for variant in set(INSTRUMENTS[subcategory].words.variants) - electronic:
        wave = render(make_event(subcategory, hits=times, variant=variant), 2.4)[0]
        hits = [wave[round(time_s * RATE) :][: RATE // 2] for time_s, _ in times]
        for one, other in combinations(hits, 2):
            lags = [
                np.corrcoef(one[lag:], other[: other.size - lag])[0, 1] for lag in range(0, 48, 4)
            ]
            assert np.max(np.abs(lags)) < 0.95, variant


@pytest.mark.parametrize("subcategory", IMPULSIVE)
@pytest.mark.slow
def test_strength_makes_hits_louder_and_brighter(subcategory: Subcategory) -> None:
    waves = [
        render(make_event(subcategory, hits=[(0.0, strength)]), 0.6)[0]
        for strength in (0.0, 0.5, 1.0)
    ]
    levels = [peak_db(wave) for wave in waves]
    assert levels == sorted(levels)
    assert levels[2] == pytest.approx(-6.0, abs=2.0)
    assert levels[2] - levels[0] == pytest.approx(24.0, abs=4.0)
    assert centroid_hz(waves[2]) > centroid_hz(waves[0])


@pytest.mark.parametrize("subcategory", CONTINUOUS)
def test_textures_keep_level_and_fill_their_stretch(subcategory: Subcategory) -> None:
    wave = render(make_event(subcategory, spans=[(0.5, 4.5, 1.0)]), 5.0)[0]
    assert not wave[: RATE // 2].any()
    assert not wave[round(4.5 * RATE) :].any()
    inside = wave[RATE // 2 : round(4.5 * RATE)]
    assert -32 < rms_db(inside) < -19.5
    assert np.abs(inside[:24]).max() < 0.1 * np.abs(inside).max(), "starts with a step"
    blocks = np.sqrt(np.mean(np.square(inside.reshape(-1, RATE // 5)), axis=1))
    assert np.mean(blocks > blocks.max() * 0.01) > 0.9


def test_intensity_sets_the_level_of_textures() -> None:
    loud, soft = (
        rms_db(render(make_event(Subcategory.WIND, spans=[(0, 2, level)]), 2.0))
        for level in (1.0, 0.2)
    )
    assert loud - soft == pytest.approx(18.0 * 0.8, abs=1.5)


@pytest.mark.parametrize(
    ("subcategory", "variant"),
    [(Subcategory.AMBIENCE, v) for v in INSTRUMENTS[Subcategory.AMBIENCE].words.variants]
    + [(Subcategory.RAIN, "steady"), (Subcategory.WIND, "gust")],
)
@pytest.mark.slow
def test_what_is_around_is_decorrelated_stereo(subcategory: Subcategory, variant: str) -> None:
    wave = render(make_event(subcategory, spans=[(0, 2, 0.8)], around=True, variant=variant), 2.0)
    assert wave.shape[0] == 2
    assert abs(np.corrcoef(wave)[0, 1]) < 0.6


@pytest.mark.slow
@pytest.mark.parametrize("variant", INSTRUMENTS[Subcategory.AMBIENCE].words.variants)
def test_a_minute_of_ambience_never_repeats(variant: str) -> None:
    wave = render(make_event(Subcategory.AMBIENCE, spans=[(0, 60, 0.8)], variant=variant), 60.0)[0]
    spectrum = np.abs(np.fft.rfft(wave, 2 * wave.size)) ** 2
    correlation = np.fft.irfft(spectrum)[: wave.size]
    assert np.abs(correlation[RATE:]).max() < 0.3 * correlation[0]


def test_ambience_does_not_repeat() -> None:
    wave = render(make_event(Subcategory.AMBIENCE, spans=[(0, 12, 0.8)], variant="room"), 12.0)[0]
    spectrum = np.abs(np.fft.rfft(wave, 2 * wave.size)) ** 2
    correlation = np.fft.irfft(spectrum)[: wave.size]
    assert np.abs(correlation[RATE:]).max() < 0.3 * correlation[0]


def test_long_textures_cross_blocks_without_a_dip() -> None:
    wave = render(make_event(Subcategory.RAIN, spans=[(0, 24, 0.8)]), 24.0)[0]
    blocks = np.sqrt(np.mean(np.square(wave[RATE:-RATE].reshape(-1, RATE // 2)), axis=1))
    assert 20 * np.log10(blocks.max() / blocks.min()) < 4.0


@pytest.mark.parametrize("subcategory", Subcategory)
@pytest.mark.slow
def test_same_seed_same_bytes(subcategory: Subcategory) -> None:
    event = make_event(subcategory, hits=[(0.1, 0.7)], spans=[(0.3, 0.8, 0.6)])
    first, again = render(event, 1.0, seed=5), render(event, 1.0, seed=5)
    assert first.tobytes() == again.tobytes()
    assert not np.array_equal(first, render(event, 1.0, seed=6))


def test_moving_one_hit_leaves_the_others() -> None:
    one = render(make_event(Subcategory.CHOP, hits=[(0.1, 0.7), (2.0, 0.7)]), 3.5)[0]
    other = render(make_event(Subcategory.CHOP, hits=[(0.1, 0.7), (2.1, 0.7)]), 3.5)[0]
    assert np.array_equal(one[: 2 * RATE], other[: 2 * RATE])


def test_tails_end_with_the_clip() -> None:
    wave = render(make_event(Subcategory.METAL_IMPACT, hits=[(0.1, 1.0)], variant="bell"), 0.4)[0]
    assert np.abs(wave[-480:]).max() < np.abs(wave[-1200:-720]).max()
    assert abs(wave[-1]) < 1e-3
    late = make_event(Subcategory.METAL_IMPACT, hits=[(0.4, 1.0), (0.9, 1.0)])
    assert not render(late, 0.4).any()


@pytest.mark.slow
def test_many_hits_at_once_stay_within_scale() -> None:
    hits = [(0.1 + 0.0005 * i, 1.0) for i in range(12)]
    wave = render(make_event(Subcategory.EXPLOSION, hits=hits, force=1.0), 1.0)
    assert 0.7 < np.abs(wave).max() < 0.99


def test_vocabulary_lists_the_words_of_every_subcategory() -> None:
    vocabulary = ENGINE.vocabulary()
    assert set(vocabulary) == set(Subcategory)
    assert "gravel" in vocabulary[Subcategory.HUMAN_STEPS]["surface"]
    assert "axe" in vocabulary[Subcategory.CHOP]["variant"]
    assert "tense" in vocabulary[Subcategory.DOOR]["mood"]


@pytest.mark.parametrize(
    ("subcategory", "told", "field", "heard"),
    [
        (Subcategory.HUMAN_STEPS, {"surface": "wet pebbles"}, "surface", "gravel"),
        (Subcategory.HUMAN_STEPS, {"surface": "Parquet"}, "surface", "wood"),
        (Subcategory.HUMAN_STEPS, {"variant": "stilettos"}, "variant", "heels"),
        (Subcategory.HUMAN_STEPS, {"variant": "boots on gravel"}, "surface", "gravel"),
        (Subcategory.METAL_IMPACT, {"material": "stel"}, "material", "steel"),
        (Subcategory.AMBIENCE, {"variant": "jungle"}, "variant", "forest"),
        (Subcategory.ANIMAL_VOICE, {"variant": "puppy"}, "variant", "dog"),
        (Subcategory.FIRE, {"variant": "quux"}, "variant", "campfire"),
    ],
)
def test_unknown_words_find_the_nearest_known_one(
    subcategory: Subcategory, told: dict[str, str], field: str, heard: str
) -> None:
    event = make_event(subcategory, hits=[(0.0, 0.5)], **told)
    assert getattr(ENGINE.understood(event), field) == heard


def test_support_says_whether_the_variant_is_known() -> None:
    known = make_event(Subcategory.CHOP, hits=[(0, 1)], variant="axe")
    unknown = make_event(Subcategory.CHOP, hits=[(0, 1)], variant="sushi robot")
    assert ENGINE.supports(known) == 1.0
    assert 0 < ENGINE.supports(unknown) < 1.0
