"""Yardstick clips: small drawn clips with exact truth, because tests need truth.

A clip shows one actor (``walker``, ``hammer``, ``ball``, ``car``, ``flash``) or several
(``walker+hammer``). It has no sound.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

import av
import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from benchmarks.yardstick.actors import ACTORS, Actor
from benchmarks.yardstick.stage import (
    Brush,
    Framing,
    Picture,
    Point,
    View,
    frame_matrix,
    framing_at,
    scenery,
)
from foley_designer.core.documents import Part
from foley_designer.core.timecode import FrameRate

TIME_BASE = Fraction(1, 90_000)
SHUTTER = (0.0, 0.17, 0.33)
"""Instants of a frame, in frames, whose average makes its motion blur (a 180° shutter)."""

CameraStyle = Literal["static", "pan", "zoom", "shake"]


class YardstickSource(Part):
    """The truth about one source. Tuples have one value a frame of the clip."""

    label: str
    onsets_s: tuple[float, ...]
    x: tuple[float, ...]
    """Horizontal place on screen, 0 left to 1 right; outside it is off screen."""
    y: tuple[float, ...]
    azimuth_deg: tuple[float, ...]
    """Degrees, positive to the left."""
    distance_m: tuple[float, ...]


class YardstickTruth(Part):
    """What a yardstick clip shows, exactly."""

    kind: str
    rate: FrameRate
    width: int
    height: int
    field_of_view_deg: float
    times_s: tuple[float, ...] = Field(min_length=1)
    """Presentation times of the frames."""
    cuts_s: tuple[float, ...] = ()
    sources: tuple[YardstickSource, ...]

    @property
    def onsets_s(self) -> tuple[float, ...]:
        """Onsets of all sources, in order."""
        return tuple(sorted(time for source in self.sources for time in source.onsets_s))


@dataclass(frozen=True)
class _Stage:
    """Everything that one clip is drawn from."""

    view: View
    actors: tuple[Actor, ...]
    sceneries: tuple[Picture, ...]
    camera: CameraStyle
    seconds: float
    cuts_s: tuple[float, ...]
    occlusion: bool
    seed: int

    def matrix(self, time_s: float) -> NDArray[np.float64]:
        """Canvas to frame pixels; every other shot is a little closer."""
        framing = framing_at(self.camera, time_s, self.seconds, self.seed)
        if self._shot(time_s) % 2:
            framing = Framing(framing.shift_x + 0.05, framing.shift_y, framing.zoom * 1.2)
        return frame_matrix(self.view, framing)

    def _shot(self, time_s: float) -> int:
        return int(np.searchsorted(self.cuts_s, time_s, "right"))

    def picture(self, time_s: float) -> Picture:
        """The frame at an instant."""
        canvas = self.sceneries[self._shot(time_s)].copy()
        brush = Brush(canvas, self.view)
        for actor in sorted(self.actors, key=lambda one: -one.depth_m):
            actor.draw(brush, time_s)
        if self.occlusion:
            pole = [Point(x, y, 1.9) for x, y in ((-0.1, -1), (0.1, -1), (0.1, 4), (-0.1, 4))]
            brush.shape(pole, (60, 75, 80))
        size = (self.view.width, self.view.height)
        seen = cv2.warpAffine(canvas, self.matrix(time_s), size, flags=cv2.INTER_LINEAR)
        return seen.astype(np.uint8, copy=False)


def render(
    kind: str,
    path: Path,
    *,
    rate: Fraction = Fraction(25),
    width: int = 640,
    height: int = 360,
    seconds: float = 5.0,
    seed: int = 0,
    field_of_view_deg: float = 54.0,
    camera: CameraStyle = "static",
    cuts_s: tuple[float, ...] = (),
    occlusion: bool = False,
    variable_rate: bool = False,
    hold: int = 1,
    depth_factors: tuple[float, ...] = (),
) -> YardstickTruth:
    """Draw a clip and write it as H.264 in MP4 without sound.

    Args:
        kind: actors joined by ``+``.
        path: where to write; the folder must exist.
        rate: nominal frames a second.
        width: even pixels.
        height: even pixels.
        seconds: duration.
        seed: the only source of chance.
        field_of_view_deg: horizontal field of view of the camera.
        camera: how the camera moves.
        cuts_s: times at which the view changes.
        occlusion: whether a pole stands between the camera and the middle of the scene.
        variable_rate: whether frames come at uneven times, some left out.
        hold: frames for which each picture is repeated.
        depth_factors: times its usual distance that each actor is away; empty leaves all there.

    Returns:
        The truth, sampled at the frames' presentation times.

    Raises:
        KeyError: an actor is not known.
    """
    rng = np.random.default_rng(seed)
    view = View(width, height, field_of_view_deg)
    stage = _Stage(
        view,
        _actors(kind, rng, depth_factors),
        tuple(scenery(view, rng) for _ in range(len(cuts_s) + 1)),
        camera,
        seconds,
        cuts_s,
        occlusion,
        seed,
    )
    ticks = _frame_ticks(rate, seconds, rng if variable_rate else None)
    _encode(path, _pictures(stage, ticks, rate, hold), ticks, rate, (width, height))
    times = tuple(tick * float(TIME_BASE) for tick in ticks)
    return YardstickTruth(
        kind=kind,
        rate=rate,
        width=width,
        height=height,
        field_of_view_deg=field_of_view_deg,
        times_s=times,
        cuts_s=cuts_s,
        sources=tuple(_source_truth(stage, actor, times) for actor in stage.actors),
    )


def _actors(kind: str, rng: np.random.Generator, factors: tuple[float, ...]) -> tuple[Actor, ...]:
    actors = tuple(ACTORS[name](rng) for name in kind.split("+"))
    for actor, factor in zip(actors, factors, strict=bool(factors)):
        actor.depth_m *= factor
    return actors


def _frame_ticks(rate: Fraction, seconds: float, rng: np.random.Generator | None) -> list[int]:
    """Presentation times in units of `TIME_BASE`; uneven if chance is given."""
    count = round(seconds * rate)
    ticks = [round(frame / rate / TIME_BASE) for frame in range(count)]
    if rng is None:
        return ticks
    late = rng.uniform(0, 0.45, count) * float(1 / rate / TIME_BASE)
    kept = rng.uniform(size=count) > 0.12
    kept[0] = True
    late[0] = 0.0
    return [tick + int(shift) for tick, shift, keep in zip(ticks, late, kept, strict=True) if keep]


def _pictures(stage: _Stage, ticks: list[int], rate: Fraction, hold: int) -> Iterator[Picture]:
    for index in range(len(ticks)):
        time_s = ticks[index - index % hold] * float(TIME_BASE)
        blur = [stage.picture(time_s + share / float(rate)) for share in SHUTTER]
        yield np.mean(blur, axis=0).round().astype(np.uint8)


def _encode(
    path: Path, pictures: Iterator[Picture], ticks: list[int], rate: Fraction, size: tuple[int, int]
) -> None:
    with av.open(str(path), "w", format="mp4", options={"fflags": "+bitexact"}) as container:
        # Lookahead makes x264's bytes differ from run to run, with one thread, too.
        params = "rc-lookahead=0:mbtree=0"
        options = {"crf": "18", "preset": "veryfast", "threads": "1", "x264-params": params}
        stream = container.add_stream("libx264", rate=rate, options=options)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = TIME_BASE
        for tick, picture in zip(ticks, pictures, strict=True):
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            frame.pts, frame.time_base = tick, TIME_BASE
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def _source_truth(stage: _Stage, actor: Actor, times: tuple[float, ...]) -> YardstickSource:
    view = stage.view
    places = [actor.place(time) for time in times]
    on_frame = [
        stage.matrix(time) @ (*view.project(place), 1.0)
        for time, place in zip(times, places, strict=True)
    ]
    x = [float(point[0]) / view.width for point in on_frame]
    return YardstickSource(
        label=actor.label,
        onsets_s=actor.onsets(times[-1]),
        x=tuple(x),
        y=tuple(float(point[1]) / view.height for point in on_frame),
        azimuth_deg=tuple(
            float(-np.degrees(np.arctan((place - 0.5) * view.width / view.focal))) for place in x
        ),
        distance_m=tuple(float(np.hypot(place.x, place.z)) for place in places),
    )
