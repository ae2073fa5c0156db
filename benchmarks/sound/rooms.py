"""Reverberation against truth: reflections against pyroomacoustics, decay against the space's card.

Usage: ``python -m benchmarks.sound.rooms`` with pyroomacoustics (PyPI, MIT) installed. For each
indoor space and both loudspeakers' sources, images of first order but the floor's: when they arrive
after the direct sound, and how loud each is against the loudest. The oracle's walls absorb what
Eyring's formula asks for the space's reverberation time. The response is taken without damping, so
that an image is one tap. The decay is Schroeder's, -5 to -25 dB, of the octave at 1 kHz.
"""

import numpy as np
import pyroomacoustics
from numpy.typing import NDArray
from scipy import signal

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.mix.processing import Reverb
from foley_designer.core.space import ACOUSTICS, Acoustics, Space
from foley_designer.dsp.effects.reverb import geometry, impulse_response

Array = NDArray[np.float64]


def oracle(acoustics: Acoustics, side: int) -> tuple[Array, Array]:
    """Delays after the direct sound in seconds and amplitudes of the first-order images."""
    size, listener, distance = geometry(acoustics)
    angle = np.radians(30.0 * side)
    source = listener + distance * np.array([np.cos(angle), np.sin(angle), 0.0])
    surface = 2.0 * (size[0] * size[1] + size[1] * size[2] + size[0] * size[2])
    absorbed = 1.0 - np.exp(-0.161 * size.prod() / (surface * acoustics.rt60_s))
    room = pyroomacoustics.ShoeBox(
        size, SAMPLE_RATE, materials=pyroomacoustics.Material(float(absorbed)), max_order=1
    )
    room.set_sound_speed(343.0)
    room.add_source(source)
    room.add_microphone(listener)
    room.image_source_model()
    images, damped = room.sources[0].images, room.sources[0].damping[0]
    lengths = np.linalg.norm(images - listener[:, None], axis=0)
    wanted = (lengths > distance + 1e-6) & (images[2] >= 0.0)
    return (lengths[wanted] - distance) / 343.0, damped[wanted] / lengths[wanted]


def measured(response: Array, delays: Array) -> tuple[Array, Array]:
    """Where the response peaks within 0.1 ms of each delay, seconds, and how high."""
    strength = np.sqrt(np.square(response).sum(axis=0))
    near = round(1e-4 * SAMPLE_RATE)
    places = np.round(delays * SAMPLE_RATE).astype(int)
    found = np.array([at - near + np.argmax(strength[at - near : at + near + 1]) for at in places])
    return found / SAMPLE_RATE, strength[found]


def decay_s(response: Array) -> float:
    """Reverberation time of the octave at 1 kHz."""
    octave = signal.butter(3, (707, 1414), "bandpass", fs=SAMPLE_RATE, output="sos")
    energy = np.square(signal.sosfilt(octave, response)).sum(axis=(0, 1))
    fall = 10.0 * np.log10(np.cumsum(energy[::-1])[::-1] / energy.sum() + 1e-30)
    fit = np.flatnonzero((fall < -5.0) & (fall > -25.0))
    return float(-60.0 / np.polyfit(fit / SAMPLE_RATE, fall[fit], 1)[0])


def main() -> None:
    """Print one row a space."""
    print("space            images  time µs  level dB (worst)   RT60 card  measured")
    for space in Space:
        acoustics = ACOUSTICS[space]
        if acoustics.outdoors:
            continue
        plan = Reverb(space=space, rt60_s=acoustics.rt60_s, wet_db=0.0, damping=0.0)
        response = np.asarray(impulse_response(plan), np.float64)
        late, loud = [], []
        for channel, side in enumerate((1, -1)):
            delays, amplitudes = oracle(acoustics, side)
            times, peaks = measured(response[:, channel], delays)
            late += list(1e6 * np.abs(times - delays))
            ratio = (peaks / peaks.max()) / (amplitudes / amplitudes.max())
            loud += list(np.abs(20.0 * np.log10(ratio)))
        real = plan.model_copy(update={"damping": acoustics.damping})
        rt60 = decay_s(np.asarray(impulse_response(real), np.float64))
        print(
            f"{space:16} {len(late):5} {np.max(late):8.1f} {np.median(loud):8.2f} "
            f"({np.max(loud):.2f}) {acoustics.rt60_s:12.2f} {rt60:9.2f}"
        )


if __name__ == "__main__":
    main()
