"""Wishes: the clauses of a sentence, each a change and the words for its targets."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from foley_designer.agents.reviser.changes.levels import Levels
from foley_designer.agents.reviser.changes.making import Change
from foley_designer.agents.reviser.changes.playing import performed
from foley_designer.agents.reviser.forms import Forms
from foley_designer.agents.reviser.grammar.chunk import Chunk, LostError, is_silent
from foley_designer.agents.reviser.grammar.coverage import (
    is_loose,
    is_remark,
    refuse_loose,
    rejoined,
)
from foley_designer.agents.reviser.grammar.items import Item, Items
from foley_designer.agents.reviser.grammar.scope import split
from foley_designer.agents.reviser.grammar.target import Target
from foley_designer.agents.reviser.grammar.targets import Targets
from foley_designer.agents.reviser.memory import RELATIVE, scaled
from foley_designer.core.revision.operations import Operation
from foley_designer.core.revision.sounding import SoloEvent

if TYPE_CHECKING:
    from foley_designer.agents.reviser.changes.reader import ChangeReader


class Wish(NamedTuple):
    """A change and the words for its targets; none means what was spoken of before."""

    change: Change
    phrase: Items
    excepted: tuple[Items, ...] = ()
    reason: str = ""
    aside: bool = False
    """Whether it stands after a comma."""


class _Clause(NamedTuple):
    """A clause as it is read by itself."""

    items: Items
    chunk: Chunk
    changes: list[Change]
    rest: Items
    """What no change took."""
    phrase: Items
    """Of that, the words for targets."""
    only: bool

    @property
    def text(self) -> str:
        """Its words."""
        return " ".join(item.text for item in self.items if item.text != ",")


class Wishes:
    """Reads one sentence; targets without a change take the next one, or the last.

    Args:
        targets: resolves what the sentence is about.
        forms: reads what has a form of its own, such as "add X".
        reader: reads changes.
        excepted: phrases of what the sentence does not mean.
    """

    def __init__(
        self,
        targets: Targets,
        forms: Forms,
        reader: "ChangeReader",
        excepted: tuple[Items, ...],
    ) -> None:
        self.targets = targets
        self.forms = forms
        self.excepted = excepted
        self.reader = reader
        self.waiting: list[Items] = []
        """Targets whose change is still to come."""
        self.last: list[Change] = []
        self.remarks: list[str] = []
        self.alone: Items = []
        """What is named after "only", with no change yet."""
        self.bidden = False
        """Whether a verb stands before the targets that wait."""

    def of(self, items: Items) -> Iterator[Wish | Operation]:
        """The sentence's wishes, and operations of clauses with a form of their own.

        Raises:
            LostError: it can't be understood.
        """
        for clause in split(items):
            made = None if self.waiting else self.forms.clause(clause)
            if made is not None:
                yield from made
                continue
            read = self._read(clause)
            if self.alone and not read.changes:
                yield self._solo()
            elif self.alone and not read.phrase:  # "only the door, 3 dB up"
                read, self.alone = read._replace(phrase=self.alone), []
            if read.changes:
                yield from self._changed(read)
            else:
                self._wait(read)
        yield from self._ended()

    def _read(self, clause: Items) -> _Clause:
        """A clause's changes and targets."""
        chunk = Chunk(rejoined(clause))
        only = chunk.has("only")
        changes = self._changes(chunk) or _once_more(chunk, self.last)
        rest = [item for item in chunk.said() if not item.has("only")]
        refuse_loose(rest)
        rest, played = performed(rest, self.targets, changed=bool(changes))
        changes += [played] if played else []
        phrase = [item for item in rest if not is_loose(item)]
        if changes and any(item.kind == "amount" for item in clause):
            phrase = [item for item in phrase if not _only_degree(item)]
        if self.waiting and phrase and all(map(_means_them, phrase)):
            phrase = []  # "the bottles and the dress, both can go"
        if len(self.waiting) == 1 and phrase and all(map(_chooses, phrase)):
            phrase, self.waiting = [*self.waiting[0], *phrase], []  # "tug: 30 to 45 s lower"
        return _Clause(clause, chunk, changes, rest, phrase, only)

    def _wait(self, read: _Clause) -> None:
        """Keep the targets of a clause that asks for nothing by itself."""
        if read.only and read.phrase:
            self.alone = read.phrase
            return
        if not read.phrase and any(i.has("deg") and i.has("dim") for i in read.items):
            raise LostError(f"What does {read.text!r} ask for?")  # "thin, and a bit far"
        if read.phrase and not (self.last and is_remark(read.rest)):
            self.waiting.append(read.phrase)
            self.bidden = self.bidden or _bids(read.chunk)

    def _changed(self, read: _Clause) -> Iterator[Wish]:
        """Wishes of a clause that asks for something."""
        bids = self.waiting and self.bidden and _bids(read.chunk)
        if bids and any(map(_tells, read.phrase)):
            raise self._unchanged()  # "pull A, and push B later"
        if _is_complaint(read.phrase, read.chunk) and not (self.targets.last or self.last):
            self.remarks.append(read.text)
            return
        _refuse_late(read.items, read.changes, () if read.phrase else self.last)
        changes = _signed(read.changes, self.last, read.text)
        if _complains(read.chunk):
            changes = [change._replace(complaint=True) for change in changes]
        first = read.items[0] if read.items else Item("")
        aside = first.text == "," or first.has("reason")
        for change in changes:
            for words in self.waiting:
                yield Wish(change, words, self.excepted, read.text)
            if read.phrase or not self.waiting:
                yield Wish(change, read.phrase, self.excepted, read.text, aside)
        self.waiting, self.last, self.bidden = [], changes, False

    def _ended(self) -> Iterator[Wish]:
        """Targets at the end of the sentence, which share the change before them.

        Raises:
            LostError: there is none.
        """
        if self.alone:
            yield self._solo()
            return
        if self.remarks and not self.last:
            raise LostError(f"Of what? {self.remarks[0]!r} names no sound.")
        if self.waiting and self.last and self.bidden:
            raise self._unchanged()  # "2 dB off A, give it to B"
        if self.waiting and not self.last:
            raise LostError(f"I don't know what to do with {self._waiting()!r}.")
        for words in self.waiting:
            for change in self.last:
                yield Wish(change, words, self.excepted)

    def _solo(self) -> Wish:
        words, self.alone = self.alone, []
        return Wish(Change(_soloed, name="solo"), words, self.excepted)

    def _waiting(self) -> str:
        return " ".join(item.text for words in self.waiting for item in words)

    def _unchanged(self) -> LostError:
        return LostError(f"What shall happen to {self._waiting()!r}?")

    def _changes(self, chunk: Chunk) -> list[Change]:
        """All changes of a clause."""
        changes: list[Change] = []
        edge = next((item.reading("edge") for item in chunk.items if item.has("edge")), "")
        if (
            edge
            and self.last
            and self.last[-1].name == "fade"
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


def _chooses(item: Item) -> bool:
    """Whether an item chooses hits or a stretch of what was named before."""
    return item.kind in ("nth", "every", "at", "times", "range")


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
