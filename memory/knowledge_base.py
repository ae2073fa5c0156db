"""Knowledge of how sounds are performed: embedded cards and the user's, matched and searched."""

import re
from collections.abc import Iterable
from functools import cache, cached_property
from math import exp
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from foley_designer.core.card import Card
from foley_designer.core.documents import content_hash
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.script.performance import Layer, Performance
from foley_designer.core.sounds.model import SoundClass
from foley_designer.core.sounds.table import sounds
from foley_designer.memory.card_files import read_folder
from foley_designer.memory.lexical import Bm25
from foley_designer.memory.mentions import EXCEPTION, GAP, Mention, TriggerIndex
from foley_designer.memory.reading.clauses import Clauses
from foley_designer.memory.reading.interpret import Reader
from foley_designer.memory.reading.polarity import denial

if TYPE_CHECKING:
    from foley_designer.memory.store import Index

__all__ = ["Found", "Knowledge", "Mention", "load"]

EMBEDDED = Path(__file__).parent / "knowledge"
LEXICAL_WEIGHT = 0.04
"""How much of what separates a card from a query each point of BM25 takes away. Static vectors
know what words mean, but not how telling a rare one is."""
_BARE = re.compile(r"^(?:an?|the|sound of|some) ")
_SCENES = re.compile(r"^## Scenes\n+(.*?)(?=\n\n|\Z)", re.MULTILINE | re.DOTALL)


class Found(NamedTuple):
    """A card that a search found."""

    card: Card
    similarity: float
    """1 - (1 - cosine)·exp(-``LEXICAL_WEIGHT``·BM25): cosine similarity, drawn towards 1 by words
    in common."""


class Knowledge:
    """Cards, found by their triggers or by meaning.

    Args:
        cards: unique ids; where two cards share a trigger, the earlier one wins.
        index_dir: where the search index is kept, None for memory.
    """

    def __init__(self, cards: tuple[Card, ...], index_dir: Path | None = None) -> None:
        self.cards = cards
        self._by_id = {card.id: card for card in cards}
        self._index_dir = index_dir

    def get(self, card_id: str) -> Card:
        """The card with this id.

        Raises:
            KeyError: there is none.
        """
        return self._by_id[card_id]

    def match(self, text: str) -> tuple[Mention, ...]:
        """Triggers that stand in the text and are not negated, as `TriggerIndex` finds them."""
        clauses = Clauses(text)
        is_denied = denial(clauses)
        return tuple(
            mention
            for mention in self._triggers.match(text)
            if not is_denied(clauses.within(mention.start, mention.end))
        )

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Triggers that stand in the text, whether or not they happen."""
        return self._triggers.match(text)

    def may_sound(self, text: str) -> bool:
        """Whether a text in which no trigger stands may speak of a sound: see `Reader`."""
        return self._reader.may_sound(text) and not self._triggers.excepts(text)

    def read(self, text: str, names: Iterable[str] = ()) -> tuple[Mention, ...]:
        """Triggers that stand in a narration and happen in it, as `Reader.asserted` says.

        Args:
            text: prose: a description, or a scene's action.
            names: of characters, who are not what they are called.
        """
        called = _BARE.sub("", text.lower()).strip(" .,!?")
        if called in self._by_name:
            return (Mention(self._by_name[called], 0, len(text), text),)
        return self._reader.asserted(text, self._triggers.match(text), names)

    def search(self, query: str, k: int = 5) -> tuple[Found, ...]:
        """The ``k`` cards nearest in meaning, best first; nothing for an empty query."""
        if not query.strip() or not self.cards:
            return ()
        cosines = self._index.similarities(query)
        lexical = self._lexical.scores(query)
        found = (
            Found(
                card, 1 - (1 - cosines.get(card.id, 0.0)) * exp(-LEXICAL_WEIGHT * lexical[card.id])
            )
            for card in self.cards
        )
        return tuple(sorted(found, key=lambda each: (-each.similarity, each.card.id))[:k])

    @property
    def hash(self) -> str:
        """Content hash (hex) of all cards in their order, for provenance."""
        return content_hash(*self.cards)

    @cached_property
    def _triggers(self) -> TriggerIndex:
        return TriggerIndex(self.cards)

    @cached_property
    def _by_name(self) -> dict[str, str]:
        """Ids of the cards of rows by a row's name, else by its variant alone."""
        cards = {row.name: row.card or row.name for row in reversed(sounds())}
        variants = {row.variant: cards[row.name] for row in reversed(sounds())}
        called = variants | cards
        return {
            re.sub("[-_]", " ", name): card for name, card in called.items() if card in self._by_id
        }

    @cached_property
    def _reader(self) -> Reader:
        by_row = {card.sound.name: card.id for card in reversed(self.cards)}
        by_row |= {row.name: row.card for row in sounds() if row.card in self._by_id}
        return Reader(lambda card_id: self._by_id[card_id].sound, by_row.get)

    @cached_property
    def _lexical(self) -> Bm25:
        return Bm25({card.id: " ".join((card.title, *_parts(card))) for card in self.cards})

    @cached_property
    def _index(self) -> "Index":
        from foley_designer.memory.store import Index  # noqa: PLC0415 - chromadb is heavy

        texts = {
            card.id: tuple(f"{card.title}: {part}" for part in _parts(card)) for card in self.cards
        }
        return Index(texts, self.hash, self._index_dir)


