"""Verdicts on moments: what someone who looked says wins, and nothing is lost silently."""

import pytest

from foley_designer.core.clip import Clip
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.script.observation import (
    Box,
    Moment,
    MomentKind,
    MotionKind,
    Observation,
    Shot,
    Sighting,
    Track,
)
from foley_designer.core.script.spotting import Spot, Spotting, Verdict, blank
from foley_designer.core.script.spotting_apply import apply
from foley_designer.vision.events.spotting import select
from foley_designer.vision.tracking.candidates import candidates

CLIP = Clip(
    name="a.mp4",
    sha256="0" * 64,
    width=640,
    height=360,
    rate="25",
    duration_s=4.0,
    frame_count=100,
)


def moment(name: str, time_s: float, confidence: float, **more: object) -> Moment:
    told = {"kind": MomentKind.CONTACT, "strength": 0.5, "track_id": "t1", "x": 0.4, "y": 0.6}
    return Moment.model_validate(
        {"id": name, "time_s": time_s, "confidence": confidence} | told | more
    )


def seen(*moments: Moment) -> Observation:
    def track(name: str, x: float, kind: MotionKind) -> Track:
        sighting = Sighting(
            time_s=0, box=Box(x=x, y=0.5, width=0.2, height=0.4), distance_m=3, speed=0.1
        )
        return Track(
            id=name,
            kind=kind,
            confidence=0.8,
            sightings=tuple(sighting.model_copy(update={"time_s": i / 25}) for i in range(100)),
        )

    return Observation(
        clip=CLIP,
        field_of_view_deg=54,
        shots=(Shot(index=0, start_s=0, end_s=4, brightness=0.5, saturation=0.3, motion=0.1),),
        tracks=(track("t1", 0.4, MotionKind.STRIKING), track("t2", 0.8, MotionKind.WORKING)),
        moments=moments,
    )


HITS = (moment("m1", 0.5, 0.9), moment("m2", 1.5, 0.3), moment("m3", 2.5, 0.8))


def judged(observation: Observation, *spots: Spot) -> Observation:
    return apply(blank(observation, observation.moments).with_verdicts(spots), observation)


def spot(name: str | None, time_s: float, verdict: Verdict, **more: object) -> Spot:
    return Spot.model_validate({"moment_id": name, "time_s": time_s, "verdict": verdict} | more)


def test_verdicts_take_the_rules_place() -> None:
    observation = judged(
        seen(*HITS),
        spot("m1", 0.5, Verdict.REJECT),
        spot("m2", 1.5, Verdict.ACCEPT, by="Ann"),
        spot("m3", 2.5, Verdict.MOVE, to_s=2.62),
        spot(None, 3.3, Verdict.ADD),
    )
    assert [(one.id, one.time_s, one.confidence) for one in observation.moments] == [
        ("m2", 1.5, 1.0),
        ("m3", 2.62, 1.0),
        ("a1", 3.3, 1.0),
    ]
    assert [one.said_by for one in observation.moments] == ["Ann", "a person", "a person"]
    assert [one.time_s for one in select(observation, "strike")] == [1.5, 2.62, 3.3]
    (note,) = observation.notes
    assert "1 accepted, 1 moved, 1 rejected, 1 added" in note.text


def test_what_nobody_judged_stays_as_it_was() -> None:
    observation = seen(*HITS)
    assert apply(blank(observation, observation.moments), observation) == observation


def test_a_rejection_stands_for_the_instant_but_not_for_what_was_shown_by_itself() -> None:
    twin = moment("m1b", 0.54, 0.4, kind=MomentKind.STEP)
    near = moment("m1c", 0.45, 0.5, track_id="t2")
    observation = seen(near, HITS[0], twin, HITS[2])
    shown = blank(observation, (HITS[0], near)).with_verdicts([spot("m1", 0.5, Verdict.REJECT)])
    assert [one.id for one in apply(shown, observation).moments] == ["m1c", "m3"]


def test_an_accepted_moment_counts_whatever_its_track() -> None:
    other = moment("m9", 3.0, 0.2, track_id="t2")
    observation = judged(seen(*HITS, other), spot("m9", 3.0, Verdict.ACCEPT))
    assert "m9" in {one.id for one in select(observation, "strike")}
    assert "m9" not in {one.id for one in select(seen(*HITS, other), "strike")}


