"""Forms: requests with a shape of their own, such as "use X instead of Y" or "add X"."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from foley_designer.agents import lexicon
from foley_designer.agents.reviser import sounds
from foley_designer.agents.reviser.changes import Change
from foley_designer.agents.reviser.speech import Unit, take_amount
from foley_designer.agents.reviser.targets import (
    LostError,
    Target,
    Targets,
    UnsureError,
    is_scene,
    names_of,
)
from foley_designer.core.category import Subcategory
from foley_designer.core.revision.operations import (
    AddEvent,
    ChangeSpace,
    ChangeTone,
    MergeEvents,
    Operation,
    RemoveEvent,
    Retake,
    SplitEvent,
)
from foley_designer.core.script.structured_text import Tone
from foley_designer.memory.inflection import stem

if TYPE_CHECKING:
    from foley_designer.memory.knowledge_base import Knowledge

_SECONDS = r"(\d+(?:\.\d+)?) ?(?:s|secs?|seconds?)"
_MERGE = re.compile(r"(?:merge|join|combine) (.+?)(?: (?:and|with) (.+))?")
_ENGINE = re.compile(r"use (?:the |my )?(library|synth)(?:esis)?(?: engine)? (?:for|on) (.+)")
_SPLIT = re.compile(rf"split (?:up )?(.+?) at {_SECONDS}")
_NOT = re.compile(r"(?:use |make it |take )?(?P<new>[^,]+?),? not (?P<old>[^,]+)")
_INSTEAD = (
    re.compile(r"(?:replace|swap|exchange|substitute) (?P<old>.+?) (?:with|by|for) (?P<new>.+)"),
    re.compile(
        r"(?:(?:use|take|try|put|have|make it|give me) )?(?P<new>.+?) "
        r"(?:instead of|rather than|in place of) (?P<old>.+)"
    ),
    re.compile(r"use (?P<new>.+?) (?:for|as) (?P<old>.+)"),
    re.compile(r"(?:turn|change) (?P<old>.+?) (?:in)?to (?P<new>(?!the ).+)"),
)
_PLAYED = (
    re.compile(
        r"(?P<old>.+?) (?:(?:should|must) (?:be|walk)|is|are|be|wears?|wearing|walks?|walking)"
        r"(?: (?:on|in|made of|wearing))? (?P<new>.+)"
    ),
    re.compile(r"make (?P<old>the .+?|it|them|that) (?P<new>\w+(?: on \w+)?)"),
    re.compile(r"(?P<old>.+?) on (?P<new>\w+)"),
)
_ADD = re.compile(
    r"(?:add|insert|include|put in|throw in|(?:i want )?to hear|i want to hear|hear"
    r"|there (?:should|must|has to) be|we need|need|let there be|give me|put(?= an? | some ))"
    r" (?P<new>.+)"
)
_QUALIFIED = re.compile(rf"\b(?:outside|outdoors|off screen|in the background|at {_SECONDS})$")
_REMOVE = re.compile(
    r"(?:remove|delete|cut(?: out)?|drop|lose|kill|mute|silence|get rid of|take (?:out|away)"
    r"|no more|without|no|ditch|erase|scrap) (?P<old>.+)"
)
_RETAKES = (
    re.compile(
        r"(?:(?:do|try|make|get|play|use|give me) )?(?:another|a different|a new|a fresh|one more) "
        r"(?:take|version|performance|try|go)(?: (?:of|for|at|on) (?P<old>.+))?"
    ),
    re.compile(r"(?:try|use|get) (?:a different|another) (?P<old>.+)"),
    re.compile(r"(?:perform|record|play|try) (?P<old>.+?) (?:again|once more|anew)"),
    re.compile(r"retake (?P<old>.+)"),
)
_IN_A_PLACE = re.compile(
    r"(?:(?:(?:make|let) )?(?:it|this|that|all this|everything|the scene|the whole thing|we)"
    r"|(?:put|set) (?:it|us|everything|this|the scene)"
    r"|change the (?:room|space|place|location|acoustics))"
    r"(?: (?:all|is|are|should|sounds?|happens|plays|takes place|be|set))*"
    r"(?: (?:outdoors|indoors|outside|inside))?"
    r" (?:like|in|inside|at|on|to|into)(?: (?:it is|we are|being))?(?: (?:in|inside|at|on))?"
    r"(?: (?:a|an|the|some))?(?: (?:big|large|small|huge|old|empty))? (?P<place>[a-z ]+)"
)
_TONES = {
    "tenser": "tense",
    "more suspense": "tense",
    "calmer": "calm",
    "more relaxed": "calm",
    "more peaceful": "calm",
    "sadder": "sad",
    "happier": "happy",
    "merrier": "merry",
    "more cheerful": "cheerful",
    "more violent": "violent",
    "more aggressive": "violent",
    "more exciting": "exciting",
    "more playful": "playful",
    "scarier": "terror",
}
_MOOD = re.compile(
    r"(?:(?:make|let) )?"
    r"(?:(?:it|this|everything|all of it|the (?:whole thing|scene|mood|tone|mix)) )?"
    r"(?:(?:be|feel|sound|is|should be) )?(?:(?:a bit|a little|slightly|much) )?"
    r"(?P<tone>(?:more )?[a-z]+)"
)
_WALKERS = re.compile(r"(?:he|she|they|the (?:man|woman|walker|actor|person))")


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

    def whole(self, sentence: str) -> list[Operation] | None:
        """Forms in which "and" and commas don't divide; None where it is none of them."""
        if merge := _MERGE.fullmatch(sentence):
            named = [words for words in merge.groups() if words]
            found = [target for words in named for target in self.targets.resolve(words)]
            ids = tuple(dict.fromkeys(target.event.id for target in found))
            if len(ids) < 2:
                raise LostError("There is nothing to merge.")
            return [MergeEvents(event_ids=ids, reason=sentence)]
        contrast = _NOT.fullmatch(sentence)
        if contrast and not re.search(r"\b(?:can|do|does|is|are) not\b", sentence):
            return list(self._instead(contrast["old"], contrast["new"], sentence))
        return None

    def clause(self, clause: str) -> list[Operation] | None:
        """Operations of a clause with a form of its own; None where it has none."""
        for read in (
            self._space,
            self._tone,
            self._split,
            self._engine,
            self._replace,
            self._add,
        ):
            found = read(clause)
            if found is not None:
                return found
        return None

    def verb(self, clause: str) -> tuple[Change, str] | None:
        """Removal and retake: verbs that take any target."""
        if (found := _REMOVE.fullmatch(clause)) and take_amount(clause)[0] is None:
            if is_scene(found["old"]):
                raise LostError("Everything? A script can't be empty.")
            return Change(_removed), found["old"]
        for pattern in _RETAKES:
            if found := pattern.fullmatch(clause):
                return Change(_retaken), found["old"] or "it"
        return None

    def _space(self, clause: str) -> list[Operation] | None:
        found = _IN_A_PLACE.fullmatch(clause)
        space = lexicon.SPACES.get(found["place"].strip()) if found else None
        return [ChangeSpace(space=space, reason=clause)] if space else None

    def _tone(self, clause: str) -> list[Operation] | None:
        found = _MOOD.fullmatch(clause)
        word = _TONES.get(found["tone"]) if found else None
        if word is None:
            return None
        feeling = lexicon.TONES[word]
        tone = Tone(valence=feeling.valence, arousal=feeling.arousal, words=(word,))
        mood = lexicon.mood_for(feeling.valence, feeling.arousal)
        return [ChangeTone(tone=tone, mood=mood, reason=clause)]

    def _split(self, clause: str) -> list[Operation] | None:
        found = _SPLIT.fullmatch(clause)
        if not found:
            return None
        return [
            SplitEvent(event_id=target.event.id, at_s=float(found[2]), reason=clause)
            for target in self.targets.resolve(found[1])
        ]

    def _engine(self, clause: str) -> list[Operation] | None:
        found = _ENGINE.fullmatch(clause)
        if not found:
            return None
        return [
            Retake(event_id=target.event.id, engine=found[1], reason=clause)
            for target in self.targets.resolve(found[2])
        ]

    def _replace(self, clause: str) -> list[Operation] | None:
        for pattern in _INSTEAD:
            if found := pattern.fullmatch(clause):
                return list(self._instead(found["old"], found["new"], clause))
        for pattern in _PLAYED:
            found = pattern.fullmatch(clause)
            if found and sounds.changed_play(found["new"]):
                return list(self._played(found["old"], found["new"], clause))
        return None

    def _instead(self, old: str, new: str, clause: str) -> Iterator[Operation]:
        """One sound or way of playing in another's place."""
        for target in self._targets(old, new):
            event = target.event
            own = names_of(event)
            other = [word for word in lexicon.tokens(new) if stem(word) not in own]
            fields = sounds.changed_play(" ".join(other), event.subcategory)
            if fields:
                yield sounds.playing(event, fields, clause)
            else:
                change = sounds.replacement(event, new, self.knowledge)
                yield change.model_copy(update={"reason": clause})

    def _played(self, old: str, new: str, clause: str) -> Iterator[Operation]:
        for target in self._targets(old, new):
            fields = sounds.changed_play(new, target.event.subcategory)
            if not fields:
                raise LostError(f"{target.event.label} can't be played {new!r}.")
            yield sounds.playing(target.event, fields, clause)

    def _targets(self, old: str, new: str) -> tuple[Target, ...]:
        """What is to be played otherwise; people stand for their steps."""
        fields = sounds.changed_play(new)
        if _WALKERS.fullmatch(old):
            old = "footsteps"
        if old in ("it", "that", "this", "them", "the floor", "the ground", "the surface", "shoes"):
            steps = "surface" in fields or "variant" in fields
            among = [e for e in self.targets.events if e.subcategory is Subcategory.HUMAN_STEPS]
            return self.targets.resolve("it", among if steps else None)
        return self.targets.resolve(old)

    def _add(self, clause: str) -> list[Operation] | None:
        found = _ADD.fullmatch(clause)
        amount, _ = take_amount(clause)
        if amount and amount.unit is Unit.DB:
            return None
        words = found["new"] if found else clause
        if not found and not (_QUALIFIED.search(clause) and self._is_new(clause)):
            return None
        taken = frozenset(operation.event.id for operation in self.added)
        operation = sounds.addition(words, self.targets.situation.script, self.knowledge, taken)
        self.added.append(operation)
        return [operation]

    def _is_new(self, clause: str) -> bool:
        """Whether the clause names a sound alone, which a card knows and the script lacks."""
        name = sounds.bare(_QUALIFIED.sub("", clause))
        mentions = self.knowledge.match(name)
        if [mention.words for mention in mentions] != [name]:
            return False
        try:
            self.targets.resolve(name)
        except LostError:
            return True
        except UnsureError:
            return False
        return False


def _removed(target: Target) -> Iterator[Operation]:
    yield RemoveEvent(event_id=target.event.id, hits=target.hits)


def _retaken(target: Target) -> Iterator[Operation]:
    yield Retake(event_id=target.event.id)
