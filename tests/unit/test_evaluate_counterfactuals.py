"""Counterfactual pairs: measures move as physics says on sounds made by hand; pairs are sound."""

from pathlib import Path

import numpy as np
import pytest

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.errors import FoleyError
from foley_designer.evaluate.counterfactuals.measures import LEAST, hear, missed
from foley_designer.evaluate.counterfactuals.pairs import Way, pairs
from foley_designer.evaluate.counterfactuals.scoring import markdown, plain, score, went
from foley_designer.export.audio.wav import write_wav


def ring(
    hz: float = 800.0, decay_s: float = 0.1, gain: float = 0.3, times: tuple[float, ...] = (0.4,)
) -> np.ndarray:
    """Struck modes, ``[2, n]``."""
    time = np.arange(3 * SAMPLE_RATE) / SAMPLE_RATE
    mono = np.zeros_like(time)
    for start in times:
        past = np.maximum(time - start, 0.0)
        mono += np.where(time >= start, np.exp(-past / decay_s) * np.sin(6.2832 * hz * past), 0.0)
    return np.repeat((gain * mono).astype(np.float32)[None], 2, axis=0)


@pytest.mark.parametrize(
    ("key", "changed"),
    [
        ("level", ring(gain=0.6)),
        ("pitch", ring(hz=1000.0)),
        ("centroid", ring(hz=1000.0)),
        ("decay", ring(decay_s=0.2)),
        ("count", ring(times=(0.4, 1.4))),
        ("first", ring(times=(0.65,))),
        ("tail", ring(decay_s=0.2)),
    ],
)
def test_a_measure_moves_with_its_factor(key: str, changed: np.ndarray) -> None:
    before, after = hear(ring()), hear(changed)
    assert before is not None and after is not None
    assert went(key, getattr(after, key) - getattr(before, key), Way.UP)
    assert not went(key, 0.0, Way.UP) and not went(key, 0.0, Way.DOWN)


def test_what_goes_on_has_no_gaps() -> None:
    steady = 0.1 * np.random.default_rng(0).standard_normal((2, SAMPLE_RATE))
    on, off = hear(steady.astype(np.float32)), hear(ring())
    assert on is not None and off is not None
    assert on.gaps == 0.0 and off.gaps > 0.8


def test_a_told_hit_that_is_not_played_is_lost() -> None:
    assert missed(ring(times=(0.4, 1.4)), (0.4, 1.42)) == 0
    assert missed(ring(times=(0.4,)), (0.4, 1.4)) == 1
    assert missed(ring(times=(0.5,)), (0.4,)) == 1


def test_silence_has_no_measures() -> None:
    assert hear(np.zeros((2, SAMPLE_RATE), np.float32)) is None


def test_the_pairs_are_many_and_some_held_out_and_name_known_measures() -> None:
    assert len({pair.id for pair in pairs() if not pair.held}) == 52
    assert len({pair.id for pair in pairs() if pair.held}) == 12
    for pair in pairs():
        assert {*pair.expect, *pair.same} <= LEAST.keys()
        assert not pair.expect.keys() & pair.same.keys()
        assert pair.a != pair.b


def test_any_system_is_scored_and_what_lacks_is_said(tmp_path: Path) -> None:
    with pytest.raises(FoleyError, match="holds no sound"):
        score(tmp_path)
    later = next(pair for pair in pairs() if pair.id == "knock-later")
    write_wav(tmp_path / later.id / "a.wav", ring(times=(0.4, 1.2)))
    write_wav(tmp_path / later.id / "b.wav", ring(times=(0.65, 1.45)))
    write_wav(tmp_path / "plank-plate" / "a.wav", ring())
    found = {each.pair.id: each for each in score(tmp_path)}
    assert found[later.id].right and found[later.id].same
    assert found["plank-plate"].missing == "b: missing"
    assert "| **all** | 1 | 1 | 1 | 1 |" in markdown(tuple(found.values()))
    assert len(plain(tuple(found.values()))) == 64
