"""Distances by a depth model: its map inside each track's box, along the track."""

from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.script.observation import Box, Observation, Track
from foley_designer.vision.geometry.depth import FARTHEST_M, NEAREST_M, distance_note, smooth
from foley_designer.vision.models.depth_model import DepthModel
from foley_designer.vision.tracking.locating import WIDTH, box_at
from foley_designer.vision.video.decode import FrameReader
from foley_designer.vision.video.frame_sampling import times_to_look

Statistic = Literal["median", "mean"]

SEEN_S = 0.1
"""How far in time from a frame a track's nearest sighting may be."""
FAINTEST = 0.02
"""Share of a map's largest disparity that counts as infinitely far."""


def measure(
    path: Path, observation: Observation, model: DepthModel, statistic: Statistic, most: int
) -> Observation:
    """The observation with distances by a depth model (paper, section 3.2.1).

    A metric model's metres are taken. A relative model gives order alone: its scale is set so
    that, over the whole clip, its distances agree in the median with the ground plane's.

    Args:
        path: the clip that was observed.
        observation: what was seen of it.
        model: sees depth; whatever it raises goes through.
        statistic: what stands for a box: ``mean`` as the paper says, or the robust ``median``.
        most: frames that the model is shown at most.

    Raises:
        FoleyError: as `foley_designer.vision.video.decode.open_clip`.
    """
    seen: dict[str, list[tuple[float, float]]] = {track.id: [] for track in observation.tracks}
    with FrameReader(path, WIDTH, observation.clip.rate) as reader:
        for time_s in times_to_look(observation, most):
            frame = reader.at(time_s)
            boxes = {track.id: box_at(track, frame.time_s, SEEN_S) for track in observation.tracks}
            if not any(boxes.values()):
                continue
            depth = _depth(model, frame.image)
            for name, box in boxes.items():
                if box is not None:
                    seen[name].append((frame.time_s, value_in(depth, box, statistic)))
    scale = 1.0 if model.metric else _scale(observation, seen)
    tracks = [
        _with_distances(track, seen[track.id], scale) if seen[track.id] else track
        for track in observation.tracks
    ]
    old = observation.parts.get("depth", "")
    kept = [note for note in observation.notes if not (old and old in note.text)]
    return observation.model_copy(
        update={
            "tracks": tuple(tracks),
            "parts": observation.parts | {"depth": model.name},
            "notes": (*kept, distance_note(model.name, model.uncertainty)),
        }
    )


def value_in(depth: NDArray[np.float64], box: Box, statistic: Statistic) -> float:
    """The mean or median of a map ``[rows, columns]`` inside a box that may reach outside."""
    rows, columns = depth.shape
    top, bottom = _bounds(box.y, box.height, rows)
    left, right = _bounds(box.x, box.width, columns)
    part = depth[top:bottom, left:right]
    return float(part.mean() if statistic == "mean" else np.median(part))


def _bounds(centre: float, size: float, count: int) -> tuple[int, int]:
    first = min(max(int((centre - size / 2) * count), 0), count - 1)
    return first, min(max(int(np.ceil((centre + size / 2) * count)), first + 1), count)


def _depth(model: DepthModel, image: NDArray[np.uint8]) -> NDArray[np.float64]:
    """A map in metres, or for relative models in an unknown unit.

    Raises:
        ValueError: what the model gave is no map.
    """
    given = np.asarray(model.depth(image), np.float64)
    if given.ndim != 2 or not given.size or not np.isfinite(given).all():
        raise ValueError(f"its map is no finite [rows, columns] but {given.shape}")
    if model.metric:
        return np.clip(given, NEAREST_M, None)
    return np.asarray(1.0 / np.maximum(given, max(FAINTEST * float(given.max()), 1e-6)))


def _scale(observation: Observation, seen: dict[str, list[tuple[float, float]]]) -> float:
    """Metres of a relative model's unit, by the ground plane's distances."""
    ratios = []
    for track in observation.tracks:
        times = [one.time_s for one in track.sightings]
        plain = [one.distance_m for one in track.sightings]
        ratios += [
            np.log(np.interp(time_s, times, plain) / value) for time_s, value in seen[track.id]
        ]
    return float(np.exp(np.median(ratios))) if ratios else 1.0


def _with_distances(track: Track, seen: list[tuple[float, float]], scale: float) -> Track:
    """Interpolated in the logarithm between the frames that were looked at."""
    times = [time_s for time_s, _ in seen]
    logs = np.log([scale * value for _, value in seen])
    metres = np.exp(np.interp([one.time_s for one in track.sightings], times, logs))
    distances = smooth([float(value) for value in np.clip(metres, NEAREST_M, FARTHEST_M)])
    return track.model_copy(
        update={
            "sightings": tuple(
                one.model_copy(update={"distance_m": distance})
                for one, distance in zip(track.sightings, distances, strict=True)
            )
        }
    )
