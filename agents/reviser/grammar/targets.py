"""Targets: which events, hits or stretches the words for a target mean."""

from collections.abc import Sequence
from typing import NamedTuple

from foley_designer.agents.reviser.grammar.chunk import LostError, is_silent
from foley_designer.agents.reviser.grammar.items import Item, Items
from foley_designer.agents.reviser.grammar.picking import (
    NEAR_S,
    hits_of,
    is_away,
    is_hit_word,
    is_noun,
    is_on,
    is_plural,
    is_unknown,
    place_of,
    stretch_of,
)
from foley_designer.agents.reviser.grammar.vocabulary import Vocabulary
from foley_designer.agents.reviser.understanding import Situation
from foley_designer.core.category import Subcategory
from foley_designer.core.script.performance import Layer
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.memory.inflection import stem

MOST_OPTIONS = 9
STRUCK = frozenset(
    {
        Subcategory.OBJECT_IMPACT,
        Subcategory.METAL_IMPACT,
        Subcategory.BODY_IMPACT,
        Subcategory.CHOP,
        Subcategory.GLASS,
        Subcategory.DOOR,
    }
)
"""What a blow or a stroke can be."""
CREATURES = frozenset({Subcategory.ANIMAL_VOICE, Subcategory.ANIMAL_STEPS})


class Target(NamedTuple):
    """An event, some of its hits, or a stretch of it."""

    event: SoundEvent
    hits: tuple[int, ...] = ()
    stretch: tuple[float, float] | None = None

    @property
    def text(self) -> str:
        """As shown to the user."""
        event = self.event
        if self.hits:
            number = self.hits[0]
            return f"{event.label}, hit {number} at {event.hits[number - 1].time_s:.2f} s"
        if self.stretch:
            return f"{event.label} from {self.stretch[0]:.2f} to {self.stretch[1]:.2f} s"
        return f"{event.label} ({event.id}) at {event.start_s:.2f} s"


Picks = tuple[Target, ...]


class UnsureError(Exception):
    """Words that several targets answer to."""

    def __init__(self, phrase: str, readings: Sequence[Picks]) -> None:
        super().__init__(phrase)
        self.phrase = phrase
        self.readings = tuple(readings)[:MOST_OPTIONS]


