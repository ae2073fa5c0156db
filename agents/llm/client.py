"""The model client: asks an OpenAI-compatible endpoint for one typed answer, within a budget.

A call ends in a value, or in a `FoleyError` after one repair turn. What comes back is typed,
bounded and converted by the caller's code, so text in the prompt has no power beyond the words
and numbers of that one answer.
"""

import contextlib
import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

from pydantic import ValidationError

from foley_designer.agents.llm.budget import Budget
from foley_designer.agents.llm.notes import Notebook
from foley_designer.agents.llm.reply import (
    Problem,
    R,
    Reply,
    ReplyError,
    read_reply,
    refuse,
    shape_error,
)
from foley_designer.agents.llm.senses.attaching import Attachments
from foley_designer.agents.llm.senses.ears import Ears
from foley_designer.agents.llm.tools import INVITATION, MOST_LOOKS, ToolBox
from foley_designer.agents.llm.views import Picture, Sound
from foley_designer.agents.llm.wire import (
    Message,
    TransportError,
    Turn,
    estimate,
    form_of,
    text_of,
    transport_error,
    within,
)
from foley_designer.core.documents import content_hash
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.mix.features import Diagnosis
from foley_designer.core.note import NoteKind
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.settings import Settings
from foley_designer.prompts.prompt import Rendered
from foley_designer.prompts.store import PromptStore

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage
    from langchain_openai import ChatOpenAI

T = TypeVar("T")

TRIES = 2
"""The question, and one more turn: a repair, or the same again after a broken connection."""
_QUOTED = 4000
"""Characters of a refused answer that the repair turn quotes."""


class _Answer(NamedTuple):
    text: str
    truncated: bool


