"""Clauses: sentences become wishes, and wishes operations, in the order target, scope, change."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from foley_designer.agents.reviser.changes.levels import Levels
from foley_designer.agents.reviser.changes.making import Change
from foley_designer.agents.reviser.changes.playing import performed
from foley_designer.agents.reviser.changes.reader import ChangeReader
from foley_designer.agents.reviser.forms import Forms
from foley_designer.agents.reviser.grammar.chunk import Chunk, LostError, is_silent
from foley_designer.agents.reviser.grammar.coverage import (
    is_loose,
    is_remark,
    refuse_loose,
    rejoined,
)
from foley_designer.agents.reviser.grammar.items import Item, Items
from foley_designer.agents.reviser.grammar.scope import scoped, split
from foley_designer.agents.reviser.grammar.target import Target, UnsureError
from foley_designer.agents.reviser.grammar.targets import Targets
from foley_designer.agents.reviser.memory import RELATIVE, scaled
from foley_designer.agents.reviser.refusals import refuse_both, refuse_kept, refuse_twice
from foley_designer.core.category import Subcategory
from foley_designer.core.revision.operations import (
    AdjustScene,
    Operation,
    TargetLoudness,
)
from foley_designer.core.revision.sounding import SoloEvent


class Wish(NamedTuple):
    """A change and the words for its targets; none means what was spoken of before."""

    change: Change
    phrase: Items
    excepted: tuple[Items, ...] = ()
    reason: str = ""
    aside: bool = False
    """Whether it stands after a comma."""


class Clauses:
    """Reads sentences.

    Args:
        targets: resolves what they are about.
        forms: reads what has a form of its own, such as "add X".
    """

    def __init__(self, targets: Targets, forms: Forms) -> None:
        self.targets = targets
        self.forms = forms
        self.reader = ChangeReader(targets.situation.wishes, targets)

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
        found = list(self._wished(self._wishes(scope.rest, scope.excepted)))
        refuse_kept(found, kept)
        return found

    def _wishes(  # noqa: PLR0912, PLR0915
        self, items: Items, excepted: tuple[Items, ...]
    ) -> Iterator[Wish | Operation]:
        """Wishes of clauses; targets without a change take the next one, or the last."""
        waiting: list[Items] = []
        last: list[Change] = []
        remarks: list[str] = []
        alone: Items = []
        bidden = False
        for clause in split(items):
            made = None if waiting else self.forms.clause(clause)
            if made is not None:
                yield from made
                continue
            chunk = Chunk(rejoined(clause))
            reason = " ".join(item.text for item in clause if item.text != ",")
            only = chunk.has("only")
            changes = self._changes(chunk, last) or _once_more(chunk, last)
            rest = [item for item in chunk.said() if not item.has("only")]
            refuse_loose(rest)
            rest, played = performed(rest, self.targets, changed=bool(changes))
            changes += [played] if played else []
            phrase = [item for item in rest if not is_loose(item)]
            if changes and any(item.kind == "amount" for item in clause):
                phrase = [item for item in phrase if not _only_degree(item)]
            if waiting and phrase and all(map(_means_them, phrase)):
                phrase = []  # "the bottles and the dress, both can go"
            if alone and not changes:
                yield Wish(Change(_soloed, name="solo"), alone, excepted)
                alone = []
            elif alone and not phrase:  # "only the door, 3 dB up"
                phrase, alone = alone, []
            if not changes and only and phrase:
                alone = phrase
                continue
            if not (changes or phrase) and any(i.has("deg") and i.has("dim") for i in clause):
                raise LostError(f"What does {reason!r} ask for?")  # "thin, and a bit far"
            if not changes:
                if last and is_remark(rest):
                    continue
                if phrase:
                    waiting.append(phrase)
                    bidden = bidden or _bids(chunk)
                continue
            if waiting and bidden and _bids(chunk) and any(map(_tells, phrase)):
                text = " ".join(item.text for words in waiting for item in words)
                raise LostError(f"What shall happen to {text!r}?")  # "pull A, and push B later"
            if _is_complaint(phrase, chunk) and not (self.targets.last or last):
                remarks.append(reason)
                continue
            _refuse_late(clause, changes, () if phrase else last)
            changes = _signed(changes, last, reason)
            if _complains(chunk):
                changes = [change._replace(complaint=True) for change in changes]
            aside = bool(clause) and (clause[0].text == "," or clause[0].has("reason"))
            for change in changes:
                for words in waiting:
                    yield Wish(change, words, excepted, reason)
                if phrase or not waiting:
                    yield Wish(change, phrase, excepted, reason, aside)
            waiting, last, bidden = [], changes, False
        if alone:
            yield Wish(Change(_soloed, name="solo"), alone, excepted)
        elif remarks and not last:
            raise LostError(f"Of what? {remarks[0]!r} names no sound.")
        else:
            if waiting and last and bidden:
                text = " ".join(item.text for phrase in waiting for item in phrase)
                raise LostError(f"What shall happen to {text!r}?")  # "2 dB off A, give it to B"
            yield from _left(waiting, last, excepted)

    def _changes(self, chunk: Chunk, last: Sequence[Change]) -> list[Change]:
        """All changes of a clause."""
        changes: list[Change] = []
        edge = next((item.reading("edge") for item in chunk.items if item.has("edge")), "")
        if (
            edge
            and last
            and last[-1].name == "fade"
            and not chunk.has("verb", "fade_in", "fade_out")
        ):
            chunk.take("edge")
            chunk.take("verb", "remove")
            return [self.reader.timer.fading(chunk, edge)]
        while (change := self.reader.read(chunk)) is not None:
            changes.append(change)
            chunk.changed = True
            if len(changes) > 4:
                raise LostError("That is more than I can take in at once.")
        return changes

    def _wished(self, wishes: Iterator[Wish | Operation]) -> Iterator[Operation]:
        """Operations of wishes whose targets are named in their order."""
        asked: dict[tuple[str, tuple[int, ...], object], float] = {}
        told: dict[str, tuple[Target, ...]] = {}
        gone: list[Target] = []
        done: list[Operation] = []
        for wish in _settled(list(wishes)):
            if not isinstance(wish, Wish):
                yield wish
                continue
            whole = _is_whole(wish.phrase) and not wish.excepted and not self.targets.protected
            if whole and (operation := _of_scene(wish)) is not None:
                yield operation
                continue
            key = " ".join(item.text for item in wish.phrase)
            found = told.get(key) if key else None
            if found is None:
                found = self._targets(wish)
                told[key] = found
            for target in _players(found) if wish.change.name == "play" else found:
                for operation in self._made(wish, target):
                    if operation.kind == "remove_event" and target in gone:
                        continue  # "lose the coat, kill it"
                    if wish.change.complaint and Target(target.event) in gone:
                        continue  # "lose the coat, it's distracting"
                    if operation.kind == "remove_event":
                        gone.append(target)
                    refuse_both(operation, done, target)
                    refuse_twice(operation, asked)
                    once = operation.model_copy(update={"reason": wish.reason[:500]})
                    if once not in done:  # "skid, car: 2 dB down both"
                        done.append(once)
                        yield once

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


def _once_more(chunk: Chunk, last: Sequence[Change]) -> list[Change]:
    """``less on the punches`` after "more reverb on the shots": the same, the other way."""
    place = chunk.find("mod", "more", "less")
    if len(last) != 1 or place < 0 or not any(map(_tells, chunk.items[place + 1 :])):
        return []
    if place and not is_silent(chunk.items[0]):
        return []
    sign = 1.0 if chunk.take_at(place).has("mod", "more") else -1.0
    for kind in ("walk", "for"):
        while chunk.take(kind):
            pass

    def make(target: Target) -> Iterator[Operation]:
        for one in last[0].make(target):
            same = scaled(one, 1.0)
            if same is None:
                raise LostError("More or less of what?")
            up = any((getattr(one, name, None) or 0.0) > 0 for name in RELATIVE)
            again = scaled(one, sign if up else -sign)
            assert again is not None
            yield again

    return [Change(make, name=last[0].name)]


def _refuse_late(clause: Items, changes: Sequence[Change], last: Sequence[Change]) -> None:
    """Refuse "6 dB down and 20 frames late": shall it be late, or is it?

    Raises:
        LostError: it is said beside a change, and of nothing.
    """
    late = next((item for item in clause if item.has("dim", "time+!", "time-!")), None)
    said = any(item.has("is") or item.has("mod", "too") for item in clause)
    beside = len(last) + len(changes) > 1 and not any(one.complaint for one in last)
    if late and beside and " " not in late.text and not said:
        raise LostError(f"Shall it be {late.text}, or is it so?")


def _means_them(item: Item) -> bool:
    """Whether a word stands for all that was named: "both", "all of them"."""
    return item.has("quant", "all") or item.has("pron", "it")


def _only_degree(item: Item) -> bool:
    """Whether a word says how much, which a number says better."""
    return bool(item.readings) and all(one.kind == "deg" for one in item.readings)


def _bids(chunk: Chunk) -> bool:
    """Whether a clause begins with a verb of its own: "pull the owl"."""
    first = next((i for i in chunk.whole if not (i.has("fill") or i.has("conj"))), Item(""))
    return first.has("verb") and not first.has("name")


def _tells(item: Item) -> bool:
    """Whether an item names a target, or counts its hits."""
    return item.kind in ("nth", "every") or any(item.has(k) for k in ("name", "noun", "card"))


def _left(waiting: list[Items], last: list[Change], excepted: tuple[Items, ...]) -> Iterator[Wish]:
    """Targets at the end of a sentence, which share the change before them.

    Raises:
        LostError: there is none.
    """
    if waiting and not last:
        text = " ".join(item.text for phrase in waiting for item in phrase)
        raise LostError(f"I don't know what to do with {text!r}.")
    for words in waiting:
        for change in last:
            yield Wish(change, words, excepted)


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


def _is_pointing(wish: Wish) -> bool:
    return all(item.has("pron", "it") for item in wish.phrase)


def _complains(chunk: Chunk) -> bool:
    """Whether a clause says what is wrong, and asks for nothing."""
    said = {*chunk.silent, *chunk.taken}
    parts = ("", "nth", "every", "at", "times", "range")  # which hits, not what is wanted
    asked = said & _ASKING or any(i.has("verb") or i.kind not in parts for i in chunk.whole)
    wrong = any(
        item.has("is") or item.has("mod", "too") or item.has("fault") for item in chunk.whole
    )
    return wrong and not asked


_ASKING = frozenset(
    "make should must needs need let get have bring put give want would could".split()  # noqa: SIM905
)


def _is_complaint(phrase: Items, chunk: Chunk) -> bool:
    """Whether a clause says of "it" what is wrong; the next one may say what to do about it."""
    about_it = bool(phrase) and all(item.has("pron", "it") for item in phrase)
    return about_it and any(text in ("sounds", "is", "feels", "sound") for text in chunk.silent)


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


def _soloed(target: Target) -> Iterator[Operation]:
    yield SoloEvent(event_id=target.event.id)


def _signed(changes: list[Change], last: Sequence[Change], clause: str) -> list[Change]:
    """Give numbers of decibels without a direction that of the number before.

    Raises:
        LostError: there is none before.
    """
    found = []
    for change in changes:
        if change.bare and change.scene_db is not None:
            before = next(
                (one.scene_db for one in reversed(last) if one.scene_db is not None), None
            )
            if before is None:
                raise LostError(f"Up or down: {clause!r}?")
            change = Levels.levelled(_sign(before) * abs(change.scene_db))  # noqa: PLW2901
        found.append(change)
    return found


def _sign(value: float) -> float:
    """1 or -1."""
    return 1.0 if value >= 0 else -1.0
