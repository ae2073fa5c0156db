from pathlib import Path

import numpy as np
import pytest
from library_files import RATE, a_library, knocks, with_chunks, write

from foley_designer.core.category import Subcategory
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.generator.library.adding import add_folder, remove_folder
from foley_designer.generator.library.catalogue import Catalogue
from foley_designer.generator.library.indexing import classified, listen, look_at
from foley_designer.generator.library.licence import find_licence, read_sidecars
from foley_designer.generator.library.naming import parse_ucs, words_of
from foley_designer.generator.library.playing.misfits import find_misfits
from foley_designer.generator.library.recording import UNKNOWN_LICENCE
from foley_designer.generator.library.search import Library
from foley_designer.memory.knowledge_base import Knowledge, load


@pytest.fixture(scope="module")
def cards() -> Knowledge:
    return load()


@pytest.fixture(autouse=True)
def fresh_sidecars():
    read_sidecars.cache_clear()


def test_names_give_words_and_ucs_ids():
    assert words_of("001 - DogBark_outside-03") == "dog bark outside"
    name = parse_ucs("DOORWood_Cabin Door Slam-02_ABC_Home")
    assert name is not None
    assert (name.cat_id, name.fx_name, name.creator) == ("DOORWood", "cabin door slam", "ABC")
    assert name.subcategories == (Subcategory.DOOR,)
    other = parse_ucs("GUNAuto_Burst_ABC_Range")  # a CatID that is not in our table
    assert other is not None
    assert other.subcategories == (Subcategory.GUNSHOT,)
    assert parse_ucs("dog_bark_loud_01") is None
    assert parse_ucs("My_Recording_of_Rain") is None


@pytest.mark.parametrize(
    ("text", "licence"),
    [
        ("under CC-BY 4.0", "CC BY 4.0"),
        ("(CC BY-NC-SA 3.0)", "CC BY-NC-SA 3.0"),
        ("http://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0"),
        ("[x](https://creativecommons.org/licenses/by-sa/4.0/)", "CC BY-SA 4.0"),
        ("some CC0, some CC BY 3.0", ""),
        ("do what you like", ""),
    ],
)
def test_a_licence_is_found_only_where_one_is_named(text: str, licence: str):
    assert find_licence(text) == licence


def test_slices_begin_at_the_knocks(tmp_path: Path):
    times, levels = [0.2, 0.7, 1.2], [0.1, 0.5, 0.25]
    path = write(tmp_path / "a.wav", knocks(times, levels, hz=400.0))
    _, traits, slices = listen(path)
    assert [each.start_s for each in slices] == pytest.approx(times, abs=2e-3)
    loudest = max(each.peak_db for each in slices)
    assert [each.peak_db - loudest for each in slices] == pytest.approx([-14, 0, -6], abs=1.5)
    assert traits.tonality > 0.9
    assert 0.03 < traits.decay_s < 0.12


def test_traits_tell_noise_from_tones_and_bright_from_dull(tmp_path: Path):
    noise = np.random.default_rng(0).standard_normal(RATE).astype(np.float32) * 0.1
    time = np.arange(RATE) / RATE
    tone = (0.1 * np.sin(2 * np.pi * 300 * time)).astype(np.float32)
    hiss, hum = (
        listen(write(tmp_path / name, wave)).traits
        for name, wave in (("hiss.wav", noise), ("hum.wav", tone))
    )
    assert hiss.tonality < 0.5 < hum.tonality
    assert hum.centroid_hz == pytest.approx(300, rel=0.05)
    assert hum.loudness_db == pytest.approx(-23.0, abs=0.2)
    assert hiss.centroid_hz == pytest.approx(RATE / 4, rel=0.1)


def test_broadcast_descriptions_makers_and_rights_are_read(tmp_path: Path, cards: Knowledge):
    path = write(tmp_path / "A_0001.wav", knocks([0.3], [0.5], hz=200.0))
    bext = b"Heavy oak door knock".ljust(256, b"\0") + b"Jane Doe".ljust(32, b"\0") + bytes(314)
    ixml = b"<BWFXML><NOTE>castle hall</NOTE><USER><LICENSE>CC BY 4.0</LICENSE></USER></BWFXML>"
    with_chunks(path, (b"bext", bext), (b"iXML", ixml))
    recording = classified(look_at(path, tmp_path), cards)
    assert "Heavy oak door knock" in recording.text
    assert "castle hall" in recording.text
    assert recording.credit == "A_0001.wav, Jane Doe, CC BY 4.0"
    assert Subcategory.DOOR in {kind.subcategory for kind in recording.kinds}


def test_broken_descriptions_are_passed_over(tmp_path: Path):
    path = write(tmp_path / "knock.wav", knocks([0.3], [0.5], hz=200.0))
    with_chunks(path, (b"bext", b"short"), (b"iXML", b"<BWFXML><NOTE>cut"))
    assert "short" in look_at(path, tmp_path).text


def test_sidecars_give_credits_to_files_and_a_licence_to_the_rest(tmp_path: Path):
    wave = knocks([0.3], [0.5], hz=200.0)
    paths = [write(tmp_path / "Doors" / name, wave) for name in ("a.wav", "b.wav", "c_1.wav")]
    (tmp_path / "README.md").write_text(
        "# Sounds\nAll under [CC BY 3.0](https://creativecommons.org/licenses/by/3.0/).\n"
        "- **[a.wav](x/a.wav)**: from [my_door.wav](http://x) by *joe* (CC0)\n"
    )
    (tmp_path / "Doors" / "metadata.csv").write_text(
        "filename,description,author,license\nc_1.wav,rusty gate,Ann,royalty-free\n"
    )
    first, second, third = (look_at(path, tmp_path) for path in paths)
    assert first.credit == "a.wav, from my_door.wav by joe (CC0), CC0 1.0"
    assert second.credit == "b.wav, CC BY 3.0"
    assert third.credit == "c_1.wav, Ann, royalty-free"
    assert "rusty gate" in third.text


