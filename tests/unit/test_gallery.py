"""The gallery page shows every subcategory."""

from pathlib import Path

import pytest

from foley_designer.core.category import Subcategory

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize("subcategory", Subcategory)
def test_the_gallery_shows_every_subcategory(subcategory: Subcategory) -> None:
    assert f"images/gallery/{subcategory.value}.png" in (DOCS / "gallery.md").read_text()
    assert (DOCS / "images" / "gallery" / f"{subcategory.value}.png").stat().st_size < 60_000
