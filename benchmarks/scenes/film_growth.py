#!/usr/bin/env python3
"""How a film's run grows: what the head itself spends a scene, and where that ends.

usage: python -m benchmarks.scenes.film_growth [--shots 1500] [--scenes 100000]

First the way of a film over many short shots, one scene each, with a stub in the place of seeing
and sounding: documents, ledger, bible and what stands are real, the cost of a scene is the recorded
one. Printed: the head's own CPU seconds, their share of the whole, memory at a third of the way and
at the end. Then a simulation of a film of many scenes on some workers: recorded costs, one head,
reels assembled one by one.
"""

import argparse
import heapq
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from foley_designer.core.category import Subcategory
from foley_designer.core.clip import Clip
from foley_designer.core.files import file_hash
from foley_designer.core.progress import silent
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.performance import Layer, Performance
from foley_designer.core.script.screenplay import Element, ElementKind, ScriptScene
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, SourceKind, Span
from foley_designer.core.session.session import Session
from foley_designer.core.session.session_record import DesignInputs, SessionRecord, Stage
from foley_designer.core.settings import Settings
from foley_designer.core.space import Space
from foley_designer.film.designing import Run, design_scenes
from foley_designer.film.folder import FilmFolder
from foley_designer.film.model import DesignedScene, Film, Piece, Reel
from foley_designer.film.scene_design import DESIGNED, SceneMade, SceneTask

SHOT_S = 2.0
COST_S = 1.45
"""CPU seconds a second of film that writing and performing a scene takes (docs/benchmarks.md)."""
ASSEMBLY_S = 0.22
"""CPU seconds a second of film that a reel's assembly takes."""
REEL_S = 1200.0
SCENE_S = 45.0
"""Median length of a scene of a feature, seconds, for the simulation."""


def clip_of(shots: int) -> Clip:
    """A reel's clip."""
    frames = int(shots * SHOT_S * 24)
    return Clip(
        name="reel.mp4",
        sha256="0" * 64,
        width=640,
        height=360,
        rate=Fraction(24),
        duration_s=frames / 24,
        frame_count=frames,
    )


def film_of(shots: int) -> Film:
    """A film of short scenes at ten places, three people walking in them by turns."""
    clip, frames = clip_of(shots), int(SHOT_S * 24)
    scenes, pieces = [], []
    for number in range(shots):
        who = ("Anna", "Ben", "Cleo")[number % 3]
        action = Element(kind=ElementKind.ACTION, text=f"{who} walks to the door.", line=1)
        place = f"ROOM {number % 10}"
        text = ScriptScene(
            heading=f"INT. {place} - DAY", place=place, interior=True, elements=(action,)
        )
        first = number * frames
        key = f"r1s{number + 1}"
        scenes.append(
            DesignedScene(
                id=key,
                title=f"INT. {place}",
                place=f"int_room_{number % 10}",
                path="reel.mp4",
                clip=clip,
                first=first,
                last=first + frames,
                text=text,
            )
        )
        pieces.append(Piece(scene=key, first=0, last=frames, at=first))
    reel = Reel(number=1, path="reel.mp4", clip=clip, pieces=tuple(pieces))
    return Film(title="Growth", reels=(reel,), scenes=tuple(scenes))


def written(task: SceneTask) -> FoleyScript:
    """A script as a scene's own design would write it."""
    sentence = task.scene.text.action if task.scene.text else ""
    steps = SoundEvent(
        id="e1_steps",
        label="walks",
        description=sentence,
        subcategory=Subcategory.HUMAN_STEPS,
        layer=Layer.FOREGROUND,
        hits=tuple(Hit(time_s=0.2 + 0.5 * k) for k in range(4)),
        source=Source(kind=SourceKind.POINT),
        performance=Performance(variant="boots", surface="wood"),
    )
    room = SoundEvent(
        id="e2_room",
        label="room",
        description="Room tone.",
        subcategory=Subcategory.AMBIENCE,
        layer=Layer.BACKGROUND,
        spans=(Span(start_s=0.0, end_s=SHOT_S),),
        source=Source(kind=SourceKind.AROUND),
        performance=Performance(variant="room"),
    )
    return FoleyScript(clip=task.scene.clip, space=Space.LIVING_ROOM, events=(steps, room))


