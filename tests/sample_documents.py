"""Documents of the sample session: what was seen, searched, measured and planned."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from foley_designer.core.clip import Clip
from foley_designer.core.mix.features import Diagnosis, TrackFeatures
from foley_designer.core.mix.mix_plan import MixPlan, Operation, TrackPlan
from foley_designer.core.mix.processing import Dynamics, EqBand, EqKind, Reverb
from foley_designer.core.mix.take import Check, Fault, Take
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import (
    Box,
    MotionKind,
    Observation,
    Shot,
    ShotSize,
    Sighting,
    Track,
)
from foley_designer.core.script.search_log import SearchLog, SearchNode
from foley_designer.core.script.sound_event import SoundEvent

DURATION_S = 8.0


def plan(script: FoleyScript) -> MixPlan:
    return MixPlan(
        space=script.space,
        tracks=tuple(
            TrackPlan(
                event_id=event.id,
                operations=(Operation.REVERB, Operation.EQ, Operation.DYNAMICS),
                gain_db=-2.0 * number,
                eq=(EqBand(kind=EqKind.PEAK, frequency_hz=700, gain_db=-3),),
                reverb=Reverb(space=script.space, rt60_s=0.8, wet_db=-14),
                dynamics=Dynamics(duck_db=2),
                reasons=("Carved at 700 Hz: the room's air masked the steps.",),
            )
            for number, event in enumerate(script.events, 1)
        ),
    )


def observation(root: Path, clip: Clip) -> Observation:
    times = np.arange(0, 4, clip.frame_s)
    sightings = tuple(
        Sighting(
            time_s=float(t),
            box=Box(
                x=0.1 + 0.12 * float(t),
                y=0.55 + 0.02 * float(np.sin(12 * t)),
                width=0.1,
                height=0.4,
            ),
            distance_m=6 - 0.7 * float(t),
            speed=0.12,
        )
        for t in times
    )
    bounds = ((0.0, 4.0, ShotSize.WIDE), (4.0, DURATION_S, ShotSize.CLOSE))
    shots = tuple(
        Shot(
            index=index,
            start_s=start,
            end_s=end,
            size=size,
            brightness=0.4,
            saturation=0.3,
            motion=0.1,
            keyframes=tuple(
                _keyframe(root / "keyframes", index, start + share * (end - start))
                for share in (0.1, 0.5, 0.9)
            ),
        )
        for index, (start, end, size) in enumerate(bounds)
    )
    walker = Track(id="t1", kind=MotionKind.WALKING, confidence=0.9, sightings=sightings)
    return Observation(clip=clip, field_of_view_deg=54, shots=shots, tracks=(walker,))


def _keyframe(folder: Path, shot: int, time_s: float) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    ramp = np.linspace(60, 150, 360)[:, None, None] * np.ones((1, 640, 3))
    image = Image.fromarray((ramp * (0.9, 1.0, 1.2 - 0.3 * shot)).astype(np.uint8))
    x = 640 * (0.1 + 0.12 * min(time_s, 4))
    ImageDraw.Draw(image).rectangle([x - 25, 130, x + 25, 290], fill=(40, 30, 30))
    name = f"shot{shot + 1:03}_{round(1000 * time_s):08}ms.jpg"
    image.save(folder / name)
    return name


def search() -> SearchLog:
    def node(name: str, parent: str | None, total: float, **more: object) -> SearchNode:
        depth = 0 if parent is None else len(name) - 1
        return SearchNode.model_validate(
            {
                "id": name,
                "parent": parent,
                "depth": depth,
                "operator": "root" if parent is None else "refine:missing_surface",
                "reason": "Names the surface under the boots.",
                "script_hash": "0" * 64,
                "align": total,
                "layer": total,
                "emotion": total,
                "total": total,
                **more,
            }
        )

    return SearchLog(
        nodes=(
            node("n", None, 0.71, kept=True, objections=["The steps have no surface."]),
            node("na", "n", 0.80, kept=True),
            node("nb", "n", 0.84, kept=True),
            node("nc", "n", 0.62, operator="regenerate:tone"),
            node("nba", "nb", 0.93, kept=True, chosen=True),
            node("nbb", "nb", 0.85),
            node("naa", "na", 0.81),
        ),
        ended_by="threshold",
    )


def take(event: SoundEvent) -> Take:
    doubtful = event.id == "e3_door"
    return Take(
        event_id=event.id,
        key="0" * 64,
        file=f".foley/takes/{event.id}.wav",
        engine="synth",
        engine_version="1",
        seed=7,
        check=Check(
            median_onset_offset_ms=1.2 if event.hits else None,
            hit_recall=1.0 if event.hits else None,
            activity_iou=0.9,
            azimuth_error_deg=2.1,
            peak_dbfs=-8,
            rms_dbfs=-30,
            faults=(Fault.LATE,) if doubtful else (),
            score=0.6 if doubtful else 0.97,
        ),
    )


def diagnosis(script: FoleyScript, carved: float) -> Diagnosis:
    ids = [event.id for event in script.events]
    return Diagnosis(
        tracks=tuple(
            TrackFeatures(
                event_id=event.id,
                centroid_hz=900 + 400 * number,
                band_db=tuple(-6.0 * abs(band - number - 2) for band in range(10)),
                integrated_lufs=-26.0 - number + 10 * carved,
                true_peak_dbtp=-9.0,
                crest_db=14.0,
                correlation=0.6,
            )
            for number, event in enumerate(script.events)
        ),
        masking={
            target: {masker: max(0.3 - carved, 0) for masker in ids if masker != target}
            for target in ids
        },
    )
