import struct
from pathlib import Path

import numpy as np
import pytest

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.export.audio import wav
from foley_designer.export.audio.wav import Encoding, read_blocks, read_wav, wav_info, write_wav


def noise(channels: int, count: int) -> np.ndarray:
    generator = np.random.default_rng(1)
    return generator.uniform(-0.9, 0.9, (channels, count)).astype(np.float32)


@pytest.mark.parametrize(("channels", "mask"), [(1, 0x4), (2, 0x3), (6, 0x60F)])
def test_header_names_the_speakers(tmp_path: Path, channels: int, mask: int) -> None:
    path = tmp_path / "a.wav"
    write_wav(path, noise(channels, 101))
    data = path.read_bytes()
    assert struct.unpack("<I", data[4:8])[0] == len(data) - 8
    tag, count, rate, _, frame, bits = struct.unpack("<HHIIHH", data[20:36])
    assert (tag, count, rate, frame, bits) == (0xFFFE, channels, 48000, 3 * channels, 24)
    assert struct.unpack("<I", data[40:44])[0] == mask
    assert wav_info(path) == (channels, 101, 48000)


def test_reads_back_what_24_bits_hold(tmp_path: Path) -> None:
    samples = noise(2, 70_000)
    write_wav(tmp_path / "a.wav", samples)
    back = read_wav(tmp_path / "a.wav")
    assert back.dtype == np.float32
    assert np.abs(back - samples).max() <= 2**-24
    write_wav(tmp_path / "b.wav", back)
    assert (tmp_path / "b.wav").read_bytes() == (tmp_path / "a.wav").read_bytes()
    assert np.array_equal(np.concatenate(list(read_blocks(tmp_path / "a.wav", 999)), 1), back)


def test_float_keeps_every_bit_and_no_clock(tmp_path: Path) -> None:
    samples = 3 * noise(2, 100)
    assert write_wav(tmp_path / "a.wav", samples, encoding=Encoding.FLOAT_32) == 0
    assert np.array_equal(read_wav(tmp_path / "a.wav"), samples)
    assert b"PEAK" not in (tmp_path / "a.wav").read_bytes()


def test_counts_what_is_beyond_full_scale(tmp_path: Path) -> None:
    samples = np.array([[0.0, 1.5, -2.0, 1.0, -1.0]], np.float32)
    assert write_wav(tmp_path / "a.wav", samples) == 2
    assert read_wav(tmp_path / "a.wav").tolist() == [[0, 1 - 2**-23, -1, 1 - 2**-23, -1]]


def test_refuses_what_is_not_finite_and_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(b"old")
    with pytest.raises(ValueError, match="finite"):
        write_wav(path, np.array([[np.nan]], np.float32))
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_refuses_more_than_riff_can_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wav, "LARGEST", (1 << 20) + 500)
    with pytest.raises(FoleyError) as caught:
        write_wav(tmp_path / "a.wav", noise(2, 200))
    assert caught.value.code is ErrorCode.CLIP_TOO_LARGE


def test_large_file_becomes_bw64(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wav, "LARGEST", 500)
    samples = noise(2, 200)
    with wav.wav_writer(tmp_path / "a.wav", 2, large=True) as writer:
        writer.write(samples)
    data = (tmp_path / "a.wav").read_bytes()
    assert data[:4] == b"BW64"
    assert data[12:16] == b"ds64"
    riff_size, data_size = struct.unpack("<QQ", data[20:36])
    assert (riff_size, data_size) == (len(data) - 8, 200 * 6)


def test_unreadable_sound_is_one_clear_failure(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_text("no sound")
    for reading in (read_wav, wav_info, lambda path: list(read_blocks(path))):
        with pytest.raises(FoleyError) as caught:
            reading(tmp_path / "a.wav")
        assert caught.value.code is ErrorCode.SOUND_UNREADABLE
