import pytest

from foley_designer.agents.interfaces import Flaw, Objection
from foley_designer.agents.scribe.timing import GUESSED
from foley_designer.agents.scribe.unsaid.unnamed import ADVICE, BLIND
from foley_designer.core.category import Subcategory
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.observation import Box, MomentKind, MotionKind, PlaceTrait
from foley_designer.core.script.performance import Layer
from foley_designer.core.script.screenplay import Element, ElementKind, ScriptScene
from foley_designer.core.script.sound_event import SourceKind
from foley_designer.core.script.structured_text import StructuredText


def only(text, subcategory):
    (event,) = [event for event in text.events if event.subcategory is subcategory]
    return event


def test_steps_are_timed_by_the_walkers_moments(scribe, told, walk):
    text = scribe.propose(told(walk, "boots walking on a dirt path"), None, ())
    steps = only(text, Subcategory.HUMAN_STEPS)
    assert [hit.time_s for hit in steps.hits] == [moment.time_s for moment in walk.moments]
    assert [hit.moment_id for hit in steps.hits] == [moment.id for moment in walk.moments]
    assert (steps.source.kind, steps.source.track_id) == (SourceKind.TRACK, "t1")
    assert (steps.performance.variant, steps.performance.surface) == ("boots", "dirt")
    assert steps.id.startswith("e01_boots_walking")


def test_what_runs_alone_on_screen_is_in_front(scribe, told, walk):
    alone = scribe.propose(told(walk, "an engine idles with the bonnet open"), None, ())
    assert only(alone, Subcategory.VEHICLE).layer is Layer.FOREGROUND
    assert only(alone, Subcategory.AMBIENCE).layer is Layer.BACKGROUND
    words = "boots walk on a dirt path while an engine idles"
    behind = scribe.propose(told(walk, words), None, ())
    assert only(behind, Subcategory.VEHICLE).layer is Layer.BACKGROUND


def test_a_bed_lies_in_the_background_throughout(scribe, told, walk):
    text = scribe.propose(told(walk, "boots walking on a dirt path"), None, ())
    bed = only(text, Subcategory.AMBIENCE)
    assert bed.layer is Layer.BACKGROUND
    assert (bed.start_s, bed.end_s) == (0.0, walk.clip.duration_s)
    assert text.outdoors
    assert text.events[-1] is bed


def test_the_proposal_is_a_valid_document_and_repeats(scribe, told, walk):
    brief = told(walk, "boots walking on a dirt path")
    text = scribe.propose(brief, None, ())
    assert StructuredText.from_json(text.to_json()) == text
    assert scribe.propose(brief, None, ()).hash == text.hash


def test_without_words_there_is_movement_and_advice(scribe, walk, strikes):
    text = scribe.propose(Brief(observation=walk), None, ())
    assert {Subcategory.HUMAN_STEPS, Subcategory.CLOTH, Subcategory.AMBIENCE} == {
        event.subcategory for event in text.events
    }
    assert text.open_points == (ADVICE, BLIND)
    contacts = only(scribe.propose(Brief(observation=strikes), None, ()), Subcategory.OBJECT_IMPACT)
    assert len(contacts.hits) == 8


@pytest.mark.parametrize(
    ("outdoors", "wide", "heard"),
    [
        (0.9, True, True),
        (0.5, True, True),
        (0.1, True, False),
        (0.9, False, False),
    ],
)
def test_what_passes_out_of_doors_unnamed_is_a_vehicle(
    scribe, observe, track, outdoors, wide, heard
):
    car = track("t1", MotionKind.PASSING, 1.0, 3.0)
    if wide:
        flat = [
            one.model_copy(update={"box": Box(x=0.5, y=0.5, width=0.5, height=0.3)})
            for one in car.sightings
        ]
        car = car.model_copy(update={"sightings": tuple(flat)})
    seen = observe((car,))
    shot = seen.shots[0].model_copy(update={"place": {PlaceTrait.OUTDOORS: outdoors}})
    text = scribe.propose(Brief(observation=seen.model_copy(update={"shots": (shot,)})), None, ())
    kinds = {event.subcategory for event in text.events}
    assert (Subcategory.VEHICLE in kinds) is heard
    assert (Subcategory.CLOTH in kinds) is not heard
    assert any("taken for a vehicle" in point for point in text.open_points) is heard


