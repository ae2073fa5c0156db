"""The session record: ``session.json``, what was made, from what, and by which parts."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field, JsonValue

from foley_designer.core.clip import Clip
from foley_designer.core.documents import Document, Part
from foley_designer.core.mix.mix_loudness import MixLoudness
from foley_designer.core.mix.mix_plan import LoudnessTarget
from foley_designer.core.note import Note

Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

if TYPE_CHECKING:
    from foley_designer.core.session.roles import Delivered
else:
    Delivered = dict[str, Hash]  # read as data; who takes a document out says its kind


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
    scenes_path: str | None = None
    scenes_sha256: str | None = None
    settings: dict[str, JsonValue] = {}
    """The settings that decide what comes out."""
    contents: dict[str, str] = {}
    """Role, such as ``cards`` or ``engines``, to a hash of what fills it."""


class StemRecord(Part):
    """One stem as delivered."""

    event_id: str
    file: str = Field(pattern=r"^stems/[^/\\\x00]+$")
    """Path relative to the session folder."""
    sha256: Hash
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
    files: dict[Annotated[str, Field(pattern=r"^[^/\\\x00]+$")], Hash] = {}
    """Delivered file name to SHA-256."""


class LogEntry(Part):
    """A line of ``revisions.jsonl``."""

    id: str = Field(pattern=r"^[0-9a-f]{16}$")
    parent: str | None
    documents: Delivered
    """Role to the hash of a stored document."""
    reason: str
    """The words that asked for it."""


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
    documents: Delivered = {}
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

    @property
    def lacks(self) -> str:
        """What a finished design has and this one has not, in words; empty if it has all."""
        roles = {"script", "cues", "plan", "diagnosis_after", "observation", "rendition"}
        told = {"clip": self.clip, "revision": self.revision, "mix": self.mix}
        missing = [name for name, value in told.items() if value is None]
        return ", ".join((*missing, *sorted(roles - self.documents.keys())))
