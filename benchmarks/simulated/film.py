"""One simulated film: its scene, its pictures and its truth."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

os.environ.setdefault("MUJOCO_GL", "osmesa")
os.environ.setdefault("LP_NUM_THREADS", "1")

import av
import mujoco
import numpy as np
from numpy.typing import NDArray

from benchmarks.simulated.actors import Actor
from benchmarks.simulated.camera import Shot, View, draw_shots, view_at
from benchmarks.simulated.fallers import Ball, Drop
from benchmarks.simulated.looks import Wardrobe, surroundings
from benchmarks.simulated.movers import Car, Pendulum, Roller, Scraper
from benchmarks.simulated.people import Keys, Walker, Waver
from benchmarks.simulated.shapes import Contact, Random, Vector, vector
from benchmarks.simulated.strikers import Door, Drummer, Striker

ACTORS: dict[str, type[Actor]] = {
    one.label: one
    for one in (Striker, Drummer, Keys, Ball, Drop, Roller, Scraper, Walker, Door, Car)
}
SILENT: tuple[type[Actor], ...] = (Pendulum, Waver)
RATES = ("12", "15", "24000/1001", "24", "25", "25", "30000/1001", "30", "50", "60")
STEP_S = 0.001
"""Of the dynamics, and so the exactness of contacts that they make."""
GAP_S = 0.03
"""How long two things must have been apart for their next touch to be a contact."""


@dataclass(frozen=True)
class Film:
    """What one film is rendered from."""

    actors: tuple[Actor, ...]
    shots: tuple[Shot, ...]
    model: Any
    falls: NDArray[np.float64]
    """[milliseconds, coordinates] of what falls by dynamics."""
    seconds: float
    rate: Fraction
    size: tuple[int, int]
    shutter: float
    """Part of a frame's time that it is exposed."""
    grade: tuple[float, float, float]
    """Gamma, gain, and noise in grey levels."""
    codec: tuple[str, int]
    """Encoder and its quality: x264's rate factor, MPEG-4's quantiser."""
    seed: int

    @property
    def times_s(self) -> Vector:
        """Of frames."""
        return np.arange(round(self.seconds * float(self.rate))) / float(self.rate)


def draw(kinds: tuple[str, ...], seed: int, *, size: tuple[int, int] = (480, 270)) -> Film:
    """Draw a film of some actors; everything else comes from the seed.

    Args:
        kinds: labels in ``ACTORS``; twice the same makes two of one kind.
        seed: the only source of chance.
        size: width and height in pixels.
    """
    rng = np.random.default_rng(seed)
    seconds = rng.uniform(3.0, 5.0)
    widths = [ACTORS[kind].extent[0] for kind in kinds]
    height = max(ACTORS[kind].extent[1] for kind in kinds)
    edges = np.concatenate([[0.0], np.cumsum(widths)]) - sum(widths) / 2
    order = rng.permutation(len(kinds))
    actors: list[Actor] = []
    for index, kind in enumerate(kinds):
        slot = int(order[index]) if len(set(widths)) == 1 else index
        x = (edges[slot] + edges[slot + 1]) / 2
        at = vector(x, rng.normal() * 0.25 * min(widths), 0)
        actors.append(ACTORS[kind](f"s{index}", at, seconds, rng))
    if rng.random() < 0.25:
        kind = SILENT[int(rng.integers(len(SILENT)))]
        at = vector(rng.choice([-1, 1]) * sum(widths) * rng.uniform(0.2, 0.6), 1.0, 0)
        actors.append(kind(f"s{len(actors)}", at, seconds, rng))
    model, falls = _compile(rng, actors, sum(widths), seconds)
    cuts = int(rng.choice([0, 1, 2], p=[0.78, 0.14, 0.08]))
    middle = vector(0, 0, height * 0.45)
    shots = draw_shots(rng, seconds, middle, (sum(widths), height), cuts)
    mpeg4 = rng.random() < 0.15
    return Film(
        actors=tuple(actors),
        shots=shots,
        model=model,
        falls=falls,
        seconds=seconds,
        rate=Fraction(str(rng.choice(RATES))),
        size=size,
        shutter=float(rng.choice([0.0, 0.25, 0.5, 0.5, 0.9])),
        grade=(rng.uniform(0.75, 1.35), rng.uniform(0.7, 1.2), float(rng.choice([0, 1, 3, 7]))),
        codec=("mpeg4", int(rng.integers(2, 9)))
        if mpeg4
        else ("libx264", int(rng.integers(16, 36))),
        seed=seed,
    )


