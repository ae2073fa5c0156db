"""``foley-designer train``: both stages, from a configuration."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from accelerate.accelerator import Accelerator
from safetensors.torch import load_model, save_file
from torch import Tensor, nn

from foley_designer.core.files import replacing
from foley_designer.core.progress import Progress
from foley_designer.generator.diffusion.backbone import Backbone
from foley_designer.generator.diffusion.catalogue import MINI
from foley_designer.generator.diffusion.mini.autoencoder import STRIDE, SpectralAutoencoder
from foley_designer.generator.diffusion.mini.backbone import MiniBackbone
from foley_designer.generator.diffusion.mini.spectral import BANDS, analyse
from foley_designer.generator.diffusion.model import PositionedModel, new_injection
from foley_designer.generator.diffusion.schedule import Schedule, noised, target
from foley_designer.generator.diffusion.training.config import TrainingConfig, TransformerStage
from foley_designer.generator.diffusion.training.curves import draw_spectrograms
from foley_designer.generator.diffusion.training.examples import (
    Example,
    encoded,
    excerpt_batch,
    shard_files,
)
from foley_designer.generator.diffusion.training.loop import run_stage
from foley_designer.generator.diffusion.weights import load_backbone, save_model

AUTOENCODER, TRANSFORMER = "autoencoder", "transformer"
LABELS = {
    "encode": "Encode the data set",
    AUTOENCODER: "Stage 1: autoencoder",
    TRANSFORMER: "Stage 2: transformer",
}
_SHEET = 4
_FEW = 256
"""Excerpts from which the autoencoder starts and its latents' spread is learnt."""


def train(
    config: TrainingConfig, progress: Progress, until: Callable[[], bool] = lambda: False
) -> Path | None:
    """Train what the configuration says, from where it stopped.

    Args:
        config: the run.
        progress: told of encoding and of both stages.
        until: asked after every step; True saves everything and ends.

    Returns:
        Folder of the weights, as ``foley-designer models`` takes them; None if it was stopped
        before the first stage was done.

    Raises:
        FoleyError: ``config_invalid``, ``part_missing``, ``document_invalid``, ``disk_full``.
    """
    if config.threads:
        torch.set_num_threads(config.threads)
    accelerator = Accelerator(mixed_precision=config.precision)
    out, shards = Path(config.out), shard_files(config.data, config.split)
    backbone: Backbone
    if config.model == MINI:
        torch.manual_seed(config.seed)  # modules draw their first weights from the global one
        mini = MiniBackbone(config.mini)
        mini.transformer.to(accelerator.device)
        mini.autoencoder.to(accelerator.device)
        backbone = mini
        features = encoded(shards, out / "features", mini.sequence, analyse, progress)
        if not _first_stage(config, mini.autoencoder, features, accelerator, progress, until):
            return None
        examples = [_refined(mini, example) for example in features]
    else:
        backbone = load_backbone(config.model, accelerator.device)
        examples = encoded(shards, out / "latents", backbone.sequence, backbone.encode, progress)
    torch.manual_seed(config.seed)
    model = PositionedModel(backbone, new_injection(backbone, config.injection, config.seed))
    second = _SecondStage(config, model, examples)
    stage = config.transformer
    done = run_stage(
        TRANSFORMER,
        stage,
        out / TRANSFORMER,
        accelerator,
        second.trained,
        second.loss,
        progress,
        sample=second.sheet if config.model == MINI else None,
        until=until,
    )
    return save_model(out / "weights", model, config, done)


def _first_stage(
    config: TrainingConfig,
    autoencoder: SpectralAutoencoder,
    examples: list[Example],
    accelerator: Accelerator,
    progress: Progress,
    until: Callable[[], bool],
) -> bool:
    """Train the autoencoder on features and learn its latents' spread; whether it is done."""
    stage = config.autoencoder
    if stage is None:
        return True
    out = Path(config.out)
    finished = out / AUTOENCODER / "autoencoder.safetensors"
    autoencoder.requires_grad_(False)
    if finished.is_file():
        load_model(autoencoder, finished)
        return True
    autoencoder.requires_grad_(True)
    rng = np.random.default_rng([config.seed, 2])
    sampled = excerpt_batch(examples, _FEW, stage.crop_steps * STRIDE, rng).values
    autoencoder.start(sampled.to(accelerator.device))

    def loss(step: int) -> Tensor:
        rng = np.random.default_rng([config.seed, 1, step])
        batch = excerpt_batch(examples, stage.batch, stage.crop_steps * STRIDE, rng)
        generator = torch.Generator().manual_seed(int(rng.integers(2**62)))
        features = batch.values.to(accelerator.device)
        # What half precision rounds off is no less than the error that is left here.
        with torch.autocast(accelerator.device.type, enabled=False):
            return autoencoder.loss(
                features,
                lambda like: torch.randn(like.shape, generator=generator).to(like),
                stage.noisy,
            )

    done = run_stage(
        AUTOENCODER, stage, out / AUTOENCODER, accelerator, autoencoder, loss, progress, until=until
    )
    autoencoder.requires_grad_(False)
    if done < stage.steps:
        return False
    autoencoder.standardise(autoencoder.raw(sampled.to(accelerator.device)))
    with replacing(finished) as part:
        save_file(autoencoder.state_dict(), part)
    return True


