"""MediaInfo's conformance check of the Atmos profile, and the EBU's renderer."""

import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from sample_session import finished_session

from foley_designer.export.audio.wav import read_wav
from foley_designer.export.bundle import export

pytestmark = pytest.mark.oracle


def renderer() -> str:
    """The EBU renderer; FOLEY_EAR_RENDER names it where it has an environment of its own."""
    found = os.environ.get("FOLEY_EAR_RENDER") or shutil.which("ear-render")
    if found is None:
        pytest.skip("no ear-render: set FOLEY_EAR_RENDER")
    return found


def test_atmos_master_conforms(tmp_path: Path) -> None:
    media_info = pytest.importorskip("pymediainfo").MediaInfo
    if not media_info.can_parse():
        pytest.skip("no libmediainfo")
    finished_session(tmp_path / "session")
    path = export(tmp_path / "session", ["adm-atmos"], tmp_path / "out").paths[0]
    audio = next(t for t in media_info.parse(path).tracks if t.track_type == "Audio").to_data()
    assert audio["admprofile_format"] == "Dolby Atmos Master"
    assert "conformance_errors" not in audio
    assert "conformance_warnings" not in audio
    assert audio["channel_layout"] == "L R C LFE Ls Rs"
    assert audio["number_of_channel_formats"] == "10"


def vbap(azimuth: float) -> np.ndarray:
    """Pairwise panning over the five loudspeakers of BS.775, L R C LFE Ls Rs."""
    places = {0: 30, 1: -30, 2: 0, 4: 110, 5: -110}
    ring = [(2, 0), (0, 4), (4, 5), (5, 1), (1, 2)]
    unit = lambda a: np.array([np.cos(np.radians(a)), np.sin(np.radians(a))])  # noqa: E731
    for one, two in ring:
        gains = np.linalg.solve(np.stack([unit(places[one]), unit(places[two])]).T, unit(azimuth))
        if gains.min() >= -1e-9:
            full = np.zeros(6)
            full[[one, two]] = gains / np.linalg.norm(gains)
            return full
    raise AssertionError(azimuth)


def test_ebu_renderer_plays_bed_and_objects(tmp_path: Path) -> None:
    program = renderer()
    finished_session(tmp_path / "session")
    path = export(tmp_path / "session", ["adm-ebu"], tmp_path / "out").paths[0]
    out = tmp_path / "rendered.wav"
    subprocess.run([program, "-s", "0+5+0", str(path), str(out)], check=True, capture_output=True)
    file, played = read_wav(path), read_wav(out)
    quiet = slice(round(7.5 * 48_000), None)
    assert np.abs(file[6:, quiet]).max() < 1e-6
    assert np.abs(played[:, quiet] - file[:6, quiet]).max() < 1e-6
    hits = {7: (4.2, 4.6, -15.0), 8: (6.8, 7.2, 120.0)}
    for channel, (start, end, azimuth) in hits.items():
        part = slice(round(start * 48_000), round(end * 48_000))
        objects = file[6:, part].astype(float)
        heard = (played[:, part] - file[:6, part]).astype(float)
        sounding = np.flatnonzero(np.abs(objects).max(1) > 1e-5)
        gains, *_ = np.linalg.lstsq(objects[sounding].T, heard.T, rcond=None)
        fitted = gains[list(sounding).index(channel - 6)]
        assert np.abs(fitted - vbap(azimuth)).max() < 0.05


def test_ebu_renderer_moves_the_walker(tmp_path: Path) -> None:
    program = renderer()
    material = finished_session(tmp_path / "session")
    path = export(tmp_path / "session", ["adm-ebu"], tmp_path / "out").paths[0]
    out = tmp_path / "rendered.wav"
    subprocess.run([program, "-s", "0+5+0", str(path), str(out)], check=True, capture_output=True)
    file, played = read_wav(path), read_wav(out)
    walk = material.cues.of("e1_steps")
    for hit in material.script.events[0].hits:
        part = slice(round(hit.time_s * 48_000), round((hit.time_s + 0.04) * 48_000))
        objects = file[[6, 9], part].astype(float)
        heard = (played[:, part] - file[:6, part]).astype(float)
        gains, *_ = np.linalg.lstsq(objects.T, heard.T, rcond=None)
        azimuth = walk.azimuth_deg[material.script.clip.frame_at(hit.time_s)]
        assert np.abs(gains[0] - vbap(azimuth)).max() < 0.05
