"""Forms: requests with a shape of their own, such as "use X instead of Y" or "add X"."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from foley_designer.agents import lexicon
from foley_designer.agents.reviser import sounds
from foley_designer.agents.reviser.changes.making import refuse_parts
from foley_designer.agents.reviser.changes.playing import STEPS
from foley_designer.agents.reviser.grammar.chunk import Chunk, LostError
from foley_designer.agents.reviser.grammar.grouping import grouped
from foley_designer.agents.reviser.grammar.items import Item, Items
from foley_designer.agents.reviser.grammar.target import Target, UnsureError
from foley_designer.agents.reviser.grammar.targets import Targets
from foley_designer.agents.reviser.grammar.vocabulary import names_of, read
from foley_designer.agents.reviser.speech import words_of
from foley_designer.core.revision.operations import (
    AddEvent,
    AdjustLevel,
    ChangeSpace,
    ChangeTone,
    MergeEvents,
    Operation,
    Retake,
    SplitEvent,
)
from foley_designer.core.revision.sounding import AddHits
from foley_designer.core.script.setting import Tone
from foley_designer.memory.inflection import stem

if TYPE_CHECKING:
    from foley_designer.memory.knowledge_base import Knowledge

_SECONDS = r"(\d+(?:\.\d+)?) ?(?:s|secs?|seconds?)"
_MERGE = re.compile(r"(?:merge|join|combine) (.+?)(?: (?:and|with) (.+))?")
_ENGINE = re.compile(r"use (?:the |my )?(library|synth)(?:esis)?(?: engine)? (?:for|on) (.+)")
_SPLIT = re.compile(rf"split (?:up )?(.+?) at {_SECONDS}")
_NOT = re.compile(
    r"(?:use |make it |take )?(?P<new>[^,]+?), not (?P<old>[^,]+)"
    r"|(?:use |make it |take )(?P<new2>[^,]+?) not (?P<old2>[^,]+)"
)
_INSTEAD = (
    re.compile(r"(?:replace|swap|exchange|substitute) (?P<old>.+?) (?:with|by|for) (?P<new>.+)"),
    re.compile(
        r"(?:(?:use|take|try|put|have|make it|give me) )?(?P<new>.+?) "
        r"(?:instead of|rather than|in place of) (?P<old>.+)"
    ),
    re.compile(r"use (?P<new>.+?) (?:for|as) (?P<old>.+)"),
    re.compile(r"(?:turn|change) (?P<old>.+?) (?:in)?to (?P<new>(?!the ).+)"),
)
_ADD = re.compile(
    r"(?:add|insert|include|put in|throw in|(?:i want )?to hear|i want to hear|hear"
    r"|there (?:should|must|has to) be|we need|need|let there be|give me|put(?= an? | some ))"
    r" (?P<new>.+)"
)
_QUALIFIED = re.compile(rf"\b(?:outside|outdoors|off screen|in the background|at {_SECONDS})$")
_IN_A_PLACE = re.compile(
    r"(?:(?:(?:make|let) )?(?:it|this|that|all this|everything|the scene|the whole thing|we)"
    r"|(?:put|set) (?:it|us|everything|this|the scene)"
    r"|change the (?:room|space|place|location|acoustics))"
    r"(?: (?:all|is|are|should|sounds?|happens|plays|takes place|be|set))*"
    r"(?: (?:outdoors|indoors|outside|inside))?"
    r" (?:like|in|inside|at|on|to|into)(?: (?:it is|we are|being))?(?: (?:in|inside|at|on))?"
    r"(?: (?:a|an|the|some))?(?: (?:big|large|small|huge|old|empty))? (?P<place>[a-z ]+)"
)


_WALKING = words_of("walk walks walking run runs running step steps tread treads goes is are")


class Forms:
    """Reads whole sentences and clauses that have a form of their own.

    Args:
        targets: resolves what they are about.
        knowledge: tells how new sounds sound.
    """

    def __init__(self, targets: Targets, knowledge: "Knowledge") -> None:
        self.targets = targets
        self.knowledge = knowledge
        self.added: list[AddEvent] = []

    def whole(self, sentence: Items) -> list[Operation] | None:
        """Forms in which "and" and commas don't divide; None for none of them."""
        text = spelled(sentence)
        if merge := _MERGE.fullmatch(text):
            named = [words for words in merge.groups() if words]
            found = [target for words in named for target in self._resolve(words)]
            ids = tuple(dict.fromkeys(target.event.id for target in found))
            if len(ids) < 2:
                raise LostError("There is nothing to merge.")
            return [MergeEvents(event_ids=ids, reason=text)]
        return self._contrast(sentence, text)

    def _contrast(self, sentence: Items, text: str) -> list[Operation] | None:
        """``heels, not boots``."""
        found = _NOT.fullmatch(text)
        wants = any(
            item.has("dim") or item.kind or item.has("is") or item.has("eq") for item in sentence
        )
        if not found or wants:
            return None
        old, new = found["old"] or found["old2"], found["new"] or found["new2"]
        return list(self._instead(old, new, text))

    def clause(self, clause: Items) -> list[Operation] | None:
        """Operations of a clause with a form of its own; None for none."""
        text = spelled(clause)
        for read_form in (self._tone, self._space, self._split, self._engine, self._replace):
            found = read_form(text, clause)
            if found is not None:
                return found
        return self._add(text, clause)

    def _resolve(self, words: str) -> tuple[Target, ...]:
        """What words mean that stand in a form."""
        items, _ = read(words, self.targets.vocabulary, "en")
        return self.targets.resolve(grouped(items, self.targets.situation.script.clip))

    def _space(self, text: str, _clause: Items) -> list[Operation] | None:
        found = _IN_A_PLACE.fullmatch(text)
        space = lexicon.SPACES.get(found["place"].strip()) if found else None
        return [ChangeSpace(space=space, reason=text)] if space else None

    def _tone(self, text: str, clause: Items) -> list[Operation] | None:
        chunk = Chunk(clause)
        mood = chunk.take("mood")
        about = [item for item in chunk.said() if not item.has("quant") and not item.has("pron")]
        if mood is None or about:
            return None
        word = mood.reading("mood")
        feeling = lexicon.TONES[word]
        tone = Tone(valence=feeling.valence, arousal=feeling.arousal, words=(word,))
        played = lexicon.mood_for(feeling.valence, feeling.arousal)
        return [ChangeTone(tone=tone, mood=played, reason=text)]

    def _split(self, text: str, _clause: Items) -> list[Operation] | None:
        found = _SPLIT.fullmatch(text)
        if not found:
            return None
        return [
            SplitEvent(event_id=target.event.id, at_s=float(found[2]), reason=text)
            for target in self._resolve(found[1])
        ]

    def _engine(self, text: str, _clause: Items) -> list[Operation] | None:
        found = _ENGINE.fullmatch(text)
        if not found:
            return None
        return [
            Retake(event_id=target.event.id, engine=found[1], reason=text)
            for target in self._resolve(found[2])
        ]

    def _replace(self, text: str, clause: Items) -> list[Operation] | None:
        for pattern in _INSTEAD:
            if found := pattern.fullmatch(text):
                if any(item.kind == "amount" for item in clause):
                    return None
                return list(self._instead(found["old"], found["new"], text))
        return None

    def _instead(self, old: str, new: str, text: str) -> Iterator[Operation]:
        """One sound or way of playing in another's place."""
        for target in self._targets(old, new):
            refuse_parts(target)
            event = target.event
            own = names_of(event).all
            other = [
                word
                for word in lexicon.tokens(new)
                if stem(word) not in own and word not in _WALKING
            ]
            fields = sounds.changed_play(" ".join(other), event.subcategory)
            if fields:
                yield sounds.playing(event, fields, text)
            else:
                change = sounds.replacement(event, new, self.knowledge)
                yield change.model_copy(update={"reason": text})

    def _targets(self, old: str, new: str) -> tuple[Target, ...]:
        """What is to be played otherwise; the floor and the shoes stand for steps."""
        fields = sounds.changed_play(new)
        words = [word for word in old.split() if word not in ("the", "a", "her", "his")]
        if words and words[-1] in (
            "it",
            "that",
            "this",
            "them",
            "floor",
            "ground",
            "surface",
            "shoes",
        ):
            steps = "surface" in fields or "variant" in fields
            among = [e for e in self.targets.events if e.subcategory in STEPS]
            if steps and len(among) == 1:
                return (Target(among[0]),)
            if words[-1] in ("floor", "ground", "surface"):
                return self._resolve("footsteps")
        said = {stem(word) for word in words_of(new)}
        names = self.targets.vocabulary.names
        named = {event.id for event in self.targets.events if said & names[event.id].label}
        found = self._resolve_all(old, named)
        return found or self._resolve(old)

    def _resolve_all(self, old: str, named: set[str]) -> tuple[Target, ...]:
        """What is named in both: "boots on snow instead of leaves" is about the boots."""
        try:
            picks = self._resolve(old)
        except UnsureError as unsure:
            picks = tuple(target for one in unsure.readings for target in one)
        both = tuple(target for target in picks if target.event.id in named)
        return both if len(both) == 1 else ()

    def _add(self, text: str, clause: Items) -> list[Operation] | None:
        found = _ADD.fullmatch(text)
        if any(item.kind == "amount" and item.unit == "db" for item in clause):
            return None
        if any(item.has("eq") or item.has("param") or item.has("fault") for item in clause) or (
            found
            and any(
                item.has("verb", "compress", "fade_in", "fade_out", "retake", "take")
                for item in clause
            )
        ):
            return None
        if found and (odd := next((item for item in clause if _is_odd(item)), None)):
            raise LostError(f"What does {odd.text!r} mean of a new sound?")
        words = found["new"] if found else text
        if not found and not (_QUALIFIED.search(text) and self._is_new(text)):
            return None
        if found and (hits := self._more_hits(clause, text)) is not None:
            return hits
        if found and (louder := self._heard(found["new"], text)) is not None:
            return louder
        taken = frozenset(operation.event.id for operation in self.added)
        operation = sounds.addition(words, self.targets.situation.script, self.knowledge, taken)
        self.added.append(operation)
        return [operation]

    def _heard(self, words: str, text: str) -> list[Operation] | None:
        """``I want to hear that jacket``: what is there already is to be louder."""
        if "hear" not in text.split() or not re.match(
            r"(?:the|that|those|his|her|every|each) ", words
        ):
            return None
        try:
            picks = self._resolve(words)
        except (LostError, UnsureError):
            return None
        step = self.targets.situation.wishes.number("louder_db")
        return [AdjustLevel(event_id=one.event.id, change_db=step, reason=text) for one in picks]

    def _more_hits(self, clause: Items, text: str) -> list[Operation] | None:
        """``add a fourth shot at 13 s``: another hit of a sound that there is."""
        again = any(
            item.kind == "nth"
            or item.has("mod", "more")
            or item.has("again")
            or item.has("verb", "retake")
            for item in clause
        )
        at = next((item for item in clause if item.kind == "at"), None)
        if not again or at is None:
            return None
        named = [
            item
            for item in clause
            if any(item.has(k) for k in ("name", "noun", "hitword")) and not item.kind
        ]
        try:
            picks = self.targets.resolve(named)
        except (LostError, UnsureError):
            return None
        if len(picks) != 1 or not picks[0].event.hits:
            return None
        plain = ("verb", "mod", "fill", "deg", "again")
        left = [i for i in clause if i not in named and i is not at and i.kind != "nth"]
        if odd := next((i for i in left if i.kind or not any(i.has(k) for k in plain)), None):
            raise LostError(f"What does {odd.text!r} mean of another hit?")
        return [AddHits(event_id=picks[0].event.id, times_s=(at.number,), reason=text)]

    def _is_new(self, clause: str) -> bool:
        """Whether the clause names a sound alone, which a card knows and the script lacks."""
        name = sounds.bare(_QUALIFIED.sub("", clause))
        mentions = self.knowledge.match(name)
        if [mention.words for mention in mentions] != [name]:
            return False
        try:
            self._resolve(name)
        except LostError:
            return True
        except UnsureError:
            return False
        return False


