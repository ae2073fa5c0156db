"""Walking: a pose model's heel strikes take the place of the steps of those who walk."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.note import Note, NoteKind
from foley_designer.core.progress import Progress, silent
from foley_designer.core.script.observation import (
    Moment,
    MomentKind,
    MotionKind,
    Observation,
    Track,
)
from foley_designer.vision.events.heel_strikes import Gait, Strike, heel_strikes
from foley_designer.vision.models.pose_model import PoseModel
from foley_designer.vision.tracking.locating import WIDTH, box_at
from foley_designer.vision.video.decode import FrameReader

FEWEST = 2
"""Strikes that take the place of a track's steps."""
APART_S = 0.03
"""Time between two frames that are shown at least; the model sees no more at higher rates."""
SEEN_S = 0.1
"""How far in time from a frame a track's nearest sighting may be."""
SIDES = ("left", "right")

Joints = NDArray[np.float64]


def with_heel_strikes(
    path: Path,
    observation: Observation,
    model: PoseModel,
    most: int,
    progress: Progress = silent,
) -> Observation:
    """The observation with heel strikes for the steps of every walker whose joints are seen.

    Args:
        path: the clip that was observed.
        observation: what was seen of it.
        model: sees joints; whatever it raises goes through.
        most: frames that the model is shown at most, spread over all walkers.
        progress: is told how far the pass is.

    Raises:
        FoleyError: as `foley_designer.vision.video.decode.open_clip`.
        ValueError: the model sees no feet or no hips, or what it gave is no pose.
    """
    walkers = [one for one in observation.tracks if one.kind is MotionKind.WALKING]
    feet, hips = _columns(model.joints)
    times = {track.id: _times(track, observation, most, len(walkers)) for track in walkers}
    count, done = sum(len(one) for one in times.values()), 0
    found: list[Moment] = []
    with FrameReader(path, WIDTH, observation.clip.rate) as reader:
        for track in walkers:
            seen: list[tuple[float, Joints]] = []
            for time_s in times[track.id]:
                frame, done = reader.at(time_s), done + 1
                box = box_at(track, frame.time_s, SEEN_S)
                if box is not None and (not seen or frame.time_s > seen[-1][0]):
                    pose = np.asarray(model.pose(frame.image, [box]), np.float64)
                    if pose.shape != (1, len(model.joints), 3) or not np.isfinite(pose).all():
                        raise ValueError(f"its pose is no finite [1, joints, 3] but {pose.shape}")
                    seen.append((frame.time_s, pose[0]))
                progress("poses", done / count, track.id)
            found += _steps(track, seen, feet, hips)
    return _replaced(observation, found, model.name)


def _columns(joints: tuple[str, ...]) -> tuple[list[int], list[int]]:
    """Which joints are the feet, heels before ankles, and which are the hips."""
    for foot in ("heel", "ankle"):
        names = [[f"{side}_{part}" for side in SIDES] for part in (foot, "hip")]
        if all(name in joints for part in names for name in part):
            feet, hips = ([joints.index(name) for name in part] for part in names)
            return feet, hips
    raise ValueError("it sees no ankles and hips")


def _times(track: Track, observation: Observation, most: int, walkers: int) -> list[float]:
    """Times at which one walker is looked at, as dense as the bound allows."""
    length = track.end_s - track.start_s
    step = max(observation.clip.frame_s, APART_S, length * walkers / most)
    return [float(time_s) for time_s in np.arange(track.start_s, track.end_s + 1e-6, step)]


def _steps(
    track: Track, seen: list[tuple[float, Joints]], feet: list[int], hips: list[int]
) -> list[Moment]:
    if not seen:
        return []
    times, joints = np.array([time_s for time_s, _ in seen]), np.stack([one for _, one in seen])
    gait = Gait(
        times, joints[:, feet, 0], joints[:, hips, 0].mean(1), joints[:, feet + hips, 2].mean(1)
    )
    strikes = heel_strikes(gait)
    farthest = max((one.reach for one in strikes), default=1.0)
    return [
        _moment(
            track, f"{track.id}h{index + 1}", strike, strike.reach / farthest, times, joints, feet
        )
        for index, strike in enumerate(strikes if len(strikes) >= FEWEST else [])
    ]


def _moment(
    track: Track, name: str, strike: Strike, strength: float,
    times: NDArray[np.float64], joints: Joints, feet: list[int],
) -> Moment:  # fmt: skip
    nearest = joints[int(np.abs(times - strike.time_s).argmin()), feet[strike.foot]]
    return Moment(
        id=name,
        time_s=max(0.0, strike.time_s),
        kind=MomentKind.STEP,
        confidence=strike.confidence,
        strength=min(1.0, strength),
        track_id=track.id,
        x=float(nearest[0]),
        y=float(nearest[1]),
    )


def _replaced(observation: Observation, found: list[Moment], name: str) -> Observation:
    """Those who have heel strikes lose the steps that were read from their motion."""
    posed = {moment.track_id for moment in found}
    if not posed:
        return observation
    kept = [
        one
        for one in observation.moments
        if one.kind is not MomentKind.STEP or one.track_id not in posed
    ]
    note = Note(
        kind=NoteKind.DECISION,
        step="inspect",
        text=f"Steps of {', '.join(sorted(filter(None, posed)))} are heel strikes seen by {name}.",
    )
    return observation.model_copy(
        update={
            "moments": tuple(sorted([*kept, *found], key=lambda one: (one.time_s, one.id))),
            "parts": observation.parts | {"steps": name},
            "notes": (*observation.notes, note),
        }
    )
