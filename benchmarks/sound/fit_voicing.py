"""Fit the voicing of hits: what recordings of a sound have in each octave, less its synthesis.

usage: FOLEY_DATA_DIR=… python -m benchmarks.sound.fit_voicing [--write]

Recordings are the starter's (`foley-designer library starter --share-alike`), each under the row of
its table; steps are fitted by their ground. Of a recording the five loudest onsets count, each by
its first 100 ms. Levels are compared about their mean from 250 Hz to 2 kHz. With n recordings a row
gets n / (n + 2) of the difference, with fewer than three none.
"""

import argparse
from collections import defaultdict
from collections.abc import Iterator
from zlib import crc32

import numpy as np
import scipy
from numpy.typing import NDArray

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.files import write_text
from foley_designer.core.settings import Settings
from foley_designer.core.sounds.model import Happens
from foley_designer.core.sounds.table import named
from foley_designer.generator import heard
from foley_designer.generator.library.reader import read_stretch
from foley_designer.generator.library.starter.install import FOLDER_NAME, allowed
from foley_designer.generator.synth import voicing
from foley_designer.generator.synth.physics.engine import SynthEngine

Array = NDArray[np.float64]

LEAST = 3
"""Recordings from which a row is voiced: fewer may be of one source."""
SHRINK = 2.0
"""Recordings that weigh as much as leaving it as it is."""
CUT_DB, BOOST_DB = 8.0, 4.0
"""Most that is taken and added: what a microphone's own noise adds is not the sound's."""
FLOOR_DB = 30.0
"""Octaves this far under the loudest count as this far under it."""
ONSETS, WINDOW_S, APART_S = 5, 0.1, 0.3
TUNED = frozenset({"drum-kit", "hand-drum", "plucked-strings", "laughter"})
"""Rows whose octaves are the tuning of the one instrument, or the throats of the few people, that
were recorded."""
GROUNDS = {
    "footsteps in a puddle": "water",
    "footsteps in snow": "snow",
    "footsteps on a metal grating": "metal",
    "footsteps on a wooden floor": "wood",
}


def octaves(wave: Array) -> Array | None:
    """Median level of each octave at a sound's loudest onsets, dB about its middle; ``[8]``."""
    wave = wave - wave.mean()
    power = np.convolve(wave**2, np.ones(240) / 240, "same")
    loudest, found = float(power.max()), []
    size = round(WINDOW_S * SAMPLE_RATE)
    while len(found) < ONSETS and power.max() > 0.05 * loudest > 0:
        at = int(power.argmax())
        part = wave[max(0, at - 480) : max(0, at - 480) + size]
        power[max(0, at - round(APART_S * SAMPLE_RATE)) : at + round(APART_S * SAMPLE_RATE)] = 0.0
        spectrum = np.abs(np.fft.rfft(part * scipy.signal.windows.tukey(part.size, 0.1), size)) ** 2
        hz = np.fft.rfftfreq(size, 1.0 / SAMPLE_RATE)
        edges = [(hz >= o / 2**0.5) & (hz < o * 2**0.5) for o in octaves.OCTAVES_HZ]
        levels = np.array([10 * np.log10(spectrum[inside].sum() + 1e-15) for inside in edges])
        levels = np.maximum(levels, levels.max() - FLOOR_DB)
        found.append(levels - levels[1:5].mean())
    return np.median(found, axis=0) if found else None


def recordings() -> Iterator[tuple[str, str | None, Array]]:
    """Row, ground and octaves of each of the starter's recordings of hits."""
    for item in allowed(share_alike=True):
        path = Settings().data_dir / FOLDER_NAME / item.words / item.file_name
        row = named(item.sound)
        if row.happens is Happens.SPANS or row.name in TUNED or not path.is_file():
            continue
        samples, rate = read_stretch(path, 0.0, 6.0)
        wave = samples.mean(axis=0).astype(np.float64)
        if rate != SAMPLE_RATE:
            wave = scipy.signal.resample_poly(wave, SAMPLE_RATE, rate)
        levels = octaves(wave)
        ground = GROUNDS.get(item.words, item.words.rsplit(" ", 1)[-1])
        if levels is not None:
            yield row.name, ground if row.name == "footsteps" else None, levels


def synthesis(name: str, ground: str | None) -> Array:
    """Octaves of a row as it is played now."""
    row = named(name)
    case = heard.Case(name, row, ground or row.surface)
    found = []
    for take in range(heard.TAKES):
        rng = np.random.default_rng(1000 * take + crc32(name.encode()))
        levels = octaves(heard.perform(case, SynthEngine(), rng)[0].astype(np.float64))
        assert levels is not None
        found.append(levels)
    return np.asarray(np.median(found, axis=0))


def main() -> None:
    """Print, or keep, what each row is to be voiced by, on top of its voicing now."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help="keep it in voicing.yaml")
    write = parser.parse_args().write
    heard_levels: dict[tuple[str, str | None], list[Array]] = defaultdict(list)
    for name, ground, levels in recordings():
        heard_levels[name, ground].append(levels)
    lines = []
    for (name, ground), found in sorted(heard_levels.items(), key=lambda one: str(one[0])):
        if len(found) < LEAST:
            continue
        row = named(name)
        now = voicing.voicing(row.subcategory, row.variant, ground or "") or np.zeros(8)
        apart = np.median(found, axis=0) - synthesis(name, ground) + np.array(now)
        gains = np.clip(len(found) / (len(found) + SHRINK) * apart, -CUT_DB, BOOST_DB)
        told = ", ".join(f"{gain + 0.0:.0f}" for gain in np.round(gains) + 0.0)
        lines.append(f"{voicing.case_name(name, ground)}: [{told}]")
        print(lines[-1], f"# {len(found)} recordings")
    if write:
        write_text(voicing.FITTED, "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
