"""Scenes: words find their shots, and each scene is written as a clip of its own."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from foley_designer.agents.aligner.evidence import evidence as evidence_of
from foley_designer.agents.aligner.monotone import Prices, align
from foley_designer.agents.aligner.rules import RulesAligner
from foley_designer.agents.aligner.runs import by_place
from foley_designer.agents.aligner.telling import telling_of
from foley_designer.agents.interfaces import Flaw, Objection
from foley_designer.agents.reverb.rules import futz_of
from foley_designer.agents.scenes.agents import (
    SceneScorer,
    SceneScribe,
    SceneValidator,
    SceneWriter,
)
from foley_designer.agents.team import assemble
from foley_designer.core.category import Subcategory
from foley_designer.core.clip import Clip
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.mix.processing import Futz
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.excerpt import words_within
from foley_designer.core.script.observation import Observation, PlaceTrait, Shot
from foley_designer.core.script.scene import SettledBy
from foley_designer.core.script.scenes_file import read_scenes, to_yaml
from foley_designer.core.settings import Settings
from foley_designer.core.space import Space
from foley_designer.memory.knowledge_base import load
from foley_designer.screenplay import timed
from foley_designer.screenplay.fountain import parse

SNOW = {PlaceTrait.SNOW: 0.95, PlaceTrait.GREEN: 0.05, PlaceTrait.OUTDOORS: 0.9}
FOREST = {PlaceTrait.GREEN: 0.95, PlaceTrait.SNOW: 0.05, PlaceTrait.OUTDOORS: 0.9}
ROOM = {PlaceTrait.OUTDOORS: 0.1, PlaceTrait.GREEN: 0.1, PlaceTrait.SNOW: 0.1}
SCRIPT = """EXT. SNOWY MOUNTAIN - DAY

Boots crunch through the snow.

INT. KITCHEN - NIGHT

A knife chops onions on a board.

EXT. FOREST - DAY

