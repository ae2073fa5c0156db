"""From free words to words that an instrument knows.

Performance words come from scripts, people and language models. Each is taken literally first,
then by the aliases in the table of sounds and a small table of surfaces and materials, then by
spelling; what remains unknown falls back to the instrument's first word.
"""

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from foley_designer.core.sounds.table import sounds


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
    # weather, fire
    ("roof tin car umbrella", "metal"),
    ("trees foliage forest", "leaves"),
    # places
    ("indoor indoors interior office apartment bedroom kitchen house", "room"),
    ("woods woodland jungle park trees", "forest"),
    ("street urban town downtown", "city"),
    ("countryside meadow farm rural desert garden", "field"),
)


def _relations() -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    variants = ((" ".join(row.aliases), row.variant) for row in sounds())
    for words, target in (*_RELATED, *variants):
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
