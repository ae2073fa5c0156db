"""The rules reviser: a grammar of requests, the same for every language that has a lexicon.

What only tells why is passed over, with a note; whatever else it can't read it asks about, with
the nearest reading.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pydantic import ValidationError

from foley_designer.agents.reviser import memory
from foley_designer.agents.reviser.changes.making import PartsError
from foley_designer.agents.reviser.changes.reader import ChangeReader
from foley_designer.agents.reviser.clauses import Clauses
from foley_designer.agents.reviser.forms import Forms
from foley_designer.agents.reviser.grammar.accounting import unaccounted
from foley_designer.agents.reviser.grammar.chunk import LostError, is_silent
from foley_designer.agents.reviser.grammar.coverage import is_remark, is_unread
from foley_designer.agents.reviser.grammar.grouping import grouped
from foley_designer.agents.reviser.grammar.items import Item, Items
from foley_designer.agents.reviser.grammar.loosening import loosened
from foley_designer.agents.reviser.grammar.target import Picks, UnsureError
from foley_designer.agents.reviser.grammar.targets import Targets
from foley_designer.agents.reviser.grammar.vocabulary import Vocabulary, language_of, read
from foley_designer.agents.reviser.phrasing.again import rephrased
from foley_designer.agents.reviser.phrasing.aligning import aligned
from foley_designer.agents.reviser.phrasing.notation import plainly
from foley_designer.agents.reviser.proposing import likest, proposed
from foley_designer.agents.reviser.stating import stated
from foley_designer.agents.reviser.understanding import Option, Situation, Turn, Understanding
from foley_designer.core.documents import describe
from foley_designer.core.revision.apply import RevisionError, apply
from foley_designer.core.revision.diff import describe_changes
from foley_designer.core.revision.operations import AdjustLevel, AdjustScene, Operation
from foley_designer.core.script.foley_script import FoleyScript

if TYPE_CHECKING:
    from foley_designer.memory.knowledge_base import Knowledge

MOST_CHARACTERS = 400
"""Of a request; who wants more sends more of them."""
MOST_UNKNOWN = 3
"""Words that nobody knows, beside which a request can still be asked back."""
_KNOWN = ("name", "noun", "card", "attr", "hitword")


class RulesReviser:
    """Understands requests for a change; what it does not know it says.

    Args:
        knowledge: cards, for sounds that are added or take another's place.
    """

    def __init__(self, knowledge: "Knowledge") -> None:
        self.knowledge = knowledge

    def understand(self, request: str, situation: Situation) -> Understanding:
        """The operations a request asks for, all or none of them."""
        if len(request) > MOST_CHARACTERS:
            return Understanding(unclear="That is more than I can take in at once.")
        if (found := stated(request)) is not None:
            return found
        request = plainly(request)
        vocabulary = Vocabulary(situation.script.events, self.knowledge, situation.names)
        language = language_of(request, vocabulary)
        items, _ = read(request, vocabulary, language)
        items = grouped(items, situation.script.clip, situation.script.events)
        if (command := _command(items)) is not None:
            return command
        reading = Reading(situation, vocabulary, self.knowledge, language, request)
        return memory.follow_up(items, reading) or reading.of(items)


class Reading:
    """Reads items in a situation."""

    def __init__(
        self,
        situation: Situation,
        vocabulary: Vocabulary,
        knowledge: "Knowledge",
        language: str,
        request: str,
    ) -> None:
        self.situation = situation
        self.vocabulary = vocabulary
        self.knowledge = knowledge
        self.language = language
        self.request = request

    def items(self) -> Items:
        """The request, with the names of this situation's sounds."""
        items, _ = read(self.request, self.vocabulary, self.language)
        return grouped(items, self.situation.script.clip, self.vocabulary.events)

    def targets(self) -> Targets:
        """Resolves phrases in this situation."""
        return Targets(self.situation, self.vocabulary)

    def before_the_last(self, about: tuple[Operation, ...]) -> "Reading":
        """A reading of the script as it was before the last request, about the same targets."""
        turn = self.situation.said[-1]
        again = Turn(request=turn.request, operations=about, before=turn.before)
        earlier = (*self.situation.said[:-1], again)
        situation = self.situation.model_copy(update={"script": turn.before, "said": earlier})
        vocabulary = Vocabulary(turn.before.events, self.knowledge, situation.names)
        return Reading(situation, vocabulary, self.knowledge, self.language, self.request)

    def of(self, items: Items) -> Understanding:
        """Operations, the readings between which the user must choose, or what is not clear.

        Remarks are passed over where the request can't be read with them, and told in a note.
        """
        clip = self.situation.script.clip
        items = aligned(items, self.targets(), clip) or items
        again = rephrased(items)
        if again is not None and (found := self._said_again(again.readings)) is not None:
            return found
        if again is not None and len(again.readings) == 1:
            found = self._as_said(again.readings[0])
            if found.operations or found.options:
                return found
        found = self._as_said(items)
        if again is not None and found.operations:  # it may say something else than it seems to
            option = self._told(found.operations)
            question = "Do you mean this?"
            return Understanding(options=(option,), question=question, partial=True)
        return found

    def _as_said(self, items: Items) -> Understanding:
        """What a request means as it stands, without its remarks, or as a question."""
        strict = self._strictly(items)
        if strict.operations:
            return strict
        for looser in loosened(items):
            found = self._strictly(looser.items, of=items)
            if found.operations or (found.options and strict.unclear):
                note = f"Passed over: {looser.passed_over!r}."
                return found.model_copy(update={"notes": (note,)})
        if strict.options:
            return strict
        return (
            self._as_a_whole(items) or self._proposed(items) or self._nearest(items, strict.unclear)
        )

    def _as_a_whole(self, items: Items) -> Understanding | None:
        """What can't be done to single hits, asked of all of them."""
        parts = [item for item in items if item.kind in ("nth", "every", "at", "times", "range")]
        if not parts:
            return None
        try:
            self.operations(items, {})
        except PartsError:
            whole = self._strictly([item for item in items if item not in parts])
            if whole.operations:
                question = "That is done to a sound as a whole. Do you mean all of it?"
                return Understanding(options=(self._told(whole.operations),), question=question)
        except (LostError, UnsureError, ValidationError):
            return None
        return None

    def _proposed(self, items: Items) -> Understanding | None:
        """What a judgement of a sound may ask for."""
        options = [self._told(one) for one in proposed(items, self.targets())]
        question = "What shall be done about it?"
        if not options:
            found = [self._strictly(one, of=one) for one in likest(items)]
            options = [self._told(one.operations) for one in found if one.operations]
            question = "I don't know that one. Is one of these near to it?"
        if not options:
            return None
        return Understanding(options=tuple(options), question=question, partial=True)

    def _said_again(self, readings: Sequence[Items]) -> Understanding | None:
        """What a request said again means: one thing, or several of which the user chooses."""
        found = [self._strictly(items) for items in readings]
        if len(readings) == 1:
            return found[0] if found[0].operations or found[0].options else None
        options: list[Option] = []
        for one in found:
            ways = [option.operations for option in one.options] or [one.operations]
            told = [self._told(way) for way in ways if way]
            options += [option for option in told if option not in options]
        if not options:
            return None
        return Understanding(options=tuple(options), question="Which of these do you mean?")

    def _told(self, operations: tuple[Operation, ...]) -> Option:
        """Operations as an option that says what they do."""
        changed = apply(self.situation.script, operations)
        lines = describe_changes(self.situation.script, changed).lines
        return Option(text="; ".join(lines)[:400] or "nothing", operations=operations)

    def _strictly(self, items: Items, of: Items | None = None) -> Understanding:
        """What items mean, all of them; ``of`` is the request where they are a part of one."""
        try:
            operations = tuple(self.operations(items, {}))
            return self._whole(of or items, operations)
        except UnsureError as unsure:
            return self._options(items, unsure)
        except RevisionError as error:
            return Understanding(unclear=f"{error.message} {error.hint}".strip())
        except LostError as lost:
            return Understanding(unclear=str(lost))
        except ValidationError as error:
            return Understanding(unclear=f"Out of range: {describe(error, 'request')}.")

    def operations(self, items: Items, picks: dict[str, Picks]) -> list[Operation]:
        """What a request asks for.

        Raises:
            LostError: it can't be understood.
            UnsureError: several targets answer to its words.
        """
        targets = Targets(self.situation, self.vocabulary, picks)
        reader = ChangeReader(self.situation.wishes, targets)
        clauses = Clauses(targets, Forms(targets, self.knowledge), reader)
        _refuse_questions(items)
        found: list[Operation] = []
        for sentence in sentences(items):
            if found and is_remark(sentence) and not any(item.kind for item in sentence):
                continue
            found += clauses.operations(sentence)
        _refuse_against_all(found)
        # Hits are counted as they are seen now: those that go, go last.
        return sorted(found, key=lambda one: one.kind == "remove_event" and bool(one.hits))

    def _whole(self, items: Items, operations: tuple[Operation, ...]) -> Understanding:
        """Operations that answer every word, or a question about one that none answers.

        Raises:
            RevisionError: they can't be done.
        """
        if not operations:
            return Understanding(unclear="That asks for nothing.")
        changed = apply(self.situation.script, operations)
        if left := unaccounted(items, operations, self.targets()):
            return self._half(left, operations, changed)
        return Understanding(operations=operations)

    def _half(
        self, left: str, operations: tuple[Operation, ...], changed: FoleyScript
    ) -> Understanding:
        """A question about a word that nothing answers, with what would be done."""
        lines = describe_changes(self.situation.script, changed).lines
        option = Option(text="; ".join(lines)[:400] or "nothing", operations=operations)
        return Understanding(
            options=(option,), question=f"I can't place {left!r} here. Do you mean only this?"
        )

    def _options(self, items: Items, unsure: UnsureError) -> Understanding:
        """One option for each reading; a request with two doubts is left."""
        options = []
        for reading in unsure.readings:
            try:
                operations = tuple(self.operations(items, {unsure.phrase: reading}))
            except (UnsureError, LostError, ValidationError):
                continue
            told = ", ".join(target.text for target in reading)
            options.append(Option(text=told, operations=operations))
        if len(options) == 1:
            question = f"Do you mean {options[0].text}?"
            return Understanding(options=tuple(options), question=question)
        if not options:
            return Understanding(unclear=f"What is {unsure.phrase or 'it'!r}? Name the sound.")
        which = f"Which do you mean by {unsure.phrase!r}?" if unsure.phrase else "Which sound?"
        return Understanding(options=tuple(options), question=which)

    def _nearest(self, items: Items, unclear: str) -> Understanding:
        """What the request means without the words that nobody knows, as a question."""
        unknown = [item for item in items if is_unread(item)]
        known = [item for item in items if not is_unread(item)]
        if not 1 <= len(unknown) <= MOST_UNKNOWN or not any(
            item.has(kind) for item in known for kind in _KNOWN
        ):
            return Understanding(unclear=unclear)
        try:
            operations = tuple(self.operations(known, {}))
            changed = apply(self.situation.script, operations)
        except (UnsureError, LostError, ValidationError, RevisionError):
            return Understanding(unclear=unclear)
        lines = describe_changes(self.situation.script, changed).lines
        if not lines:
            return Understanding(unclear=unclear)
        words = " ".join(item.text for item in unknown)
        option = Option(text="; ".join(lines)[:400], operations=operations)
        question = f"I don't know {words!r} here. Do you mean this?"
        return Understanding(options=(option,), question=question, partial=True)


