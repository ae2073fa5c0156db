"""What a reviser is asked and answers: operations, a question, a command, or that it is lost."""

from typing import Literal, Protocol

from pydantic import Field

from foley_designer.core.documents import Part
from foley_designer.core.revision.operations import Operation
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import Observation
from foley_designer.memory.preferences import Preference, Preferences

ABILITIES = (
    "I can change level, side, distance, time and length; replace, add, remove, split or merge "
    "sounds; change shoes, surface, space, tone, layer, perspective and reverberation; make "
    'another take; undo and redo. Such as: "the second footstep quieter, further left", "use '
    'sneakers instead of boots", "add rain outside".'
)


class Option(Part):
    """One reading of a request."""

    text: str
    operations: tuple[Operation, ...]


class Understanding(Part):
    """What a request means; exactly one of the first five is set."""

    operations: tuple[Operation, ...] = ()
    options: tuple[Option, ...] = ()
    """Readings that differ; the user chooses."""
    command: Literal["undo", "redo", "restore", "name"] | None = None
    """What is no edit; ``restore`` and ``name`` say which take by ``name``."""
    name: str = ""
    preference: Preference | None = None
    """Something meant for good."""
    unclear: str = ""
    """What was not understood; nothing is applied then."""
    question: str = ""
    """What to ask where there are options."""


class Turn(Part):
    """A request that was done."""

    request: str
    operations: tuple[Operation, ...] = ()
    before: FoleyScript
    """The script that it changed."""


class Situation(Part):
    """What a request may refer to beside the script."""

    script: FoleyScript
    levels: dict[str, float] = Field(default_factory=dict)
    """Loudness of each event in the mix, LUFS, where it is measured."""
    focus: tuple[str, ...] = ()
    """Events of the request before, which "it" may mean."""
    said: tuple[Turn, ...] = ()
    """Requests before this one that stand, the latest last: what "more" and "no, 2" are about."""
    pending: str = ""
    """A request that was asked back, and that this one may answer."""
    wishes: Preferences = Preferences()
    """What comparative words mean to this user."""
    observation: Observation | None = None
    """What was seen, for a sound that is to follow something in the picture."""


class Reviser(Protocol):
    """Turns a request into operations."""

    def understand(self, request: str, situation: Situation) -> Understanding:
        """The meaning of a request; it never guesses between readings that differ."""
