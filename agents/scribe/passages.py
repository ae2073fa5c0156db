"""The words about a clip, passage by passage, with their times where they have some."""

from typing import NamedTuple

from foley_designer.agents.lexicon import without_speech
from foley_designer.core.brief import Brief
from foley_designer.core.observation import MotionKind, Observation, Track
from foley_designer.core.screenplay import ElementKind

_VERBS = {
    MotionKind.WALKING: "walks",
    MotionKind.PASSING: "passes by",
    MotionKind.STRIKING: "strikes",
    MotionKind.FALLING: "falls",
}


class Passage(NamedTuple):
    """A stretch of words; quoted speech in it is blanked out."""

    text: str
    origin: str
    """``description``, ``line 12`` of the script, or ``picture``."""
    start_s: float | None = None
    end_s: float | None = None

    @property
    def is_timed(self) -> bool:
        """Whether the source says when."""
        return self.start_s is not None


def passages(brief: Brief) -> tuple[Passage, ...]:
    """The description, then the scene's action, then what a detector named in the picture."""
    found: list[Passage] = []
    if brief.description:
        found.append(Passage(without_speech(brief.description), "description"))
    for element in brief.scene.elements if brief.scene else ():
        if element.kind is ElementKind.ACTION:
            text = without_speech(element.text)
            found.append(Passage(text, f"line {element.line}", element.start_s, element.end_s))
    return tuple(found) or _named(brief.observation)


def _named(observation: Observation) -> tuple[Passage, ...]:
    """A short sentence for each track that a detector or a seeing model named."""
    return tuple(
        Passage(f"A {track.label} {_verb(track)}.", "picture", track.start_s, track.end_s)
        for track in observation.tracks
        if track.label
    )


def _verb(track: Track) -> str:
    return _VERBS.get(track.kind, "moves")
