"""What cues bring, on held-out prompts: the paper's ablation (Table 4), with the check added.

Each prompt is generated without cues, with cues, and with cues and the check that every take
passes; the same seed, sampler and level. Every number is against the held-out item's own sound.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.progress import Progress
from foley_designer.core.script.performance import Layer
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, SourceKind, Span
from foley_designer.core.sounds.table import is_impulsive
from foley_designer.core.work.pool import LocalPool
from foley_designer.datasets.item import Item
from foley_designer.datasets.shards import Sample, read_samples
from foley_designer.export.audio.wav import write_wav
from foley_designer.generator.diffusion.engine import DiffusionEngine
from foley_designer.generator.diffusion.mini.spectral import BANDS, analyse
from foley_designer.generator.engine import Dry, Samples
from foley_designer.generator.performance import best_performance
from foley_designer.metrics.embeddings.embedder import Embedder, load, packaged
from foley_designer.metrics.frechet import frechet_distance
from foley_designer.metrics.fsad import fsad, fsad_embedding
from foley_designer.metrics.gcc import bewo_score, clip_delay_s, mono_baseline, window_delays
from foley_designer.metrics.iou import interval_iou
from foley_designer.metrics.segments import segment

STEP = "bench"
LABELS = {STEP: "Generate held-out prompts"}
REAL = "real"
RUNS = ("no cues", "cues", "cues + check")
LOG_MEL = "log-mel"
_PATCH = 94
"""Spectral frames of a second, whose statistics are one embedding of the log-mel distance."""
_FSAD_HOP = 64


class Run(NamedTuple):
    """One row of the table."""

    name: str
    gcc: float
    """1000 times the mean squared error of clips' delays in ms², as papers call GCC-MAE."""
    fsad: float
    fad: dict[str, float]
    """Fréchet distance an embedding; that of log-mel statistics, in dB², comes first and needs no
    model. Compare rows only."""
    iou: float
    """Of the annotated intervals and those found by the annotator's own segmentation, percent."""


class Result(NamedTuple):
    """The table and what it stands on."""

    runs: tuple[Run, ...]
    prompts: int
    mono_gcc: float
    """GCC of a centred mono output."""
    real_iou: float
    """IoU of the held-out sounds themselves, percent."""
    model: str

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return self._asdict() | {"runs": [run._asdict() for run in self.runs]}


class _Measured(NamedTuple):
    delay_s: float
    image: NDArray[np.float64]
    vectors: dict[str, NDArray[np.float64]]
    """Of each embedding, ``[n, d]``."""
    iou: float


class _Once(DiffusionEngine):
    """Hands out a performance that was made already, so that the check works on the same one."""

    def __init__(self, dry: Dry) -> None:
        super().__init__()
        self._dry = dry

    def render_placed(self, *_: Any) -> Dry:
        """The performance."""
        return self._dry


class _Prompt(NamedTuple):
    """One prompt's work, for a process of its own."""

    number: int
    sample: Sample
    model: Path | None
    out: Path | None
    embeddings: Mapping[str, Path | None]


def bench(
    data: Path,
    model: Path | None,
    *,
    split: str,
    count: int,
    out: Path | None,
    progress: Progress,
    workers: int = 1,
    embeddings: Mapping[str, Path | None] | None = None,
) -> Result:
    """Generate and measure every prompt three times.

    Args:
        data: FilmStereo set.
        model: folder of weights; None takes the one in use.
        split: held-out part of the set.
        count: prompts at most.
        out: folder for WAV files; None keeps none.
        progress: told after each prompt.
        workers: processes.
        embeddings: that FAD is measured by beside log-mel statistics, each with its weights, None
            for those of its package; None takes `packaged`.

    Raises:
        FoleyError: ``document_invalid``, ``part_missing``, ``option_invalid`` for an unknown
            embedding, ``config_invalid`` for an empty split.
    """
    placed = (sample for sample in read_samples(data, split) if sample.item.is_placed)
    heard = packaged() if embeddings is None else embeddings
    for name, weights in heard.items():
        _embedder(name, weights)  # what is missing is said before anything is generated
    prompts = [
        _Prompt(index, one, model, out, heard) for index, one in enumerate(islice(placed, count))
    ]
    if len(prompts) < 2:
        raise FoleyError(
            ErrorCode.CONFIG_INVALID,
            f"{data} has {len(prompts)} placed sounds in its split {split}.",
            "The comparison needs two at least.",
        )
    measured: dict[int, dict[str, _Measured]] = {}
    results = (
        LocalPool(workers).run(_measured, prompts)
        if workers != 1
        else ((prompt.number, _measured(prompt)) for prompt in prompts)
    )
    for index, result in results:
        if isinstance(result, Exception):
            raise result
        measured[index] = result
        progress(STEP, len(measured) / len(prompts), prompts[index].sample.item.sound)
    rows = {name: [measured[index][name] for index in sorted(measured)] for name in (REAL, *RUNS)}
    real = rows[REAL]
    return Result(
        runs=tuple(_run(name, rows[name], real) for name in RUNS),
        prompts=len(real),
        mono_gcc=mono_baseline([one.delay_s for one in real]),
        real_iou=100.0 * float(np.mean([one.iou for one in real])),
        model=DiffusionEngine(model).version,
    )