class Stub:
    """Leaves a scene's documents behind, and counts what that costs itself."""

    def __init__(self) -> None:
        self.spent = 0.0
        self.done = 0

    def __call__(self, task: SceneTask) -> SceneMade:
        """A scene written or performed, at its recorded cost."""
        began = time.process_time()
        session = FilmFolder(Path(task.root)).scene(task.scene.id)
        session.create()
        if task.script is None:
            digest = str(session.put(written(task)))
        else:
            digest = self._performed(session, task, FoleyScript.from_json(task.script))
        self.done += 1
        self.spent += time.process_time() - began
        return SceneMade(task.key, digest, COST_S * SHOT_S / 2)

    def _performed(self, session: Session, task: SceneTask, script: FoleyScript) -> str:
        documents: Any = {"script": session.put(script)}
        revision = session.commit(documents, DESIGNED)
        inputs = DesignInputs(clip_path="reel.mp4", clip_sha256="0" * 64)
        session.save(
            SessionRecord(
                generator="stub",
                stage=Stage.DONE,
                inputs=inputs,
                clip=task.scene.clip,
                revision=revision,
                documents=documents,
            )
        )
        return file_hash(session.record_file)


class Counting:
    """A pool that works here, and notes the memory a third of the way through the last step."""

    def __init__(self) -> None:
        self.early = 0

    def run(
        self, work: Callable[[Any], Any], tasks: Sequence[Any]
    ) -> Iterator[tuple[int, Any | Exception]]:
        """See `foley_designer.core.work.pool.Pool`."""
        for index, task in enumerate(tasks):
            if index == len(tasks) // 3:
                self.early = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            yield index, work(task)


def head(shots: int) -> float:
    """Print what the head spends on a film of some shots; return its CPU seconds a scene."""
    film = film_of(shots)
    stub, pool = Stub(), Counting()
    with tempfile.TemporaryDirectory(prefix="growth-") as place:
        folder = FilmFolder(Path(place))
        with folder.lock(), folder.ledger() as ledger:
            folder.commit(film)
            run = Run(folder, ledger, Settings(), pool, silent, stub)
            began = time.process_time()
            made = design_scenes(run, film)
            spent = time.process_time() - began - stub.spent
            began = time.process_time()
            again = design_scenes(run, film)
            resumed = time.process_time() - began
    assert (made.failed, made.made, again.made) == ({}, 2 * shots, 0)
    whole = COST_S * SHOT_S * shots
    late = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"{shots} shots of {SHOT_S:g} s: head {spent:.2f} CPU s = {spent / whole:.2%} of "
        f"{whole:.0f} recorded ones; a run that finds all done {resumed:.2f} s; "
        f"memory {pool.early / 1e3:.0f} MB after a third, {late / 1e3:.0f} MB at the end",
        flush=True,
    )
    return spent / shots


class Grown(NamedTuple):
    """A simulated run."""

    wall_s: float
    busy: float
    """Share of the workers' time that is work."""
    head: float
    """Share of the wall time in which the head is busy."""


def simulated(scenes: int, workers: int, head_s: float, *, by_reel: bool, seed: int = 0) -> Grown:
    """A film of scenes on workers: each is handed out by one head, reels are assembled.

    Args:
        scenes: how many.
        workers: that make them.
        head_s: CPU seconds of the head a scene.
        by_reel: whether reels are assembled on the workers; else the head does it, one by one.
        seed: of the scenes' lengths.
    """
    rng = np.random.default_rng(seed)
    lengths = np.minimum(rng.lognormal(np.log(SCENE_S), 0.8, scenes), 600.0)
    free = [0.0] * workers
    at = work = 0.0
    for length in lengths:
        at += head_s
        start = max(heapq.heappop(free), at)
        cost = COST_S * length
        work += cost
        heapq.heappush(free, start + cost)
    wall = max(free)
    assembly = ASSEMBLY_S * float(lengths.sum())
    if by_reel:
        reels = max(1, round(float(lengths.sum()) / REEL_S))
        wall += assembly / min(workers, reels)
    else:
        wall += assembly
    own = scenes * head_s + (0.0 if by_reel else assembly)
    return Grown(wall, (work + (assembly if by_reel else 0)) / (wall * workers), own / wall)


def main() -> None:
    """Measure the head, then let it grow on paper."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--shots", type=int, nargs="*", default=[500, 1500])
    options.add_argument("--scenes", type=int, default=100_000)
    told = options.parse_args()
    head_s = 1e-3
    for shots in told.shots:
        head_s = head(shots)
    print(f"{told.scenes} scenes; head {1e3 * head_s:.2f} ms a scene")
    print("workers  assembly   hours  workers busy  head busy")
    for workers in (2, 16, 128, 1024, 8192):
        for by_reel in (False, True):
            grown = simulated(told.scenes, workers, head_s, by_reel=by_reel)
            where = "workers" if by_reel else "head"
            hours = grown.wall_s / 3600
            print(f"{workers:7}  {where:8} {hours:7.1f}  {grown.busy:12.1%}  {grown.head:9.1%}")


if __name__ == "__main__":
    main()
