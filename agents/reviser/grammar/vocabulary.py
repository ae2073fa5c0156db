"""Vocabulary: what the sounds of a script are called, by label, kind, place and person."""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from foley_designer.agents import lexicon as tables
from foley_designer.agents.reviser.grammar.items import Item, Items
from foley_designer.agents.reviser.grammar.spelling import mendings
from foley_designer.agents.reviser.grammar.words import (
    LANGUAGES,
    Lexicon,
    Reading,
    Token,
    bare,
    fold,
    lexicon,
    noun_phrases,
    noun_stems,
    tokens,
)
from foley_designer.agents.reviser.speech import words_of
from foley_designer.core.category import Category, Subcategory
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.core.sounds.table import category_of
from foley_designer.memory.inflection import singular, stem

if TYPE_CHECKING:
    from foley_designer.memory.knowledge_base import Knowledge

_SMALL = words_of(
    "the a an of on in at to from with and or his her their its by for into onto over "
    "down up out off is are it no two back away forward past around along apart together "
)
_LEADING = "of|on|in|at|to|from|with|against|into|onto|over|under|through|by|across|behind"
KINDS: dict[str, tuple[Subcategory, ...]] = {
    "footstep": (Subcategory.HUMAN_STEPS, Subcategory.ANIMAL_STEPS),
    "shoe": (Subcategory.HUMAN_STEPS,),
    "impact": tuple(k for k in Subcategory if category_of(k) is Category.IMPACTS),
    "metal": (Subcategory.METAL_IMPACT,),
    "door": (Subcategory.DOOR,),
    "rain": (Subcategory.RAIN,),
    "wind": (Subcategory.WIND,),
    "thunder": (Subcategory.THUNDER,),
    "fire": (Subcategory.FIRE,),
    "water": (Subcategory.SPLASH, Subcategory.FLOW),
    "gun": (Subcategory.GUNSHOT,),
    "explosion": (Subcategory.EXPLOSION,),
    "car": (Subcategory.VEHICLE,),
    "machine": (Subcategory.MECHANISM, Subcategory.VEHICLE),
    "weather": (Subcategory.RAIN, Subcategory.WIND, Subcategory.THUNDER),
    "animal": (Subcategory.ANIMAL_VOICE, Subcategory.ANIMAL_STEPS),
    "cloth": (Subcategory.CLOTH,),
    "ambience": (Subcategory.AMBIENCE,),
    "glass": (Subcategory.GLASS,),
    "prop": (Subcategory.HANDLING,),
    "chop": (Subcategory.CHOP,),
    "splash": (Subcategory.SPLASH,),
    "creak": (Subcategory.FRICTION,),
}
"""Nouns of the lexica that stand for kinds of sound."""
COLLECTIVE = words_of("weather machine animal impact footstep metal prop ")
"""Nouns that mean all of their kind, in whichever number."""
HIT_WORDS = frozenset(
    stem(word)
    for word in words_of(
        "hit strike blow knock step footstep footfall bark caw shot beat tap clang chirp "
        "impact bounce chop thud tick clink bonk cry punch slam rattle ring clap splash "
        "drip squeak drop clank gunshot bang kick slap jab swing stroke whack honk beep "
        "click pop crack "
    )
)
"""Words for single hits, as stems."""
_WOMEN = words_of("woman women girl lady mother wife heels dress skirt stilettos she her ")
_MEN = words_of("man men boy father husband he his guy cop ")


class Names(NamedTuple):
    """What one event is called."""

    label: frozenset[str]
    """Stems of its label's words, without accents."""
    head: frozenset[str]
    """Those that stand before its first preposition: of "rain on the skylight", the rain."""
    all: frozenset[str]
    """Those, and of what it is, is made of and happens on."""