def _measured(prompt: _Prompt) -> dict[str, _Measured]:
    """What was measured of the real sound and of each run."""
    found = {}
    for name, sound in _sounds(prompt):
        found[name] = _measure(sound, prompt.sample.item, prompt.embeddings)
        if prompt.out is not None:
            write_wav(prompt.out / f"{prompt.number:03d} {name}.wav", sound)
    return found


def table(result: Result) -> str:
    """A Markdown table."""
    lines = [
        f"{result.prompts} held-out prompts; centred mono has GCC {result.mono_gcc:.1f}, "
        f"the real sounds have IoU {result.real_iou:.1f} %; model {result.model}.",
        "",
        "| run | GCC ↓ | FSAD ↓ | "
        + "".join(f"FAD ({name}) ↓ | " for name in result.runs[0].fad)
        + "IoU ↑ |",
        "|---" * (4 + len(result.runs[0].fad)) + "|",
    ]
    lines += [
        f"| {run.name} | {run.gcc:.2f} | {run.fsad:.3f} | "
        + "".join(f"{value:.4g} | " for value in run.fad.values())
        + f"{run.iou:.1f} % |"
        for run in result.runs
    ]
    return "\n".join(lines)


def event_of(item: Item) -> SoundEvent:
    """The event that an item's annotation describes."""
    impulsive = is_impulsive(item.subcategory) and bool(item.onsets_s)
    return SoundEvent(
        id="prompt",
        label=item.sound[:80],
        description=item.sound[:500],
        subcategory=item.subcategory,
        layer=Layer.FOREGROUND,
        hits=tuple(Hit(time_s=time_s) for time_s in item.onsets_s) if impulsive else (),
        spans=()
        if impulsive
        else tuple(Span(start_s=start, end_s=end) for start, end in item.intervals_s),
        source=Source(kind=SourceKind.POINT),
    )


def _sounds(prompt: _Prompt) -> Iterator[tuple[str, Samples]]:
    """The real sound and the three runs, 48 kHz."""
    item, real, seed = prompt.sample.item, prompt.sample.audio, prompt.number
    if item.sample_rate != SAMPLE_RATE:
        real = resample_poly(real, SAMPLE_RATE, item.sample_rate, axis=1).astype(np.float32)
    yield REAL, real
    event, count = event_of(item), real.shape[1]
    for name, cued in zip(RUNS[:2], (False, True), strict=True):
        engine = DiffusionEngine(prompt.model, cued=cued)
        dry = engine.render_placed(event, item.trajectory, count, np.random.default_rng(seed))
        yield name, dry.samples
    checked = best_performance(event, item.trajectory, item.room.space, _Once(dry), seed, 1, count)
    yield RUNS[2], checked.stereo


def _measure(sound: Samples, item: Item, embeddings: Mapping[str, Path | None]) -> _Measured:
    vectors = {LOG_MEL: _log_mel(sound)}
    for name, weights in embeddings.items():
        vectors[name] = _embedder(name, weights).hear(sound, SAMPLE_RATE).vectors
    return _Measured(
        clip_delay_s(window_delays(sound, SAMPLE_RATE)),
        fsad_embedding(sound, SAMPLE_RATE, frame_hop=_FSAD_HOP),
        vectors,
        interval_iou(item.intervals_s, segment(sound, SAMPLE_RATE).intervals_s),
    )


@lru_cache(maxsize=8)
def _embedder(name: str, weights: Path | None) -> Embedder:
    return load(name, weights)


def _log_mel(sound: Samples) -> NDArray[np.float64]:
    """Mean and spread of band levels over each second, ``[seconds, BANDS]``."""
    import torch  # noqa: PLC0415 - seconds

    features = analyse(torch.from_numpy(sound)[None])[0, :BANDS].numpy()
    decibels = 40.0 * (features.astype(np.float64) - 1.0)
    patches = [
        decibels[::2, start : start + _PATCH]
        for start in range(0, decibels.shape[1] - _PATCH + 1, _PATCH)
    ]
    return np.stack([np.r_[one.mean(axis=1), one.std(axis=1)] for one in patches])


def _run(name: str, made: Sequence[_Measured], real: Sequence[_Measured]) -> Run:
    def joined(rows: Sequence[_Measured], embedding: str) -> NDArray[np.float64]:
        return np.concatenate([one.vectors[embedding] for one in rows])

    return Run(
        name,
        bewo_score([one.delay_s for one in made], [one.delay_s for one in real]),
        fsad([one.image for one in made], [one.image for one in real]),
        {
            each: frechet_distance(joined(made, each), joined(real, each))
            for each in real[0].vectors
        },
        100.0 * float(np.mean([one.iou for one in made])),
    )