A stream runs over the stones.
"""


def film(*shots):
    """An observation of shots (group, traits, brightness), 4 s each."""
    seconds = 4.0
    clip = Clip(
        name="film.mp4",
        sha256="0" * 64,
        width=640,
        height=360,
        rate=Fraction(25),
        duration_s=seconds * len(shots),
        frame_count=100 * len(shots),
    )
    return Observation(
        clip=clip,
        field_of_view_deg=54.0,
        shots=tuple(
            Shot(
                index=k,
                start_s=seconds * k,
                end_s=seconds * (k + 1),
                brightness=light,
                saturation=0.3,
                motion=0.05,
                place=traits,
                group=place,
                has_film=place > 0,
                continues=0.95 if k and shots[k - 1][0] == place else 0.02,
            )
            for k, (place, traits, light) in enumerate(shots)
        ),
        activity=(0.01,) * (100 * len(shots)),
    )


THREE = film((1, SNOW, 0.7), (1, SNOW, 0.7), (0, {}, 0.0), (2, ROOM, 0.2), (3, FOREST, 0.5))


@pytest.fixture(scope="module")
def team(tmp_path_factory):
    return assemble(Settings(), load(None, tmp_path_factory.mktemp("knowledge")))


def told(scene_map):
    return [scene.text.heading if scene.text else None for scene in scene_map.scenes]


def aligned(script, observation=THREE):
    return RulesAligner().align(observation, parse(script), None)


def test_scenes_of_a_script_find_their_shots_and_titles_are_silent():
    found = aligned(SCRIPT)
    assert told(found) == [
        "EXT. SNOWY MOUNTAIN - DAY", None, "INT. KITCHEN - NIGHT", "EXT. FOREST - DAY",
    ]  # fmt: skip
    assert [scene.has_film for scene in found.scenes] == [True, False, True, True]
    assert found.scenes[0].end_s == 8.0


def test_a_scene_that_was_cut_from_the_film_is_told_in_numbers():
    sea = "EXT. OCEAN - DAY\n\nWaves roll. A ship sinks under water.\n\n"
    found = aligned(SCRIPT.replace("INT. KITCHEN", sea + "INT. KITCHEN"))
    assert [text.partition(" (")[0] for text in found.unplaced] == ["EXT. OCEAN - DAY"]
    assert any("1 of 4 lines found no picture" in note.text for note in found.notes)
    assert told(found)[-1] == "EXT. FOREST - DAY"


def test_where_shots_look_alike_the_order_decides_and_a_note_says_so():
    alike = film(*[(place, ROOM, 0.4) for place in (1, 2, 3, 4, 5, 6)])
    found = aligned(SCRIPT, alike)
    if any(scene.settled_by is SettledBy.ORDER for scene in found.scenes):
        assert any("order alone" in note.text for note in found.notes)
    headings = [heading for heading in told(found) if heading]
    assert headings == sorted(headings, key=SCRIPT.index)


def test_one_scene_or_one_shot_is_no_film_of_several():
    assert aligned(SCRIPT, film((1, SNOW, 0.7))) is None
    assert aligned("INT. KITCHEN - DAY\n\nA knife chops.\n") is None
    assert RulesAligner().align(THREE, None, "A man walks. He sings.") is None


@pytest.mark.parametrize("words", ["A man walks through snow.", None])
def test_titles_before_and_behind_one_scene_are_silent(words):
    titled = film((0, {}, 0.0), (1, SNOW, 0.7), (0, {}, 0.0), (1, SNOW, 0.7), (0, {}, 0.0))
    script = None if words else parse("EXT. SNOWY MOUNTAIN - DAY\n\nBoots crunch.\n")
    found = RulesAligner().align(titled, script, words)
    assert [(s.has_film, s.start_s, s.end_s) for s in found.scenes] == [
        (False, 0, 4), (True, 4, 16), (False, 16, 20),
    ]  # fmt: skip
    assert found.scenes[1].text.action == (words or "Boots crunch.")
    assert any("8.0 s, stay silent" in note.text for note in found.notes)


def test_a_description_of_one_titled_scene_stands_before_its_script():
    titled = film((0, {}, 0.0), (1, SNOW, 0.7))
    script = parse("EXT. SNOWY MOUNTAIN - DAY\n\nBoots crunch.\n")
    text = RulesAligner().align(titled, script, "A wolf howls.").scenes[1].text
    assert text.heading == "EXT. SNOWY MOUNTAIN - DAY"
    assert text.action.index("wolf") < text.action.index("Boots")


def test_a_description_beside_scenes_sums_up_and_a_note_says_so():
    found = RulesAligner().align(THREE, parse(SCRIPT), "A cook comes home.")
    assert any("sums it up" in note.text for note in found.notes)
    assert not any("sums it up" in note.text for note in aligned(SCRIPT).notes)


def test_prose_in_story_order_is_spread_over_the_places():
    words = "Boots crunch through deep snow. A knife chops onions. A stream runs in the forest."
    found = RulesAligner().align(THREE, None, words)
    assert [s.text.action if s.text else None for s in found.scenes] == [
        "Boots crunch through deep snow.", None,
        "A knife chops onions.", "A stream runs in the forest.",
    ]  # fmt: skip


def test_a_sentence_goes_on_over_the_looks_that_were_given_to_it():
    words = "Boots crunch through deep snow. A knife chops onions. A stream runs in the forest."
    seen = film((1, SNOW, 0.7), (4, SNOW, 0.75), (2, ROOM, 0.2), (3, FOREST, 0.5))
    found = RulesAligner().align(seen, None, words)
    assert [s.text.action if s.text else None for s in found.scenes] == [
        "Boots crunch through deep snow.",
        "A knife chops onions.", "A stream runs in the forest.",
    ]  # fmt: skip
    assert found.scenes[0].end_s == 8.0


def test_shot_and_reverse_shot_are_one_scene():
    talk = film((1, ROOM, 0.4), (2, ROOM, 0.4), (1, ROOM, 0.4), (2, ROOM, 0.4), (3, SNOW, 0.7))
    assert by_place(talk.shots) == [0, 0, 0, 0, 1]


def test_alignment_prefers_order_and_pays_for_leaps():
    evidence = np.log([[0.8, 0.1, 0.1], [0.1, 0.1, 0.8], [0.1, 0.8, 0.1]])
    strong, flat = 4 * (evidence + np.log(3)), 0 * evidence
    args = (np.full(3, -3.0), np.array([0.17, 0.5, 0.83]), np.ones(3), Prices())
    assert align(flat, *args).text.tolist() == [0, 1, 2]
    assert align(strong, *args).text.tolist() == [0, 2, 1]


def test_a_text_that_the_film_tells_earlier_is_moved_as_a_whole():
    texts = 6
    film = [0, 4, 1, 2, 3, 5]
    evidence = np.where(np.eye(texts)[film] > 0, 1.2, -0.3)
    middles = (np.arange(texts) + 0.5) / texts
    args = (np.full(texts, -3.0), middles, np.ones(texts))
    assert align(evidence, *args, Prices()).text.tolist() == film
    assert align(0 * evidence, *args, Prices()).text.tolist() == [0, 1, 2, 3, 4, 5]


def test_where_two_orders_explain_the_film_alike_neither_is_sure():
    stays, middles = np.array([0, 3, -3, 3, -3, 3, -3, 3.0]), (np.arange(8) + 0.5) / 8
    sure = []
    for gain in (0.0, 0.75, 3.0):
        evidence = np.zeros((8, 4))
        evidence[range(8), [0, 0, 2, 2, 1, 1, 3, 3]] = gain
        evidence[:2, 0] = evidence[6:, 3] = 4.0
        found = align(evidence, stays, middles, np.ones(4), Prices(place=0.0))
        assert found.confidence[:2].min() > 0.99
        sure.append(found.confidence[2:6].mean())
    assert sure[1] < 0.7
    assert 0.85 < sure[0] < sure[2]


def test_many_shots_of_one_place_count_as_few_and_people_speak_for_texts_of_people():
    scenes = parse("INT. HALL - DAY\n\nAnna waits.\n\nINT. SHED - DAY\n\nRain drips.\n").scenes
    tellings = [telling_of(scene, ("Anna",)) for scene in scenes]
    assert [telling.people for telling in tellings] == [1.0, 0.0]
    seen = film(*[(k + 1, ROOM, 0.4) for k in range(4)]).shots
    shots = [
        shot.model_copy(update={"people": people})
        for shot, people in zip(seen, (0.9, 0.1, None, None), strict=True)
    ]
    score = evidence_of(shots, tellings)
    assert score[0, 0] > score[0, 1]
    assert score[1, 1] > score[1, 0]
    assert score[2] == pytest.approx(score[3])
    many = [shot.model_copy(update={"group": k}) for k, shot in enumerate(4 * shots)]
    assert evidence_of(many, tellings)[0, 0] == pytest.approx(score[0, 0] / 4)


def test_a_shot_that_fits_no_text_is_left_untold():
    evidence = np.array([[2.0, -9.0], [-9.0, -9.0], [-9.0, 2.0]])
    middles = np.array([0.17, 0.5, 0.83])
    found = align(evidence, np.full(3, -3.0), middles, np.ones(2), Prices())
    assert found.text.tolist() == [0, -1, 1]
    assert found.confidence.min() > 0.5


def test_words_say_what_a_picture_would_show():
    scenes = parse(SCRIPT).scenes
    snow, kitchen, forest = (telling_of(scene) for scene in scenes)
    assert snow.traits[PlaceTrait.SNOW] == 1.0
    assert (snow.outdoors, kitchen.outdoors, kitchen.light) == (1.0, -1.0, -0.7)
    assert PlaceTrait.GREEN in forest.traits


@pytest.fixture(scope="module")
def written(team):
    found = aligned(SCRIPT)
    brief = Brief(observation=THREE, scenes=found.scenes)
    text = SceneScribe(team.scribe).propose(brief, None, ())
    return brief, text


@pytest.mark.slow
def test_each_scene_has_its_own_sounds_space_and_ambience(written):
    _, text = written
    assert [s.space for s in text.settings] == [Space.OPEN_FIELD, Space.KITCHEN, Space.FOREST]
    spans = {(0.0, 8.0), (12.0, 16.0), (16.0, 20.0)}
    for event in text.events:
        assert any(a - 1e-6 <= event.start_s and event.end_s <= b + 1e-3 for a, b in spans), event
    beds = [e for e in text.events if e.subcategory is Subcategory.AMBIENCE]
    assert {(bed.start_s, bed.end_s) for bed in beds} >= spans
    for one, other in pairwise(sorted(beds, key=lambda bed: bed.start_s)):
        assert one.end_s <= other.start_s or one.start_s == other.start_s


def test_a_scene_that_is_not_objected_to_is_not_written_again(team, written):
    brief, text = written
    chop = next(event for event in text.events if event.subcategory is Subcategory.CHOP)
    asked = Objection(flaw=Flaw.EMPTY_STRETCH, text="nothing moves", event_id=chop.id)
    again = SceneScribe(team.scribe).propose(brief, text, (asked,))
    outside = [event for event in text.events if not event.id.endswith("_s3")]
    assert [event for event in again.events if not event.id.endswith("_s3")] == outside


def test_scenes_are_judged_searched_and_scored_apart(team, written):
    brief, text = written
    for objection in SceneValidator(team.validator).review(brief, text):
        assert objection.scene in {"s1", "s3", "s4"}
    writer, scorer = SceneWriter(team.writer), SceneScorer(team.scorer)
    root = writer.root(brief, text)
    score = scorer.score(brief, text, root)
    children = writer.expand(brief, text, root, score, 2)
    assert 1 <= len(children) <= 2
    best = max(scorer.score(brief, text, child.script).total for child in children)
    assert best >= score.total
    steps = next(e for e in root.events if e.subcategory is Subcategory.HUMAN_STEPS)
    assert root.space_of(steps) is Space.OPEN_FIELD


def test_scenes_of_one_place_share_one_ambience(team):
    back = film((1, SNOW, 0.7), (2, ROOM, 0.2), (1, SNOW, 0.7), (3, FOREST, 0.5))
    script = SCRIPT.replace("EXT. FOREST", "EXT. SNOWY MOUNTAIN - DAY\n\nShe waits.\n\nEXT. FOREST")
    found = aligned(script, back)
    text = SceneScribe(team.scribe).propose(Brief(observation=back, scenes=found.scenes), None, ())
    shared = [
        event
        for event in text.events
        if event.subcategory is Subcategory.AMBIENCE and len(event.spans) > 1
    ]
    assert [(s.start_s, s.end_s) for s in shared[0].spans] == [(0.0, 4.0), (8.0, 12.0)]


def test_a_film_of_one_scene_is_written_as_before(team, tmp_path: Path):
    brief = Brief(observation=THREE, description="Boots walk on snow.")
    text = SceneScribe(team.scribe).propose(brief, None, ())
    assert text == team.scribe.propose(brief, None, ())
    assert text.settings == ()


def test_a_scenes_file_is_read_as_it_was_written_and_then_counts_as_a_persons_word(tmp_path: Path):
    found = aligned(SCRIPT)
    path = tmp_path / "scenes.yaml"
    path.write_text(to_yaml(found))
    read = read_scenes(path)
    assert [(s.id, s.start_s, s.end_s, s.place, s.text) for s in read.scenes] == [
        (s.id, s.start_s, s.end_s, s.place, s.text) for s in found.scenes
    ]
    assert {scene.settled_by for scene in read.scenes} == {SettledBy.PERSON}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("end_s: 8.0", "end_s: 7.0", "s1 ends at 7.0 s, s2 starts at 8.0 s"),
        ("id: s3", "id: s1", "scene ids must differ"),
        ("scenes:", "scenes: !!python/object:os.system", "scenes.yaml"),
        ("place: 1", "place: -1", "greater than or equal to 0"),
    ],
)
def test_a_scenes_file_that_is_wrong_says_where(tmp_path: Path, old, new, told):
    path = tmp_path / "scenes.yaml"
    path.write_text(to_yaml(aligned(SCRIPT)).replace(old, new, 1))
    with pytest.raises(FoleyError, match=told) as caught:
        read_scenes(path)
    assert caught.value.code is ErrorCode.DOCUMENT_INVALID


def test_timed_lines_keep_their_times_in_their_scene():
    lines = (
        "WEBVTT\n\n00:01.000 --> 00:03.000\nBoots in snow.\n\n00:13.000 --> 00:15.000\nA knife.\n"
    )
    found = RulesAligner().align(THREE, timed.parse(lines, "vtt"), None)
    kept = [(s.id, s.text.action, s.settled_by) for s in found.scenes if s.text]
    assert [one[1] for one in kept] == ["Boots in snow.", "A knife."]
    assert {one[2] for one in kept} == {SettledBy.TIMES}
    kitchen = next(s for s in found.scenes if s.text and s.text.action == "A knife.")
    moved = words_within(kitchen.text, kitchen)
    assert moved.elements[0].start_s == 13.0 - kitchen.start_s


def test_sentences_of_a_scene_go_to_its_shots_where_the_frames_tell_them_apart():
    wild = film((1, SNOW, 0.7), (3, FOREST, 0.5), (2, ROOM, 0.2))
    script = (
        "EXT. WILDERNESS - DAY\n\nBoots crunch through the snow. A stream runs in the forest.\n\n"
        "INT. KITCHEN - NIGHT\n\nA knife chops onions.\n"
    )
    found = aligned(script, wild)
    snow, stream = found.scenes[0].text.elements
    assert (snow.start_s, snow.end_s) == (0.0, 4.0)
    assert (stream.start_s, stream.end_s) == (4.0, 8.0)


def test_rain_outside_a_house_is_heard_through_its_walls(team):
    script = (
        "EXT. HUT - NIGHT\n\nHeavy rain falls on the snow.\n\n"
        "INT. HUT - NIGHT\n\nA clock ticks.\n\nEXT. FOREST - DAY\n\nA stream runs.\n"
    )
    found = aligned(script)
    text = SceneScribe(team.scribe).propose(Brief(observation=THREE, scenes=found.scenes), None, ())
    rain = [event for event in text.events if event.subcategory is Subcategory.RAIN]
    assert {(event.start_s, event.end_s) for event in rain} == {(0.0, 8.0), (12.0, 16.0)}
    inside = next(event for event in rain if event.start_s == 12.0)
    assert futz_of(inside) is Futz.NEXT_ROOM