@cache
def _embedded() -> tuple[Card, ...]:
    """The program's own cards; they don't change while it runs."""
    return (*plain_cards(), *read_folder(EMBEDDED))


def plain_cards() -> tuple[Card, ...]:
    """A card for each row of the table of sounds that no file of prose stands for."""
    return tuple(
        Card(
            id=row.name,
            title=row.title,
            subcategory=row.subcategory,
            layer=Layer.BACKGROUND if row.background else Layer.FOREGROUND,
            triggers=_row_words(row),
            performance=Performance(
                variant=row.variant,
                surface=row.surface,
                material=row.material,
                force=row.force,
                size=row.size,
                speed=row.speed,
                wetness=row.wetness,
            ),
            surfaces=row.surfaces if row.surfaced else (),
            level_lu=row.level_lu,
            distance_m=row.distance_m,
            low_hz=row.low_hz,
            high_hz=row.high_hz,
            follows=row.follows,
            sources=row.sources,
            body=f"{row.title}. {row.note}",
        )
        for row in sounds()
        if row.card is None
    )


def _row_words(row: SoundClass) -> tuple[str, ...]:
    """A row's verbs and nouns as triggers; a noun of one word is in no other form than a noun's."""
    nouns = (noun if " " in noun else f"a {noun}" for noun in row.nouns)
    return tuple(dict.fromkeys((*row.verbs, *nouns)))


def with_row_words(cards: tuple[Card, ...]) -> tuple[Card, ...]:
    """The cards, those of a row of the table of sounds with its words among their triggers."""
    words = {row.card: _row_words(row) for row in sounds() if row.card}
    return tuple(
        card.model_copy(
            update={"triggers": tuple(dict.fromkeys((*card.triggers, *words[card.id])))}
        )
        if card.id in words
        else card
        for card in cards
    )


def load(extra: Path | None = None, index_dir: Path | None = None) -> Knowledge:
    """The embedded cards and a user's folder, whose cards come first and replace by id.

    Args:
        extra: the user's folder of cards.
        index_dir: where the search index is kept; None, or a folder that can't be written,
            keeps it in memory. It is opened when `Knowledge.search` is first called.

    Raises:
        FoleyError: ``card_invalid`` with file, line and field.
    """
    own = read_folder(extra) if extra else ()
    replaced = {card.id for card in own}
    cards = with_row_words(own + tuple(card for card in _embedded() if card.id not in replaced))
    known = {card.id for card in cards}
    for card in cards:
        for other in card.follows:
            if other not in known:
                raise FoleyError(
                    ErrorCode.CARD_INVALID,
                    f"{card.id}.md: follows names {other!r}, which is no card.",
                    "Use the file name of a card, without .md.",
                )
    return Knowledge(cards, index_dir)


def _parts(card: Card) -> tuple[str, ...]:
    """What a card is found by: its triggers, its scenes and how it is performed."""
    scenes = _SCENES.search(card.body)
    triggers = (words.replace(f" {GAP}", "") for words in card.triggers)
    calls = ", ".join(words for words in triggers if not words.startswith(f"{EXCEPTION} "))
    performed = card.body.split("\n\n", 1)[0]
    return tuple(part for part in (calls, scenes[1] if scenes else "", performed) if part)
