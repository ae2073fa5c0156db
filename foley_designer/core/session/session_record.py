"""The session record: ``session.json``, what was made, from what, and by which parts."""

from enum import StrEnum
from typing import ClassVar

from pydantic import Field, JsonValue

from foley_designer.core.clip import Clip
from foley_designer.core.documents import Document, Part
from foley_designer.core.mix.mix_loudness import MixLoudness
from foley_designer.core.mix.mix_plan import LoudnessTarget
from foley_designer.core.note import Note


class Stage(StrEnum):
    """Whether a session is finished."""

    STARTED = "started"
    SCRIPTED = "scripted"
    DONE = "done"


class DesignInputs(Part):
    """What the user gave. A session belongs to one of these."""

    clip_path: str
    clip_sha256: str
    script_path: str | None = None
    script_sha256: str | None = None
    description: str | None = None
    spotting_path: str | None = None
    spotting_sha256: str | None = None
    settings: dict[str, JsonValue] = {}
    """The settings that decide what comes out."""


class StemRecord(Part):
    """One stem as delivered."""

    event_id: str
    file: str
    """Path relative to the session folder."""
    sha256: str
    gain_db: float
    """Fader with which it enters the mix."""
    engine: str
    credits: tuple[str, ...] = ()


class MixRecord(Part):
    """The mix as delivered and measured."""

    target: LoudnessTarget
    master_gain_db: float
    """Gain from the sum of stems to the master, before limiting."""
    stereo: MixLoudness
    surround: MixLoudness
    files: dict[str, str] = {}
    """Delivered file name to SHA-256."""


class SessionRecord(Document):
    """``session.json``."""

    SCHEMA: ClassVar[str] = "session"

    generator: str
    """Program and version."""
    stage: Stage = Stage.STARTED
    inputs: DesignInputs
    clip: Clip | None = None
    revision: str | None = None
    """The current revision: an entry of ``revisions.jsonl``."""
    documents: dict[str, str] = {}
    """Role, such as ``observation`` or ``script``, to the hash of the stored document."""
    parts: dict[str, str] = {}
    """Role, such as ``reasoning`` or ``depth``, to the part that filled it."""
    provenance: dict[str, str] = {}
    """Prompts as ``id@version#hash``, the knowledge's hash, model names."""
    stems: tuple[StemRecord, ...] = ()
    mix: MixRecord | None = None
    usage: dict[str, float] = Field(default_factory=dict)
    """Model calls and tokens spent."""
    notes: tuple[Note, ...] = ()