class Targets:
    """Resolves phrases against a script.

    Args:
        situation: the script, levels, and what was spoken of before.
        vocabulary: what its events are called.
        picks: phrases whose meaning was chosen already.
    """

    def __init__(
        self, situation: Situation, vocabulary: Vocabulary, picks: dict[str, Picks] | None = None
    ) -> None:
        self.situation = situation
        self.vocabulary = vocabulary
        self.events = situation.script.events
        self.picks = picks or {}
        self.last = spoken_of(situation)
        self.protected: set[str] = set()
        """Events that the request leaves alone."""

    def resolve(
        self, items: Items, excepted: Sequence[Items] = (), *, whole: bool = False
    ) -> Picks:
        """What a phrase means, but for what it excepts.

        Args:
            items: the phrase.
            excepted: phrases of what it does not mean.
            whole: whether an animal is all that is heard of it, rather than its voice.

        Raises:
            LostError: a word fits nothing.
            UnsureError: several single things fit.
        """
        phrase = " ".join(item.text for item in items if not is_silent(item))
        found = self.picks.get(phrase) or self._resolve(items, phrase)
        for event in self._voices(found, items) if whole else ():
            found = (*found, Target(event))
        for spared in excepted:
            found = self._without(found, spared)
        rest = any(item.has("quant", "all", "else") for item in items)
        if self.protected and (rest or excepted):
            found = tuple(t for t in found if t.event.id not in self.protected)
        elif any(target.event.id in self.protected for target in found):
            raise LostError("You ask to leave it alone, and to change it.")
        if not found:
            raise LostError(f"Nothing is left of {phrase!r}.")
        self.last = found
        return found

    def _without(self, found: Picks, spared: Items) -> Picks:
        """Picks but for events, or hits of them, that a phrase names."""
        hits = next((item for item in spared if item.kind in ("nth", "every", "at", "range")), None)
        named = [item for item in spared if is_noun(item) and not is_hit_word(item)]
        if hits is not None and not named:
            kept = []
            for target in found:
                left_out = set(hits_of(target.event, spared, target.event.label))
                every = target.hits or tuple(range(1, len(target.event.hits) + 1))
                kept.append(target._replace(hits=tuple(n for n in every if n not in left_out)))
            return tuple(kept)
        spared_picks = self._resolve(spared, "")
        gone_hits = {target.event.id: target.hits for target in spared_picks}
        gone_hits |= {event.id: () for event in self._voices(spared_picks, spared)}
        kept = []
        for target in found:
            gone = gone_hits.get(target.event.id)
            if gone is None:
                kept.append(target)
            elif gone:  # all steps but Anna's first one
                every = target.hits or tuple(range(1, len(target.event.hits) + 1))
                kept.append(target._replace(hits=tuple(n for n in every if n not in gone)))
        return tuple(target for target in kept if target.hits or target.event.id not in gone_hits)

    def _voices(self, found: Picks, items: Items) -> list[SoundEvent]:
        """What else is heard of an animal, where a phrase found its voice."""
        if len(found) != 1 or found[0].event.subcategory is not Subcategory.ANIMAL_VOICE:
            return []
        if found[0].hits or any(item.has("hitword") for item in items):
            return []
        others = self.pool([item for item in items if not is_silent(item)])
        return [one for one in others if one.subcategory in CREATURES and one != found[0].event]

    def pool(self, items: Items) -> list[SoundEvent]:
        """Events that all nouns of a phrase fit; all where it has none.

        Raises:
            LostError: a word fits nothing.
        """
        pool = list(self.events)
        for item in items:
            if (layer := item.reading("layer")) and not _names_all(item, self):
                pool = [event for event in pool if event.layer is Layer(layer)]
            if place := item.reading("place"):
                pool = [event for event in pool if is_away(event) is (place == "off")]
            if (side := item.reading("side")) and item.has("side"):
                pool = [event for event in pool if is_on(event, side)]
        nouns = [item for item in items if is_noun(item)]
        unknown = [item.text for item in items if is_unknown(item)]
        if unknown:
            raise LostError(f"Nothing here is called {' '.join(unknown)!r}.")
        return self._fitting(nouns, pool)

    def _fitting(self, nouns: Items, pool: list[SoundEvent]) -> list[SoundEvent]:
        """Events that all nouns fit; words for hits alone need not."""
        telling = [item for item in nouns if not is_hit_word(item)]
        telling = telling or [item for item in nouns if item.has("name")] or nouns
        for chosen in (nouns, telling):
            found = [e for e in pool if all(e.id in self.meant(item) for item in chosen)]
            if found:
                return found
        if nouns and all(item.has("noun", "hit") for item in nouns):
            return [event for event in pool if event.subcategory in STRUCK] or pool
        return []

    def meant(self, item: Item) -> frozenset[str]:
        """Ids of events that one word can mean."""
        if item.has("card"):
            return frozenset(item.reading("card").split())
        found: frozenset[str] = frozenset()
        if item.has("name"):
            found |= self.vocabulary.named(item.reading("name"))
        if item.has("noun") and not (found and item.has("noun", "hit")):
            found = self.vocabulary.of_noun(item.reading("noun")) or found
        if item.has("attr"):
            for word in item.text.split():
                found |= self.vocabulary.named(word)
        if item.has("hitword") and not found:
            found |= self.vocabulary.named(item.text)
        return found

    def _resolve(self, items: Items, phrase: str) -> Picks:
        said = [item for item in items if not is_silent(item)]
        if (pointed := self._pointed(said)) is not None:
            return pointed
        pool = self.pool(said)
        if (relative := self._relative(said)) is not None:
            return relative
        for gender in ("he", "she"):
            if any(item.has("pron", gender) for item in said):
                able = self.vocabulary.of_person(gender)
                pool = [event for event in pool if event.id in able]
                if len(pool) > 1 and (
                    near := {t.event.id for t in self.last} & {e.id for e in pool}
                ):
                    pool = [event for event in pool if event.id in near]
        if any(item.has("quant", "else") for item in said):
            pool = self._others(pool, said)
        if any(item.has("quant", "other") for item in said):
            raise LostError("Other than which?")
        if not pool:
            raise LostError(f"Nothing here answers to {phrase!r}." if phrase else "Of what?")
        if extreme := next((item.reading("extreme") for item in said if item.has("extreme")), ""):
            return self._extreme(pool, extreme, said)
        if any(item.kind in ("nth", "every", "at", "range", "last", "first") for item in said):
            return self._parts(pool, said, phrase)
        return self._whole(pool, said, phrase)

    def _relative(self, said: Items) -> Picks | None:  # noqa: PLR0911
        """The other one, the next, the one before: reckoned from what was spoken of."""
        if not self.last or any(is_noun(item) and not is_hit_word(item) for item in said):
            return None
        event, hits = self.last[0].event, self.last[0].hits
        single = len({target.event.id for target in self.last}) == 1
        step = {"next": 1, "before": -1}.get(
            next((i.reading("ord") for i in said if i.has("ord")), "")
        )
        if step and single and hits:
            at = (hits[-1] if step > 0 else hits[0]) + step
            return (Target(event, (place_of(at, len(event.hits), event.label),)),)
        if (
            any(item.kind in ("nth", "every", "at", "range") for item in said)
            and single
            and len(event.hits) > 1
        ):
            return _counted(event, said) if event.hits else None
        if not any(item.has("quant", "other", "else") for item in said) or self.protected:
            return None
        if single and hits:
            touched = self._touched(event.id) | set(hits)
            left = tuple(n for n in range(1, len(event.hits) + 1) if n not in touched)
            return (Target(event, left),) if left else None
        if not any(item.has("quant", "other") for item in said):
            return None
        gone = {target.event.id for target in self.last}
        kin = self.vocabulary.names[event.id].all
        alike = [
            other
            for other in self.events
            if other.id not in gone
            and (
                other.subcategory is event.subcategory
                or self.vocabulary.names[other.id].label & kin & _nouns(event, self)
            )
        ]
        return tuple(Target(other) for other in alike) if len(alike) == 1 else None

    def _touched(self, event_id: str) -> set[int]:
        """Hits of an event that requests were about, back to one about something else."""
        found: set[int] = set()
        for turn in reversed(self.situation.said):
            hits = {
                n
                for one in turn.operations
                if getattr(one, "event_id", "") == event_id
                for n in getattr(one, "hits", ())
            }
            if not hits:
                break
            found |= hits
        return found

    def _others(self, pool: list[SoundEvent], said: Items) -> list[SoundEvent]:
        """All but what was spoken of, where that is what "the rest" is the rest of."""
        if self.protected or any(is_noun(item) for item in said):
            return pool
        before = {target.event.id for target in self.last if not target.hits}
        return [event for event in pool if event.id not in before]

    def _pointed(self, said: Items) -> Picks | None:
        """What "it" stands for; None if the phrase names something."""
        if any(is_noun(item) and not is_hit_word(item) for item in said) or not said:
            return None
        pointing = [item for item in said if item.has("pron", "it")]
        if not pointing or any(item.kind or item.has("quant") or item.has("ord") for item in said):
            return None
        if unknown := [item.text for item in said if is_unknown(item)]:
            raise LostError(f"What is {' '.join(unknown)!r}?")
        if self.last:
            return self.last
        if len(self.events) == 1:
            return (Target(self.events[0]),)
        raise UnsureError(
            " ".join(item.text for item in said), [(Target(event),) for event in self.events]
        )

    def _extreme(self, pool: Sequence[SoundEvent], extreme: str, said: Items) -> Picks:
        """The loudest or quietest: a hit of one event, or an event of several."""
        sign = 1 if extreme == "loud" else -1
        if len(pool) == 1 and any(is_hit_word(item) for item in said):
            force = [sign * (hit.strength + hit.gain_db / 100) for hit in pool[0].hits]
            if force.count(max(force)) > 1:
                raise LostError(f"Several hits of {pool[0].label} are equally strong: say which.")
            return (Target(pool[0], (force.index(max(force)) + 1,)),)
        levels = self.situation.levels
        heard = [event for event in pool if event.id in levels]
        if not heard:
            raise LostError("How loud the sounds are was not measured.")
        return (Target(max(heard, key=lambda event: sign * levels[event.id])),)

    def _parts(self, pool: list[SoundEvent], said: Items, phrase: str) -> Picks:
        """Hits or stretches of events; the nth of several events."""
        counted = [item for item in said if item.kind in ("nth", "every")]
        if len(counted) > 1:  # "the second door opening"
            counted = [item for item in counted if item.text not in ("opening", "closing")]
            said = [item for item in said if item in counted or item.kind != "nth"]
        timed = [item for item in said if item.kind in ("at", "range", "last", "first")]
        if counted and len(pool) > 1:
            singles = all(len(event.hits) <= 1 for event in pool)
            if singles and not any(item.kind == "every" for item in counted):
                in_time = sorted(pool, key=lambda event: event.start_s)
                ordinals = counted[0].value
                assert isinstance(ordinals, tuple)
                numbers = [place_of(float(n), len(in_time), phrase) for n in ordinals]
                return tuple(Target(in_time[number - 1]) for number in numbers)
            pool = self._titled(pool, said)
            if len(pool) > 1 and not is_plural(said):
                able = [e for e in pool if len(e.hits) > 1] or pool
                if len(able) == 1:
                    return _counted(able[0], said)
                raise UnsureError(phrase, [_counted(event, said) for event in able])
        if len(timed) > 1 or len(counted) > 1:
            raise LostError("That names its hits in two ways: say one.")
        if counted:
            return tuple(one for event in pool for one in _counted(event, said))
        return self._timed(pool, said, timed[0], phrase)

    def _timed(self, pool: list[SoundEvent], said: Items, when: Item, phrase: str) -> Picks:
        """What sounds at a time or within a stretch."""
        if when.kind == "at":
            return self._at(pool, when.number, said, phrase)
        start, end = stretch_of(when, self.situation.script.clip.duration_s)
        found = []
        for event in pool:
            hits = tuple(n for n, h in enumerate(event.hits, 1) if start <= h.time_s < end)
            if event.hits and hits:
                found.append(Target(event, hits if len(hits) < len(event.hits) else ()))
            elif any(s.start_s < end and s.end_s > start for s in event.spans):
                found.append(
                    Target(event, stretch=(start, min(end, self.situation.script.clip.duration_s)))
                )
        if not found:
            raise LostError(f"Nothing of that sounds from {start:g} s to {end:g} s.")
        if len(pool) > 1 and len(found) > 1 and not is_plural(said):
            raise UnsureError(phrase, [(target,) for target in found])
        return tuple(found)

    def _at(self, pool: Sequence[SoundEvent], time_s: float, said: Items, phrase: str) -> Picks:
        """What sounds at a time: a hit, or what goes on."""
        near: list[tuple[float, Target]] = []
        named = any(is_noun(item) for item in said)
        for event in pool:
            for number, hit in enumerate(event.hits, start=1):
                if abs(hit.time_s - time_s) <= NEAR_S:
                    single = len(event.hits) == 1
                    near.append(
                        (abs(hit.time_s - time_s), Target(event, () if single else (number,)))
                    )
            if any(span.start_s <= time_s < span.end_s for span in event.spans):
                if named and len(pool) == 1:
                    raise UnsureError(phrase, _whole_or_from(event, time_s))
                near.append((0.0 if named else NEAR_S, Target(event)))
        if not near:
            raise LostError(f"Nothing of that sounds at {time_s:g} s.")
        best = min(gap for gap, _ in near)
        found = [target for gap, target in near if gap <= best + 0.05]
        if len(found) == 1:
            return (found[0],)
        raise UnsureError(phrase, [(target,) for target in found])

    def _whole(self, pool: list[SoundEvent], said: Items, phrase: str) -> Picks:
        """Whole events; several only for words that mean several."""
        if not said:
            raise LostError("Of what?")
        everything = is_plural(said)
        if not everything or all(item.has("name") and not item.has("noun") for item in said):
            pool = self._titled(pool, said)
        if len(pool) == 1 or everything:
            return tuple(Target(event) for event in pool)
        raise UnsureError(phrase, [(Target(event),) for event in pool])

    def _titled(self, pool: list[SoundEvent], said: Items) -> list[SoundEvent]:
        """Those whose own label has the words, rather than words for its kind."""
        words = [item.text for item in said if is_noun(item)]
        labels = self.vocabulary.names

        def titled(own: frozenset[str]) -> bool:
            return all(stem(word) in own for text in words for word in text.split())

        chosen = [event for event in pool if titled(labels[event.id].label)] or pool
        chosen = [event for event in chosen if titled(labels[event.id].head)] or chosen
        voices = [e for e in chosen if e.subcategory is Subcategory.ANIMAL_VOICE]
        if len(voices) == 1 and all(e.subcategory in CREATURES for e in chosen):
            return voices  # what a dog sounds like is its bark
        return chosen


