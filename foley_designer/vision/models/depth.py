"""Depth through transformers: Depth Anything V2, relative or metric."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foley_designer.vision.models.weights import (
    DEPTH_MODELS,
    find_weights,
    quietly,
    ready,
    weights_name,
)
from foley_designer.vision.video.frame import Image


class TransformersDepth:
    """One monocular depth model with its image processor.

    Args:
        processor: makes the model's input.
        model: of transformers' depth estimation classes.
        name: name of the weights.
    """

    def __init__(self, processor: Any, model: Any, name: str) -> None:
        self._processor, self._model = processor, ready(model)
        kind = getattr(model.config, "depth_estimation_type", "relative")
        self.metric = kind == "metric"
        self.uncertainty = 1.3 if self.metric else 2.0
        self.name = f"{model.config.model_type} {name} ({kind})"

    @classmethod
    def load(cls, weights: Path) -> "TransformersDepth":
        """From a folder; nothing is downloaded."""
        with quietly():
            from transformers import (  # noqa: PLC0415 - seconds to load
                AutoImageProcessor,
                AutoModelForDepthEstimation,
            )

            make: Any = AutoImageProcessor.from_pretrained
            processor = make(weights, local_files_only=True)
            model = AutoModelForDepthEstimation.from_pretrained(weights, local_files_only=True)
        return cls(processor, model, weights_name(weights))

    def depth(self, image: Image) -> NDArray[np.float32]:
        """The frame's depth map at the model's own size."""
        import torch  # noqa: PLC0415 - seconds to load

        rgb = np.ascontiguousarray(image[..., ::-1])
        inputs = self._processor(images=rgb, return_tensors="pt")
        with torch.inference_mode():
            predicted = self._model(**inputs.to(self._model.device)).predicted_depth
        return np.asarray(predicted[0].float().cpu().numpy(), np.float32)


def load_depth(weights: str | None) -> TransformersDepth | None:
    """The model of the named weights, else of those in the cache; None if there are none.

    Raises:
        MissingWeightsError: the named weights are not here.
    """
    folder = find_weights(weights, DEPTH_MODELS)
    return TransformersDepth.load(folder) if folder else None
