"""From free words to words that an instrument knows.

Performance words come from scripts, people and language models. Each is taken literally first,
then by way of a small table of relations, then by spelling; what remains unknown falls back to
the instrument's first word.
"""

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import NamedTuple


class Words(NamedTuple):
    """What an instrument can be told; the first of each is its default."""

    variants: tuple[str, ...] = ("plain",)
    surfaces: tuple[str, ...] = ("plain",)
    materials: tuple[str, ...] = ("plain",)


_RELATED: tuple[tuple[str, str], ...] = (
    # surfaces
    ("asphalt pavement cobble cobblestone road street sidewalk cement brick rock", "concrete"),
    ("concrete granite pavement rock cobble brick pebble boulder cement plaster", "stone"),
    ("stone marble linoleum porcelain bathroom kitchen vinyl", "tile"),
    ("parquet floorboard floorboards plank planks laminate deck stage porch stairs stair", "wood"),
    ("oak pine bamboo table desk log timber tree branch stick board chair bench floor", "wood"),
    ("pebbles stones shingle rubble scree path", "gravel"),
    ("earth soil ground path trail clay dust dusty forest field", "dirt"),
    ("grass straw meadow lawn hay field", "grass"),
    ("foliage undergrowth litter twigs leaf brush bush forest", "leaves"),
    ("ice frost slush snowy", "snow"),
    ("beach desert dune sandy", "sand"),
    ("puddle puddles shallow stream flooded", "water"),
    ("mud swamp marsh bog muddy", "mud"),
    ("rug mat carpeted", "carpet"),
    ("grate grating catwalk steel iron aluminium ladder metallic", "metal"),
    # materials
    ("metal iron metallic tin sheet anvil rail blade sword spoon knife steel", "steel"),
    ("copper bronze bell coin gold brass", "brass"),
    ("aluminum tin can foil", "aluminium"),
    ("castiron anvil stove", "iron"),
    ("crystal window bottle pane", "glass"),
    ("porcelain china plate cup mug crockery pottery clay tile", "ceramic"),
    ("bakelite pvc nylon vinyl", "plastic"),
    ("ball tyre tire wheel tennis", "rubber"),
    ("paper carton box book card", "cardboard"),
    ("skull tooth horn antler", "bone"),
    ("body skin meat fist muscle", "flesh"),
    ("hide belt saddle glove jacket", "leather"),
    ("linen wool shirt dress fabric textile cloth clothes", "cotton"),
    ("satin chiffon gown", "silk"),
    ("jeans canvas trousers coat", "denim"),
    ("raincoat parka anorak polyester synthetic windbreaker tent", "nylon"),
    # shoes
    ("boot heavy hiking military work army", "boots"),
    ("sneaker trainer trainers running sport tennis rubber", "sneakers"),
    ("stiletto stilettos pumps highheels heel heeled", "heels"),
    ("barefeet bare naked foot socks sock", "barefoot"),
    ("shoe leather dress oxford loafers men man dresser", "shoes"),
    ("flipflops slippers slipper flip", "sandals"),
    # animals
    ("hoof hooves pony donkey mule gallop trot cow", "horse"),
    ("paw paws puppy hound wolf canine bark barking pomeranian woof", "dog"),
    ("kitten meow feline", "cat"),
    ("cock cockerel chicken hen", "rooster"),
    ("raven caw rook", "crow"),
    ("sparrow robin songbird seagull gull chirp owl birds", "bird"),
    ("lamb goat bleat", "sheep"),
    ("bull cattle moo ox", "cow"),
    ("cricket crickets cicada grasshopper bee fly buzz", "insect"),
    ("frog toad", "frog"),
    ("pig swine oink", "pig"),
    ("infant newborn toddler crying sob wail", "baby"),
    ("sneezing sneezes achoo atishoo", "sneeze"),
    ("coughing coughs throat hack", "cough"),
    # movement and props
    ("swish rustle movement move gesture sleeve", "swish"),
    ("tear tearing ripping", "rip"),
    ("wing flutter flag sail cape", "flap"),
    ("book letter newspaper page map magazine", "paper"),
    ("keyring keychain key", "keys"),
    ("coin change", "coins"),
    ("backpack handbag luggage suitcase", "bag"),
    ("zip zipper", "zipper"),
    ("gun pistol holster reload", "weapon"),
    ("plates cutlery cup mug crockery", "dishes"),
    ("chains shackle harness", "chain"),
    ("grab pick pickup put putdown set place hold touch catch", "grab"),
    # impacts
    ("punch slap kick fist hit", "punch"),
    ("bodyfall drop collapse tumble", "fall"),
    ("stab stabbing blade", "stab"),
    ("smash shatter break crash", "break"),
    ("toast cheers tink tinkle bottle", "clink"),
    ("knife vegetable cabbage chopping slice cut", "knife"),
    ("hatchet splitting splitter", "axe"),
    ("cleaver meat butcher", "cleaver"),
    ("forge forging blacksmith smith", "hammer"),
    ("clash swords", "sword"),
    ("bang strike blow tap hit knock", "hit"),
    ("tennis football basketball bounce soccer", "ball"),
    # doors and mechanisms
    ("shut close closing", "close"),
    ("bang slamming", "slam"),
    ("opening opens", "open"),
    ("rap knocking", "knock"),
    ("doorbell bell chime", "bell"),
    ("latch bolt unlock key padlock", "lock"),
    ("button click toggle lever", "switch"),
    ("typing typewriter computer keys", "keyboard"),
    ("cog clockwork machine machinery engine crank winch", "gears"),
    ("tick watch ticking timer", "clock"),
    ("camera shutter photo", "shutter"),
    ("ratchet winding", "ratchet"),
    # friction
    ("hinge creaking squeaking creaky", "creak"),
    ("squeal screech", "squeak"),
    ("scrape scraping slide sliding pull push", "drag"),
    ("grinding sharpen sharpening saw sawing", "grind"),
    # vehicles
    ("automobile sedan taxi driving driveway vehicle", "car"),
    ("lorry bus van tractor tank", "truck"),
    ("bike motorbike scooter moped chopper", "motorcycle"),
    ("dragster rally racing formula sportscar", "race"),
    ("locomotive subway tram metro railway wagon", "train"),
    ("cycle cyclist pedal", "bicycle"),
    ("ship motorboat ferry speedboat", "boat"),
    ("plane jet airplane propeller", "aircraft"),
    ("rotor chopper", "helicopter"),
    # water
    ("drop droplet dripping leak", "drip"),
    ("plunge jump dive diving cannonball", "dive"),
    ("swim paddle oar row rowing", "paddle"),
    ("pouring fill filling drink", "pour"),
    ("brook creek river stream waterfall fountain", "stream"),
    ("ocean waves wave surf shore beach", "sea"),
    ("faucet shower hose", "tap"),
    ("bubbling bubbles boil boiling", "bubbles"),
    # weather, fire
    ("storm downpour heavy", "heavy"),
    ("shower steady", "steady"),
    ("drizzle light", "light"),
    ("roof tin car umbrella", "metal"),
    ("gale storm howl howling blizzard", "storm"),
    ("breeze light gentle", "breeze"),
    ("gusts gusty", "gust"),
    ("trees foliage forest", "leaves"),
    ("thunderclap near strike lightning", "clap"),
    ("rolling distant far rumble", "distant"),
    ("bonfire campfire fireplace flames burning crackling", "campfire"),
    ("blaze inferno burning house wildfire", "blaze"),
    ("candle match lighter", "torch"),
    # explosions
    ("firework rocket firecracker", "fireworks"),
    ("bomb dynamite blast detonation", "blast"),
    ("mine shell artillery cannon", "cannon"),
    ("handgun revolver gun colt", "pistol"),
    ("musket carbine sniper", "rifle"),
    ("machinegun automatic uzi smg", "machine_gun"),
    ("suppressor suppressed", "silenced"),
    # places
    ("indoor indoors interior office apartment bedroom kitchen house", "room"),
    ("corridor church cathedral warehouse cave gym", "hall"),
    ("woods woodland jungle park trees", "forest"),
    ("street urban town downtown", "city"),
    ("road highway motorway cars", "traffic"),
    ("countryside meadow farm rural desert garden", "field"),
    ("ocean beach coast harbour shore", "sea"),
    ("birdsong dawn morning", "birds"),
    ("crickets evening dusk midnight", "night"),
    ("people voices market restaurant audience chatter", "crowd"),
    ("basement cellar factory plant spaceship", "machine_room"),
)


