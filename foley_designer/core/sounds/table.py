"""The table of sounds: read once from the data files beside it, and asked by every room.

A file has one block a subcategory: what all its sounds share, and under ``sounds`` one row each,
which overrides what it shares. A new sound is a new row.
"""

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from foley_designer.core.category import Category, Subcategory
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.sounds.model import SoundClass

FOLDER = Path(__file__).parent
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def sounds() -> tuple[SoundClass, ...]:
    """Every row, in the order of the files."""
    return tuple(row for path in sorted(FOLDER.glob("*.yaml")) for row in read_rows(path))


def read_rows(path: Path) -> tuple[SoundClass, ...]:
    """The rows of one file.

    Raises:
        FoleyError: ``card_invalid`` naming the file, the row and the field.
    """
    blocks = yaml.load(path.read_text(encoding="utf-8"), _LOADER)
    found = []
    for subcategory, block in blocks.items():
        shared = {key: value for key, value in block.items() if key != "sounds"}
        for name, row in block["sounds"].items():
            own: dict[str, object] = {"finer": {}} if "ucs_id" in row and "finer" not in row else {}
            own["called"] = [*shared.get("called", ()), *row.get("called", ())]
            own |= {"repeats": False} if row.get("once") and "repeats" not in row else {}
            fields = {"variant": name, "name": name, "subcategory": subcategory, **shared}
            try:
                found.append(SoundClass.model_validate(fields | row | own))
            except ValidationError as error:
                problem = error.errors(include_url=False)[0]
                place = ".".join(str(step) for step in problem["loc"])
                raise FoleyError(
                    ErrorCode.CARD_INVALID,
                    f"{path.name}, {name}: {place}: {problem['msg']}.",
                    "docs/knowledge.md describes the fields of a row.",
                ) from error
    return tuple(found)


@cache
def sound_of(subcategory: Subcategory, variant: str | None = None) -> SoundClass:
    """The row of a variant; the subcategory's first where the variant is None or unknown."""
    rows = rows_of(subcategory)
    return next((row for row in rows if row.variant == variant), rows[0])


@cache
def rows_of(subcategory: Subcategory) -> tuple[SoundClass, ...]:
    """All rows of a subcategory, the usual one first."""
    return tuple(row for row in sounds() if row.subcategory is subcategory)


def named(name: str) -> SoundClass:
    """The row with this name.

    Raises:
        KeyError: there is none.
    """
    return _by_name()[name]


@cache
def _by_name() -> dict[str, SoundClass]:
    return {row.name: row for row in sounds()}


def category_of(subcategory: Subcategory) -> Category:
    """The category that a subcategory belongs to."""
    return sound_of(subcategory).category


def is_impulsive(subcategory: Subcategory, variant: str | None = None) -> bool:
    """Whether a sound is timed by hits (True) or by spans (False)."""
    return sound_of(subcategory, variant).impulsive


def ucs_id(
    subcategory: Subcategory, variant: str | None, material: str | None, surface: str | None
) -> str:
    """UCS CatID of a sound; a material, then a surface may name a finer one than its row."""
    row = sound_of(subcategory, variant)
    finer = (row.finer.get(word) for word in (material, surface) if word)
    return next((found for found in finer if found), row.ucs_id)
