"""The aligner by rules: what shots show, the order of the text, and a price for exceptions."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from foley_designer.agents.aligner.evidence import evidence
from foley_designer.agents.aligner.film import (
    between_titles,
    left_note,
    lines_of,
    map_of,
    note,
    order_note,
    scene_of,
    untold_note,
)
from foley_designer.agents.aligner.monotone import Aligned, Prices, align, stays_of
from foley_designer.agents.aligner.runs import Run, by_place, runs
from foley_designer.agents.aligner.telling import telling_of
from foley_designer.core.note import Note
from foley_designer.core.script.observation import Observation, Shot
from foley_designer.core.script.scene import FilmScene, SceneMap, SettledBy
from foley_designer.core.script.screenplay import (
    Element,
    ElementKind,
    Screenplay,
    ScriptScene,
)

SURE = 0.55
"""Mean confidence under which the order alone decides."""
UNUSED = "Each scene is written from its own words; the description of the film sums it up."
MOST_TEXTS = 3
"""Scenes of a script for each place of the film from which the film is an excerpt of it."""
LEAST_SENTENCES = 3
"""Sentences, and stretches of one place, from which prose is spread over a film."""
_SENTENCE = re.compile(r"[^.!?]+[.!?]*[”\"’']*\s*")


class RulesAligner:
    """Gives every scene of the film the words that tell it.

    Args:
        prices: of exceptions to the script's order.
    """

    def __init__(self, prices: Prices | None = None) -> None:
        self.prices = prices or Prices()

    def align(
        self, observation: Observation, screenplay: Screenplay | None, description: str | None
    ) -> SceneMap | None:
        """The film's scenes with their words; None if all is one scene.

        A script of several scenes is spread over the film scene by scene; a description, prose or
        timed text over the film's places sentence by sentence. One scene of a screenplay is one;
        titles and black before and behind it stay silent.
        """
        found = self._several(observation, screenplay, description)
        scenes = screenplay.scenes if screenplay else ()
        told = scenes[0] if len(scenes) == 1 else None
        if found is not None or len(scenes) > 1:
            return found
        return between_titles(observation, _one_text(told, description))

    def _several(
        self, observation: Observation, screenplay: Screenplay | None, description: str | None
    ) -> SceneMap | None:
        shots = observation.shots
        scenes = screenplay.scenes if screenplay else ()
        if sum(shot.has_film for shot in shots) < 2:
            return None
        places = len({key for key in by_place(shots) if key >= 0})
        if len(scenes) > 1:
            is_excerpt = places < 2 or len(scenes) > MOST_TEXTS * places
            said = (note(UNUSED),) if description else ()
            return None if is_excerpt else self._by_scenes(observation, scenes, said)
        told = scenes[0] if scenes else None
        if told is not None and told.heading:
            return None
        units = _sentences(told, description)
        if any(element.start_s is not None for element in units):
            return _by_times(observation, units)
        if min(len(units), places) < LEAST_SENTENCES:
            return None
        return self._by_sentences(observation, units)

    def _by_scenes(
        self, observation: Observation, texts: Sequence[ScriptScene], said: Sequence[Note]
    ) -> SceneMap:
        aligned, by_order = self._aligned(observation.shots, texts)
        keys = _keys(observation.shots, aligned)
        found = runs(observation.shots, keys)
        scenes = [
            self._timed(scene, observation)
            for scene in _film_scenes(observation, found, aligned, texts, by_order)
        ]
        left = [text for index, text in enumerate(texts) if index not in set(keys)]
        unplaced = tuple(f"{text.heading or text.action[:60]} (line {text.line})" for text in left)
        notes = [*said, *order_note(by_order), *left_note(texts, left), *untold_note(scenes)]
        whole = map_of(observation, scenes, unplaced, notes)
        return whole.model_copy(update={"lines_left": lines_of(left)})

    def _aligned(self, shots: Sequence[Shot], texts: Sequence[ScriptScene]) -> tuple[Aligned, bool]:
        """Texts of the shots with film; by order alone where what they show tells too little."""
        film = [shot for shot in shots if shot.has_film]
        tellings = [telling_of(text) for text in texts]
        seen = evidence(film, tellings)
        stays = stays_of([shot.continues for shot in film], len(texts))
        seconds = np.array([shot.end_s - shot.start_s for shot in film])
        middles = (np.cumsum(seconds) - seconds / 2) / seconds.sum()
        lengths = np.array([float(telling.length) for telling in tellings])
        aligned = align(seen, stays, middles, lengths, self.prices)
        if float(aligned.confidence.mean()) >= SURE:
            return aligned, False
        return align(0.0 * seen, stays, middles, lengths, self.prices), True

    def _timed(self, scene: FilmScene, observation: Observation) -> FilmScene:
        """The scene with its sentences on those of its shots that show them, where that is sure."""
        shots = [s for s in observation.shots if scene.start_s <= s.start_s < scene.end_s]
        film = [shot for shot in shots if shot.has_film]
        units = _sentences(scene.text, None)
        if scene.text is None or min(len(units), len(film)) < 2:
            return scene
        texts = [ScriptScene(elements=(unit,), line=unit.line) for unit in units]
        aligned, by_order = self._aligned(film, texts)
        if by_order or (aligned.text < 0).any():
            return scene
        timed = tuple(
            unit.model_copy(update=_window(film, np.nonzero(aligned.text == number)[0]))
            for number, unit in enumerate(units)
        )
        speech = tuple(e for e in scene.text.elements if e.kind is not ElementKind.ACTION)
        words = scene.text.model_copy(update={"elements": (*speech, *timed)})
        return scene.model_copy(update={"text": words})

    def _by_sentences(self, observation: Observation, units: Sequence[Element]) -> SceneMap:
        """Scenes by looks; sentences in order, each to the shots that show it best."""
        shots = observation.shots
        found = runs(shots, by_place(shots))
        texts = [ScriptScene(elements=(unit,), line=unit.line) for unit in units]
        aligned, by_order = self._aligned(shots, texts)
        film = [index for index, shot in enumerate(shots) if shot.has_film]
        homes = _homes(aligned, len(units))
        words: dict[int, list[Element]] = {}
        for unit, place in zip(units, homes, strict=True):
            at = film[place]
            home = next(k for k, one in enumerate(found) if one.first <= at < one.last)
            words.setdefault(home, []).append(unit)
        scenes = []
        for number, run in enumerate(found):
            sure = _confidence(aligned, film, run)
            text = _prose(words.get(number, ()))
            scenes.append(scene_of(number, observation, run, text, sure, by_order))
        return map_of(observation, scenes, (), [*order_note(by_order), *untold_note(scenes)])


def _window(film: Sequence[Shot], own: NDArray[np.int64]) -> dict[str, float]:
    """From the first to the last of a sentence's shots; none if no shot took it."""
    if not own.size:
        return {}
    return {"start_s": film[own[0]].start_s, "end_s": film[own[-1]].end_s}


