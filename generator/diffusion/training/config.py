"""What a training run is told, as a TOML file."""

from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from foley_designer.core.documents import Part
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import expanded
from foley_designer.core.reading import read_bytes, read_text, read_toml
from foley_designer.generator.diffusion.injection import InjectionConfig
from foley_designer.generator.diffusion.mini.backbone import MiniConfig


class StageConfig(Part):
    """One stage of training."""

    steps: int = Field(ge=1)
    learning_rate: float = Field(default=3e-5, gt=0)
    """The paper's (section 5)."""
    batch: int = Field(default=8, ge=1)
    """The paper's (section 5)."""
    warmup: int = Field(default=100, ge=0)
    cooldown: float = Field(default=0.2, ge=0, le=1)
    """Share of the steps, at the end, over which the learning rate falls to a tenth."""
    crop_steps: int = Field(default=96, ge=1)
    """Latent steps of a training excerpt."""
    average: float = Field(default=0.999, ge=0, lt=1)
    """Decay of the exponential moving average of the weights."""
    weight_decay: float = Field(default=0.01, ge=0)
    clip: float = Field(default=1.0, gt=0)
    """Largest norm of the gradient."""
    log_every: int = Field(default=20, ge=1)
    save_every: int = Field(default=250, ge=1)
    sample_every: int = Field(default=1000, ge=1)


class AutoencoderStage(StageConfig):
    """Stage 1."""

    noisy: float = Field(default=0.05, ge=0)
    """Noise added to raw latents in training."""


class TransformerStage(StageConfig):
    """Stage 2."""

    train_backbone: bool = False
    """Whether the transformer learns too, or the injection alone."""
    text_dropout: float = Field(default=0.1, ge=0, le=1)
    position_dropout: float = Field(default=0.1, ge=0, le=1)
    """How often a row goes without position, so that guidance has its unconditional branch."""


class TrainingConfig(Part):
    """A run: data, model and stages."""

    model: str
    """``foley-mini``, or a name that ``foley-designer models list`` knows."""
    data: tuple[str, ...] = Field(min_length=1)
    """Folders of FilmStereo sets, absolute or beside the configuration."""
    split: str = "train"
    out: str
    """Folder of the run, absolute or beside the configuration."""
    seed: int = Field(default=0, ge=0)
    precision: Literal["no", "bf16", "fp16"] = "no"
    threads: int | None = Field(default=None, ge=1)
    """CPU threads; None leaves it to PyTorch."""
    mini: MiniConfig = MiniConfig()
    injection: InjectionConfig = InjectionConfig()
    autoencoder: AutoencoderStage | None = None
    """None keeps the pretrained autoencoder."""
    transformer: TransformerStage


def load_config(path: Path) -> TrainingConfig:
    """Read a configuration; its paths become absolute.

    Raises:
        FoleyError: ``config_invalid``, naming the first wrong field.
    """
    try:
        config = TrainingConfig.model_validate(read_toml(read_text(read_bytes(path))))
    except OSError as error:
        raise FoleyError(ErrorCode.CONFIG_INVALID, f"{path}: {error.strerror}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        raise FoleyError(ErrorCode.CONFIG_INVALID, f"{path}: {place}: {first['msg']}.") from error
    except ValueError as error:
        raise FoleyError(ErrorCode.CONFIG_INVALID, f"{path}: {error}.") from error
    beside = path.absolute().parent
    folders = tuple(str(beside / expanded(Path(folder))) for folder in config.data)
    return config.model_copy(
        update={"data": folders, "out": str(beside / expanded(Path(config.out)))}
    )
