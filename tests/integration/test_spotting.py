"""Whole designs in which someone looked: what they say is what sounds."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from benchmarks.yardstick.clip import render
from foley_designer.api import Request, design
from foley_designer.api.spotting import spot
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.spotting import Spotting
from foley_designer.core.session.session import Session
from foley_designer.core.settings import Settings

pytestmark = pytest.mark.slow

WORDS = "a hammer strikes an anvil"


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clip") / "hammer.mp4"
    render("hammer", path, rate=Fraction(25), width=320, height=180, seconds=3.0)
    return path


def hits(out: Path) -> list[float]:
    script = FoleyScript.from_json((out / "script.json").read_bytes())
    return sorted(hit.time_s for event in script.foreground for hit in event.hits)


def small(folder: Path, **more: object) -> Settings:
    return Settings(data_dir=folder / "data", branching=1, beam=1, depth=1, takes=1, **more)


def test_a_persons_verdicts_are_performed(clip: Path, tmp_path: Path) -> None:
    spots = tmp_path / "spots"
    settings = small(tmp_path)
    shown = spot(Request(clip, description=WORDS), spots, settings=settings)
    assert len(shown.spots) >= 3
    page = (spots / "spotting.html").read_text()
    for one in shown.spots:
        assert (spots / str(one.strip)).stat().st_size < 200_000
        assert str(one.strip) in page
    edited = json.loads((spots / "spotting.json").read_text())
    first, second, *rest = sorted(edited["spots"], key=lambda one: one["time_s"])
    first |= {"verdict": "reject", "reason": "he only lifts it"}
    second |= {"verdict": "move", "to_s": second["time_s"] + 0.12}
    for one in rest:
        one["verdict"] = "accept"
    edited["spots"].append({"time_s": 0.7, "verdict": "add"})
    (spots / "spotting.json").write_text(json.dumps(edited))

    again = spot(Request(clip, description=WORDS), spots, settings=settings)
    assert len(again.said) == len(edited["spots"]), "verdicts survive a second look"
    out = tmp_path / "out"
    request = Request(clip, description=WORDS, spotting=spots / "spotting.json")
    record = design(request, out, settings=settings)
    wanted = [second["to_s"], *(one["time_s"] for one in rest), 0.7]
    assert hits(out) == pytest.approx(sorted(wanted), abs=1e-6)
    kept = Session(out).get(Spotting, record.documents["spotting"])
    assert [s.verdict for s in kept.said].count("accept") == len(rest)
    assert any("a person looked at" in note.text for note in record.notes)
    report = (out / "report.html").read_text()
    assert "he only lifts it" in report
    assert report.count('class="strip-of"') >= len(edited["spots"])


def test_a_spotting_that_is_none_is_refused_before_work_begins(clip: Path, tmp_path: Path) -> None:
    slip = tmp_path / "spotting.json"
    slip.write_text('{"schema": "spotting", "schema_version": 1, "clip": 3}')
    for path in (slip, tmp_path / "nowhere.json"):
        with pytest.raises(FoleyError) as caught:
            design(Request(clip, spotting=path), tmp_path / "out", settings=small(tmp_path))
        assert caught.value.code is ErrorCode.DOCUMENT_INVALID
