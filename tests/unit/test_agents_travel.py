"""The way of sound: flashes are heard later by their distance, where that is wanted."""

import pytest

from foley_designer.agents.travel import delayed
from foley_designer.core.clip import Clip
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import Moment, MomentKind, Observation, Shot
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source
from foley_designer.core.space import Space

CLIP = Clip(
    name="a.mp4",
    sha256="0" * 64,
    width=640,
    height=360,
    rate="25",
    duration_s=4.0,
    frame_count=100,
)


def seen() -> Observation:
    moments = tuple(
        Moment(
            id=f"m{k}",
            time_s=time_s,
            kind=MomentKind.CONTACT if k == 9 else MomentKind.FLASH,
            confidence=0.9,
            strength=0.5,
            x=0.5,
            y=0.3,
        )
        for k, time_s in ((0, 1.0), (1, 3.5), (9, 2.0))
    )
    shot = Shot(index=0, start_s=0, end_s=4, brightness=0.2, saturation=0.3, motion=0.1)
    return Observation(clip=CLIP, field_of_view_deg=54, shots=(shot,), moments=moments)


def event(name: str, metres: float, *hits: tuple[str, float], **more: object) -> SoundEvent:
    return SoundEvent(
        id=name,
        label=name,
        description=name,
        subcategory="explosion",
        layer="foreground",
        hits=tuple(Hit(time_s=time_s, moment_id=moment) for moment, time_s in hits),
        source=Source(kind="point", distance_m=metres, **more),
    )


def script(*events: SoundEvent, space: Space = Space.OPEN_FIELD) -> FoleyScript:
    return FoleyScript(clip=CLIP, space=space, events=events)


def times(told: FoleyScript) -> list[list[float]]:
    return [[hit.time_s for hit in one.hits] for one in told.events]


def test_a_flash_is_heard_by_its_distance_and_a_blow_on_its_picture() -> None:
    told = delayed(
        script(
            event("firework", 171.5, ("m0", 1.0), ("m1", 3.4)),
            event("blow", 171.5, ("m9", 2.0)),
            event("far", 171.5, ("m0", 1.0), distance_factor=2.0),
        ),
        seen(),
    )
    assert times(told) == [pytest.approx([1.5, 3.9]), [2.0], [pytest.approx(2.0)]]
    assert [note.event_id for note in told.notes] == ["firework", "far"]
    assert "500 ms after its flash, for 172 m" in told.notes[0].text


def test_under_water_sound_is_faster() -> None:
    told = delayed(script(event("boom", 148.0, ("m0", 1.0)), space=Space.UNDERWATER), seen())
    assert times(told) == [[pytest.approx(1.1)]]


def test_what_would_come_after_the_end_is_told() -> None:
    told = delayed(
        script(event("some", 343.0, ("m0", 1.0), ("m1", 3.5)), event("none", 2000.0, ("m0", 1.0))),
        seen(),
    )
    assert times(told) == [[pytest.approx(2.0)], [1.0]]
    assert "1 hit(s) would come after the clip's end" in told.notes[0].text
    assert "left on its flash" in told.notes[1].text
