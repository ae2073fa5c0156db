"""Spotting: what an editor's marker asks for, and what is left to a person."""

import pytest
from sample_session import sample_session

from foley_designer.agents.reviser.rules import RulesReviser
from foley_designer.agents.reviser.spotting import LASTS_S, NEAR_S, spotted
from foley_designer.agents.reviser.understanding import Situation
from foley_designer.memory import knowledge_base


@pytest.fixture(scope="module")
def reviser():
    return RulesReviser(knowledge_base.load())


@pytest.fixture(scope="module")
def script(tmp_path_factory):
    return sample_session(tmp_path_factory.mktemp("session")).script


def asked(script, reviser, text, time_s, end_s=None):
    return spotted(text, time_s, end_s, Situation(script=script), reviser)


def test_a_sound_that_is_named_is_put_there(script, reviser):
    for text in ("glass breaks", "FOLEY: glass breaks", "SFX - a glass breaks."):
        (one,) = asked(script, reviser, text, 3.2).operations
        assert one.kind == "add_event"
        assert [hit.time_s for hit in one.event.hits] == [3.2]
    (one,) = asked(script, reviser, "keys jingle", 3.0).operations
    assert [(s.start_s, s.end_s) for s in one.event.spans] == [(3.0, 3.0 + LASTS_S)]
    (one,) = asked(script, reviser, "rain", 3.0).operations
    assert one.event.spans[0].end_s == script.clip.duration_s
    (one,) = asked(script, reviser, "rain", 3.0, 4.5).operations
    assert one.event.spans[0].end_s == 4.5


def test_a_sound_that_is_there_is_moved_and_one_in_place_stays(script, reviser):
    steps = next(event for event in script.events if event.id == "e1_steps")
    hit = steps.hits[1].time_s
    (one,) = asked(script, reviser, "boots", hit + 0.1).operations
    assert (one.kind, one.event_id, one.hits) == ("adjust_time", steps.id, (2,))
    assert one.to_s == pytest.approx(hit + 0.1)
    assert asked(script, reviser, "boots", hit + 0.001) == ((), "")
    last = max(one.time_s for one in steps.hits)
    (one,) = asked(script, reviser, "boots", last + NEAR_S + 0.1).operations
    assert one.kind == "add_event"


def test_a_change_is_made_where_the_marker_stands(script, reviser):
    steps = next(event for event in script.events if event.id == "e1_steps")
    (one,) = asked(script, reviser, "boots too loud", steps.hits[0].time_s).operations
    assert (one.kind, one.hits) == ("adjust_level", (1,))
    assert one.change_db < 0


@pytest.mark.parametrize(
    "text",
    [
        "ADR: louder",
        "VFX explosion comp",
        "Shot 24",
        "sc. 12 tk 3",
        "fix the colour",
        "nice!",
        "less reverb",
        "Anna limps from here on",
        "MX: fade the rain",
    ],
)
def test_what_is_said_to_others_or_not_understood_is_left(script, reviser, text):
    found = asked(script, reviser, text, 2.0)
    assert found.operations == ()
    assert found.unclear
