"""Things that scrape along or roll: two rough faces meet at many points, faster with speed.

Rolling is a train of small impacts whose rate follows speed over the distance of asperities, and
whose size follows load (K. van den Doel, P. G. Kry, D. K. Pai, *FoleyAutomatic*, SIGGRAPH 2001;
M. Rath, *An Expressive Real-time Sound Model of Rolling*, DAFx 2003).
"""

from typing import ClassVar, NamedTuple

import numpy as np
import scipy

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.generator.synth.instruments.instrument import Stretch, Stroke, Sustained
from foley_designer.generator.synth.instruments.things.friction import resonance
from foley_designer.generator.synth.physics.bands import Bands, dense
from foley_designer.generator.synth.physics.modal import MATERIALS, build
from foley_designer.generator.synth.physics.signals import (
    Wave,
    arch,
    attack,
    count_of,
    decay,
    drift,
    lowpass,
    noise,
    unit_rms,
)
from foley_designer.generator.synth.words import Words


class _Rolling(NamedTuple):
    """What rolls or scrapes."""

    bands: Bands
    bumps_hz: float
    """Large impacts a second at full speed: seams, stones."""
    bumps: float
    rough: float
    """How uneven the noise between them is."""
    turn_hz: float = 0.0
    """Turns a second, once round which the sound waxes and wanes."""
    squeal: float = 0.0
    grain_hz: float = 150.0
    """How finely the noise between bumps is grained."""
    clack: Bands | None = None
    """What a large bump shakes, where that is not what rolls."""
    joint_s: float = 0.0
    """From one seam of the ground to the next at full speed, seconds; 0 where there are none."""
    axle_s: float = 0.0
    """How much later the rear wheels meet it."""


_RATTLE = Bands(
    (-10, -6, -2, 0, -3, -5, -10, -13, -22),
    (0.12, 0.10, 0.09, 0.08, 0.07, 0.06, 0.05, 0.05, 0.04),
)
"""A frame and its axles: from a recording of a cart, most of which lies below 1 kHz."""
_DECK = Bands(
    (-14, -6, 0, -1, -3, -6, -9, -14, -22),
    (0.12, 0.10, 0.10, 0.08, 0.06, 0.05, 0.05, 0.04, 0.03),
)
"""A board of seven plies on two trucks."""

_KINDS: dict[str, _Rolling] = {
    "scrape": _Rolling(
        Bands((-40, -28, -17, -9, -4, -1, 0, -3, -9), (0.05,) * 9),
        15, 0.5, 1.5, squeal=0.25, grain_hz=500.0,  # millimetres of stone at half a metre a second
    ),
    "wheels": _Rolling(
        Bands(
            (0, -1, -4, -9, -14, -18, -22, -28, -36),
            (0.14, 0.12, 0.10, 0.08, 0.06, 0.05, 0.04, 0.04, 0.04),
        ),
        6, 0.7, 1.6, turn_hz=2.4, squeal=0.04, grain_hz=60.0, clack=_RATTLE, joint_s=0.42,
        axle_s=0.15,
    ),
    "skateboard": _Rolling(
        Bands(
            (-14, -7, -2, 0, -1, -4, -8, -14, -24),
            (0.10, 0.08, 0.07, 0.06, 0.05, 0.04, 0.04, 0.03, 0.03),
        ),
        1, 2.2, 2.2, turn_hz=14.0, grain_hz=70.0, clack=_DECK, joint_s=0.45, axle_s=0.09,
    ),
}  # fmt: skip


