"""The reviser by a language model: for the words that the rules can't parse.

It answers in the same typed operations. Code holds each against the script and against the request:
an edit whose quoted words don't stand in the request is refused, so nothing that a label or a
screenplay says can ask for one. As everywhere, the user sees the diff before anything sounds.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from foley_designer.agents.llm import views
from foley_designer.agents.llm.agent import FALLS_BACK
from foley_designer.agents.llm.client import ModelClient
from foley_designer.agents.llm.events import EventReply, to_event
from foley_designer.agents.llm.ground import Ground, like
from foley_designer.agents.llm.reply import Problem, Reply, refuse
from foley_designer.agents.reviser.sense import doubt, opposes
from foley_designer.agents.reviser.sounds import free_id
from foley_designer.agents.reviser.understanding import Option, Reviser, Situation, Understanding
from foley_designer.agents.scribe.ordering import DRAFT
from foley_designer.agents.scribe.wording import performance_of
from foley_designer.core.card import Card
from foley_designer.core.errors import FoleyError
from foley_designer.core.revision import operations as edit
from foley_designer.core.revision.apply import RevisionError, apply
from foley_designer.core.revision.diff import describe_changes
from foley_designer.memory.preferences import Preferences

if TYPE_CHECKING:
    from foley_designer.memory.knowledge_base import Knowledge

PROMPT = "reviser/revise"
LONGEST_REQUEST = 2000
MOST_EDITS = 40
MOST_OPTIONS = 9
_WORD = re.compile(r"\w+", re.UNICODE)


class AddSound(Reply):
    """A new sound."""

    kind: Literal["add_sound"]
    sound: EventReply


class ReplaceWith(Reply):
    """Another sound at an event's times and place."""

    kind: Literal["replace_with"]
    event_id: str
    card: str
    """Id of a card from ``sounds``."""
    label: str = Field(min_length=1)
    """Short noun phrase, such as ``metal gate``."""


Doing = Annotated[edit.SayableOperation | AddSound | ReplaceWith, Field(discriminator="kind")]
"""What the model may ask for: sounds by what they are, everything else as an operation."""


class EditReply(Reply):
    """One edit, and the words that ask for it."""

    quote: str = Field(min_length=1, max_length=400)
    """Copied from the request."""
    do: Doing


class ReadingReply(Reply):
    """One reading of a request that has several."""

    text: str = Field(min_length=1)
    """What it takes the words to mean, as shown to the editor."""
    edits: list[EditReply] = Field(min_length=1, max_length=MOST_EDITS)


class RevisionReply(Reply):
    """What a request means."""

    edits: list[EditReply] = Field(default=[], max_length=MOST_EDITS)
    options: list[ReadingReply] = Field(default=[], max_length=MOST_OPTIONS)
    question: str = ""
    command: Literal["undo", "redo"] | None = None
    unclear: str = ""


