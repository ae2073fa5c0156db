"""Seeing on real film, where local clips are: moments against what the original sounds like."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from foley_designer.vision.events.spotting import select
from foley_designer.vision.observe import observe

pytestmark = [pytest.mark.media, pytest.mark.slow]


@pytest.mark.parametrize(
    ("name", "action", "least"),
    [
        ("chopping_cabbage", "strike", 0.85),
        ("dog_bark_pomeranian", "voice", 0.8),
        ("drumstick_metal_rail", "strike", 0.6),
    ],
)
def test_moments_fall_where_the_clip_sounds(
    media: Path, name: str, action: str, least: float
) -> None:
    onsets = json.loads((media / "onsets.json").read_text())[f"{name}.mp4"]["onsets"]
    heard = [onset["t"] for onset in onsets if onset["cls"] == "primary"]
    seen = observe(media / "clips" / f"{name}.mp4", field_of_view_deg=54.0)
    found = [moment.time_s for moment in select(seen, action)]
    near = np.abs(np.subtract.outer(heard, found)) <= 0.1
    rows, columns = linear_sum_assignment(~near)
    assert 2 * near[rows, columns].sum() / (len(heard) + len(found)) >= least
