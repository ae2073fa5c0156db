"""The bundled configuration: drawn clips are made, designed and scored; floors lie below."""

from pathlib import Path

import pytest

from benchmarks.seeing.evaluate_yardsticks import KINDS, ONE, make
from foley_designer.api.evaluation import score
from foley_designer.core.settings import Settings


@pytest.mark.slow
def test_our_own_sound_lies_above_its_floors_on_drawn_clips(tmp_path: Path) -> None:
    make(tmp_path, 2.0, 1, KINDS[1:2], (ONE,))
    found = score(tmp_path, run=True, embeddings={}, settings=Settings(takes=1))
    rows = {row.name: row.cells for row in found.rows}
    assert {"ours", "silence", "mono", "noise", "shuffled", "original"} <= rows.keys()
    assert not found.remarks

    def figure(name: str, key: str) -> float:
        value = rows[name][key].value
        assert value is not None
        return value

    for key, floor in (("f1_50_beyond", "shuffled"), ("f1_50", "silence"), ("iou", "silence")):
        assert figure("ours", key) > figure(floor, key)
        assert figure("original", key) > figure(floor, key)
    assert figure("ours", "itd_us") < figure("mono", "itd_us")
    kept = (tmp_path / "ours" / "hammer_1.wav").stat().st_mtime_ns
    score(tmp_path, run=True, embeddings={})
    assert (tmp_path / "ours" / "hammer_1.wav").stat().st_mtime_ns == kept
