"""The aligner by rules: what shots show, the order of the text, and a price for exceptions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from foley_designer.agents.aligner.evidence import Answer, answered, evidence
from foley_designer.agents.aligner.film import (
    between_titles,
    left_note,
    lines_of,
    map_of,
    note,
    order_note,
    scene_of,
    unnamed_note,
    untold_note,
)
from foley_designer.agents.aligner.monotone import Aligned, Prices, align, stays_of
from foley_designer.agents.aligner.runs import Run, by_place, runs
from foley_designer.agents.aligner.telling import telling_of
from foley_designer.agents.aligner.texts import (
    Told,
    film_shots,
    one_text,
    prose,
    sentences_of,
    told_of,
)
from foley_designer.core.script.observation import Observation, Shot
from foley_designer.core.script.scene import FilmScene, SceneMap, SettledBy
from foley_designer.core.script.screenplay import (
    Element,
    ElementKind,
    Screenplay,
    ScriptScene,
)
from foley_designer.screenplay.names import characters

Answers = Mapping[int, Answer]
"""By the shots' index what somebody who saw them says."""
NONE: Answers = MappingProxyType({})
SURE = 0.55
"""Mean confidence under which the order alone decides."""


class RulesAligner:
    """Gives every scene of the film the words that tell it.

    Args:
        prices: of exceptions to the script's order.
    """

    def __init__(self, prices: Prices | None = None) -> None:
        self.prices = prices or Prices()

    def align(
        self,
        observation: Observation,
        screenplay: Screenplay | None,
        description: str | None,
        answers: Answers = NONE,
    ) -> SceneMap | None:
        """The film's scenes with their words; None if all is one scene.

        A script of several scenes is spread over the film scene by scene; a description, prose or
        timed text over the film's places sentence by sentence. One scene of a screenplay is one;
        titles and black before and behind it stay silent.

        Args:
            observation: what was seen.
            screenplay: the script, an excerpt of it, or prose.
            description: what a person says of the film.
            answers: of somebody who saw shots: which of `told_of`'s texts tells each.
        """
        told = told_of(observation, screenplay, description)
        if told is not None and told.sentences:
            return self._by_sentences(observation, told, answers)
        if told is not None:
            return self._by_scenes(observation, told, answers)
        scenes = screenplay.scenes if screenplay else ()
        if len(scenes) > 1:
            return None
        own = scenes[0] if scenes else None
        units = () if own is not None and own.heading else sentences_of(own, description)
        if any(unit.start_s is not None for unit in units) and film_shots(observation) > 1:
            timed = _by_times(observation, units)
            if timed is not None:
                return timed
        return between_titles(observation, one_text(own, description))

    def _by_scenes(self, observation: Observation, told: Told, answers: Answers) -> SceneMap:
        texts = told.texts
        aligned, by = self._aligned(observation.shots, texts, answers)
        keys = _keys(observation.shots, aligned)
        found = runs(observation.shots, keys)
        scenes = [
            self._timed(scene, observation)
            for scene in _film_scenes(observation, found, aligned, texts, by)
        ]
        left = [text for index, text in enumerate(texts) if index not in set(keys)]
        unplaced = tuple(f"{text.heading or text.action[:60]} (line {text.line})" for text in left)
        named = [] if answers else unnamed_note(observation.shots)
        notes = [*told.notes, *named, *order_note(by), *left_note(texts, left)]
        notes += untold_note(scenes)
        whole = map_of(observation, scenes, unplaced, notes)
        return whole.model_copy(update={"lines_left": lines_of(left)})

    def _aligned(
        self, shots: Sequence[Shot], texts: Sequence[ScriptScene], answers: Answers = NONE
    ) -> tuple[Aligned, SettledBy]:
        """Texts of the shots with film; by order alone if what they show tells too little."""
        film = [shot for shot in shots if shot.has_film]
        names = characters(texts)
        tellings = [telling_of(text, names) for text in texts]
        seen = answered(evidence(film, tellings), film, answers)
        stays = stays_of([shot.continues for shot in film], len(texts))
        seconds = np.array([shot.end_s - shot.start_s for shot in film])
        middles = (np.cumsum(seconds) - seconds / 2) / seconds.sum()
        lengths = np.array([float(telling.length) for telling in tellings])
        # Of what somebody saw, where its text stands in the script tells nothing more.
        prices = replace(self.prices, place=0.0) if answers else self.prices
        aligned = align(seen, stays, middles, lengths, prices)
        if float(aligned.confidence.mean()) >= SURE:
            return aligned, SettledBy.MODEL if answers else SettledBy.PICTURE
        return align(0.0 * seen, stays, middles, lengths, self.prices), SettledBy.ORDER

    def _timed(self, scene: FilmScene, observation: Observation) -> FilmScene:
        """The scene with its sentences on those of its shots that show them, where that is sure."""
        shots = [s for s in observation.shots if scene.start_s <= s.start_s < scene.end_s]
        film = [shot for shot in shots if shot.has_film]
        units = sentences_of(scene.text, None)
        if scene.text is None or min(len(units), len(film)) < 2:
            return scene
        texts = [ScriptScene(elements=(unit,), line=unit.line) for unit in units]
        aligned, by = self._aligned(film, texts)
        if by is SettledBy.ORDER or (aligned.text < 0).any():
            return scene
        timed = tuple(
            unit.model_copy(update=_window(film, np.nonzero(aligned.text == number)[0]))
            for number, unit in enumerate(units)
        )
        speech = tuple(e for e in scene.text.elements if e.kind is not ElementKind.ACTION)
        words = scene.text.model_copy(update={"elements": (*speech, *timed)})
        return scene.model_copy(update={"text": words})

    def _by_sentences(self, observation: Observation, told: Told, answers: Answers) -> SceneMap:
        """Scenes by looks; sentences in order, each to the shots that show it best."""
        shots, units = observation.shots, told.sentences
        found = runs(shots, by_place(shots))
        aligned, by = self._aligned(shots, told.texts, answers)
        film = [index for index, shot in enumerate(shots) if shot.has_film]
        words: dict[int, list[Element]] = {}
        last: dict[int, int] = {}
        for number, (unit, place) in enumerate(
            zip(units, _homes(aligned, len(units)), strict=True)
        ):
            home = next(k for k, one in enumerate(found) if one.first <= film[place] < one.last)
            words.setdefault(home, []).append(unit)
            last[home] = number
        whole = _gone_on_with(found, aligned, film, last)
        scenes = []
        for number, (run, home) in enumerate(whole):
            sure = _confidence(aligned, film, run)
            scenes.append(scene_of(number, observation, run, prose(words.get(home, ())), sure, by))
        notes = [] if answers else unnamed_note(shots)
        notes += [*order_note(by), *untold_note(scenes)]
        return map_of(observation, scenes, (), notes)