class Vocabulary:
    """What the events of a script are called.

    Args:
        events: the script's.
        knowledge: cards, for words that no event carries.
        characters: of the screenplay; who is named where a sound is described answers for it.
    """

    def __init__(
        self,
        events: Sequence[SoundEvent],
        knowledge: "Knowledge",
        characters: Sequence[str] = (),
    ) -> None:
        self.events = tuple(events)
        self.knowledge = knowledge
        self.names = {event.id: names_of(event, characters) for event in events}

    @cached_property
    def stems(self) -> frozenset[str]:
        """All stems that any event is called by."""
        return frozenset().union(*(names.all for names in self.names.values()))

    def named(self, word: str) -> frozenset[str]:
        """Ids of events that are called by a word."""
        stems = {stem(word), stem(bare(word))} if len(word) > 3 else {stem(word)}
        stems.add(stem(singular(word)))
        if word.endswith("er") and len(word) > 5:
            stems.add(stem(word[:-2]))  # a washer washes
        stems |= {other for one in stems for other in _doubled(one)}
        return frozenset(key for key, names in self.names.items() if stems & names.all)

    def says(self, word: str) -> bool:
        """Whether a label has the word as it is written."""
        return any(word == token.plain for event in self.events for token in tokens(event.label))

    def of_noun(self, noun: str) -> frozenset[str]:
        """Ids of events that a noun of the lexica stands for."""
        kinds = KINDS.get(noun, ())
        if noun == "footstep" and any(e.subcategory is kinds[0] for e in self.events):
            kinds = kinds[:1]
        found = {event.id for event in self.events if event.subcategory in kinds}
        stems, phrases = noun_stems(noun) | {stem(noun)}, noun_phrases(noun)
        shares = {
            key: len(stems & names.label) + sum(set(one) <= names.label for one in phrases)
            for key, names in self.names.items()
        }
        most = max(shares.values(), default=0)
        # "Sea waves" say twice that they are the sea; the "sea breeze" only where it is.
        least = 1 if kinds else max(most, 1)
        found |= {key for key, share in shares.items() if share >= least}
        if noun in (*COLLECTIVE, "bird"):
            found |= self._by_voice(stems)
        return frozenset(found or self._by_voice(stems))

    def _by_voice(self, stems: frozenset[str]) -> set[str]:
        return {key for key, names in self.names.items() if stems & names.all}

    def of_person(self, gender: str) -> frozenset[str]:
        """Ids of events that a "he" or "she" can mean: steps and clothes of somebody."""
        people = (Subcategory.HUMAN_STEPS, Subcategory.CLOTH, Subcategory.BODY_IMPACT)
        able = [event for event in self.events if event.subcategory in people]
        own, other = (_WOMEN, _MEN) if gender == "she" else (_MEN, _WOMEN)

        def spoken(event: SoundEvent) -> set[str]:
            words = {token.plain for token in tokens(f"{event.label} {event.description}")}
            return words | {event.performance.variant or ""}

        sure = {event.id for event in able if spoken(event) & own}
        possible = {event.id for event in able if not spoken(event) & other}
        return frozenset(sure or possible)

    def by_card(self, word: str) -> frozenset[str]:
        """Ids of events that sound as the card does which a word calls up."""
        found: set[str] = set()
        for mention in self.knowledge.match(word):
            card = self.knowledge.get(mention.card_id)
            found |= {
                event.id
                for event in self.events
                if event.subcategory is card.subcategory
                and (
                    card.id in event.cards or event.performance.variant == card.performance.variant
                )
            }
        return frozenset(found)

    @cached_property
    def real_words(self) -> frozenset[str]:
        """Words that mean something, so that they are no misspelling of another one."""
        texts = [f"{card.title} {' '.join(card.triggers)}" for card in self.knowledge.cards]
        words = {token.plain for text in texts for token in tokens(text)}
        for table in (tables.SURFACES, tables.MATERIALS, tables.SHOES, tables.SPACES, tables.TONES):
            words |= {token.plain for phrase in table for token in tokens(phrase)}
        return frozenset(words)


def names_of(event: SoundEvent, characters: Sequence[str] = ()) -> Names:
    """What an event is called."""
    spoken = _spoken(f"{event.label} {event.id.replace('_', ' ')}")
    label = {stem(form) for word in spoken for form in (word, singular(word))}
    play = event.performance
    told = [*event.sound.called]
    told += [value for value in (play.variant, play.surface, play.material) if value]
    shown = {stem(word) for text in told for word in _spoken(text)}
    for table in (tables.SURFACES, tables.MATERIALS, tables.SHOES):
        values = (play.surface, play.material, play.variant)
        shown |= {stem(word) for word, value in table.items() if value in values}
    told_of = {token.plain for token in tokens(event.description)}
    who = {stem(fold(name)) for name in characters if fold(name) in told_of}
    first = re.split(rf"\b(?:{_LEADING})\b", event.label, maxsplit=1, flags=re.IGNORECASE)[0]
    head = {stem(form) for word in _spoken(first) for form in (word, singular(word))}
    return Names(frozenset(label | who), frozenset(head | who), frozenset(label | who | shown))


def _doubled(word: str) -> Iterator[str]:
    """The same stem with its last consonant doubled, or no longer: zip, zipp."""
    if len(word) < 3 or word[-1] not in "bdgmnprtz":
        return
    if word[-1] == word[-2]:
        yield word[:-1]
    elif word[-2] in "aeiou" and (len(word) == 3 or word[-3] not in "aeiou"):
        yield word + word[-1]


def _spoken(text: str) -> list[str]:
    return [
        token.plain for token in tokens(text) if token.plain not in _SMALL and len(token.plain) > 1
    ]


def read(request: str, vocabulary: Vocabulary, language: str) -> tuple[Items, list[str]]:
    """The items of a request in a language, and the words that were taken as misspelt."""
    words, mended = tokens(request), list[str]()
    table = lexicon(language)
    for number, better in mendings(words, vocabulary, table, language):
        mended.append(f"{words[number].text} → {better}")
        words[number] = Token(better, better)
    found: Items = []
    place = 0
    while place < len(words):
        item, size = _item(words, place, vocabulary, table, language)
        found.append(item)
        place += size
    return [item for item in found if item.text not in "'\"“”«»„"], mended


