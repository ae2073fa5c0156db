"""Whether a shot plays out of doors, by what its pictures are named."""

import pytest

from foley_designer.core.script.observation import PlaceTrait
from foley_designer.vision.pictures.classes import classes
from foley_designer.vision.pictures.outdoors import weighed, weights

EVEN = {PlaceTrait.OUTDOORS: 0.5, PlaceTrait.GREEN: 0.2}
VALLEY = {"valley": 0.6, "alp": 0.2, "lakeside": 0.1}
KITCHEN = {"stove": 0.5, "microwave": 0.2, "refrigerator": 0.1}


def test_every_class_has_a_side_and_two_fitted_numbers_weigh_it():
    fitted = weights()
    assert fitted.sides.keys() == {one.name for one in classes()}
    assert abs(sum(fitted.sides.values())) < 10
    assert fitted.slope > 0
    assert 0 < fitted.frames < 1


@pytest.mark.parametrize(("named", "low", "high"), [(VALLEY, 0.85, 1.0), (KITCHEN, 0.0, 0.25)])
def test_names_tell_where_frames_say_nothing(named, low, high):
    assert low <= weighed(EVEN, named)[PlaceTrait.OUTDOORS] <= high


def test_frames_still_count_and_only_the_one_trait_changes():
    both = VALLEY | KITCHEN
    out = weighed(EVEN | {PlaceTrait.OUTDOORS: 0.95}, both)
    room = weighed(EVEN | {PlaceTrait.OUTDOORS: 0.05}, both)
    assert out[PlaceTrait.OUTDOORS] > room[PlaceTrait.OUTDOORS] + 0.2
    assert out[PlaceTrait.GREEN] == 0.2


def test_without_names_or_frames_a_place_stays_as_it_is():
    assert weighed(EVEN, {}) is EVEN
    assert weighed({}, VALLEY) == {}
    assert weighed({PlaceTrait.OUTDOORS: 1.0}, KITCHEN)[PlaceTrait.OUTDOORS] < 1.0
