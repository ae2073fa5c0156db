"""Targets: which events, or which of their hits, a phrase means."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from foley_designer.agents import lexicon
from foley_designer.agents.reviser.speech import take, words_of
from foley_designer.agents.reviser.understanding import Situation
from foley_designer.core.category import Subcategory
from foley_designer.core.script.sound_event import Layer, SoundEvent
from foley_designer.memory.inflection import forms, stem

NEAR_S = 0.5
"""A sound "at 3 s" begins this near, or is going on."""
MOST_OPTIONS = 9
SCENE = "scene"
"""Phrase of the whole mix."""

_HITS = words_of(
    "hit strike blow knock step footstep footfall bark caw shot beat tap clang chirp impact bounce "
    "chop thud"
)
_GENERIC = words_of("sound noise one thing event track stem")
_SKIPPED = words_of(
    "the a an his her their its my our of on in at to from for with like sounds make put move turn "
    "set bring pull push get have let should be is are go come more only there need"
)
_PRONOUNS = words_of("it that this them they those these")
_ALL = words_of("everything all every each both")
_WHOLE = re.compile(
    r"(?:the )?(?:whole|entire|full|complete) (?:mix|thing|scene|lot|clip)|the mix|the scene"
    r"|(?:the )?(?:overall )?(?:volume|loudness)"
    r"|overall|everything|all|all of it"
)
_COUNTED = (
    *("first 1st", "second 2nd", "third 3rd", "fourth 4th", "fifth 5th"),
    *("sixth 6th", "seventh 7th", "eighth 8th", "ninth 9th", "tenth 10th"),
)
_ORDINALS = {word: n for n, words in enumerate(_COUNTED, start=1) for word in words.split()}
_ORDINALS |= {"last": -1, "final": -1}
_TIME = r"(?:at|around|near|about) (\d+(?:\.\d+)?) ?(?:s|secs?|seconds?)"
_OUTSIDE = r"outside|outdoors|off screen|out of sight"
_LAYERS = {"background": Layer.BACKGROUND, "foreground": Layer.FOREGROUND}


class LostError(Exception):
    """Words that can't be understood; the message says which."""


class Target(NamedTuple):
    """An event, or some of its hits."""

    event: SoundEvent
    hits: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """As shown to the user."""
        event = self.event
        if self.hits:
            number = self.hits[0]
            return f"{event.label}, hit {number} at {event.hits[number - 1].time_s:.2f} s"
        return f"{event.label} ({event.id}) at {event.start_s:.2f} s"


class UnsureError(Exception):
    """Words that several targets answer to."""

    def __init__(self, phrase: str, readings: Sequence[tuple[Target, ...]]) -> None:
        super().__init__(phrase)
        self.phrase = phrase
        self.readings = tuple(readings)[:MOST_OPTIONS]