def _compile(
    rng: Random, actors: list[Actor], width: float, seconds: float
) -> tuple[Any, NDArray[np.float64]]:
    wardrobe = Wardrobe(rng)
    for actor in actors:
        for part in "abc":
            wardrobe.add(actor.name + part)
        wardrobe.skin(f"{actor.name}skin")
    sky, place = surroundings(wardrobe, width)
    model = mujoco.MjModel.from_xml_string(
        f'<mujoco><option timestep="{STEP_S}"/><visual><global offwidth="1280" offheight="720"/>'
        '<quality shadowsize="1024" offsamples="0"/><headlight ambient="'
        f'{" ".join([f"{rng.uniform(0.1, 0.4):.2f}"] * 3)}" diffuse=".15 .15 .15"/>'
        f'<map znear=".01" zfar="60"/></visual><asset>{sky}{wardrobe.text}</asset><worldbody>'
        f'{place}{"".join(actor.bodies() for actor in actors)}<camera name="camera"/>'
        "</worldbody></mujoco>",
        assets=wardrobe.assets,
    )
    return model, _fall(model, [one for one in actors if isinstance(one, Drop)], seconds)


def _fall(model: Any, drops: list[Drop], seconds: float) -> NDArray[np.float64]:
    """Let things fall, and note their contacts."""
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    steps = round(seconds / STEP_S) + 2
    if not drops:
        return np.zeros((steps, 0))
    held = {name: thing[5] for drop in drops for name, thing in drop.things.items()}
    begin = data.qpos.copy()
    path = np.zeros((steps, model.nq))
    found: dict[str, list[Contact]] = {name: [] for name in held}
    last: dict[str, float] = dict.fromkeys(held, -1.0)
    joints = {name: int(model.body(name).jntadr[0]) for name in held}
    names = {int(model.geom(name).id): name for name in held}
    for step in range(steps):
        now = step * STEP_S
        for name, joint in joints.items():
            if now < held[name]:
                place, motion = model.jnt_qposadr[joint], model.jnt_dofadr[joint]
                data.qpos[place : place + 7] = begin[place : place + 7]
                data.qvel[motion : motion + 6] = 0
        path[step] = data.qpos
        speeds = {name: -float(data.qvel[model.jnt_dofadr[j] + 2]) for name, j in joints.items()}
        mujoco.mj_step(model, data)
        for pair in data.contact.geom[: data.ncon]:
            for name in {names[g] for g in map(int, pair) if g in names}:
                if now - last[name] > GAP_S:
                    found[name].append(Contact(now, max(speeds[name], 0.0)))
                last[name] = now
    moments = np.arange(steps) * STEP_S
    for drop in drops:
        adr = {name: model.jnt_qposadr[joints[name]] for name in drop.things}
        places = {name: path[:, at : at + 3] for name, at in adr.items()}
        drop.learn(moments, places, [one for name in drop.things for one in found[name]])
    return path


