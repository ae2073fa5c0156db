"""Guidance by text and by position, each with a scale of its own."""

from typing import NamedTuple

import torch
from torch import Tensor

from foley_designer.generator.diffusion.backbone import Backbone, Texts
from foley_designer.generator.diffusion.injection import PositionInjection
from foley_designer.generator.diffusion.sampling import Denoiser
from foley_designer.generator.diffusion.schedule import denoised


class Guidance(NamedTuple):
    """Scales; at 1 a condition is followed as it was learnt and costs no extra pass."""

    text: float = 1.0
    position: float = 1.0


def guided(
    backbone: Backbone,
    injection: PositionInjection | None,
    texts: Texts,
    empty: Texts,
    cues: Tensor | None,
    guidance: Guidance,
) -> Denoiser:
    """A denoiser that follows text and position.

    The prediction is composed as p(∅, ∅) + s_text·(p(text, ∅) - p(∅, ∅)) +
    s_pos·(p(text, pos) - p(text, ∅)), after Brooks et al. 2023 (InstructPix2Pix), Eq. 3; branches
    whose weight is zero are not computed, the rest go through the backbone as one batch.

    Args:
        backbone: the model.
        injection: None, like cues of None, generates from text alone.
        texts: conditions of the batch.
        empty: the unconditional, of the same batch.
        cues: ``[batch, 4, n]``.
        guidance: the scales.
    """
    placed = injection is not None and cues is not None
    weights = _weights(guidance, placed=placed)
    rows = [texts if with_text else empty for with_text, _, _ in weights]
    conditions = rows[0]
    for row in rows[1:]:
        conditions = conditions.joined(row)
    count = texts.whole.shape[0]

    def denoise(latents: Tensor, time: float) -> Tensor:
        repeated = latents.repeat(len(weights), 1, 1)
        at = torch.full((len(repeated),), time, device=latents.device, dtype=torch.float32)
        if injection is not None and cues is not None:
            keep = torch.tensor([with_cues for _, with_cues, _ in weights], device=latents.device)
            with injection.conditioned(
                cues.repeat(len(weights), 1, 1), keep.float().repeat_interleave(count)
            ):
                predicted = backbone.predict(repeated, at, conditions)
        else:
            predicted = backbone.predict(repeated, at, conditions)
        parts = predicted.float().chunk(len(weights))
        mixed = torch.stack([w * part for (_, _, w), part in zip(weights, parts, strict=True)])
        return denoised(backbone.schedule, latents, mixed.sum(dim=0), at[:count])

    return denoise


def _weights(guidance: Guidance, *, placed: bool) -> list[tuple[bool, bool, float]]:
    """Branches as (with text, with position, weight) that are not zero."""
    position = guidance.position if placed else 0.0
    branches = [
        (False, False, 1.0 - guidance.text),
        (True, False, guidance.text - position),
        (True, True, position),
    ]
    return [branch for branch in branches if branch[2] != 0.0] or [(True, False, 1.0)]