class Targets:
    """Resolves phrases against a script."""

    def __init__(
        self, situation: Situation, picks: dict[str, tuple[Target, ...]] | None = None
    ) -> None:
        self.events = situation.script.events
        self.situation = situation
        self.picks = picks or {}
        self.last: tuple[Target, ...] = tuple(
            Target(event) for event in self.events if event.id in situation.focus
        )

    def resolve(self, phrase: str, among: Sequence[SoundEvent] | None = None) -> tuple[Target, ...]:
        """What a phrase means.

        Args:
            phrase: words that name nothing else any more.
            among: events that can be meant; None for all.

        Raises:
            LostError: a word fits nothing.
            UnsureError: several single things fit.
        """
        phrase = " ".join(phrase.split())
        if phrase in self.picks:
            found = self.picks[phrase]
        else:
            found = self._resolve(phrase, self.events if among is None else among)
        self.last = found
        return found

    def _resolve(self, phrase: str, among: Sequence[SoundEvent]) -> tuple[Target, ...]:
        whole, excepted, rest = phrase.partition(" except ")
        if excepted:
            spared = {target.event.id for target in self._resolve(rest, among)}
            return tuple(t for t in self._resolve(whole, among) if t.event.id not in spared)
        text, pool = phrase, list(among)
        at, text = take(text, _TIME)
        outside, text = take(text, _OUTSIDE)
        if outside:
            pool = [event for event in pool if _is_outside(event)]
        layer, text = take(text, r"(?:in the )?(background|foreground)s?")
        if layer:
            pool = [event for event in pool if event.layer is _LAYERS[layer[1]]]
        words = [word for word in re.findall(r"[a-z0-9'-]+", text) if word not in _SKIPPED]
        loudest = {"loudest": 1, "quietest": -1, "softest": -1}
        extreme = next((loudest[word] for word in words if word in loudest), 0)
        everything = bool(_ALL & set(words)) or (bool(outside or layer) and not words)
        ordinals = [_ORDINALS[word] for word in words if word in _ORDINALS]
        nouns = [w for w in words if w not in _ALL and w not in _ORDINALS and w not in loudest]
        pointed = set(nouns) & _PRONOUNS and all(
            word in _PRONOUNS or stem(word) in _HIT_STEMS for word in nouns
        )
        if pointed and not (at or ordinals or outside or layer):
            return self._meant_before(phrase, pool)
        nouns = [word for word in nouns if word not in _PRONOUNS]
        named = [word for word in nouns if word not in _GENERIC]
        exact = [word for word in named if not all(_means(word, e) for e in pool)] or named
        unknown = [w for w in exact if not any(_means(w, event) for event in self.events)]
        unknown = [word for word in unknown if stem(word) not in _HIT_STEMS]
        if unknown:
            raise LostError(f"Nothing here is called {' '.join(unknown)!r}.")
        pool = self._named(named, pool)
        if not (pool and (words or at or everything)):
            raise LostError(f"Nothing here answers to {phrase!r}." if phrase else "Of what?")
        if at:
            return self._at(phrase, pool, float(at[1]), named)
        if extreme:
            hits = any(stem(word) in _HIT_STEMS for word in named)
            return (
                (_extreme_hit(pool[0], extreme),)
                if hits and len(pool) == 1
                else (Target(self._extreme(pool, extreme)),)
            )
        if ordinals:
            return self._ordinal(phrase, pool, ordinals, named)
        plural = any(word.endswith("s") and not word.endswith("ss") for word in named)
        if not (everything or plural):
            pool = [e for e in pool if _is_titled(e, named)] or pool
        if len(pool) == 1 or everything or plural:
            return tuple(Target(event) for event in pool)
        raise UnsureError(phrase, [(Target(event),) for event in pool])

    def _named(self, words: Sequence[str], pool: Sequence[SoundEvent]) -> list[SoundEvent]:
        """Events that all words fit; words for hits alone ("blow") need not fit."""
        found = [event for event in pool if all(_means(word, event) for word in words)]
        if found:
            return found
        telling = [word for word in words if stem(word) not in _HIT_STEMS]
        return [event for event in pool if telling and all(_means(w, event) for w in telling)]

    def _meant_before(self, phrase: str, pool: Sequence[SoundEvent]) -> tuple[Target, ...]:
        """What "it" stands for."""
        if self.last:
            return self.last
        if len(pool) == 1:
            return (Target(pool[0]),)
        if not pool:
            raise LostError(f"Nothing here answers to {phrase!r}.")
        raise UnsureError(phrase, [(Target(event),) for event in pool])

    def _at(
        self, phrase: str, pool: Sequence[SoundEvent], time_s: float, words: Sequence[str]
    ) -> tuple[Target, ...]:
        """What sounds at a time: a hit where the word is singular, else the event."""
        near: list[tuple[float, Target]] = []
        for event in pool:
            for number, hit in enumerate(event.hits, start=1):
                if abs(hit.time_s - time_s) <= NEAR_S:
                    single = len(event.hits) == 1
                    target = Target(event, () if single else (number,))
                    near.append((abs(hit.time_s - time_s), target))
            if any(span.start_s <= time_s < span.end_s for span in event.spans):
                near.append((0.0 if words else NEAR_S, Target(event)))
        if not near:
            raise LostError(f"Nothing of that sounds at {time_s:g} s.")
        best = min(distance for distance, _ in near)
        found = [target for distance, target in near if distance <= best + 0.05]
        if len(found) == 1:
            return (found[0],)
        raise UnsureError(phrase, [(target,) for target in found])

    def _extreme(self, pool: Sequence[SoundEvent], sign: int) -> SoundEvent:
        levels = self.situation.levels
        heard = [event for event in pool if event.id in levels]
        if not heard:
            raise LostError("How loud the sounds are was not measured.")
        return max(heard, key=lambda event: sign * levels[event.id])

    def _ordinal(
        self, phrase: str, pool: Sequence[SoundEvent], ordinals: Sequence[int], words: Sequence[str]
    ) -> tuple[Target, ...]:
        """The nth hit of one event, or the nth of several events."""
        if not words and len(pool) > 1:
            raise UnsureError(phrase, [(Target(event),) for event in pool])
        if len(pool) == 1:
            event = pool[0]
            numbers = [_place(n, len(event.hits), event.label) for n in ordinals]
            return (Target(event, tuple(sorted(numbers)) if len(event.hits) > 1 else ()),)
        if any(stem(word) in _HIT_STEMS for word in words):
            readings = [
                (Target(event, (_place(ordinals[0], len(event.hits), event.label),)),)
                for event in pool
                if len(event.hits) >= abs(ordinals[0])
            ]
            raise UnsureError(phrase, readings or [(Target(event),) for event in pool])
        in_time = sorted(pool, key=lambda event: event.start_s)
        return tuple(Target(in_time[_place(n, len(in_time), phrase) - 1]) for n in ordinals)


