"""Which instruments play which subcategory."""

from typing import NamedTuple

import numpy as np

from foley_designer.core.category import Subcategory
from foley_designer.generator.synth.instruments.alarms import Alarm, Siren
from foley_designer.generator.synth.instruments.ambience import Ambience
from foley_designer.generator.synth.instruments.animal import AnimalVoice
from foley_designer.generator.synth.instruments.audience import Audience
from foley_designer.generator.synth.instruments.bells import Bells
from foley_designer.generator.synth.instruments.blast import Explosion
from foley_designer.generator.synth.instruments.body import BodyImpact
from foley_designer.generator.synth.instruments.bursts import Burst
from foley_designer.generator.synth.instruments.chop import Chop
from foley_designer.generator.synth.instruments.cloth import Cloth
from foley_designer.generator.synth.instruments.door import Door
from foley_designer.generator.synth.instruments.fire import Fire
from foley_designer.generator.synth.instruments.flow import Flow
from foley_designer.generator.synth.instruments.friction import Friction
from foley_designer.generator.synth.instruments.glass import Glass
from foley_designer.generator.synth.instruments.gun import Gunshot
from foley_designer.generator.synth.instruments.handling import Handling
from foley_designer.generator.synth.instruments.impact import ObjectImpact
from foley_designer.generator.synth.instruments.instrument import Instrument
from foley_designer.generator.synth.instruments.machines import Running
from foley_designer.generator.synth.instruments.mechanism import Mechanism
from foley_designer.generator.synth.instruments.metal import MetalImpact
from foley_designer.generator.synth.instruments.mouth import Mouth
from foley_designer.generator.synth.instruments.paws import AnimalSteps
from foley_designer.generator.synth.instruments.percussion import Percussion
from foley_designer.generator.synth.instruments.rain import Rain
from foley_designer.generator.synth.instruments.rolling import Rolling
from foley_designer.generator.synth.instruments.splash import Splash
from foley_designer.generator.synth.instruments.steps import HumanSteps
from foley_designer.generator.synth.instruments.thunder import Thunder
from foley_designer.generator.synth.instruments.vehicle import Vehicle
from foley_designer.generator.synth.instruments.weapons import Blade, Bow
from foley_designer.generator.synth.instruments.wind import Wind
from foley_designer.generator.synth.play import Play
from foley_designer.generator.synth.words import Words


class Section(NamedTuple):
    """The instruments of one subcategory; each plays its own variants, the first the usual one."""

    players: tuple[type[Instrument], ...]

    @property
    def words(self) -> Words:
        """All that they know together."""
        return Words(
            *(
                tuple(dict.fromkeys(word for one in self.players for word in one.words[field]))
                for field in range(len(Words._fields))
            )
        )

    def words_for(self, variant: str) -> Words:
        """What the player of a variant knows of surfaces and materials, with all variants."""
        return self.player(variant).words._replace(variants=self.words.variants)

    def player(self, variant: str) -> type[Instrument]:
        """Who plays a variant."""
        return next((one for one in self.players if variant in one.words.variants), self.players[0])

    def play(self, play: Play, rng: np.random.Generator) -> Instrument:
        """One particular source."""
        return self.player(play.variant)(play, rng)


def _section(*players: type[Instrument]) -> Section:
    return Section(players)


INSTRUMENTS: dict[Subcategory, Section] = {
    Subcategory.HUMAN_STEPS: _section(HumanSteps),
    Subcategory.ANIMAL_STEPS: _section(AnimalSteps),
    Subcategory.CLOTH: _section(Cloth),
    Subcategory.HANDLING: _section(Handling),
    Subcategory.OBJECT_IMPACT: _section(ObjectImpact, Percussion, Burst),
    Subcategory.METAL_IMPACT: _section(MetalImpact, Bells, Blade),
    Subcategory.BODY_IMPACT: _section(BodyImpact),
    Subcategory.GLASS: _section(Glass),
    Subcategory.CHOP: _section(Chop),
    Subcategory.DOOR: _section(Door),
    Subcategory.FRICTION: _section(Friction, Rolling),
    Subcategory.MECHANISM: _section(Mechanism, Running, Alarm, Bow),
    Subcategory.VEHICLE: _section(Vehicle, Siren),
    Subcategory.SPLASH: _section(Splash),
    Subcategory.FLOW: _section(Flow),
    Subcategory.RAIN: _section(Rain),
    Subcategory.WIND: _section(Wind),
    Subcategory.THUNDER: _section(Thunder),
    Subcategory.FIRE: _section(Fire),
    Subcategory.EXPLOSION: _section(Explosion),
    Subcategory.GUNSHOT: _section(Gunshot),
    Subcategory.ANIMAL_VOICE: _section(AnimalVoice, Mouth),
    Subcategory.AMBIENCE: _section(Ambience, Audience),
}
