"""Apply operations to a Foley script. Pure: a script goes in, another one comes out."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from foley_designer.core.documents import describe
from foley_designer.core.revision import apply_script, apply_sounding
from foley_designer.core.revision.dispatch import applied
from foley_designer.core.revision.operations import Operation
from foley_designer.core.revision.scripts import Problem, RevisionError
from foley_designer.core.revision.sounding import LockEvent
from foley_designer.core.script.foley_script import FoleyScript

__all__ = [
    "Problem",
    "RevisionError",
    "apply",
    "apply_script",
    "apply_sounding",
    "operations_given",
]

_ABSOLUTE = {"to_deg", "to_m", "to_s", "width", "muted", "soloed", "locked", "space", "layer"}
_ABSOLUTE |= {"size", "track_id", "take", "lufs", "device", "amount"}
"""Fields that set a value, rather than change it."""
_SEVERAL = frozenset({"adjust_level", "copy", "trim", "fade"})
"""Kinds whose times say where, so that one event can have several."""


@cache
def _adapter() -> TypeAdapter[tuple[Operation, ...]]:
    return TypeAdapter(tuple[Operation, ...])


def operations_given(value: Any) -> tuple[Operation, ...]:
    """Operations that somebody outside gave as plain values.

    Raises:
        RevisionError: ``revision_invalid`` if they are none.
    """
    try:
        return _adapter().validate_python(value)
    except ValidationError as error:
        raise RevisionError(Problem.OUT_OF_RANGE, describe(error, "operations")) from error


def apply(script: FoleyScript, operations: Sequence[Operation]) -> FoleyScript:
    """The script with all operations done in order; none is done if one can't be.

    Raises:
        RevisionError: ``revision_invalid`` with its problem and the operation's number.
    """
    _refuse_contradictions(operations)
    for number, operation in enumerate(operations, start=1):
        try:
            _refuse_locked(script, operation)
            script = _checked(applied(operation, script), script)
        except RevisionError as error:
            where = f"Operation {number} ({operation.kind}): {error.message}"
            raise RevisionError(error.problem, where, error.hint) from error
        except ValidationError as error:
            where = f"Operation {number} ({operation.kind}): {describe(error, 'script')}."
            raise RevisionError(Problem.OUT_OF_RANGE, where) from error
    if len(script.silenced) == len(script.events):
        raise RevisionError(
            Problem.NOTHING_HEARD, "Every sound would be muted.", "Leave one to be heard."
        )
    return script


def _checked(changed: FoleyScript, before: FoleyScript) -> FoleyScript:
    """The changed script, validated where it differs: its events, then it as a whole.

    Raises:
        ValidationError: a value out of its range.
    """
    known = {id(event) for event in before.events}
    events = tuple(
        event if id(event) in known else type(event).model_validate(event.model_dump())
        for event in changed.events
    )
    fields = {name: getattr(changed, name) for name in FoleyScript.model_fields}
    return FoleyScript.model_validate({**fields, "events": events})


def _refuse_locked(script: FoleyScript, operation: Operation) -> None:
    if isinstance(operation, LockEvent):
        return
    named = {getattr(operation, "event_id", ""), *getattr(operation, "event_ids", ())}
    for event in script.events:
        if event.locked and event.id in named:
            raise RevisionError(
                Problem.LOCKED, f"{event.label} ({event.id}) is locked.", "Unlock it first."
            )


def _refuse_contradictions(operations: Sequence[Operation]) -> None:
    """One request can't set a thing to two values; changes that add up are no contradiction.

    Raises:
        RevisionError: ``contradiction``.
    """
    wanted: dict[tuple[object, ...], object] = {}
    for operation in operations:
        if operation.kind in _SEVERAL:
            continue
        fields = operation.model_dump(exclude={"reason"}, exclude_none=True)
        scope = tuple(fields.get(key) for key in ("kind", "event_id", "hits"))
        for name in _ABSOLUTE & fields.keys():
            before = wanted.setdefault((*scope, name), fields[name])
            if before != fields[name]:
                raise RevisionError(
                    Problem.CONTRADICTION,
                    f"{name} of {fields.get('event_id', 'the mix')} is asked to be {before} and "
                    f"{fields[name]}.",
                    "Ask for one of them.",
                )
