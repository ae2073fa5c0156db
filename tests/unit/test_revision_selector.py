"""Selectors: which events and hits are meant, each condition by itself, and times as said."""

from fractions import Fraction

import pytest

from foley_designer.core.category import Subcategory
from foley_designer.core.clip import Clip
from foley_designer.core.revision.scripts import RevisionError
from foley_designer.core.revision.selector import Pick, Selector, seconds
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.performance import Layer, Performance
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, SourceKind, Span
from foley_designer.core.space import Space

CLIP = Clip(
    name="c.mp4",
    sha256="0" * 64,
    width=64,
    height=36,
    rate=Fraction(25),
    duration_s=8.0,
    frame_count=200,
    timecode="01:00:00:00",
)


def sound(key: str, azimuth_deg: float, on_screen: bool, **more: object) -> SoundEvent:
    place = {"kind": SourceKind.POINT, "azimuth_deg": azimuth_deg, "on_screen": on_screen}
    values: dict[str, object] = {
        "id": key,
        "label": key,
        "description": f"{key} of Anna",
        "subcategory": Subcategory.HUMAN_STEPS,
        "layer": Layer.FOREGROUND,
        "hits": (Hit(time_s=1.0), Hit(time_s=2.0), Hit(time_s=3.0), Hit(time_s=4.0)),
        "source": Source.model_validate(place | {"distance_m": 3.0}),
    }
    return SoundEvent.model_validate(values | more)


STEPS = sound("steps", 5.0, True, performance=Performance(surface="gravel"))
LEFT = sound("left", 6.0, True, description="Boots", performance=Performance(surface="wood"))
RIGHT = sound("right", -6.0, False, subcategory=Subcategory.DOOR)
WIND = sound(
    "wind",
    0.0,
    True,
    subcategory=Subcategory.WIND,
    layer=Layer.BACKGROUND,
    hits=(),
    spans=(Span(start_s=2.0, end_s=5.0),),
    source=Source(kind=SourceKind.AROUND),
)
SCRIPT = FoleyScript(clip=CLIP, space=Space.WORKSHOP, events=(STEPS, LEFT, RIGHT, WIND))


@pytest.mark.parametrize(
    ("conditions", "meant"),
    [
        ({}, "steps left right wind"),
        ({"events": ("right", "steps")}, "steps right"),
        ({"excluding": ("left",)}, "steps right wind"),
        ({"character": "ANNA"}, "steps right wind"),
        ({"surface": "gravel"}, "steps"),
        ({"layer": "background"}, "wind"),
        ({"category": "door"}, "right"),
        ({"place": "left"}, "left"),
        ({"place": "centre"}, "steps"),
        ({"place": "right"}, "right"),
        ({"place": "off_screen"}, "right"),
        ({"place": "on_screen"}, "steps left wind"),
    ],
)
def test_each_condition_by_itself(conditions: dict[str, object], meant: str) -> None:
    found = Selector.model_validate(conditions).events_of(SCRIPT)
    assert " ".join(event.id for event in found) == meant


@pytest.mark.parametrize(
    ("conditions", "hits"),
    [
        ({"hits": (1, -1)}, (1, 4)),
        ({"hits": (-2,)}, (3,)),
        ({"every": 2}, (2, 4)),
        ({"near": 2.2}, (2,)),
        ({"near": "3.8"}, (4,)),
        ({"from_time": 2.0, "to_time": 4.0}, (2, 3)),
        ({"from_time": "01:00:03:00"}, (3, 4)),
        ({"to_time": "50f"}, (1,)),
    ],
)
def test_hits_by_number_and_time(conditions: dict[str, object], hits: tuple[int, ...]) -> None:
    selector = Selector.model_validate({"events": ("steps",)} | conditions)
    assert selector.picks(SCRIPT) == (Pick(event_id="steps", hits=hits),)


def test_what_goes_on_is_meant_for_a_stretch() -> None:
    assert Selector(events=("wind",)).picks(SCRIPT) == (Pick(event_id="wind"),)
    part = Selector(events=("wind",), from_time=4.0)
    assert part.picks(SCRIPT) == (Pick(event_id="wind", stretch=(4.0, 8.0)),)
    for nothing in (
        {"events": ("wind",), "from_time": 5.0},
        {"events": ("wind",), "hits": (1,)},
        {"events": ("steps",), "near": 2.3},
    ):
        with pytest.raises(RevisionError, match="No hit fits"):
            Selector.model_validate(nothing).picks(SCRIPT)
    with pytest.raises(RevisionError, match="There is no event bell"):
        Selector(events=("bell",)).picks(SCRIPT)


@pytest.mark.parametrize(
    ("time", "meant"),
    [(2, 2.0), (" 2.5 ", 2.5), ("60f", 2.4), ("01:00:02:12", 2.48), ("00:00:02:12", 2.48)],
)
def test_times_as_they_are_said(time: float | str, meant: float) -> None:
    assert seconds(time, CLIP) == pytest.approx(meant)


def test_timecode_counts_from_nothing_where_the_clip_has_none() -> None:
    bare = CLIP.model_copy(update={"timecode": None})
    assert seconds("00:00:02:12", bare) == pytest.approx(2.48)
    with pytest.raises(RevisionError, match="is no time"):
        seconds("soon", bare)
