"""Progress: long work reports through one small callable."""

from typing import Protocol

LABELS = {
    "see": "Look at the picture",
    "read": "Read the screenplay",
    "inspect": "Look closer",
    "scribe": "Describe what happens",
    "validate": "Check the description",
    "write": "Write the Foley script",
    "cue": "Trace the sources",
    "sound": "Perform and check takes",
    "diagnose": "Measure the takes",
    "plan": "Plan the mix",
    "specialists": "Reverb, EQ, dynamics",
    "mix": "Mix and master",
    "critique": "Listen again",
    "upmix": "Make 5.1",
    "deliver": "Deliver",
}
"""Steps as the user sees them, in order."""

PART_OF = {
    **dict.fromkeys(("root", "begin", "expand", "prune", "choose"), "write"),
    "confer": "specialists",
    "check": "sound",
}
"""Nodes that are shown as part of another step."""


class Progress(Protocol):
    """Called with the step, the share done in 0..1, and a short message."""

    def __call__(self, step: str, fraction: float, message: str = "") -> None:
        """Report."""


def silent(step: str, fraction: float, message: str = "") -> None:
    """Report nothing."""
