"""The mel picture that a seeing model is shown in mixing."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.export.audio.wav import write_wav
from foley_designer.export.report.mel_sheet import Lane, mel_edges, mel_of_hz, write_mel_sheet

LEFT, TOP, WIDTH, HEIGHT, STEP = 190, 20, 840, 64, 72


def test_the_scale_is_mel() -> None:
    assert mel_of_hz(1000.0) == pytest.approx(1000, abs=0.1)
    edges = mel_edges(64)
    assert edges[0] == pytest.approx(16_000)
    assert edges[-1] == pytest.approx(40)
    assert np.allclose(np.diff(mel_of_hz(edges)), np.diff(mel_of_hz(edges))[0])


def test_a_tone_stands_in_its_band_and_its_time_and_the_fader_dims_it(tmp_path: Path) -> None:
    time = np.arange(2 * SAMPLE_RATE) / SAMPLE_RATE
    tone = np.where(time < 1, 0.5 * np.sin(2 * np.pi * 1000 * time), 0).astype(np.float32)
    file = tmp_path / "tone.wav"
    write_wav(file, np.stack([tone, tone]))
    sheet = tmp_path / "sheet.png"
    write_mel_sheet(sheet, [Lane("e01_loud", file, 0.0), Lane("e02_quiet", file, -40.0)], 2.0)
    with Image.open(sheet) as image:
        bright = np.asarray(image.convert("L"), np.float64)
    lanes = [bright[TOP + k * STEP :][:HEIGHT, LEFT : LEFT + WIDTH] for k in range(2)]
    row = int(np.argmax(lanes[0][:, WIDTH // 4]))
    edges = mel_edges(HEIGHT)
    assert edges[row + 1] <= 1000 <= edges[row]
    assert lanes[0][row, WIDTH // 4] > lanes[1][row, WIDTH // 4] > lanes[0][row, 3 * WIDTH // 4]
