"""Places: what frames say of where a shot plays."""

from fractions import Fraction

import cv2
import numpy as np
import pytest

from foley_designer.core.script.observation import PlaceTrait, Shot
from foley_designer.vision.place.features import COUNT, features
from foley_designer.vision.place.reader import PlaceReader, model
from foley_designer.vision.video.frame import Frame


def meadow(high: int = 270, wide: int = 480) -> np.ndarray:
    """A blue sky with clouds over rough grass."""
    rng = np.random.default_rng(1)
    image = np.zeros((high, wide, 3), np.float64)
    middle = high // 2
    image[:middle] = np.linspace((215, 150, 90), (235, 205, 170), middle)[:, None]
    for size in (6, 24, 96, 240):
        grain = rng.normal(size=(size, 2 * size)).astype(np.float32)
        rough = cv2.resize(grain, (wide, high))[..., None]
        image[middle:] += rough[middle:] * np.array([6, 12, 9])
        image[:middle] += 0.3 * np.maximum(rough[:middle], 0) * np.array([15, 25, 35])
    image[middle:] += np.array([40, 110, 80])
    return np.clip(image, 0, 255).astype(np.uint8)


def read(images: list[np.ndarray], step_s: float = 0.5) -> dict[PlaceTrait, float]:
    reader = PlaceReader()
    for index, image in enumerate(images):
        reader.offer(Frame(index, index * step_s, image))
    return reader.traits(0.0, len(images) * step_s)


def test_the_fitted_weights_fit_the_features():
    fitted = model()
    assert features(meadow()).shape == (COUNT,)
    assert fitted.weights.shape == (len(fitted.traits), COUNT)
    assert (fitted.scale > 0).all()


def test_a_meadow_is_green_under_a_sky_and_out_of_doors():
    found = read([meadow()] * 2)
    assert min(found[t] for t in (PlaceTrait.OUTDOORS, PlaceTrait.GREEN, PlaceTrait.SKY)) > 0.75
    assert max(found[t] for t in (PlaceTrait.DARK, PlaceTrait.SNOW, PlaceTrait.BLACK)) < 0.25


def test_bars_beside_the_picture_say_nothing():
    image = meadow()
    barred = np.zeros((400, 480, 3), np.uint8)
    barred[65:335] = image
    assert features(barred) == pytest.approx(features(image), abs=1e-6)


def test_black_and_one_colour_are_told_from_pictures():
    black = read([np.full((270, 480, 3), 4, np.uint8)] * 3)
    assert black[PlaceTrait.BLACK] == 1.0
    title = np.full((270, 480, 3), (120, 30, 30), np.uint8)
    cv2.putText(title, "THE END", (120, 150), cv2.FONT_HERSHEY_SIMPLEX, 1.5, (255, 255, 255), 3)
    shown = read([title] * 3)
    assert shown[PlaceTrait.PLAIN] > 0.8
    assert shown[PlaceTrait.BLACK] == 0.0
    assert read([meadow()] * 2)[PlaceTrait.PLAIN] < 0.4


def test_flames_flicker_and_paint_does_not():
    dark = np.full((270, 480, 3), 20, np.uint8)
    flames = []
    for height in (60, 120, 70, 130, 90):
        image = dark.copy()
        image[200 - height : 200, 200:280] = (30, 130, 250)
        flames.append(image)
    assert read(flames)[PlaceTrait.FIRE] > 0.02
    assert read([flames[1]] * 5)[PlaceTrait.FIRE] == 0.0


def test_what_lies_between_is_not_known():
    shot = Shot(
        index=0, start_s=0, end_s=1, brightness=0.5, saturation=0.5, motion=0,
        place={PlaceTrait.OUTDOORS: 0.6, PlaceTrait.SKY: 0.9, PlaceTrait.SNOW: 0.01},
    )  # fmt: skip
    assert shot.shows(PlaceTrait.OUTDOORS) is None
    assert shot.shows(PlaceTrait.WATER) is None
    assert shot.shows(PlaceTrait.SKY) is True
    assert shot.shows(PlaceTrait.SNOW) is False


def test_frames_are_described_twice_a_second_at_most():
    reader = PlaceReader()
    for index in range(50):
        reader.offer(Frame(index, float(Fraction(index, 25)), meadow()))
    assert len(reader._seen) == 4
    assert reader.traits(5.0, 6.0) == {}
