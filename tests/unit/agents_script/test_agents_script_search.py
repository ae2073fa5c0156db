import pytest

from foley_designer.agents.interfaces import Flaw, Score
from foley_designer.agents.scorer.rules import RulesScorer
from foley_designer.agents.script_writer.search import Candidate, prune
from foley_designer.core.category import Category, Subcategory
from foley_designer.core.note import NoteKind
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.performance import Layer
from foley_designer.core.script.sound_event import Source, SourceKind


@pytest.fixture
def start(scribe, writer, told, walk):
    """A brief, its T and its root script."""

    def of(words: str):
        brief = told(walk, words)
        text = scribe.propose(brief, None, ())
        return brief, text, writer.root(brief, text)

    return of


def flaws(score):
    return {objection.flaw for objection in score.objections}


def change(script, index, **changes):
    event = script.events[index].model_copy(update=changes)
    events = (*script.events[:index], event, *script.events[index + 1 :])
    return script.model_copy(update={"events": events})


def test_the_root_is_t_as_a_script(start):
    _, text, root = start("boots walking on a dirt path")
    assert root.events == text.events
    assert FoleyScript.from_json(root.to_json()) == root


def test_a_clip_without_words_says_what_naming_would_bring(scribe, writer, walk):
    brief = Brief(observation=walk)
    root = writer.root(brief, scribe.propose(brief, None, ()))
    note, more = root.notes
    assert {note.kind, more.kind} == {NoteKind.ADVICE}
    assert "--describe" in note.text and "models pull pictures" in more.text


@pytest.mark.parametrize(
    ("changes", "flaw"),
    [
        ({"layer": Layer.BACKGROUND}, Flaw.WRONG_LAYER),
        ({"hits": "first"}, Flaw.MISSED_MOMENT),
        ({"performance": "bare"}, Flaw.MISSING_SURFACE),
        ({"description": "Steps."}, Flaw.AMBIGUOUS_DESCRIPTION),
    ],
)
def test_each_flaw_costs_and_is_named(start, scorer, changes, flaw):
    brief, text, root = start("boots walking on a dirt path")
    steps = root.events[0]
    if changes.get("hits"):
        changes = {"hits": steps.hits[:1]}
    if changes.get("performance"):
        changes = {"performance": steps.performance.model_copy(update={"surface": None})}
    worse = scorer.score(brief, text, change(root, 0, **changes))
    assert flaw in flaws(worse)
    assert worse.total < scorer.score(brief, text, root).total


def test_each_part_of_the_score_has_its_own_weight(start, knowledge):
    brief, text, root = start("boots walk on gravel, a dog barks")
    bare = root.model_copy(update={"events": root.foreground})
    score = RulesScorer(knowledge, (0.5, 0.3, 0.2)).score(brief, text, bare)
    assert len({score.align, score.layer, score.emotion}) == 3
    expected = 0.5 * score.align + 0.3 * score.layer + 0.2 * score.emotion
    assert score.total == pytest.approx(expected, abs=1e-9)


def test_weights_decide_which_script_is_better(start, writer, scorer, knowledge):
    brief, text, layered = start("A terrified man flees, boots on gravel. A violent fight.")
    violent = writer.expand(brief, text, layered, scorer.score(brief, text, layered), 3)[0].script
    bare = violent.model_copy(update={"events": violent.foreground})

    def better(*weights: float) -> str:
        weighed = RulesScorer(knowledge, weights)
        totals = {one.hash: weighed.score(brief, text, one).total for one in (layered, bare)}
        return "layers" if totals[layered.hash] > totals[bare.hash] else "emotion"

    assert better(0.1, 0.8, 0.1) == "layers"
    assert better(0.1, 0.1, 0.8) == "emotion"


def test_a_script_without_a_bed_or_a_named_sound_costs(start, scorer):
    brief, text, root = start("boots walk on gravel, a dog barks")
    whole = scorer.score(brief, text, root)
    for missing, flaw in (
        (Subcategory.AMBIENCE, Flaw.NO_BACKGROUND),
        (Subcategory.ANIMAL_VOICE, Flaw.SCRIPT_SOUND_MISSING),
    ):
        events = tuple(event for event in root.events if event.subcategory is not missing)
        score = scorer.score(brief, text, root.model_copy(update={"events": events}))
        assert flaw in flaws(score)
        assert score.total < whole.total


def test_structure_is_checked_before_anything_else(start, scorer):
    brief, text, root = start("boots walking on a dirt path")
    lost = change(root, 0, source=Source(kind=SourceKind.TRACK, track_id="t9"))
    score = scorer.score(brief, text, lost)
    assert (score.total, flaws(score)) == (0.0, {Flaw.INCOHERENT})
    other = root.model_copy(update={"clip": root.clip.model_copy(update={"sha256": "f" * 64})})
    assert scorer.score(brief, text, other).total == 0


