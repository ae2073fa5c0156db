"""Perspective: what a shot shows near is heard near, and what it cuts away from goes on."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from foley_designer.agents.mix_planner.perspective import framed, framings
from foley_designer.agents.scribe.shots.adjoining import SHOT_S, carried, through_cuts
from foley_designer.agents.team import assemble
from foley_designer.core.category import Subcategory
from foley_designer.core.clip import SAMPLE_RATE, Clip
from foley_designer.core.mix.mix_plan import Framing, MixPlan, TrackPlan
from foley_designer.core.mix.processing import Reverb
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.observation import (
    Box,
    MotionKind,
    Observation,
    Shot,
    ShotSize,
    Sighting,
    Track,
)
from foley_designer.core.script.performance import Layer
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, SourceKind, Span
from foley_designer.core.settings import Settings
from foley_designer.core.space import Space
from foley_designer.dsp.effects.process import process
from foley_designer.memory.knowledge_base import load
from foley_designer.vision.video.shots import shot_size

WIDE, CLOSE, UNKNOWN = ShotSize.WIDE, ShotSize.CLOSE, ShotSize.UNKNOWN
SHOT = 3.0


def film(
    *sizes: ShotSize, seen_in: tuple[int, ...] = (), metres: tuple[float, ...] = ()
) -> Observation:
    """Shots of 3 s of these sizes, and a track in some of them."""
    clip = Clip(
        name="a.mp4", sha256="0" * 64, width=640, height=360, rate=Fraction(25),
        duration_s=SHOT * len(sizes), frame_count=round(75 * len(sizes)),
    )  # fmt: skip
    sightings = tuple(
        Sighting(
            time_s=SHOT * shot + k * 0.04,
            box=Box(x=0.5, y=0.5, width=0.2, height=0.5),
            distance_m=metres[n] if metres else 3.0,
            speed=0.3,
        )
        for n, shot in enumerate(seen_in)
        for k in range(75)
    )
    track = (
        Track(id="t1", kind=MotionKind.WORKING, confidence=0.9, sightings=sightings)
        if sightings
        else None
    )
    return Observation(
        clip=clip,
        field_of_view_deg=54.0,
        shots=tuple(
            Shot(
                index=k, start_s=SHOT * k, end_s=SHOT * (k + 1), size=size, people=0.9,
                brightness=0.5, saturation=0.3, motion=0.05, group=1,
            )
            for k, size in enumerate(sizes)
        ),
        tracks=(track,) if track else (),
        activity=(0.0,) * (75 * len(sizes)),
    )  # fmt: skip


def steps(*times: float, track: str | None = None) -> SoundEvent:
    kind = SourceKind.TRACK if track else SourceKind.POINT
    return SoundEvent(
        id="e01_steps", label="boots", description="Boots walk.",
        subcategory=Subcategory.HUMAN_STEPS,
        layer=Layer.FOREGROUND, hits=tuple(Hit(time_s=t) for t in times),
        source=Source(kind=kind, track_id=track),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("person", "walkers", "size"),
    [
        (0.5, (), WIDE),
        (1.8, (), ShotSize.MEDIUM),
        (5.0, (), CLOSE),
        (None, (0.5, 0.6), WIDE),
        (None, (1.0, 1.0), UNKNOWN),
        (None, (), UNKNOWN),
    ],
)
def test_a_shot_s_size_is_how_high_people_stand_in_it(person, walkers, size):
    assert shot_size(person, walkers) is size


def test_a_wide_shot_is_smaller_and_a_close_up_nearer_and_unknown_is_neutral():
    found = framings(steps(1.0, 4.0, 7.0), film(WIDE, CLOSE, UNKNOWN))
    assert [(one.start_s, one.end_s, one.direct_db) for one in found] == [
        (0.0, 3.0, -3.0),
        (3.0, 6.0, 3.0),
    ]
    assert framings(steps(1.0, 4.0), film(WIDE, WIDE)) == ()
    assert framings(steps(1.0), film(WIDE, CLOSE)) == ()


def test_a_track_that_is_farther_keeps_its_room_and_one_that_is_not_shown_is_off_screen():
    seen = film(WIDE, CLOSE, WIDE, seen_in=(0, 1), metres=(8.0, 2.0))
    found = framings(steps(1.0, 4.0, 7.0, track="t1"), seen)
    assert [(one.direct_db, one.room_db > 0) for one in found] == [
        (0.0, True),
        (0.0, False),
        (-2.0, False),
    ]


def test_framing_moves_the_direct_sound_against_its_room():
    click = np.zeros((2, 4 * SAMPLE_RATE), np.float32)
    click[:, SAMPLE_RATE // 2] = click[:, 2 * SAMPLE_RATE + SAMPLE_RATE // 2] = 0.5
    reverb = Reverb(space=Space.HALL, rt60_s=1.2, wet_db=-10.0)
    plain = TrackPlan(event_id="e01_steps", gain_db=0.0, reverb=reverb)
    wide = plain.model_copy(update={"framing": (Framing(start_s=0.0, end_s=2.0, direct_db=-3.0),)})
    before, after = process(click, plain), process(click, wide)
    hit, other = SAMPLE_RATE // 2, 2 * SAMPLE_RATE + SAMPLE_RATE // 2
    assert after[0, hit] / before[0, hit] == pytest.approx(10 ** (-3 / 20), rel=0.02)
    assert after[0, other] == pytest.approx(before[0, other], rel=0.01)
    tail = slice(hit + 2400, hit + 24000)
    np.testing.assert_allclose(after[:, tail], before[:, tail], atol=1e-5)


def test_a_plan_says_its_perspective():
    plan = MixPlan(space=Space.HALL, tracks=(TrackPlan(event_id="e01_steps", gain_db=0.0),))
    event, seen = steps(1.0, 4.0), film(WIDE, CLOSE)
    script = type("Script", (), {"event": lambda _self, _id: event})()
    track = framed(plan, script, seen).tracks[0]
    assert track.reasons[-1].startswith("perspective: 0.0 to 3.0 s direct -3.0 dB")


def test_what_goes_on_is_heard_through_the_shot_that_cuts_away_from_it():
    span = Span(start_s=0.5, end_s=3.0)
    back = film(WIDE, CLOSE, WIDE, seen_in=(0, 2))
    assert [(s.start_s, s.end_s) for s in carried([span], back.tracks[0], back)] == [(0.5, 6.0)]
    both = carried([span, Span(start_s=6.0, end_s=8.0)], back.tracks[0], back)
    assert [(s.start_s, s.end_s) for s in both] == [(0.5, 8.0)]
    gone = film(WIDE, CLOSE, CLOSE, seen_in=(0,))
    assert carried([span], gone.tracks[0], gone)[0].end_s == 3.0 + SHOT_S
    stops = Span(start_s=0.5, end_s=2.0)
    assert carried([stops], back.tracks[0], back) == (stops,)


def test_a_bed_that_begins_or_ends_with_a_shot_goes_on_through_its_scene():
    seen = film(UNKNOWN, UNKNOWN, UNKNOWN)
    assert through_cuts([(3.0, 6.05)], seen) == ((0.0, 9.0),)
    assert through_cuts([(0.0, 4.5)], seen) == ((0.0, 4.5),)


def test_a_close_up_brings_cloth_and_breath_under_the_story(tmp_path: Path):
    team = assemble(Settings(), load(None, tmp_path))
    close = film(WIDE, CLOSE, UNKNOWN)
    text = team.scribe.propose(
        Brief(observation=close, description="A hammer hits an anvil."), None, ()
    )
    brought = [event for event in text.events if "close-up" in event.reason]
    assert {event.label for event in brought} == {"clothes rustle", "breathing"}
    assert all(event.layer is Layer.BACKGROUND for event in brought)
    assert {(s.start_s, s.end_s) for event in brought for s in event.spans} == {(3.0, 6.0)}
    plain = film(UNKNOWN, UNKNOWN)
    text = team.scribe.propose(
        Brief(observation=plain, description="A hammer hits an anvil."), None, ()
    )
    assert not any("close-up" in event.reason for event in text.events)
