"""The words about a clip, passage by passage, with their times where they have some."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from foley_designer.agents.lexicon import without_speech
from foley_designer.agents.scribe.unsaid.pictured import LOOK, lookalikes
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
    """``description``, ``line 12`` of the script, ``picture`` where a detector named what moves,
    or ``look`` where a classifier named the whole picture."""
    start_s: float | None = None
    end_s: float | None = None
    interior: bool | None = None
    """Whether its scene plays indoors, by the heading; None if nothing says."""

    names: tuple[str, ...] = ()
    """Names of the characters of its scene."""

    belief: float = 1.0
    """How surely it is so; less than 1 where a picture is only taken for it."""

    @property
    def is_timed(self) -> bool:
        """Whether the source says when."""
        return self.start_s is not None

    @property
    def speaker(self) -> str:
        """Who says it, as the subject of a sentence."""
        if self.origin == LOOK:
            return "The look of the picture"
        told = self.origin in ("description", "picture")
        return f"The {self.origin}" if told else f"The script ({self.origin})"


def passages(brief: Brief) -> tuple[Passage, ...]:
    """The description and the scene's action; without them, what the picture is taken for."""
    observation = brief.observation
    return told(brief.description, brief.texts) or _named(observation) or pictured(observation)


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


def pictured(observation: Observation) -> tuple[Passage, ...]:
    """The name of a sound for each stretch of shots that a classifier takes for its maker."""
    return tuple(
        Passage(one.sound.title, LOOK, one.start_s, one.end_s, belief=one.belief)
        for one in lookalikes(observation)
    )


def _named(observation: Observation) -> tuple[Passage, ...]:
    """A short sentence for each track that a detector or a seeing model named."""
    return tuple(
        Passage(f"A {track.label} {_verb(track)}.", "picture", track.start_s, track.end_s)
        for track in observation.tracks
        if track.label
    )


def _verb(track: Track) -> str:
    return _VERBS.get(track.kind, "moves")
