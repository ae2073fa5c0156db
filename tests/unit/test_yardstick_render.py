from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from benchmarks.yardstick.clip import render


def decoded(path: Path) -> tuple[list[float], list[np.ndarray]]:
    with av.open(str(path)) as container:
        assert not container.streams.audio
        frames = list(container.decode(video=0))
    return [float(frame.time) for frame in frames], [f.to_ndarray(format="gray") for f in frames]


@pytest.mark.parametrize("rate", [Fraction(15), Fraction(24000, 1001), Fraction(60)])
def test_frames_come_at_the_times_that_the_truth_names(tmp_path: Path, rate: Fraction) -> None:
    path = tmp_path / "clip.mp4"
    truth = render("ball", path, rate=rate, width=160, height=90, seconds=1.0)
    times, _ = decoded(path)
    assert times == pytest.approx(truth.times_s, abs=1e-4)
    assert len(truth.sources[0].x) == len(times)


def test_variable_rate_is_uneven_and_told(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    truth = render("ball", path, width=160, height=90, seconds=2.0, variable_rate=True)
    times, _ = decoded(path)
    assert times == pytest.approx(truth.times_s, abs=1e-4)
    assert np.ptp(np.diff(times)) > 0.01


def test_the_ball_is_drawn_where_the_truth_says(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    truth = render("ball", path, width=320, height=180, seconds=1.0, camera="shake", seed=3)
    with av.open(str(path)) as container:
        pictures = [f.to_ndarray(format="rgb24").astype(int) for f in container.decode(video=0)]
    for index in (0, 12, 24):
        orange = pictures[index][..., 0] - pictures[index][..., 2] > 90
        column = np.nonzero(orange)[1].mean() / 320
        assert column == pytest.approx(truth.sources[0].x[index], abs=0.012)


def test_same_seed_same_bytes_and_another_seed_another_clip(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        render("hammer", tmp_path / name, width=160, height=90, seconds=0.5, seed=seed)
    first, again, other = ((tmp_path / name).read_bytes() for name in "abc")
    assert first == again
    assert first != other


def test_physics_of_the_actors(tmp_path: Path) -> None:
    truth = render("walker+ball+car", tmp_path / "c.mp4", width=64, height=36, seconds=3.0)
    walker, ball, car = truth.sources
    assert np.diff(walker.onsets_s) == pytest.approx(np.diff(walker.onsets_s)[0])
    lowest = [truth.times_s[i] for i in np.argsort(ball.y)[-1:]]
    assert min(abs(lowest[0] - hit) for hit in ball.onsets_s) < 0.04
    assert car.onsets_s == ()
    assert car.azimuth_deg[0] > 27 > car.azimuth_deg[-1]
    assert truth.onsets_s == tuple(sorted(walker.onsets_s + ball.onsets_s))


def test_unknown_actor_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        render("unicorn", tmp_path / "c.mp4")