def _is_odd(item: Item) -> bool:
    """Whether a word can't be part of what a new sound is and when it is heard."""
    if item.kind:
        return item.kind in ("num", "amount", "every", "over")
    if item.has("name") or item.has("noun"):
        return False
    odd = ("neg", "except", "twice", "half", "as_is", "to")
    turned = item.has("rel", "under", "than") or item.has("mod", "less", "too", "toomuch")
    return turned or any(item.has(kind) for kind in odd)


_ENGLISH = {
    "add": "add",
    "replace": "replace",
    "split": "split",
    "merge": "merge",
}


_KEPT = frozenset(
    "the a an some of there now be like sound sounds we".split()  # noqa: SIM905
)
"""Fillers that forms are made of."""


def spelled(items: Items) -> str:
    """The items as English text, whichever language they were said in."""
    while items and items[0].has("fill") and not items[0].has("name"):
        items = items[1:]
    kept = [
        item for item in items if not item.has("fill") or item.has("name") or item.text in _KEPT
    ]
    return (
        " ".join(part for item in kept if (part := _spelled(item))).replace(" ,", ",").strip(" ,")
    )


def _spelled(item: Item) -> str:
    if item.kind in ("at", "range", "over"):
        if isinstance(item.value, tuple):
            return f"from {item.value[0]:g} s to {item.value[1]:g} s"
        return f"{'at' if item.kind == 'at' else 'over'} {item.value:g} s"
    verb = item.reading("verb")
    if verb in _ENGLISH and not item.has("name") and not item.text.isascii():
        return _ENGLISH[verb]
    if item.has("foreign"):
        return item.reading("foreign")
    return item.text
