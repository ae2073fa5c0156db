"""Clauses: sentences become wishes, and wishes operations of the targets that they name."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from foley_designer.agents.reviser.forms import Forms
from foley_designer.agents.reviser.grammar.chunk import LostError, is_silent
from foley_designer.agents.reviser.grammar.items import Item, Items
from foley_designer.agents.reviser.grammar.scope import scoped
from foley_designer.agents.reviser.grammar.target import Target, UnsureError
from foley_designer.agents.reviser.grammar.targets import Targets
from foley_designer.agents.reviser.grammar.words import Reading
from foley_designer.agents.reviser.refusals import refuse_both, refuse_kept, refuse_twice
from foley_designer.agents.reviser.wishes import Wish, Wishes
from foley_designer.core.category import Subcategory
from foley_designer.core.revision.operations import (
    AdjustScene,
    Operation,
    TargetLoudness,
)

if TYPE_CHECKING:
    from foley_designer.agents.reviser.changes.reader import ChangeReader


class Clauses:
    """Reads sentences.

    Args:
        targets: resolves what they are about.
        forms: reads what has a form of its own, such as "add X".
        reader: reads changes.
    """

    def __init__(self, targets: Targets, forms: Forms, reader: "ChangeReader") -> None:
        self.targets = targets
        self.forms = forms
        self.reader = reader
        self.told: set[tuple[str, str]] = set()
        """Kinds of change that earlier sentences asked for, with the event."""
        self.gone: list[Target] = []
        """What was taken out so far, whichever sentence said so."""

    def operations(self, sentence: Items) -> list[Operation]:
        """What a sentence asks for.

        Raises:
            LostError: it can't be understood.
            UnsureError: several targets answer to its words.
        """
        found = self.forms.whole(sentence)
        if found is not None:
            return found
        scope = scoped(sentence)
        kept: list[Target] = []
        for phrase in scope.protected:
            if all(item.has("quant") or item.has("num") or is_silent(item) for item in phrase):
                continue  # "the rest untouched" adds nothing
            spared = self.targets.resolve(phrase, whole=True)
            parts = [target for target in spared if target.hits or target.stretch]
            kept += parts
            self.targets.protected |= {one.event.id for one in spared if one not in parts}
        if scope.protected and not any(not is_silent(item) for item in scope.rest):
            return []
        wishes = Wishes(self.targets, self.forms, self.reader, scope.excepted)
        found = list(self._wished(wishes.of(scope.rest)))
        refuse_kept(found, kept)
        return found

    def _wished(self, wishes: Iterator[Wish | Operation]) -> Iterator[Operation]:
        """Operations of wishes whose targets are named in their order."""
        asked: dict[tuple[str, tuple[int, ...], object], float] = {}
        told: dict[str, tuple[Target, ...]] = {}
        done: list[Operation] = []
        told_now: list[tuple[str, str]] = []
        for wish in _settled(list(wishes)):
            if not isinstance(wish, Wish):
                yield wish
                continue
            whole = _is_whole(wish.phrase) and not wish.excepted and not self.targets.protected
            if whole and (operation := _of_scene(wish)) is not None:
                yield operation
                continue
            if whole and wish.change.name in _OF_ALL:  # "less reverb overall" is of each of them
                wish = wish._replace(phrase=[Item("everything", (Reading("quant", "all"),))])  # noqa: PLW2901
            key = " ".join(item.text for item in wish.phrase)
            found = told.get(key) if key else None
            if found is None:
                found = self._targets(wish)
                told[key] = found
            for target in _players(found) if wish.change.name == "play" else found:
                for operation in self._made(wish, target):
                    if operation.kind == "remove_event" and target in self.gone:
                        continue  # "lose the coat, kill it"
                    if wish.change.complaint and self._is_answered(operation, target):
                        continue
                    if operation.kind == "remove_event":
                        self.gone.append(target)
                    refuse_both(operation, done, target)
                    refuse_twice(operation, asked)
                    if not wish.change.complaint:
                        told_now.append((operation.kind, target.event.id))
                    once = operation.model_copy(update={"reason": wish.reason[:500]})
                    if once not in done:  # "skid, car: 2 dB down both"
                        done.append(once)
                        yield once
        self.told |= set(told_now)

    def _is_answered(self, operation: Operation, target: Target) -> bool:
        """Whether a complaint was answered by what came before it.

        "Anna down a little. Her heels are too loud."; "lose the coat, it's distracting".
        """
        told = (operation.kind, target.event.id) in self.told
        return told or Target(target.event) in self.gone

    @staticmethod
    def _made(wish: Wish, target: Target) -> Iterator[Operation]:
        """The change of a target; of a whole event, where only "it" stood for some hits."""
        if wish.phrase or not target.hits:
            yield from wish.change.make(target)
            return
        try:
            yield from list(wish.change.make(target))
        except LostError:
            yield from wish.change.make(Target(target.event))

    def _targets(self, wish: Wish) -> tuple[Target, ...]:
        if wish.phrase:
            try:
                return self.targets.resolve(wish.phrase, wish.excepted)
            except UnsureError as unsure:
                steps = [
                    one
                    for one in unsure.readings
                    if _players(one) == one and wish.change.name == "play"
                ]
                steps = [
                    one for one in steps if one[0].event.subcategory is Subcategory.HUMAN_STEPS
                ]
                if len(steps) != 1:
                    raise
                return steps[0]
        if self.targets.last:
            return self.targets.last
        if len(self.targets.events) == 1:
            return (Target(self.targets.events[0]),)
        raise LostError("Of what? Name the sound.")


def _settled(wishes: list[Wish | Operation]) -> list[Wish | Operation]:
    """Wishes without complaints that the next clause answers: "it is late, pull it earlier".

    A complaint that follows, after a comma, is the reason: "down 3 dB, it's too loud".
    """
    kept: list[Wish | Operation] = []
    for wish in wishes:
        before = kept[-1] if kept else None
        if not (isinstance(wish, Wish) and isinstance(before, Wish) and _is_pointing(wish)):
            kept.append(wish)
        elif before.change.complaint and not wish.change.complaint:
            kept[-1] = wish._replace(phrase=before.phrase, excepted=before.excepted)
        elif not (wish.change.complaint and wish.aside and wish.change.name == before.change.name):
            kept.append(wish)
    return kept


_OF_ALL = frozenset({"reverb", "width", "pitch", ""})
"""Changes that each sound takes where the mix as a whole is named; unnamed are those of timbre. A
fade or a time of the mix is none of its sounds'."""


def _is_pointing(wish: Wish) -> bool:
    return all(item.has("pron") for item in wish.phrase)


def _players(found: tuple[Target, ...]) -> tuple[Target, ...]:
    """The steps of what was named, where shoes or a ground are wanted of a person."""
    steps = tuple(one for one in found if one.event.subcategory is Subcategory.HUMAN_STEPS)
    return steps or found


def _is_whole(phrase: Items) -> bool:
    """Whether a phrase means the mix as a whole."""
    said = [item for item in phrase if not is_silent(item)]
    return bool(said) and all(
        item.has("quant", "whole") or (item.has("quant", "all") and len(said) == 1) for item in said
    )


def _of_scene(wish: Wish) -> Operation | None:
    if wish.change.name == "loudness" and wish.change.scene_db is not None:
        return TargetLoudness(lufs=wish.change.scene_db, reason=wish.reason[:500])
    if wish.change.name == "level" and wish.change.scene_db is not None:
        return AdjustScene(change_db=wish.change.scene_db, reason=wish.reason[:500])
    if wish.change.name in ("remove", "mute"):
        raise LostError("Everything? Something must be left to be heard.")
    return None
