"""How long a whole export takes, and how much memory a long session needs.

usage: python -m benchmarks.speed.export_limits
       [--events 10] [--seconds 10] [--stems 5.1] [--kinds bwf …]

Makes a finished session of so many events, of bursts on moving places and beds all around, on disk
and without designing it; all bursts share one sound, all beds another. Then exports every kind of
file but the movie in a process of its own, and prints its wall and CPU time and its peak memory.
With ``--kinds``, each kind in a process of its own, removed before the next: 200 events of ten
minutes are 34 GiB of sound in each kind that carries it.
"""

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from foley_designer.core.category import Subcategory
from foley_designer.core.clip import SAMPLE_RATE, Clip
from foley_designer.core.mix.mix_loudness import MixLoudness
from foley_designer.core.mix.mix_plan import LoudnessTarget, MixPlan, TrackPlan
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.performance import Layer
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, SourceKind, Span
from foley_designer.core.script.trajectory import Cues, Trajectory
from foley_designer.core.session.session import Session
from foley_designer.core.session.session_record import (
    DesignInputs,
    MixRecord,
    SessionRecord,
    Stage,
    StemRecord,
)
from foley_designer.core.space import Space
from foley_designer.export.audio.wav import wav_writer

RATE = 25
KINDS = ("bwf", "adm-ebu", "adm-atmos", "aaf", "otio", "fcpxml7", "edl", "ardour", "reaper", "cues")
LARGEST_AAF, MOST_ATMOS = 2**31, 118
EVERY_BED = 20
"""One event in so many is a bed."""


def event(number: int, seconds: float) -> SoundEvent:
    """A bed, or bursts somewhere."""
    bed = number % EVERY_BED == EVERY_BED - 1
    times = np.arange(0.3 + 0.01 * number, seconds - 0.5, 2.5)
    return SoundEvent(
        id=f"e{number:03}_sound",
        label=f"sound {number}",
        description="a sound",
        subcategory=Subcategory.AMBIENCE if bed else Subcategory.OBJECT_IMPACT,
        layer=Layer.BACKGROUND if bed else Layer.FOREGROUND,
        hits=() if bed else tuple(Hit(time_s=round(float(time), 3)) for time in times),
        spans=(Span(start_s=0, end_s=seconds),) if bed else (),
        source=Source(kind=SourceKind.AROUND if bed else SourceKind.POINT),
    )


def path(one: SoundEvent, frames: int) -> Trajectory:
    """To and fro across the screen."""
    number = int(one.id[1:4])
    swing = 25 * np.sin(np.arange(frames) / RATE * 0.5 + number)
    around = one.source.kind is SourceKind.AROUND
    return Trajectory(
        event_id=one.id,
        rate=RATE,
        azimuth_deg=tuple(float(value) for value in swing),
        distance_m=(4.0,) * frames,
        active=(True,) * frames,
        extent_deg=360.0 if around else 0.0,
    )


def write_sound(file: Path, one: SoundEvent | None, seconds: float, channels: int = 2) -> None:
    """Noise, in bursts where the event has hits, second by second."""
    rng = np.random.default_rng(0)
    decay = np.exp(-np.arange(SAMPLE_RATE) / 3000)
    starts = {int(hit.time_s): hit.time_s % 1 for hit in one.hits} if one else {}
    with wav_writer(file, channels) as writer:
        for second in range(int(seconds)):
            noise = 0.02 * rng.standard_normal((channels, SAMPLE_RATE))
            if one is not None and one.hits:
                first = round(starts.get(second, 1.0) * SAMPLE_RATE)
                envelope = np.zeros(SAMPLE_RATE)
                envelope[first:] = decay[: SAMPLE_RATE - first]
                noise *= 10 * envelope
            writer.write(noise.astype(np.float32))


def make_session(root: Path, events: int, seconds: float) -> None:
    """A finished session."""
    clip = Clip(
        name="long.mp4",
        sha256="0" * 64,
        width=640,
        height=360,
        rate=RATE,
        duration_s=float(seconds),
        frame_count=round(seconds * RATE),
    )
    sounds = tuple(event(number, seconds) for number in range(events))
    script = FoleyScript(clip=clip, space=Space.STREET, events=sounds)
    stems = []
    for number, one in enumerate(sounds, 1):
        file = f"stems/{number:03}_{one.ucs_id}.wav"
        kept = root / f"{one.subcategory}.wav"
        if not kept.exists():
            write_sound(kept, one, seconds)
        (root / file).parent.mkdir(exist_ok=True)
        (root / file).hardlink_to(kept)
        stems.append(
            StemRecord(event_id=one.id, file=file, sha256="0" * 64, gain_db=-20, engine="noise 1")
        )
    write_sound(root / "mix_stereo.wav", None, seconds)
    write_sound(root / "mix_5_1.wav", None, seconds, 6)
    session = Session(root)
    session.create()
    tracks = tuple(TrackPlan(event_id=one.id, gain_db=-20) for one in sounds)
    cues = Cues(trajectories=tuple(path(one, clip.frame_count) for one in sounds))
    documents = {
        "script": session.put(script),
        "cues": session.put(cues),
        "plan": session.put(MixPlan(space=Space.STREET, tracks=tracks)),
    }
    loudness = MixLoudness(integrated_lufs=-23.0, true_peak_dbtp=-3.0)
    session.save(
        SessionRecord(
            generator="benchmark",
            stage=Stage.DONE,
            inputs=DesignInputs(clip_path="long.mp4", clip_sha256="0" * 64),
            clip=clip,
            documents=documents,
            stems=tuple(stems),
            mix=MixRecord(
                target=LoudnessTarget.EBU_R128,
                master_gain_db=0.0,
                stereo=loudness,
                surround=loudness,
                files={},
            ),
        )
    )


def export_here(root: Path, stems: str, wanted: list[str]) -> None:
    """Export in this process and print what it took as JSON."""
    import time

    from foley_designer.export.bundle import export

    events = len(list((root / "stems").iterdir()))
    sound = sum(file.stat().st_size for file in (root / "stems").iterdir())
    kinds = [
        kind
        for kind in wanted
        if not (kind == "aaf" and sound > LARGEST_AAF)
        and not (kind == "adm-atmos" and events > MOST_ATMOS)
    ]
    began = time.perf_counter()
    files = export(root, kinds, root / "exports", stems=stems).paths
    spent = time.perf_counter() - began
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps(
            {
                "kinds": kinds,
                "files": len(files),
                "gib_written": round(sum(file.stat().st_size for file in files) / 2**30, 2),
                "wall_s": round(spent, 1),
                "cpu_s": round(usage.ru_utime + usage.ru_stime, 1),
                "peak_mib": usage.ru_maxrss // 1024,
            }
        )
    )


def main() -> None:
    """Make, export, print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--events", type=int, default=10)
    options.add_argument("--seconds", type=float, default=10.0)
    options.add_argument("--stems", choices=("mono", "stereo", "5.1"), default="stereo")
    options.add_argument("--folder", type=Path, help="scratch folder on a roomy disk")
    options.add_argument("--kinds", nargs="+", choices=KINDS, help="each by itself")
    options.add_argument("--export", type=Path, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.export:
        export_here(given.export, given.stems, given.kinds)
        return
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        make_session(Path(folder), given.events, given.seconds)
        command = [sys.executable, __file__, "--export", folder, "--stems", given.stems, "--kinds"]
        for kinds in [[kind] for kind in given.kinds] if given.kinds else [list(KINDS)]:
            subprocess.run([*command, *kinds], check=True)
            shutil.rmtree(Path(folder) / "exports", ignore_errors=True)


if __name__ == "__main__":
    main()