def _nouns(event: SoundEvent, targets: Targets) -> frozenset[str]:
    """Stems of an event's label that say what it is, rather than which one."""
    return targets.vocabulary.names[event.id].label & frozenset(
        name for names in targets.vocabulary.names.values() for name in names.label
    )


def spoken_of(situation: Situation) -> Picks:
    """What the request before was about."""
    events = {event.id: event for event in situation.script.events}
    if situation.said:
        found: dict[Target, None] = {}
        for operation in situation.said[-1].operations:
            keys = [getattr(operation, "event_id", "")]
            if operation.kind == "add_event":
                keys = [operation.event.id]
            for key in keys:
                if key in events:
                    hits = getattr(operation, "hits", ())
                    hits = () if hits and max(hits) > len(events[key].hits) else hits
                    found.setdefault(Target(events[key], hits))
        if found:
            return tuple(found)
    return tuple(Target(events[key]) for key in situation.focus if key in events)


def _counted(event: SoundEvent, said: Items) -> Picks:
    if not event.hits:
        raise LostError(f"{event.label} goes on: it has no single hits to count.")
    hits = hits_of(event, said, event.label)
    for item in said:
        if item.kind in ("range", "at"):
            within = hits_of(event, [item], event.label)
            hits = tuple(n for n in hits if n in within)
        elif item.kind in ("first", "last"):
            raise LostError(f"Which of {event.label}?")
    if not hits:
        raise LostError(f"{event.label} has no such hit.")
    return (Target(event, hits if len(event.hits) > 1 else ()),)


def _whole_or_from(event: SoundEvent, time_s: float) -> list[Picks]:
    """What "at 5 s" can mean of a sound that goes on: all of it, or what comes from there on."""
    return [(Target(event),), (Target(event, stretch=(time_s, event.end_s)),)]


def _names_all(item: Item, targets: Targets) -> bool:
    """Whether a word for a layer names sounds of its own here ("ambience")."""
    return item.has("name") and bool(targets.vocabulary.named(item.text))