def test_an_empty_picture_without_words_still_has_a_bed(scribe, observe):
    text = scribe.propose(Brief(observation=observe(activity=())), None, ())
    assert [event.subcategory for event in text.events] == [Subcategory.AMBIENCE]


def test_what_is_told_and_not_seen_is_kept_with_low_confidence(scribe, told, observe):
    activity = tuple(0.3 if frame % 20 == 10 else 0.01 for frame in range(150))
    text = scribe.propose(told(observe(activity=activity), "a hammer hits the anvil"), None, ())
    blows = only(text, Subcategory.METAL_IMPACT)
    assert [round(hit.time_s, 2) for hit in blows.hits] == [0.4]
    assert blows.confidence == pytest.approx(GUESSED)
    assert any("activity" in point for point in text.open_points)


def test_one_action_is_read_from_what_all_evidence_says(scribe, told, track, moments, observe):
    contacts = moments(MomentKind.CONTACT, [0.3, 0.5, 5.0], confidence=0.9)
    impacts = moments(MomentKind.IMPACT, [1.9, 4.4], confidence=0.5)
    weak = moments(MomentKind.IMPACT, [3.0], confidence=0.2)
    seen = observe((track("t1", MotionKind.STRIKING),), contacts + impacts + weak)
    text = scribe.propose(told(seen, "a hammer hits the anvil"), None, ())
    assert [hit.time_s for hit in only(text, Subcategory.METAL_IMPACT).hits] == [1.9, 4.4]


def test_several_actions_are_read_from_their_own_tracks(scribe, told, track, moments, observe):
    blows = moments(MomentKind.CONTACT, [1.0, 3.0], "t1", confidence=0.9)
    steps = moments(MomentKind.STEP, [0.5, 1.1, 1.7, 2.3], "t2", confidence=0.9)
    impacts = moments(MomentKind.IMPACT, [0.5, 1.0, 1.1, 1.7, 2.3, 3.0], confidence=0.9)
    tracks = (track("t1", MotionKind.STRIKING, x=0.2), track("t2", MotionKind.WALKING, x=0.8))
    text = scribe.propose(
        told(observe(tracks, blows + steps + impacts), "A smith hammers on an anvil. A man walks."),
        None,
        (),
    )
    assert [hit.time_s for hit in only(text, Subcategory.METAL_IMPACT).hits] == [1.0, 3.0]
    assert [hit.time_s for hit in only(text, Subcategory.HUMAN_STEPS).hits] == [0.5, 1.1, 1.7, 2.3]


def test_a_still_picture_does_not_silence_what_is_told(scribe, told, observe):
    text = scribe.propose(told(observe(activity=(0.0,) * 150), "a hammer hits the anvil"), None, ())
    assert len(only(text, Subcategory.METAL_IMPACT).hits) == 1


def test_a_door_that_slams_slams_once(scribe, told, strikes):
    text = scribe.propose(told(strikes, "a door slams"), None, ())
    assert len(only(text, Subcategory.DOOR).hits) == 1


def test_two_strikers_keep_their_own_moments(scribe, told, track, moments, observe):
    left = moments(MomentKind.CONTACT, [0.5, 1.5, 2.5, 3.5], "t1", x=0.2)
    right = moments(MomentKind.CONTACT, [1.0, 2.0, 3.0, 4.0], "t2", x=0.8)
    tracks = (
        track("t1", MotionKind.STRIKING, x=0.2, label="smith"),
        track("t2", MotionKind.STRIKING, x=0.8, label="cook"),
    )
    seen = observe(tracks, left + right)
    text = scribe.propose(
        told(seen, "A smith hammers on an anvil while a cook chops cabbage."), None, ()
    )
    smith, cook = only(text, Subcategory.METAL_IMPACT), only(text, Subcategory.CHOP)
    assert (smith.source.track_id, cook.source.track_id) == ("t1", "t2")
    assert [hit.time_s for hit in smith.hits] == [0.5, 1.5, 2.5, 3.5]
    assert [hit.time_s for hit in cook.hits] == [1.0, 2.0, 3.0, 4.0]


