"""The model's word stays: times, places, strengths and words, and a note for every change."""

from collections.abc import Mapping
from typing import Any

import pytest
from chat_endpoint import ANSWERS, STEPS, Endpoint

from foley_designer.agents.llm import views
from foley_designer.agents.roster import Team
from foley_designer.core.note import NoteKind
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.observation import Moment, MomentKind
from foley_designer.core.script.sound_event import SoundEvent, SourceKind
from foley_designer.memory.knowledge_base import Knowledge, load
from foley_designer.vision.geometry.angles import pinhole_azimuth

BED = ANSWERS["ScribeReply"]["events"][1]


@pytest.fixture(scope="module")
def cards() -> Knowledge:
    ids = {"footsteps-gravel", "footsteps-boots", "ambience-field", "church-bell", "glass-clink"}
    return Knowledge(tuple(card for card in load().cards if card.id in ids))


def told(
    endpoint: Endpoint, cards: Knowledge, brief: Brief, *events: Mapping[str, Any]
) -> tuple[tuple[SoundEvent, ...], list[str], Team]:
    """What becomes of these events, and the notes that say what was changed."""
    endpoint.answers["ScribeReply"] = ANSWERS["ScribeReply"] | {"events": [*events]}
    team = endpoint.team(cards)
    made = team.scribe.propose(brief, None, ()).events
    notes = team.drain_notes()
    assert all(note.kind is NoteKind.DECISION for note in notes)
    return made, [note.text for note in notes], team


def moment(name: str, time_s: float, **more: Any) -> Moment:
    usual = {"kind": MomentKind.STEP, "confidence": 0.9, "strength": 0.0, "track_id": "t1"}
    return Moment(id=name, time_s=time_s, x=0.4, y=0.8, **(usual | more))


def with_moments(brief: Brief, *moments: Moment) -> Brief:
    seen = brief.observation.model_copy(update={"moments": moments})
    return brief.model_copy(update={"observation": seen})


HITS = [{"time_s": 0.6, "strength": 0.9}, {"time_s": 1.6, "strength": 0.5}]


def test_times_go_to_fitting_moments_of_the_same_track_alone(
    endpoint: Endpoint, cards: Knowledge, brief: Brief
) -> None:
    near = with_moments(
        brief,
        moment("other_kind", 0.6, kind=MomentKind.FLASH),
        moment("other_track", 0.61, track_id=None),
        moment("noise", 0.62, confidence=0.2),
        moment("meant", 0.65),
        moment("too_far", 1.75),
    )
    event = STEPS | {"times": [], "hits": HITS, "tolerance_s": 0.1}
    (steps, _), notes, _ = told(endpoint, cards, near, event, BED)
    assert [(hit.time_s, hit.moment_id) for hit in steps.hits] == [(0.65, "meant"), (1.6, None)]
    assert [hit.strength for hit in steps.hits] == [0.9, 0.5], "not the moment's, which is 0"
    assert notes == [
        "“boots on the path”: 1 of 2 told times were put on moments seen within 50 ms of them."
    ]


@pytest.mark.parametrize("more", [{"tolerance_s": 0}, {"on_screen": False}])
def test_times_stay_where_no_slack_is_told_and_off_screen(
    more: dict[str, Any], endpoint: Endpoint, cards: Knowledge, brief: Brief
) -> None:
    event = STEPS | {"times": [], "hits": HITS} | more
    (steps, _), notes, _ = told(endpoint, cards, brief, event, BED)
    assert [hit.time_s for hit in steps.hits] == [0.6, 1.6]
    assert not notes


