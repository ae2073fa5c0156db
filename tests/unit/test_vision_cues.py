import numpy as np
import pytest

from foley_designer.core.category import Subcategory
from foley_designer.core.clip import Clip
from foley_designer.core.script.foley_script import FoleyScript
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
from foley_designer.core.script.performance import Layer
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, SourceKind, Span
from foley_designer.core.script.trajectory import Trajectory
from foley_designer.core.space import Space
from foley_designer.vision.geometry.angles import paper_azimuth, pinhole_azimuth
from foley_designer.vision.geometry.cues import trace

CLIP = Clip(
    name="c.mp4",
    sha256="0" * 64,
    width=1920,
    height=1080,
    rate=25,
    duration_s=4.0,
    frame_count=100,
)


def passing(start_s: float, end_s: float, start_x: float, end_x: float) -> Track:
    times = np.arange(start_s, end_s, 0.04)
    places = np.interp(times, [start_s, end_s], [start_x, end_x])
    return Track(
        id="t1",
        kind=MotionKind.PASSING,
        confidence=0.9,
        sightings=tuple(
            Sighting(
                time_s=float(t), box=Box(x=float(x), y=0.6, width=0.1, height=0.1),
                distance_m=8.0, speed=0.3,
            )
            for t, x in zip(times, places, strict=True)
        ),
    )  # fmt: skip


def seen(*tracks: Track, moments: tuple[Moment, ...] = ()) -> Observation:
    shot = Shot(index=0, start_s=0, end_s=4, brightness=0.5, saturation=0.5, motion=0.1)
    return Observation(
        clip=CLIP, field_of_view_deg=54, shots=(shot,), tracks=tracks, moments=moments
    )


def traced(
    observation: Observation, source: Source, model: str = "pinhole", **timing: object
) -> Trajectory:
    event = SoundEvent(
        id="e1",
        label="it",
        description="It sounds.",
        subcategory=Subcategory.VEHICLE,
        layer=Layer.FOREGROUND,
        source=source,
        **(timing or {"spans": (Span(start_s=0, end_s=4),)}),
    )
    script = FoleyScript(clip=CLIP, space=Space.STREET, events=(event,))
    return trace(script, observation, model).of("e1")


FOLLOW = Source(kind=SourceKind.TRACK, track_id="t1")


def test_a_track_is_followed_frame_by_frame() -> None:
    path = traced(seen(passing(0.0, 4.0, 0.2, 0.8)), FOLLOW)
    expected = [pinhole_azimuth(0.2 + 0.6 * k / 100, 54) for k in range(100)]
    assert np.abs(np.array(path.azimuth_deg) - expected).max() < 0.7
    assert len(path.distance_m) == len(path.active) == 100
    assert path.extent_deg == pytest.approx(5.8, abs=0.2)


def test_a_source_jumps_with_the_picture_at_a_cut() -> None:
    before, after = passing(0.0, 2.0, 0.2, 0.4), passing(2.0, 4.0, 0.7, 0.8)
    track = before.model_copy(update={"sightings": before.sightings + after.sightings})
    shots = (
        Shot(index=0, start_s=0, end_s=2, brightness=0.5, saturation=0.5, motion=0.1),
        Shot(index=1, start_s=2, end_s=4, brightness=0.5, saturation=0.5, motion=0.1),
    )
    path = traced(seen(track).model_copy(update={"shots": shots}), FOLLOW)
    assert path.azimuth_deg[49] == pytest.approx(pinhole_azimuth(0.4, 54), abs=1.5)
    assert path.azimuth_deg[50] == pytest.approx(pinhole_azimuth(0.7, 54), abs=1.5)


def test_a_car_goes_on_beyond_the_edges() -> None:
    path = traced(seen(passing(1.0, 3.0, 0.02, 0.98)), FOLLOW)
    azimuth = np.array(path.azimuth_deg)
    assert azimuth[0] > 35, "before it enters on the left it is further left"
    assert azimuth[-1] < -35
    assert np.all(np.diff(azimuth) < 0.01)
    assert path.distance_m[0] > path.distance_m[50]


def test_a_source_that_stops_inside_the_frame_stays_there() -> None:
    path = traced(seen(passing(1.0, 2.0, 0.3, 0.6)), FOLLOW)
    assert path.azimuth_deg[0] == pytest.approx(pinhole_azimuth(0.3, 54), abs=0.5)
    assert path.azimuth_deg[-1] == pytest.approx(pinhole_azimuth(0.6, 54), abs=1.0)


def test_paper_model_is_literal() -> None:
    path = traced(seen(passing(0.0, 4.0, 0.5, 0.50001)), FOLLOW, "paper")
    assert path.azimuth_deg[0] == pytest.approx(0, abs=0.3)
    path = traced(seen(passing(0.0, 4.0, 0.3, 0.30001)), FOLLOW, "paper")
    assert path.azimuth_deg[50] == pytest.approx(paper_azimuth(0.3, 8.0, 1920), abs=0.1)