def test_rivals_that_the_picture_does_not_tell_apart_share_the_time(scribe, told, strikes):
    text = scribe.propose(told(strikes, "He knocks at the door. The door opens."), None, ())
    knocks, opening = sorted(
        (e for e in text.events if e.subcategory is Subcategory.DOOR), key=lambda e: e.start_s
    )
    assert knocks.end_s < opening.start_s


def test_a_vehicle_is_heard_before_it_is_seen(scribe, told, track, observe):
    seen = observe((track("t1", MotionKind.PASSING, 2.0, 3.0),))
    car = only(scribe.propose(told(seen, "a car passes"), None, ()), Subcategory.VEHICLE)
    assert car.start_s == pytest.approx(0.5)
    assert car.end_s == pytest.approx(4.5, abs=0.1)


def test_several_cars_are_several_events(scribe, told, track, observe):
    seen = observe(
        (
            track("t1", MotionKind.PASSING, 0.0, 3.0, x=0.2),
            track("t2", MotionKind.PASSING, 1.0, 4.0, x=0.8),
        )
    )
    text = scribe.propose(told(seen, "cars on a road"), None, ())
    cars = [event for event in text.events if event.subcategory is Subcategory.VEHICLE]
    assert {car.source.track_id for car in cars} == {"t1", "t2"}


def test_timed_text_places_its_sounds(scribe, observe):
    lines = tuple(
        Element(kind=ElementKind.ACTION, text=text, line=line, start_s=start, end_s=start + 1)
        for line, (text, start) in enumerate([("A dog barks far away.", 1.0), ("Rain.", 3.0)], 1)
    )
    brief = Brief(observation=observe(), scene=ScriptScene(elements=lines))
    text = scribe.propose(brief, None, ())
    assert only(text, Subcategory.ANIMAL_VOICE).start_s == pytest.approx(1.0)
    rain = only(text, Subcategory.RAIN)
    assert (rain.start_s, rain.end_s) == (3.0, 4.0)


def test_a_timed_place_does_not_replace_the_bed(scribe, observe):
    element = Element(
        kind=ElementKind.ACTION, text="A quiet kitchen.", line=1, start_s=1.0, end_s=2.0
    )
    brief = Brief(observation=observe(), scene=ScriptScene(elements=(element,)))
    beds = [e for e in scribe.propose(brief, None, ()).events if e.layer is Layer.BACKGROUND]
    assert (0.0, 6.0) in {(event.start_s, event.end_s) for event in beds}


def test_what_is_far_away_is_off_screen_and_behind(scribe, told, walk):
    text = scribe.propose(told(walk, "a man walks; in the distance, a dog barks twice"), None, ())
    dog = only(text, Subcategory.ANIMAL_VOICE)
    assert len(dog.hits) == 2
    assert not dog.source.on_screen
    assert dog.layer is Layer.BACKGROUND
    assert dog.source.distance_m is not None and dog.source.distance_m >= 30


def test_objections_open_only_what_they_name(scribe, told, walk):
    brief = told(walk, "boots walking on a dirt path")
    first = scribe.propose(brief, None, ())
    steps = first.events[0]
    shorter = first.model_copy(
        update={
            "events": (steps.model_copy(update={"hits": steps.hits[:-1]}), *first.events[1:]),
        }
    )
    missed = Objection(
        flaw=Flaw.MISSED_MOMENT,
        text="one step",
        event_id=steps.id,
        moment_ids=(steps.hits[-1].moment_id,),
    )
    second = scribe.propose(brief, shorter, (missed,))
    assert second.events == first.events


def test_an_unknown_track_becomes_a_place(scribe, told, walk):
    brief = told(walk, "boots walking on a dirt path")
    first = scribe.propose(brief, None, ())
    lost = Objection(flaw=Flaw.UNKNOWN_TRACK, text="?", event_id=first.events[0].id)
    assert scribe.propose(brief, first, (lost,)).events[0].source.kind is SourceKind.POINT