class ModelClient:
    """One endpoint, many agents.

    Args:
        settings: endpoint, model, structured-output method, time-out; per agent in ``agents``.
        prompts: where the questions come from.
        budget: what may be spent.
        pictures: folders that picture names refer to; they are sent if the model sees.
        tools: what agents may call by themselves, where the settings give it to them.
        notebook: where changes that code makes to an answer are noted.
        ears: what ``listen`` listens to, which the mixing agents settle.

    Raises:
        FoleyError: ``config_invalid`` if a model is named but neither endpoint nor key is.
    """

    def __init__(
        self,
        settings: Settings,
        prompts: PromptStore,
        budget: Budget,
        pictures: Sequence[Path] = (),
        tools: ToolBox | None = None,
        notebook: Notebook | None = None,
        ears: Ears | None = None,
    ) -> None:
        if settings.openai_base_url is None and settings.openai_api_key is None:
            raise FoleyError(
                ErrorCode.CONFIG_INVALID,
                f"Model {settings.llm_model} has neither an endpoint nor a key.",
                "Set OPENAI_BASE_URL or OPENAI_API_KEY, or unset FOLEY_LLM_MODEL.",
            )
        self.settings = settings
        self.prompts = prompts
        self.budget = budget
        self.tools = tools
        self.notebook = notebook or Notebook()
        self._known: dict[str, Reply] = {}
        self.ears = ears
        self._attached = Attachments(
            pictures, budget, sees=settings.llm_vision, hears=settings.llm_hearing
        )
        self._at_once = BoundedSemaphore(settings.llm_parallel)

    def ask(
        self,
        prompt_id: str,
        reply: type[R],
        values: Mapping[str, Any],
        convert: Callable[[R], T],
        images: Sequence[Picture] = (),
        *,
        sounds: Sequence[Sound] = (),
        remember: bool = True,
        hold: bool = True,
    ) -> T:
        """Render a prompt, ask, check and convert; repair once.

        A question that was answered before is not asked again: its answer is converted anew.

        Args:
            prompt_id: ``<agent>/<task>``.
            reply: what the model fills in.
            values: inputs of the prompt.
            convert: turns the reply into the caller's value; may raise `ReplyError` or
                `pydantic.ValidationError`, which the model is told.
            images: pictures to attach if the model sees; those that are not there are left
                out.
            sounds: for a model that hears (``input_audio``); files are sent where the settings
                say that it does, bytes always.
            remember: whether an equal question takes the answer that was given before; a judge is
                asked twice to see how far it agrees with itself.
            hold: whether numbers out of range are held and broken entries left out of the last
                answer, with a note; otherwise it is refused.

        Raises:
            FoleyError: ``model_failed``, ``budget_spent`` or ``prompt_invalid``.
        """
        rendered = self.prompts.render(prompt_id, values)
        agent = prompt_id.partition("/")[0]
        if not remember:
            return self._question(
                agent, prompt_id, reply, rendered, convert, images, sounds, hold=hold
            )
        shown = [_digest(one.name) for one in images] + [_digest(one.name) for one in sounds]
        key = content_hash([prompt_id, rendered.system, rendered.user, shown])
        if (known := self._known.get(key)) is not None:
            for _ in range(TRIES):  # what was doubted at first was taken when it came again
                with contextlib.suppress(ReplyError, ValidationError):
                    return convert(cast("R", known))
        remembered = _remembering(convert, key, self._known)
        return self._question(
            agent, prompt_id, reply, rendered, remembered, images, sounds, hold=hold
        )

    def attend(self, script: FoleyScript, diagnosis: Diagnosis) -> None:
        """Say which takes or stems ``listen`` listens to."""
        if self.ears is not None:
            self.ears.attend(script, diagnosis)

    def _question(
        self,
        agent: str,
        prompt_id: str,
        reply: type[R],
        rendered: Rendered,
        convert: Callable[[R], T],
        images: Sequence[Picture],
        sounds: Sequence[Sound] = (),
        *,
        hold: bool,
    ) -> T:
        """Ask what was not asked before."""
        system = f"{rendered.system}\n\n{_instruction(reply)}"
        opening: list[Message] = [
            ("system", system),
            ("human", self._attached.message(rendered.user, images, sounds)),
        ]
        opening, early = self._look(agent, opening)
        if early is not None:
            try:
                value = convert(_read(early, reply))
            except (ReplyError, ValidationError) as error:
                wrong = error if isinstance(error, ReplyError) else shape_error(error)
                opening = [*opening, *_repair(early, wrong)]
            else:
                self.budget.settle(succeeded=True)
                return value
        return self._insist(prompt_id, reply, convert, opening, hold=hold)

    def _insist(
        self,
        prompt_id: str,
        reply: type[R],
        convert: Callable[[R], T],
        opening: list[Message],
        *,
        hold: bool,
    ) -> T:
        """Ask in the configured form, and once more with what is wrong with the answer."""
        agent, form = prompt_id.partition("/")[0], form_of(self.settings.llm_method, reply)
        messages, problem = opening, ""
        for turn in range(1, TRIES + 1):
            try:
                answer = _answer_of(self._send(agent, messages, form))
            except TransportError as error:
                problem = str(error)
                continue
            changes: list[str] = []
            try:
                value = convert(_read(answer, reply, changes, last=hold and turn == TRIES))
            except (ReplyError, ValidationError) as error:
                wrong = error if isinstance(error, ReplyError) else shape_error(error)
                problem = str(wrong.complaints[0])
                messages = [*opening, *_repair(answer, wrong)]
                continue
            self._say(agent, changes)
            self.budget.settle(succeeded=True)
            return value
        self.budget.settle(succeeded=False)
        raise FoleyError(
            ErrorCode.MODEL_FAILED,
            f"The model gave no usable answer for {prompt_id} ({problem.rstrip('.')}).",
            "Check the endpoint, or choose another llm_method or model.",
        )

    def _say(self, agent: str, changes: Sequence[str]) -> None:
        """Leave what was changed of an answer as notes."""
        for text in dict.fromkeys(changes):
            self.notebook.write(NoteKind.DECISION, agent, text)

    def _look(self, agent: str, opening: list[Message]) -> tuple[list[Message], _Answer | None]:
        """Let the model call tools, a few turns long.

        Returns:
            The conversation with what the tools told, and the answer of a model that needed none
            of them, or no more.
        """
        if self.tools is None or not self.tools.is_open or not self.settings.tools_of(agent):
            return opening, None
        form = {"tools": self.tools.schemas(agent)}
        if not form["tools"]:
            return opening, None
        system = f"{INVITATION}\n\n{cast('Turn', opening[0])[1]}"
        messages: list[Message] = [("system", system), *opening[1:]]
        looked: list[Message] = []
        for _ in range(MOST_LOOKS):
            try:
                message = self._send(agent, [*messages, *looked], form)
            except TransportError as error:
                if error.refused:
                    self.tools.close(str(error))
                break
            if not (message.tool_calls or message.invalid_tool_calls):
                return [*opening, *looked], _answer_of(message)
            answers, pictures, sounds = self.tools.serve(agent, message)
            looked += [message, *answers]
            shown = pictures if self._attached.sees else []
            heard = sounds if self._attached.hears else []
            if shown or heard:
                looked.append(
                    ("human", self._attached.message("What you asked for:", shown, heard))
                )
        return [*opening, *looked], None

    def _send(
        self, agent: str, messages: Sequence[Message], form: Mapping[str, Any]
    ) -> "AIMessage":
        """One request.

        Raises:
            FoleyError: ``budget_spent``.
            TransportError: no answer came.
        """
        with self._at_once:  # who waits for their turn is not late yet
            return self._sent(agent, messages, form)

    def _sent(
        self, agent: str, messages: Sequence[Message], form: Mapping[str, Any]
    ) -> "AIMessage":
        """One request, now; raises as `_send` does."""
        from openai import OpenAIError  # noqa: PLC0415 - half a second to load

        seconds = min(self.settings.llm_timeout_s, self.budget.admit())
        started = time.monotonic()
        prompt_tokens = completion_tokens = 0
        chat = self._chat(agent, seconds)
        try:
            message = within(seconds, lambda: chat.invoke(list(messages), **form))
            usage = message.usage_metadata
            prompt_tokens = usage["input_tokens"] if usage else estimate(messages)
            written: list[Message] = [("ai", text_of(message))]
            completion_tokens = usage["output_tokens"] if usage else estimate(written)
        except (OpenAIError, TimeoutError, ValueError, TypeError, LookupError) as error:
            raise transport_error(error) from error
        finally:
            self.budget.spend(prompt_tokens, completion_tokens, time.monotonic() - started)
        return message

    def _chat(self, agent: str, timeout_s: float) -> "ChatOpenAI":
        """The chat model for one agent."""
        from langchain_openai import ChatOpenAI  # noqa: PLC0415 - a second to load

        key = self.settings.openai_api_key
        model, temperature = self.settings.model_of(agent)
        return ChatOpenAI(
            model=model,
            temperature=temperature,
            base_url=self.settings.openai_base_url,
            api_key=key if key is not None else "none",
            timeout=timeout_s,
            max_retries=0,
        )