def _before_longer(
    plain: list[str], place: int, table: Lexicon, size: int, readings: tuple[Reading, ...]
) -> tuple[int, tuple[Reading, ...]]:
    """A phrase, but without its last word where that begins one itself: "a little less pointy"."""
    compares = any(one.kind in ("mod", "repeat") for one in readings)
    if size < 2 or not compares or table.at(plain, place + size - 1)[0] < 2:
        return size, readings
    shorter, of_it = table.at(plain[: place + size - 1], place)
    return (shorter, of_it) if shorter == size - 1 else (size, readings)


def _item(
    words: list[Token], place: int, vocabulary: Vocabulary, table: Lexicon, language: str
) -> tuple[Item, int]:
    """The item at a place, and how many tokens it takes."""
    word = words[place]
    plain = [token.plain for token in words]
    size, readings = _before_longer(plain, place, table, *table.at(plain, place))
    named = vocabulary.named(word.plain) if word.plain.isalpha() else frozenset()
    if size == 0 and word.text[0].isdigit() and ":" in word.text:
        return Item(word.text, kind="clock"), 1
    if re.fullmatch(r"[+-]?(?:\d+(?:[.,]\d+)?|\.\d+)", word.text) and size <= 1:
        return Item(word.text, kind="num", value=float(word.text.replace(",", "."))), 1
    if (
        size > 1
        and all(one.kind == "noun" for one in readings)
        and not vocabulary.of_noun(readings[0].value)
    ):
        size, readings = (0, ()) if not named else (1, ())
    attrs = _attributes(plain, place, language)
    if attrs and attrs[0] >= max(size, 1):
        size, readings = attrs[0], (*(readings if attrs[0] == size else ()), *attrs[1])
    if size <= 1:
        own = (Reading("name", word.plain),) if named else ()
        if own and any(one.kind == "dim" and one.value[-1] in "+-" for one in readings):
            forms = (word.plain, f"{word.plain}s", word.plain.removesuffix("s"))
            own = own if any(map(vocabulary.says, forms)) else ()  # "wetter" is not "wet asphalt"
        hit = (Reading("hitword", word.plain),) if stem(word.plain) in HIT_WORDS else ()
        readings = tuple(dict.fromkeys((*own, *readings, *hit)))
    if not readings and (cards := vocabulary.by_card(word.plain)):
        readings = (Reading("card", " ".join(sorted(cards))),)
    if not readings and language == "de":
        readings = _compound(word.plain, vocabulary, table)
    text = " ".join(token.plain for token in words[place : place + max(size, 1)])
    return Item(text, readings), max(size, 1)


def _attributes(
    plain: list[str], place: int, language: str
) -> tuple[int, tuple[Reading, ...]] | None:
    """Surfaces, materials and shoes of the script tables, which are English."""
    if language != "en":
        return None
    for size in range(min(3, len(plain) - place), 0, -1):
        phrase = " ".join(plain[place : place + size])
        found = [
            Reading("attr", f"{field}={table[phrase]}")
            for field, table in (
                ("variant", tables.SHOES),
                ("surface", tables.SURFACES),
                ("material", tables.MATERIALS),
            )
            if phrase in table
        ]
        if phrase in tables.SPACES:
            found.append(Reading("space", tables.SPACES[phrase].value))
        if found:
            return size, tuple(found)
    return None


def _compound(word: str, vocabulary: Vocabulary, table: Lexicon) -> tuple[Reading, ...]:
    """The head of a German compound whose parts are known: ``hammerschlag``."""
    for cut in range(4, len(word) - 2):
        head, tail = word[:cut].rstrip("s") if cut > 4 else word[:cut], word[cut:]
        size, readings = table.at([tail], 0)
        nouns = tuple(one for one in readings if one.kind == "noun")
        first = vocabulary.named(head)
        if not first:
            _, told = table.at([head], 0)
            first = frozenset().union(
                *(vocabulary.of_noun(r.value) for r in told if r.kind == "noun")
            )
        if size and nouns and first:
            both = first & vocabulary.of_noun(nouns[0].value) or first
            return (Reading("card", " ".join(sorted(both))), *nouns)
    for cut in range(4, len(word) - 2):  # a station's clock is a clock
        size, readings = table.at([word[cut:]], 0)
        nouns = tuple(one for one in readings if one.kind == "noun")
        if size and nouns and len(vocabulary.of_noun(nouns[0].value)) == 1:
            return nouns  # of several its first part would say which, and nobody knows it
    return ()


def language_of(request: str, vocabulary: Vocabulary) -> str:
    """The language whose lexicon leaves the fewest words unread; English where several do."""

    def unread(language: str) -> int:
        table, plain = lexicon(language), [token.plain for token in tokens(request)]
        place = missed = 0
        while place < len(plain):
            size, _ = table.at(plain, place)
            if attrs := _attributes(plain, place, language):
                size = max(size, attrs[0])
            known = size or not plain[place].isalpha() or vocabulary.named(plain[place])
            missed += not known
            place += max(size, 1)
        return missed

    return min(LANGUAGES, key=lambda language: (unread(language), LANGUAGES.index(language)))


__all__ = [
    "COLLECTIVE",
    "HIT_WORDS",
    "KINDS",
    "Names",
    "Vocabulary",
    "fold",
    "language_of",
    "names_of",
    "read",
]