class Renderer:
    """Renders a film's pictures in order."""

    def __init__(self, film: Film):
        self.film = film
        self.data = mujoco.MjData(film.model)
        self._bodies = {
            pose.name: int(film.model.body(pose.name).mocapid[0])
            for actor in film.actors
            for pose in actor.poses(0.0)
        }
        self._renderer = mujoco.Renderer(film.model, film.size[1], film.size[0])

    def close(self) -> None:
        """Free the drawing buffers."""
        self._renderer.close()

    def _instant(self, time_s: float) -> NDArray[np.uint8]:
        film, data = self.film, self.data
        for actor in film.actors:
            for pose in actor.poses(time_s):
                index = self._bodies[pose.name]
                data.mocap_pos[index], data.mocap_quat[index] = pose.position, pose.turn
        if film.falls.shape[1]:
            data.qpos[:] = film.falls[min(round(time_s / STEP_S), len(film.falls) - 1)]
        view = view_at(film.shots, time_s, film.seconds)
        half = np.tan(np.radians(view.fov_deg) / 2) * film.size[1] / film.size[0]
        film.model.cam_fovy[0] = np.degrees(2 * np.arctan(half))
        film.model.cam_pos[0], film.model.cam_quat[0] = view.eye, view.turn
        mujoco.mj_kinematics(film.model, data)
        mujoco.mj_comPos(film.model, data)
        mujoco.mj_camlight(film.model, data)
        self._renderer.update_scene(data, camera="camera")
        return np.asarray(self._renderer.render())

    def frames(self) -> Iterator[NDArray[np.uint8]]:
        """RGB frames, blurred over the shutter, graded and noisy."""
        film, rng = self.film, np.random.default_rng(self.film.seed + 1)
        gamma, gain, grain = film.grade
        count = 1 if film.shutter == 0 else 3
        open_s = film.shutter / float(film.rate)
        for time_s in film.times_s:
            instants = time_s + (np.arange(count) / max(count - 1, 1) - 0.5) * open_s
            light = np.mean([self._instant(max(float(t), 0.0)) for t in instants], axis=0)
            light = 255 * (gain * light / 255).clip(0, 1) ** gamma
            light += rng.normal(size=light.shape) * grain if grain else 0
            yield light.clip(0, 255).astype(np.uint8)


def write(film: Film, path: Path) -> None:
    """Render and encode a film without sound."""
    renderer = Renderer(film)
    codec, quality = film.codec
    with av.open(str(path), "w") as container:
        options = {"crf": str(quality), "preset": "veryfast"} if codec == "libx264" else {}
        stream = container.add_stream(codec, rate=film.rate, options=options)
        stream.width, stream.height = film.size
        stream.pix_fmt = "yuv420p"
        stream.thread_count = 1
        if codec == "mpeg4":
            stream.codec_context.qmin = stream.codec_context.qmax = quality
        for picture in renderer.frames():
            for packet in stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    renderer.close()


def truth(film: Film) -> dict[str, Any]:
    """What a film shows, exactly; lists have one value a frame."""
    views = [view_at(film.shots, float(t), film.seconds) for t in film.times_s]
    return {
        "seed": film.seed,
        "rate": str(film.rate),
        "width": film.size[0],
        "height": film.size[1],
        "seconds": round(film.seconds, 4),
        "shutter": film.shutter,
        "codec": list(film.codec),
        "cuts_s": [round(shot.start_s, 4) for shot in film.shots[1:]],
        "field_of_view_deg": [round(shot.fov_deg, 2) for shot in film.shots],
        "sources": [_source(actor, film, views) for actor in film.actors],
    }


def _source(actor: Actor, film: Film, views: list[View]) -> dict[str, Any]:
    seen = np.array(
        [v.seen(actor.place(float(t))) for v, t in zip(views, film.times_s, strict=True)]
    )
    kept = [one for one in actor.contacts if 0 <= one.time_s < film.times_s[-1]]
    return {
        "label": actor.label,
        "action": actor.action,
        "onsets_s": [round(one.time_s, 4) for one in kept],
        "strengths": [round(float(one.strength), 3) for one in kept],
        "spans_s": [[round(float(a), 3), round(float(b), 3)] for a, b in actor.spans],
        **{
            name: [round(float(value), 4) for value in seen[:, column]]
            for column, name in enumerate(("x", "y", "azimuth_deg", "distance_m"))
        },
    }
