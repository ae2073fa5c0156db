"""Sounds as systems give them: read, brought to one form, and every departure named."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.dsp.spatial.upmix import downmix

Samples = NDArray[np.float32]

ENDINGS = (".wav", ".flac", ".ogg", ".aiff", ".aif", ".mp3")
SLACK_S = 0.1
"""A length that differs by less is not worth a remark: encoders pad by tens of milliseconds."""
SIDE_DB = -30.0
"""Side under mid from which a recording counts as mono: dither and codecs leave less."""
_LONGEST_S = 3600.0
_SURROUND = 6


class Given(NamedTuple):
    """One sound of a system."""

    samples: Samples | None
    """``[2, n]`` at 48 kHz, as long as its clip; None if nothing could be read."""
    faults: tuple[str, ...] = ()
    """What was not as it should be, in words."""


def find(folder: Path, name: str) -> Path | None:
    """A clip's sound in a folder."""
    return next((path for end in ENDINGS if (path := folder / f"{name}{end}").is_file()), None)


def read_sound(path: Path, duration_s: float | None = None) -> Given:
    """A sound file as stereo of 48 kHz, cut or padded with silence to a length.

    Args:
        path: the file.
        duration_s: of its clip; None leaves its length.
    """
    import soundfile  # noqa: PLC0415

    try:
        with soundfile.SoundFile(str(path)) as file:
            if file.frames > _LONGEST_S * file.samplerate:
                return Given(None, ("longer than an hour",))
            samples = np.asarray(file.read(dtype="float32", always_2d=True), np.float32).T
            rate = file.samplerate
    except (soundfile.LibsndfileError, OSError, MemoryError) as error:
        return Given(None, (f"can't be read: {' '.join(str(error).split())}",))
    return shaped(samples, rate, duration_s)


def shaped(samples: NDArray[np.float32], rate: int, duration_s: float | None) -> Given:
    """Samples ``[channels, n]`` in the form that is scored, and what had to be done for it."""
    if not samples.size:
        return Given(None, ("holds no samples",))
    faults = []
    if not np.isfinite(samples).all():
        samples = np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0)
        faults.append("holds values that are no numbers; scored as zeros")
    if rate != SAMPLE_RATE:
        ratio = Fraction(SAMPLE_RATE, rate).limit_denominator(1000)
        samples = resample_poly(samples, ratio.numerator, ratio.denominator, axis=1)
        faults.append(f"{rate} Hz, resampled to {SAMPLE_RATE}")
    samples, fault = _as_stereo(samples.astype(np.float32, copy=False))
    faults += [fault] if fault else []
    if duration_s is not None:
        wanted = round(duration_s * SAMPLE_RATE)
        off_s = samples.shape[1] / SAMPLE_RATE - duration_s
        if abs(off_s) > SLACK_S:
            done = "cut" if off_s > 0 else "padded with silence"
            length = "longer" if off_s > 0 else "shorter"
            faults.append(f"{abs(off_s):.2f} s {length} than its clip; {done}")
        samples = np.pad(samples[:, :wanted], ((0, 0), (0, max(0, wanted - samples.shape[1]))))
    return Given(np.ascontiguousarray(samples), tuple(faults))


def _as_stereo(samples: Samples) -> tuple[Samples, str]:
    count = len(samples)
    if count == 2:
        return samples, ""
    if count == 1:
        return np.repeat(samples, 2, axis=0), "mono; scored as centred"
    if count == _SURROUND:
        return downmix(samples), "5.1; mixed down"
    mean = samples.mean(axis=0, dtype=np.float32)
    return np.repeat(mean[None], 2, axis=0), f"{count} channels; scored as their mean"


def clip_sound(path: Path) -> Given:
    """The sound of a film file, from its picture's first instant; nothing if it has none."""
    import av  # noqa: PLC0415

    try:
        with av.open(str(path)) as container:
            if not container.streams.audio:
                return Given(None, ("the clip has no sound",))
            stream = container.streams.audio[0]
            layout = "mono" if stream.channels == 1 else "stereo"
            to = av.AudioResampler(format="fltp", layout=layout, rate=SAMPLE_RATE)
            blocks, first_s = [], None
            for frame in container.decode(stream):
                first_s = frame.time if first_s is None else first_s
                blocks += [block.to_ndarray() for block in to.resample(frame)]
            blocks += [block.to_ndarray() for block in to.resample(None)]
    except (av.FFmpegError, OSError) as error:
        return Given(None, (f"can't be read: {' '.join(str(error).split())}",))
    if not blocks:
        return Given(None, ("the clip's sound is empty",))
    samples = np.concatenate(blocks, axis=1).astype(np.float32)
    lead = round((first_s or 0.0) * SAMPLE_RATE)
    samples = np.pad(samples, ((0, 0), (lead, 0))) if lead > 0 else samples[:, -lead:]
    return Given(np.repeat(samples, 2, axis=0) if len(samples) == 1 else samples)


def is_true_stereo(samples: Samples) -> bool:
    """Whether the channels differ: the side lies less than 30 dB under the mid."""
    mid, side = (float(np.mean(np.square(x, dtype=np.float64))) for x in _mid_side(samples))
    return side > 1e-14 and side > mid * 10.0 ** (SIDE_DB / 10.0)


def _mid_side(samples: Samples) -> Iterator[Samples]:
    yield samples[0] + samples[1]
    yield samples[0] - samples[1]
