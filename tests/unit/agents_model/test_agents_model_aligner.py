"""A model that sees says which text tells each shot; the alignment by rules takes its answer."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from chat_endpoint import Answer, Endpoint, parts_of, title_of

from foley_designer.agents.team import assemble
from foley_designer.core.script.observation import Observation
from foley_designer.core.script.scene import SceneMap, SettledBy
from foley_designer.core.settings import Settings
from foley_designer.film.looking import Looked
from foley_designer.film.planning import _aligned
from foley_designer.memory.knowledge_base import Knowledge
from foley_designer.screenplay.fountain import parse
from foley_designer.vision.skim import skim

HEADINGS = ("INT. KITCHEN - DAY", "INT. STUDY - DAY", "INT. CELLAR - DAY")
SCRIPT = "\n\n".join(f"{heading}\n\nBen walks to the table." for heading in HEADINGS)
SHOT_S = 1.2
WALLS = ((150, 120, 90), (90, 130, 140), (120, 90, 130), (150, 120, 90), (60, 110, 70))


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five shots of four rooms that words can't tell apart; the fourth is the first room again."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.bit_rate = 160, 90, 2_000_000
        for number, wall in enumerate(WALLS):
            rng = np.random.default_rng(number % 3)
            room = np.clip(np.array(wall) + rng.integers(-40, 40, (9, 16, 1)), 0, 255)
            image = np.kron(room, np.ones((10, 10, 1))).astype(np.uint8)
            for _ in range(round(SHOT_S * 25)):
                frame = av.VideoFrame.from_ndarray(image, format="rgb24")
                container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


@pytest.fixture(scope="module")
def seen(film: Path) -> Observation:
    observation = skim(film, Fraction(25)).observation
    assert len(observation.shots) == len(WALLS)
    return observation


def told(found: SceneMap | None) -> list[str | None]:
    assert found is not None
    return [scene.text.heading if scene.text else None for scene in found.scenes]


def replying(texts: list[int | None], sure: float = 0.95) -> Any:
    """Answers with these texts, shot by shot."""
    rows = [{"shot": n, "text": text, "sure": sure} for n, text in enumerate(texts, start=1)]

    def answer(request: dict[str, Any]) -> Answer:
        assert title_of(request) == "AlignReply"
        return Answer(json.dumps({"shots": rows}))

    return answer


def sees(endpoint: Endpoint) -> Settings:
    return Settings(**endpoint.settings, llm_vision=True)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ([2, 2, 1, 1, 3], [HEADINGS[1], HEADINGS[0], HEADINGS[2]]),
        ([1, 1, None, None, 3], [HEADINGS[0], None, None, HEADINGS[2]]),
    ],
    ids=["moved", "untold"],
)
def test_what_the_model_sees_of_the_shots_decides(
    endpoint: Endpoint,
    knowledge: Knowledge,
    film: Path,
    seen: Observation,
    answer: list[int | None],
    expected: list[str | None],
) -> None:
    endpoint.answer = replying(answer)
    team = assemble(sees(endpoint), knowledge, clip=film)
    found = team.aligner.align(seen, parse(SCRIPT), None)
    assert told(found) == expected
    assert found is not None
    assert {scene.settled_by for scene in found.scenes} == {SettledBy.MODEL}
    kinds = [part["type"] for part in parts_of(endpoint.requests[0])]
    assert kinds.count("image_url") == 1
    assert team.models["aligner"] == "tiny"


def test_one_slip_that_it_is_not_sure_of_tears_no_scene_apart(
    endpoint: Endpoint, knowledge: Knowledge, film: Path, seen: Observation
) -> None:
    endpoint.answer = replying([1, 3, 1, 2, 3], sure=0.5)
    found = assemble(sees(endpoint), knowledge, clip=film).aligner.align(seen, parse(SCRIPT), None)
    headings = [heading for heading in told(found) if heading]
    assert headings == sorted(headings, key=HEADINGS.index)


def test_a_film_is_planned_with_the_model_and_falls_back_with_a_note(
    endpoint: Endpoint, film: Path, seen: Observation
) -> None:
    endpoint.answer = replying([2, 2, 1, 1, 3])
    found, notes = _aligned(Looked(film, seen), parse(SCRIPT), sees(endpoint))
    assert told(found) == [HEADINGS[1], HEADINGS[0], HEADINGS[2]]
    assert not notes
    endpoint.answer = replying([9])
    found, notes = _aligned(Looked(film, seen), parse(SCRIPT), sees(endpoint))
    plain, _ = _aligned(Looked(film, seen), parse(SCRIPT), Settings(llm_model=None))
    assert told(found) == told(plain)
    assert any("rules answered" in note.text for note in notes)


def test_a_model_that_does_not_see_is_not_asked(
    endpoint: Endpoint, knowledge: Knowledge, film: Path, seen: Observation
) -> None:
    team = assemble(Settings(**endpoint.settings), knowledge, clip=film)
    team.aligner.align(seen, parse(SCRIPT), None)
    assert not endpoint.requests
    assert "aligner" not in team.models