@torch.no_grad()
def _refined(backbone: MiniBackbone, features: Example) -> Example:
    """Latents of an example's features."""
    values = features.values[None].float().to(backbone.device)
    return features._replace(values=backbone.autoencoder.encode(values)[0].half().cpu())


class _SecondStage:
    """Loss and sample sheets of the transformer's stage."""

    def __init__(
        self, config: TrainingConfig, model: PositionedModel, examples: list[Example]
    ) -> None:
        assert model.injection is not None
        self._stage: TransformerStage = config.transformer
        self._seed, self._out = config.seed, Path(config.out)
        self._model, self._examples = model, examples
        self._injection = model.injection
        model.backbone.network.requires_grad_(self._stage.train_backbone)
        self.trained = nn.ModuleDict({"injection": model.injection})
        if self._stage.train_backbone:
            self.trained["backbone"] = model.backbone.network

    def loss(self, step: int) -> Tensor:
        """Mean squared error of the prediction at random times, conditions dropped at random."""
        backbone, stage = self._model.backbone, self._stage
        rng = np.random.default_rng([self._seed, 3, step])
        batch = excerpt_batch(self._examples, stage.batch, stage.crop_steps, rng)
        generator = torch.Generator().manual_seed(int(rng.integers(2**62)))
        clean = batch.values.to(backbone.device)
        noise = torch.randn(clean.shape, generator=generator).to(clean)
        time = _times(backbone.schedule, stage.batch, generator).to(clean.device)
        heard = torch.rand(stage.batch, generator=generator) >= stage.text_dropout
        keep = torch.rand(stage.batch, generator=generator) >= stage.position_dropout
        said = [text if kept else "" for text, kept in zip(batch.captions, heard, strict=True)]
        seconds = stage.crop_steps / float(backbone.sequence.latent_rate)
        with torch.no_grad():
            texts = backbone.texts(said, [seconds] * stage.batch)
        with self._injection.conditioned(batch.cues.to(clean.device), keep.to(clean.device)):
            predicted = backbone.predict(noised(backbone.schedule, clean, noise, time), time, texts)
        wanted = target(backbone.schedule, clean, noise, time)
        return nn.functional.mse_loss(predicted.float(), wanted)

    def sheet(self, step: int) -> None:
        """Draw real examples beside samples with their captions and cues."""
        backbone = self._model.backbone
        assert isinstance(backbone, MiniBackbone)
        rng = np.random.default_rng([self._seed, 4])
        batch = excerpt_batch(self._examples, _SHEET, self._stage.crop_steps, rng)
        steps = self._stage.crop_steps
        made = self._model.latents(
            batch.cues,
            batch.captions,
            list(range(_SHEET)),
            steps=steps,
            seconds=[steps / float(backbone.sequence.latent_rate)] * _SHEET,
        )
        rows = []
        for real, sampled in zip(batch.values.to(made), made, strict=True):
            pair = backbone.autoencoder.decode(torch.stack([real, sampled])).clamp(-1, 1)
            rows.append([one[:BANDS].cpu().numpy() for one in pair])
        draw_spectrograms(rows, self._out / TRANSFORMER / f"samples-{step:06d}.png")


def _times(schedule: Schedule, count: int, generator: torch.Generator) -> Tensor:
    """Random times: uniform, or for flows more often in the middle (Esser et al., 2024)."""
    if schedule is Schedule.COSINE_V:
        return torch.rand(count, generator=generator)
    return torch.sigmoid(torch.randn(count, generator=generator))
