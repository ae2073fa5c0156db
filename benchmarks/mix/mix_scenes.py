"""Scenes for the mixing benchmarks, performed by the embedded engine."""

from typing import NamedTuple

import numpy as np

from foley_designer.core.category import Subcategory
from foley_designer.core.clip import Clip
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.performance import Layer, Performance
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, SourceKind, Span
from foley_designer.core.script.trajectory import Trajectory
from foley_designer.core.sounds.table import is_impulsive
from foley_designer.core.space import Space
from foley_designer.dsp.level.gains import Samples
from foley_designer.generator.performance import best_performance
from foley_designer.generator.synth.physics.engine import SynthEngine

RATE = 25
"""Frames a second."""


class Part(NamedTuple):
    """One sound of a scene."""

    subcategory: Subcategory
    layer: Layer
    azimuth_deg: float = 0.0
    distance_m: float = 3.0
    surface: str | None = None
    variant: str | None = None
    every_s: float = 0.6


FRONT, BACK = Layer.FOREGROUND, Layer.BACKGROUND
SCENES: dict[str, tuple[Space, tuple[Part, ...]]] = {
    "walk in the rain": (
        Space.STREET,
        (
            Part(Subcategory.HUMAN_STEPS, FRONT, 10, 4, "concrete"),
            Part(Subcategory.CLOTH, FRONT, 10, 4),
            Part(Subcategory.DOOR, FRONT, -25, 6, every_s=2.5),
            Part(Subcategory.RAIN, BACK),
        ),
    ),
    "kitchen": (
        Space.KITCHEN,
        (
            Part(Subcategory.HUMAN_STEPS, FRONT, -10, 3, "tile"),
            Part(Subcategory.CHOP, FRONT, 5, 2, every_s=0.4),
            Part(Subcategory.HANDLING, FRONT, 15, 2),
            Part(Subcategory.AMBIENCE, BACK, variant="room"),
        ),
    ),
    "car": (
        Space.CAR,
        (
            Part(Subcategory.HUMAN_STEPS, FRONT, 20, 3, "gravel"),
            Part(Subcategory.OBJECT_IMPACT, FRONT, 0, 1, every_s=1.2),
            Part(Subcategory.HANDLING, FRONT, -5, 1),
            Part(Subcategory.AMBIENCE, BACK, variant="traffic"),
        ),
    ),
    "field": (
        Space.OPEN_FIELD,
        (
            Part(Subcategory.HUMAN_STEPS, FRONT, -20, 5, "grass"),
            Part(Subcategory.CLOTH, FRONT, -20, 5),
            Part(Subcategory.OBJECT_IMPACT, FRONT, 15, 4, "wood", every_s=1.5),
            Part(Subcategory.WIND, BACK),
        ),
    ),
}


DENSE: dict[str, tuple[Space, tuple[Part, ...]]] = {
    "market in the rain": (
        Space.STREET,
        (
            Part(Subcategory.HUMAN_STEPS, FRONT, 12, 4, "concrete"),
            Part(Subcategory.HANDLING, FRONT, -8, 3),
            Part(Subcategory.CLOTH, FRONT, 12, 4),
            Part(Subcategory.CHOP, FRONT, -20, 5, every_s=0.5),
            Part(Subcategory.RAIN, BACK),
            Part(Subcategory.AMBIENCE, BACK, variant="city"),
            Part(Subcategory.VEHICLE, BACK),
        ),
    ),
    "forest in a storm": (
        Space.FOREST,
        (
            Part(Subcategory.HUMAN_STEPS, FRONT, -15, 3, "leaves"),
            Part(Subcategory.CLOTH, FRONT, -15, 3),
            Part(Subcategory.OBJECT_IMPACT, FRONT, 20, 5, "wood", every_s=1.3),
            Part(Subcategory.WIND, BACK),
            Part(Subcategory.RAIN, BACK),
            Part(Subcategory.AMBIENCE, BACK, variant="forest"),
        ),
    ),
    "workshop by a stream": (
        Space.WORKSHOP,
        (
            Part(Subcategory.METAL_IMPACT, FRONT, 5, 2, every_s=1.1),
            Part(Subcategory.HUMAN_STEPS, FRONT, -25, 6, "wood"),
            Part(Subcategory.HANDLING, FRONT, 10, 2),
            Part(Subcategory.FLOW, BACK),
            Part(Subcategory.FIRE, BACK),
            Part(Subcategory.AMBIENCE, BACK, variant="room"),
        ),
    ),
    "car on a busy road": (
        Space.CAR,
        (
            Part(Subcategory.HANDLING, FRONT, -5, 1),
            Part(Subcategory.OBJECT_IMPACT, FRONT, 5, 1, every_s=1.4),
            Part(Subcategory.CLOTH, FRONT, 0, 1),
            Part(Subcategory.VEHICLE, BACK),
            Part(Subcategory.RAIN, BACK),
            Part(Subcategory.AMBIENCE, BACK, variant="traffic"),
        ),
    ),
}
"""Scenes with three or four foreground sounds under as many backgrounds."""


def script_of(name: str, seconds: float) -> FoleyScript:
    """The scene as a Foley script."""
    space, parts = (SCENES | DENSE)[name]
    events = []
    for index, part in enumerate(parts):
        around = part.layer is BACK
        times = np.arange(0.5 + 0.13 * index, seconds - 0.4, part.every_s)
        hits = tuple(Hit(time_s=round(float(time), 3)) for time in times)
        timed = is_impulsive(part.subcategory)
        events.append(
            SoundEvent(
                id=f"{part.subcategory.value}_{index}",
                label=part.subcategory.value.replace("_", " "),
                description=part.subcategory.value,
                subcategory=part.subcategory,
                layer=part.layer,
                hits=hits if timed else (),
                spans=() if timed else (Span(start_s=0.2, end_s=seconds),),
                source=Source(
                    kind=SourceKind.AROUND if around else SourceKind.POINT,
                    azimuth_deg=part.azimuth_deg,
                    distance_m=part.distance_m,
                ),
                performance=Performance(surface=part.surface, variant=part.variant),
            )
        )
    frames = round(seconds * RATE)
    clip = Clip(
        name=name,
        sha256="0" * 64,
        width=1280,
        height=720,
        rate=RATE,
        duration_s=seconds,
        frame_count=frames,
    )
    return FoleyScript(clip=clip, space=space, events=tuple(events))


def perform(script: FoleyScript, event: SoundEvent, seed: int) -> Samples:
    """A take of one event by the embedded engine."""
    frames = script.clip.frame_count
    trajectory = Trajectory(
        event_id=event.id,
        rate=script.clip.rate,
        azimuth_deg=(event.source.azimuth_deg,) * frames,
        distance_m=(event.source.distance_m or 3.0,) * frames,
        active=(True,) * frames,
        extent_deg=360.0 if event.source.kind is SourceKind.AROUND else 0.0,
    )
    count = script.clip.sample_count
    return best_performance(event, trajectory, script.space, SynthEngine(), seed, 1, count).stereo
