"""Texts: what of a script or of prose is spread over a film's shots."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from foley_designer.agents.aligner.film import note
from foley_designer.agents.aligner.runs import by_place
from foley_designer.core.note import Note
from foley_designer.core.script.observation import Observation
from foley_designer.core.script.screenplay import (
    Element,
    ElementKind,
    Screenplay,
    ScriptScene,
)

UNUSED = "Each scene is written from its own words; the description of the film sums it up."
MOST_TEXTS = 3
"""Scenes of a script for each place of the film from which the film is an excerpt of it."""
LEAST_SENTENCES = 3
"""Sentences, and stretches of one place, from which prose is spread over a film."""
_SENTENCE = re.compile(r"[^.!?]+[.!?]*[”\"’']*\s*")


class Told(NamedTuple):
    """Texts that are spread over a film's shots, in the order in which they are written."""

    texts: tuple[ScriptScene, ...]
    sentences: tuple[Element, ...] = ()
    """Those that the texts are, of prose; none of a script's scenes."""
    notes: tuple[Note, ...] = ()


def told_of(
    observation: Observation, screenplay: Screenplay | None, description: str | None
) -> Told | None:
    """The script's scenes, or the sentences of prose; None if nothing is to be spread."""
    scenes = screenplay.scenes if screenplay else ()
    if film_shots(observation) < 2:
        return None
    places = len({key for key in by_place(observation.shots) if key >= 0})
    if len(scenes) > 1:
        is_excerpt = places < 2 or len(scenes) > MOST_TEXTS * places
        return None if is_excerpt else Told(scenes, (), (note(UNUSED),) if description else ())
    own = scenes[0] if scenes else None
    if own is not None and own.heading:
        return None
    units = sentences_of(own, description)
    timed = any(unit.start_s is not None for unit in units)
    if timed or min(len(units), places) < LEAST_SENTENCES:
        return None
    texts = tuple(ScriptScene(elements=(unit,), line=unit.line) for unit in units)
    return Told(texts, tuple(units))


def film_shots(observation: Observation) -> int:
    """Shots that show something that can sound."""
    return sum(shot.has_film for shot in observation.shots)


def sentences_of(told: ScriptScene | None, description: str | None) -> list[Element]:
    """The sentences of prose or of a description, in order; timed lines stay whole."""
    elements = [e for e in told.elements if e.kind is ElementKind.ACTION] if told else []
    if description:
        elements.insert(0, Element(kind=ElementKind.ACTION, text=description, line=1))
    found = []
    for element in elements:
        if element.start_s is not None:
            found.append(element)
            continue
        parts = [match.group().strip() for match in _SENTENCE.finditer(element.text)]
        found += [element.model_copy(update={"text": part}) for part in parts if part]
    return found


def prose(elements: Sequence[Element]) -> ScriptScene | None:
    """A scene without heading of these sentences; None without any."""
    return ScriptScene(elements=tuple(elements), line=elements[0].line) if elements else None


def one_text(told: ScriptScene | None, description: str | None) -> ScriptScene | None:
    """A screenplay's scene and a description as one text."""
    if told is None or not description:
        return told or prose(sentences_of(None, description))
    own = Element(kind=ElementKind.ACTION, text=description, line=told.line)
    return told.model_copy(update={"elements": (own, *told.elements)})