def test_refinement_adds_cloth_and_keeps_the_rest(start, writer, scorer):
    brief, text, root = start("boots walking on a dirt path")
    score = scorer.score(brief, text, root)
    children = writer.expand(brief, text, root, score, 3)
    best = max(children, key=lambda child: scorer.score(brief, text, child.script).total)
    assert best.operator.startswith("refine:") and "follow_up" in best.operator
    added = [event for event in best.script.events if event not in root.events]
    assert [event.category for event in added] == [Category.MOVEMENT]
    assert scorer.score(brief, text, best.script).total > score.total


def test_a_wrong_tone_is_answered_by_regeneration(start, writer, scorer):
    brief, text, root = start("A terrified man flees, boots on gravel. A violent fight.")
    score = scorer.score(brief, text, root)
    assert Flaw.WRONG_EMOTION in flaws(score)
    first = writer.expand(brief, text, root, score, 3)[0]
    assert first.operator == "regenerate:tone"
    again = scorer.score(brief, text, first.script)
    assert again.emotion > score.emotion
    assert Flaw.WRONG_EMOTION not in flaws(again)
    assert {event.performance.mood for event in first.script.foreground} == {"violent"}
    assert "regenerate:tone" not in {
        child.operator for child in writer.expand(brief, text, first.script, again, 9)
    }


def test_each_flaw_has_an_operator_that_mends_it(start, writer, scorer):
    brief, text, root = start("boots walking on a dirt path")
    steps = root.events[0]
    bare = steps.performance.model_copy(update={"surface": None})
    broken = change(root, 0, layer=Layer.BACKGROUND, performance=bare, description="Steps.")
    twins = tuple(steps.model_copy(update={"id": f"e9{k}_twin"}) for k in range(2))
    broken = broken.model_copy(update={"events": (*broken.events[:1], *twins)})
    score = scorer.score(brief, text, broken)
    together = next(
        child
        for child in writer.expand(brief, text, broken, score, 9)
        if child.operator.count("+") > 2
    )
    mended = scorer.score(brief, text, together.script)
    assert mended.total > score.total
    assert Flaw.OVERLAPPING_LAYERS in flaws(score) and Flaw.NO_BACKGROUND in flaws(score)
    assert flaws(mended) <= {Flaw.OVERLAPPING_LAYERS}


def test_sounds_of_the_story_that_are_not_shown_are_added(start, writer, scorer):
    brief, text, root = start("boots walk on gravel, a door slams")
    events = tuple(event for event in root.events if event.subcategory is not Subcategory.DOOR)
    without = root.model_copy(update={"events": events})
    score = scorer.score(brief, text, without)
    child = next(
        child
        for child in writer.expand(brief, text, without, score, 9)
        if child.operator == "refine:narrative_sounds"
    )
    (door,) = [e for e in child.script.events if e.subcategory is Subcategory.DOOR]
    assert not door.source.on_screen
    assert len({event.id for event in child.script.events}) == len(child.script.events)


def test_a_dream_is_told_apart(start, writer, scorer):
    brief, text, root = start("boots walk on gravel. In her dream a horse neighs.")
    score = scorer.score(brief, text, root)
    children = writer.expand(brief, text, root, score, 9)
    child = next(c for c in children if c.operator == "refine:diegetic_separation")
    outside = {event.subcategory for event in child.script.events if not event.diegetic}
    assert outside == {Subcategory.ANIMAL_VOICE}


def test_children_are_distinct_few_and_the_same_each_time(start, writer, scorer):
    brief, text, root = start("A happy man walks in the park.")
    score = scorer.score(brief, text, root)
    for k in (1, 2, 3):
        children = writer.expand(brief, text, root, score, k)
        hashes = [child.script.hash for child in children]
        assert len(children) == k
        assert len({*hashes, root.hash}) == k + 1
        assert children == writer.expand(brief, text, root, score, k)
        assert all(child.reason for child in children)


def test_a_finished_script_has_no_refining_children(start, writer, scorer):
    brief, text, script = start("boots walking on a dirt path")
    for _ in range(4):
        score = scorer.score(brief, text, script)
        children = writer.expand(brief, text, script, score, 1)
        if not children:
            break
        script = children[0].script
    assert writer.expand(brief, text, script, scorer.score(brief, text, script), 9) == ()


def test_pruning_keeps_the_best_distinct_ones(start):
    _, _, root = start("boots walking on a dirt path")

    def candidate(total: float, summary: str) -> Candidate:
        score = Score(align=total, layer=total, emotion=total, total=total)
        return Candidate(root.model_copy(update={"summary": summary}), score)

    low, high, same = candidate(0.2, "a"), candidate(0.9, "b"), candidate(0.9, "b")
    middle = candidate(0.5, "c")
    assert prune([low, high, same, middle], 2) == (high, middle)
