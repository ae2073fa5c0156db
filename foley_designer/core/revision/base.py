"""What all operations have."""

from typing import Annotated, TypeVar

from pydantic import Field

from foley_designer.core.documents import Part

_E = TypeVar("_E", bound="Edit")

Hits = tuple[Annotated[int, Field(ge=1)], ...]
"""Numbers of hits of an event, from 1; none means the event as a whole."""


class Edit(Part):
    """An operation on a script."""

    reason: str = Field(default="", max_length=500)
    """Why, in words that the user can check."""


class EventEdit(Edit):
    """An operation on one event."""

    event_id: str


def exactly_one(edit: _E, *fields: str) -> _E:
    """Refuse an edit that sets none of some fields, or more than one.

    Raises:
        ValueError: naming the fields.
    """
    if sum(getattr(edit, field) is not None for field in fields) != 1:
        raise ValueError(f"set exactly one of {', '.join(fields)}")
    return edit
