"""The film's bible: what stays the same from scene to scene, in a file that a person edits.

Feet, cloth, places and props are decided once. What the script says is taken from there; the rest
is guessed from the first scene that needs it and marked so. A person's word stands, and reaches
every scene that it bears on.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from foley_designer.core.category import Subcategory
from foley_designer.core.documents import Document, Part
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import write_text
from foley_designer.core.reading import UnreadableError, read_yaml
from foley_designer.core.sounds.table import rows_of
from foley_designer.core.space import Space

Gait = Literal["walks", "limps", "shuffles", "tiptoes", "stamps"]
_MAX_BYTES = 1024 * 1024
_HEAD = """\
# The film's bible: what stays the same from scene to scene. Edit a value and give the film's
# command again: the scenes that it bears on are performed anew, and no others. Values named under
# guessed were said by nobody; take a name out when you have decided. A change holds from its scene:
#   changes: [{scene: r1s12, gait: limps}]
# New characters, places and props are added behind; what stands here is never overwritten.
"""


def _one_of(value: str | None, kind: Subcategory, what: str) -> None:
    known = [row.variant for row in rows_of(kind)]
    if value is not None and value not in known:
        raise ValueError(f"{what} {value!r:.40} is none of {', '.join(map(str, known))}")


class Change(Part):
    """What is otherwise from a scene on."""

    scene: str
    """Id of the scene, such as ``r1s12``."""
    shoes: str | None = None
    weight: float | None = Field(default=None, ge=0, le=1)
    gait: Gait | None = None
    cloth: str | None = None

    @model_validator(mode="after")
    def _known(self) -> Self:
        _one_of(self.shoes, Subcategory.HUMAN_STEPS, "shoes")
        return self


class Character(Part):
    """How somebody sounds."""

    name: str
    shoes: str | None = None
    """Variant of steps, such as ``boots``; None until somebody is heard to walk."""
    weight: float = Field(default=0.5, ge=0, le=1)
    """0 a child, 0.5 anybody, 1 a giant."""
    gait: Gait = "walks"
    cloth: str | None = None
    """Material of clothes, such as ``leather``; None until somebody's are heard."""
    guessed: tuple[str, ...] = ()
    """Fields that nobody said."""
    changes: tuple[Change, ...] = ()
    """In the order of the film."""

    @model_validator(mode="after")
    def _known(self) -> Self:
        _one_of(self.shoes, Subcategory.HUMAN_STEPS, "shoes")
        return self

    def at(self, scene: str, order: Mapping[str, int]) -> "Character":
        """As the character is in a scene: with all changes up to there.

        Args:
            scene: its id.
            order: each scene's place in the film.
        """
        here = order.get(scene, len(order))
        now = self
        for change in self.changes:
            if order.get(change.scene, here + 1) <= here:
                fields = change.model_dump(exclude={"scene"}, exclude_none=True)
                now = now.model_copy(update=fields)
        return now


class Place(Part):
    """How a place sounds."""

    title: str
    space: Space
    ambience: str | None = None
    """Variant of its ambience, such as ``forest``; None until it is heard."""
    ambience_db: float = Field(default=0.0, ge=-40, le=24)
    """Level of its ambience against what is usual."""
    guessed: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _known(self) -> Self:
        _one_of(self.ambience, Subcategory.AMBIENCE, "ambience")
        return self


class Prop(Part):
    """What a thing is made of."""

    material: str = Field(min_length=1, max_length=40)
    guessed: tuple[str, ...] = ()


class Bible(Document):
    """``bible.yaml``."""

    SCHEMA: ClassVar[str] = "film-bible"

    characters: dict[str, Character] = {}
    places: dict[str, Place] = {}
    props: dict[str, Prop] = {}
    """By the sound's variant, such as ``hammer``."""


def write_bible(path: Path, bible: Bible) -> None:
    """Write the file; raises as `write_text`."""
    import yaml  # noqa: PLC0415 - 30 ms

    plain = bible.model_dump(mode="json", exclude_none=True)
    for each in plain["characters"].values():
        for name in ("guessed", "changes"):
            if not each[name]:
                del each[name]
    head = {"schema": Bible.SCHEMA, "schema_version": Bible.VERSION}
    text = yaml.safe_dump(head | plain, sort_keys=False, allow_unicode=True, width=100)
    write_text(path, _HEAD + text)


def read_bible(path: Path) -> Bible | None:
    """Read the file; None if there is none.

    Raises:
        FoleyError: ``document_invalid`` with the place of what is wrong.
    """
    if not path.is_file():
        return None
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise UnreadableError("larger than 1 MiB")
        data = read_yaml(path.read_text(encoding="utf-8"))
    except (UnreadableError, UnicodeDecodeError) as error:
        raise FoleyError(ErrorCode.DOCUMENT_INVALID, f"{path.name}: {error}.") from error
    return Bible.from_plain(data)
