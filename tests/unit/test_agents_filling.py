"""How full a vessel is and of what, by words; and what that does to its sound."""

import numpy as np
import pytest

from foley_designer.agents.scribe.filling import Filling, filling_of, without_contents
from foley_designer.agents.scribe.wording import material_of
from foley_designer.api.sounds import _calls
from foley_designer.generator.synth.physics.filling import filled
from foley_designer.generator.synth.physics.modal import MATERIALS, Shape, build
from foley_designer.memory.knowledge_base import Knowledge, load


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load()


@pytest.mark.parametrize(
    ("text", "filling"),
    [
        ("a spoon taps a full glass", Filling(1.0, "water")),
        ("a spoon taps an empty glass", Filling(0.0, None)),
        ("tea pours into a nearly full cup", Filling(0.85, "water")),
        ("a half-empty bottle rolls away", Filling(0.5, "water")),
        ("the barrel is full of grain", Filling(1.0, "grain")),
        ("a jar filled to the brim with the sand", Filling(1.0, "sand")),
        ("he kicks a bucket of paint", Filling(1.0, "paint")),
        ("a full wooden crate drops", Filling(1.0, None)),
        ("she strikes the anvil with full force", None),
        ("under a full moon a hammer hits an anvil", None),
        ("someone hits a full drum kit", None),
    ],
)
def test_words_say_how_full(text: str, filling: Filling | None) -> None:
    assert filling_of(text) == filling


def test_what_fills_a_thing_and_the_floor_under_it_are_not_what_it_is_made_of() -> None:
    assert without_contents("a barrel full of sand rolls") == "a barrel full of rolls"
    assert material_of("a cup falls on a stone floor") is None
    assert material_of("a plastic cup falls on a stone floor") == "plastic"
    assert material_of("he knocks on a metal door") == "metal"


@pytest.mark.parametrize(("liquid", "lower", "shorter"), [(True, 0.7, 0.5), (False, 0.9, 0.1)])
def test_a_full_vessel_rings_lower_and_shorter(liquid: bool, lower: float, shorter: float) -> None:
    empty = build(MATERIALS["glass"], 0.3, np.random.default_rng(1), Shape.SHELL)
    assert filled(empty, 0.0, liquid) is empty
    full = filled(empty, 1.0, liquid)
    assert np.all(full.frequencies < lower * empty.frequencies)
    assert np.all(full.t60_s < shorter * empty.t60_s)
    half = filled(empty, 0.5, liquid)
    assert np.all((half.frequencies > full.frequencies) & (half.frequencies < empty.frequencies))


def test_a_thing_of_another_material_does_not_break_like_glass(knowledge: Knowledge) -> None:
    assert _calls("a glass falls on the floor", knowledge)[0].card.id == "glass-break"
    assert _calls("a plastic cup falls on the floor", knowledge)[0].card.id == "impact-generic"
    assert _calls("a man in leather gloves breaks a mirror", knowledge)[0].card.id == "glass-break"
