"""The words about a clip, passage by passage, with their times where they have some."""

import re
from typing import NamedTuple

from foley_designer.agents.lexicon import without_speech
from foley_designer.agents.scribe.camera import without_camera
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.observation import MotionKind, Observation, Track
from foley_designer.core.script.screenplay import ElementKind

_WRAPPED = re.compile(r"\n(?=[a-z])")
"""A line break inside a sentence."""
_OFF = re.compile(r"\bO\. ?S\.")
_NAME = re.compile(r"[A-Z][A-Z'’-]{2,}")
MAX_CHARACTERS = 20_000
"""About ten pages, ten minutes of film."""
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
    interior: bool | None = None
    """Whether its scene plays indoors, by the heading; None if nothing says."""

    names: tuple[str, ...] = ()
    """Names of the characters of its scene."""

    @property
    def is_timed(self) -> bool:
        """Whether the source says when."""
        return self.start_s is not None


def passages(brief: Brief) -> tuple[Passage, ...]:
    """The description and the scene's action; without them, what a detector named.

    Only the first ``MAX_CHARACTERS`` count: more than that is no scene of one clip.
    """
    found: list[Passage] = []
    room = MAX_CHARACTERS
    for passage in (*_described(brief), *_acted(brief)):
        text = _OFF.sub("off-screen", without_speech(passage.text[:room]))
        text = _WRAPPED.sub(" ", text)
        room -= len(text)
        if text:
            found.append(passage._replace(text=text))
    return tuple(found) or _named(brief.observation)


def _described(brief: Brief) -> tuple[Passage, ...]:
    return (Passage(brief.description, "description"),) if brief.description else ()


def _acted(brief: Brief) -> tuple[Passage, ...]:
    names = character_names(brief)
    return tuple(
        Passage(
            without_camera(element.text),
            f"line {element.line}",
            element.start_s,
            element.end_s,
            scene.interior,
            names,
        )
        for scene in brief.texts
        for element in scene.elements
        if element.kind is ElementKind.ACTION
    )


def character_names(brief: Brief) -> tuple[str, ...]:
    """Names in the cues of the scene's dialogue, each word by itself."""
    cues = (
        element.text
        for scene in brief.texts
        for element in scene.elements
        if element.kind is ElementKind.CHARACTER
    )
    return tuple(dict.fromkeys(word for cue in cues for word in _NAME.findall(cue)))


def _named(observation: Observation) -> tuple[Passage, ...]:
    """A short sentence for each track that a detector or a seeing model named."""
    return tuple(
        Passage(f"A {track.label} {_verb(track)}.", "picture", track.start_s, track.end_s)
        for track in observation.tracks
        if track.label
    )


def _verb(track: Track) -> str:
    return _VERBS.get(track.kind, "moves")
