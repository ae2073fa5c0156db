"""Recordings as recorders, editors and other systems leave them: read whole, or named."""

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
from library_files import RATE, write

from foley_designer.core.category import Subcategory
from foley_designer.core.script.performance import Layer, Performance
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, SourceKind
from foley_designer.generator.library.adding import add_folder
from foley_designer.generator.library.catalogue import Catalogue
from foley_designer.generator.library.engine import LibraryEngine, embedded_cards
from foley_designer.generator.library.indexing import classified, listen, look_at

NAME = "hammer anvil"


def clang(rate: int = RATE, seconds: float = 0.8, level: float = 1.0) -> np.ndarray:
    """A struck anvil that begins with its file."""
    time = np.arange(int(rate * seconds)) / rate
    tones = sum(np.sin(2 * np.pi * 900 * part * time) / part for part in (1, 2.76, 5.4))
    return (0.3 * level * np.exp(-6 * time) * tones).astype(np.float32)


def through(path: Path, codec: str) -> Path:
    """Written by another program's encoder."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=RATE, layout="mono")
        frame = av.AudioFrame.from_ndarray(clang()[None], format="fltp", layout="mono")
        frame.rate = RATE
        for part in av.AudioResampler(format=stream.format, layout="mono", rate=RATE).resample(
            frame
        ):
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return path


def of_a_stream(path: Path) -> Path:
    """As a recorder that streams: the sizes were never written."""
    data = bytearray(write(path, clang()).read_bytes())
    at = data.find(b"data")
    data[4:8] = data[at + 4 : at + 8] = b"\xff\xff\xff\xff"
    path.write_bytes(data)
    return path


def with_a_hole(path: Path) -> Path:
    wave = clang()
    wave[100] = np.nan
    return write(path, wave, subtype="FLOAT")


READ: dict[str, Callable[[Path], Path]] = {
    "RF64": lambda d: write(d / f"{NAME}.wav", clang(), format="RF64", subtype="PCM_24"),
    "WAVEX": lambda d: write(
        d / f"{NAME}.wav", np.tile(clang()[:, None], 2), format="WAVEX", subtype="PCM_24"
    ),
    "W64": lambda d: write(d / f"{NAME}.w64", clang()),
    "ADPCM": lambda d: write(d / f"{NAME}.wav", clang(), subtype="MS_ADPCM"),
    "96 kHz float": lambda d: write(d / f"{NAME}.wav", clang(96_000), 96_000, subtype="FLOAT"),
    "44.1 kHz": lambda d: write(d / "Hammer 🔨 Amboß schlägt.wav", clang(44_100), 44_100),
    "six channels": lambda d: write(d / f"{NAME}.wav", np.tile(clang()[:, None], 6)),
    "12 dB over": lambda d: write(d / f"{NAME}.wav", clang(level=6), subtype="FLOAT"),
    "no sizes": lambda d: of_a_stream(d / f"{NAME}.wav"),
    "a NaN": lambda d: with_a_hole(d / f"{NAME}.wav"),
    "a name of 240": lambda d: write(
        d / f"{NAME} {'very long description ' * 20:.223}.wav", clang()
    ),
    "MP3": lambda d: through(d / f"{NAME}.mp3", "libmp3lame"),
    "ALAC": lambda d: through(d / f"{NAME}.m4a", "alac"),
    "capitals": lambda d: write(d / f"{NAME}.WAV", clang(), format="WAV"),
}


@pytest.mark.parametrize("make", READ.values(), ids=READ)
@pytest.mark.slow
def test_what_holds_sound_is_read_whole(make: Callable[[Path], Path], tmp_path: Path) -> None:
    path = make(tmp_path)
    (one,) = listen(path).slices
    assert one.start_s == pytest.approx(0.0, abs=0.05)  # an MP3 begins with its encoder's delay
    assert one.end_s - one.start_s == pytest.approx(0.75, abs=0.15)
    found = classified(look_at(path, tmp_path), embedded_cards(tmp_path / "cards"))
    assert found.kinds[0].subcategory in (Subcategory.METAL_IMPACT, Subcategory.OBJECT_IMPACT)
    assert found.kinds[0].variant == "hammer"


def test_what_holds_none_is_named_with_its_reason(tmp_path: Path) -> None:
    sounds, place = tmp_path / "sounds", tmp_path / "library"
    write(sounds / f"{NAME} good.wav", clang())
    write(sounds / f"{NAME} silence.wav", np.zeros(RATE, np.float32))
    write(sounds / f"{NAME} tiny.wav", clang()[:240])
    write(sounds / f"{NAME} never.wav", np.full(RATE, np.nan, np.float32), subtype="FLOAT")
    (sounds / f"._{NAME} good.wav").write_bytes(b"\0\5\x16\7" + bytes(100))  # a Mac's shadow file
    added = add_folder(sounds, place, embedded_cards(place))
    named = {Path(each.path).stem.removeprefix(f"{NAME} "): each.reason for each in added.refused}
    assert set(named) == {"silence", "tiny", "never"}
    assert all(named.values())
    assert [Path(one.path).name for one in Catalogue(place).entries()] == [f"{NAME} good.wav"]


@pytest.mark.parametrize("kind", ["a NaN", "12 dB over", "ALAC"])
@pytest.mark.slow
def test_what_is_read_is_performed(kind: str, tmp_path: Path) -> None:
    (tmp_path / "sounds").mkdir()
    READ[kind](tmp_path / "sounds")
    place = tmp_path / "library"
    add_folder(tmp_path / "sounds", place, embedded_cards(place))
    event = SoundEvent(
        id="one", label="hammer", description="A hammer strikes an anvil.",
        subcategory=Subcategory.METAL_IMPACT, layer=Layer.FOREGROUND,
        hits=(Hit(time_s=0.5, strength=1.0),), source=Source(kind=SourceKind.POINT),
        performance=Performance(variant="hammer"),
    )  # fmt: skip
    played = LibraryEngine(place).render(event, 2 * RATE, np.random.default_rng(0)).samples
    assert np.isfinite(played).all()
    loud = np.flatnonzero(np.abs(played).max(axis=0) > 0.05 * np.abs(played).max())
    assert loud[0] == pytest.approx(RATE // 2, abs=480)


@pytest.mark.parametrize(
    ("stem", "words", "credit"),
    [
        ("METLImpt_Hammer On Anvil Hard_BOOM_CK_96k", "hammer on anvil hard", "BOOM"),
        ("METLImpt-HAMMER_Anvil Light 01_JDoe_SmithyLib", "anvil light, hammer", "JDoe"),
    ],
)
def test_names_of_the_universal_category_system_are_read_whole(
    stem: str, words: str, credit: str, tmp_path: Path
) -> None:
    path = tmp_path / f"{stem}.wav"
    soundfile.write(path, clang(), RATE)
    found = classified(look_at(path, tmp_path), embedded_cards(tmp_path / "cards"))
    assert words in found.text
    assert credit in found.credit
    assert found.kinds[0].subcategory is Subcategory.METAL_IMPACT
