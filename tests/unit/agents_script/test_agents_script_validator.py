from foley_designer.agents.interfaces import Flaw
from foley_designer.core.category import Subcategory
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.observation import MomentKind, MotionKind
from foley_designer.core.script.sound_event import Hit, Source, SourceKind, Span


def flaws(objections):
    return [objection.flaw for objection in objections]


def changed(text, index, **changes):
    event = text.events[index].model_copy(update=changes)
    events = (*text.events[:index], event, *text.events[index + 1 :])
    return text.model_copy(update={"events": events})


def test_agreement_on_what_was_seen_and_told(scribe, validator, told, walk, strikes):
    for seen, words in ((walk, "boots walking on a path"), (strikes, "a hammer hits an anvil")):
        brief = told(seen, words)
        assert validator.review(brief, scribe.propose(brief, None, ())) == ()
    brief = Brief(observation=walk)
    assert validator.review(brief, scribe.propose(brief, None, ())) == ()


def test_a_missed_step_is_named_with_its_event(scribe, validator, told, walk):
    brief = told(walk, "boots walking on a dirt path")
    text = scribe.propose(brief, None, ())
    steps = text.events[0]
    fewer = changed(text, 0, hits=steps.hits[2:])
    (objection,) = validator.review(brief, fewer)
    assert (objection.flaw, objection.event_id) == (Flaw.MISSED_MOMENT, steps.id)
    assert objection.moment_ids == tuple(moment.id for moment in walk.moments[:2])


def test_a_confident_contact_that_nothing_explains_is_objected_to_and_answered(
    scribe, validator, told, track, moments, observe
):
    steps = moments(MomentKind.STEP, [0.5 + 0.55 * i for i in range(10)])
    bump = moments(MomentKind.CONTACT, [3.1], "t2", x=0.9)
    tracks = (track("t1", MotionKind.WALKING), track("t2", MotionKind.STILL, x=0.9))
    brief = told(observe(tracks, steps + bump), "boots walking on a dirt path")
    text = scribe.propose(brief, None, ())
    (objection,) = validator.review(brief, text)
    assert objection.moment_ids == (bump[0].id,)
    better = scribe.propose(brief, text, (objection,))
    assert validator.review(brief, better) == ()
    assert [e for e in better.events if e.subcategory is not Subcategory.CLOTH] == [*text.events]


def test_doubtful_moments_are_nobodys_duty(scribe, validator, told, track, moments, observe):
    steps = moments(MomentKind.STEP, [0.5 + 0.55 * i for i in range(10)])
    doubtful = moments(MomentKind.CONTACT, [3.1], "t2", confidence=0.3)
    brief = told(observe((track("t1", MotionKind.WALKING),), steps + doubtful), "a man walks")
    assert validator.review(brief, scribe.propose(brief, None, ())) == ()


def test_hits_where_nothing_moves_are_objected_to_and_dropped(
    scribe, validator, told, track, moments, observe
):
    activity = tuple(0.1 if frame < 75 else 0.0 for frame in range(150))
    blows = moments(MomentKind.CONTACT, [0.5, 1.0, 1.5, 2.0])
    brief = told(
        observe((track("t1", MotionKind.STRIKING, 0, 3),), blows, activity=activity),
        "a hammer hits an anvil",
    )
    text = scribe.propose(brief, None, ())
    wrong = changed(text, 0, hits=(*text.events[0].hits, Hit(time_s=5.0)))
    (objection,) = validator.review(brief, wrong)
    assert (objection.flaw, objection.event_id) == (Flaw.EMPTY_STRETCH, text.events[0].id)
    assert "5.00" in objection.text
    assert scribe.propose(brief, wrong, (objection,)).events == text.events


def test_unknown_tracks_and_late_times_are_objected_to(scribe, validator, told, walk):
    brief = told(walk, "boots walking on a dirt path")
    text = scribe.propose(brief, None, ())
    lost = changed(text, 0, source=Source(kind=SourceKind.TRACK, track_id="t9"))
    assert flaws(validator.review(brief, lost)) == [Flaw.UNKNOWN_TRACK]
    late = changed(text, 1, spans=(Span(start_s=0, end_s=9),))
    (objection,) = validator.review(brief, late)
    assert objection.flaw is Flaw.OUTSIDE_SHOT
    assert scribe.propose(brief, late, (objection,)).events[1].end_s == walk.clip.duration_s


def test_hits_in_a_shot_without_the_source_are_objected_to_and_dropped(
    scribe, validator, told, track, moments, observe
):
    """Times inside shots: a track that is seen in the first shot does not hit in the second."""
    blows = moments(MomentKind.CONTACT, [0.5, 1.0, 1.5, 2.0])
    seen = observe((track("t1", MotionKind.STRIKING, 0, 3),), blows)
    (whole,) = seen.shots
    first, second = (
        whole.model_copy(update={"end_s": 3.0}),
        whole.model_copy(update={"index": 1, "start_s": 3.0}),
    )
    brief = told(seen.model_copy(update={"shots": (first, second)}), "a hammer hits an anvil")
    text = scribe.propose(brief, None, ())
    wrong = changed(text, 0, hits=(*text.events[0].hits, Hit(time_s=5.0)))
    (objection,) = validator.review(brief, wrong)
    assert (objection.flaw, objection.event_id) == (Flaw.OUTSIDE_SHOT, text.events[0].id)
    assert "5.00" in objection.text
    assert scribe.propose(brief, wrong, (objection,)).events == text.events
    alone = changed(text, 0, hits=(Hit(time_s=5.0),))
    (kept, *_) = scribe.propose(brief, alone, (objection,)).events
    assert kept.source.kind is SourceKind.POINT
    assert kept.hits[-1].time_s == 5.0


def test_a_named_sound_that_is_missing_is_objected_to_and_added(scribe, validator, told, walk):
    brief = told(walk, "boots walk on gravel, rain falls")
    text = scribe.propose(brief, None, ())
    dry = text.model_copy(
        update={"events": tuple(e for e in text.events if e.subcategory is not Subcategory.RAIN)}
    )
    (objection,) = validator.review(brief, dry)
    assert objection.flaw is Flaw.SCRIPT_SOUND_MISSING
    wet = scribe.propose(brief, dry, (objection,))
    assert validator.review(brief, wet) == ()
    assert len(wet.events) == len(text.events)


def test_sparks_and_wheels_need_no_foley_of_their_own(
    scribe, validator, told, track, moments, observe
):
    noise = moments(MomentKind.CONTACT, [1.0, 2.0], "t2")
    brief = told(observe((track("t1", MotionKind.PASSING),), noise), "a train passes by")
    assert validator.review(brief, scribe.propose(brief, None, ())) == ()
