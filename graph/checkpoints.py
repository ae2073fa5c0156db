"""The session's checkpoints: a database that may have come from anywhere, so it is read as data.

LangGraph's own serializer builds any type that a checkpoint names, and calls what it finds there.
Ours knows the few types that a design's checkpoints hold, looks at every extension before anything
is built, and refuses the rest; values are then held to the shape that the state declares.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, get_type_hints

import ormsgpack
from langgraph.checkpoint.base import CheckpointTuple
from langgraph.checkpoint.serde.jsonplus import (
    EXT_CONSTRUCTOR_KW_ARGS,
    EXT_CONSTRUCTOR_POS_ARGS,
    EXT_CONSTRUCTOR_SINGLE_ARG,
    JsonPlusSerializer,
)
from langgraph.checkpoint.sqlite import SqliteSaver
from pydantic import TypeAdapter, ValidationError

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.mix.take import Take
from foley_designer.core.note import Note
from foley_designer.core.script.search_log import SearchNode
from foley_designer.core.session.session import Session
from foley_designer.graph.state import DesignState

_BUILT = {
    ("langgraph.types", "Send"),
    ("langgraph.types", "Interrupt"),
    ("langgraph.types", "Overwrite"),
    ("builtins", "set"),
}
"""All that a design's state is made of beside plain values; nothing of ours is built from bytes."""
_CODES = {EXT_CONSTRUCTOR_SINGLE_ARG, EXT_CONSTRUCTOR_POS_ARGS, EXT_CONSTRUCTOR_KW_ARGS}
_UNREADABLE = (
    sqlite3.DatabaseError,
    ValidationError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    RecursionError,
)
"""What reading damaged or foreign rows can end in."""


class StrictSerializer(JsonPlusSerializer):
    """Plain values in msgpack, and `_BUILT`."""

    def __init__(self) -> None:
        super().__init__(allowed_msgpack_modules=_BUILT, allowed_json_modules=None)

    def loads_typed(self, data: tuple[str, bytes]) -> Any:
        """Read a value, after a look at all that it names.

        Raises:
            ValueError: another encoding than msgpack, or a type that no design writes.
        """
        kind, blob = data
        if kind == "msgpack":
            ormsgpack.unpackb(blob, ext_hook=_look, option=ormsgpack.OPT_NON_STR_KEYS)
        elif kind != "null":
            raise ValueError(f"checkpoint of kind {kind!r:.40}")
        return super().loads_typed(data)


def _look(code: int, data: bytes) -> Any:
    """The plain content of an extension, which is not built."""
    inner = ormsgpack.unpackb(data, ext_hook=_look, option=ormsgpack.OPT_NON_STR_KEYS)
    if code not in _CODES or tuple(inner[:2]) not in _BUILT:
        raise ValueError("a type that no design writes")
    return inner


class Checkpoints(SqliteSaver):
    """A session's checkpoints; reading raises ``document_invalid`` for what no design wrote."""

    def get_tuple(self, config: Any) -> CheckpointTuple | None:
        """See `SqliteSaver.get_tuple`.

        Raises:
            FoleyError: ``document_invalid``.
        """
        with _reading():
            found = super().get_tuple(config)
            return found and _shaped(found)

    def list(self, config: Any, **options: Any) -> Iterator[CheckpointTuple]:
        """See `SqliteSaver.list`; raises as `get_tuple` does."""
        points = super().list(config, **options)
        while True:
            with _reading():
                point = next(points, None)
                if point is None:
                    return
                _shaped(point)
            yield point


@contextmanager
def checkpoints(session: Session) -> Iterator[Checkpoints]:
    """The session's checkpoint store; a file that is no whole database is put aside.

    Raises:
        FoleyError: ``document_invalid`` if its rows are not a design's.
    """
    path = session.checkpoints
    if path.exists() and not _is_database(path):
        for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
            path.with_name(name).unlink(missing_ok=True)
    with closing(sqlite3.connect(path, check_same_thread=False)) as connection:
        connection.execute("PRAGMA trusted_schema = OFF")
        yield Checkpoints(connection, serde=StrictSerializer())


def _is_database(path: Any) -> bool:
    try:
        with closing(sqlite3.connect(path)) as database:
            return bool(database.execute("PRAGMA quick_check").fetchone() == ("ok",))
    except sqlite3.DatabaseError:
        return False


@contextmanager
def _reading() -> Iterator[None]:
    try:
        yield
    except _UNREADABLE as error:
        raise FoleyError(
            ErrorCode.DOCUMENT_INVALID,
            "The session's .foley/checkpoints.sqlite holds what no design writes; "
            "nothing of it was used.",
            "Remove that file and give the command again: finished takes and stems are kept.",
        ) from error


_SHAPES: dict[str, TypeAdapter[Any]] = {
    name: TypeAdapter(hint)
    for name, hint in (
        get_type_hints(DesignState)
        | {
            "takes": dict[str, Take],
            "candidates": dict[str, SearchNode],
            "notes": list[Note],
            "first_mix": dict[str, str],
        }
    ).items()
}


def _shaped(point: CheckpointTuple) -> CheckpointTuple:
    """The checkpoint, if every value has its channel's shape.

    Raises:
        ValidationError: one has not.
    """
    written = [(channel, value) for _, channel, value in point.pending_writes or ()]
    for channel, value in [*point.checkpoint["channel_values"].items(), *written]:
        if channel in _SHAPES:
            _SHAPES[channel].validate_python(value)
    return point
