"""Blob splitting: which pixels of one moving region belong to which of several tracks."""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from foley_designer.vision.motion.colours import Colours, colour_bins
from foley_designer.vision.motion.regions import Mask, Moving
from foley_designer.vision.video.frame import Image

Floats = NDArray[np.float64]
Pixels = tuple[float, float, float, float]
"""Left, top, right and bottom in pixels of the reduced frame."""

UNCERTAIN = 1.0
"""Price of a pixel for a track whose motion is not known, as for an arm that goes to and fro."""
RECOGNISED = 0.2
"""Price of a pixel for a track that is recognised by its looks."""
BEYOND = 2.0
"""Price of a pixel that lies a box's length outside of where a track should be."""
ALIKE = 0.3
"""Colour error, against the usual one around, under which a track is recognised."""
SMALLEST_PX = 6
"""Pixels by which a track can be recognised."""
COLOUR = 0.5
"""Weight of colour against place and motion."""
RARE = 0.002
"""Share that any colour has."""


class Looks(NamedTuple):
    """What a track looks like: a patch of a frame and which of its pixels are the track's."""

    patch: Image
    mask: Mask


class Claim(NamedTuple):
    """Where a track should be, and how it should move."""

    box: Pixels
    step: Floats | None
    """Displacement since the last frame in pixels; None if it is anything."""
    is_recognised: bool
    colours: Colours | None = None
    """How often the track has each colour; None if that is not known."""


def carve(part: Mask, moving: Moving, claims: list[Claim]) -> list[Mask]:
    """Share a region out: each pixel goes to the claim that it costs least."""
    rows, columns = np.nonzero(part)
    flow = moving.flow[rows, columns]
    costs = np.stack([_cost(rows, columns, flow, claim) for claim in claims])
    costs += _colour_costs(moving.image[rows, columns], claims)
    chosen = costs.argmin(0)
    masks = []
    for index in range(len(claims)):
        mask = np.zeros_like(part)
        mask[rows[chosen == index], columns[chosen == index]] = True
        masks.append(mask)
    return masks


def _cost(
    rows: NDArray[np.intp], columns: NDArray[np.intp], flow: NDArray[np.float32], claim: Claim
) -> Floats:
    left, top, right, bottom = claim.box
    across = np.maximum(np.maximum(left - columns, columns - right), 0) / max(right - left, 2.0)
    down = np.maximum(np.maximum(top - rows, rows - bottom), 0) / max(bottom - top, 2.0)
    cost = BEYOND * np.hypot(across, down)
    if claim.is_recognised:
        return np.asarray(cost + RECOGNISED)
    if claim.step is None:
        return np.asarray(cost + UNCERTAIN)
    stray = np.hypot(*(flow - claim.step).T) / (0.5 + 0.5 * float(np.hypot(*claim.step)))
    return np.asarray(cost + np.minimum(stray, 3.0))


def _colour_costs(pixels: Image, claims: list[Claim]) -> Floats:
    """Price of each pixel's colour for each claim, 0 if not all colours are known."""
    known = [claim.colours for claim in claims if claim.colours is not None]
    if len(known) < len(claims):
        return np.zeros((len(claims), len(pixels)))
    likely = np.stack(known)[:, colour_bins(pixels)] + RARE
    return np.asarray(-COLOUR * np.log(likely / likely.sum(0)))


def held(part: Mask, box: Pixels) -> int:
    """Pixels of a region inside a box."""
    left, top, right, bottom = (round(value) for value in box)
    return int(np.count_nonzero(part[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]))


def looks_of(image: Image, inside: Mask) -> Looks | None:
    """What the pixels of a track look like; None if they are too few."""
    if np.count_nonzero(inside) < SMALLEST_PX:
        return None
    rows, columns = np.nonzero(inside)
    part = (slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1))
    return Looks(image[part].copy(), inside[part].copy())


def recognise(image: Image, looks: Looks, centre: Floats, reach: float) -> Pixels | None:
    """Where a track is seen again, around a place and within a reach, pixels.

    It is recognised where its colours fit much better than they do around it.
    """
    high, wide = looks.mask.shape
    left, top = (int(v) for v in np.floor(centre - np.array([wide, high]) / 2 - reach))
    right, bottom = (int(v) for v in np.ceil(centre + np.array([wide, high]) / 2 + reach))
    left, top = max(left, 0), max(top, 0)
    window = image[top : max(bottom, 0), left : max(right, 0)]
    if window.shape[0] < high or window.shape[1] < wide:
        return None
    mask = np.repeat(looks.mask[..., None], 3, -1).astype(np.float32)
    errors = cv2.matchTemplate(
        window.astype(np.float32), looks.patch.astype(np.float32), cv2.TM_SQDIFF, mask=mask
    )
    if errors.min() > ALIKE * np.median(errors):
        return None
    row, column = np.unravel_index(int(errors.argmin()), errors.shape)
    return (
        float(left + column),
        float(top + row),
        float(left + column + wide),
        float(top + row + high),
    )
