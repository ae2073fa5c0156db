"""Vectors of the library in chromadb, found by meaning: of texts and, with CLAP, of sounds."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import chromadb
from chromadb.config import Settings

from foley_designer.core.errors import FoleyError
from foley_designer.core.progress import Progress, silent
from foley_designer.generator.library.clap import Clap
from foley_designer.memory.embedding import StaticVectors

_NAME = "recordings-1"
"""The number rises when what is embedded changes."""
_AT_ONCE = 1000


class Vectors:
    """One vector a recording, kept on disk.

    Args:
        folder: where chromadb keeps them.
    """

    def __init__(self, folder: Path) -> None:
        client = chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))
        embedding: Any = StaticVectors()  # of texts alone: narrower than chromadb's type
        self._collection = client.get_or_create_collection(
            _NAME,
            embedding_function=embedding,
            configuration={"hnsw": {"space": "cosine", "num_threads": 1, "ef_search": 4096}},
        )

    def hold(self, texts: Mapping[str, str]) -> None:
        """Hold exactly these texts by id: embed what is new, drop what is gone.

        An id must change with its text.
        """
        held = set(self._collection.get(include=[])["ids"])
        for ids in _batches(sorted(held - set(texts))):
            self._collection.delete(ids=ids)
        for ids in _batches(sorted(set(texts) - held)):
            self._collection.upsert(ids=ids, documents=[texts[key] for key in ids])

    def similarities(self, query: str, k: int) -> dict[str, float]:
        """Cosine similarity of the ``k`` nearest texts to the query, by id."""
        count = min(k, self._collection.count())
        if not count:
            return {}
        return _similarities(
            self._collection.query(query_texts=[query], n_results=count, include=["distances"])
        )


class SoundVectors:
    """One CLAP vector a recording, kept on disk beside those of its text.

    Args:
        folder: where chromadb keeps them.
        clap: the model; each has its own collection.
    """

    def __init__(self, folder: Path, clap: Clap) -> None:
        client = chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))
        self._clap = clap
        self._collection = client.get_or_create_collection(
            f"clap-{clap.id}",
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine", "num_threads": 1, "ef_search": 4096}},
        )

    def hold(self, paths: Mapping[str, str], progress: Progress = silent) -> None:
        """Hold exactly these recordings' sounds by id: listen to what is new, drop what is gone.

        A file that can't be read just now is left out, and tried again the next time.
        """
        held = set(self._collection.get(include=[])["ids"])
        for ids in _batches(sorted(held - set(paths))):
            self._collection.delete(ids=ids)
        new = sorted(set(paths) - held)
        for done, key in enumerate(new, 1):
            try:
                vector = self._clap.of_file(Path(paths[key]))
            except FoleyError:
                continue
            self._collection.upsert(ids=[key], embeddings=[vector.tolist()])
            progress("library", done / len(new), f"{done} of {len(new)} files heard by CLAP")

    def similarities(self, query: str, k: int) -> dict[str, float]:
        """Cosine similarity of the ``k`` sounds nearest to a description, by id."""
        count = min(k, self._collection.count())
        if not count:
            return {}
        vector = self._clap.of_text(query).tolist()
        return _similarities(
            self._collection.query(
                query_embeddings=[vector], n_results=count, include=["distances"]
            )
        )


def _similarities(answer: Any) -> dict[str, float]:
    """Of a query's one answer."""
    distances = answer["distances"] or [[]]
    pairs = zip(answer["ids"][0], distances[0], strict=True)
    return {str(key): 1.0 - float(distance) for key, distance in pairs}


def _batches(ids: list[str]) -> Iterable[list[str]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