def sentences(items: Items) -> list[Items]:
    """Parts of a request that stand for themselves."""
    parts: list[Items] = [[]]
    for item in items:
        if item.text in ".;!?" or item.has("reason"):
            parts.append([])
        if item.text not in ".;!?":
            parts[-1].append(item)
    return [part for part in parts if any(not is_silent(item) for item in part)]


def _command(items: Items) -> Understanding | None:
    """Undo and redo, said as a whole; praise, which asks for nothing."""
    said = [item for item in items if item.text not in ".!?," and not item.has("fill")]
    plain = [item for item in said if not item.has("no")] or said
    if len(plain) == 1 or (plain and all(item.has("undo") for item in plain)):
        for command in ("undo", "redo"):
            if plain[0].has(command):
                return Understanding(command="undo" if command == "undo" else "redo")
    if items and all(item.has("fine") or is_silent(item) or item.text in ".,!" for item in items):
        return Understanding(unclear="Nothing to change, then.")
    return None


def _refuse_questions(items: Items) -> None:
    said = [item for item in items if not is_silent(item)]
    if said and said[0].has("ask"):
        raise LostError("That asks something, and tells me nothing to change.")
    if any(item.has("or") and not item.has("name") for item in items):
        raise LostError("One or the other? Say which.")
    if any(map(_grows, items, items[1:], items[2:])):
        raise LostError("Nothing changes bit by bit here: say from when to when, and by how much.")
    if any(item.has("if") for item in items):
        raise LostError("I can't tell whether that is so: say what to change.")


def _grows(one: Item, link: Item, other: Item) -> bool:
    """Whether three words say that something grows: "closer and closer"."""
    compares = any(reading.kind == "dim" for reading in one.readings)
    return compares and link.has("conj", "and") and one.text == other.text


def _refuse_against_all(operations: Sequence[Operation]) -> None:
    """Refuse "everything down but the water up": by how much the water moves is not said.

    Raises:
        LostError: the mix and a sound of it are asked to go opposite ways.
    """
    scene = sum(one.change_db for one in operations if isinstance(one, AdjustScene))
    for one in operations:
        if isinstance(one, AdjustLevel) and one.change_db * scene < 0:
            raise LostError(
                "Shall that one move from where it is now, or after everything else has moved?"
            )


__all__ = ["MOST_CHARACTERS", "RulesReviser", "sentences"]
