import struct
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from sample_session import finished_session, sample_session

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.dsp.spatial.objects import ObjectStem, object_blocks, objects
from foley_designer.export.audio.bwf import mix_paths, stem_paths, write_mixes, write_stems
from foley_designer.export.audio.wav import read_wav
from foley_designer.export.delivery import Delivery, Layout, StemFormat


def written(delivery: Delivery, folder: Path) -> list[Path]:
    """Write all Broadcast WAVs of a delivery; return stems, then mixes."""
    write_stems(delivery, folder, delivery.layout)
    write_mixes(delivery, folder)
    planned = [*stem_paths(delivery, delivery.layout), *mix_paths(delivery)]
    assert all((folder / path).is_file() for path in planned)
    return [folder / path for path in planned]


def chunks(path: Path) -> dict[bytes, bytes]:
    data = path.read_bytes()
    assert struct.unpack("<I", data[4:8])[0] == len(data) - 8
    found, at = {}, 12
    while at < len(data):
        name, size = struct.unpack("<4sI", data[at : at + 8])
        found[name] = data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    return found


def delivery(folder: Path, rate: Fraction = Fraction(25), **options: object) -> Delivery:
    timecode = options.pop("timecode", "01:00:00:00")
    m = sample_session(folder, rate, timecode)
    return Delivery(folder, m.record, m.script, m.cues, **options)


@pytest.mark.parametrize(
    ("rate", "timecode", "first", "samples"),
    [
        (Fraction(24000, 1001), None, "01:00:00:00", 172_972_800),
        (Fraction(24), None, "01:00:00:00", 172_800_000),
        (Fraction(25), "10:00:00:00", "10:00:00:00", 1_728_000_000),
        (Fraction(30000, 1001), None, "01:00:00;00", 172_799_827),
        (Fraction(30), None, "01:00:00:00", 172_800_000),
        (Fraction(60), None, "01:00:00:00", 172_800_000),
    ],
)
@pytest.mark.slow
def test_time_reference_is_the_first_frame(
    tmp_path: Path, rate: Fraction, timecode: str | None, first: str, samples: int
) -> None:
    one = delivery(tmp_path, rate, timecode=timecode)
    assert one.first_frame == first
    paths = written(one, tmp_path / "out")
    for path in (paths[0], paths[-1]):
        body = chunks(path)[b"bext"]
        reference, version = struct.unpack("<QH", body[338:348])
        assert version == 2
        assert abs(reference - samples) <= 1
        assert (
            f"<TIMECODE_RATE>{rate.numerator}/{rate.denominator}<" in chunks(path)[b"iXML"].decode()
        )


def test_samples_loudness_and_markers(tmp_path: Path) -> None:
    one = delivery(tmp_path)
    paths = written(one, tmp_path / "out")
    assert [path.name for path in paths] == [
        "01_FEETHmn_e1_steps.wav", "02_METLImpt_e2_hammer.wav", "03_DOORWood_e3_door.wav",
        "04_CLOTHMvmt_e4_cloth.wav", "05_AMBRoom_e5_room.wav",
        "yard__b___r1_FX_stereo.wav", "yard__b___r1_FX_5_1.wav",
    ]  # fmt: skip
    for track, path in zip(one.tracks, paths, strict=False):
        assert np.array_equal(read_wav(path), read_wav(track.path))
    steps = chunks(paths[0])
    count = struct.unpack("<I", steps[b"cue "][:4])[0]
    positions = [
        struct.unpack("<II4sIII", steps[b"cue "][4 + 24 * i : 28 + 24 * i])[5] for i in range(count)
    ]
    assert positions == [round(hit.time_s * 48000) for hit in one.script.events[0].hits]
    assert b"boots on gravel 3\0" in steps[b"LIST"]
    loudness = struct.unpack("<5h", chunks(paths[-2])[b"bext"][412:422])
    assert loudness == (-2310, 650, -420, -1720, -2040)


@pytest.mark.slow
def test_pops_and_handles(tmp_path: Path) -> None:
    rate = Fraction(24000, 1001)
    one = delivery(tmp_path, rate, pops=True, handles_s=5.0, timecode=None)
    path = written(one, tmp_path / "out")[-1]
    samples = read_wav(path)
    reference = struct.unpack("<Q", chunks(path)[b"bext"][338:346])[0]
    first = 172_972_800 - reference
    assert first >= 5 * 48_000
    mix = read_wav(tmp_path / "mix_5_1.wav")
    assert np.array_equal(samples[:, first : first + mix.shape[1]], mix)
    lead, tail = samples[:, :first], samples[:, first + mix.shape[1] :]
    assert np.flatnonzero(lead[0])[0] == first - 48 * 2002 + 1
    assert np.flatnonzero(lead[0])[-1] < first - 47 * 2002
    assert np.flatnonzero(tail[0])[0] == 48 * 2002 + 1
    assert np.abs(lead[0]).max() == pytest.approx(0.1, abs=1e-3)
    assert not lead[3].any()
    assert tail.shape[1] >= 5 * 48_000