def test_without_a_word_of_it_the_licence_is_unknown(tmp_path: Path):
    path = write(tmp_path / "knock.wav", knocks([0.3], [0.5], hz=200.0))
    assert look_at(path, tmp_path).credit == f"knock.wav, {UNKNOWN_LICENCE}"


def test_any_rate_format_and_channel_count_is_read(tmp_path: Path):
    wave = knocks([0.3], [0.5], hz=300.0, rate=8000)
    assert any("8000 Hz" in note for note in _notes(write(tmp_path / "a.wav", wave, 8000)))
    wave = knocks([0.3], [0.5], hz=300.0, rate=192_000, seconds=0.6)
    fine = write(tmp_path / "b.wav", wave, 192_000, subtype="FLOAT")
    assert listen(fine).slices[0].start_s == pytest.approx(0.3, abs=2e-3)
    six = np.tile(knocks([0.3], [0.5], hz=300.0)[:, None], (1, 6))
    assert any("6 channels" in note for note in _notes(write(tmp_path / "c.flac", six)))
    misnamed = write(tmp_path / "d.wav", knocks([0.3], [0.5], hz=300.0), format="FLAC")
    assert _notes(misnamed) == ("named .wav, but holds FLAC",)
    wild = knocks([0.3], [0.5], hz=300.0)
    wild[100:110] = np.nan
    assert listen(write(tmp_path / "e.wav", wild, subtype="FLOAT")).slices


def _notes(path: Path) -> tuple[str, ...]:
    return look_at(path, path.parent).notes


def test_adding_reads_only_what_is_new_or_changed(tmp_path: Path, cards: Knowledge):
    root, place = a_library(tmp_path / "sounds"), tmp_path / "library"
    assert add_folder(root, place, cards)[:3] == (3, 0, 0)
    before = Catalogue(place).entries()
    assert add_folder(root, place, cards)[:3] == (0, 3, 0)
    write(root / "Door knock" / "2.wav", knocks([0.2], [0.4], hz=300.0))
    (root / "Rain" / "1.flac").unlink()
    assert add_folder(root, place, cards)[:3] == (1, 2, 1)
    after = {entry.path: entry.key for entry in Catalogue(place).entries()}
    kept = {entry.path: entry.key for entry in before if "Rain" not in entry.path}
    assert kept.items() <= after.items()
    assert len(after) == 3


def test_what_cant_be_used_is_named_and_not_read_again(tmp_path: Path, cards: Knowledge):
    root, place = a_library(tmp_path / "sounds"), tmp_path / "library"
    (root / "text.wav").write_text("this is no sound")
    (root / "nothing.wav").touch()
    write(root / "empty.wav", np.zeros(0, np.float32))
    write(root / "silent.wav", np.zeros(RATE, np.float32))
    whole = (root / "Door knock" / "0.wav").read_bytes()
    (root / "cut.wav").write_bytes(whole[:60])
    added = add_folder(root, place, cards)
    names = {Path(each.path).stem for each in added.refused}
    assert names == {"text", "nothing", "empty", "silent", "cut"}
    assert all(each.reason for each in added.refused)
    again = add_folder(root, place, cards)
    assert (again.read, again.unchanged, again.refused) == (0, 8, ())
    assert [each.refused for each in Catalogue(place).roots()] == [5]


def test_names_that_are_no_unicode_are_named(tmp_path: Path, cards: Knowledge):
    root = a_library(tmp_path / "sounds")
    source = root / "Door knock" / "0.wav"
    try:
        (root / "kl\udcfcngel.wav").write_bytes(source.read_bytes())
    except (OSError, UnicodeError):
        pytest.skip("this file system takes Unicode names alone")
    added = add_folder(root, tmp_path / "library", cards)
    assert added.read == 3
    assert [each.reason for each in added.refused] == ["its name is no Unicode"]


def test_recordings_in_the_wrong_folder_are_named(tmp_path: Path, cards: Knowledge):
    root, place = tmp_path / "sounds", tmp_path / "library"
    rng = np.random.default_rng(5)
    for number in range(7):
        knock = knocks([0.2, 0.9], [0.5, 0.4], hz=200.0 + 15 * number)
        write(root / ("Rain" if number == 6 else "Door") / f"k{number}.wav", knock)
        write(root / "Rain" / f"r{number}.wav", 0.1 * rng.standard_normal(RATE).astype(np.float32))
    add_folder(root, place, cards)
    misfits = find_misfits(Library(place, cards))
    assert [Path(each.path).name for each in misfits] == ["k6.wav"]
    assert Path(misfits[0].sounds_like).name == "Door"


def test_a_folder_is_forgotten_whole(tmp_path: Path, cards: Knowledge):
    root, place = a_library(tmp_path / "sounds"), tmp_path / "library"
    add_folder(root, place, cards)
    assert remove_folder(root, place) == 3
    assert Catalogue(place).entries() == ()
    with pytest.raises(FoleyError) as caught:
        remove_folder(root, place)
    assert caught.value.code is ErrorCode.OPTION_INVALID
    with pytest.raises(FoleyError):
        add_folder(tmp_path / "absent", place, cards)
