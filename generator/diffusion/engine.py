"""The engine that generates takes by position-aware diffusion."""

import importlib.util
import json
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import file_hash
from foley_designer.core.script.sound_event import SoundEvent, SourceKind
from foley_designer.core.script.trajectory import Trajectory
from foley_designer.core.settings import Settings
from foley_designer.generator.diffusion.catalogue import DOCUMENT, MINI, own_models
from foley_designer.generator.engine import Dry, Samples

if TYPE_CHECKING:
    from foley_designer.generator.diffusion.batching import Batcher
    from foley_designer.generator.diffusion.cue_track import CueTrack
    from foley_designer.generator.diffusion.model import PositionedModel, Wish
    from foley_designer.generator.diffusion.pieces import Piece

NEEDS = ("torch", "safetensors", "diffusers", "transformers")
PIECE_S = 10.0
"""Longest stretch generated at once, if the model makes as much."""
_VERSION = "2"
"""Rises when the same weights would be performed otherwise."""
_MINI_SUPPORT, _FULL_SUPPORT = 0.5, 1.0
"""foley-mini stays behind synthesis unless it is asked for by name."""
_MOST_STEPS_CPU, _MOST_STEPS_GPU = 2048, 16_384
"""Latent steps of a batch's rows together."""
_OPENING = Lock()


class Loaded(NamedTuple):
    """A model with its batcher."""

    model: "PositionedModel"
    batcher: "Batcher"


class DiffusionEngine:
    """Generates events where and when their cues say; takes no part without weights.

    Args:
        folder: of the model; None takes the configured one, as `model_folder` finds it.
        cued: False generates from words alone, for comparison.
    """

    name = "diffusion"

    def __init__(self, folder: Path | None = None, *, cued: bool = True) -> None:
        self._folder, self._cued = folder, cued

    @property
    def version(self) -> str:
        """Covers the weights, so that takes of others are other takes."""
        folder = self._found()
        return _VERSION if folder is None else f"{_VERSION}-{_hash(folder, _stamp(folder))}"

    def supports(self, event: SoundEvent) -> float:  # noqa: ARG002 - words are open to a model
        """1 with an adapter of a large model, 0.5 with foley-mini, 0 without weights or torch."""
        folder = self._found()
        if folder is None or missing_packages():
            return 0.0
        return _MINI_SUPPORT if _is_mini(folder, _stamp(folder)) else _FULL_SUPPORT

    def render(self, event: SoundEvent, sample_count: int, rng: np.random.Generator) -> Dry:
        """Perform the event straight ahead at 1 m; see `foley_designer.generator.engine.Engine`."""
        rate = Fraction(50)
        frames = max(1, int(sample_count / SAMPLE_RATE * rate))
        times = [float(frame / rate) for frame in range(frames)]
        heard = [(hit.time_s, hit.time_s + 0.06) for hit in event.hits]
        heard += [(span.start_s, span.end_s) for span in event.spans]
        trajectory = Trajectory(
            event_id=event.id,
            rate=rate,
            azimuth_deg=(0.0,) * frames,
            distance_m=(1.0,) * frames,
            active=tuple(any(a <= time + 0.02 and time < b for a, b in heard) for time in times),
            extent_deg=360.0 if event.source.kind is SourceKind.AROUND else 0.0,
        )
        return self.render_placed(event, trajectory, sample_count, rng)

    def render_placed(
        self, event: SoundEvent, trajectory: Trajectory, sample_count: int, rng: np.random.Generator
    ) -> Dry:
        """Generate the event in place; see `foley_designer.generator.engine.PlacingEngine`.

        Raises:
            FoleyError: ``part_missing`` without weights or what runs them.
        """
        loaded = self._load()
        from foley_designer.generator.diffusion.model import Wish  # noqa: PLC0415 - loads torch
        from foley_designer.generator.diffusion.pieces import (  # noqa: PLC0415
            cues_within,
            joined,
            levelled,
            pieces,
        )

        sequence = loaded.model.backbone.sequence
        most_s = min(PIECE_S, sequence.most_seconds)
        made = pieces(event, sample_count / SAMPLE_RATE, most_s)
        seeds = rng.integers(2**62, size=len(made))
        wishes = [
            Wish(
                event.description,
                piece.seconds,
                int(seed),
                _track(cues_within(trajectory, piece), piece, loaded.model) if self._cued else None,
            )
            for piece, seed in zip(made, seeds, strict=True)
        ]
        distance_m = _sounding_distance(trajectory)
        sounds = [
            levelled(_at_mix_rate(audio, sequence.sample_rate), piece.event, distance_m)
            for piece, audio in zip(made, loaded.batcher(wishes), strict=True)
        ]
        return Dry(joined(list(zip(made, sounds, strict=True)), sample_count))

    def _found(self) -> Path | None:
        return self._folder if self._folder is not None else model_folder()

    def _load(self) -> Loaded:
        folder = self._found()
        missing = missing_packages()
        if missing:
            raise FoleyError(
                ErrorCode.PART_MISSING,
                f"Diffusion needs {', '.join(missing)}.",
                "pip install 'foley-designer[diffusion]'",
            )
        if folder is None:
            raise FoleyError(
                ErrorCode.PART_MISSING,
                "There is no position-aware model on this machine.",
                "`foley-designer train` makes one; FOLEY_DIFFUSION_MODEL names its folder.",
            )
        with _OPENING:
            return _open(folder, _stamp(folder))


