"""A rendition: the takes and stems of one revision by name, so that it can be heard again."""

from typing import ClassVar

from foley_designer.core.documents import Document, Part
from foley_designer.core.mix.take import Take
from foley_designer.core.note import Note
from foley_designer.core.revision.operations import Operation


class KeptStem(Part):
    """A processed stem in the session's ``.foley/stems``."""

    event_id: str
    file: str
    """File name."""
    gain_db: float


class Rendition(Document):
    """What was rendered for one revision, and how it came about."""

    SCHEMA: ClassVar[str] = "rendition"

    takes: tuple[Take, ...]
    stems: tuple[KeptStem, ...]
    notes: tuple[Note, ...] = ()
    usage: dict[str, float] = {}
    request: str = ""
    """The words that asked for this revision; empty for a design."""
    operations: tuple[Operation, ...] = ()
    """What was done to the script of the revision before."""
