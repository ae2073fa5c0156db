import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foley_designer.core.errors import FoleyError
from foley_designer.vision.geometry.angles import (
    azimuth_model,
    paper_azimuth,
    pinhole_azimuth,
    place_of,
)


def test_pinhole_spans_the_field_of_view_positive_to_the_left() -> None:
    assert pinhole_azimuth(0.5, 54) == 0
    assert pinhole_azimuth(0.0, 54) == pytest.approx(27)
    assert pinhole_azimuth(1.0, 54) == pytest.approx(-27)
    assert pinhole_azimuth(0.25, 90) == pytest.approx(math.degrees(math.atan(0.5)))


@given(st.floats(-80, 80), st.floats(20, 120))
def test_place_is_the_inverse_of_azimuth(azimuth: float, view: float) -> None:
    assert pinhole_azimuth(place_of(azimuth, view), view) == pytest.approx(azimuth, abs=1e-6)


def test_paper_model_is_equation_2_in_pixels() -> None:
    theta = math.degrees(math.atan((1200 - 1920 / 2) / 10)) + 90
    assert 90 - paper_azimuth(1200 / 1920, 10, 1920) == pytest.approx(theta)
    assert paper_azimuth(0.5, 3, 1920) == 0
    assert paper_azimuth(0.4, 5, 1920) > 85, "pixels over metres: almost fully to one side"


def test_models_by_name() -> None:
    assert azimuth_model("pinhole", 54, 1920)(0.0, 5.0) == pytest.approx(27)
    assert azimuth_model("paper", 54, 1920)(0.4, 5.0) == paper_azimuth(0.4, 5.0, 1920)
    with pytest.raises(FoleyError):
        azimuth_model("fisheye", 54, 1920)
