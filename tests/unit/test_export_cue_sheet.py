import csv
import itertools
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_session import sample_session

from foley_designer.core.category import Subcategory
from foley_designer.core.script.performance import Layer
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, SourceKind, Span
from foley_designer.export.report.cue_sheet import cue_rows, write_cue_sheet
from foley_designer.export.session.passage import REST_S, Ruler, passages


def rows(folder: Path, **material: object) -> list[dict[str, str]]:
    m = sample_session(folder, **material)
    write_cue_sheet(folder / "cues.csv", m.script, m.cues, m.record.stems)
    with (folder / "cues.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_columns_and_rows(tmp_path: Path) -> None:
    table = rows(tmp_path)
    assert list(table[0])[:12] == [
        "Cue", "Reel", "Scene", "TC in", "TC out", "Character/Source", "Action",
        "Surface/Shoe/Prop", "Perspective", "Track", "Sync point", "Notes",
    ]  # fmt: skip
    assert [row["Cue"] for row in table] == [f"F{i:03}" for i in range(1, 7)]
    assert [row["TC in"] for row in table] == sorted(row["TC in"] for row in table)
    steps = next(row for row in table if row["Character/Source"] == "boots on gravel")
    assert steps["TC in"] == steps["Sync point"][:11] == "01:00:00:10"
    assert steps["TC out"] == "01:00:03:00"
    assert steps["Sync point"].endswith("(and 5 more)")
    assert steps["Surface/Shoe/Prop"] == "gravel, boots"
    assert steps["Perspective"] == "medium 4.8 m, left → centre"
    assert steps["Track"] == "FX 01"
    assert steps["UCS id"] == "FEETHmn"
    assert steps["File"] == "stems/01_FEETHmn_steps.wav"
    assert "A. Recordist" in steps["Credits"]


def test_rest_splits_an_event_into_cues(tmp_path: Path) -> None:
    jacket = [row for row in rows(tmp_path) if row["Character/Source"] == "jacket"]
    assert [row["TC in"] for row in jacket] == ["01:00:00:05", "01:00:06:05"]


def test_doubt_and_place_are_told(tmp_path: Path) -> None:
    door = next(row for row in rows(tmp_path) if row["Character/Source"] == "workshop door")
    assert "check against picture (confidence 0.40)" in door["Notes"]
    assert door["Perspective"] == "medium 6.0 m, behind left, off screen"


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    table = rows(tmp_path)
    hammer = next(row for row in table if row["Character/Source"] == "hammer on steel")
    assert hammer["Action"].startswith("'=A hammer")
    cells = [cell for row in table for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_clip_without_timecode_counts_from_zero_and_a_start_can_be_given(tmp_path: Path) -> None:
    m = sample_session(tmp_path, rate=Fraction(30000, 1001), timecode=None)
    assert cue_rows(m.script, m.cues)[0].tc_in == "00:00:00;00"
    assert cue_rows(m.script, m.cues, start="01:00:00;00")[0].tc_in == "01:00:00;00"


@pytest.mark.parametrize("timecode", ["nonsense", "10:00:00:29"])
def test_unusable_timecode_of_the_clip_counts_from_zero(tmp_path: Path, timecode: str) -> None:
    m = sample_session(tmp_path, timecode=timecode)
    assert Ruler(m.script.clip).origin == 0


@given(times=st.lists(st.floats(0, 100), min_size=1, max_size=30))
def test_passages_cover_every_hit_and_rest_between(times: list[float]) -> None:
    event = SoundEvent(
        id="a",
        label="a",
        description="a",
        subcategory=Subcategory.HUMAN_STEPS,
        layer=Layer.FOREGROUND,
        source=Source(kind=SourceKind.POINT),
        hits=tuple(Hit(time_s=t) for t in sorted(times)),
        spans=(Span(start_s=3, end_s=9),),
    )
    found = passages(event)
    assert sum(len(passage.hits) for passage in found) == len(times)
    for one, two in itertools.pairwise(found):
        assert two.start_s - one.end_s > REST_S
    assert found[0].start_s == event.start_s
    assert found[-1].end_s == event.end_s