def test_a_tool_sounds_where_it_hits() -> None:
    track = passing(0.0, 4.0, 0.3, 0.7).model_copy(update={"kind": MotionKind.STRIKING})
    hit = Moment(
        id="m1", time_s=1.0, kind=MomentKind.CONTACT, confidence=0.9, strength=1,
        track_id="t1", x=0.6, y=0.5,
    )  # fmt: skip
    hits = (Hit(time_s=1.0, moment_id="m1"),)
    path = traced(seen(track, moments=(hit,)), FOLLOW, hits=hits)
    assert path.azimuth_deg == pytest.approx([pinhole_azimuth(0.6, 54)] * 100)
    went_on = np.array(traced(seen(track, moments=(hit,)), FOLLOW).azimuth_deg)
    assert np.ptp(went_on) > 15, "what only passes is followed, though its track strikes"


def test_points_stay_and_ambience_is_all_around() -> None:
    point = Source(kind=SourceKind.POINT, azimuth_deg=20, distance_m=7)
    path = traced(seen(), point)
    assert set(path.azimuth_deg) == {20.0}
    assert set(path.distance_m) == {7.0}
    around = traced(seen(), Source(kind=SourceKind.AROUND))
    assert around.extent_deg == 360
    assert set(around.azimuth_deg) == {0.0}


def test_activity_follows_hits_and_spans() -> None:
    path = traced(
        seen(),
        Source(kind=SourceKind.POINT),
        hits=(Hit(time_s=0.5),),
        spans=(Span(start_s=1.0, end_s=2.0),),
    )
    active = np.nonzero(path.active)[0]
    assert active.tolist() == [12, 13, 14, *range(25, 50)]


def test_a_given_distance_scales_the_track() -> None:
    source = Source(kind=SourceKind.TRACK, track_id="t1", distance_m=4.0)
    path = traced(seen(passing(0.0, 4.0, 0.2, 0.8)), source)
    assert np.median(path.distance_m) == pytest.approx(4.0)


def working(x: np.ndarray, width: float) -> Track:
    """A source that works where it is, its box swept by an arm."""
    sightings = tuple(
        Sighting(
            time_s=k / 25, box=Box(x=float(place), y=0.6, width=width, height=0.3),
            distance_m=4.0, speed=0.3,
        )
        for k, place in enumerate(x)
    )  # fmt: skip
    return Track(id="t1", kind=MotionKind.WORKING, confidence=0.9, sightings=sightings)


def test_an_arm_that_sweeps_does_not_move_what_it_does():
    swept = 0.4 + 0.05 * np.sin(np.arange(100) / 3)
    still = np.array(traced(seen(working(swept, 0.2)), FOLLOW).azimuth_deg)
    assert np.ptp(still) == 0
    assert still[0] == pytest.approx(pinhole_azimuth(0.4, 54), abs=0.5)
    far = traced(seen(working(np.linspace(0.2, 0.8, 100), 0.2)), FOLLOW).azimuth_deg
    assert far[0] - far[-1] == pytest.approx(2 * pinhole_azimuth(0.2, 54), abs=1.0)


def test_places_of_blows_that_scatter_are_no_drift():
    rng = np.random.default_rng(2)
    times = 0.3 + 0.4 * np.arange(9)
    blows = tuple(
        Moment(
            id=f"m{k}", time_s=float(time), kind=MomentKind.CONTACT, confidence=0.9, strength=0.8,
            track_id="t1", x=float(0.6 + 0.03 * rng.normal()), y=0.5,
        )
        for k, time in enumerate(times)
    )  # fmt: skip
    still = working(np.full(100, 0.6), 0.3).model_copy(update={"kind": MotionKind.STRIKING})
    hits = tuple(Hit(time_s=one.time_s, moment_id=one.id) for one in blows)
    azimuths = traced(seen(still, moments=blows), FOLLOW, hits=hits).azimuth_deg
    assert np.ptp(azimuths) == 0
    assert azimuths[0] == pytest.approx(pinhole_azimuth(0.6, 54), abs=1.5)


def test_a_box_that_fills_the_frame_says_no_place() -> None:
    whole = Box(x=0.45, y=0.5, width=0.9, height=1.0)
    there = passing(0.0, 4.0, 0.2, 0.2)
    filled = tuple(
        one.model_copy(update={"box": whole}) if 1 < one.time_s < 2 else one
        for one in there.sightings
    )
    track = there.model_copy(update={"sightings": filled})
    source = Source(kind=SourceKind.TRACK, track_id="t1")
    azimuths = traced(seen(track), source).azimuth_deg
    assert azimuths == pytest.approx([pinhole_azimuth(0.2, 54)] * 100, abs=0.5)
