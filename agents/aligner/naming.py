"""How near a text's words come to what a classifier calls the pictures of a shot."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from foley_designer.memory.embedding import StaticVectors

Floats = NDArray[np.float64]

LEAST_LETTERS = 3
"""Letters of a word that is held against the classes by itself."""


def nearness(named: Sequence[Mapping[str, float]], texts: Sequence[str]) -> Floats:
    """How much nearer each shot comes to each text than shots and texts do in the mean.

    A text's nearness to a class is that of its whole and of its nearest word, by word vectors, each
    in standard deviations over all classes. A shot takes a class by the root of its belief: a
    classifier that has no name for a thing spreads its belief over what looks alike.

    Args:
        named: by shot, belief in each of the classes that are likeliest; a shot of which there is
            none is as near to all.
        texts: without the names of people, who are in no class.

    Returns:
        ``[shots, texts]``, in units of that standard deviation.
    """
    columns = {name: column for column, name in enumerate(_class_names())}
    shares = np.zeros((len(named), len(columns)))
    for row, one in enumerate(named):
        for name, belief in one.items():
            if name in columns:
                shares[row, columns[name]] = np.sqrt(belief)
    looked = shares.sum(1) > 0
    if not looked.any():
        return np.zeros((len(named), len(texts)))
    shares[looked] /= shares[looked].sum(1, keepdims=True)
    shares[looked] -= shares[looked].mean(0)
    near = np.array([_to_classes(text) for text in texts])
    return np.asarray(shares @ (near - near.mean(0)).T)


def without_names(text: str, names: Sequence[str]) -> str:
    """A text without the names of its people."""
    for name in names:
        text = re.sub(rf"\b{re.escape(name)}\b", " ", text, flags=re.IGNORECASE)
    return text


def _to_classes(text: str) -> Floats:
    """How near a text comes to each class, ``[classes]``, mean 0 and deviation 1."""
    words = [one for one in re.findall(r"[a-z]+", text.lower()) if len(one) >= LEAST_LETTERS]
    if not words:
        return np.zeros(len(_class_names()))
    near = _embedded([text, *words]) @ _classes().T
    return _standard(_standard(near[0]) + _standard(near[1:].max(0)))


def _standard(values: Floats) -> Floats:
    return np.asarray((values - values.mean()) / max(float(values.std()), 1e-9))


@cache
def _class_names() -> tuple[str, ...]:
    from foley_designer.vision.pictures.classes import classes  # noqa: PLC0415 - read if needed

    return tuple(one.name for one in classes())


@cache
def _classes() -> Floats:
    """Vectors of the classes' names and what they mean, ``[classes, 256]``, in 0.1 CPU s."""
    from foley_designer.vision.pictures.classes import classes  # noqa: PLC0415

    return _embedded([one.words for one in classes()])


@cache
def _vectors() -> "StaticVectors":
    from foley_designer.memory.embedding import StaticVectors  # noqa: PLC0415 - loads chromadb

    return StaticVectors()


def _embedded(texts: list[str]) -> Floats:
    return np.asarray(_vectors()(texts), np.float64)