def is_scene(phrase: str) -> bool:
    """Whether a phrase means the mix as a whole."""
    return bool(_WHOLE.fullmatch(phrase.strip()))


def names_of(event: SoundEvent) -> frozenset[str]:
    """Stems of all words that an event is called by."""
    play = event.performance
    told = [event.label, *event.sound.called, event.id.replace("_", " ")]
    told += [value for value in (play.variant, play.surface, play.material) if value]
    words = {word for text in told for word in lexicon.tokens(text)} - _SKIPPED
    shown = {form for word in words for form in forms(word)}
    for table in (lexicon.SURFACES, lexicon.MATERIALS, lexicon.SHOES):
        values = (play.surface, play.material, play.variant)
        shown |= {word for word, value in table.items() if value in values}
    return frozenset(stem(word) for word in shown)


def _means(word: str, event: SoundEvent) -> bool:
    return stem(word) in names_of(event)


def _is_titled(event: SoundEvent, words: Sequence[str]) -> bool:
    """Whether an event's own label has all these words, rather than words for its kind."""
    own = {stem(form) for word in lexicon.tokens(event.label) for form in forms(word)}
    return all(stem(word) in own for word in words)


def _extreme_hit(event: SoundEvent, sign: int) -> Target:
    """The hardest or softest hit of an event.

    Raises:
        LostError: several are so.
    """
    force = [sign * hit.strength for hit in event.hits]
    if len(force) > 1 and force.count(max(force)) > 1:
        raise LostError(f"Several hits of {event.label} are equally strong: say which one.")
    return Target(event, (force.index(max(force)) + 1,) if len(force) > 1 else ())


def _is_outside(event: SoundEvent) -> bool:
    """Out of sight, and no ambience of the place itself."""
    return not event.source.on_screen and event.subcategory is not Subcategory.AMBIENCE


def _place(ordinal: int, count: int, label: str) -> int:
    """A number from 1 for an ordinal, which may count from the end."""
    number = count + 1 + ordinal if ordinal < 0 else ordinal
    if not 1 <= number <= max(count, 1):
        raise LostError(f"{label} has {count} of them, no {ordinal}.")
    return number


_HIT_STEMS = frozenset(stem(word) for word in _HITS)
