"""Scores of cues: perfect for the truth itself, and wrong where the cues are wrong."""

import pytest

from benchmarks.yardstick.clip import YardstickTruth, render
from benchmarks.yardstick.score import Seen, matches, score
from foley_designer.core.script.trajectory import Trajectory


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> YardstickTruth:
    path = tmp_path_factory.mktemp("yardstick") / "c.mp4"
    return render("walker+hammer", path, width=64, height=36, seconds=2.0)


def perfect(truth: YardstickTruth) -> dict[str, Seen]:
    return {
        source.label: Seen(
            source.onsets_s,
            Trajectory(
                event_id=source.label,
                rate=truth.rate,
                azimuth_deg=source.azimuth_deg,
                distance_m=source.distance_m,
                active=(True,) * len(source.x),
            ),
        )
        for source in truth.sources
    }


def test_the_truth_scores_full_marks(truth: YardstickTruth) -> None:
    result = score(truth, perfect(truth))
    assert [one.f1 for one in result.sources] == [1.0, 1.0]
    assert [one.azimuth_error_deg for one in result.sources] == pytest.approx([0, 0], abs=1e-6)
    assert all(one.is_right_track for one in result.sources)
    assert result.ordered == (True,)


def test_swapped_sources_are_wrong_tracks_in_wrong_order(truth: YardstickTruth) -> None:
    found = perfect(truth)
    found["walker"], found["hammer"] = found["hammer"], found["walker"]
    result = score(truth, found)
    assert not any(one.is_right_track for one in result.sources)
    assert all(one.f1 < 0.5 for one in result.sources)
    assert result.ordered == (False,)


def test_what_is_missing_is_a_miss(truth: YardstickTruth) -> None:
    found = perfect(truth)
    del found["hammer"]
    result = score(truth, found)
    assert [one.f1 for one in result.sources] == [1.0, 0.0]
    assert result.ordered == (False,)


def test_each_onset_matches_once() -> None:
    assert matches((1.0, 2.0), (0.97, 1.01, 2.2), 0.05) == 1
    assert matches((1.0, 1.06), (1.03, 1.1), 0.05) == 2
    assert matches((), (1.0,), 0.05) == 0
