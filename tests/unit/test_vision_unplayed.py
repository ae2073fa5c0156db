"""Moments that play nothing are named, each with its reason."""

from fractions import Fraction

from foley_designer.core.category import Subcategory
from foley_designer.core.clip import Clip
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import Moment, MomentKind, Observation, Shot
from foley_designer.core.script.performance import Layer
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, SourceKind
from foley_designer.core.space import Space
from foley_designer.vision.events.unplayed import unplayed

CLIP = Clip(
    name="a.mp4",
    sha256="0" * 64,
    width=320,
    height=180,
    rate=Fraction(25),
    duration_s=6.0,
    frame_count=150,
)


def moment(number: int, time_s: float, confidence: float, **other: object) -> Moment:
    fields = {"kind": MomentKind.CONTACT, "track_id": "t1", "x": 0.5, "y": 0.5, "strength": 0.5}
    return Moment(id=f"m{number}", time_s=time_s, confidence=confidence, **(fields | other))


def test_every_moment_above_noise_plays_or_is_named_with_its_reason() -> None:
    moments = (
        moment(0, 1.0, 0.9),
        moment(1, 1.05, 0.3),  # the same instant as the first
        moment(2, 1.15, 0.8),
        moment(3, 2.0, 0.3),
        moment(4, 3.3, 0.7),
        moment(5, 4.0, 0.8, kind=MomentKind.APPEARANCE),
        moment(6, 5.0, 0.05),  # noise
    )
    shot = Shot(index=0, start_s=0, end_s=6, brightness=0.5, saturation=0.5, motion=0.1)
    observation = Observation(
        clip=CLIP, shots=(shot,), tracks=(), moments=moments, activity=(), field_of_view_deg=60
    )
    event = SoundEvent(
        id="e1_hammer",
        label="hammer",
        description="a hammer on steel",
        subcategory=Subcategory.METAL_IMPACT,
        layer=Layer.FOREGROUND,
        hits=(Hit(time_s=1.0, moment_id="m0"),),
        source=Source(kind=SourceKind.POINT),
    )
    script = FoleyScript(clip=CLIP, space=Space.WORKSHOP, events=(event,))
    assert [(one.moment.id, one.reason) for one in unplayed(script, observation)] == [
        ("m2", "150 ms from a hit that plays"),
        ("m3", "weak"),
        ("m4", "out of the rhythm of hammer"),
        ("m5", "no sound of the script is made by it"),
    ]
