"""What goes over the wire: the form in which JSON is asked for, and how an endpoint fails."""

import contextvars
import json
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar, Union

from foley_designer.agents.llm.reply import R

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

T = TypeVar("T")
Turn = tuple[str, str | list[str | dict[str, Any]]]
"""Who speaks, and what."""
Message = Union[Turn, "BaseMessage"]
_CHARACTERS_PER_TOKEN = 4
"""Estimate for endpoints that don't report usage."""


class TransportError(Exception):
    """The endpoint gave no answer; the message is fit to be shown.

    Args:
        message: what happened.
        refused: whether the endpoint understood the request and turned it down.
    """

    def __init__(self, message: str, *, refused: bool) -> None:
        super().__init__(message)
        self.refused = refused


def within(seconds: float, work: Callable[[], T]) -> T:
    """Do the work in a thread and give it up in time.

    The client library's own time-out starts anew with each piece of an answer that trickles in.

    Raises:
        TimeoutError: it isn't done after ``seconds``; the thread is left to end by itself.
    """
    outcome: Future[T] = Future()
    context = contextvars.copy_context()

    def run() -> None:
        try:
            outcome.set_result(context.run(work))
        except Exception as error:  # noqa: BLE001 - it is raised where the answer is waited for
            outcome.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return outcome.result(timeout=seconds)


def form_of(method: str, reply: type[R]) -> dict[str, Any]:
    """Request fields of a structured-output method.

    They go into the body as they are: through its own parameters the client library parses the
    answer itself and raises on fences, thoughts and truncation.
    """
    schema = {"name": reply.__name__, "schema": reply.model_json_schema()}
    if method == "json_schema":
        form = {"type": "json_schema", "json_schema": {**schema, "strict": False}}
        return {"extra_body": {"response_format": form}}
    if method == "json_mode":
        return {"extra_body": {"response_format": {"type": "json_object"}}}
    if method == "function_calling":
        function = {"name": reply.__name__, "parameters": reply.model_json_schema()}
        choice = {"type": "function", "function": {"name": reply.__name__}}
        return {
            "tools": [{"type": "function", "function": function}],
            "tool_choice": choice,
        }
    return {}


def text_of(message: Any) -> str:
    """What the model wrote: a call's arguments before its prose."""
    if message.tool_calls:
        return json.dumps(message.tool_calls[0]["args"])
    if message.invalid_tool_calls:
        return str(message.invalid_tool_calls[0]["args"])
    return str(message.text)


def transport_error(error: Exception) -> TransportError:
    """A failure of the endpoint without what it quotes, which may hold a key."""
    from openai import APIConnectionError, APIStatusError, APITimeoutError  # noqa: PLC0415

    if isinstance(error, (APITimeoutError, TimeoutError)):
        return TransportError("it timed out", refused=False)
    if isinstance(error, APIStatusError):
        code = error.status_code
        return TransportError(f"HTTP {code}", refused=400 <= code < 500)
    if isinstance(error, APIConnectionError):
        return TransportError("it can't be reached", refused=False)
    return TransportError("its answer is no chat completion", refused=False)


def estimate(messages: Sequence[Message]) -> int:
    """Tokens by length; pictures don't count."""
    texts = (turn[1] if isinstance(turn, tuple) else turn.content for turn in messages)
    return sum(len(text) for text in texts if isinstance(text, str)) // _CHARACTERS_PER_TOKEN
