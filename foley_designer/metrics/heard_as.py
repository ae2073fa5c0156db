"""Is it heard as what it should be? A classifier's rank of the classes that a sound may have.

YAMNet (`embeddings.yamnet`) is blunt: real rain is among its first three in 2 recordings of 12.
So a rank says little alone, and much beside that of real recordings under the same measure.
"""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.errors import FoleyError
from foley_designer.metrics.embeddings.embedder import Wave, load, mono_at

if TYPE_CHECKING:
    from foley_designer.metrics.embeddings.yamnet import Yamnet

Array = NDArray[np.float64]

PEAK = 0.5
"""Level at which a sound is heard: what the model was trained on is near full scale."""
RANGE_DB = 20.0
"""Seconds fainter than this under the loudest don't count."""
UNSPECIFIC = frozenset(
    {
        "Silence",
        "Sine wave",
        "Harmonic",
        "Chirp tone",
        "Sound effect",
        "Pulse",
        "Inside, small room",
        "Inside, large room or hall",
        "Inside, public space",
        "Outside, urban or manmade",
        "Outside, rural or natural",
        "Reverberation",
        "Echo",
        "Noise",
        "Environmental noise",
        "Static",
        "Mains hum",
        "Distortion",
        "Sidetone",
        "Cacophony",
        "White noise",
        "Pink noise",
        "Throbbing",
        "Vibration",
        "Television",
        "Radio",
        "Field recording",
    }
)
"""AudioSet's branch *Channel, environment and background*: they say where, not what."""


class Hearing(NamedTuple):
    """What one sound is heard as."""

    rank: int
    """Of the best of the classes that it may have, among all specific ones; 1 is best."""
    share: float
    """Certainty of that class, 0 to 1."""
    names: tuple[str, ...]
    """The surest specific classes."""


class Ear(NamedTuple):
    """The model with the names of its classes."""

    yamnet: "Yamnet"
    labels: tuple[str, ...]

    def scores(self, samples: Wave, sample_rate: int) -> Array:
        """Logits of all classes, ``[521]``: each its highest in any loud window of 0.96 s.

        Args:
            samples: ``[channels, n]``.
            sample_rate: samples a second.
        """
        from foley_designer.metrics.embeddings.yamnet import RATE  # noqa: PLC0415

        wave = mono_at(samples, sample_rate, RATE)
        peak = float(np.abs(wave).max(initial=0.0))
        level = np.float32(PEAK / peak if peak > 0 else 0.0)
        logits, power = self.yamnet.windows(wave * level)
        loud = power >= power.max() * 10.0 ** (-RANGE_DB / 10.0)
        best: Array = logits[loud].max(axis=0)
        return best

    def hear(self, samples: Wave, sample_rate: int, expected: Sequence[str]) -> Hearing:
        """How well a sound passes for one of some classes.

        Raises:
            KeyError: the model knows none of them.
        """
        scores = self.scores(samples, sample_rate)
        index = {name: at for at, name in enumerate(self.labels)}
        known = [name for name in expected if name in index]
        if not known:
            raise KeyError(f"no class of AudioSet: {', '.join(expected)}")
        own = max(float(scores[index[name]]) for name in known)
        others = (
            scores[at]
            for name, at in index.items()
            if name not in UNSPECIFIC and name not in expected
        )
        surest = [self.labels[at] for at in np.argsort(-scores, kind="stable")]
        names = tuple(name for name in surest if name not in UNSPECIFIC)[:3]
        return Hearing(1 + sum(bool(score >= own) for score in others), _share(own), names)


def _share(logit: float) -> float:
    return float(1.0 / (1.0 + np.exp(-logit)))


@cache
def ear() -> Ear | None:
    """What listens on this machine; None if its packages are not installed."""
    from foley_designer.metrics.embeddings.yamnet import Yamnet, labels  # noqa: PLC0415

    try:
        yamnet = load("yamnet")
        assert isinstance(yamnet, Yamnet)
        return Ear(yamnet, labels())
    except (FoleyError, ImportError):
        return None
