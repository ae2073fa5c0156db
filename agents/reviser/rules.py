"""The rules reviser: a small grammar of plain English requests. What it can't parse it leaves."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from pydantic import ValidationError

from foley_designer.agents.reviser.changes import Change, ChangeReader
from foley_designer.agents.reviser.forms import Forms
from foley_designer.agents.reviser.speech import clauses, cleaned, is_unsettled, sentences
from foley_designer.agents.reviser.targets import LostError, Targets, UnsureError, is_scene
from foley_designer.agents.reviser.understanding import Option, Situation, Understanding
from foley_designer.core.documents import describe
from foley_designer.core.errors import FoleyError
from foley_designer.core.revision.operations import AdjustLevel, AdjustScene, Operation
from foley_designer.memory.preferences import Preference, Preferences

if TYPE_CHECKING:
    from foley_designer.memory.knowledge_base import Knowledge

_IT = r"(?:it|that|this|everything|the last (?:one|change|revision))"
_UNDO = re.compile(
    rf"(?:undo|revert)(?: {_IT})?|take {_IT} back"
    rf"|(?:i want |make )?(?:{_IT} )?(?:back )?(?:to )?(?:like|as|the way|how) (?:it was )?before"
    r"|(?:go )?back(?: to (?:how|what|as) it was(?: before)?)?|(?:as|like|how) it was"
)
_REDO = re.compile(r"redo(?: (?:it|that|this))?|do (?:it|that) again after all|undo the undo")
_NAME = re.compile(
    r"(?:please )?(?:call|name|save|keep|remember|bookmark) (?:this|it|that)"
    r"(?: (?:one|take|version|revision|mix))?(?: as)?,? (.+)",
    re.IGNORECASE,
)
_BACK_TO = re.compile(
    r"(?:please )?(?:(?:go |switch )?back to|restore|recall)(?: the)?"
    r" (?:(?:take|version|revision|mix) (.+)|(['\"“‘].+))",
    re.IGNORECASE,
)
_MEANS = re.compile(
    r"(?:(?:from now on|in (?:the )?future|always|generally),? )?(?:(?:when|if) i say )?,?"
    r"['\"]?(quieter|softer|louder|earlier|later|drier|wetter)['\"]?,?"
    r" (?:means?|i mean|is|should mean) (\d+(?:\.\d+)?) ?(db|ms|milliseconds?)"
)
MOST_CHARACTERS = 400
"""Of a request; who wants more sends more of them."""
_KEYS = {
    "quieter": "quieter_db",
    "softer": "quieter_db",
    "louder": "louder_db",
    "earlier": "earlier_ms",
    "later": "earlier_ms",
    "drier": "reverb_db",
    "wetter": "reverb_db",
}
_VERBS = re.compile(
    r"\b(?:make|put|move|turn|set|bring|pull|push|get|have|let|should|must|be|is|are|was|were|go"
    r"|comes?|place|give|a|an)\b"
)
_PEOPLE = re.compile(r"(?:he|she|they|the (?:man|woman|walker|actor|person|guy))")


class _Wish(NamedTuple):
    """A change and the words for its targets; none means what was spoken of before."""

    change: Change
    phrase: str
    clause: str


class RulesReviser:
    """Understands the common requests; knows no others and says so.

    Args:
        knowledge: cards, for sounds that are added or take another's place.
    """

    def __init__(self, knowledge: "Knowledge") -> None:
        self.knowledge = knowledge

    def understand(self, request: str, situation: Situation) -> Understanding:
        """The operations a request asks for, all or none of them."""
        if len(request) > MOST_CHARACTERS:
            return Understanding(unclear="That is more than I can take in at once.")
        text = cleaned(request)
        if stated := _MEANS.fullmatch(text):
            return _preference(stated, request)
        if _UNDO.fullmatch(text) or _REDO.fullmatch(text):
            return Understanding(command="undo" if _UNDO.fullmatch(text) else "redo")
        said = request.strip().rstrip(".!")
        for command, asked in (("name", _NAME), ("restore", _BACK_TO)):
            if (found := asked.fullmatch(said)) and (name := _called(found)):
                return Understanding(command=command, name=name)
        return self._edits(text, situation)

    def _edits(self, text: str, situation: Situation) -> Understanding:
        """Operations, or the readings between which the user must choose."""
        unclear = ""
        try:
            if not text or is_unsettled(text):
                raise LostError("That doesn't tell me what to change.")
            operations = tuple(self._operations(text, Targets(situation)))
            if operations:
                return Understanding(operations=operations)
            unclear = "That asks for nothing."
        except UnsureError as unsure:
            return self._options(text, situation, unsure)
        except LostError as lost:
            unclear = str(lost)
        except ValidationError as error:
            unclear = f"Out of range: {describe(error, 'request')}."
        return Understanding(unclear=unclear)

    def _options(self, text: str, situation: Situation, unsure: UnsureError) -> Understanding:
        """One option for each reading; a request with two doubts is left."""
        options = []
        for reading in unsure.readings:
            targets = Targets(situation, {unsure.phrase: reading})
            try:
                operations = tuple(self._operations(text, targets))
            except (UnsureError, LostError, ValidationError):
                continue
            told = ", ".join(target.text for target in reading)
            options.append(Option(text=told, operations=operations))
        if len(options) < 2:
            return Understanding(unclear=f"What is {unsure.phrase or 'it'!r}? Name the sound.")
        which = f"Which do you mean by {unsure.phrase!r}?" if unsure.phrase else "Which sound?"
        return Understanding(options=tuple(options), question=which)

    def _operations(self, text: str, targets: Targets) -> Iterator[Operation]:
        forms = Forms(targets, self.knowledge)
        for sentence in sentences(text):
            found = forms.whole(sentence)
            if found is None:
                found = list(self._clauses(sentence, forms, targets))
            yield from found

    def _clauses(self, sentence: str, forms: Forms, targets: Targets) -> Iterator[Operation]:
        """The clauses of a sentence; wishes are gathered up and resolved together."""
        reader = ChangeReader(targets.situation.wishes, targets.situation.script.clip.frame_s)
        wishes: list[_Wish] = []
        waiting: list[str] = []
        for clause in clauses(sentence):
            verb = forms.verb(clause)
            operations = None if waiting or verb else forms.clause(clause)
            if operations is not None:
                yield from self._resolved(wishes, targets)
                wishes = []
                yield from operations
                continue
            change, rest = verb or reader.read(clause)
            phrase = " ".join(_VERBS.sub(" ", rest).split())
            if change is None:
                waiting.append(phrase)
                continue
            if change.bare:
                change = _signed(change, wishes, clause)
            wishes += [_Wish(change, words, clause) for words in waiting] if phrase else []
            wishes.append(_Wish(change, phrase, clause))
            if not phrase and waiting:
                wishes[-1:] = [_Wish(change, words, clause) for words in waiting]
            waiting = []
        if waiting and not wishes:
            raise LostError(f"I don't know what to do with {' and '.join(waiting)!r}.")
        wishes += [_Wish(wishes[-1].change, words, words) for words in waiting]
        yield from self._resolved(wishes, targets)

    def _resolved(self, wishes: Sequence[_Wish], targets: Targets) -> Iterator[Operation]:
        """Operations of wishes whose targets are named in their order.

        Raises:
            LostError: one thing is asked for in two directions.
        """
        asked: dict[tuple[str, tuple[int, ...]], float] = {}
        _refuse_both_ways(wishes)
        for wish in wishes:
            if is_scene(wish.phrase) and wish.change.scene_db is not None:
                yield AdjustScene(change_db=wish.change.scene_db, reason=wish.clause)
                continue
            phrase = "footsteps" if _PEOPLE.fullmatch(wish.phrase) else wish.phrase
            for target in targets.resolve(phrase or "it"):
                for operation in wish.change.make(target):
                    _refuse_twice(operation, asked)
                    yield operation.model_copy(update={"reason": wish.clause[:500]})


def _called(found: re.Match[str]) -> str:
    """The name in a request, without its quotation marks."""
    return next(part for part in found.groups() if part).strip(" '\"“”‘’.")


def _preference(stated: re.Match[str], request: str) -> Understanding:
    """What a comparative word shall mean, where it lies in its range."""
    key, value, unit = _KEYS[stated[1]], float(stated[2]), stated[3]
    if key.endswith("_db") != (unit == "db"):
        return Understanding(unclear=f"{stated[1]} isn't counted in {unit}.")
    try:
        Preferences().set(key, value)
    except FoleyError as error:
        return Understanding(unclear=error.message)
    preference = Preference(key=key, value=value, statement=request[:500])
    return Understanding(preference=preference)


def _signed(change: Change, wishes: Sequence[_Wish], clause: str) -> Change:
    """A number of decibels goes the way of the number before it.

    Raises:
        LostError: there is none before it.
    """
    before = wishes[-1].change if wishes else None
    if before is None or before.scene_db is None or change.scene_db is None:
        raise LostError(f"Up or down: {clause!r}?")
    if (before.scene_db < 0) == (change.scene_db < 0):
        return change
    return ChangeReader.levelled(-change.scene_db)


def _refuse_both_ways(wishes: Sequence[_Wish]) -> None:
    ways: dict[str, float] = {}
    for wish in wishes:
        db = wish.change.scene_db
        if db is not None and ways.setdefault(wish.phrase, db) * db < 0:
            raise LostError("Louder or quieter? You asked for both.")


def _refuse_twice(operation: Operation, asked: dict[tuple[str, tuple[int, ...]], float]) -> None:
    if isinstance(operation, AdjustLevel):
        place = (operation.event_id, operation.hits)
        if asked.setdefault(place, operation.change_db) * operation.change_db < 0:
            raise LostError("Louder or quieter? You asked for both.")
