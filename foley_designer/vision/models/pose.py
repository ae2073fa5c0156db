"""Poses through transformers: ViTPose."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.script.observation import Box
from foley_designer.vision.models.weights import (
    POSE_MODELS,
    find_weights,
    quietly,
    ready,
    weights_name,
)
from foley_designer.vision.video.frame import Image


class TransformersPose:
    """One top-down pose model with its image processor.

    Args:
        processor: makes the model's input and reads its heat maps.
        model: of transformers' ViTPose class.
        name: name of the weights.
    """

    def __init__(self, processor: Any, model: Any, name: str) -> None:
        self._processor, self._model = processor, ready(model)
        labels = model.config.id2label
        self.joints = tuple(str(labels[k]).lower().replace(" ", "_") for k in sorted(labels))
        self.name = f"{model.config.model_type} {name}"

    @classmethod
    def load(cls, weights: Path) -> "TransformersPose":
        """From a folder; nothing is downloaded."""
        with quietly():
            from transformers import (  # noqa: PLC0415 - seconds to load
                AutoImageProcessor,
                VitPoseForPoseEstimation,
            )

            make: Any = AutoImageProcessor.from_pretrained
            processor = make(weights, local_files_only=True)
            model = VitPoseForPoseEstimation.from_pretrained(weights, local_files_only=True)
        return cls(processor, model, weights_name(weights))

    def pose(self, image: Image, boxes: Sequence[Box]) -> NDArray[np.float32]:
        """The joints of each person."""
        import torch  # noqa: PLC0415 - seconds to load

        high, wide = image.shape[:2]
        corners = [
            [
                (box.x - box.width / 2) * wide,
                (box.y - box.height / 2) * high,
                box.width * wide,
                box.height * high,
            ]
            for box in boxes
        ]
        rgb = np.ascontiguousarray(image[..., ::-1])
        inputs = self._processor(rgb, boxes=[corners], return_tensors="pt")
        if getattr(self._model.config.backbone_config, "num_experts", 1) > 1:
            inputs["dataset_index"] = torch.zeros(len(boxes), dtype=torch.int64)  # COCO's expert
        with torch.inference_mode():
            outputs = self._model(**inputs.to(self._model.device))
        found = self._processor.post_process_pose_estimation(outputs, boxes=[corners])[0]
        joints = np.zeros((len(boxes), len(self.joints), 3), np.float32)
        for row, person in enumerate(found):
            at = np.asarray(person["labels"], np.intp)
            joints[row, at, :2] = np.asarray(person["keypoints"]) / (wide, high)
            joints[row, at, 2] = np.clip(np.asarray(person["scores"]), 0, 1)
        return joints


def load_pose(weights: str | None) -> TransformersPose | None:
    """The model of the named weights, else of those in the cache; None if there are none.

    Raises:
        MissingWeightsError: the named weights are not here.
    """
    folder = find_weights(weights, POSE_MODELS)
    return TransformersPose.load(folder) if folder else None
