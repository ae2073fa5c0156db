import pytest

from foley_designer.memory.inflection import forms, noun_forms, stem


@pytest.mark.parametrize(
    ("base", "inflected"),
    [
        ("walk", "walks walking walked"),
        ("step", "steps stepping stepped"),
        ("slam", "slams slamming slammed"),
        ("open", "opens opening opened"),
        ("splash", "splashes splashing splashed"),
        ("close", "closes closing closed"),
        ("carry", "carries carrying carried"),
        ("die", "dies dying died"),
        ("break", "breaks breaking broke broken"),
        ("ring", "rings ringing rang rung"),
        ("knife", "knives"),
        ("leaf", "leaves leafing leafed"),
        ("sheep", "sheep"),
    ],
)
def test_a_base_word_stands_for_its_forms(base: str, inflected: str) -> None:
    assert set(inflected.split()) | {base} <= forms(base)


@pytest.mark.parametrize(
    ("base", "other"), [("car", "caring"), ("hop", "hoping"), ("bar", "bared"), ("on", "ons")]
)
def test_another_words_form_is_no_form(base: str, other: str) -> None:
    assert other not in forms(base)


def test_a_noun_has_no_verb_forms() -> None:
    assert noun_forms("train") == {"train", "trains"}
    assert noun_forms("hoof") == {"hoof", "hooves"}


def test_stems_are_shared_by_regular_forms() -> None:
    assert {stem(word) for word in ("close", "closes", "closed", "closing")} == {"clos"}
    assert stem("bus") == "bus"
