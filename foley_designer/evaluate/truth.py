"""The truth of a clip at hand: its annotation, completed from its reference where that may be."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.errors import FoleyError
from foley_designer.evaluate.annotations import Annotations, ClipTruth
from foley_designer.evaluate.sounds import Samples, clip_sound, find, is_true_stereo, read_sound
from foley_designer.metrics.segments import segment

Array = NDArray[np.float64]

CLIPS, REFERENCE = "clips", "reference"
FILMS = (".mp4", ".mov", ".mkv", ".webm", ".avi", ".m4v")


class Truth(NamedTuple):
    """One clip, and what its sound is held to."""

    clip: ClipTruth
    picture: Path | None
    duration_s: float
    reference: Samples | None
    """``[2, n]`` at 48 kHz."""
    intervals_s: tuple[tuple[float, float], ...] | None
    faults: tuple[str, ...]

    @property
    def sample_count(self) -> int:
        """Of a sound as long as the clip."""
        return round(self.duration_s * SAMPLE_RATE)

    @property
    def stereo(self) -> Samples | None:
        """The reference, where its channels say a direction."""
        found = self.reference
        return found if found is not None and is_true_stereo(found) else None

    def azimuths(self, times_s: Array) -> Array:
        """Annotated direction at instants, degrees; ahead if none is annotated."""
        given = self.clip.azimuth_deg or (0.0,)
        places = np.linspace(0.0, self.duration_s, max(len(given), 2))
        return np.interp(times_s, places, given if len(given) > 1 else given * 2)


def picture_of(folder: Path, name: str) -> Path | None:
    """A clip's film file."""
    paths = (folder / CLIPS / f"{name}{end}" for end in FILMS)
    return next((path for path in paths if path.is_file()), None)


def truth_of(folder: Path, annotations: Annotations, clip: ClipTruth) -> Truth | None:
    """All that is known of a clip; None if not even its length is."""
    picture = picture_of(folder, clip.name)
    faults = [] if picture else [f"{CLIPS}/ holds no picture"]
    path = find(folder / REFERENCE, clip.name)
    reference = None
    if path is not None or (annotations.reference_is_clip and picture is not None):
        given = read_sound(path) if path is not None else clip_sound(picture)  # type: ignore[arg-type]
        reference = given.samples
        faults += [f"{REFERENCE}: {fault}" for fault in given.faults]
    duration = clip.duration_s or _length(reference, picture)
    if duration is None:
        return None
    if reference is not None:
        count = round(duration * SAMPLE_RATE)
        missing = max(0, count - reference.shape[1])
        reference = np.pad(reference[:, :count], ((0, 0), (0, missing)))
    intervals = clip.intervals_s
    if intervals is None and reference is not None:
        intervals = segment(reference, SAMPLE_RATE).intervals_s
    return Truth(clip, picture, duration, reference, intervals, tuple(faults))


def _length(reference: Samples | None, picture: Path | None) -> float | None:
    from foley_designer.vision.video.decode import probe  # noqa: PLC0415

    if reference is not None:
        return float(reference.shape[1] / SAMPLE_RATE)
    if picture is None:
        return None
    try:
        seconds: float = probe(picture).duration_s
    except FoleyError:
        return None
    return seconds
