"""Settings of a command: its flags over environment, configuration file and defaults."""

import inspect
import types
from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar, cast, get_args, get_origin

import typer
from annotated_types import Ge, Le

from foley_designer.core.choices import Choices
from foley_designer.core.options import Option, Step, options, taking

if TYPE_CHECKING:
    from foley_designer.core.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])


def with_settings(upto: Step) -> Callable[[F], F]:
    """Give a command an option for each shown setting that bears on a design up to a step.

    The command takes the chosen ones as the keyword parameter ``chosen``, for `settings_of`.
    """

    def decorated(command: F) -> F:
        extra = tuple(_parameter(option) for option in options(Choices, upto))
        return cast(F, taking(command, extra, into="chosen"))

    return decorated


def _parameter(option: Option) -> inspect.Parameter:
    """The Typer parameter of a shown setting; what Typer can't check is left to `Settings`."""
    kind = option.kind
    bounds: dict[str, Any] = {}
    while get_origin(kind) is Annotated:
        kind, *marks = get_args(kind)
        for mark in marks:
            if isinstance(mark, Ge):
                bounds["min"] = mark.ge
            elif isinstance(mark, Le):
                bounds["max"] = mark.le
    if get_origin(kind) is Literal or (isinstance(kind, type) and issubclass(kind, Enum)):
        kind = str
    if get_origin(kind) is types.UnionType:
        kind = next(one for one in get_args(kind) if one is not type(None))
    shown = typer.Option(option.flag, help=option.help, **bounds)
    return inspect.Parameter(
        option.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[kind | None, shown],
    )


def settings_of(**flags: Any) -> "Settings":
    """Settings with the flags that were given on top.

    Raises:
        FoleyError: ``config_invalid`` with the field and what was wrong.
    """
    from foley_designer.core.settings import Settings

    return Settings(**{name: value for name, value in flags.items() if value is not None})