def missing_packages() -> tuple[str, ...]:
    """Packages that diffusion needs and this machine lacks."""
    return tuple(name for name in NEEDS if importlib.util.find_spec(name) is None)


def model_folder() -> Path | None:
    """Folder of the model in use.

    The setting ``diffusion_model``, else the first model in the data folder, else the packaged
    foley-mini, else None.
    """
    configured = Settings().diffusion_model
    if configured is not None:
        return configured if (configured / DOCUMENT).is_file() else None
    return next(iter(own_models()), None)


def _stamp(folder: Path) -> int:
    """Changes when a model is trained on or replaced; 0 if it is gone."""
    try:
        return (folder / DOCUMENT).stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=4)
def _is_mini(folder: Path, stamp: int) -> bool:  # noqa: ARG001 - a key
    try:
        return bool(json.loads((folder / DOCUMENT).read_bytes()).get("base") == MINI)
    except (OSError, ValueError):
        return True


@lru_cache(maxsize=4)
def _hash(folder: Path, stamp: int) -> str:  # noqa: ARG001 - a key
    files = [folder / DOCUMENT, *sorted(folder.glob("*.safetensors"))]
    return "".join(file_hash(file)[:8] for file in files if file.is_file())


@lru_cache(maxsize=1)
def _open(folder: Path, stamp: int) -> Loaded:  # noqa: ARG001 - a key
    """Load a model once; on a GPU if there is one."""
    import torch  # noqa: PLC0415 - seconds

    from foley_designer.generator.diffusion.batching import Audio, Batcher  # noqa: PLC0415
    from foley_designer.generator.diffusion.weights import load_model  # noqa: PLC0415

    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model = load_model(folder, device)

    def make(wishes: "Sequence[Wish]") -> list[Audio]:
        with torch.autocast(device.type, torch.bfloat16, enabled=device.type != "cpu"):
            audio = model.generate(wishes).numpy()
        samples = [round(wish.seconds * model.backbone.sequence.sample_rate) for wish in wishes]
        return [one[:, :count] for one, count in zip(audio, samples, strict=True)]

    most = _MOST_STEPS_CPU if device.type == "cpu" else _MOST_STEPS_GPU
    return Loaded(model, Batcher(make, model.backbone.sequence.steps, most))


def _track(trajectory: Trajectory, piece: "Piece", model: "PositionedModel") -> "CueTrack":
    from foley_designer.generator.diffusion.cue_track import CueTrack  # noqa: PLC0415

    sequence = model.backbone.sequence
    steps = sequence.steps(piece.seconds)
    return CueTrack.from_trajectory(trajectory, piece.event.hits, sequence, steps)


def _sounding_distance(trajectory: Trajectory) -> float:
    """Median distance of the frames that sound, metres."""
    distances = np.asarray(trajectory.distance_m)
    active = np.asarray(trajectory.active)
    return float(np.median(distances[active] if active.any() else distances))


def _at_mix_rate(audio: Samples, rate: int) -> Samples:
    if rate == SAMPLE_RATE:
        return audio
    from scipy.signal import resample_poly  # noqa: PLC0415

    resampled: Samples = resample_poly(audio, SAMPLE_RATE, rate, axis=1).astype(np.float32)
    return resampled