def test_moments_are_found_again_after_a_newer_look() -> None:
    renumbered = seen(moment("m7", 0.52, 0.6), moment("m1", 2.5, 0.8))
    spots = (spot("m1", 0.5, Verdict.REJECT), spot("m4", 3.9, Verdict.ACCEPT))
    observation = apply(blank(renumbered, ()).with_verdicts(spots), renumbered)
    assert [(one.id, one.time_s) for one in observation.moments] == [("m1", 2.5), ("a1", 3.9)]


def test_a_verdict_on_what_is_gone_is_told() -> None:
    observation = judged(seen(*HITS), spot("m8", 3.5, Verdict.REJECT))
    assert any("found no moment any more (3.50 s)" in note.text for note in observation.notes)


@pytest.mark.parametrize(
    ("spotting", "told"),
    [
        (Spotting(clip="b.mp4", clip_sha256="1" * 64), "another clip"),
        (
            Spotting(clip="a.mp4", clip_sha256="0" * 64, spots=(spot(None, 9.0, Verdict.ADD),)),
            "lasts 4.00 s",
        ),
    ],
)
def test_a_spotting_of_something_else_is_refused(spotting: Spotting, told: str) -> None:
    with pytest.raises(FoleyError, match=told) as caught:
        apply(spotting, seen(*HITS))
    assert caught.value.code is ErrorCode.DOCUMENT_INVALID


@pytest.mark.parametrize("wrong", [{"verdict": "move"}, {"moment_id": None}, {"verdict": "yes"}])
def test_a_slip_in_the_file_is_told_with_its_place(wrong: dict[str, object]) -> None:
    one = {"moment_id": "m1", "time_s": 0.5, "verdict": "accept"} | wrong
    text = Spotting(clip="a.mp4", clip_sha256="0" * 64).to_json()
    with pytest.raises(FoleyError, match=r"spots\.0"):
        Spotting.from_json(
            text.replace(
                '"spots": []', f'"spots": [{one}]'.replace("'", '"').replace("None", "null")
            )
        )


def test_a_later_verdict_replaces_the_earlier_one_and_keeps_the_rest() -> None:
    first = blank(seen(*HITS), HITS).with_verdicts([spot("m1", 0.5, Verdict.REJECT)])
    second = first.with_verdicts(
        [
            spot("m1", 0.5, Verdict.ACCEPT),
            spot(None, 2.0, Verdict.ADD),
            spot(None, 2.0, Verdict.ADD),
        ]
    )
    assert [(one.moment_id, one.verdict.value) for one in second.spots] == [
        ("m1", "accept"),
        ("m2", "open"),
        (None, "add"),
        ("m3", "open"),
    ]


def test_candidates_are_one_an_instant_and_the_doubtful_ones_where_there_are_many() -> None:
    observation = seen(*HITS, moment("m4", 0.53, 0.6), moment("m5", 3.0, 0.05))
    assert [one.id for one in candidates(observation, 10)] == ["m1", "m2", "m3"]
    assert [one.id for one in candidates(observation, 1)] == ["m1"]
    assert [one.id for one in candidates(observation, 1, doubtful_first=True)] == ["m2"]


def test_of_several_makers_each_is_judged_by_itself() -> None:
    often = [moment(f"m{k}", 0.5 * k, 0.9) for k in range(1, 6)]
    seldom = [moment("m7", 0.7, 0.3, track_id="t2"), moment("m8", 2.2, 0.3, track_id="t2")]
    faint = moment("m9", 3.0, 0.05, track_id="t2")
    known = seen(*often, *seldom, faint)
    assert {one.track_id for one in select(known, "strike")} == {"t1"}
    both = select(known, "strike", makers=2)
    assert [one.id for one in both if one.track_id == "t2"] == ["m7", "m8"]
    assert [one.id for one in both if one.track_id == "t1"] == [one.id for one in often]
    alone = seen(*often)
    assert select(alone, "strike", makers=2) == select(alone, "strike")
