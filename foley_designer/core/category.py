"""Eight Foley categories with 23 subcategories, each mapped to Universal Category System ids.

The paper (section 4) counts eight categories and 23 subcategories without naming them; this table
is ours. UCS 8.2.1 CatIDs name the stems; a material or surface may choose a finer CatID.
"""

from enum import StrEnum
from typing import NamedTuple


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


class Row(NamedTuple):
    """One subcategory: where it belongs, how it is timed, its UCS id and finer UCS ids by word."""

    category: Category
    impulsive: bool
    ucs_id: str
    finer: dict[str, str]


TABLE: dict[Subcategory, Row] = {
    Subcategory.HUMAN_STEPS: Row(Category.FOOTSTEPS, True, "FEETHmn", {}),
    Subcategory.ANIMAL_STEPS: Row(Category.FOOTSTEPS, True, "FEETAnml", {"horse": "FEETHors"}),
    Subcategory.CLOTH: Row(
        Category.MOVEMENT, False, "CLOTHMvmt", {"leather": "LETHRMvmt", "rip": "CLOTHRip"}
    ),
    Subcategory.HANDLING: Row(
        Category.MOVEMENT,
        False,
        "FOLYProp",
        {"paper": "PAPRHndl", "keys": "OBJKey", "coins": "OBJCoin", "bag": "OBJBag"},
    ),
    Subcategory.OBJECT_IMPACT: Row(
        Category.IMPACTS,
        True,
        "WOODImpt",
        {
            "rubber": "RUBRImpt",
            "plastic": "PLASImpt",
            "stone": "ROCKImpt",
            "ceramic": "CERMImpt",
            "leather": "LETHRImpt",
            "dirt": "DIRTImpt",
            "snow": "SNOWImpt",
            "ball": "SPRTMisc",
        },
    ),
    Subcategory.METAL_IMPACT: Row(Category.IMPACTS, True, "METLImpt", {"chain": "CHAINImpt"}),
    Subcategory.BODY_IMPACT: Row(Category.IMPACTS, True, "FGHTImpt", {"fall": "FGHTBf"}),
    Subcategory.GLASS: Row(Category.IMPACTS, True, "GLASBrk", {"clink": "GLASImpt"}),
    Subcategory.CHOP: Row(Category.IMPACTS, True, "FOODKware", {"axe": "TOOLHand"}),
    Subcategory.DOOR: Row(
        Category.MECHANISMS,
        True,
        "DOORWood",
        {"metal": "DOORMetl", "glass": "DOORGlas", "car": "VEHDoor", "knock": "DOORKnck"},
    ),
    Subcategory.FRICTION: Row(
        Category.MECHANISMS,
        False,
        "WOODFric",
        {
            "metal": "METLFric",
            "glass": "GLASFric",
            "rubber": "RUBRFric",
            "stone": "ROCKFric",
            "leather": "LETHRCreak",
            "rope": "ROPECreak",
        },
    ),
    Subcategory.MECHANISM: Row(
        Category.MECHANISMS,
        True,
        "MECHMisc",
        {"lock": "MECHLock", "switch": "MECHSwtch", "gears": "MECHGear", "keyboard": "CMPTKey"},
    ),
    Subcategory.VEHICLE: Row(
        Category.MECHANISMS,
        False,
        "VEHCar",
        {
            "train": "TRNMisc",
            "motorcycle": "VEHMoto",
            "truck": "VEHTruck",
            "bicycle": "VEHBike",
            "race": "VEHRace",
            "boat": "BOATMotr",
            "aircraft": "AEROMisc",
        },
    ),
    Subcategory.SPLASH: Row(Category.WATER, True, "WATRSplsh", {"drip": "WATRDrip"}),
    Subcategory.FLOW: Row(
        Category.WATER, False, "WATRFlow", {"pour": "WATRPour", "sea": "WATRSurf"}
    ),
    Subcategory.RAIN: Row(
        Category.WEATHER_AND_FIRE,
        False,
        "RAIN",
        {
            "concrete": "RAINConc",
            "glass": "RAINGlas",
            "metal": "RAINMetl",
            "leaves": "RAINVege",
            "wood": "RAINWood",
            "water": "RAINWatr",
        },
    ),
    Subcategory.WIND: Row(
        Category.WEATHER_AND_FIRE, False, "WIND", {"leaves": "WINDVege", "gust": "WINDGust"}
    ),
    Subcategory.THUNDER: Row(Category.WEATHER_AND_FIRE, True, "THUN", {}),
    Subcategory.FIRE: Row(Category.WEATHER_AND_FIRE, False, "FIREBurn", {"torch": "FIRETrch"}),
    Subcategory.EXPLOSION: Row(Category.EXPLOSIONS, True, "EXPLReal", {"fireworks": "FRWKComr"}),
    Subcategory.GUNSHOT: Row(
        Category.EXPLOSIONS, True, "GUNPis", {"rifle": "GUNRif", "shotgun": "GUNShotg"}
    ),
    Subcategory.ANIMAL_VOICE: Row(
        Category.LIFE_AND_PLACE,
        True,
        "ANMLMisc",
        {
            "baby": "VOXBaby",
            "sneeze": "HMNSneez",
            "cough": "HMNCough",
            "dog": "ANMLDog",
            "cat": "ANMLCat",
            "bird": "BIRDSong",
            "rooster": "BIRDFowl",
            "crow": "BIRDCrow",
            "horse": "ANMLHors",
            "insect": "ANMLInsc",
            "sheep": "ANMLFarm",
            "cow": "ANMLFarm",
        },
    ),
    Subcategory.AMBIENCE: Row(
        Category.LIFE_AND_PLACE,
        False,
        "AMBMisc",
        {
            "room": "AMBRoom",
            "forest": "AMBForst",
            "city": "AMBUrbn",
            "sea": "AMBSea",
            "traffic": "AMBTraf",
            "birds": "AMBBird",
            "field": "AMBRurl",
        },
    ),
}


def category_of(subcategory: Subcategory) -> Category:
    """The category that a subcategory belongs to."""
    return TABLE[subcategory].category


def is_impulsive(subcategory: Subcategory) -> bool:
    """Whether the subcategory is timed by hits (True) or by spans (False)."""
    return TABLE[subcategory].impulsive


def ucs_id(subcategory: Subcategory, *words: str | None) -> str:
    """UCS CatID; the first of ``words`` (variant, material, surface) with a finer id wins."""
    row = TABLE[subcategory]
    return next((row.finer[word] for word in words if word in row.finer), row.ucs_id)
