"""What words of a script mean for sound: small tables, read by the rules reasoners.

Single words are lower-case stems or forms; phrases are matched as they stand. Which *sound* a word
calls for is not here: that is what knowledge cards are for.
"""

import re
from collections.abc import Container, Mapping
from typing import NamedTuple, TypeVar

from foley_designer.core.space import Space

_Value = TypeVar("_Value")


class Feeling(NamedTuple):
    """What one tone word adds to the tone."""

    valence: float
    arousal: float


def _table(rows: Mapping[str, _Value]) -> dict[str, _Value]:
    """``{"a b": x}`` as ``{"a": x, "b": x}``; an underscore stands for a space in a phrase."""
    return {
        word.replace("_", " "): value for words, value in rows.items() for word in words.split()
    }


def _set(words: str) -> frozenset[str]:
    return frozenset(word.replace("_", " ") for word in words.split())


SPACES: dict[str, Space] = _table(
    {
        "bathroom shower toilet washroom": Space.BATHROOM,
        "kitchen cook cooking chef stove": Space.KITCHEN,
        "workshop smithy forge forges anvil garage blacksmith foundry factory shed": Space.WORKSHOP,
        "corridor hallway passage tunnel": Space.CORRIDOR,
        "stairwell staircase stairs": Space.STAIRWELL,
        "hall gym gymnasium arena warehouse hangar theatre theater station indoor_hall": Space.HALL,
        "church cathedral chapel temple crypt": Space.CHURCH,
        "cave cavern grotto mine": Space.CAVE,
        "underwater": Space.UNDERWATER,
        "in_the_car inside_the_car in_a_car inside_a_car dashboard cockpit": Space.CAR,
        "living_room lounge parlour parlor apartment flat house": Space.LIVING_ROOM,
        "room office bedroom cell cabin study cellar desk": Space.SMALL_ROOM,
        "alley alleyway backstreet courtyard": Space.ALLEY,
        "street road city town square pavement sidewalk highway motorway crossing traffic "
        "railway platform": Space.STREET,
        "forest woods woodland jungle grove trees": Space.FOREST,
        "field meadow park path trail beach desert mountain mountains hill valley lake sea shore "
        "garden sky snow outdoors outside strip track gravel_road dirt_road": Space.OPEN_FIELD,
    }
)
"""Place words; where several stand in a text, a scene heading's place goes first."""

TONES: dict[str, Feeling] = _table(
    {
        "tense nervous uneasy suspense wary careful carefully cautious stealthy": Feeling(
            -0.4, 0.6
        ),
        "creep creeps creeping sneak sneaks sneaking stalk stalks stalking": Feeling(-0.4, 0.5),
        "nervously anxious anxiously worried suspicious warily hesitant hesitantly lurk lurks "
        "lurking prowl prowls menacing menace threatening danger dangerous peril": Feeling(
            -0.45, 0.6
        ),
        "dark ominous eerie sinister grim bleak haunted gloomy dread ghostly": Feeling(-0.6, 0.5),
        "fear afraid scared terrified terror horror scream screams panic": Feeling(-0.8, 0.85),
        "angry anger rage furious violent violently brutal fury": Feeling(-0.6, 0.9),
        "fight fights fighting attack attacks battle war struggle": Feeling(-0.5, 0.9),
        "chase chases flee flees escape escapes race races racing hectic frantic": Feeling(
            -0.2, 0.9
        ),
        "sad sadly grief mourn mourning mournful lonely lonesome alone weep weeps funeral "
        "in_tears into_tears his_tears her_tears sob sobs sobbing": Feeling(-0.6, 0.2),
        "dejected downcast forlorn hopeless despair heartbroken": Feeling(-0.6, 0.2),
        "tired weary wearily dog-tired exhausted slow slowly heavy": Feeling(-0.2, 0.25),
        "calm calmly quiet quietly gentle gently peaceful serene still soft softly": Feeling(
            0.3, 0.15
        ),
        "serenely lazily idly dozing asleep drowsy tranquil": Feeling(0.3, 0.15),
        "tender tenderly warm cosy cozy dreamy lovingly romantic kiss kisses": Feeling(0.5, 0.2),
        "happy happily cheerful cheerfully merry merrily joyful joy glad gleeful gleefully "
        "delighted grinning beaming jolly sunny bright": Feeling(0.7, 0.6),
        "good_spirits high_spirits best_of_spirits": Feeling(0.7, 0.5),
        "laugh laughs laughing play plays playing playful dance dances dancing": Feeling(0.7, 0.65),
        "comic comical funny clumsy silly hapless goofy clown tramp chaplin slapstick": Feeling(
            0.5, 0.55
        ),
        "celebrate celebration fireworks festival party wedding": Feeling(0.6, 0.7),
        "desperate desperately frantically urgently savage ruthless": Feeling(-0.45, 0.9),
        "triumphant triumphantly heroic victorious": Feeling(0.5, 0.8),
        "powerful mighty roar roars roaring thunderous epic": Feeling(0.0, 0.8),
        "excited exciting wild": Feeling(0.4, 0.8),
    }
)

