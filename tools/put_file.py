"""put_file: bring a file, piece by piece, into the workspace of a server that shares no folder."""

import base64
import binascii
from pathlib import Path

from pydantic import Field

from foley_designer.core.documents import Part
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import file_hash, writing_error
from foley_designer.tools.context import Tool, ToolContext

PIECE = 4 << 20
"""Bytes of a file that travel in one call at most."""
LARGEST = 16 << 30
"""Bytes of a file at most."""


class PutFileInput(Part):
    """One piece of a file; a call without data asks how much is there."""

    path: str = Field(min_length=1, max_length=500)
    """Where it belongs, relative to the workspace."""
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    """Hash of the whole file."""
    size: int = Field(ge=0, le=LARGEST)
    offset: int = Field(default=0, ge=0)
    """Where the piece starts."""
    data: str = Field(default="", max_length=4 * (PIECE // 3 + 1))
    """The piece in base64."""


class PutFileOutput(Part):
    """How far the file is."""

    received: int = Field(ge=0)
    """Bytes that are there: where the next piece starts, or the whole size."""


def put_file(request: PutFileInput, context: ToolContext) -> PutFileOutput:
    """Add a piece; the last one is checked against the hash and puts the file into its place.

    Raises:
        FoleyError: ``path_not_allowed``, ``option_invalid`` for what isn't base64 or too much,
            ``tool_failed`` if the hash differs, ``disk_full``.
    """
    place = context.in_workspace(request.path)
    if not request.data and _is_there(place, request):
        return PutFileOutput(received=request.size)
    part = place.with_name(f".{request.sha256}.part")
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        received = part.stat().st_size if part.exists() else 0
        piece = _decoded(request.data)
        if request.offset == received:
            with part.open("ab") as file:
                file.write(piece)
            received += len(piece)
        if received >= request.size:
            _finish(part, place, request)
    except OSError as error:
        raise writing_error(error, place) from error
    return PutFileOutput(received=received)


def _is_there(place: Path, request: PutFileInput) -> bool:
    same_size = place.is_file() and place.stat().st_size == request.size
    return same_size and file_hash(place) == request.sha256


def _decoded(data: str) -> bytes:
    try:
        return base64.b64decode(data, validate=True)
    except binascii.Error as error:
        raise FoleyError(ErrorCode.OPTION_INVALID, f"A piece is not base64: {error}.") from error


def _finish(part: Path, place: Path, request: PutFileInput) -> None:
    if part.stat().st_size == request.size and file_hash(part) == request.sha256:
        part.replace(place)
        return
    part.unlink()
    raise FoleyError(
        ErrorCode.TOOL_FAILED,
        f"{request.path} arrived damaged: its hash is not the one that was told.",
        "Send it again from the start.",
    )


TOOL = Tool(
    name="put_file",
    title="Send a file",
    description=(
        "Send one base64 piece of a file into the server's workspace; without data, ask how much "
        "of it is there. Other tools then take its path."
    ),
    input=PutFileInput,
    output=PutFileOutput,
    run=put_file,
    read_only=False,
)
