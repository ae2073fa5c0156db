#!/usr/bin/env python3
"""What follows the scene, measured on designed films: spaces, ambiences, beds across cuts.

usage: python -m benchmarks.scenes.scene_sound SESSION...

For each scene of a session: the reverberation time that a click has behind the tracks' own chain
(Schroeder, -5 to -25 dB, octave at 1 kHz, from 10 ms after the click) beside its space's card. For
all beds (continuous backgrounds): how loud the loudest one is in a scene of another place, against
its own level, half a second after the cut and later; and by how much the sum of the beds steps
across cuts inside a scene, beside its steps at other instants.
"""

import argparse
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile
from numpy.typing import NDArray
from scipy import signal

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.mix.mix_plan import MixPlan, TrackPlan
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import Observation
from foley_designer.core.script.performance import Layer
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.core.session.session import Session
from foley_designer.core.space import ACOUSTICS
from foley_designer.dsp.effects.process import process

WINDOW_S = 0.4
"""Of a level: what loudness calls momentary."""
EDGE_S = 0.5
"""After a cut, in which a bed may fade out."""
SILENT_DB = -90.0
Array = NDArray[np.float64]


class Designed(NamedTuple):
    """A finished session of a film of several scenes."""

    script: FoleyScript
    plan: MixPlan
    observation: Observation
    beds: dict[str, Array]
    """Event to its stem at its fader, mono ``[samples]``."""


def opened(folder: Path) -> Designed:
    """Read a session; exits if it is of one scene."""
    session = Session(folder)
    record = session.finished()
    script = session.get(FoleyScript, record.documents["script"])
    if not script.settings:
        sys.exit(f"{folder} is one scene.")
    beds = {}
    for stem in record.stems:
        if _is_bed(script.event(stem.event_id)):
            sound, _ = soundfile.read(folder / stem.file, always_2d=True)
            beds[stem.event_id] = sound.mean(1) * 10 ** (stem.gain_db / 20)
    return Designed(
        script,
        session.get(MixPlan, record.documents["plan"]),
        session.get(Observation, record.documents["observation"]),
        beds,
    )


def _is_bed(event: SoundEvent) -> bool:
    return event.layer is Layer.BACKGROUND and bool(event.spans)


def spaces(film: Designed) -> None:
    """Per scene its space, the card's reverberation time and the tracks'."""
    for setting in film.script.settings:
        tracks = [
            film.plan.of(event.id)
            for event in film.script.events
            if film.script.setting_of(event) == setting and film.plan.of(event.id).reverb
        ]
        card = ACOUSTICS[setting.space].rt60_s
        times = sorted({round(decay_s(track), 2) for track in tracks})
        shown = ", ".join(f"{time:.2f}" for time in times) or "dry"
        print(f"{setting.scene:5} {setting.space:16} card {card:5.2f} s  tracks {shown}")


def decay_s(track: TrackPlan) -> float:
    """Reverberation time of a click in a track's space."""
    click = np.zeros((2, 6 * SAMPLE_RATE), np.float32)
    click[:, 0] = 1.0
    wet = TrackPlan(event_id=track.event_id, gain_db=0.0, reverb=track.reverb)
    late = np.asarray(process(click, wet), np.float64)[:, SAMPLE_RATE // 100 :]
    octave = signal.butter(3, (707, 1414), "bandpass", fs=SAMPLE_RATE, output="sos")
    energy = np.square(signal.sosfilt(octave, late)).sum(0)
    fall = 10.0 * np.log10(np.cumsum(energy[::-1])[::-1] / energy.sum() + 1e-30)
    fit = np.flatnonzero((fall < -5.0) & (fall > -25.0))
    return float(-60.0 / np.polyfit(fit / SAMPLE_RATE, fall[fit], 1)[0])


def level_db(sound: Array, start_s: float, end_s: float) -> float:
    """RMS level of a stretch, dBFS."""
    part = sound[round(start_s * SAMPLE_RATE) : round(end_s * SAMPLE_RATE)]
    mean = float(np.square(part).mean()) if part.size else 0.0
    return 10 * np.log10(mean) if mean > 0 else SILENT_DB


def strays(film: Designed) -> float:
    """Loudest bed in a scene that it has no span in, dB against its own level."""
    worst = SILENT_DB
    for name, sound in film.beds.items():
        spans = film.script.event(name).spans
        own = max(level_db(sound, span.start_s, span.end_s) for span in spans)
        for setting in film.script.settings:
            if any(
                s.start_s < setting.end_s - 0.01 and s.end_s > setting.start_s + 0.01 for s in spans
            ):
                continue
            there = level_db(sound, setting.start_s + EDGE_S, setting.end_s)
            worst = max(worst, there - own)
    return worst


def steps(film: Designed) -> tuple[list[float], list[float]]:
    """Steps of the sum of the beds, dB: across cuts inside scenes, and at other instants."""
    if not film.beds:
        return [], []
    sound = np.sum([*film.beds.values()], axis=0)
    at_cuts, elsewhere = [], []
    for setting in film.script.settings:
        first, last = setting.start_s + EDGE_S + WINDOW_S, setting.end_s - EDGE_S - WINDOW_S
        cuts = [s.start_s for s in film.observation.shots if first < s.start_s < last]
        at_cuts += [_step(sound, time) for time in cuts]
        others = np.arange(first, last, WINDOW_S)
        elsewhere += [
            _step(sound, float(t)) for t in others if all(abs(t - c) > WINDOW_S for c in cuts)
        ]
    return at_cuts, elsewhere


def _step(sound: Array, time_s: float) -> float:
    before = level_db(sound, time_s - WINDOW_S, time_s)
    return abs(level_db(sound, time_s, time_s + WINDOW_S) - before)


def main() -> None:
    """Measure each session."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("sessions", type=Path, nargs="+")
    for folder in parser.parse_args().sessions:
        film = opened(folder)
        print(folder.name)
        spaces(film)
        print(f"loudest bed at another place: {strays(film):.0f} dB against its own level")
        for name, found in zip(("cuts inside scenes", "other instants"), steps(film), strict=True):
            if found:
                p95 = np.percentile(found, 95)
                print(
                    f"beds step at {len(found)} {name}: median {np.median(found):.1f} dB, "
                    f"95 % {p95:.1f}, most {max(found):.1f}"
                )


if __name__ == "__main__":
    main()
