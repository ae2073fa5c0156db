"""One-shots stay whole: the cut is an editor's, not an onset detector's."""

from pathlib import Path

import av
import numpy as np
import pytest
from library_files import RATE, knocks, write

from foley_designer.core.category import Subcategory
from foley_designer.core.errors import FoleyError
from foley_designer.core.script.performance import Layer, Performance
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, SourceKind
from foley_designer.generator.library.adding import add_folder
from foley_designer.generator.library.engine import LibraryEngine, embedded_cards
from foley_designer.generator.library.indexing import listen
from foley_designer.generator.library.naming import parse_ucs
from foley_designer.generator.library.reader import read_heading, read_stretch
from foley_designer.generator.library.slicing import cut
from foley_designer.generator.synth.physics.engine import SynthEngine

ONE_SHOTS = (
    (Subcategory.GLASS, "break"),
    (Subcategory.GUNSHOT, "pistol"),
    (Subcategory.DOOR, "open"),
    (Subcategory.DOOR, "slam"),
    (Subcategory.EXPLOSION, "grenade"),
    (Subcategory.METAL_IMPACT, "chain"),
    (Subcategory.MECHANISM, "lock"),
    (Subcategory.MECHANISM, "keyboard"),
    (Subcategory.BODY_IMPACT, "fall"),
    (Subcategory.SPLASH, "splash"),
)


def _one_shot(subcategory: Subcategory, variant: str, seed: int) -> np.ndarray:
    """One sound trimmed to its first and last audible sample, as libraries are."""
    event = SoundEvent(
        id="one", label="one", description="one", subcategory=subcategory,
        layer=Layer.FOREGROUND, hits=(Hit(time_s=0.1, strength=0.9),),
        source=Source(kind=SourceKind.POINT), performance=Performance(variant=variant),
    )  # fmt: skip
    wave = SynthEngine().render(event, 4 * RATE, np.random.default_rng(seed)).samples
    loud = np.flatnonzero(np.abs(wave[0]) > 1e-3 * np.abs(wave).max())
    return wave[:, loud[0] : loud[-1] + 1]


@pytest.mark.slow
def test_a_hundred_one_shots_keep_their_energy() -> None:
    shares = []
    for subcategory, variant in ONE_SHOTS:
        for seed in range(10):
            wave = _one_shot(subcategory, variant, seed).astype(np.float64)
            slices, _ = cut(wave.astype(np.float32), RATE)
            kept = [wave[:, round(s.start_s * RATE) : round(s.end_s * RATE)] for s in slices]
            shares.append(max((float(np.sum(k**2)) for k in kept), default=0) / np.sum(wave**2))
    assert len(shares) == 100
    assert np.mean(shares) >= 0.9
    assert np.mean(np.array(shares) >= 0.9) >= 0.85


@pytest.mark.parametrize("channels", [1, 2])
def test_a_sound_that_begins_with_its_file_is_one_slice(channels: int) -> None:
    tone = knocks([0.0], [0.5], hz=700.0, seconds=0.08)
    slices, _ = cut(np.tile(tone, (channels, 1)), RATE)
    assert [each.start_s for each in slices] == pytest.approx([0.0], abs=5e-4)


def test_inner_onsets_make_no_new_sound_and_dying_away_does() -> None:
    shot = knocks([0.1, 0.16, 0.25], [0.9, 0.4, 0.3], hz=300.0, seconds=1.0)
    assert len(cut(shot[None], RATE)[0]) == 1
    steps = knocks([0.1, 0.7, 1.3], [0.5, 0.6, 0.5], hz=300.0)
    assert len(cut(steps[None], RATE)[0]) == 3


def test_what_swells_begins_with_its_swell_and_a_texture_is_no_sound() -> None:
    rng = np.random.default_rng(0)
    noise = 0.2 * rng.standard_normal(RATE).astype(np.float32)
    swell = noise * np.hanning(RATE).astype(np.float32)
    (found,), _ = cut(swell[None], RATE)
    kept = swell[round(found.start_s * RATE) : round(found.end_s * RATE)]
    assert np.sum(kept**2) > 0.98 * np.sum(swell**2)
    steady = 0.2 * rng.standard_normal((2, 12 * RATE)).astype(np.float32)
    assert cut(steady, RATE)[0] == ()


@pytest.mark.slow
def test_tight_one_shots_are_performed_whole(tmp_path: Path) -> None:
    shots = [_one_shot(Subcategory.GUNSHOT, "pistol", seed) for seed in range(4)]
    for number, wave in enumerate(shots):
        write(tmp_path / "s" / "Pistol shot" / f"{number}.wav", wave[0])
    add_folder(tmp_path / "s", tmp_path / "lib", embedded_cards(tmp_path / "lib"))
    event = SoundEvent(
        id="one", label="shot", description="A pistol shot.", subcategory=Subcategory.GUNSHOT,
        layer=Layer.FOREGROUND, hits=(Hit(time_s=0.5, strength=1.0),),
        source=Source(kind=SourceKind.POINT), performance=Performance(variant="pistol"),
    )  # fmt: skip
    engine = LibraryEngine(tmp_path / "lib")
    played = engine.render(event, 4 * RATE, np.random.default_rng(0)).samples[0]
    loud = np.flatnonzero(np.abs(played) > 1e-3 * np.abs(played).max())
    assert loud[0] == pytest.approx(RATE // 2, abs=48)
    assert loud[-1] - loud[0] > 0.9 * min(wave.shape[1] for wave in shots)


@pytest.mark.parametrize(("suffix", "codec"), [(".m4a", "aac"), (".mp3", "libmp3lame")])
def test_compressed_files_are_read(suffix: str, codec: str, tmp_path: Path) -> None:
    wave = knocks([0.3, 0.9], [0.5, 0.5], hz=300.0)
    path = tmp_path / f"knock{suffix}"
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=RATE, layout="stereo")
        frame = av.AudioFrame.from_ndarray(np.tile(wave, (2, 1)), format="fltp", layout="stereo")
        frame.rate = RATE
        resampler = av.AudioResampler(
            format=stream.format, layout="stereo", rate=RATE, frame_size=1024
        )
        for part in (*resampler.resample(frame), *resampler.resample(None)):
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    assert read_heading(path).duration_s == pytest.approx(2.0, abs=0.1)
    assert [each.start_s for each in listen(path).slices] == pytest.approx([0.3, 0.9], abs=0.06)
    part, rate = read_stretch(path, 0.25, 0.75)
    assert part.shape == (2, rate // 2)


def test_a_file_that_is_none_is_named_once(tmp_path: Path) -> None:
    write(tmp_path / "s" / "knock.wav", knocks([0.3], [0.5], hz=200.0))
    (tmp_path / "s" / "song.m4a").write_bytes(b"no sound at all" * 40)
    place = tmp_path / "lib"
    first = add_folder(tmp_path / "s", place, embedded_cards(place))
    again = add_folder(tmp_path / "s", place, embedded_cards(place))
    assert [Path(each.path).name for each in first.refused] == ["song.m4a"]
    assert "Can't read the sound song.m4a" in first.refused[0].reason
    assert again.refused == ()
    with pytest.raises(FoleyError):
        read_heading(tmp_path / "s" / "song.m4a")


def test_every_field_of_a_ucs_name_is_kept() -> None:
    name = parse_ucs("DOORWood-INT_Cabin Door Slam-02_ABC_Home_Close Mic_Wet")
    assert name is not None
    assert (name.user_category, name.source, name.user_data) == ("int", "Home", "close mic wet")
    assert name.words == "cabin door slam, int, close mic wet"
