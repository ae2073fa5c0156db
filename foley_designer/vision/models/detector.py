"""Zero-shot detection through transformers: OWLv2 or Grounding DINO."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from foley_designer.core.script.observation import Box
from foley_designer.vision.models.localizer import Detection
from foley_designer.vision.models.weights import (
    LOCALIZERS,
    find_weights,
    quietly,
    ready,
    weights_name,
)
from foley_designer.vision.video.frame import Image

LEAST_SCORE = {"owlv2": 0.2, "owlvit": 0.2, "grounding-dino": 0.3}
"""Scores from which a detection is believed, as the models' authors use them."""

_WORD = re.compile(r"[\w-]+")


class TransformersLocalizer:
    """One zero-shot detector with its processor.

    Args:
        processor: makes the model's inputs and reads its outputs.
        model: of transformers' zero-shot object detection classes.
        name: name of the weights.
        least_score: belief under which a detection is passed over; None takes the model's usual.
    """

    def __init__(
        self, processor: Any, model: Any, name: str, least_score: float | None = None
    ) -> None:
        self._processor, self._model = processor, ready(model)
        kind = model.config.model_type
        self.name = f"{kind} {name}"
        self.least_score = LEAST_SCORE.get(kind, 0.25) if least_score is None else least_score

    @classmethod
    def load(cls, weights: Path) -> "TransformersLocalizer":
        """From a folder; nothing is downloaded."""
        with quietly():
            from transformers import (  # noqa: PLC0415 - seconds to load
                AutoModelForZeroShotObjectDetection,
                AutoProcessor,
            )

            make: Any = AutoProcessor.from_pretrained
            processor = make(weights, local_files_only=True)
            model = AutoModelForZeroShotObjectDetection.from_pretrained(
                weights, local_files_only=True
            )
        return cls(processor, model, weights_name(weights))

    def locate(
        self, images: Sequence[Image], names: Sequence[str]
    ) -> Sequence[Sequence[Detection]]:
        """What is found in each frame, one frame at a time, so that memory stays flat."""
        return [self._look(image, list(names)) for image in images] if names else [()] * len(images)

    def _look(self, image: Image, names: list[str]) -> Sequence[Detection]:
        import torch  # noqa: PLC0415 - seconds to load

        rgb = np.ascontiguousarray(image[..., ::-1])
        inputs = self._processor(text=[names], images=rgb, return_tensors="pt")
        with torch.inference_mode():
            outputs = self._model(**inputs.to(self._model.device))
        extra = {}
        if self._needs_words:
            least = min(0.25, self.least_score)
            extra = {"input_ids": inputs.input_ids, "text_threshold": least}
        found = self._processor.post_process_grounded_object_detection(
            outputs,
            threshold=self.least_score,
            target_sizes=[image.shape[:2]],
            text_labels=[names],
            **extra,
        )[0]
        height, width = image.shape[:2]
        detections = []
        for label, edges, score in zip(
            found["text_labels"], found["boxes"].tolist(), found["scores"].tolist(), strict=True
        ):
            name = _named(str(label), names)
            if name and (box := _box(edges, width, height)):
                detections.append(Detection(name, box, float(score)))
        return detections

    @property
    def _needs_words(self) -> bool:
        return str(self._model.config.model_type) == "grounding-dino"


def load_localizer(weights: str | None) -> TransformersLocalizer | None:
    """The detector of the named weights, else of those in the cache; None if there are none.

    Raises:
        MissingWeightsError: the named weights are not here.
    """
    folder = find_weights(weights, LOCALIZERS)
    return TransformersLocalizer.load(folder) if folder else None


def _named(label: str, names: Sequence[str]) -> str | None:
    """The asked name that a label means; Grounding DINO joins words of neighbouring names."""
    label = label.strip().lower()
    if not label:
        return None
    for name in names:
        if label == name.lower():
            return name
    words = set(_WORD.findall(label))
    sharing = [(len(words & set(_WORD.findall(name.lower()))), name) for name in names]
    most, best = max(sharing, key=lambda one: one[0])
    return best if most else None


def _box(edges: Sequence[float], width: int, height: int) -> Box | None:
    """A box in shares of the frame, cut at its edges; None if nothing is left."""
    left, right = (min(max(edge / width, 0.0), 1.0) for edge in edges[0::2])
    top, bottom = (min(max(edge / height, 0.0), 1.0) for edge in edges[1::2])
    if right - left < 1e-3 or bottom - top < 1e-3:
        return None
    return Box(x=(left + right) / 2, y=(top + bottom) / 2, width=right - left, height=bottom - top)
