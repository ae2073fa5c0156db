"""What generation costs, in CPU seconds.

Batched against one by one, where the time goes, and one forward pass at the full size of
stable-audio-open-1.0 with and without injection.

Usage: ``python -m benchmarks.speed.diffusion_speed [--full] [--model FOLDER]``.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import torch

from foley_designer.generator.diffusion.catalogue import PACKAGED
from foley_designer.generator.diffusion.injection import InjectionConfig, PositionInjection
from foley_designer.generator.diffusion.model import PositionedModel
from foley_designer.generator.diffusion.weights import load_model

SECONDS = 10.0
ROWS = 4


def cpu(work: Callable[[], object], times: int = 3) -> float:
    """CPU seconds of the fastest of some calls."""
    spent = []
    for _ in range(times):
        began = time.process_time()
        work()
        spent.append(time.process_time() - began)
    return min(spent)


def small(model: PositionedModel) -> None:
    """Rows of a batch together and apart, and the shares of one row."""
    sequence = model.backbone.sequence
    steps = sequence.steps(SECONDS)
    cues = torch.zeros(ROWS, 4, sequence.position_frames(steps))
    cues[:, 2] = 1.0

    def rows(count: int) -> torch.Tensor:
        captions, seeds = ["footsteps on gravel"] * count, list(range(count))
        seconds = [SECONDS] * count
        return model.latents(cues[:count], captions, seeds, steps=steps, seconds=seconds)

    together, one = cpu(lambda: rows(ROWS)), cpu(lambda: rows(1))
    latents = rows(1)
    decode = cpu(lambda: model.backbone.decode(latents, torch.Generator().manual_seed(0)))
    print(f"{model.backbone.name}: {SECONDS:g} s of sound takes {one + decode:.2f} CPU s,")
    print(f"  {one / (one + decode):.0%} of it the transformer, the rest decoding;")
    print(f"  {ROWS} one by one over {ROWS} in a batch: {ROWS * one / together:.2f}")


def full() -> None:
    """One forward pass of 10 s at full depth, in float32, with random weights."""
    from diffusers import StableAudioDiTModel
    from diffusers.models.embeddings import get_1d_rotary_pos_embed

    transformer = StableAudioDiTModel().eval().requires_grad_(False)
    injection = PositionInjection(24, 1536, 4, InjectionConfig(), torch.Generator())
    injection.requires_grad_(False).attach(transformer.transformer_blocks)
    steps = 216
    turn = get_1d_rotary_pos_embed(32, steps + 1, use_real=True, repeat_interleave_real=False)

    def forward() -> torch.Tensor:
        with torch.inference_mode():
            out: torch.Tensor = transformer(
                torch.randn(1, 64, steps),
                torch.tensor([0.5]),
                encoder_hidden_states=torch.randn(1, 130, 768),
                global_hidden_states=torch.randn(1, 1, 1536),
                rotary_embedding=turn,
                return_dict=False,
            )[0]
        return out

    def told() -> torch.Tensor:
        with torch.inference_mode(), injection.conditioned(torch.randn(1, 4, 4 * steps)):
            return forward()

    base, with_positions = cpu(forward, 2), cpu(told, 2)
    sizes = [sum(w.numel() for w in part.parameters()) / 1e6 for part in (transformer, injection)]
    print(f"stable-audio-open-1.0: {sizes[0]:.1f} M parameters, injection {sizes[1]:.1f} M;")
    print(
        f"  a forward pass of 10 s: {base:.1f} CPU s, with injection × {with_positions / base:.3f}"
    )


def main() -> None:
    """Print both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="also the full size: 4.5 GB of memory")
    parser.add_argument("--model", type=Path, default=PACKAGED)
    told = parser.parse_args()
    small(load_model(told.model))
    if told.full:
        full()


if __name__ == "__main__":
    main()
