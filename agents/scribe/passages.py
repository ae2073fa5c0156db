"""The words about a clip, passage by passage, with their times where they have some."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from foley_designer.agents.lexicon import without_speech
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.observation import MotionKind, Observation, Track
from foley_designer.core.script.screenplay import ElementKind, ScriptScene
from foley_designer.screenplay.camera import without_camera

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
    """The description and the scene's action; without them, what a detector named."""
    return told(brief.description, brief.texts) or _named(brief.observation)


def told(description: str | None, scenes: Sequence[ScriptScene]) -> tuple[Passage, ...]:
    """The description and the action of scenes; empty if neither says anything.

    Only the first ``MAX_CHARACTERS`` count: more than that is no scene of one clip.
    """
    described = (Passage(description, "description"),) if description else ()
    found: list[Passage] = []
    room = MAX_CHARACTERS
    for passage in (*described, *_acted(scenes)):
        text = _OFF.sub("off-screen", without_speech(passage.text[:room]))
        text = _WRAPPED.sub(" ", text)
        room -= len(text)
        if text:
            found.append(passage._replace(text=text))
    return tuple(found)


def _acted(scenes: Sequence[ScriptScene]) -> tuple[Passage, ...]:
    names = character_names(scenes)
    return tuple(
        Passage(
            without_camera(element.text),
            f"line {element.line}",
            element.start_s,
            element.end_s,
            scene.interior,
            names,
        )
        for scene in scenes
        for element in scene.elements
        if element.kind is ElementKind.ACTION
    )


def character_names(scenes: Sequence[ScriptScene]) -> tuple[str, ...]:
    """Names in the cues of the scene's dialogue, each word by itself."""
    cues = (
        element.text
        for scene in scenes
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
