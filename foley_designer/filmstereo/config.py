"""What a set is built from, and how: one YAML file."""

from fractions import Fraction
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, ValidationError, model_validator

from foley_designer.core.category import Subcategory
from foley_designer.core.documents import Part, describe
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import expanded
from foley_designer.core.reading import UnreadableError, read_bytes, read_text, read_yaml
from foley_designer.core.space import Space
from foley_designer.core.timecode import FrameRate
from foley_designer.generator.placement import Profile

FREE = ("own", "CC0", "public domain", "CC BY")
"""Licences that let a model that was trained on a sound be given away, with credit."""
_MOST_BYTES = 1024 * 1024
_DRY_SPACES = frozenset({Space.UNDERWATER, Space.UNKNOWN})


class Folder(Part):
    """A folder of recordings."""

    path: Path
    licence: str | None = None
    """Of everything in it; None takes what its README, tables and tags say."""
    sound: str | None = None
    """What everything in it is, such as ``dog bark``; None takes file and folder names."""


class DatasetConfig(Part):
    """A set. What is left out has a default that builds from synthesis alone."""

    name: str = Field(default="filmstereo", pattern=r"^[a-z0-9][a-z0-9-]{0,60}$")
    seed: int = Field(default=0, ge=0)
    items: int = Field(default=1000, ge=1, le=10_000_000)
    seconds: tuple[float, float] = (8.0, 10.0)
    """Shortest and longest item."""
    sample_rate: Literal[44100, 48000] = 48000
    format: Literal["flac", "wav"] = "flac"
    bits: Literal[16, 24] = 16
    frame_rate: FrameRate = Fraction(50)
    """Frames a second of azimuth, distance and activity."""

    synthesis: bool = True
    library: bool = False
    """Whether the user's sound library is a source."""
    folders: tuple[Folder, ...] = ()
    recordings_share: float = Field(default=0.5, ge=0, le=1)
    """Of the items of a subcategory that both synthesis and recordings have."""
    licences: tuple[str, ...] = FREE
    """Beginnings of the licences that may enter; ``CC BY`` does not admit ``CC BY-NC``."""
    subcategories: tuple[Subcategory, ...] = ()
    """Those that may enter; empty takes all."""

    moving_share: float = Field(default=0.5, ge=0, le=1)
    """Of the items whose maker may go while it sounds; a door never walks."""
    jitter_deg: float = Field(default=5.0, ge=0, le=7)
    """How far from its region's centre a source may lie."""
    ear_spacing_m: tuple[float, float] = (0.16, 0.18)
    spaces: tuple[Space, ...] = tuple(space for space in Space if space not in _DRY_SPACES)
    """Reverberation presets."""
    profile: Profile = Profile.LOUDSPEAKER

    denoise_db: float = Field(default=-40.0, ge=-80, le=0)
    """How far the noise of a recording's pauses is turned down."""
    captions: Literal["grammar", "model"] = "grammar"
    """``model`` asks the configured language model within its budget, and keeps the grammar's
    sentence where it gives none; its words differ from run to run, those of made items stay."""
    verify: Literal["auto", "clap", "traits"] = "auto"
    """``auto`` takes CLAP where its weights are on disk."""
    clap_dir: Path | None = None
    """Folder with a CLAP model; None takes the setting of that name. Nothing is downloaded."""
    clap_threshold: float = Field(default=0.35, ge=-1, le=1)

    test_share: float = Field(default=0.1, ge=0, lt=1)
    """Of the origins; an origin's items all lie in one split."""
    shard_items: int = Field(default=100, ge=1)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        for low, high in (self.seconds, self.ear_spacing_m):
            if not 0 < low <= high:
                raise ValueError(f"{low} to {high} is no range")
        if not (self.synthesis or self.library or self.folders):
            raise ValueError("no source: set synthesis or library, or name folders")
        if not self.spaces:
            raise ValueError("spaces: name one at least")
        return self


def read_config(path: Path) -> DatasetConfig:
    """Read a YAML file; folders that it names are relative to it.

    Raises:
        FoleyError: ``config_invalid`` with the field, or what YAML says.
    """
    try:
        told = read_yaml(read_text(read_bytes(path, _MOST_BYTES))) or {}
    except UnreadableError as error:
        where = f"line {error.line}: " if error.line else ""
        raise _invalid(path, f"{where}{error}") from error
    except OSError as error:
        raise _invalid(path, error.strerror or str(error)) from error
    if not isinstance(told, dict):
        raise _invalid(path, "it is no list of fields")
    try:
        config = DatasetConfig.model_validate(told)
    except ValidationError as error:
        raise _invalid(path, describe(error, path.name)) from error
    folders = tuple(
        folder.model_copy(update={"path": (path.parent / expanded(folder.path)).resolve()})
        for folder in config.folders
    )
    clap_dir = config.clap_dir and (path.parent / expanded(config.clap_dir)).resolve()
    return config.model_copy(update={"folders": folders, "clap_dir": clap_dir})


def _invalid(path: Path, reason: str) -> FoleyError:
    return FoleyError(
        ErrorCode.CONFIG_INVALID,
        f"{path}: {reason}",
        "docs/filmstereo.md describes the fields, and shows a file that works.",
    )