def _remembering(convert: Callable[[R], T], key: str, known: dict[str, Reply]) -> Callable[[R], T]:
    """Convert, and keep the reply that could be."""

    def keep(reply: R) -> T:
        value = convert(reply)
        known[key] = reply
        return value

    return keep


def _digest(name: str | bytes) -> str:
    """A picture's or sound's file name, or the hash of its bytes."""
    return name if isinstance(name, str) else hashlib.sha256(name).hexdigest()


def _answer_of(message: "AIMessage") -> _Answer:
    """What the model wrote, and whether it ran out of tokens."""
    cut = message.response_metadata.get("finish_reason") == "length"
    return _Answer(text_of(message), cut)


def _read(
    answer: _Answer, reply: type[R], changes: list[str] | None = None, *, last: bool = False
) -> R:
    """The reply in an answer; raises as `read_reply` does."""
    if not answer.text.strip():
        raise refuse(Problem.NOTHING, "the answer was empty.")
    return read_reply(answer.text, reply, truncated=answer.truncated, last=last, changes=changes)


def _instruction(reply: type[R]) -> str:
    """How to answer."""
    schema = json.dumps(reply.model_json_schema(), ensure_ascii=False, sort_keys=True)
    return f"Answer with one JSON object, and nothing else, that fits this JSON Schema:\n{schema}"


def _repair(answer: _Answer, error: ReplyError) -> tuple[Message, Message]:
    """The repair turn: what the model wrote, and what is wrong with it."""
    complaints = "\n".join(f"- {complaint}" for complaint in error.complaints)
    return (
        ("ai", answer.text[:_QUOTED] or "(empty)"),
        (
            "human",
            f"This answer can't be used:\n{complaints}\n"
            "Answer again with one whole JSON object that fits the schema, and nothing else.",
        ),
    )