MOODS: dict[str, Feeling] = _table(
    {
        "threatening menacing military oppressive": Feeling(-0.5, 0.6),
        "fearful anxious dramatic nervous dangerous": Feeling(-0.5, 0.7),
        "violent aggressive brutal angry shocking": Feeling(-0.6, 0.9),
        "tense suspense ominous eerie mysterious secretive": Feeling(-0.4, 0.55),
        "sad melancholic melancholy lonely vulnerable nostalgic": Feeling(-0.5, 0.2),
        "calm peaceful pastoral gentle intimate tender domestic cosy light": Feeling(0.4, 0.2),
        "happy joyful festive playful bright excited sporty": Feeling(0.7, 0.65),
        "comic": Feeling(0.5, 0.6),
        "intense energetic epic powerful heroic urgent exciting": Feeling(0.0, 0.85),
        "confident formal neutral everyday busy industrial elegant": Feeling(0.05, 0.4),
    }
)
"""Where the moods of cards and performances stand."""

SURFACES: dict[str, str] = _table(
    {
        "gravel pebbles shingle": "gravel",
        "dirt path trail earth soil ground mud_track dust": "dirt",
        "mud muddy swamp": "mud",
        "sand sandy beach": "sand",
        "snow snowy": "snow",
        "ice icy": "ice",
        "grass lawn meadow": "grass",
        "the_leaves dry_leaves fallen_leaves dead_leaves wet_leaves autumn_leaves of_leaves "
        "on_leaves in_leaves through_leaves over_leaves leaf_litter foliage undergrowth "
        "forest_floor": "leaves",
        "concrete cement": "concrete",
        "asphalt tarmac road pavement sidewalk street": "asphalt",
        "stone cobbles cobblestones flagstones rock marble": "stone",
        "tile tiles tiled": "tile",
        "carpet rug": "carpet",
        "wood wooden plank planks floorboards parquet timber board boards desk table": "wood",
        "metal steel iron anvil rail grating girder": "metal",
        "glass": "glass",
        "water puddle puddles": "water",
        "plastic": "plastic",
        "court": "hard",
    }
)
"""What something happens on."""

GROUNDS: dict[Space, tuple[str, ...]] = {
    Space.OPEN_FIELD: ("dirt", "grass"),
    Space.FOREST: ("leaves", "dirt"),
    Space.STREET: ("asphalt", "concrete"),
    Space.ALLEY: ("concrete",),
    Space.SMALL_ROOM: ("wood",),
    Space.LIVING_ROOM: ("wood",),
    Space.KITCHEN: ("tile", "wood"),
    Space.BATHROOM: ("tile",),
    Space.WORKSHOP: ("concrete",),
    Space.CORRIDOR: ("tile", "concrete"),
    Space.STAIRWELL: ("concrete",),
    Space.HALL: ("wood", "concrete"),
    Space.CHURCH: ("stone", "tile"),
    Space.CAVE: ("stone", "gravel"),
    Space.CAR: (),
    Space.UNDERWATER: (),
    Space.UNKNOWN: (),
}
"""What one usually walks on in a space, most usual first."""

