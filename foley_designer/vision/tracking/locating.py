"""Locating: what a localizer finds gives tracks their names, and makes tracks of what is still."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from foley_designer.core.note import Note, NoteKind
from foley_designer.core.script.observation import Box, MotionKind, Observation, Sighting, Track
from foley_designer.vision.geometry.depth import GroundPlaneAndSize
from foley_designer.vision.models.localizer import Detection, Localizer
from foley_designer.vision.video.decode import FrameReader
from foley_designer.vision.video.frame_sampling import times_to_look

WIDTH = 960
"""Pixels across of the frames that better parts are shown."""
SAME = 0.3
"""Overlap from which a detection and a moving region are one thing."""
SEEN_S = 0.3
"""How far in time from a frame a track's nearest sighting may be."""
MOST_NEW = 6
"""Tracks at most of things that stand still."""


class Found(NamedTuple):
    """One detection and the frame's time."""

    time_s: float
    detection: Detection


def locate(
    path: Path, observation: Observation, localizer: Localizer, names: Sequence[str], most: int
) -> Observation:
    """The observation with tracks named by what a localizer finds.

    Args:
        path: the clip that was observed.
        observation: what was seen of it.
        localizer: finds named things; whatever it raises goes through.
        names: what is looked for.
        most: frames that it is shown at most.

    Raises:
        FoleyError: as `foley_designer.vision.video.decode.open_clip`.
    """
    with FrameReader(path, WIDTH, observation.clip.rate) as reader:
        frames = [reader.at(time_s) for time_s in times_to_look(observation, most)]
    answers = localizer.locate([frame.image for frame in frames], names)
    found = [
        Found(frame.time_s, one)
        for frame, detections in zip(frames, answers, strict=True)
        for one in detections
        if one.label in names
    ]
    return with_names(observation, found, localizer.name)


def with_names(observation: Observation, found: Sequence[Found], name: str) -> Observation:
    """Tracks with the name that most of their overlapping detections agree on, and new ones.

    A detection that overlaps no track stands for something that hardly moves; it becomes a track
    of its own where it is found again, or is the only look at its shot.
    """
    tracks = [_named(track, found) for track in observation.tracks]
    new = _still_tracks(observation, [one for one in found if not _explained(one, tracks)])
    labelled = [track for track in (*tracks, *new) if track.label]
    told = ", ".join(f"{track.label} ({track.id})" for track in labelled) or "nothing"
    note = Note(kind=NoteKind.PART, step="inspect", text=f"{name} found {told}."[:500])
    return observation.model_copy(
        update={
            "tracks": (*tracks, *new),
            "parts": observation.parts | {"names": name},
            "notes": (*observation.notes, note),
        }
    )


def overlap(one: Box, other: Box) -> float:
    """Common area over the geometric mean of both areas, 0..1.

    A part of a thing, such as a swung arm, still overlaps the whole thing well.
    """
    across = _common(one.x, one.width, other.x, other.width)
    down = _common(one.y, one.height, other.y, other.height)
    areas = one.width * one.height * other.width * other.height
    return float(across * down / areas**0.5)


def _common(one: float, size: float, other: float, other_size: float) -> float:
    right = min(one + size / 2, other + other_size / 2)
    return max(0.0, right - max(one - size / 2, other - other_size / 2))


def box_at(track: Track, time_s: float, within_s: float = SEEN_S) -> Box | None:
    """Where a track was seen at about this time."""
    nearest = min(track.sightings, key=lambda one: abs(one.time_s - time_s))
    return nearest.box if abs(nearest.time_s - time_s) <= within_s else None


def _named(track: Track, found: Sequence[Found]) -> Track:
    votes: dict[str, float] = {}
    for time_s, detection in found:
        box = box_at(track, time_s)
        common = overlap(box, detection.box) if box else 0.0
        if common >= SAME:
            votes[detection.label] = votes.get(detection.label, 0.0) + common * detection.score
    if not votes:
        return track
    return track.model_copy(update={"label": max(sorted(votes), key=lambda name: votes[name])})


def _explained(one: Found, tracks: Sequence[Track]) -> bool:
    return any(
        (box := box_at(track, one.time_s)) is not None and overlap(box, one.detection.box) >= SAME
        for track in tracks
    )


def _still_tracks(observation: Observation, found: Sequence[Found]) -> list[Track]:
    """Tracks of detections that belong to none: the same name at the same place in one shot."""
    chains: list[list[Found]] = []
    for one in sorted(found, key=lambda item: item.time_s):
        for chain in chains:
            if _goes_on(observation, chain[-1], one):
                chain.append(one)
                break
        else:
            chains.append([one])
    kept = [chain for chain in chains if len(chain) > 1 or len({f.time_s for f in found}) == 1]
    kept.sort(key=lambda chain: -sum(one.detection.score for one in chain))
    first = len(observation.tracks) + 1
    return [_track(observation, f"t{first + k}", chain) for k, chain in enumerate(kept[:MOST_NEW])]


def _goes_on(observation: Observation, last: Found, one: Found) -> bool:
    shots = {_shot_at(observation, each.time_s) for each in (last, one)}
    same = last.detection.label == one.detection.label and last.time_s < one.time_s
    return same and len(shots) == 1 and overlap(last.detection.box, one.detection.box) >= SAME


def _shot_at(observation: Observation, time_s: float) -> int:
    return max(
        (shot.index for shot in observation.shots if shot.start_s <= time_s + 1e-3), default=0
    )


def _track(observation: Observation, name: str, chain: Sequence[Found]) -> Track:
    clip, geometry = observation.clip, GroundPlaneAndSize()
    aspect, view = clip.width / clip.height, observation.field_of_view_deg
    sightings = tuple(
        Sighting(
            time_s=one.time_s,
            box=one.detection.box,
            distance_m=geometry.distance(one.detection.box, MotionKind.STILL, aspect, view),
            speed=0.0,
        )
        for one in chain
    )
    belief = sum(one.detection.score for one in chain) / len(chain)
    return Track(
        id=name,
        kind=MotionKind.STILL,
        label=chain[0].detection.label,
        confidence=min(1.0, belief),
        sightings=sightings,
    )
