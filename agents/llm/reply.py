"""A model's reply: found in whatever text came, checked, and refused in words it can act on."""

import json
import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from foley_designer.agents.llm.mending import mended

LONGEST_REPLY = 200_000
"""Characters of a reply that are looked at."""

_THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_THOUGHT_END = re.compile(r"\A.*</think(?:ing)?>", re.DOTALL | re.IGNORECASE)


class Reply(BaseModel):
    """What a model may fill in. Smaller than any document, and never one."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        allow_inf_nan=False,
        str_strip_whitespace=True,
        use_attribute_docstrings=True,
    )


R = TypeVar("R", bound=Reply)


class Problem(StrEnum):
    """Why a reply can't be used. The set is closed and told to the model in the repair turn."""

    NO_JSON = "no_json"
    TRUNCATED = "truncated"
    WRONG_SHAPE = "wrong_shape"
    UNKNOWN_CARD = "unknown_card"
    UNKNOWN_TRACK = "unknown_track"
    UNKNOWN_EVENT = "unknown_event"
    UNKNOWN_MOMENT = "unknown_moment"
    UNKNOWN_WORD = "unknown_word"
    NO_TIMES = "no_times"
    UNGROUNDED = "ungrounded"
    NOT_APPLICABLE = "not_applicable"
    NOTHING = "nothing"


class Complaint(NamedTuple):
    """One problem and what to do about it."""

    problem: Problem
    text: str

    def __str__(self) -> str:
        """``problem: text``, at most 300 characters."""
        return f"{self.problem}: {self.text}"[:300]


class ReplyError(Exception):
    """A reply that can't be used.

    Args:
        complaints: what is wrong with it, at least one.
    """

    def __init__(self, *complaints: Complaint) -> None:
        super().__init__("; ".join(str(complaint) for complaint in complaints))
        self.complaints = complaints


def refuse(problem: Problem, text: str) -> ReplyError:
    """A reply error with one complaint."""
    return ReplyError(Complaint(problem, text))


def read_reply(
    text: str,
    model: type[R],
    *,
    truncated: bool = False,
    last: bool = False,
    changes: list[str] | None = None,
) -> R:
    """The reply in a model's text: fences, thoughts and prose around it are passed over.

    Of several JSON objects the last valid one counts, because examples come before answers.

    Args:
        text: what the model wrote.
        model: what it was asked for.
        truncated: whether the endpoint says that it ran out of tokens.
        last: whether it can't be asked again: what is out of range is held, what is broken in a
            list is left out.
        changes: collects what was held and left out.

    Raises:
        ReplyError: there is no JSON object, or none that fits the model.
    """
    found = list(_objects(_without_thoughts(text[:LONGEST_REPLY])))
    first_error: ValidationError | None = None
    for value in reversed(found):
        said: list[str] = []
        try:
            reply = mended(value, model, said, last=last)
        except ValidationError as error:
            first_error = first_error or error
            continue
        if changes is not None:
            changes += said
        return reply
    if truncated:
        raise refuse(Problem.TRUNCATED, "the answer ended early; answer more briefly.")
    if first_error is None:
        raise refuse(Problem.NO_JSON, "answer with one JSON object and nothing else.")
    raise shape_error(first_error)


def shape_error(error: ValidationError) -> ReplyError:
    """What doesn't fit, field by field, at most eight."""
    return ReplyError(
        *(
            Complaint(
                Problem.WRONG_SHAPE,
                f"{'.'.join(str(step) for step in problem['loc']) or 'answer'}: {problem['msg']}",
            )
            for problem in error.errors(include_url=False)[:8]
        )
    )


def _without_thoughts(text: str) -> str:
    """The text without think blocks, also where a server ate their opening tag."""
    return _THOUGHT_END.sub("", _THOUGHT.sub("", text))


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """All outermost JSON objects in a text."""
    decoder = json.JSONDecoder(parse_constant=_no_constant)
    start = text.find("{")
    while start >= 0:
        try:
            value, end = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            end = start + 1
        else:
            yield value
        start = text.find("{", end)


def _no_constant(name: str) -> float:
    """Refuse NaN and infinity, which are no JSON."""
    raise ValueError(name)
