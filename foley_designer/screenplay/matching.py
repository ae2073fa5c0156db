"""Which scene of a script belongs to the clip."""

import math
import re
from collections import Counter
from pathlib import PurePath
from typing import NamedTuple

from foley_designer.core.note import Note, NoteKind
from foley_designer.core.script.observation import Observation
from foley_designer.core.script.screenplay import Screenplay, ScriptScene
from foley_designer.screenplay.programme import proportion_notes, within
from foley_designer.screenplay.text import word_set

_WORD = re.compile(r"[a-z]{3,}")
_COMMON = word_set(
    "the and with from into onto over under through for that this his her its their them they "
    "then than are was were has have had but not out off one two who while there here scene clip "
    "shot take int ext day night mov mp4"
)
_DARK = frozenset({"night", "midnight", "dusk", "dawn", "evening", "twilight"})
_BRIGHT = frozenset({"day", "noon", "midday", "morning", "afternoon"})
_DARK_LUMA = 0.22
_BRIGHT_LUMA = 0.42
_LIGHT_WEIGHT = 0.15
"""Light tells scenes apart where words do not; it never outweighs a word that fits."""
_ENOUGH = 0.3
"""Share of the asked-for words' weight that a scene must hold to be taken, in several words."""
_ENOUGH_IN_ONE_WORD = 0.5
_FOREIGN = 0.5
"""What a word that stands nowhere in the script weighs, as a share of its rarest word."""
_STEP = "input"


class _Match(NamedTuple):
    """How well one scene fits."""

    words: float
    light: float
    shared: tuple[str, ...]

    @property
    def total(self) -> float:
        return self.words + _LIGHT_WEIGHT * self.light

    @property
    def fits(self) -> bool:
        """Whether the words suffice; a single rare word may be chance."""
        return self.words >= (_ENOUGH if len(self.shared) > 1 else _ENOUGH_IN_ONE_WORD)


def matching_scene(
    screenplay: Screenplay,
    observation: Observation,
    description: str | None = None,
    clip_name: str = "",
) -> tuple[ScriptScene | None, tuple[Note, ...]]:
    """The scene that fits the clip, and what was decided about it.

    Timed text is moved to the clip's time and cut to its length. Of several scenes the one that
    shares the most telling words (by inverse scene frequency) with the description and the clip's
    name is taken; the heading's time of day against the picture's brightness breaks ties. If
    nothing fits, none is taken: sounds of a wrong scene are worse than none.
    """
    scenes = screenplay.scenes
    if not scenes:
        return None, ()
    if len(scenes) == 1:
        scene, notes = within(scenes[0], observation.clip)
        return scene, (*notes, *proportion_notes(scene, observation.clip))
    asked = _words(f"{description or ''} {PurePath(clip_name).stem}")
    matches = _matches(scenes, asked, observation)
    best = max(range(len(scenes)), key=lambda i: (matches[i].total, -i))
    match = matches[best]
    others = [other.total for i, other in enumerate(matches) if i != best]
    by_light = match.light > 0 and match.total > max(others)
    if not match.fits and not by_light:
        return None, (_no_scene(len(scenes)),)
    why = f"it shares {_quoted(match.shared)}" if match.shared else "its light fits the picture"
    text = f"Of {len(scenes)} scenes, {_name(scenes[best])} was taken: {why} with the clip."
    if match.total - max(others) < 0.05:
        text += " Another one fits nearly as well; give the excerpt alone to be sure."
    note = Note(kind=NoteKind.DECISION, step=_STEP, text=text)
    return scenes[best], (note, *proportion_notes(scenes[best], observation.clip))


def _matches(
    scenes: tuple[ScriptScene, ...], asked: frozenset[str], observation: Observation
) -> list[_Match]:
    """Each scene's share of the asked-for words, rare words counting more, and its light."""
    bags = [_words(f"{scene.heading} {_text(scene)}") for scene in scenes]
    counts = Counter(word for bag in bags for word in bag)
    rarest = math.log(1 + len(scenes))
    weight = {word: math.log((1 + len(scenes)) / counts[word]) for word in asked if counts[word]}
    whole = math.fsum(weight.values()) + _FOREIGN * rarest * len(asked - weight.keys())
    return [
        _Match(
            words=math.fsum(weight[w] for w in asked & bag) / whole if whole else 0.0,
            light=_light(scene, observation),
            shared=tuple(sorted(asked & bag, key=lambda w: (-weight[w], w))[:4]),
        )
        for scene, bag in zip(scenes, bags, strict=True)
    ]


def _light(scene: ScriptScene, observation: Observation) -> float:
    """1 if the heading's time of day fits the picture's brightness, -1 if it contradicts."""
    times = set(_WORD.findall(scene.time_of_day.lower()))
    seconds = sum(shot.end_s - shot.start_s for shot in observation.shots)
    luma = sum(s.brightness * (s.end_s - s.start_s) for s in observation.shots) / seconds
    if luma < _DARK_LUMA:
        return float(bool(times & _DARK)) - float(bool(times & _BRIGHT))
    if luma > _BRIGHT_LUMA:
        return float(bool(times & _BRIGHT)) - float(bool(times & _DARK))
    return 0.0


def _no_scene(count: int) -> Note:
    text = (
        f"None of the script's {count} scenes fits the clip by words or light. "
        "Give the scene's excerpt alone, or say with --describe what is seen."
    )
    return Note(kind=NoteKind.ADVICE, step=_STEP, text=text)


def _text(scene: ScriptScene) -> str:
    return "\n".join(element.text for element in scene.elements)


def _words(text: str) -> frozenset[str]:
    """Telling words in a plain stem, so that ``walks`` meets ``walking``."""
    found = _WORD.findall(text.lower().replace("_", " "))
    return frozenset(_stem(word) for word in found if word not in _COMMON)


def _stem(word: str) -> str:
    for ending in ("ing", "es", "ed", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word


def _name(scene: ScriptScene) -> str:
    return f"“{scene.heading}” (line {scene.line})" if scene.heading else f"line {scene.line}"


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(f"“{word}”" for word in words)
