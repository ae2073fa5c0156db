"""Classes of sound that are both recorded and synthesised: where the recordings lie, what to play.

Two sets. ``scenes``: the ten classes of ESC-10 (``$FOLEY_MEDIA/sounds``), five seconds a clip.
``foley``: single footsteps, impacts, doors and water from the game sounds of Debian's package
``minetest-data``; ``FOLEY_GAME_SOUNDS`` names the folder into which it is unpacked.
"""

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.category import Subcategory
from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.mix.processing import Reverb
from foley_designer.core.script.performance import Layer, Performance
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, SourceKind, Span
from foley_designer.core.sounds.table import is_impulsive
from foley_designer.core.space import ACOUSTICS, Space
from foley_designer.dsp.effects.reverb import reverberate
from foley_designer.dsp.spatial.air import absorption_filter
from foley_designer.generator.synth.physics.engine import SynthEngine

Array = NDArray[np.float64]


class Kind(NamedTuple):
    """One class."""

    recordings: tuple[str, ...]
    """Glob patterns below the folder of its set."""
    subcategory: Subcategory
    variants: tuple[str, ...]
    surface: str | None = None
    material: str | None = None
    spaces: tuple[Space, ...] = (Space.FOREST, Space.STREET, Space.OPEN_FIELD)
    seconds: float = 5.0
    bouts: tuple[int, int] = (1, 1)
    """Fewest and most separate calls or stretches; (1, 1) fills the whole clip."""
    wet_db: float = -16.0
    distance_m: float = 3.0
    """The engine plays as heard at 1 m; air absorbs the rest of the way's share."""


INDOORS = (Space.SMALL_ROOM, Space.LIVING_ROOM, Space.KITCHEN)
ANIMAL, STEPS = Subcategory.ANIMAL_VOICE, Subcategory.HUMAN_STEPS

SCENES: dict[str, Kind] = {
    "dog bark": Kind(("*Dog bark/*",), ANIMAL, ("dog",), bouts=(2, 7), distance_m=5),
    "rain": Kind(("*Rain/*",), Subcategory.RAIN, ("steady", "light", "heavy"), distance_m=5),
    "sea waves": Kind(("*Sea waves/*",), Subcategory.FLOW, ("sea",), distance_m=25),
    "baby cry": Kind(("*Baby cry/*",), ANIMAL, ("baby",), spaces=INDOORS),
    "clock tick": Kind(("*Clock tick/*",), Subcategory.MECHANISM, ("clock",), spaces=INDOORS),
    "sneeze": Kind(("*sneeze/*",), ANIMAL, ("sneeze",), spaces=INDOORS, bouts=(1, 2)),
    "helicopter": Kind(("*Helicopter/*",), Subcategory.VEHICLE, ("helicopter",), distance_m=120),
    "chainsaw": Kind(("*Chainsaw/*",), Subcategory.VEHICLE, ("chainsaw",), distance_m=8),
    "rooster": Kind(("*Rooster/*",), ANIMAL, ("rooster",), distance_m=12),
    "fire": Kind(("*Fire*/*",), Subcategory.FIRE, ("campfire", "blaze", "embers")),
}


def _step(name: str, surface: str, shoes: tuple[str, ...] = ("shoes", "boots")) -> Kind:
    return Kind((f"default_{name}_footstep*",), STEPS, shoes, surface, None, INDOORS, 0.7)


_short = partial(Kind, spaces=INDOORS, seconds=1.0)

FOLEY: dict[str, Kind] = {
    "step on wood": _step("wood", "wood"),
    "step on gravel": _step("gravel", "gravel"),
    "step on sand": _step("sand", "sand"),
    "step on snow": _step("snow", "snow"),
    "step on grass": _step("grass", "grass"),
    "step on stone": _step("hard", "concrete"),
    "step on metal": _step("metal", "metal"),
    "step in water": _step("water", "water"),
    "glass breaks": _short(("default_break_glass*",), Subcategory.GLASS, ("break",), seconds=1.5),
    "metal is hit": _short(
        ("default_d[iu]g_metal*", "default_place_node_metal*"),
        Subcategory.METAL_IMPACT, ("hit",), material="steel",
    ),
    "wood is chopped": _short(("default_dig_choppy*",), Subcategory.CHOP, ("axe",)),
    "stone is hit": _short(
        ("default_dig_cracky*", "default_place_node_hard*"),
        Subcategory.OBJECT_IMPACT, ("hit",), "concrete", "stone",
    ),
    "wooden door": _short(
        ("doors_door_*", "default_chest_*"), Subcategory.DOOR, ("open", "close"), None, "wood",
        seconds=1.5,
    ),
    "steel door": _short(
        ("doors_steel_door_*", "xpanes_*"), Subcategory.DOOR, ("open", "close"), None, "steel",
        seconds=1.5,
    ),
    "water runs": Kind(("env_sounds_water*",), Subcategory.FLOW, ("stream",)),
}  # fmt: skip


