"""Recordings found by meaning and by sound."""

from functools import cached_property
from math import exp
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.documents import content_hash
from foley_designer.generator.library.catalogue import Catalogue, Entry, contents_hash
from foley_designer.generator.library.recording import Recording
from foley_designer.memory.knowledge_base import LEXICAL_WEIGHT, Knowledge
from foley_designer.memory.lexical import Bm25

if TYPE_CHECKING:
    from foley_designer.generator.library.clap import Clap
    from foley_designer.generator.library.vectors import SoundVectors, Vectors

NEAREST = 400
"""Recordings whose vectors are weighed; words in common and cards reorder them."""
CARD_WEIGHT = 0.5
"""How much of what separates a recording from a query a card takes away that both call up."""
CLAP_WEIGHT = 1.0
"""How much likeness of sound and words takes away: e to the minus this where they are one."""


class Match(NamedTuple):
    """A recording that was found."""

    recording: Recording
    similarity: float
    """0 to 1."""


class Library:
    """What is in the catalogue, ready to be searched; unchanging once opened.

    Args:
        folder: where the library is kept.
        knowledge: cards that bring words and recordings together.
        clap: a model that hears what is in a recording, whatever it is called; None has none.
    """

    def __init__(self, folder: Path, knowledge: Knowledge, clap: "Clap | None" = None) -> None:
        self._folder = folder
        self._clap = clap
        self._knowledge = knowledge
        self._catalogue = Catalogue(folder)
        self._entries: dict[str, Entry] = {entry.path: entry for entry in self._catalogue.entries()}

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def paths(self) -> tuple[str, ...]:
        """Of all recordings, in order."""
        return tuple(self._entries)

    @cached_property
    def hash(self) -> str:
        """Hash (hex) of everything that it holds, and of the cards that it is searched by."""
        heard_by = () if self._clap is None else (self._clap.id,)
        return content_hash(contents_hash(self._entries.values()), self._knowledge.hash, *heard_by)

    def by_meaning(self, text: str, k: int = 10) -> tuple[Match, ...]:
        """The ``k`` recordings nearest to a description, best first.

        Similarity is 1 - (1 - cosine)·exp(-w·BM25)·(1 - ``CARD_WEIGHT``·s), where s is how near
        the description is to the nearest knowledge card that the recording's words call up, 1 where
        it calls that card up itself. With CLAP, exp(-``CLAP_WEIGHT``·max(c, 0)) comes in, c being
        the cosine of description and sound.
        """
        if not text.strip() or not self._entries:
            return ()
        cosines = self._vectors.similarities(text, NEAREST)
        words = self._lexical.scores(text)
        near = {found.card.id: found.similarity for found in self._knowledge.search(text, k=8)}
        heard = {} if self._heard is None else self._heard.similarities(text, NEAREST)
        near |= {mention.card_id: 1.0 for mention in self._knowledge.match(text)}
        by_key = {entry.key: entry for entry in self._entries.values()}
        nearest = [by_key[key].path for key in cosines | heard if key in by_key]
        matches = []
        for recording in self._catalogue.get(nearest):
            entry = self._entries[recording.path]
            card = max((near.get(card, 0.0) for card in recording.cards), default=0.0)
            apart = 1.0 - cosines.get(entry.key, 0.0)
            apart *= exp(-LEXICAL_WEIGHT * words[recording.path])
            apart *= exp(-CLAP_WEIGHT * max(heard.get(entry.key, 0.0), 0.0))
            matches.append(Match(recording, 1.0 - apart * (1.0 - CARD_WEIGHT * card)))
        matches.sort(key=lambda match: (-match.similarity, match.recording.path))
        return tuple(matches[:k])

    def by_sound(self, vector: NDArray[np.float32], k: int = 10) -> tuple[Match, ...]:
        """The ``k`` recordings that sound most like a vector of `sound_vector`, best first.

        Similarity is 1 / (1 + d), d the root mean square distance in the library's standard
        deviations.
        """
        paths = list(self._entries)
        if not paths:
            return ()
        distances = self.distances(vector, paths)
        order = np.argsort(distances, kind="stable")[:k]
        found = self._catalogue.get(paths[at] for at in order)
        return tuple(
            Match(recording, float(1.0 / (1.0 + distances[at])))
            for recording, at in zip(found, order, strict=True)
        )

    def distances(self, vector: NDArray[np.float32], paths: list[str]) -> NDArray[np.float64]:
        """How far each recording's sound is from a vector, ``[len(paths)]``."""
        rows = [self._row[path] for path in paths]
        apart = (self._sounds[rows] - vector) / self._spread
        result: NDArray[np.float64] = np.sqrt(np.mean(np.square(apart), axis=1, dtype=np.float64))
        return result

    def sound_of(self, path: str) -> NDArray[np.float32]:
        """A recording's `sound_vector`."""
        return self._entries[path].sound

    @cached_property
    def _sounds(self) -> NDArray[np.float32]:
        return np.stack([entry.sound for entry in self._entries.values()])

    @cached_property
    def _row(self) -> dict[str, int]:
        return {path: row for row, path in enumerate(self._entries)}

    @cached_property
    def _spread(self) -> NDArray[np.float64]:
        spread: NDArray[np.float64] = np.maximum(self._sounds.std(axis=0, dtype=np.float64), 0.1)
        return spread

    @cached_property
    def _lexical(self) -> Bm25:
        return Bm25({entry.path: entry.text for entry in self._entries.values()})

    @cached_property
    def _heard(self) -> "SoundVectors | None":
        """The sounds' vectors; none if no model is there or nothing was added since it is."""
        if self._clap is None:
            return None
        from foley_designer.generator.library.vectors import SoundVectors  # noqa: PLC0415

        return SoundVectors(self._folder / "vectors", self._clap)

    @cached_property
    def _vectors(self) -> "Vectors":
        from foley_designer.generator.library.vectors import Vectors  # noqa: PLC0415 - chromadb

        vectors = Vectors(self._folder / "vectors")
        vectors.hold({entry.key: entry.text for entry in self._entries.values()})
        return vectors
