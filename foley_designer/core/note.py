"""Notes: what a run tells its user, such as a fallback taken. Nothing degrades silently."""

from enum import StrEnum

from foley_designer.core.documents import Part


class NoteKind(StrEnum):
    """What a note is about."""

    PART = "part"
    FALLBACK = "fallback"
    DECISION = "decision"
    OPEN_POINT = "open_point"
    ADVICE = "advice"


class Note(Part):
    """One visible remark of one step."""

    kind: NoteKind
    step: str
    """Step of the pipeline that speaks, such as ``see`` or ``sound``."""
    text: str
    """One or two plain sentences."""
    event_id: str | None = None
    """The sound event concerned, if one is."""