def sets() -> Iterator[tuple[str, dict[str, Kind], Path]]:
    """The sets whose recordings are on this machine."""
    media = os.environ.get("FOLEY_MEDIA")
    if media and (Path(media) / "sounds").is_dir():
        yield "scenes", SCENES, Path(media) / "sounds"
    games = os.environ.get("FOLEY_GAME_SOUNDS")
    if games:
        yield "foley", FOLEY, Path(games)


def recorded(kind: Kind, folder: Path) -> list[tuple[Array, int]]:
    """Recordings of a class as mono, digital silence at both ends cut off."""
    import soundfile

    found = []
    files = sorted({file for pattern in kind.recordings for file in folder.rglob(pattern)})
    for file in files:
        if file.suffix not in (".ogg", ".wav", ".flac"):
            continue
        samples, rate = soundfile.read(file, always_2d=True)
        found.append((trimmed(samples.mean(axis=1)), rate))
    return found


def trimmed(samples: Array) -> Array:
    """Without the silence, 60 dB under the peak, that pads many clips."""
    loud = np.flatnonzero(np.abs(samples) > 1e-3 * np.abs(samples).max(initial=1e-9))
    return samples[loud[0] : loud[-1] + 1] if loud.size else samples


def played(kind: Kind, count: int, seed: int) -> Iterator[tuple[Array, int]]:
    """Clips as the engine plays them: usual sizes, speeds and forces, in a space of the kind."""
    rng = np.random.default_rng(seed)
    for index in range(count):
        yield trimmed(_one(kind, index, rng)), SAMPLE_RATE


def _one(kind: Kind, index: int, rng: np.random.Generator) -> Array:
    told = Performance(
        variant=kind.variants[index % len(kind.variants)],
        surface=kind.surface,
        material=kind.material,
        force=float(rng.uniform(0.45, 0.75)),
        size=float(rng.uniform(0.25, 0.75)),
        speed=float(rng.uniform(0.25, 0.75)),
    )
    hits, spans = _times(kind, rng)
    event = SoundEvent(
        id="one", label="one", description="one", subcategory=kind.subcategory,
        layer=Layer.FOREGROUND, hits=hits, spans=spans,
        source=Source(kind=SourceKind.POINT), performance=told,
    )  # fmt: skip
    total = round((kind.seconds + 1.0) * SAMPLE_RATE)
    dry = SynthEngine().render(event, total, rng).samples
    space = kind.spaces[index % len(kind.spaces)]
    here = ACOUSTICS[space]
    reverb = Reverb(space=space, rt60_s=here.rt60_s, wet_db=kind.wet_db, damping=here.damping)
    air = absorption_filter(kind.distance_m - 1.0, 20.0, 50.0)
    direct = np.convolve(dry[0], air, "same").astype(np.float32)
    wet = reverberate(np.repeat(direct[None], 2, axis=0), reverb)
    return np.asarray(wet.mean(axis=0), np.float64)


def _times(kind: Kind, rng: np.random.Generator) -> tuple[tuple[Hit, ...], tuple[Span, ...]]:
    """When it sounds: hits for what is hit, stretches for the rest."""
    if kind.seconds < 2:
        if is_impulsive(kind.subcategory):
            return (Hit(time_s=0.02, strength=float(rng.uniform(0.5, 0.9))),), ()
        return (), (Span(start_s=0.0, end_s=kind.seconds),)
    if kind.bouts == (1, 1):
        return (), (Span(start_s=0.0, end_s=kind.seconds, intensity=rng.uniform(0.5, 0.9)),)
    bouts = int(rng.integers(kind.bouts[0], kind.bouts[1] + 1))
    times = np.sort(rng.uniform(0.05, 0.6 * kind.seconds, bouts))
    times += np.arange(bouts) * 0.35
    return tuple(Hit(time_s=float(t), strength=float(rng.uniform(0.6, 1.0))) for t in times), ()
