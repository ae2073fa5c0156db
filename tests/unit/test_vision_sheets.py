"""Contact sheets: every shot is on them, in order, as large as their reader takes."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.yardstick.clip import render
from foley_designer.agents.llm.senses.eyes import Eyes
from foley_designer.assistant.pictures import first_sheet, frames_at
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.observation import Observation
from foley_designer.vision.observe import observe
from foley_designer.vision.video.decode import FrameReader
from foley_designer.vision.video.sheets import (
    MOST_LOOKS,
    NARROWEST,
    WINDOW_S,
    cell_times,
    grid,
    look,
    sheets,
    steps,
    windows,
)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clip") / "hammer.mp4"
    render("hammer", path, rate=Fraction(25), width=320, height=180, seconds=2.0)
    return path


@pytest.fixture(scope="module")
def seen(clip: Path) -> Observation:
    return observe(clip)


def lasting(seen: Observation, seconds: float, cuts: tuple[float, ...] = ()) -> Observation:
    bounds = (0.0, *cuts, seconds)
    shots = tuple(
        seen.shots[0].model_copy(update={"index": i, "start_s": a, "end_s": b})
        for i, (a, b) in enumerate(pairwise(bounds))
    )
    clip = seen.clip.model_copy(update={"duration_s": seconds})
    return seen.model_copy(update={"clip": clip, "shots": shots})


def test_the_whole_clip_is_on_its_sheet_with_tracks_and_times(
    clip: Path, seen: Observation
) -> None:
    with FrameReader(clip, 640) as reader:
        (sheet,) = sheets(reader, seen, 0.0, 2.0, side=1568)
        (plain,) = sheets(reader, seen.model_copy(update={"tracks": ()}), 0.0, 2.0, side=1568)
    assert sheet.times_s == tuple(0.25 * k for k in range(8))
    assert max(sheet.image.size) <= 1568
    assert sheet.jpeg[:2] == b"\xff\xd8"
    differs = np.any(np.array(sheet.image) != np.array(plain.image), axis=2)
    assert seen.tracks
    assert 0.001 < differs.mean() < 0.2, "boxes are drawn, and little is hidden by them"


@given(st.floats(1, 300), st.lists(st.floats(0.05, 0.95), max_size=6))
def test_windows_cover_a_clip_and_every_shot_has_a_cell(
    seen: Observation, seconds: float, shares: list[float]
) -> None:
    cuts = tuple(sorted({round(share * seconds, 2) for share in shares} - {0.0}))
    film = lasting(seen, seconds, tuple(cut for cut in cuts if cut < seconds))
    stretches = windows(film)
    assert stretches[0][0] == 0
    assert stretches[-1][1] == seconds
    assert all(a[1] == b[0] for a, b in pairwise(stretches))
    assert all(end - start <= WINDOW_S + 1e-9 for start, end in stretches)
    times = [t for stretch in stretches for t in cell_times(film, *stretch)]
    assert times == sorted(times)
    for shot in film.shots:
        assert any(shot.start_s <= t < shot.end_s for t in times)


@given(st.integers(16, 8000), st.integers(16, 8000), st.integers(512, 4096))
def test_cells_are_wide_enough_and_sheets_within_the_limit(
    width: int, height: int, side: int
) -> None:
    columns, rows, (across, down) = grid(width, height, side)
    assert columns * across <= side
    assert rows * (down + 2) <= side
    assert across >= min(NARROWEST, side) or down >= side - 30


def test_a_look_shows_the_asked_times_and_region(clip: Path, seen: Observation) -> None:
    times = steps(0.5, 0.9, 25)
    assert len(times) == 11
    assert len(steps(0, 60, 60)) == MOST_LOOKS
    with FrameReader(clip, 640) as reader:
        near = look(reader, (), times, size=(320, 180), side=1024, region=(0.25, 0.25, 0.5, 0.5))
    assert near.times_s == times
    assert max(near.image.size) <= 1024


def test_a_scene_of_a_film_is_shown_by_its_own_clock(clip: Path, seen: Observation) -> None:
    eyes = Eyes(clip, 1024)
    whole = Brief(observation=seen)
    late = Brief(observation=lasting(seen, 1.0), starts_s=1.0)
    (picture,) = eyes.sheets(late, 0.0, 1.0)
    assert eyes.sheets(late, 0.0, 1.0)[0] is picture, "drawn once"
    assert eyes.sheets(whole, 0.0, 1.0)[0].name != picture.name
    assert "starts_s" not in late.model_dump()
    assert isinstance(picture.name, bytes)


def test_an_assistant_sees_the_same_pictures_in_their_colours(
    clip: Path, seen: Observation
) -> None:
    times, region = (1.0, 0.4), (0.5, 0.0, 0.5, 0.5)
    shown = frames_at(clip, times, region, 320)
    assert [time_s for time_s, _ in shown] == pytest.approx([0.4, 1.0])
    with FrameReader(clip, 320) as reader:
        for time_s, picture in shown:
            frame = reader.at(time_s).image
            height, width = frame.shape[:2]
            red, green, blue = np.array(picture).mean(axis=(0, 1))
            part = frame[: height // 2, width // 2 :].mean(axis=(0, 1))
            assert (blue, green, red) == pytest.approx(tuple(part), abs=3)
            assert abs(red - blue) > 3, "the two could be told apart"


def test_a_first_sheet_needs_no_look(clip: Path) -> None:
    sheet = first_sheet(clip, 2.0, most=8)
    assert sheet.size == (960, 2 * (135 + 20))
    cells = [np.asarray(sheet.crop((240 * k, 0, 240 * k + 236, 135))) for k in range(4)]
    assert all((one != other).any() for one, other in pairwise(cells))