@pytest.mark.parametrize(("stems", "channels"), [(StemFormat.MONO, 1), (StemFormat.STEREO, 2)])
@pytest.mark.slow
def test_stem_channels(tmp_path: Path, stems: StemFormat, channels: int) -> None:
    one = delivery(tmp_path)
    stem = read_wav(written(replace(one, stems=stems), tmp_path / "out")[0])
    source = read_wav(one.tracks[0].path)
    assert len(stem) == channels
    wanted = source.mean(0, keepdims=True) if channels == 1 else source
    assert np.abs(stem - wanted).max() <= 2**-23


@pytest.mark.slow
def test_surround_stems_stand_where_their_events_are(tmp_path: Path) -> None:
    one = delivery(tmp_path)
    paths = written(replace(one, stems=StemFormat.SURROUND), tmp_path / "out")
    power = [np.square(read_wav(path), dtype=np.float64).sum(axis=1) for path in paths[:5]]
    left, right, centre, _, left_rear, right_rear = power[1]  # the hammer, 15 degrees right
    assert max(left, left_rear, right_rear) < 0.01 * min(right, centre)
    assert power[2][4] > 0.9 * (power[2].sum() - power[2][3])  # the door, 120 degrees left
    room = power[4]
    assert min(room[4:]) > 0.001 * room.sum()
    for track, stem in zip(one.tracks, power, strict=False):
        source = np.square(read_wav(track.path), dtype=np.float64).sum()
        assert abs(10 * np.log10((stem.sum() - stem[3]) / source)) < 3.1
        assert stem[3] < source


@pytest.mark.slow
def test_surround_stems_do_not_depend_on_how_they_are_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = delivery(tmp_path, Fraction(30000, 1001))
    stem = ObjectStem(one.tracks[0].path, 0.0, one.tracks[0].trajectory)
    count = read_wav(stem.path).shape[1]
    whole = objects([stem], count, -10.0, -0.1)
    monkeypatch.setattr("foley_designer.dsp.spatial.objects._PIECE_S", 1.5)
    pieces = list(object_blocks(stem, count, -10.0, -0.1))
    assert len(pieces) > 4
    assert 20 * np.log10(np.abs(np.concatenate(pieces, axis=1) - whole).max()) < -90


@pytest.mark.slow
def test_discrete_files_carry_netflix_names_and_every_sample(tmp_path: Path) -> None:
    rate = Fraction(24000, 1001)
    one = delivery(tmp_path, rate, timecode=None, title="Yard", version=3, handles_s=1)
    paths = written(replace(one, layout=Layout.SPLIT), tmp_path / "out")
    names = [path.name for path in paths]
    assert names[:2] == ["01_FEETHmn_e1_steps.L.wav", "01_FEETHmn_e1_steps.R.wav"]
    discrete = "Yard_r01_v03_FXStem_6ch_48k_24b_23976"
    assert names[-6:] == [f"{discrete}.{one}.wav" for one in ("L", "R", "C", "LFE", "Ls", "Rs")]
    whole = read_wav(written(one, tmp_path / "whole")[-1])
    assert np.array_equal(np.concatenate([read_wav(path) for path in paths[-6:]]), whole)
    assert "<NAME>Ls</NAME>" in chunks(paths[-2])[b"iXML"].decode()
    assert struct.unpack("<I", chunks(paths[-2])[b"fmt "][20:24])[0] == 0x200


def test_naming_template(tmp_path: Path) -> None:
    one = delivery(tmp_path, naming="{title}_r{reel}_{ucs}_{label}", title="Yard/Night", reel="2")
    assert one.stem_name(one.tracks[0]) == "Yard_Night_r2_FEETHmn_boots_on_gravel"


@pytest.mark.parametrize(
    "options", [{"naming": "{nope}"}, {"naming": "{"}, {"naming": "//"}, {"start": "25:00:00:00"}]
)
def test_wishes_that_cannot_be_met_are_refused(tmp_path: Path, options: dict[str, str]) -> None:
    with pytest.raises(FoleyError) as caught:
        delivery(tmp_path, **options)
    assert caught.value.code is ErrorCode.OPTION_INVALID


def test_opens_a_finished_session_and_no_other(tmp_path: Path) -> None:
    finished_session(tmp_path / "done")
    assert len(Delivery.of(tmp_path / "done").tracks) == 5
    with pytest.raises(FoleyError) as caught:
        Delivery.of(tmp_path / "empty")
    assert caught.value.code is ErrorCode.SESSION_NOT_FOUND
