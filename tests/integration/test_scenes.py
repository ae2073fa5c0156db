"""A film of two places: designed from its screenplay, corrected in its scenes file."""

from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from foley_designer.api import Request, design
from foley_designer.api.revisions import redo, undo
from foley_designer.api.scenes import change_scenes, perform_scenes, scenes_of, waiting
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.scene import SettledBy
from foley_designer.core.script.scene_edits import MoveText
from foley_designer.core.settings import Settings
from foley_designer.core.space import Space

pytestmark = pytest.mark.slow

SCRIPT = """EXT. SNOWY MOUNTAIN - DAY

Wind howls. Boots crunch through the snow.

INT. HALL - NIGHT

A clock ticks. A heavy door slams.
"""
CUT_S = 2.4


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Snow under a grey sky, then a dark brown hall; a figure moves through both."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    rng = np.random.default_rng(0)
    snow = np.full((90, 160, 3), 225, np.int16)
    snow[:30] = 170
    hall = np.full((90, 160, 3), (60, 40, 28), np.int16)
    hall[:, ::20] = (30, 20, 14)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.bit_rate = 160, 90, 2_000_000
        for k in range(120):
            image = (snow if k < CUT_S * 25 else hall) + rng.integers(-6, 7, (90, 160, 3))
            x = 20 + k
            image[40:75, x : x + 10] = (110, 60, 40)
            frame = av.VideoFrame.from_ndarray(image.clip(0, 255).astype(np.uint8), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def small(folder: Path) -> Settings:
    return Settings(data_dir=folder / "data", branching=1, beam=1, depth=1, takes=1)


def delivered(folder: Path) -> list[Path]:
    return [*sorted((folder / "stems").glob("*.wav")), *sorted(folder.glob("mix_*.wav"))]


def test_a_film_is_designed_scene_by_scene_and_a_corrected_scene_alone_again(
    film: Path, tmp_path: Path
) -> None:
    script, out = tmp_path / "film.fountain", tmp_path / "out"
    script.write_text(SCRIPT)
    settings = small(tmp_path)
    design(Request(film, script=script), out, settings=settings)
    first = FoleyScript.from_json((out / "script.json").read_bytes())
    assert [s.space for s in first.settings] == [Space.OPEN_FIELD, Space.HALL]
    assert first.settings[0].end_s == pytest.approx(CUT_S, abs=0.09)
    for event in first.events:
        scene = first.setting_of(event)
        assert scene is not None
        assert event.end_s <= scene.end_s + 0.01, event.id
    assert "INT. HALL - NIGHT" in (out / "report.html").read_text()

    wind = next(e for e in first.events if "wind" in e.label.lower())
    stem = next((out / "stems").glob(f"*{wind.id.partition('_')[2]}.wav"))
    sound, rate = soundfile.read(stem)
    after = round((CUT_S + 0.3) * rate)
    assert np.abs(sound[after:]).max() < 0.05 * np.abs(sound[:after]).max()

    scenes = out / "scenes.yaml"
    scenes.write_text(scenes.read_text().replace("A heavy door slams", "A glass bottle breaks"))
    takes = {path.name for path in (out / ".foley" / "takes").glob("*.wav")}
    design(Request(film, script=script, scenes=scenes), out, settings=settings, replace=True)
    assert "A glass bottle breaks" in scenes.read_text()
    whole = design(Request(film, script=script, scenes=scenes), out, settings=settings)
    assert whole.inputs.scenes_path == str(scenes)
    again = FoleyScript.from_json((out / "script.json").read_bytes())
    assert any("glass" in event.label.lower() for event in again.events)
    kept = {event.id: event for event in first.events if event.id.endswith("_s1")}
    assert {event.id: event for event in again.events if event.id.endswith("_s1")} == kept
    new = {path.name for path in (out / ".foley" / "takes").glob("*.wav")} - takes
    assert len(new) <= sum(event.id.endswith("_s2") for event in again.events)

    now = scenes_of(out)
    assert now is not None
    assert now.scenes[1].text is not None
    line = next(one.line for one in now.scenes[1].text.elements if "glass" in one.text)
    moved = change_scenes(out, [MoveText(kind="text", line=line, to="s1")])
    assert moved.scenes[0].settled_by is SettledBy.PERSON
    assert waiting(out)
    assert FoleyScript.from_json((out / "script.json").read_bytes()) == again
    bytes_before = {path.name: path.read_bytes() for path in delivered(out)}
    perform_scenes(out, settings=settings)
    assert not waiting(out)
    last = FoleyScript.from_json((out / "script.json").read_bytes())
    glass = next(event for event in last.events if "glass" in event.label.lower())
    assert glass.id.endswith("_s1")

    undo(out, settings=settings)
    assert FoleyScript.from_json((out / "script.json").read_bytes()) == again
    assert scenes_of(out) == now
    assert {path.name: path.read_bytes() for path in delivered(out)} == bytes_before
    redo(out, settings=settings)
    assert FoleyScript.from_json((out / "script.json").read_bytes()) == last


def test_scenes_of_another_film_are_refused(film: Path, tmp_path: Path) -> None:
    script, out = tmp_path / "film.fountain", tmp_path / "out"
    script.write_text(SCRIPT)
    other = tmp_path / "scenes.yaml"
    other.write_text(
        "schema: scene-map\nschema_version: 1\nclip: x.mp4\nclip_sha256: '0'\n"
        "scenes:\n- {id: s1, start_s: 0.0, end_s: 4.8, place: 1}\n"
    )
    with pytest.raises(FoleyError, match="the scenes of x") as caught:
        design(Request(film, script=script, scenes=other), out, settings=small(tmp_path))
    assert caught.value.code is ErrorCode.DOCUMENT_INVALID
