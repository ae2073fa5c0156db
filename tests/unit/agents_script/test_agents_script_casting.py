"""Who makes each sound: tracks are shared out among calls of all actions at once."""

import pytest

from foley_designer.agents.scribe.calls import calls
from foley_designer.agents.scribe.casting import cast
from foley_designer.agents.scribe.passages import Passage
from foley_designer.core.clip import Clip
from foley_designer.core.script.observation import (
    Box,
    MotionKind,
    Observation,
    Shot,
    Sighting,
    Track,
)
from foley_designer.memory.knowledge_base import Knowledge, load

CLIP = Clip(
    name="c.mp4", sha256="0" * 64, width=640, height=360, rate=25, duration_s=4.0, frame_count=100
)


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load()


def track(name: str, kind: MotionKind, size: float, confidence: float = 0.9) -> Track:
    box = Box(x=0.5, y=0.6, width=size, height=size)
    sightings = tuple(
        Sighting(time_s=k / 25, box=box, distance_m=4.0, speed=0.1) for k in range(100)
    )
    return Track(id=name, kind=kind, confidence=confidence, sightings=sightings)


def makers(knowledge: Knowledge, words: str, *tracks: Track) -> dict[str, list[str]]:
    shot = Shot(index=0, start_s=0, end_s=4, brightness=0.5, saturation=0.5, motion=0.1)
    seen = Observation(clip=CLIP, field_of_view_deg=54, shots=(shot,), tracks=tracks, moments=())
    called = calls((Passage(words, "description"),), knowledge)
    made = cast(called, ((),) * len(called), seen)
    return {
        call.action.value: [one.id for one in each]
        for call, each in zip(called, made, strict=True)
        if each
    }


def test_a_large_arm_does_not_make_the_bounces_of_a_small_ball(knowledge: Knowledge) -> None:
    words = "A hammer strikes a steel anvil. A rubber ball bounces on a wooden floor."
    arm = track("arm", MotionKind.STRIKING, 0.5)
    for kind in (MotionKind.FALLING, MotionKind.STRIKING):
        found = makers(knowledge, words, arm, track("ball", kind, 0.07, 0.6))
        assert found == {"strike": ["arm"], "bounce": ["ball"]}


def test_one_who_walks_and_knocks_does_both(knowledge: Knowledge) -> None:
    found = makers(
        knowledge,
        "A man walks on gravel. He knocks on a wooden door.",
        track("man", MotionKind.WALKING, 0.5),
    )
    assert found == {"steps": ["man"], "strike": ["man"]}


def test_a_voice_shares_its_maker_freely(knowledge: Knowledge) -> None:
    found = makers(
        knowledge,
        "A dog runs over the grass and barks.",
        track("dog", MotionKind.WALKING, 0.3),
        track("leaf", MotionKind.WORKING, 0.03, 0.4),
    )
    assert found["steps"] == found["voice"] == ["dog"]


def test_two_walkers_are_two_even_where_one_is_seen_far_better(knowledge: Knowledge) -> None:
    words = "A man in boots walks. A woman in heels walks."
    near, far = track("near", MotionKind.WALKING, 0.5), track("far", MotionKind.PASSING, 0.05, 0.3)
    shot = Shot(index=0, start_s=0, end_s=4, brightness=0.5, saturation=0.5, motion=0.1)
    seen = Observation(clip=CLIP, field_of_view_deg=54, shots=(shot,), tracks=(near, far))
    called = calls((Passage(words, "description"),), knowledge)
    made = cast(called, ((), ()), seen)
    assert sorted(one.id for each in made for one in each) == ["far", "near"]


def test_two_balls_are_two_and_one_ball_is_one(knowledge: Knowledge) -> None:
    balls = [track(name, MotionKind.FALLING, 0.08) for name in ("a", "b")]
    assert makers(knowledge, "Two rubber balls bounce.", *balls) == {"bounce": ["a", "b"]}
    (one,) = makers(knowledge, "A rubber ball bounces three times.", *balls).values()
    assert len(one) == 1


def test_what_goes_on_after_a_cut_is_heard_after_it(knowledge: Knowledge) -> None:
    def part(name: str, first: int, last: int) -> Track:
        whole = track(name, MotionKind.WORKING, 0.3)
        return whole.model_copy(update={"sightings": whole.sightings[first:last]})

    before, after, beside = part("before", 0, 50), part("after", 50, 100), part("beside", 0, 50)
    shots = tuple(
        Shot(index=k, start_s=2 * k, end_s=2 * k + 2, brightness=0.5, saturation=0.5, motion=0.1)
        for k in range(2)
    )
    seen = Observation(
        clip=CLIP, field_of_view_deg=54, shots=shots, tracks=(before, beside, after)
    )  # fmt: skip
    called = calls((Passage("A carpenter saws a plank.", "description"),), knowledge)
    (made,) = cast(called, ((),), seen)
    assert [one.id for one in made] == ["before", "after"]


def test_as_many_as_the_words_count_are_taken_though_one_is_seen_badly(
    knowledge: Knowledge,
) -> None:
    big, small = (
        track("big", MotionKind.STRIKING, 0.5),
        track("small", MotionKind.WORKING, 0.05, 0.3),
    )
    other = track("other", MotionKind.WORKING, 0.04, 0.3)
    words = "Two hammers strike anvils."
    assert makers(knowledge, words, big, small, other) == {"strike": ["big", "small"]}
    assert makers(knowledge, "A hammer strikes an anvil.", big, small) == {"strike": ["big"]}
