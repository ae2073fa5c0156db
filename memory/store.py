"""The knowledge index: one vector a card in a chromadb collection."""

import os
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import chromadb
import numpy as np
from chromadb.api.types import Embeddings
from chromadb.config import Settings
from chromadb.errors import ChromaError
from numpy.typing import NDArray

from foley_designer.memory.embedding import StaticVectors

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

_PREFIX = "cards-"
_LAYOUT = 2
"""Raise when what is embedded changes, so that indexes on disk are built anew."""


class Index:
    """Texts found by meaning.

    A text has parts, and its vector is the mean of theirs: a long list of words drowns no short
    description.

    Args:
        texts: the parts to embed, by card id.
        content_hash: of the cards; an index on disk with the same hash is taken as it is.
        folder: where the index is kept; None, or a folder that can't be used, keeps it in memory.
    """

    def __init__(
        self, texts: Mapping[str, Sequence[str]], content_hash: str, folder: Path | None
    ) -> None:
        self._texts = texts
        self._name = f"{_PREFIX}{_LAYOUT}-{content_hash[:32]}"
        self._collection = self._open(folder)

    def similarities(self, query: str) -> dict[str, float]:
        """Cosine similarity of each text to the query, by card id."""
        try:
            return self._query(query)
        except ChromaError:  # another process replaced the index on disk by its own
            self._collection = self._open(None)
            return self._query(query)

    def _query(self, query: str) -> dict[str, float]:
        answer = self._collection.query(
            query_texts=[query], n_results=len(self._texts), include=["distances"]
        )
        pairs = zip(answer["ids"][0], answer["distances"][0], strict=True)
        return {str(card_id): 1.0 - float(distance) for card_id, distance in pairs}

    def _open(self, folder: Path | None) -> Any:
        if folder is not None and _usable(folder):
            try:
                client = chromadb.PersistentClient(str(folder), _settings())
                collection = self._fill(client)
                self._drop_older(client)
                return collection
            except (ChromaError, sqlite3.Error, OSError):
                pass  # a damaged or busy index: the cards themselves are at hand
        return self._fill(chromadb.EphemeralClient(_settings()))

    def _fill(self, client: "ClientAPI") -> Any:
        """The collection of these cards, built if it is not complete."""
        embedding: Any = StaticVectors()  # of texts alone: narrower than chromadb's type
        collection = client.get_or_create_collection(
            self._name,
            embedding_function=embedding,
            configuration={"hnsw": {"space": "cosine", "num_threads": 1, "ef_search": 4096}},
        )
        if collection.count() != len(self._texts):
            vectors = [_mean_of(embedding(list(parts))) for parts in self._texts.values()]
            collection.upsert(ids=list(self._texts), embeddings=np.stack(vectors))
        return collection

    def _drop_older(self, client: "ClientAPI") -> None:
        for other in client.list_collections():
            if other.name.startswith(_PREFIX) and other.name != self._name:
                client.delete_collection(other.name)


def _mean_of(vectors: Embeddings) -> NDArray[np.float32]:
    """The mean of unit vectors, unit length."""
    mean = np.mean(np.asarray(vectors, np.float32), axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), np.float32)


def _settings() -> Settings:
    """New ones a client, since a client writes into them."""
    return Settings(anonymized_telemetry=False)


def _usable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)
