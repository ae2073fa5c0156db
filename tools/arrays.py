"""Documents in files: what was seen travels as arrays, under the hash of what it says.

A document's long lists of numbers become NumPy arrays, lists of alike parts a column each; what is
left is JSON beside them. What is read back equals what was written, to the last bit.
"""

import json
import zipfile
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from foley_designer.core.documents import D, Document
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import Seen, replacing, settled
from foley_designer.core.reading import LARGEST_BYTES, read_json

FEWEST = 8
"""Values from which a list is an array."""
_ARRAY, _ROWS = "$array", "$rows"
_KINDS = {float: "f8", int: "i8", bool: "?"}


def write(document: Document, folder: Path) -> str:
    """Write a document into a folder, unless it is there; its file's name.

    Raises:
        FoleyError: ``disk_full``, ``output_not_writable``.
    """
    import numpy as np  # noqa: PLC0415 - the command line answers at once

    path = folder / f"{document.hash}.npz"
    if not _holds(path, document):
        columns: list[Any] = []
        head = {"schema": document.SCHEMA, "schema_version": document.VERSION}
        text = json.dumps(_packed(head | document.model_dump(mode="json"), columns))
        arrays: dict[str, Any] = {"text": np.frombuffer(text.encode(), np.uint8)}
        for index, one in enumerate(columns):
            arrays[f"a{index}"] = np.array(one, _KINDS[type(one[0])])
        with replacing(path) as temporary, temporary.open("wb") as file:
            np.savez_compressed(file, **arrays)
    return path.name


def read(kind: type[D], path: Path) -> D:
    """The document of a file that `write` made, which is named by what it says.

    Raises:
        FoleyError: ``document_invalid``, ``document_too_new``.
    """
    try:
        seen = settled(path)
    except OSError as error:
        raise _foreign(kind, path, str(error)) from error
    return _read(kind, path) if seen is None else cast("D", _known(kind, seen))


@lru_cache(maxsize=4)
def _known(kind: type[Document], seen: Seen) -> Document:
    """What a file says that lies still: read and verified once a process."""
    return _read(kind, seen.path)


def _read(kind: type[D], path: Path) -> D:
    import numpy as np  # noqa: PLC0415

    try:
        with zipfile.ZipFile(path) as file:
            if sum(one.file_size for one in file.infolist()) > LARGEST_BYTES:
                raise ValueError("too large")
        with np.load(path, allow_pickle=False) as file:
            arrays = dict(file)
        plain = _unpacked(read_json(arrays.pop("text").tobytes()), arrays)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, zipfile.BadZipFile) as one:
        raise _foreign(kind, path, str(one)) from one
    document = kind.from_plain(plain)
    if document.hash != path.stem:
        raise _foreign(kind, path, "it says something else than its name")
    return document


def _foreign(kind: type[D], path: Path, problem: str) -> FoleyError:
    return FoleyError(
        ErrorCode.DOCUMENT_INVALID,
        f"{path.name} holds no {kind.SCHEMA}: {problem}.",
        "Have the tool that wrote it write it again.",
    )


def _holds(path: Path, document: Document) -> bool:
    try:
        return path.is_file() and read(type(document), path) == document
    except FoleyError:
        return False


def _packed(value: Any, columns: list[Any]) -> Any:
    """Plain values with arrays taken out."""
    if isinstance(value, dict):
        return {key: _packed(one, columns) for key, one in value.items()}
    if not isinstance(value, list):
        return value
    if len(value) >= FEWEST and len({type(one) for one in value}) == 1:
        if type(value[0]) in _KINDS:
            columns.append(value)
            return {_ARRAY: f"a{len(columns) - 1}"}
        if isinstance(value[0], dict) and value[0] and len({tuple(one) for one in value}) == 1:
            rows = {key: _packed([one[key] for one in value], columns) for key in value[0]}
            return {_ROWS: rows}
    return [_packed(one, columns) for one in value]


def _unpacked(value: Any, arrays: dict[str, Any]) -> Any:
    """Plain values with arrays put back."""
    if isinstance(value, list):
        return [_unpacked(one, arrays) for one in value]
    if not isinstance(value, dict):
        return value
    if _ARRAY in value:
        return arrays[value[_ARRAY]].tolist()
    if _ROWS in value:
        columns = {key: _unpacked(one, arrays) for key, one in value[_ROWS].items()}
        return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return {key: _unpacked(one, arrays) for key, one in value.items()}
