#!/usr/bin/env python3
"""What a GPU changes: the parts that may run on one give the same there, and how much sooner.

usage: python -m benchmarks.speed.gpu

Random weights at the sizes of OWLv2 base, Depth Anything V2 small and ViTPose base; foley-mini as
it is packaged; the transformer of stable-audio-open-1.0 with position injection. Prints how much
CPU and GPU differ against the result's own size, and seconds on both, the fastest of three.
"""

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from foley_designer.core.script.observation import Box
from foley_designer.vision.models.depth import TransformersDepth
from foley_designer.vision.models.pose import TransformersPose

PICTURE = np.random.default_rng(0).integers(0, 255, (270, 480, 3)).astype(np.uint8)
DEVICES = ("cpu", "cuda")


def seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    """Wall seconds of the fastest of three calls after one to warm up, and what it gave."""
    result, spent = work(), []
    for _ in range(3):
        torch.cuda.synchronize()
        began = time.perf_counter()
        result = work()
        torch.cuda.synchronize()
        spent.append(time.perf_counter() - began)
    return min(spent), result


def compare(name: str, make: Callable[[str], Callable[[], NDArray[np.floating]]]) -> None:
    """Print one row: the same work on both devices."""
    timed = [seconds(make(device)) for device in DEVICES]
    (slow, here), (fast, there) = timed
    strays = float(np.linalg.norm(there - here) / np.linalg.norm(here))
    print(f"| {name} | {strays:.1e} | {slow:.3f} | {fast:.4f} | {slow / fast:.0f} |", flush=True)


def depth(device: str) -> Callable[[], NDArray[np.floating]]:
    """A depth map of one picture."""
    from transformers import (
        DepthAnythingConfig,
        DepthAnythingForDepthEstimation,
        Dinov2Config,
        DPTImageProcessorPil,
    )

    small = Dinov2Config(
        hidden_size=384, num_attention_heads=6, image_size=518, patch_size=14,
        out_features=["stage3", "stage6", "stage9", "stage12"], reshape_hidden_states=False,
        apply_layernorm=True,
    )  # fmt: skip
    config = DepthAnythingConfig(
        backbone_config=small, reassemble_hidden_size=384, neck_hidden_sizes=[48, 96, 192, 384],
        fusion_hidden_size=64,
    )  # fmt: skip
    torch.manual_seed(0)
    model = DepthAnythingForDepthEstimation(config)
    processor = DPTImageProcessorPil(
        size={"height": 518, "width": 518}, keep_aspect_ratio=True, ensure_multiple_of=14
    )
    part = TransformersDepth(processor, model, "random")
    model.to(device)
    return lambda: part.depth(PICTURE)


def pose(device: str) -> Callable[[], NDArray[np.floating]]:
    """Heat-map joints of four people in one picture."""
    from transformers import (
        VitPoseBackboneConfig,
        VitPoseConfig,
        VitPoseForPoseEstimation,
        VitPoseImageProcessor,
    )

    torch.manual_seed(0)
    backbone = VitPoseBackboneConfig(out_indices=[12])
    config = VitPoseConfig(backbone_config=backbone, use_simple_decoder=True, num_labels=17)
    model = VitPoseForPoseEstimation(config)
    part = TransformersPose(VitPoseImageProcessor(), model, "random")
    model.to(device)
    boxes = [Box(x=0.2 + 0.2 * k, y=0.5, width=0.15, height=0.6) for k in range(4)]
    return lambda: part.pose(PICTURE, boxes)[..., 2]


def detector(device: str) -> Callable[[], NDArray[np.floating]]:
    """Boxes of OWLv2 base for one picture and three names."""
    from transformers import Owlv2Config, Owlv2ForObjectDetection

    torch.manual_seed(0)
    config = Owlv2Config(vision_config={"image_size": 960, "patch_size": 16})
    model = Owlv2ForObjectDetection(config).eval().to(device)
    pixels = torch.randn(1, 3, 960, 960).to(device)
    words = torch.randint(1, 1000, (3, 16)).to(device)

    def work() -> NDArray[np.floating]:
        with torch.inference_mode():
            found = model(input_ids=words, pixel_values=pixels)
        return np.asarray(found.pred_boxes.float().cpu().numpy())

    return work


def mini(device: str) -> Callable[[], NDArray[np.floating]]:
    """Four sounds of ten seconds by foley-mini."""
    from foley_designer.generator.diffusion.catalogue import PACKAGED
    from foley_designer.generator.diffusion.weights import load_model

    model = load_model(PACKAGED, torch.device(device))
    sequence = model.backbone.sequence
    steps = sequence.steps(10.0)
    cues = torch.zeros(4, 4, sequence.position_frames(steps))
    cues[:, 2] = 1.0
    captions, seeds = ["footsteps on gravel"] * 4, list(range(4))

    def work() -> NDArray[np.floating]:
        made = model.latents(cues, captions, seeds, steps=steps, seconds=[10.0] * 4)
        return np.asarray(made.float().cpu().numpy())

    return work


def full(device: str) -> Callable[[], NDArray[np.floating]]:
    """One forward pass of ten seconds at the size of stable-audio-open-1.0, with injection."""
    from diffusers import StableAudioDiTModel
    from diffusers.models.embeddings import get_1d_rotary_pos_embed

    from foley_designer.generator.diffusion.injection import InjectionConfig, PositionInjection

    torch.manual_seed(0)
    transformer = StableAudioDiTModel().eval().requires_grad_(False)
    injection = PositionInjection(24, 1536, 4, InjectionConfig(), torch.Generator().manual_seed(0))
    injection.requires_grad_(False).to(device)
    transformer.to(device)
    injection.attach(transformer.transformer_blocks)
    steps = 216
    turn = get_1d_rotary_pos_embed(32, steps + 1, use_real=True, repeat_interleave_real=False)
    given = [torch.randn(1, 64, steps), torch.tensor([0.5]), torch.randn(1, 130, 768),
             torch.randn(1, 1, 1536), torch.randn(1, 4, 4 * steps)]  # fmt: skip
    noise, at, words, whole, cues = (one.to(device) for one in given)
    turned = tuple(one.to(device) for one in turn)

    def work() -> NDArray[np.floating]:
        with torch.inference_mode(), injection.conditioned(cues):
            out = transformer(
                noise, at, encoder_hidden_states=words, global_hidden_states=whole,
                rotary_embedding=turned, return_dict=False,
            )[0]  # fmt: skip
        return np.asarray(out.float().cpu().numpy())

    return work


def main() -> None:
    """Print the table."""
    if not torch.cuda.is_available():
        sys.exit("torch sees no GPU here: run this on a machine that has one.")
    print(torch.cuda.get_device_name(), torch.__version__, f"{torch.get_num_threads()} CPU threads")
    print("| | CPU against GPU | CPU s | GPU s | times |\n|---|---|---|---|---|")
    for name, make in (
        ("depth, a picture", depth), ("pose, four people", pose), ("detector, a picture", detector),
        ("foley-mini, four sounds of 10 s", mini), ("stable-audio-open-1.0, a pass of 10 s", full),
    ):  # fmt: skip
        compare(name, make)


if __name__ == "__main__":
    main()