def test_movement_at_the_clips_end_stays_inside(scribe, writer, told, track, moments, observe):
    bumps = moments(MomentKind.CONTACT, [1.0, 5.95], "t2")
    seen = observe((track("t1", MotionKind.WALKING), track("t2", MotionKind.STILL)), bumps)
    brief = told(seen, "a man walks")
    first = scribe.propose(brief, None, ())
    ids = tuple(moment.id for moment in bumps)
    missed = Objection(flaw=Flaw.MISSED_MOMENT, text="two bumps", moment_ids=ids)
    second = scribe.propose(brief, first, (missed,))
    movement = only(second, Subcategory.CLOTH)
    third = scribe.propose(
        brief, second, (missed.model_copy(update={"event_id": movement.id}), missed)
    )
    for text in (second, third):
        assert len(only(text, Subcategory.CLOTH).spans) == 2
        assert all(event.end_s <= seen.clip.duration_s for event in text.events)
        assert writer.root(brief, text).events == text.events


def test_a_list_of_sounds_is_bounded_and_said(scribe, told, walk, knowledge):
    triggers = ". ".join(card.triggers[0].replace(" ...", "") for card in knowledge.cards)
    text = scribe.propose(told(walk, triggers), None, ())
    assert len(text.events) <= 60
    assert any("sounds or more" in point for point in text.open_points)


def test_a_sea_lies_around_though_one_wave_is_tracked(scribe, told, observe, track):
    seen = observe((track("t1", MotionKind.WORKING, x=0.2),))
    sea = only(scribe.propose(told(seen, "waves roll onto the beach"), None, ()), Subcategory.FLOW)
    assert sea.source.kind is SourceKind.AROUND


def test_a_frame_that_moves_as_a_whole_is_no_place(scribe, told, observe, track):
    def source_of(size: float):
        sightings = tuple(
            one.model_copy(update={"box": Box(x=0.6, y=0.5, width=size, height=size)})
            for one in track("t1", MotionKind.WORKING).sightings
        )
        mover = track("t1", MotionKind.WORKING).model_copy(update={"sightings": sightings})
        text = scribe.propose(told(observe((mover,)), "a carpenter saws a plank"), None, ())
        return only(text, Subcategory.FRICTION).source.kind

    assert source_of(0.4) is SourceKind.TRACK
    assert source_of(0.95) is SourceKind.POINT


def test_without_words_and_contacts_nothing_hits(scribe, track, moments, observe):
    """Peaks of evidence stand out against each other, in a passing car too."""
    impacts = moments(MomentKind.IMPACT, [1.0, 2.0, 3.0], confidence=0.9)
    seen = observe((track("t1", MotionKind.PASSING),), impacts)
    text = scribe.propose(Brief(observation=seen), None, ())
    assert not [e for e in text.events if e.subcategory is Subcategory.OBJECT_IMPACT]


def test_without_words_clear_contacts_let_the_evidence_speak(scribe, track, moments, observe):
    contacts = moments(MomentKind.CONTACT, [1.1], "t1", confidence=0.9)
    impacts = moments(MomentKind.IMPACT, [1.0, 2.0, 3.0], confidence=0.9)
    seen = observe((track("t1", MotionKind.STRIKING),), contacts + impacts)
    text = scribe.propose(Brief(observation=seen), None, ())
    assert [h.time_s for h in only(text, Subcategory.OBJECT_IMPACT).hits] == [1.0, 2.0, 3.0]


def test_two_hammers_strike_at_their_own_times(scribe, told, observe, track, moments):
    times = {"t1": [0.5, 1.5, 2.5, 3.5], "t2": [0.9, 1.6, 2.3, 3.0, 3.7]}
    blows = tuple(m for name in times for m in moments(MomentKind.CONTACT, times[name], name))
    makers = tuple(track(name, MotionKind.STRIKING, x=x) for name, x in (("t1", 0.3), ("t2", 0.7)))
    text = scribe.propose(told(observe(makers, blows), "Two hammers strike anvils."), None, ())
    struck = {e.source.track_id: [hit.time_s for hit in e.hits] for e in text.events if e.hits}
    assert struck == times
