"""Sound files as the library needs them: any rate, any channel count, named where unreadable."""

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.generator.engine import Samples
from foley_designer.generator.library import decoding

SUFFIXES = decoding.SUFFIXES | frozenset(
    {".wav", ".wave", ".bwf", ".w64", ".rf64", ".flac", ".ogg", ".oga", ".opus", ".mp3"}
    | {".aif", ".aiff", ".aifc", ".caf", ".au", ".snd", ".voc"}
)
"""Names that are taken for sound files."""
_FAMILIES = {
    "WAV": "WAV",
    "WAVEX": "WAV",
    "RF64": "WAV",
    "W64": "WAV",
    "FLAC": "FLAC",
    "OGG": "OGG",
    "AIFF": "AIFF",
}
_FAMILY_OF_SUFFIX = {
    **dict.fromkeys((".wav", ".wave", ".bwf", ".w64", ".rf64"), "WAV"),
    ".flac": "FLAC",
    ".ogg": "OGG",
    ".oga": "OGG",
    ".opus": "OGG",
    ".aif": "AIFF",
    ".aiff": "AIFF",
    ".aifc": "AIFF",
    ".mp3": "MP3",
}
_BLOCK = 1 << 18
_LEAST_FRACTION = 400
"""Largest denominator of a resampling ratio: its error stays under 2 cents."""


class Heading(NamedTuple):
    """What a sound file's header says."""

    channels: int
    sample_rate: int
    frames: int
    format: str
    """As libsndfile names the container, by content and not by name."""
    tags: dict[str, str]
    """Title, artist, comment, licence and the like, where the container carries them."""

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.frames / self.sample_rate


def read_heading(path: Path) -> Heading:
    """The header alone.

    Raises:
        FoleyError: ``sound_unreadable``.
    """
    if path.suffix.lower() in decoding.SUFFIXES:
        return Heading(*decoding.read_stream(path))
    with _opened(path) as file:
        tags = {name: value.strip() for name, value in file.copy_metadata().items()}
        return Heading(file.channels, file.samplerate, file.frames, file.format, tags)


def read_stretch(path: Path, start_s: float, end_s: float) -> tuple[Samples, int]:
    """A stretch of a file and its sample rate, folded to mono or stereo, finite.

    Args:
        path: the file.
        start_s: where to begin, held within the file.
        end_s: where to end.

    Raises:
        FoleyError: ``sound_unreadable``.
    """
    if path.suffix.lower() in decoding.SUFFIXES:
        samples, sample_rate = decoding.decode(path, start_s, end_s)
        return fold(samples), sample_rate
    with _opened(path) as file:
        start = min(max(0, round(start_s * file.samplerate)), file.frames)
        file.seek(start)
        left = max(0, round(end_s * file.samplerate) - start)
        blocks = [np.zeros((min(file.channels, 2), 0), np.float32)]
        while left and len(block := file.read(min(left, _BLOCK), "float32", always_2d=True)):
            blocks.append(fold(block.T))
            left -= len(block)
        return np.concatenate(blocks, axis=1), file.samplerate


def restored(samples: Samples) -> Samples:
    """The samples with flat tops at full scale restored; what rises above 1 is meant to.

    A recording is placed and levelled before anyone measures it as a take, and by then nothing
    shows where it was cut.
    """
    from foley_designer.core.mix.processing import Declip  # noqa: PLC0415
    from foley_designer.dsp.repair.declip import clipped, declip  # noqa: PLC0415 - loads SciPy

    plan = Declip()
    if not clipped(samples, plan.level).any():
        return samples
    whole: Samples = declip(samples, plan) * np.float32(10.0 ** (plan.headroom_db / 20.0))
    return whole


def fold(samples: Samples) -> Samples:
    """At most two channels: of L R C LFE Ls Rs the front pair with the centre 3 dB down.

    Other layouts give their first two channels. Values that are not finite become 0.
    """
    whole = np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0)
    if whole.shape[0] in (5, 6):
        whole = whole[:2] + np.float32(np.sqrt(0.5)) * whole[2]
    front: Samples = whole[:2]
    return front


def resampled(samples: Samples, sample_rate: int, speed: float = 1.0) -> Samples:
    """``[channels, n]`` at 48 kHz, played ``speed`` times as fast (and as high)."""
    from scipy.signal import resample_poly  # noqa: PLC0415 - 0.3 s

    ratio = Fraction(SAMPLE_RATE / (sample_rate * speed)).limit_denominator(_LEAST_FRACTION)
    if ratio == 1 or not samples.shape[1]:
        return samples
    result: Samples = resample_poly(samples, ratio.numerator, ratio.denominator, axis=1)
    return result.astype(np.float32, copy=False)


def oddities(path: Path, heading: Heading) -> tuple[str, ...]:
    """What an editor should know of a file that can be used all the same."""
    found = []
    family = _FAMILIES.get(heading.format, heading.format)
    named = _FAMILY_OF_SUFFIX.get(path.suffix.lower(), family)
    if family != named:
        found.append(f"named {path.suffix}, but holds {heading.format}")
    if heading.sample_rate < 32_000:
        found.append(f"{heading.sample_rate} Hz: nothing above {heading.sample_rate // 2} Hz")
    if heading.channels > 2:
        found.append(f"{heading.channels} channels: performed from a stereo fold")
    return tuple(found)


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    import soundfile  # noqa: PLC0415

    try:
        with soundfile.SoundFile(str(path)) as file:
            yield file
    except (soundfile.LibsndfileError, OSError) as error:
        reason = getattr(error, "error_string", None) or str(error)
        raise FoleyError(
            ErrorCode.SOUND_UNREADABLE, f"Can't read the sound {path.name}: {reason}"
        ) from error
