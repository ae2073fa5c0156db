"""Which instrument plays which subcategory."""

from foley_designer.core.category import Subcategory
from foley_designer.generator.synth.ambience import Ambience
from foley_designer.generator.synth.animal import AnimalVoice
from foley_designer.generator.synth.blast import Explosion
from foley_designer.generator.synth.body import BodyImpact
from foley_designer.generator.synth.chop import Chop
from foley_designer.generator.synth.cloth import Cloth
from foley_designer.generator.synth.door import Door
from foley_designer.generator.synth.fire import Fire
from foley_designer.generator.synth.flow import Flow
from foley_designer.generator.synth.friction import Friction
from foley_designer.generator.synth.glass import Glass
from foley_designer.generator.synth.gun import Gunshot
from foley_designer.generator.synth.handling import Handling
from foley_designer.generator.synth.impact import ObjectImpact
from foley_designer.generator.synth.instrument import Instrument
from foley_designer.generator.synth.mechanism import Mechanism
from foley_designer.generator.synth.metal import MetalImpact
from foley_designer.generator.synth.paws import AnimalSteps
from foley_designer.generator.synth.rain import Rain
from foley_designer.generator.synth.splash import Splash
from foley_designer.generator.synth.steps import HumanSteps
from foley_designer.generator.synth.thunder import Thunder
from foley_designer.generator.synth.vehicle import Vehicle
from foley_designer.generator.synth.wind import Wind

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
