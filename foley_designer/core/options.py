"""What a setting is for: declared once at its field, read by every door.

A field of `foley_designer.core.choices.Choices` carries one of two marks. `Decides` says that the
setting decides what comes out, and from which step of a design on; `Neutral` says why it does not.
A `Shown` beside it makes the setting an option of every command that reaches that step and of the
assistant's design tool.
"""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Annotated, Any

from pydantic.fields import FieldInfo

if TYPE_CHECKING:
    from pydantic import BaseModel


class Step(IntEnum):
    """Steps of a design, in order."""

    SEE = 1
    SCRIPT = 2
    SOUND = 3
    MIX = 4


@dataclass(frozen=True)
class Decides:
    """The setting decides what comes out, from a step on; a session belongs to one value of it."""

    step: Step


@dataclass(frozen=True)
class Neutral:
    """The setting does not decide what comes out, or its contents do and are hashed instead."""

    why: str


@dataclass(frozen=True)
class Shown:
    """The setting is an option of commands and of the assistant's design tool."""

    help: str


@dataclass(frozen=True)
class Option:
    """A shown setting, as doors offer it."""

    name: str
    """Name of the field."""
    flag: str
    """Command-line flag: the field's name without its unit."""
    help: str
    kind: Any
    """Type of the field, its bounds included."""


_UNITS = ("_deg", "_db", "_s")


def options(model: "type[BaseModel]", upto: Step) -> tuple[Option, ...]:
    """Shown settings that bear on a design's steps up to one, in the order of their fields."""
    found = []
    for name, field in model.model_fields.items():
        shown, decides = mark(field, Shown), mark(field, Decides)
        if shown and decides and decides.step <= upto:
            flag = name
            for unit in _UNITS:
                flag = flag.removesuffix(unit)
            bounds = [part for part in field.metadata if not isinstance(part, Shown | Decides)]
            kind: Any = field.annotation
            for bound in bounds:
                kind = Annotated[kind, bound]
            found.append(Option(name, "--" + flag.replace("_", "-"), shown.help, kind))
    return tuple(found)


def mark(field: FieldInfo, kind: type) -> Any:
    """The mark of one kind that a field carries, else None."""
    return next((part for part in field.metadata if isinstance(part, kind)), None)


def decisive(model: "type[BaseModel]") -> frozenset[str]:
    """Names of the settings that decide what comes out; a session belongs to one set of them."""
    return frozenset(name for name, field in model.model_fields.items() if mark(field, Decides))


def taking(
    function: Callable[..., Any], extra: tuple[inspect.Parameter, ...], into: str
) -> Callable[..., Any]:
    """A function that takes more keyword parameters and hands them on as one dictionary.

    Args:
        function: takes a keyword parameter ``into``, a dictionary of what was given.
        extra: keyword-only parameters with defaults; those that stay None are left out.
        into: name of the parameter that receives them.
    """
    before = inspect.signature(function)
    own = [one for name, one in before.parameters.items() if name != into]
    names = [parameter.name for parameter in extra]

    @functools.wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        given = {name: kwargs.pop(name, None) for name in names}
        chosen = {name: value for name, value in given.items() if value is not None}
        return function(*args, **kwargs, **{into: chosen})

    signature = before.replace(parameters=[*own, *extra])
    wrapped.__signature__ = signature  # type: ignore[attr-defined]
    wrapped.__annotations__ = {
        **{name: parameter.annotation for name, parameter in signature.parameters.items()},
        "return": signature.return_annotation,
    }
    return wrapped
