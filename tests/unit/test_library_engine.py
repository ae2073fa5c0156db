from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from library_files import RATE, a_library, knocks, write

from foley_designer.core.category import Subcategory
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.script.performance import Layer, Performance
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, SourceKind, Span
from foley_designer.generator.check import measure_timing
from foley_designer.generator.library.adding import add_folder
from foley_designer.generator.library.descriptors import sound_vector
from foley_designer.generator.library.engine import LibraryEngine, embedded_cards
from foley_designer.generator.library.indexing import listen
from foley_designer.generator.library.reader import restored
from foley_designer.generator.library.recording import FILE_NAME
from foley_designer.generator.library.search import Library
from foley_designer.generator.registry import Engines, rank_engines
from foley_designer.generator.synth.physics.engine import SynthEngine

SECONDS = 6


@pytest.fixture(scope="module")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_library(tmp_path_factory.mktemp("sounds"))


@pytest.fixture(scope="module")
def place(sounds: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data") / "library"
    add_folder(sounds, folder, embedded_cards(folder))
    return folder


@pytest.fixture(scope="module")
def engine(place: Path) -> LibraryEngine:
    return LibraryEngine(place)


def event(
    description: str,
    subcategory: Subcategory,
    *,
    hits: tuple[Hit, ...] = (),
    spans: tuple[Span, ...] = (),
    kind: SourceKind = SourceKind.POINT,
    variant: str | None = None,
) -> SoundEvent:
    return SoundEvent(
        id="an_event",
        label="event",
        description=description,
        subcategory=subcategory,
        layer=Layer.FOREGROUND,
        hits=hits,
        spans=spans,
        source=Source(kind=kind),
        performance=Performance(variant=variant),
    )


def knocking(count: int = 8, strength: float = 0.8) -> SoundEvent:
    hits = tuple(Hit(time_s=0.3123 + 0.61 * i, strength=strength) for i in range(count))
    return event("A knock on the door.", Subcategory.DOOR, hits=hits, variant="knock")


def raining(kind: SourceKind = SourceKind.AROUND) -> SoundEvent:
    spans = (Span(start_s=0.5, end_s=5.5),)
    return event("Heavy rain falls.", Subcategory.RAIN, spans=spans, kind=kind)


def render(engine: LibraryEngine, wanted: SoundEvent, seed: int = 1):
    return engine.render(wanted, SECONDS * RATE, np.random.default_rng(seed))


@pytest.mark.slow
def test_hits_begin_at_their_sample(engine: LibraryEngine):
    dry = render(engine, knocking())
    timing = measure_timing(dry.samples, knocking())
    assert timing is not None
    assert timing.recall == 1.0
    assert timing.median_s is not None
    assert timing.median_s < 2e-4
    assert np.flatnonzero(dry.samples[0])[0] == round(0.3123 * RATE)


def test_the_same_seed_repeats_and_another_varies(engine: LibraryEngine):
    first, again, other = (render(engine, knocking(), seed).samples for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_no_two_hits_in_a_row_share_a_wave(engine: LibraryEngine):
    samples = render(engine, knocking()).samples[0]
    starts = [round(hit.time_s * RATE) for hit in knocking().hits]
    waves = [samples[start : start + 4800].astype(np.float64) for start in starts]
    alike = [abs(np.corrcoef(a, b)[0, 1]) for a, b in pairwise(waves)]
    assert max(alike) < 0.95


def test_strength_sets_the_level_and_picks_the_slice(engine: LibraryEngine):
    loud, soft = (
        np.abs(render(engine, knocking(strength=strength)).samples).max() for strength in (1.0, 0.4)
    )
    assert 20 * np.log10(loud) == pytest.approx(-6.0, abs=1.6)
    assert 20 * np.log10(loud / soft) == pytest.approx(14.4, abs=3.0)


@pytest.mark.slow
def test_a_lone_slice_is_varied(tmp_path: Path):
    write(tmp_path / "s" / "Door knock" / "1.wav", knocks([0.2], [0.5], hz=500.0))
    add_folder(tmp_path / "s", tmp_path / "lib", embedded_cards(tmp_path / "lib"))
    samples = render(LibraryEngine(tmp_path / "lib"), knocking()).samples[0]
    starts = [round(hit.time_s * RATE) for hit in knocking().hits]
    waves = [samples[start : start + 9600] for start in starts]
    for first, second in pairwise(waves):
        assert not np.allclose(first / first.max(), second / second.max(), atol=1e-3)


def test_textures_fill_their_span_wide_or_mono(engine: LibraryEngine):
    around = render(engine, raining()).samples
    assert around.shape == (2, SECONDS * RATE)
    assert 0.3 < np.corrcoef(around[:, RATE : 5 * RATE])[0, 1] < 0.95
    assert not around[:, : RATE // 2].any()
    assert not around[:, round(5.5 * RATE) :].any()
    inside = around[:, RATE : 5 * RATE]
    frames = inside.reshape(2, -1, 4800)
    levels = 10 * np.log10(np.mean(frames**2, axis=(0, 2)))
    assert np.ptp(levels) < 3.0  # cross-fades neither dip nor swell
    assert np.mean(levels) == pytest.approx(-20.0 - 18.0 * 0.3, abs=1.0)
    assert render(engine, raining(SourceKind.POINT)).samples.shape[0] == 1


def test_long_textures_do_not_loop(engine: LibraryEngine):
    wanted = event("Rain.", Subcategory.RAIN, spans=(Span(start_s=0, end_s=30),))
    wave = engine.render(wanted, 30 * RATE, np.random.default_rng(0)).samples[0].astype(np.float64)
    spectrum = np.fft.rfft(wave, 2 * len(wave))
    correlation = np.fft.irfft(np.abs(spectrum) ** 2)[: 25 * RATE]
    assert np.abs(correlation[RATE:] / correlation[0]).max() < 0.3


def test_clipped_recordings_are_restored_as_they_are_read():
    whole = knocks([0.2, 0.7], [0.5, 0.8], hz=260.0)[None]
    loud = (2.0 / np.abs(whole).max() * whole).astype(np.float32)
    cut = np.clip(loud, -1, 1)
    made = restored(cut)
    where = np.abs(cut) >= 1
    assert np.square(made - loud)[where].sum() < 0.25 * np.square(cut - loud)[where].sum()
    assert np.allclose(made[~where], cut[~where], atol=1e-5)
    assert restored(whole) is whole


def test_credits_name_what_was_used(engine: LibraryEngine):
    credits = render(engine, raining()).credits
    assert credits == ("1.flac, licence unknown, ask the owner",)


def test_it_supports_what_it_holds_and_nothing_else(engine: LibraryEngine):
    assert engine.supports(knocking()) == 1.0
    assert engine.supports(raining()) > 0.9
    shot = event("A pistol shot.", Subcategory.GUNSHOT, hits=(Hit(time_s=1.0),), variant="pistol")
    assert engine.supports(shot) == 0.0
    with pytest.raises(FoleyError) as caught:
        render(engine, shot)
    assert caught.value.code is ErrorCode.PART_MISSING


def test_without_a_library_it_takes_no_part(tmp_path: Path):
    engine = LibraryEngine(tmp_path / "library")
    assert engine.supports(knocking()) == 0.0
    assert engine.version
    assert not (tmp_path / "library").exists()


def test_a_damaged_library_leaves_the_event_to_others_with_a_note(tmp_path: Path):
    (tmp_path / FILE_NAME).write_bytes(b"no database" * 1000)
    engines = Engines({"library": LibraryEngine(tmp_path), "synth": SynthEngine()})
    ranked, notes = rank_engines(knocking(), "auto", engines)
    assert [engine.name for engine in ranked] == ["synth"]
    assert "catalogue" in notes[0].text


@pytest.mark.slow
def test_its_version_covers_what_the_library_holds(sounds: Path, tmp_path: Path):
    place = tmp_path / "library"
    engine = LibraryEngine(place)
    empty = engine.version
    add_folder(sounds, place, embedded_cards(place))
    full = engine.version
    write(tmp_path / "more" / "Door slam" / "1.wav", knocks([0.2], [0.5], hz=90.0))
    add_folder(tmp_path / "more", place, embedded_cards(place))
    assert len({empty, full, engine.version}) == 3


@pytest.mark.slow
def test_files_that_changed_are_passed_over(tmp_path: Path):
    root = a_library(tmp_path / "sounds")
    add_folder(root, tmp_path / "lib", embedded_cards(tmp_path / "lib"))
    engine = LibraryEngine(tmp_path / "lib")
    (root / "Door knock" / "0.wav").unlink()
    assert {credit.split(",")[0] for credit in render(engine, knocking()).credits} == {"1.wav"}


def test_search_by_meaning_and_by_sound(place: Path, sounds: Path):
    library = Library(place, embedded_cards(place))
    assert "Rain" in library.by_meaning("a downpour", 1)[0].recording.path
    assert "knock" in library.by_meaning("someone knocks at the door", 1)[0].recording.path
    assert library.by_meaning("  ") == ()
    knock = sounds / "Door knock" / "1.wav"
    found = library.by_sound(sound_vector(listen(knock).traits), 3)
    assert found[0].recording.path == str(knock.resolve())
    assert found[0].similarity == pytest.approx(1.0)
    assert "Rain" in found[2].recording.path
