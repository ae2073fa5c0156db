"""What a reviser is asked and answers: operations, a question, a command, or that it is lost."""

from typing import Literal, Protocol

from pydantic import Field

from foley_designer.core.documents import Part
from foley_designer.core.revision.operations import Operation
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import Observation
from foley_designer.memory.preferences import Preference, Preferences


class Option(Part):
    """One reading of a request."""

    text: str
    operations: tuple[Operation, ...]
    doubts: tuple[str, ...] = ()
    """As in `Understanding`."""


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
    """What to ask if there are options."""
    partial: bool = False
    """Whether the options leave words out that were not understood: a model may know better."""
    notes: tuple[str, ...] = ()
    """How it was read, where that is not plain from what is done."""
    doubts: tuple[str, ...] = ()
    """What of the operations the words don't surely ask for: it is confirmed in any case."""


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
    names: tuple[str, ...] = ()
    """Characters of the screenplay, each word of a name by itself."""
    observation: Observation | None = None
    """What was seen, for a sound that is to follow something in the picture."""


def hint_for(script: FoleyScript) -> str:
    """What can be said here: the script's own sounds, and a request about one of them."""
    labels = [event.label for event in script.events]
    more = f" and {len(labels) - 8} more" if len(labels) > 8 else ""
    counted = next((event for event in script.events if len(event.hits) > 2), None)
    which = f"the second hit of {counted.label}" if counted else labels[0]
    return (
        f"The sounds are {', '.join(labels[:8])}{more}. "
        f'Say which, and what of it, such as "{which} 2 dB quieter".'
    )


class Reviser(Protocol):
    """Turns a request into operations."""

    def understand(self, request: str, situation: Situation) -> Understanding:
        """The meaning of a request; it never guesses between readings that differ."""
