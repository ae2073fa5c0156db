"""Static word vectors that ship inside a package: meaning without a network or a GPU."""

import logging
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from chromadb.api.types import Documents, EmbeddingFunction, Embeddings
from chromadb.utils.embedding_functions import register_embedding_function


@register_embedding_function
class StaticVectors(EmbeddingFunction[Documents]):
    """WordLlama's 256 dimensions, unit length, from the files inside its own package."""

    def __init__(self) -> None:
        self.dimensions = 256

    def __call__(self, input: Documents) -> Embeddings:
        """One vector a text, unit length."""
        vectors = self._model.embed(list(input), norm=True)
        return [np.asarray(vector, dtype=np.float32) for vector in vectors]

    @cached_property
    def _model(self) -> Any:
        root = logging.getLogger()
        handlers, level = list(root.handlers), root.level
        import wordllama  # noqa: PLC0415 - 0.4 s, and it sets up the root logger

        root.handlers, root.level = handlers, level
        return wordllama.WordLlama.load(
            cache_dir=Path(wordllama.__file__).parent, disable_download=True
        )

    @staticmethod
    def name() -> str:
        """The name under which chromadb stores it with a collection."""
        return "foley_static_vectors"

    def get_config(self) -> dict[str, Any]:
        """Nothing to configure."""
        return {}

    @staticmethod
    def build_from_config(config: dict[str, Any]) -> "StaticVectors":  # noqa: ARG004
        """The function again, from what `get_config` returned."""
        return StaticVectors()

    def default_space(self) -> Any:
        """Cosine."""
        return "cosine"

    def supported_spaces(self) -> list[Any]:
        """Cosine alone."""
        return ["cosine"]
