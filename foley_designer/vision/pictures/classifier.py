"""Names what a picture shows: one of ImageNet's thousand classes, and how surely.

EfficientNet-Lite0 by onnxruntime on one thread, 0.01 CPU seconds a picture. Its classes are things
and animals, not actions and hardly places; what is in none of them gets the names of what looks
alike.
"""

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from foley_designer.vision.pictures.classes import classes
from foley_designer.vision.pictures.files import RUNTIME
from foley_designer.vision.pictures.graph import INPUT
from foley_designer.vision.place.features import without_bars
from foley_designer.vision.video.frame import Frame, Image

Floats = NDArray[np.float32]

SIDE = 224
"""Pixels of the square in the middle of a frame that is looked at: as the network was trained."""
AFTER_CUT_S = 0.3
EVERY_S = 1.0
"""Seconds between two looks. A shot is looked at soon after it begins: of most films two or three
times a shot, and one look more tells little. At 1.5 s one shot of twelve was not looked at."""
KEPT = 48
"""Classes that are kept: on 54 clips they tell texts apart as well as all thousand."""
LEAST = 1e-5
"""Belief from which one is."""


class Classifier:
    """The network.

    Args:
        file: as `foley_designer.vision.pictures.files.pull` writes it.
    """

    def __init__(self, file: Path) -> None:
        runtime: Any = import_module(RUNTIME)  # 0.2 s, and only where the part is here
        options = runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = runtime.InferenceSession(
            str(file), options, providers=["CPUExecutionProvider"]
        )

    def look(self, image: Image) -> Floats:
        """Logits, ``[classes]``, of the middle of a picture, BGR, uint8."""
        height, width = image.shape[:2]
        scale = SIDE / min(height, width)
        size = (max(SIDE, round(width * scale)), max(SIDE, round(height * scale)))
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        small = cv2.resize(image, size, interpolation=how)
        y, x = (size[1] - SIDE) // 2, (size[0] - SIDE) // 2
        square = small[y : y + SIDE, x : x + SIDE, ::-1].astype(np.float32)
        batch = np.ascontiguousarray(((square - 127) / 128).transpose(2, 0, 1)[None])
        return np.asarray(self._session.run(None, {INPUT: batch})[0][0], np.float32)


class PictureLook(NamedTuple):
    """What one look at a frame saw."""

    time_s: float
    logits: Floats
    """``[classes]``"""


class Names:
    """All looks at a clip's frames.

    Args:
        looks: in time order.
    """

    def __init__(self, looks: Iterable[PictureLook] = ()) -> None:
        self.looks = [*looks]

    def of(self, start_s: float, end_s: float) -> dict[str, float]:
        """Belief in the likeliest classes over a stretch, by their names; empty if none was seen.

        Args:
            start_s: of the stretch, seconds.
            end_s: of the stretch, seconds; excluded.
        """
        inside = [one.logits for one in self.looks if start_s <= one.time_s < end_s]
        if not inside:
            return {}
        logits = np.mean(inside, axis=0)
        shares = np.exp(logits - logits.max())
        shares /= shares.sum()
        best = np.argsort(-shares, kind="stable")[:KEPT]
        known = classes()
        return {known[k].name: round(float(shares[k]), 5) for k in best if shares[k] >= LEAST}


class Namer(Names):
    """Looks at a frame now and then in the one decoding pass; says what any stretch shows.

    Args:
        file: of the network.
    """

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._classifier = Classifier(file)
        self._next_s = AFTER_CUT_S

    def offer(self, frame: Frame, *, is_cut: bool) -> None:
        """Take the frame if it is time for one."""
        if is_cut:
            self._next_s = frame.time_s + AFTER_CUT_S
        if frame.time_s >= self._next_s:
            self._next_s = frame.time_s + EVERY_S
            logits = self._classifier.look(without_bars(frame.large))
            self.looks.append(PictureLook(frame.time_s, logits))