def _relations() -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    for words, target in _RELATED:
        for word in words.split():
            table.setdefault(word, []).append(target)
    return {word: tuple(dict.fromkeys(targets)) for word, targets in table.items()}


_TARGETS = _relations()


def tokens(text: str) -> list[str]:
    """Lower-case words of a text, in order, each also without its plural s."""
    found = re.findall(r"[a-z]+(?:_[a-z]+)*", text.lower().replace("-", "_"))
    spread = [part for word in found for part in dict.fromkeys([word, *word.split("_")])]
    singular = [word[:-1] for word in spread if len(word) > 3 and word.endswith("s")]
    return spread + singular


def nearest(word: str, known: Sequence[str]) -> str | None:
    """The known word that a word stands for: itself, or at most two relations away."""
    frontier = [word]
    for _ in range(3):
        for candidate in frontier:
            if candidate in known:
                return candidate
        frontier = [target for candidate in frontier for target in _TARGETS.get(candidate, ())]
    return None


def spelled_like(word: str, known: Sequence[str]) -> str | None:
    """The known word with nearly the same spelling, for typing mistakes."""
    close = get_close_matches(word, known, n=1, cutoff=0.84) if len(word) > 3 else []
    return close[0] if close else None


def resolve(texts: Iterable[str | None], known: Sequence[str]) -> str:
    """The first known word that the texts call for, in the order of the texts.

    Within a text, literal matches come before related ones and these before spelling.
    """
    for text in texts:
        words = tokens(text) if text else []
        literal = [word for word in words if word in known]
        if literal:
            return literal[0]
        for matcher in (nearest, spelled_like):
            for word in words:
                match = matcher(word, known)
                if match is not None:
                    return match
    return known[0]
