"""What a sound is heard as: the semantic part of the diagnosis (paper, section 3.3, f_sem).

If YAMNet's package is installed it names AudioSet classes; elsewhere what was measured is put
into words. YAMNet is weak on single short hits: its names are a second opinion, never a verdict.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.errors import FoleyError
from foley_designer.core.mix.features import TrackFeatures
from foley_designer.dsp.level.mixdown import read_blocks
from foley_designer.metrics.embeddings.embedder import Wave, load

if TYPE_CHECKING:
    from foley_designer.metrics.embeddings.yamnet import Yamnet

MEASURES = "measures"
"""Name of the listener if no model is installed."""
MOST_TAGS = 3
LEAST_SCORE = 0.1
"""Share of certainty from which a class is named."""
PASSAGES, PASSAGE_S = 4, 1.0
"""How many of the loudest seconds are listened to."""
DARK_HZ, BRIGHT_HZ = 600.0, 3000.0
"""Spectral centroid under and over which a sound is called so."""
STEADY_CREST_DB, SHARP_CREST_DB = 17.0, 22.0
TONAL_FLATNESS, NOISY_FLATNESS = 1e-4, 0.05
REVERBERANT_S, RT60_CONFIDENCE = 0.8, 0.4
SILENT_DBTP = -90.0
LISTENING_PEAK = 0.5
_NOTHING = "Silence"


class _Model(NamedTuple):
    yamnet: "Yamnet"
    labels: tuple[str, ...]


def listener() -> str:
    """Name of what listens on this machine."""
    return MEASURES if _model() is None else "yamnet"


def tags(path: Path, measured: TrackFeatures) -> tuple[str, ...]:
    """What a sound file is heard as, surest first; measures serve where the model names nothing.

    Args:
        path: the file, 48 kHz.
        measured: its measures, which serve if no model is installed.

    Raises:
        FoleyError: ``sound_unreadable``.
    """
    if measured.true_peak_dbtp < SILENT_DBTP:
        return ("silence",)
    model = _model()
    if model is None:
        return in_words(measured)
    heard = [model.yamnet.hear(part, SAMPLE_RATE).logits for part in _at_level(path)]
    scores = np.max([one for one in heard if one is not None], axis=0)
    best = np.argsort(-scores, kind="stable")[:MOST_TAGS]
    found = tuple(model.labels[index] for index in best if scores[index] >= LEAST_SCORE)
    return tuple(name for name in found if name != _NOTHING) or in_words(measured)


def _at_level(path: Path) -> list[Wave]:
    """The loudest passages at the level that the model was trained on: takes may be soft."""
    parts = loudest(read_blocks(path))
    peak = max(float(np.abs(part).max()) for part in parts)
    return [part * np.float32(LISTENING_PEAK / peak) for part in parts]


def in_words(measured: TrackFeatures) -> tuple[str, ...]:
    """Measures in words: tone, attack, pitch, room."""
    words = [_between(measured.centroid_hz, DARK_HZ, BRIGHT_HZ, "dark", "bright")]
    words.append(_between(measured.crest_db, STEADY_CREST_DB, SHARP_CREST_DB, "steady", "sharp"))
    words.append(_between(measured.flatness, TONAL_FLATNESS, NOISY_FLATNESS, "tonal", "noisy"))
    sure = measured.rt60_confidence >= RT60_CONFIDENCE
    if sure and measured.rt60_s is not None and measured.rt60_s > REVERBERANT_S:
        words.append("reverberant")
    return tuple(word for word in words if word)


def loudest(blocks: Iterable[Wave]) -> list[Wave]:
    """The loudest passages of a sound, ``[channels, ≤ a second]`` each, in time order."""
    size = round(PASSAGE_S * SAMPLE_RATE)
    kept: list[tuple[float, int, Wave]] = []
    for number, part in enumerate(_seconds(blocks, size)):
        kept.append((float(np.square(part, dtype=np.float64).sum()), number, part))
        kept = sorted(kept, key=lambda one: -one[0])[:PASSAGES]
    return [part for _, _, part in sorted(kept, key=lambda one: one[1])]


def _seconds(blocks: Iterable[Wave], size: int) -> Iterable[Wave]:
    """Blocks of any length as passages of ``size`` samples and a shorter last one."""
    waiting: list[Wave] = []
    for block in blocks:
        joined = np.concatenate([*waiting, block], axis=1)
        whole = joined.shape[1] // size * size
        for start in range(0, whole, size):
            yield joined[:, start : start + size]
        waiting = [joined[:, whole:]]
    yield from (rest for rest in waiting if rest.shape[1])


def _between(value: float, low: float, high: float, under: str, over: str) -> str:
    return under if value < low else over if value > high else ""


@cache
def _model() -> _Model | None:
    """YAMNet with the names of its classes; None if its package is not installed."""
    try:
        yamnet = load("yamnet")
    except FoleyError:
        return None
    from foley_designer.metrics.embeddings.yamnet import Yamnet, labels  # noqa: PLC0415

    assert isinstance(yamnet, Yamnet)
    return _Model(yamnet, labels())
