"""Which fields of a tool's input and output name files, so that clients can send and fetch them."""

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel

P = TypeVar("P", bound=BaseModel)


class PathRole(StrEnum):
    """What a tool does with a path that it is given."""

    READ = "read"
    WRITE = "write"
    FILL = "fill"
    """A folder that the tool writes files into."""


ReadFile = Annotated[str, PathRole.READ]
WrittenFile = Annotated[str, PathRole.WRITE]
FilledFolder = Annotated[str, PathRole.FILL]


def with_paths(part: P, change: Callable[[PathRole, str], str]) -> P:
    """A copy of ``part`` whose paths, however deep, went through ``change``."""

    def changed(value: Any, role: PathRole | None) -> Any:
        if role is not None and isinstance(value, str):
            return change(role, value)
        if isinstance(value, BaseModel):
            return with_paths(value, change)
        if isinstance(value, tuple) and value and isinstance(value[0], BaseModel):
            return tuple(with_paths(item, change) for item in value)
        return value

    updates = {}
    for name, field in type(part).model_fields.items():
        value = getattr(part, name)
        role = next((mark for mark in field.metadata if isinstance(mark, PathRole)), None)
        new = changed(value, role)
        if new is not value:
            updates[name] = new
    return part.model_copy(update=updates) if updates else part


def optional_writes(kind: type[BaseModel]) -> frozenset[str] | None:
    """Fields that name what a tool writes if it is asked to; None if it writes in any case."""
    marked = {
        name: field
        for name, field in kind.model_fields.items()
        if any(mark in (PathRole.WRITE, PathRole.FILL) for mark in field.metadata)
    }
    if any(field.is_required() for field in marked.values()):
        return None
    return frozenset(marked)
