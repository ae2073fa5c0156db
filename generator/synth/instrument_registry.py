"""Which instruments play which subcategory."""

from typing import NamedTuple

import numpy as np

from foley_designer.core.category import Subcategory
from foley_designer.generator.synth.instruments.animals.animal import AnimalVoice
from foley_designer.generator.synth.instruments.animals.paws import AnimalSteps
from foley_designer.generator.synth.instruments.animals.wings import Wings
from foley_designer.generator.synth.instruments.arms.blast import Explosion
from foley_designer.generator.synth.instruments.arms.gun import Gunshot
from foley_designer.generator.synth.instruments.arms.weapons import Blade, Bow
from foley_designer.generator.synth.instruments.engines.alarms import Alarm, Siren
from foley_designer.generator.synth.instruments.engines.machines import Running
from foley_designer.generator.synth.instruments.engines.mechanism import Mechanism
from foley_designer.generator.synth.instruments.engines.vehicle import Vehicle
from foley_designer.generator.synth.instruments.instrument import Instrument
from foley_designer.generator.synth.instruments.music.bells import Bells
from foley_designer.generator.synth.instruments.music.percussion import Percussion
from foley_designer.generator.synth.instruments.nature.ambience import Ambience
from foley_designer.generator.synth.instruments.nature.fire import Fire
from foley_designer.generator.synth.instruments.nature.flow import Flow
from foley_designer.generator.synth.instruments.nature.rain import Rain
from foley_designer.generator.synth.instruments.nature.splash import Splash
from foley_designer.generator.synth.instruments.nature.swing import Swing
from foley_designer.generator.synth.instruments.nature.thunder import Thunder
from foley_designer.generator.synth.instruments.nature.wind import Wind
from foley_designer.generator.synth.instruments.people.audience import Audience
from foley_designer.generator.synth.instruments.people.body import BodyImpact
from foley_designer.generator.synth.instruments.people.cloth import Cloth
from foley_designer.generator.synth.instruments.people.cries import HumanVoice
from foley_designer.generator.synth.instruments.people.handling import Handling
from foley_designer.generator.synth.instruments.people.mouth import Mouth
from foley_designer.generator.synth.instruments.people.steps import HumanSteps
from foley_designer.generator.synth.instruments.things.bursts import Burst
from foley_designer.generator.synth.instruments.things.chop import Chop
from foley_designer.generator.synth.instruments.things.door import Door
from foley_designer.generator.synth.instruments.things.friction import Friction
from foley_designer.generator.synth.instruments.things.glass import Glass
from foley_designer.generator.synth.instruments.things.impact import ObjectImpact
from foley_designer.generator.synth.instruments.things.metal import MetalImpact
from foley_designer.generator.synth.instruments.things.rolling import Rolling
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
    Subcategory.WIND: _section(Wind, Swing),
    Subcategory.THUNDER: _section(Thunder),
    Subcategory.FIRE: _section(Fire),
    Subcategory.EXPLOSION: _section(Explosion),
    Subcategory.GUNSHOT: _section(Gunshot),
    Subcategory.ANIMAL_VOICE: _section(AnimalVoice, HumanVoice, Mouth, Wings),
    Subcategory.AMBIENCE: _section(Ambience, Audience),
}
