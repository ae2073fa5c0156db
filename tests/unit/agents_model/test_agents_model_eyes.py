"""A seeing model at a real endpoint: boxes of named things, and verdicts on strips of frames."""

import base64
import json
from pathlib import Path

import numpy as np
import pytest
from chat_endpoint import Answer, Endpoint
from PIL import Image

from foley_designer.agents.roster import Team
from foley_designer.agents.team import assemble
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.note import NoteKind
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.spotting import Spotting, Verdict, blank
from foley_designer.core.settings import Settings
from foley_designer.memory.knowledge_base import Knowledge
from foley_designer.vision.models.localizer import Detection
from foley_designer.vision.tracking.locating import Found, with_names

BOX = {"picture": 1, "label": "Boots", "left": 0.3, "top": 0.2, "right": 0.5, "bottom": 0.8}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "strips").mkdir()
    for name in ("m0", "m1", "m2"):
        Image.new("RGB", (70, 20), "navy").save(tmp_path / "strips" / f"{name}.png")
    return tmp_path


@pytest.fixture
def team(endpoint: Endpoint, knowledge: Knowledge, folder: Path) -> Team:
    return assemble(Settings(**endpoint.settings, llm_vision=True), knowledge, (folder,))


def waiting(brief: Brief) -> Spotting:
    spotting = blank(brief.observation, brief.observation.moments[:3])
    spots = [s.model_copy(update={"strip": f"strips/{s.moment_id}.png"}) for s in spotting.spots]
    return spotting.model_copy(update={"spots": tuple(spots)})


def pictures_of(request: dict[str, object]) -> list[bytes]:
    content = request["messages"][1]["content"]  # type: ignore[index]
    urls = [part["image_url"]["url"] for part in content if part["type"] == "image_url"]
    return [base64.b64decode(url.partition(",")[2]) for url in urls]


def test_a_seeing_model_judges_the_strips(
    endpoint: Endpoint, team: Team, brief: Brief, folder: Path
) -> None:
    spotting = waiting(brief)
    first, second, third = (spot.moment_id for spot in spotting.spots)
    moved = spotting.spots[1].time_s + 0.04
    endpoint.answers["SpotReply"] = {
        "verdicts": [
            {"moment": first, "verdict": "accept", "reason": "the heel lands"},
            {"moment": second, "verdict": "move", "time_s": moved},
            {"moment": third, "verdict": "reject"},
        ]
    }
    assert team.spotter is not None
    said = team.spotter.judge(brief, spotting).spots
    assert [spot.verdict for spot in said] == [Verdict.ACCEPT, Verdict.MOVE, Verdict.REJECT]
    assert [spot.sounds_at_s for spot in said] == [spotting.spots[0].time_s, moved, None]
    assert {spot.by for spot in said} == {"tiny"}
    (request,) = endpoint.requests
    assert pictures_of(request) == [
        (folder / "strips" / f"{name}.png").read_bytes() for name in (first, second, third)
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"moment": "m99", "verdict": "accept"},
        {"moment": "m0", "verdict": "move"},
        {"moment": "m0", "verdict": "move", "time_s": 50.0},
        {"moment": "m0", "verdict": "perhaps"},
    ],
)
def test_a_verdict_that_cannot_be_meant_is_asked_again(
    wrong: dict[str, object], endpoint: Endpoint, team: Team, brief: Brief
) -> None:
    answers = [{"verdicts": [wrong]}, {"verdicts": [{"moment": "m0", "verdict": "reject"}]}]
    endpoint.answer = lambda _: Answer(json.dumps(answers[len(endpoint.requests) - 1]))
    assert team.spotter is not None
    said = team.spotter.judge(brief, waiting(brief)).said
    assert [(spot.moment_id, spot.verdict) for spot in said] == [("m0", Verdict.REJECT)]
    assert len(endpoint.requests) == 2
    assert not team.drain_notes()


def test_where_the_model_fails_the_rules_decide_and_a_note_says_so(
    endpoint: Endpoint, team: Team, brief: Brief
) -> None:
    endpoint.behave("garbage")
    assert team.spotter is not None
    assert team.spotter.judge(brief, waiting(brief)).is_open
    (note,) = team.drain_notes()
    assert (note.kind, note.step) == (NoteKind.FALLBACK, "spotter")


def test_a_blind_model_is_not_asked_to_look(endpoint: Endpoint, knowledge: Knowledge) -> None:
    team = endpoint.team(knowledge)
    assert team.spotter is None
    assert team.localizer is None


@pytest.mark.parametrize("manner", ["well", "fenced", "thinking"])
def test_a_seeing_model_finds_boxes(manner: str, endpoint: Endpoint, team: Team) -> None:
    endpoint.behave(manner)
    endpoint.answers["FindReply"] = {
        "boxes": [
            BOX,
            BOX | {"picture": 2, "left": -0.2, "score": 0.4},
            BOX | {"label": "spaceship"},
            BOX | {"right": 0.301},
        ]
    }
    images = [np.full((90, 160, 3), shade, np.uint8) for shade in (0, 128)]
    assert team.localizer is not None
    first, second = team.localizer.locate(images, ["boots", "train"])
    (found,) = first
    assert found.label == "boots"
    assert (found.box.x, found.box.width) == pytest.approx((0.4, 0.2))
    assert second[0].box.x == pytest.approx(0.25), "cut at the picture's edge"
    assert second[0].score == 0.4
    sent = pictures_of(endpoint.requests[0])
    assert [data[:2] for data in sent] == [b"\xff\xd8"] * 2, "JPEG pictures were sent"


def test_boxes_in_pixels_are_asked_again_and_failure_is_raised(
    endpoint: Endpoint, team: Team
) -> None:
    endpoint.answers["FindReply"] = {"boxes": [BOX | {"right": 400.0}]}
    image = np.zeros((90, 160, 3), np.uint8)
    assert team.localizer is not None
    with pytest.raises(FoleyError, match="shares from 0 to 1") as caught:
        team.localizer.locate([image], ["boots"])
    assert caught.value.code is ErrorCode.MODEL_FAILED
    assert len(endpoint.requests) == 2


def test_boxes_name_the_track_that_they_cover(brief: Brief) -> None:
    box = brief.observation.tracks[0].sightings[0].box
    still = box.model_copy(update={"x": 0.85, "width": 0.1, "height": 0.2})
    found = [
        Found(time_s, detection)
        for time_s in (0.5, 1.5, 2.5)
        for detection in (
            Detection("boots", box.model_copy(update={"width": 0.15}), 0.6),
            Detection("train", still, 0.5),
        )
    ]
    found.append(Found(0.5, Detection("dog", box.model_copy(update={"height": 0.1}), 0.9)))
    named = with_names(brief.observation, found, "eyes 1")
    walker, train = named.tracks
    assert walker.label == "boots", "two good matches outweigh one poor one"
    assert (train.id, train.label, train.kind.value) == ("t2", "train", "still")
    assert [one.time_s for one in train.sightings] == [0.5, 1.5, 2.5]
    assert named.parts["names"] == "eyes 1"
    assert "boots (t1), train (t2)" in named.notes[-1].text
