"""Small slips of an answer, mended where only one thing can be meant.

``Foreground`` for ``foreground``, ``"0.5 s"`` or ``"three"`` for a number, ``null`` for an empty
list: nobody need be asked for these. In the last answer that there will be, a number out of its
range is held at its end and a broken entry of a list is left out, and both are said.
"""

import copy
import math
import re
from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from foley_designer.agents.lexicon import NUMBERS

M = TypeVar("M", bound=BaseModel)

_PASSES = 4
"""A slip may hide another one beneath it."""
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?")
_HALVES = {"half": 0.5, "a half": 0.5, "quarter": 0.25, "zero": 0.0, "none": 0.0, "full": 1.0}
_BOUNDS = ("ge", "le", "gt", "lt")
_LEFT_OUT = object()


def mended(value: Any, model: type[M], said: list[str], *, last: bool) -> M:
    """The value as a model's instance, its slips mended.

    Args:
        value: as JSON gave it.
        model: what it should be.
        said: collects what was held or left out.
        last: whether numbers may be held and entries left out.

    Raises:
        ValidationError: of the value as it came, where it can't be mended.
    """
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error
    plain = copy.deepcopy(value)
    problem = first
    for _ in range(_PASSES):
        if not _mend(plain, problem, said, last=last):
            break
        try:
            return model.model_validate(plain)
        except ValidationError as error:
            problem = error
    said.clear()
    raise first


def _mend(plain: Any, error: ValidationError, said: list[str], *, last: bool) -> bool:
    """Mend every problem of an error in place; False if one can't be."""
    gone: list[tuple[Any, ...]] = []
    for problem in error.errors(include_url=False):
        place = _place(plain, problem["loc"])
        value = _meant(problem)
        if value is _LEFT_OUT and last:
            value = _held(problem, said)
        if value is not _LEFT_OUT and place:
            _put(plain, place, value)
        elif last and (entry := _entry(place)) is not None:
            gone.append(entry)
        else:
            return False
    for entry in sorted(set(gone), key=lambda one: (len(one), str(one)), reverse=True):
        _drop(plain, entry)
        said.append(f"One of {entry[-2]} could not be read and was left out.")
    return True


def _place(plain: Any, location: tuple[Any, ...]) -> tuple[Any, ...]:
    """The part of a location that leads through the value; branches of unions are no keys of it."""
    place = []
    for step in location:
        found = step in plain if isinstance(plain, dict) else False
        if isinstance(plain, list):
            found = isinstance(step, int) and step < len(plain)
        if found:
            place.append(step)
            plain = plain[step]
    return tuple(place)


def _meant(problem: Any) -> Any:
    """The one value that a slip can mean, or `_LEFT_OUT`."""
    kind, told = problem["type"], problem["input"]
    if kind in ("enum", "literal_error"):
        return _one_of(told, str(problem.get("ctx", {}).get("expected", "")))
    mender = _MENDERS.get(kind)
    return mender(told) if mender else _LEFT_OUT


def _one_of(told: Any, expected: str) -> Any:
    known = re.findall(r"'([^']+)'", expected)
    if not isinstance(told, str):
        return _LEFT_OUT
    return next((word for word in known if _plain(word) == _plain(told)), _LEFT_OUT)


def _whole(told: Any) -> Any:
    number = _number(told)
    return _LEFT_OUT if number is None else round(number)


def _decimal(told: Any) -> Any:
    number = _number(told)
    return _LEFT_OUT if number is None else number


def _several(told: Any) -> Any:
    if told is None:
        return []
    return [told] if isinstance(told, (str, dict, int, float)) else _LEFT_OUT


def _text(told: Any) -> Any:
    if told is None:
        return ""
    is_number = isinstance(told, (int, float)) and not isinstance(told, bool)
    return str(told) if is_number else _LEFT_OUT


def _yes_or_no(told: Any) -> Any:
    known = {"yes": True, "no": False}
    return known.get(told.strip().lower(), _LEFT_OUT) if isinstance(told, str) else _LEFT_OUT


_MENDERS: dict[str, Callable[[Any], Any]] = {
    "float_parsing": _decimal,
    "float_type": _decimal,
    "int_parsing": _whole,
    "int_type": _whole,
    "int_from_float": _whole,
    "list_type": _several,
    "string_type": _text,
    "bool_parsing": _yes_or_no,
    "bool_type": _yes_or_no,
}
"""By pydantic's types of errors."""


def _number(told: Any) -> float | None:
    """A number in a few words: ``"0.5 s"``, ``"three"``, ``"80 %"``, ``"half"``."""
    if isinstance(told, float) and math.isfinite(told):
        return told
    if not isinstance(told, str) or len(told) > 40:
        return None
    text = told.strip().lower()
    if text in NUMBERS or text in _HALVES:
        return float(NUMBERS.get(text, _HALVES.get(text, 0.0)))
    found = _NUMBER.findall(text)
    if len(found) != 1:
        return None
    number = float(found[0].replace(",", "."))
    return number / 100 if "%" in text else number


def _held(problem: Any, said: list[str]) -> Any:
    """A number out of its range at the end of it, or `_LEFT_OUT`."""
    limits = problem.get("ctx", {})
    bound = next((limits[name] for name in _BOUNDS if name in limits), None)
    told = problem["input"]
    if bound is None or isinstance(told, bool) or not isinstance(told, (int, float)):
        return _LEFT_OUT
    if "gt" in limits or "lt" in limits:  # an open end can't be held at
        return _LEFT_OUT
    where = ".".join(str(step) for step in problem["loc"] if not isinstance(step, int))
    said.append(f"{where} {told:g} is out of range and was held at {bound:g}.")
    return type(told)(bound) if isinstance(told, float) else bound


def _entry(place: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """The outermost entry of a list that a place lies in."""
    at = next((index for index, step in enumerate(place) if isinstance(step, int)), None)
    return None if at is None or at == 0 else place[: at + 1]


def _put(plain: Any, place: tuple[Any, ...], value: Any) -> None:
    for step in place[:-1]:
        plain = plain[step]
    plain[place[-1]] = value


def _drop(plain: Any, place: tuple[Any, ...]) -> None:
    for step in place[:-1]:
        plain = plain[step]
    del plain[place[-1]]


def _plain(word: str) -> str:
    return re.sub(r"[\s_-]+", "_", word.strip().lower())
