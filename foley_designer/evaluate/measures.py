"""What is measured of one sound of one clip, whoever made it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.evaluate.direction import Expected, compare, expected, image
from foley_designer.evaluate.proxies import proxies
from foley_designer.evaluate.sounds import Samples
from foley_designer.evaluate.truth import Truth
from foley_designer.metrics.desync import desync, offsets_s
from foley_designer.metrics.embeddings import imagebind
from foley_designer.metrics.embeddings.clap import Clap
from foley_designer.metrics.embeddings.embedder import Embedder, load
from foley_designer.metrics.gcc import bewo_score
from foley_designer.metrics.heard_as import ear
from foley_designer.metrics.iou import interval_iou
from foley_designer.metrics.onset import onset_f1_beyond
from foley_designer.metrics.segments import Segments, segment

Array = NDArray[np.float64]

WIDE_S, NARROW_S = 0.1, 0.05
"""Tolerances of onsets: CondFoleyGen's, and half of it."""
AMONG = 3
"""A class counts as heard among so many."""
FURTHEST_S = 2.0
"""Largest offset that Synchformer knows: AV-Sync is 0 there."""


@dataclass(frozen=True)
class Measured:
    """One sound's figures."""

    values: dict[str, float | None]
    """By the keys of the columns; None if the truth says nothing."""
    image: Array
    """FSAD's embedding."""
    vectors: dict[str, Array] = field(default_factory=dict)
    """Of each embedding, ``[frames, d]``."""
    logits: dict[str, Array] = field(default_factory=dict)
    """Of each that classifies, ``[classes]``."""


class Ears:
    """The models that listen, each loaded once.

    Args:
        embeddings: names of `metrics.embeddings`, each with its weights or None for those of its
            package.

    Raises:
        FoleyError: ``option_invalid`` for an unknown name; ``part_missing``.
    """

    def __init__(self, embeddings: Mapping[str, Path | None]) -> None:
        loaded: dict[str, Embedder] = {
            name: load(name, weights) for name, weights in embeddings.items()
        }
        self.synchformer: Any = loaded.pop("synchformer", None)
        self.stereocrw: Any = loaded.pop("stereocrw", None)
        self.imagebind: Any = loaded.get("imagebind")
        self.clap = next((each for each in loaded.values() if isinstance(each, Clap)), None)
        self.embedders = loaded
        self.names = ear()


class Measurer:
    """Measures sounds against one clip's truth.

    Args:
        truth: of the clip.
        ears: the models.
    """

    def __init__(self, truth: Truth, ears: Ears) -> None:
        self._truth, self._ears = truth, ears
        self._expected: Expected | None = expected(truth)
        self._walked_s = self._expected_by_crw()
        self._pictures = self._seen_by_imagebind()

    def measure(self, samples: Samples) -> Measured:
        """All figures of a sound ``[2, n]`` of the clip's length."""
        known = self._expected.seen if samples is self._truth.reference and self._expected else None
        seen = known or image(samples)
        found = segment(samples, SAMPLE_RATE)
        values = self._onsets(found.onsets_s) | self._activity(found) | self._words(samples)
        if self._expected is not None:
            values |= compare(seen, self._expected)
        if self._walked_s is not None:
            values["crw"] = bewo_score([self._walk_s(samples)], [self._walked_s])
        read = proxies(samples)
        values |= {"srs_proxy": read.richness, "ccs_proxy": read.clarity}
        values |= {"layers": read.layers, "clear": 100.0 * read.clear}
        values |= self._sync(samples)
        heard = {
            name: model.hear(samples, SAMPLE_RATE) for name, model in self._ears.embedders.items()
        }
        if self._pictures is not None:
            values["ib"] = imagebind.score(heard["imagebind"].vectors, self._pictures)
        return Measured(
            values,
            seen.embedding,
            {name: each.vectors for name, each in heard.items()},
            {name: each.logits for name, each in heard.items() if each.logits is not None},
        )

    def _walk_s(self, samples: Samples) -> float:
        found: float = self._ears.stereocrw.delay_s(samples, SAMPLE_RATE)
        return found

    def _expected_by_crw(self) -> float | None:
        """The clip's mean delay: as annotated, else as StereoCRW reads the reference."""
        if self._ears.stereocrw is None or self._expected is None:
            return None
        if self._truth.clip.azimuth_deg is not None or self._truth.stereo is None:
            return self._expected.mean_s
        return self._walk_s(self._truth.stereo)

    def _seen_by_imagebind(self) -> Array | None:
        """Vectors of the clip's frames."""
        model, picture = self._ears.imagebind, self._truth.picture
        if model is None or model.vision is None or picture is None:
            return None
        from foley_designer.metrics.embeddings import imagebind_vision  # noqa: PLC0415

        found: Array = model.see(imagebind_vision.read_frames(picture))
        return found

    def _onsets(self, found: Sequence[float]) -> dict[str, float | None]:
        clip = self._truth.clip
        if not clip.onsets_s:
            return {}
        values: dict[str, float | None] = {}
        for name, reach in (("100", WIDE_S), ("50", NARROW_S)):
            own, beyond = onset_f1_beyond(
                sorted(clip.onsets_s),
                sorted(found),
                self._truth.duration_s,
                reach,
                neutral_s=sorted(clip.neutral_s),
            )
            values |= {f"f1_{name}": own, f"f1_{name}_beyond": beyond}
        return values

    def _activity(self, found: Segments) -> dict[str, float | None]:
        wanted = self._truth.intervals_s
        return {} if wanted is None else {"iou": 100.0 * interval_iou(wanted, found.intervals_s)}

    def _words(self, samples: Samples) -> dict[str, float | None]:
        clip, ears = self._truth.clip, self._ears
        values: dict[str, float | None] = {}
        if ears.names is not None and clip.heard_as:
            heard = ears.names.hear(samples, SAMPLE_RATE, clip.heard_as)
            values["heard"] = 100.0 * (heard.rank <= AMONG)
        if ears.clap is not None and clip.describe:
            values["clap"] = ears.clap.score(samples, SAMPLE_RATE, clip.describe)
        return values

    def _sync(self, samples: Samples) -> dict[str, float | None]:
        from foley_designer.metrics.embeddings.synchformer.frames import (  # noqa: PLC0415
            read_frames,
        )

        model, picture = self._ears.synchformer, self._truth.picture
        if model is None or picture is None:
            return {}
        frames = read_frames(picture, model.shape.side)
        try:
            off_s = desync([offsets_s(model, frames, samples, SAMPLE_RATE)])
        except ValueError:  # shorter than the model's window
            return {}
        return {"desync": off_s, "av_sync": 1.0 - off_s / FURTHEST_S}
