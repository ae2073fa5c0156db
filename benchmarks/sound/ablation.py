"""Ablation of Eq. 7: the paper's injection block with and without the `aligned` shortcut.

usage: python -m benchmarks.sound.ablation FOLDER [--steps 2000] [--items 200] [--prompts 24]

Builds a small dry FilmStereo set from synthesis, trains foley-mini at a small size twice on it, on
the CPU, alike but for `InjectionConfig.aligned`, and prints what ``foley-designer bench diffusion``
says of both on the same held-out prompts. Run it again after it was stopped: it goes on.
"""

import argparse
import shutil
from pathlib import Path

import torch

from foley_designer.core.category import Subcategory
from foley_designer.core.progress import silent
from foley_designer.core.space import Space
from foley_designer.core.work.pool import LocalPool
from foley_designer.filmstereo.build import build
from foley_designer.filmstereo.config import DatasetConfig
from foley_designer.generator.diffusion.bench import bench, table
from foley_designer.generator.diffusion.training.config import TrainingConfig
from foley_designer.generator.diffusion.training.run import AUTOENCODER, train

KINDS = (
    Subcategory.HUMAN_STEPS,
    Subcategory.OBJECT_IMPACT,
    Subcategory.METAL_IMPACT,
    Subcategory.DOOR,
    Subcategory.ANIMAL_VOICE,
)
SMALL = {
    "autoencoder": {"channels": 32, "width": 96},
    "transformer": {"width": 128, "depth": 4, "head_width": 64, "widening": 2},
}
RUNS = {"with the shortcut": True, "Eq. 7 alone": False}


def dataset(folder: Path, items: int) -> Path:
    """The set, built or completed."""
    config = DatasetConfig(
        name="ablation",
        items=items,
        seconds=(4.0, 5.0),
        subcategories=KINDS,
        spaces=(Space.OPEN_FIELD,),
        test_share=0.25,
    )
    build(config, folder / "set", LocalPool(1))
    return folder / "set"


def configured(folder: Path, data: Path, name: str, steps: int) -> TrainingConfig:
    """One run; both start from the same seed and see the same excerpts."""
    return TrainingConfig.model_validate(
        {
            "model": "foley-mini",
            "data": [str(data)],
            "out": str(folder / name.replace(" ", "-")),
            "seed": 1,
            "threads": 1,
            "mini": SMALL,
            "injection": {
                "every": 2,
                "head_width": 64,
                "aligned": RUNS[name],
                "position": {"width": 64},
            },
            "autoencoder": {
                "steps": 400,
                "learning_rate": 1e-3,
                "crop_steps": 32,
                "warmup": 20,
                "cooldown": 0.4,
                "average": 0.99,
                "sample_every": 10**6,
            },
            "transformer": {
                "steps": steps,
                "learning_rate": 8e-4,
                "crop_steps": 64,
                "train_backbone": True,
                "position_dropout": 0.15,
                "average": 0.995,
                "sample_every": 10**6,
            },
        }
    )


def main() -> None:
    """Build, train twice, measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--items", type=int, default=200)
    parser.add_argument("--prompts", type=int, default=24)
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    data = dataset(chosen.folder, chosen.items)
    first: Path | None = None
    for name in RUNS:
        config = configured(chosen.folder, data, name, chosen.steps)
        if first is not None and not (Path(config.out) / AUTOENCODER).exists():
            shutil.copytree(first / AUTOENCODER, Path(config.out) / AUTOENCODER)
        weights = train(config, silent)
        first = first or Path(config.out)
        assert weights is not None
        result = bench(data, weights, split="test", count=chosen.prompts, out=None, progress=silent)
        print(f"\n{name}\n\n{table(result)}", flush=True)


if __name__ == "__main__":
    main()