def test_side_distance_size_and_strength_come_from_the_answer(
    endpoint: Endpoint, cards: Knowledge, brief: Brief
) -> None:
    bell = {
        "card": "church-bell",
        "label": "far church bell",
        "layer": "background",
        "hits": [{"time_s": 1.0, "strength": 0.4}],
        "side": "far_left",
        "distance_m": 400,
        "size": 0.9,
        "on_screen": False,
    }
    wind = BED | {"side": "right", "spans": [{"start": 0, "end": 3, "intensity": 0.2}]}
    (wind_event, bell_event), notes, _ = told(endpoint, cards, brief, bell, wind)
    source = bell_event.source
    assert source.azimuth_deg > brief.observation.field_of_view_deg / 2, "off screen to the left"
    assert (source.distance_m, source.on_screen) == (400, False)
    assert bell_event.performance.size == 0.9
    assert bell_event.hits[0].strength == 0.4
    assert wind_event.source.kind is SourceKind.POINT, "a background that has a side keeps it"
    assert wind_event.source.azimuth_deg < 0
    assert wind_event.spans[0].intensity == 0.2
    assert not notes


def test_what_moves_without_a_track_wanders(
    endpoint: Endpoint, cards: Knowledge, brief: Brief
) -> None:
    event = STEPS | {"track": None, "x": 0.1, "to_x": 0.9, "distance_m": 6}
    (steps, _), _, _ = told(endpoint, cards, brief, event, BED)
    view = brief.observation.field_of_view_deg
    heard = [steps.source.azimuth_deg + hit.azimuth_deg for hit in steps.hits]
    assert heard == pytest.approx([pinhole_azimuth(x, view) for x in (0.1, 0.5, 0.9)])


def test_a_place_stays_when_an_event_is_told_again_without_one(
    endpoint: Endpoint, cards: Knowledge, brief: Brief
) -> None:
    event = STEPS | {"track": None, "side": "left", "distance_m": 9}
    (steps, _), _, team = told(endpoint, cards, brief, event, BED)
    text = team.scribe.propose(brief, None, ())
    (objection,) = team.validator.review(brief, text)
    again = {"event": steps.id, "card": "footsteps-gravel", "label": "boots", "layer": "background"}
    endpoint.answers["ScribeReply"] = ANSWERS["ScribeReply"] | {"events": [again]}
    about = objection.model_copy(update={"event_id": steps.id})
    changed = next(e for e in team.scribe.propose(brief, text, (about,)).events if e.id == steps.id)
    assert (changed.label, changed.source) == ("boots", steps.source)


def test_unknown_words_are_asked_again_with_the_nearest_and_then_played_as_near(
    endpoint: Endpoint, cards: Knowledge, brief: Brief
) -> None:
    event = STEPS | {"surface": "gravell", "mood": "tensed", "variant": "moon boots"}
    (steps, _), notes, _ = told(endpoint, cards, brief, event, BED)
    asked = endpoint.requests[-1]["messages"][-1]["content"]
    for word in ("'gravell'", "'tensed'", "'moon boots'", "Nearest: gravel", "tense"):
        assert word in asked
    assert (steps.performance.surface, steps.performance.mood) == ("gravel", "tense")
    assert len(endpoint.requests) == 2
    assert "footsteps-gravel: surface “gravell” is not known; played as gravel." in notes


@pytest.mark.parametrize("told_word", ["Gravel", "pebbles", " GRAVEL "])
def test_words_that_can_only_mean_one_are_read(
    told_word: str, endpoint: Endpoint, cards: Knowledge, brief: Brief
) -> None:
    (steps, _), notes, _ = told(endpoint, cards, brief, STEPS | {"surface": told_word}, BED)
    assert steps.performance.surface == "gravel"
    assert len(endpoint.requests) == 1
    assert not notes


def test_one_event_that_stays_unknown_costs_itself_alone(
    endpoint: Endpoint, cards: Knowledge, brief: Brief
) -> None:
    event = STEPS | {"card": "zither-solo"}
    made, notes, _ = told(endpoint, cards, brief, event, BED)
    assert [one.label for one in made] == ["meadow"]
    assert notes == ["The sound “zither-solo” is not known and was left out."]


def test_the_model_is_told_what_a_person_said_of_moments(brief: Brief) -> None:
    said = moment("m7", 1.2).model_copy(update={"said_by": "a person"})
    seen = with_moments(brief, said).observation.model_copy(update={"silent_s": (0.5, 2.5)})
    view = views.seen(seen, 0.0, 2.0)
    assert view["sure_by"] == {"m7": "a person"}
    assert view["silent_at"] == [0.5]
    assert "sure_by" not in views.seen(brief.observation)