class ModelReviser:
    """Asks the model what the rules could not parse; their readings and refusals come first.

    Args:
        rules: understand the common requests, at no cost.
        knowledge: cards, for sounds that are added or take another's place.
        client: asks the endpoint.
    """

    def __init__(self, rules: Reviser, knowledge: "Knowledge", client: ModelClient) -> None:
        self.rules = rules
        self.knowledge = knowledge
        self.client = client

    def understand(self, request: str, situation: Situation) -> Understanding:
        """The rules' meaning, else the model's; where that fails, what the rules said and why."""
        ruled = self.rules.understand(request, situation)
        if not (ruled.unclear or ruled.partial) or len(request) > LONGEST_REQUEST:
            return ruled
        values = {
            "request": request,
            "script": _script_view(situation),
            "spoken_of": list(situation.focus),
            "wishes": _wishes_view(situation.wishes),
            "sounds": views.sounds(self.knowledge),
        }
        try:
            return self.client.ask(
                PROMPT,
                RevisionReply,
                values,
                lambda reply: self._meaning(reply, request, situation),
                hold=False,
            )
        except FoleyError as error:
            if error.code not in FALLS_BACK:
                raise
            if ruled.partial:
                return ruled.model_copy(update={"notes": (*ruled.notes, error.message)})
            return Understanding(unclear=f"{ruled.unclear} {error.message}")

    def _meaning(self, reply: RevisionReply, request: str, situation: Situation) -> Understanding:
        """The reply as an understanding, all of it or none.

        Raises:
            ReplyError: it can't be applied, or words ask for none of it.
        """
        if reply.unclear:
            return Understanding(unclear=reply.unclear[:300])
        if reply.command:
            return Understanding(command=reply.command)
        if len(reply.options) > 1:
            options = tuple(
                Option(
                    text=one.text[:200],
                    operations=self._held(one.edits, request, situation),
                    doubts=self._doubts(one.edits, situation),
                )
                for one in reply.options
            )
            question = reply.question[:300] or "Which is meant?"
            return Understanding(options=options, question=question)
        if reply.question:
            return Understanding(unclear=reply.question[:300])
        edits = reply.options[0].edits if reply.options else reply.edits
        if not edits:
            raise refuse(
                Problem.NOTHING, "give edits, options, a question, or say what is unclear."
            )
        return Understanding(
            operations=self._held(edits, request, situation),
            doubts=self._doubts(edits, situation),
        )

    def _doubts(self, edits: Sequence[EditReply], situation: Situation) -> tuple[str, ...]:
        """What the quoted words do not surely ask for."""
        found = [
            doubt(
                self._operation(one, situation, frozenset()), one.quote, situation, self.knowledge
            )
            for one in edits
            if not isinstance(one.do, (AddSound, ReplaceWith))
        ]
        return tuple(dict.fromkeys(text for text in found if text))

    def _held(
        self, edits: Sequence[EditReply], request: str, situation: Situation
    ) -> tuple[edit.Operation, ...]:
        """Operations that the request's words ask for and the script can take."""
        spoken = _words(request)
        operations: list[edit.Operation] = []
        taken: set[str] = set()
        for one in edits:
            quoted = _words(one.quote)
            if not _stands(quoted, spoken):
                where = "quote two words or more, in a row, as the request has them"
                raise refuse(Problem.UNGROUNDED, f"{one.quote[:80]!r}: {where}.")
            operation = self._operation(one, situation, frozenset(taken))
            if opposes(operation, self.rules.understand(one.quote, situation).operations):
                against = "these words ask for the opposite of this edit"
                raise refuse(Problem.UNGROUNDED, f"{one.quote[:80]!r}: {against}.")
            if isinstance(operation, edit.AddEvent):
                taken.add(operation.event.id)
            operations.append(operation.model_copy(update={"reason": one.quote}))
        try:
            changed = apply(situation.script, operations)
        except RevisionError as error:
            raise refuse(Problem.NOT_APPLICABLE, f"{error.message} {error.hint}") from error
        if describe_changes(situation.script, changed).is_empty:
            raise refuse(Problem.NOTHING, "these edits change nothing.")
        return tuple(operations)

    def _operation(
        self, one: EditReply, situation: Situation, taken: frozenset[str]
    ) -> edit.Operation:
        """The typed operation; sounds by card become events."""
        do, script = one.do, situation.script
        if isinstance(do, AddSound):
            if situation.observation is None:
                raise refuse(Problem.NOT_APPLICABLE, "nothing can be added here.")
            # Without moments to snap to: the editor's own times stand.
            seen = situation.observation.model_copy(update={"moments": ()})
            ground = Ground(seen, self.knowledge)
            event = to_event(do.sound, DRAFT, None, ground)
            ground.settle()
            if event is None:
                raise refuse(Problem.NO_TIMES, f"{do.sound.label[:60]!r} has no time in the clip.")
            key = free_id(do.sound.label, script, taken)
            return edit.AddEvent(event=event.model_copy(update={"id": key, "reason": "Asked for."}))
        if isinstance(do, ReplaceWith):
            card = self._card(do.card)
            return edit.ReplaceSound(
                event_id=do.event_id,
                label=do.label[:80],
                description=f"{do.label}, as asked."[:500],
                subcategory=card.subcategory,
                performance=performance_of(card, do.label),
                cards=(card.id,),
            )
        return do

    def _card(self, card_id: str) -> Card:
        """The card that an edit names.

        Raises:
            ReplyError: it is not known.
        """
        try:
            return self.knowledge.get(card_id)
        except KeyError:
            near = like(card_id, (card.id for card in self.knowledge.cards))
            hint = f" Near: {near}." if near else ""
            told = f"{card_id[:60]!r}; take ids from sounds.{hint}"
            raise refuse(Problem.UNKNOWN_CARD, told) from None


def _words(text: str) -> str:
    """The words alone, so that case, spaces and punctuation make no difference."""
    return " ".join(_WORD.findall(text.casefold()))


def _stands(quoted: str, spoken: str) -> bool:
    """Whether words stand in a request in a row; one alone asks for nothing in a longer one."""
    enough = len(quoted.split()) >= min(2, len(spoken.split()))
    return bool(quoted) and enough and f" {quoted} " in f" {spoken} "


def _script_view(situation: Situation) -> views.View:
    """What requests are about: each event with its hits, place, and level in the mix."""
    view = views.script_view(situation.script)
    for shown, event in zip(view["events"], situation.script.events, strict=True):
        shown["azimuth_deg"] = event.source.azimuth_deg
        shown["all_around"] = event.source.kind.value == "around"
        level = situation.levels.get(event.id)
        shown["level_lufs"] = None if level is None else round(level, 1)
        for unasked in ("card", "reason", "description"):
            shown.pop(unasked, None)
    view.pop("summary")  # nobody edits it, and a screenplay may speak in it
    return view | {"duration_s": round(situation.script.clip.duration_s, 3)}


def _wishes_view(wishes: Preferences) -> dict[str, Any]:
    return {
        one.key: one.value for one in wishes.list() if one.key.endswith(("_db", "_ms", "_factor"))
    }