MATERIALS: dict[str, str] = _table(
    {
        "steel": "steel",
        "iron": "iron",
        "metal metallic tin brass": "metal",
        "wood wooden oak": "wood",
        "glass bottle bottles window": "glass",
        "leather": "leather",
        "rubber": "rubber",
        "plastic": "plastic",
        "stone": "stone",
        "ceramic porcelain china": "ceramic",
        "silk": "silk",
        "paper": "paper",
        "cardboard": "cardboard",
    }
)
"""What a thing itself is made of."""

SHOES: dict[str, str] = _table(
    {
        "boots boot wellies wellingtons work_boots rubber_boots army_boots combat_boots "
        "hiking_boots cowboy_boots riding_boots": "boots",
        "heels stilettos high_heels": "heels",
        "sneakers trainers running_shoes tennis_shoes gym_shoes": "sneakers",
        "barefoot bare_feet": "barefoot",
        "sandals flip_flops": "sandals",
        "slippers": "slippers",
        "clogs": "clogs",
    }
)

MANNERS: dict[str, dict[str, float]] = _table(
    {
        "hard heavily forcefully violently brutally furious furiously fiercely smashes slams": {
            "force": 0.9
        },
        "loud loudly strong strongly powerful mighty": {"force": 0.8},
        "heavy": {"force": 0.75, "size": 0.7},
        "firmly firm": {"force": 0.7},
        "soft softly gently gentle lightly light quiet quietly tender faint faintly": {
            "force": 0.3
        },
        "creeps creeping sneaks sneaking tiptoes tiptoe stealthy stealthily carefully": {
            "force": 0.2,
            "speed": 0.3,
        },
        "small little tiny": {"size": 0.25},
        "big large huge giant massive enormous great": {"size": 0.8},
        "fast quickly quick rapid rapidly swiftly hurries hurried": {"speed": 0.8},
        "runs run running sprints rushes races dashes racing": {"speed": 0.9, "force": 0.75},
        "slow slowly leisurely strolls": {"speed": 0.25},
        "wet soaked dripping": {"wetness": 0.8},
        "damp": {"wetness": 0.4},
    }
)
"""How something is done: values that override a card's performance."""

DISTANCES: dict[str, float] = _table(
    {
        "distant distance far_away far_off faraway horizon": 60.0,
        "outside next_door neighbour's neighbor's upstairs downstairs": 15.0,
        "nearby near": 6.0,
        "overhead above": 10.0,
    }
)
"""Metres, for what the text places and the picture does not show."""

OFF_SCREEN = _set(
    "off-screen offscreen off_screen unseen out_of_sight distant in_the_distance far_away "
    "far_off faraway outside_the beyond_the next_door upstairs downstairs somewhere we_hear "
    "is_heard inside_the_building inside_the_house from_inside from_outside from_upstairs "
    "through_the_wall are_heard can_be_heard sound_of sounds_of noise_of from_afar"
)
SHOWN = _set(
    "swing swings sway sways back_and_forth to_and_fro close-up close_up close_on we_see is_seen "
    "are_seen"
)
"""Words that show a thing moving, or that it is shown."""
INNER = _set(
    "dream dreams dreaming memory memories remembers imagines imagined imaginary flashback "
    "hallucination in_his_head in_her_head in_his_mind in_her_mind voice-over nightmare"
)
"""Words of what only a character hears, or nobody in the scene."""
SIDES: dict[str, float] = _table(
    {
        "left": 40.0,
        "right": -40.0,
        "behind": 180.0,
    }
)
"""Azimuth in degrees, positive to the left."""

