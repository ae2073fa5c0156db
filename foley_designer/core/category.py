"""Eight Foley categories with 23 subcategories.

The paper (section 4) counts eight categories and 23 subcategories without naming them; these are
ours. What each sound of them is, its Universal Category System id among it, is a row of
``core/sounds``.
"""

from enum import StrEnum


class Category(StrEnum):
    """The eight categories."""

    FOOTSTEPS = "footsteps"
    MOVEMENT = "movement"
    IMPACTS = "impacts"
    MECHANISMS = "mechanisms"
    WATER = "water"
    WEATHER_AND_FIRE = "weather_and_fire"
    EXPLOSIONS = "explosions"
    LIFE_AND_PLACE = "life_and_place"


class Subcategory(StrEnum):
    """The 23 subcategories."""

    HUMAN_STEPS = "human_steps"
    ANIMAL_STEPS = "animal_steps"
    CLOTH = "cloth"
    HANDLING = "handling"
    OBJECT_IMPACT = "object_impact"
    METAL_IMPACT = "metal_impact"
    BODY_IMPACT = "body_impact"
    GLASS = "glass"
    CHOP = "chop"
    DOOR = "door"
    FRICTION = "friction"
    MECHANISM = "mechanism"
    VEHICLE = "vehicle"
    SPLASH = "splash"
    FLOW = "flow"
    RAIN = "rain"
    WIND = "wind"
    THUNDER = "thunder"
    FIRE = "fire"
    EXPLOSION = "explosion"
    GUNSHOT = "gunshot"
    ANIMAL_VOICE = "animal_voice"
    AMBIENCE = "ambience"
