"""The example of another package's eyes: found by entry points, used, told when it fails."""

import shutil
import tomllib
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from better_eyes import looked_closer

from benchmarks.yardstick.clip import render
from foley_designer.cli.doctor_seeing import examine_seeing
from foley_designer.core.note import NoteKind
from foley_designer.core.script.observation import Observation
from foley_designer.core.settings import Settings
from foley_designer.vision.observe import observe

EXAMPLE = Path(__file__).parents[2] / "examples" / "seeing_package"


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The package as pip lays it out, with the entry points that its pyproject declares."""
    site = tmp_path / "site"
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())["project"]
    info = site / f"colour_eyes-{project['version']}.dist-info"
    info.mkdir(parents=True)
    head = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    (info / "METADATA").write_text(head)
    groups = [
        "\n".join([f"[{group}]", *(f"{name} = {value}" for name, value in entries.items())])
        for group, entries in project["entry-points"].items()
    ]
    (info / "entry_points.txt").write_text("\n".join(groups) + "\n")
    shutil.copy(EXAMPLE / "colour_eyes.py", site)
    monkeypatch.syspath_prepend(str(site))
    return site


@pytest.fixture(scope="module")
def ball(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Observation]:
    path = tmp_path_factory.mktemp("clip") / "ball.mp4"
    render("ball", path, rate=Fraction(25), width=320, height=180, seconds=3.0)
    return path, observe(path)


def looked(ball: tuple[Path, Observation], **chosen: str) -> Observation:
    path, seen = ball
    return looked_closer(path, seen, names=("orange ball", "blue whale"), **chosen)


@pytest.mark.slow
def test_the_package_names_and_measures(installed: Path, ball: tuple[Path, Observation]) -> None:
    told = looked(ball)
    assert told.parts["names"] == "colour-eyes 1.0"
    assert told.parts["depth"] == "floor-eyes 1.0"
    assert {track.label for track in told.tracks} == {"orange ball"}
    sightings = told.tracks[0].sightings
    feet = np.array([one.box.y + one.box.height / 2 for one in sightings])
    metres = np.array([one.distance_m for one in sightings])
    assert np.corrcoef(feet, np.log(metres))[0, 1] < 0, "lower is nearer"
    assert not [note for note in told.notes if note.kind is NoteKind.FALLBACK]


def test_the_doctor_lists_it(installed: Path) -> None:
    found = {one.subject: one for one in examine_seeing(Settings(llm_model=None))}
    assert (found["sources"].better, found["sources"].detail) == (True, "colour-eyes")
    assert (found["depth"].better, found["depth"].detail) == (True, "floor-eyes")
    assert "foley-designer spot" in found["spotting"].advice


def test_one_that_fails_is_told_and_what_was_seen_stays(
    installed: Path, ball: tuple[Path, Observation], monkeypatch: pytest.MonkeyPatch
) -> None:
    import importlib

    colour_eyes = importlib.import_module("colour_eyes")

    def out_of_memory(*_: object) -> None:
        raise MemoryError("no room")

    monkeypatch.setattr(colour_eyes.ColourLocalizer, "locate", out_of_memory)
    monkeypatch.delattr(colour_eyes.FloorDepth, "metric")
    told = looked(ball)
    assert told.tracks == ball[1].tracks
    said = [note.text for note in told.notes if note.kind is NoteKind.FALLBACK]
    assert said == [
        "colour-eyes 1.0 failed (MemoryError: no room); what moves takes its place.",
        "Part floor-eyes can't be loaded: TypeError: it lacks metric.",
    ]


def test_it_can_be_passed_over_or_asked_for_by_name(
    installed: Path, ball: tuple[Path, Observation]
) -> None:
    assert looked(ball, localizer="none", depth_model="none") == ball[1]
    told = looked(ball, localizer="colour-eyes", depth_model="no-such-eyes")
    assert told.parts["names"] == "colour-eyes 1.0"
    assert (
        "There is no part no-such-eyes; there are floor-eyes, transformers." in told.notes[-1].text
    )