def _gone_on_with(
    found: Sequence[Run], aligned: Aligned, film: Sequence[int], last: Mapping[int, int]
) -> list[tuple[Run, int]]:
    """Runs by looks, with those joined that one sentence tells; and which of them began each.

    A run in which no sentence begins belongs to the run before it if its shots were given to the
    last sentence of that one, more surely than not.
    """
    whole: list[tuple[Run, int]] = []
    for number, run in enumerate(found):
        own = [int(aligned.text[k]) for k, i in enumerate(film) if run.first <= i < run.last]
        sure = _confidence(aligned, film, run) > 0.5
        if whole and number not in last and own and sure:
            before, home = whole[-1]
            if before.key >= 0 and 2 * own.count(last.get(home, -2)) > len(own):
                whole[-1] = (before._replace(last=run.last), home)
                continue
        whole.append((run, number))
    return whole


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
        text = prose(words.get(number, ()))
        scenes.append(scene_of(number, observation, run, text, 1.0, SettledBy.TIMES))
    late = sum((u.start_s or 0.0) >= observation.clip.duration_s for u in units)
    notes = (
        [note(f"{late} timed line(s) lie after the clip's end and were left out.")] if late else []
    )
    return map_of(observation, scenes, (), notes)


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
    by: SettledBy,
) -> list[FilmScene]:
    film = [index for index, shot in enumerate(observation.shots) if shot.has_film]
    scenes = []
    for number, run in enumerate(found):
        sure = _confidence(aligned, film, run)
        text = texts[run.key] if 0 <= run.key < len(texts) else None
        scenes.append(scene_of(number, observation, run, text, sure, by))
    return scenes


def _confidence(aligned: Aligned, film: Sequence[int], run: Run) -> float:
    """Mean confidence of a run's shots with film; 1 if it has none."""
    sure = [aligned.confidence[k] for k, i in enumerate(film) if run.first <= i < run.last]
    return float(np.mean(sure)) if sure else 1.0
