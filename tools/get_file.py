"""get_file: take a file, piece by piece, out of the workspace of a server that shares no folder."""

import base64

from pydantic import Field

from foley_designer.core.documents import Part
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import file_hash
from foley_designer.tools.context import Tool, ToolContext
from foley_designer.tools.put_file import PIECE


class GetFileInput(Part):
    """Which piece of which file."""

    path: str = Field(min_length=1, max_length=500)
    """Where it lies, relative to the workspace."""
    offset: int = Field(default=0, ge=0)
    count: int = Field(default=PIECE, ge=1, le=PIECE)
    """Bytes at most."""


class GetFileOutput(Part):
    """One piece."""

    data: str
    """The piece in base64; empty past the end."""
    size: int = Field(ge=0)
    """Bytes of the whole file."""
    sha256: str | None = None
    """Hash of the whole file, told with its first piece."""


def get_file(request: GetFileInput, context: ToolContext) -> GetFileOutput:
    """Read a piece.

    Raises:
        FoleyError: ``path_not_allowed``, ``tool_failed`` if there is no such file.
    """
    place = context.in_workspace(request.path)
    try:
        with place.open("rb") as file:
            file.seek(request.offset)
            piece = file.read(request.count)
        size = place.stat().st_size
        digest = file_hash(place) if request.offset == 0 else None
    except OSError as error:
        raise FoleyError(
            ErrorCode.TOOL_FAILED,
            f"{request.path} can't be read in the workspace: {error.strerror}.",
            "List the folder with list_files.",
        ) from error
    return GetFileOutput(data=base64.b64encode(piece).decode(), size=size, sha256=digest)


TOOL = Tool(
    name="get_file",
    title="Fetch a file",
    description="Fetch one base64 piece of a file that lies in the server's workspace.",
    input=GetFileInput,
    output=GetFileOutput,
    run=get_file,
)
