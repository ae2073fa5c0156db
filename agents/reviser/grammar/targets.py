"""Targets: which events, hits or stretches the words for a target mean."""

from collections.abc import Sequence

from foley_designer.agents.reviser.grammar.chunk import LostError, is_silent
from foley_designer.agents.reviser.grammar.items import Items
from foley_designer.agents.reviser.grammar.naming import CREATURES, Naming
from foley_designer.agents.reviser.grammar.parts import Parts, counted_hits
from foley_designer.agents.reviser.grammar.picking import (
    hits_of,
    is_hit_word,
    is_noun,
    is_plural,
    is_unknown,
    place_of,
)
from foley_designer.agents.reviser.grammar.target import Picks, Target, UnsureError, spoken_of
from foley_designer.agents.reviser.grammar.vocabulary import Vocabulary
from foley_designer.agents.reviser.understanding import Situation
from foley_designer.core.category import Subcategory
from foley_designer.core.script.performance import Layer
from foley_designer.core.script.sound_event import SoundEvent

_PARTS = ("nth", "every", "at", "times", "range")
"""Kinds of items that choose hits or stretches of what is named."""


_BOTH = ("both", "both the", "both of")


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
        self.naming = Naming(self.events, vocabulary)
        self.parts = Parts(self.naming, situation.script.clip.duration_s)
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
        hits = next((item for item in spared if item.kind in _PARTS), None)
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
        others = self.naming.pool([item for item in items if not is_silent(item)])
        return [one for one in others if one.subcategory in CREATURES and one != found[0].event]

    def _resolve(self, items: Items, phrase: str) -> Picks:
        said = [item for item in items if not is_silent(item)]
        if (pointed := self._pointed(said)) is not None:
            return pointed
        pool = self.naming.pool(said)
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
        if len(pool) > 2 and any(item.text in _BOTH for item in said):
            pool = _two_of(pool)
        if not pool:
            raise LostError(f"Nothing here answers to {phrase!r}." if phrase else "Of what?")
        if extreme := next((item.reading("extreme") for item in said if item.has("extreme")), ""):
            return self._extreme(pool, extreme, said)
        if any(item.kind in (*_PARTS, "last", "first") for item in said):
            return self.parts.read(pool, said, phrase)
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
        if any(item.kind in _PARTS for item in said) and single and len(event.hits) > 1:
            return counted_hits(event, said) if event.hits else None
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
            every = (
                pointing and self.last and all(i in pointing or i.has("quant", "all") for i in said)
            )
            return tuple(Target(t.event) for t in self.last) if every else None
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

    def _whole(self, pool: list[SoundEvent], said: Items, phrase: str) -> Picks:
        """Whole events; several only for words that mean several."""
        if not said:
            raise LostError("Of what?")
        everything = is_plural(said)
        if not everything or all(item.has("name") and not item.has("noun") for item in said):
            pool = self.naming.titled(pool, said)
        if len(pool) == 1 or everything:
            return tuple(Target(event) for event in pool)
        raise UnsureError(phrase, [(Target(event),) for event in pool])


def _two_of(pool: list[SoundEvent]) -> list[SoundEvent]:
    """The two of a pool that stand in the foreground.

    Raises:
        LostError: they are not two.
    """
    near = [event for event in pool if event.layer is Layer.FOREGROUND]
    if len(near) != 2:
        raise LostError(f"Both? There are {len(pool)}: {', '.join(e.label for e in pool[:4])}.")
    return near


def _nouns(event: SoundEvent, targets: Targets) -> frozenset[str]:
    """Stems of an event's label that say what it is, rather than which one."""
    return targets.vocabulary.names[event.id].label & frozenset(
        name for names in targets.vocabulary.names.values() for name in names.label
    )
