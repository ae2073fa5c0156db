"""Boxes of named things name the tracks that they cover."""

from fractions import Fraction

from foley_designer.core.clip import Clip
from foley_designer.core.script.observation import (
    Box,
    MotionKind,
    Observation,
    Shot,
    Sighting,
    Track,
)
from foley_designer.vision.models.localizer import Detection
from foley_designer.vision.tracking.locating import Found, with_names

BOX = Box(x=0.4, y=0.5, width=0.2, height=0.6)
WALKER = Track(
    id="t1",
    kind=MotionKind.WALKING,
    confidence=0.9,
    sightings=tuple(Sighting(time_s=i / 25, box=BOX, distance_m=4, speed=0.1) for i in range(75)),
)
SEEN = Observation(
    clip=Clip(
        name="a.mp4",
        sha256="0" * 64,
        width=640,
        height=360,
        rate=Fraction(25),
        duration_s=3.0,
        frame_count=75,
    ),
    field_of_view_deg=54,
    shots=(Shot(index=0, start_s=0, end_s=3, brightness=0.5, saturation=0.3, motion=0.1),),
    tracks=(WALKER,),
)


def test_boxes_name_the_track_that_they_cover() -> None:
    still = BOX.model_copy(update={"x": 0.85, "width": 0.1, "height": 0.2})
    found = [
        Found(time_s, detection)
        for time_s in (0.5, 1.5, 2.5)
        for detection in (
            Detection("boots", BOX.model_copy(update={"width": 0.15}), 0.6),
            Detection("train", still, 0.5),
        )
    ]
    found.append(Found(0.5, Detection("dog", BOX.model_copy(update={"height": 0.1}), 0.9)))
    named = with_names(SEEN, found, "eyes 1")
    walker, train = named.tracks
    assert walker.label == "boots", "two good matches outweigh one poor one"
    assert (train.id, train.label, train.kind.value) == ("t2", "train", "still")
    assert [one.time_s for one in train.sightings] == [0.5, 1.5, 2.5]
    assert named.parts["names"] == "eyes 1"
    assert "boots (t1), train (t2)" in named.notes[-1].text