def _homes(aligned: Aligned, units: int) -> list[int]:
    """Per sentence the shot that it begins in; one that no shot took goes with the one before."""
    first: dict[int, int] = {}
    for shot, text in enumerate(aligned.text):
        first.setdefault(int(text), shot)
    homes: list[int] = []
    for unit in range(units):
        homes.append(first.get(unit, homes[-1] if homes else 0))
    return homes


def _by_times(observation: Observation, units: Sequence[Element]) -> SceneMap | None:
    """Scenes by looks; each timed line in those that it overlaps most."""
    shots = observation.shots
    found = runs(shots, by_place(shots))
    if len(found) < 2:
        return None
    words: dict[int, list[Element]] = {}
    for unit in units:
        start = unit.start_s if unit.start_s is not None else 0.0
        end = unit.end_s if unit.end_s is not None else start
        if start >= observation.clip.duration_s:
            continue
        overlap = [
            min(end, shots[run.last - 1].end_s) - max(start, shots[run.first].start_s)
            for run in found
        ]
        words.setdefault(int(np.argmax(overlap)), []).append(unit)
    scenes = []
    for number, run in enumerate(found):
        text = _prose(words.get(number, ()))
        scene = scene_of(number, observation, run, text, 1.0, False)
        scenes.append(scene.model_copy(update={"settled_by": SettledBy.TIMES}))
    late = sum((u.start_s or 0.0) >= observation.clip.duration_s for u in units)
    notes = (
        [note(f"{late} timed line(s) lie after the clip's end and were left out.")] if late else []
    )
    return map_of(observation, scenes, (), notes)


def _sentences(told: ScriptScene | None, description: str | None) -> list[Element]:
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


def _prose(elements: Sequence[Element]) -> ScriptScene | None:
    """A scene without heading of these sentences; None without any."""
    return ScriptScene(elements=tuple(elements), line=elements[0].line) if elements else None


def _one_text(told: ScriptScene | None, description: str | None) -> ScriptScene | None:
    """A screenplay's scene and a description as one text."""
    if told is None or not description:
        return told or _prose(_sentences(None, description))
    own = Element(kind=ElementKind.ACTION, text=description, line=told.line)
    return told.model_copy(update={"elements": (own, *told.elements)})


def _keys(shots: Sequence[Shot], aligned: Aligned) -> list[int]:
    """Per shot the number of its text; untold film gets a number of its own, past the texts."""
    texts = iter(aligned.text)
    places = by_place(shots)
    keys = []
    for shot, place in zip(shots, places, strict=True):
        text = int(next(texts)) if shot.has_film else -1
        keys.append(text if text >= 0 or not shot.has_film else 10_000 + place)
    return keys


def _film_scenes(
    observation: Observation,
    found: Sequence[Run],
    aligned: Aligned,
    texts: Sequence[ScriptScene],
    by_order: bool,
) -> list[FilmScene]:
    film = [index for index, shot in enumerate(observation.shots) if shot.has_film]
    scenes = []
    for number, run in enumerate(found):
        sure = _confidence(aligned, film, run)
        text = texts[run.key] if 0 <= run.key < len(texts) else None
        scenes.append(scene_of(number, observation, run, text, sure, by_order))
    return scenes


def _confidence(aligned: Aligned, film: Sequence[int], run: Run) -> float:
    """Mean confidence of a run's shots with film; 1 where it has none."""
    sure = [aligned.confidence[k] for k, i in enumerate(film) if run.first <= i < run.last]
    return float(np.mean(sure)) if sure else 1.0