LAST = _set("finally at_last at_the_end eventually")
SOUNDING = _set(
    "click clicks clicking clack clacks clatter clatters clang clangs creak creaks creaking "
    "crunch crunches crunching rattle rattles rattling thud thuds tap taps knock knocks bang bangs "
    "hit hits hitting strike strikes striking beat beats beating pound pounds pounding"
)
"""Verbs that say how their subject sounds, and name no sound by themselves."""
NUMBERS: dict[str, int] = _table(
    {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
)
TWICE = {"once": 1, "twice": 2, "thrice": 3}
MANY = _set(
    "several many some few series volley barrage crowd group people men women children soldiers "
    "both pair couple"
)
RIDES = _set("passes drives races rides flies speeds rolls sails launches starts stops skids")
"""Verbs that look like plurals of what moves."""

_FUNCTION_WORDS = _set(
    "the and of with is are was were has his her he she they it its at by from into onto through "
    "while then that this who where when there over under their him them nothing something a an on "
    "in to as for up down out off but or not no some two three one someone somebody another behind"
)
"""Words that hardly an English sentence lacks."""
_FOREIGN_WORDS = _set(
    "der die das und ein eine einen einem einer ist auf mit den dem über im durch zu von sich er "
    "sie le la les un une des du et est dans sur avec il elle au aux qui sous pour par se ses "
    "el los las una unos y en con de del al por su sus que se lo está uno "
    "o os as um uma e do da dos das no na com em por ao "
    "il lo gli di che e con una nel nella sul della su per "
    "een het de en op met van door naar zijn is hij zij in "
    "en ett och på med som i av den det är genom over til og af på"
)
"""The same of German, French, Spanish, Portuguese, Italian, Dutch, Swedish and Danish."""
_LONGEST = 4
_QUOTED = re.compile(r"[“\"][^“”\"\n]{0,400}[”\"]")


def reads_english(text: str) -> bool:
    """Whether a text's function words are English rather than another language's.

    A few words without any are taken for English: a caption need not be a sentence.
    """
    words = re.findall(r"[^\W\d_]+", text.lower())
    english = sum(word in _FUNCTION_WORDS for word in words)
    foreign = sum(word in _FOREIGN_WORDS - _FUNCTION_WORDS for word in words)
    if english or foreign:
        return english > foreign
    return text.isascii() or not any(character.isalpha() for character in text)


def without_speech(text: str) -> str:
    """Text with quoted speech blanked out: words that are said are not sounds that are made."""
    return _QUOTED.sub(lambda match: " " * len(match[0]), text)


def tokens(text: str) -> list[str]:
    """Lower-case words in order."""
    return re.findall(r"[a-z]+(?:['’.-][a-z]+)*\.?", text.lower())


def find(text: str, words: Container[str]) -> list[str]:
    """Those of ``words`` (at most four words long) that stand in the text, in its order."""
    spoken = [token.rstrip(".") for token in tokens(text)]
    found: dict[str, None] = {}
    for place in range(len(spoken)):
        for length in range(1, _LONGEST + 1):
            phrase = " ".join(spoken[place : place + length])
            if phrase in words:
                found.setdefault(phrase)
    return list(found)


def look_up(text: str, table: Mapping[str, _Value]) -> _Value | None:
    """The value of the first word of the table that stands in the text; longer phrases first."""
    found = find(text, table)
    return table[max(found, key=lambda word: (" " in word, -found.index(word)))] if found else None


def mood_for(valence: float, arousal: float) -> str:
    """The mood in which a tone is played; ``neutral`` if it asks nothing in particular."""
    if arousal >= 0.75:
        if valence < -0.35:
            return "violent"
        return "happy" if valence > 0.45 else "intense"
    if valence <= -0.2:
        return "tense" if arousal >= 0.4 else "sad"
    if valence >= 0.25:
        return "happy" if arousal >= 0.45 else "gentle"
    return "neutral"
