"""Frames by time, and strips of them for someone to look at."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.yardstick.clip import render
from foley_designer.core.script.observation import Observation
from foley_designer.tools import arrays
from foley_designer.tools.context import ToolContext
from foley_designer.tools.strips import StripsInput, strips
from foley_designer.vision.observe import observe
from foley_designer.vision.video.decode import FrameReader, frames
from foley_designer.vision.video.strips import CELL, OFFSETS, strip


@pytest.fixture(scope="module")
def hammer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clip") / "hammer.mp4"
    render("hammer", path, rate=Fraction(25), width=320, height=180, seconds=4.0)
    return path


@pytest.fixture(scope="module")
def seen(hammer: Path) -> Observation:
    return observe(hammer)


@pytest.mark.parametrize("variable", [False, True])
def test_a_picture_by_time_is_the_one_on_screen(tmp_path: Path, variable: bool) -> None:
    path = tmp_path / "clip.mp4"
    render("ball", path, width=160, height=90, seconds=5.0, variable_rate=variable)
    stream = list(frames(path, 80))
    wanted = [
        0.0,
        0.02,
        0.041,
        4.0,
        4.5,
        0.5,
        0.48,
        1.0,
        99.0,
        3.99,
    ]  # back and forth, past the end
    with FrameReader(path, 80) as reader:
        for time_s in wanted:
            shown = [frame for frame in stream if frame.time_s <= time_s + 1e-3][-1]
            found = reader.at(time_s)
            assert found.time_s == pytest.approx(shown.time_s, abs=1e-6)
            assert np.array_equal(found.image, shown.image)


@pytest.mark.slow
def test_a_strip_shows_the_moment_with_its_source_marked(hammer: Path, seen: Observation) -> None:
    moment = max(seen.moments, key=lambda one: one.confidence)
    with FrameReader(hammer, 960) as reader:
        picture = np.asarray(strip(reader, seen, moment)).astype(int)
        plain = strip(reader, seen, moment.model_copy(update={"track_id": None}))
    assert picture.shape[1] == len(OFFSETS) * CELL
    yellow = np.abs(picture - (255, 210, 31)).sum(-1) < 30
    middle = yellow[:, OFFSETS.index(0) * CELL : (OFFSETS.index(0) + 1) * CELL]
    assert middle[40:, 1].mean() > 0.9, "the moment's picture is framed"
    unmarked = np.abs(np.asarray(plain).astype(int) - (255, 210, 31)).sum(-1) < 30
    assert yellow.sum() > 1.2 * unmarked.sum(), "the moving region is boxed"


def test_strips_are_files_under_the_limit(hammer: Path, seen: Observation, tmp_path: Path) -> None:
    ids = tuple(one.id for one in seen.moments[:3])
    context = ToolContext((hammer.parent,), (tmp_path,))
    request = StripsInput(
        clip=str(hammer),
        seen=str(tmp_path / arrays.write(seen, tmp_path)),
        moments=(*ids, "m999"),
        folder=str(tmp_path / "strips"),
    )
    files = strips(request, context).files
    assert set(files) == set(ids)
    for name in files.values():
        path = tmp_path / "strips" / name
        assert path.stat().st_size < 200_000
        with Image.open(path) as image:
            assert image.format == "PNG"