class Rolling(Sustained):
    """One of them, along one ground."""

    words: ClassVar[Words] = Words(
        variants=tuple(_KINDS),
        surfaces=("concrete", "wood", "tile", "metal", "gravel", "dirt"),
        materials=("steel", "plastic", "stone", "wood", "rubber"),
    )

    def prepare(self, rng: np.random.Generator) -> None:
        """Ground and load colour it."""
        self.kind = _KINDS[self.play.variant]
        soft = {"wood": -0.8, "dirt": -1.6, "gravel": -0.4, "metal": 0.5}
        tilt = soft.get(self.play.surface, 0.0) + (0.8 if self.play.material == "steel" else 0.0)
        self.bands = self.kind.bands.tilted(tilt + rng.normal(0, 0.2))
        sings = self.play.variant == "scrape" and self.play.material == "steel"
        self.plate = build(MATERIALS["steel"], 0.6, rng, modes=60, damping=30.0) if sings else None
        self.squeal_hz = rng.uniform(1700, 3600)

    def hit(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """One short push."""
        count = count_of(0.7)
        motion = decay(count, 1.0) * (0.5 + 0.5 * stroke.strength)
        return self._moved(rng, motion) * attack(count, 0.004)

    def span(self, stretch: Stretch, rng: np.random.Generator) -> Wave:
        """It is moved along, unevenly, as hands or a road move it."""
        count = stretch.count
        pace = np.clip(0.75 + 0.2 * drift(rng, count, 0.8), 0.2, 1.2)
        if self.play.variant == "scrape":
            pace = np.clip(0.5 + 0.5 * drift(rng, count, 1.3), 0.04, 1.2)
            if count < 3 * SAMPLE_RATE:
                pace = pace * arch(count, 0.4, 0.4)
        return np.stack([self._moved(rng, pace) for _ in range(stretch.channels)])

    def _joints(self, rng: np.random.Generator, fast: Wave) -> Wave:
        """Blows at the seams of a paved ground: the front wheels', then the rear ones'."""
        phase = np.cumsum(fast) / (self.kind.joint_s * SAMPLE_RATE)
        energy = np.zeros(fast.size)
        for lag, share in ((0.0, 1.0), (self.kind.axle_s / self.kind.joint_s, 0.8)):
            at = np.flatnonzero(np.diff(np.floor(phase - lag)) > 0)
            energy[at] += 3.0 * share * np.exp(rng.normal(0, 0.35, at.size))
        return energy

    def _moved(self, rng: np.random.Generator, pace: Wave) -> Wave:
        kind, count = self.kind, pace.size
        fast = pace * (0.4 + 0.9 * self.play.speed)
        grit = lowpass(np.square(noise(rng, count)), kind.grain_hz, 1) ** kind.rough
        if kind.turn_hz > 0:
            phase = np.cumsum(kind.turn_hz * fast) / SAMPLE_RATE
            grit = grit * (1.0 + 0.4 * np.sin(2 * np.pi * phase))
        wash = dense(rng, np.maximum(grit, 0.0) * fast**2 / SAMPLE_RATE, self.bands)
        energy = np.zeros(count)
        chance = kind.bumps_hz * fast / SAMPLE_RATE
        hit = rng.uniform(size=count) < chance
        energy[hit] = np.exp(rng.normal(0, 0.5, int(hit.sum())))
        if kind.joint_s > 0:
            energy += self._joints(rng, fast)
        shaken = self.bands.lasting(2.0).tilted(-1.0) if kind.clack is None else kind.clack
        bumps = dense(rng, energy, shaken)
        out = unit_rms(wash) + kind.bumps * unit_rms(bumps)
        if self.plate is not None:  # what is scraped sings with it
            sung = scipy.signal.fftconvolve(wash, resonance(self.plate, 0.3, 0.0001, 0.25))[:count]
            out = 0.7 * unit_rms(out) + unit_rms(sung)
        if kind.squeal > 0:
            hz = self.squeal_hz * (
                1 + 0.06 * drift(rng, count, 3.0) + 0.02 * drift(rng, count, 30.0)
            )
            level = np.clip(drift(rng, count, 2.0), 0.0, None) ** 1.5 * fast
            out += kind.squeal * level * np.sin(2 * np.pi * np.cumsum(hz) / SAMPLE_RATE)
        return out
