"""The search graph G = (N, E) of Algorithm 1, kept whole for the report."""

from typing import ClassVar

from pydantic import Field

from foley_designer.core.documents import Document, Part, Ref
from foley_designer.core.script.foley_script import FoleyScript


class SearchNode(Part):
    """One candidate script."""

    id: str
    parent: str | None = None
    depth: int = Field(ge=0)
    """Level of the search at which it was made; a sibling that was written anew hangs higher."""
    operator: str
    """``root``, ``refine:…`` or ``regenerate:…``."""
    reason: str = ""
    script_hash: Ref[FoleyScript]
    align: float = Field(ge=0, le=1)
    layer: float = Field(ge=0, le=1)
    emotion: float = Field(ge=0, le=1)
    total: float = Field(ge=0, le=1)
    objections: tuple[str, ...] = ()
    """What lowered the score, in words."""
    against_s: tuple[float, ...] = ()
    """When what was objected to is seen, seconds."""
    kept: bool = False
    """Whether it survived the pruning of its level."""
    chosen: bool = False


class SearchLog(Document):
    """Every candidate with its score and reason, and why the search ended."""

    SCHEMA: ClassVar[str] = "search-log"

    nodes: tuple[SearchNode, ...]
    ended_by: str
    """``threshold``, ``depth``, ``budget`` or ``no_children``."""
