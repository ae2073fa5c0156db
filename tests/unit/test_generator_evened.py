"""Beds whose level moves slowly, and nothing else changed by it."""

import numpy as np
import pytest

from foley_designer.core.category import Subcategory
from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.script.performance import Layer
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, SourceKind, Span
from foley_designer.generator.correction import evened


def bed(**changes):
    told = {
        "id": "e01",
        "label": "wind",
        "description": "Wind.",
        "subcategory": Subcategory.WIND,
        "layer": Layer.BACKGROUND,
        "source": Source(kind=SourceKind.AROUND),
        "spans": (Span(start_s=0.0, end_s=12.0),),
    }
    return SoundEvent(**(told | changes))


@pytest.fixture
def gusty():
    rng = np.random.default_rng(2)
    sound = (0.02 * rng.standard_normal((2, 12 * SAMPLE_RATE))).astype(np.float32)
    sound[:, 6 * SAMPLE_RATE : 7 * SAMPLE_RATE] *= 2.0
    return sound


def step_db(sound):
    half = SAMPLE_RATE // 2
    parts = [sound[:, 6 * SAMPLE_RATE - half :][:, :half], sound[:, 6 * SAMPLE_RATE :][:, :half]]
    before, after = (10 * np.log10(np.square(part).mean()) for part in parts)
    return after - before


def test_what_stands_out_of_a_bed_stands_out_less(gusty):
    assert step_db(gusty) == pytest.approx(6.0, abs=0.2)
    assert step_db(evened(gusty, bed())) < 4.0


def test_a_gust_that_lasts_and_the_whole_level_stay(gusty):
    steady = gusty.copy()
    steady[:, 6 * SAMPLE_RATE : 7 * SAMPLE_RATE] /= 2.0
    steady[:, 6 * SAMPLE_RATE :] *= 2.0
    held = evened(steady, bed())
    for second in (1, 10):
        part = slice(second * SAMPLE_RATE, (second + 1) * SAMPLE_RATE)
        ratio = np.square(held[:, part]).mean() / np.square(steady[:, part]).mean()
        assert 10 * np.log10(ratio) == pytest.approx(0.0, abs=0.3)


@pytest.mark.parametrize(
    "changes",
    [
        {"layer": Layer.FOREGROUND},
        {"source": Source(kind=SourceKind.POINT)},
        {"hits": (Hit(time_s=6.0),), "spans": ()},
    ],
)
def test_what_is_no_bed_is_left_alone(gusty, changes):
    assert evened(gusty, bed(**changes)) is gusty
