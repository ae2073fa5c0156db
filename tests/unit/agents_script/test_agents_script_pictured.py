"""Clips that nobody described: what the picture is taken for, said to be a guess."""

import pytest

from foley_designer.agents.scribe.calls import calls
from foley_designer.agents.scribe.passages import Passage
from foley_designer.agents.scribe.unsaid.pictured import BELIEF, LOOK, lookalikes
from foley_designer.agents.scribe.unsaid.unnamed import ADVICE
from foley_designer.core.category import Subcategory
from foley_designer.core.script.brief import Brief
from foley_designer.core.sounds.table import sounds
from foley_designer.vision.pictures.classes import classes
from foley_designer.vision.pictures.files import PART

DRUMS = {"drum": 0.5, "drumstick": 0.25, "stage": 0.1}
PICTURED = [row for row in sounds() if row.seen_as]


def looking(observation, *names):
    """The observation, its length shared out among shots that are named so."""
    whole = observation.shots[0]
    step = observation.clip.duration_s / len(names)
    shots = [
        whole.model_copy(
            update={"index": k, "start_s": k * step, "end_s": (k + 1) * step, "named": named}
        )
        for k, named in enumerate(names)
    ]
    return observation.model_copy(update={"shots": tuple(shots)})


def test_what_is_seen_is_heard_and_said_to_be_a_guess(scribe, strikes):
    text = scribe.propose(Brief(observation=looking(strikes, DRUMS)), None, ())
    event = text.events[0]
    assert event.subcategory is Subcategory.OBJECT_IMPACT
    assert event.performance.variant == "drum_kit"
    assert len(event.hits) == 8
    assert event.confidence <= 0.75
    assert "look of the picture" in event.reason
    assert text.open_points[0].startswith("Nothing names what happens from 0.0 to")
    assert "drum kit" in text.open_points[0]


def test_one_who_walks_is_heard_beside_it(scribe, walk):
    text = scribe.propose(Brief(observation=looking(walk, {"seashore": 0.9})), None, ())
    assert {Subcategory.FLOW, Subcategory.HUMAN_STEPS} <= {e.subcategory for e in text.events}


def test_words_are_believed(scribe, told, strikes):
    drums = looking(strikes, DRUMS)
    spoken = scribe.propose(told(drums, "a smith hammers on an anvil"), None, ())
    plain = scribe.propose(told(strikes, "a smith hammers on an anvil"), None, ())
    assert spoken.events == plain.events
    assert spoken.open_points == plain.open_points


def test_little_belief_is_none(scribe, walk):
    dogs = [one.name for one in classes() if one.name in ("beagle", "pug", "collie")]
    faint = looking(walk, dict.fromkeys(dogs, 0.1))
    assert lookalikes(faint) == ()  # a fair share of all classes are dogs
    named = faint.model_copy(update={"parts": {PART: "a classifier"}})
    assert scribe.propose(Brief(observation=named), None, ()).open_points == (ADVICE,)


def test_shots_that_look_alike_are_one_stretch_and_others_begin_another(walk):
    found = lookalikes(looking(walk, DRUMS, DRUMS, {}, {"rifle": 0.6}))
    assert [one.sound.name for one in found] == ["drum-kit", "rifle"]
    quarter = walk.clip.duration_s / 4
    assert [(one.start_s, one.end_s) for one in found] == [
        (0.0, pytest.approx(2 * quarter)),
        (pytest.approx(3 * quarter), pytest.approx(4 * quarter)),
    ]
    assert all(one.belief >= BELIEF for one in found)


def test_a_bed_is_believed_by_the_whole_of_a_scene(walk):
    stage = {"stage": 0.9}
    once = lookalikes(looking(walk, stage, {}, {}, {}, DRUMS))
    assert [one.sound.name for one in once] == ["drum-kit"]
    mostly = lookalikes(looking(walk, stage, stage, {}, {}, DRUMS))
    assert [one.sound.name for one in mostly] == ["applause", "drum-kit"]


@pytest.mark.parametrize("row", PICTURED, ids=lambda row: row.name)
def test_a_row_that_has_a_look_is_called_by_its_name(scribe, row):
    names = {one.name for one in classes()}
    ends = [end for told in row.seen_as for end in told.split(" .. ")]
    assert set(ends) <= names
    (call,) = calls((Passage(row.title, LOOK),), scribe.knowledge)
    assert call.card.sound is row
    assert not call.is_scattered
