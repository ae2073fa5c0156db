"""Naming: which events the words of a phrase fit."""

from collections.abc import Sequence

from foley_designer.agents.reviser.grammar.chunk import LostError
from foley_designer.agents.reviser.grammar.items import Item, Items
from foley_designer.agents.reviser.grammar.picking import (
    is_away,
    is_hit_word,
    is_noun,
    is_on,
    is_unknown,
)
from foley_designer.agents.reviser.grammar.vocabulary import Vocabulary
from foley_designer.agents.reviser.grammar.words import tokens
from foley_designer.core.category import Subcategory
from foley_designer.core.script.performance import Layer
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.memory.inflection import singular, stem

STRUCK = frozenset(
    {
        Subcategory.OBJECT_IMPACT,
        Subcategory.METAL_IMPACT,
        Subcategory.BODY_IMPACT,
        Subcategory.CHOP,
        Subcategory.GLASS,
        Subcategory.DOOR,
    }
)
"""What a blow or a stroke can be."""
CREATURES = frozenset({Subcategory.ANIMAL_VOICE, Subcategory.ANIMAL_STEPS})


def _says(event: SoundEvent, words: Sequence[str]) -> bool:
    """Whether a label has words as they are said: "fish jumps", not the "fishing reel"."""
    own = {token.plain for token in tokens(event.label)}
    return all({word, singular(word)} & own for text in words for word in text.split())


class Naming:
    """Finds events by what a phrase calls them.

    Args:
        events: a script's.
        vocabulary: what they are called.
    """

    def __init__(self, events: Sequence[SoundEvent], vocabulary: Vocabulary) -> None:
        self.events = events
        self.vocabulary = vocabulary

    def pool(self, items: Items) -> list[SoundEvent]:
        """Events that all nouns of a phrase fit; all if it has none.

        Raises:
            LostError: a word fits nothing.
        """
        pool = list(self.events)
        for item in items:
            if (layer := item.reading("layer")) and not self._names_all(item):
                pool = [event for event in pool if event.layer is Layer(layer)]
            if place := item.reading("place"):
                pool = [event for event in pool if is_away(event) is (place == "off")]
            if (side := item.reading("side")) and item.has("side"):
                pool = [event for event in pool if is_on(event, side)]
        nouns = [item for item in items if is_noun(item)]
        unknown = [item.text for item in items if is_unknown(item)]
        if unknown:
            raise LostError(f"Nothing here is called {' '.join(unknown)!r}.")
        return self._fitting(nouns, pool)

    def _fitting(self, nouns: Items, pool: list[SoundEvent]) -> list[SoundEvent]:
        """Events that all nouns fit; words for hits alone need not."""
        telling = [item for item in nouns if not is_hit_word(item)]
        telling = telling or [item for item in nouns if item.has("name")] or nouns
        for chosen in (nouns, telling):
            found = [e for e in pool if all(e.id in self.meant(item) for item in chosen)]
            if found:
                return found
        if nouns and all(item.has("noun", "hit") for item in nouns):
            return [event for event in pool if event.subcategory in STRUCK] or pool
        return []

    def meant(self, item: Item) -> frozenset[str]:
        """Ids of events that one word can mean."""
        if item.has("card"):
            return frozenset(item.reading("card").split())
        found: frozenset[str] = frozenset()
        if item.has("name"):
            found |= self.vocabulary.named(item.reading("name"))
        if item.has("noun") and not (found and item.has("noun", "hit")):
            found = self.vocabulary.of_noun(item.reading("noun")) or found
        if item.has("attr"):
            for word in item.text.split():
                found |= self.vocabulary.named(word)
        if item.has("hitword") and not found:
            found |= self.vocabulary.named(item.text)
        return found

    def titled(self, pool: list[SoundEvent], said: Items) -> list[SoundEvent]:
        """Those whose own label has the words, rather than words for its kind."""
        words = [item.text for item in said if is_noun(item)]
        labels = self.vocabulary.names

        def titled(own: frozenset[str]) -> bool:
            return all(stem(word) in own for text in words for word in text.split())

        chosen = [event for event in pool if titled(labels[event.id].label)] or pool
        chosen = [event for event in chosen if titled(labels[event.id].head)] or chosen
        called = [e for e in pool if words == [e.id] and not _says(e, words)]  # not its lid
        chosen = called or [event for event in chosen if _says(event, words)] or chosen
        voices = [e for e in chosen if e.subcategory is Subcategory.ANIMAL_VOICE]
        if len(voices) == 1 and all(e.subcategory in CREATURES for e in chosen):
            return voices  # what a dog sounds like is its bark
        return chosen

    def _names_all(self, item: Item) -> bool:
        """Whether a word for a layer names sounds of its own here ("ambience")."""
        return item.has("name") and bool(self.vocabulary.named(item.text))
