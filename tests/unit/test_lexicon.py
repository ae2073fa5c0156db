"""Which language a text is in, by its function words."""

import pytest

from foley_designer.agents.lexicon import reads_english


@pytest.mark.parametrize(
    "text",
    [
        "A man chops wood on a stump",
        "a dog in a park",
        "Woman in heels",
        "dog barking loudly",
        "people clapping hands to music",
        "An old car on an empty road",
    ],
)
def test_plain_captions_are_english(text: str) -> None:
    assert reads_english(text)


@pytest.mark.parametrize(
    "text",
    [
        "Un homme marche sur le gravier et ouvre une porte",
        "Ein Mann geht über den Kies",
        "Un hombre camina por la calle",
        "Um homem anda na rua",
        "Un uomo cammina nella neve",
        "Een man loopt door het bos",
        "En man går på gruset",
        "一个男人在碎石上行走",
    ],
)
def test_other_languages_are_not(text: str) -> None:
    assert not reads_english(text)
