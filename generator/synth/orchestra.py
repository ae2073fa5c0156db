"""Which instrument plays which subcategory."""

from foley_designer.core.category import Subcategory
from foley_designer.generator.synth.instruments.ambience import Ambience
from foley_designer.generator.synth.instruments.animal import AnimalVoice
from foley_designer.generator.synth.instruments.blast import Explosion
from foley_designer.generator.synth.instruments.body import BodyImpact
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
from foley_designer.generator.synth.instruments.mechanism import Mechanism
from foley_designer.generator.synth.instruments.metal import MetalImpact
from foley_designer.generator.synth.instruments.paws import AnimalSteps
from foley_designer.generator.synth.instruments.rain import Rain
from foley_designer.generator.synth.instruments.splash import Splash
from foley_designer.generator.synth.instruments.steps import HumanSteps
from foley_designer.generator.synth.instruments.thunder import Thunder
from foley_designer.generator.synth.instruments.vehicle import Vehicle
from foley_designer.generator.synth.instruments.wind import Wind

INSTRUMENTS: dict[Subcategory, type[Instrument]] = {
    Subcategory.HUMAN_STEPS: HumanSteps,
    Subcategory.ANIMAL_STEPS: AnimalSteps,
    Subcategory.CLOTH: Cloth,
    Subcategory.HANDLING: Handling,
    Subcategory.OBJECT_IMPACT: ObjectImpact,
    Subcategory.METAL_IMPACT: MetalImpact,
    Subcategory.BODY_IMPACT: BodyImpact,
    Subcategory.GLASS: Glass,
    Subcategory.CHOP: Chop,
    Subcategory.DOOR: Door,
    Subcategory.FRICTION: Friction,
    Subcategory.MECHANISM: Mechanism,
    Subcategory.VEHICLE: Vehicle,
    Subcategory.SPLASH: Splash,
    Subcategory.FLOW: Flow,
    Subcategory.RAIN: Rain,
    Subcategory.WIND: Wind,
    Subcategory.THUNDER: Thunder,
    Subcategory.FIRE: Fire,
    Subcategory.EXPLOSION: Explosion,
    Subcategory.GUNSHOT: Gunshot,
    Subcategory.ANIMAL_VOICE: AnimalVoice,
    Subcategory.AMBIENCE: Ambience,
}
