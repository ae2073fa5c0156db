"""``annotations.json``: what is known of the clips of an evaluation, and of nobody's sound."""

from pathlib import Path
from typing import ClassVar, Self

from pydantic import Field, model_validator

from foley_designer.core.documents import Document, Part
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.reading import UnreadableError, read_bytes

FILE = "annotations.json"
Interval = tuple[float, float]


class ClipTruth(Part):
    """What is known of one clip. What is not given is not scored, or read from its reference."""

    name: str = Field(pattern=r"^[\w][\w .()+-]{0,120}$")
    """File name without its ending, alike in every folder."""
    describe: str = ""
    """What happens, in words: text of the CLAP score, and what ``--run`` designs from."""
    duration_s: float | None = Field(default=None, gt=0, le=3600)
    """None takes the reference's, else the picture's."""
    onsets_s: tuple[float, ...] | None = None
    """When an action that is seen makes a sound, picture time; None leaves onsets unscored."""
    neutral_s: tuple[float, ...] = ()
    """Onsets that neither help nor hurt, such as speech off screen."""
    intervals_s: tuple[Interval, ...] | None = None
    """When it should sound; None takes what its reference's level shows."""
    azimuth_deg: tuple[float, ...] | None = None
    """Direction of the source, positive to the left, evenly over the clip; one value for a source
    that stays. None takes the reference's, where that is true stereo."""
    group: str = Field(default="", max_length=60)
    """Kind of clip, such as ``two of a kind``: Table 2 then also stands for each kind by itself."""
    heard_as: tuple[str, ...] = ()
    """AudioSet classes, by their names, as one of which it should be heard."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if any(end <= start for start, end in self.intervals_s or ()):
            raise ValueError("an interval ends before it starts")
        if self.azimuth_deg is not None and not self.azimuth_deg:
            raise ValueError("azimuth_deg is empty; leave it out where it is not known")
        return self


class Annotations(Document):
    """The clips of an evaluation."""

    SCHEMA: ClassVar[str] = "foley-evaluation"

    name: str
    clips: tuple[ClipTruth, ...] = Field(min_length=1)
    reference_is_clip: bool = False
    """Whether a clip's own sound is the reference where ``reference/`` holds none."""

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        names = [clip.name for clip in self.clips]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"clips are named twice: {', '.join(twice)}")
        return self


def read_annotations(folder: Path) -> Annotations:
    """The annotations of a folder.

    Raises:
        FoleyError: ``document_invalid`` or ``document_too_new``, naming the file.
    """
    path = folder / FILE
    try:
        return Annotations.from_json(read_bytes(path))
    except (UnreadableError, OSError) as error:
        raise FoleyError(
            ErrorCode.DOCUMENT_INVALID,
            f"Can't read {path}: {getattr(error, 'strerror', None) or error}.",
            "An evaluation is a folder with clips/, annotations.json and a folder of WAV files a "
            "system: docs/metrics.md.",
        ) from error
