"""list_files: what lies in a folder of the workspace of a server that shares no folder."""

from pydantic import Field

from foley_designer.core.documents import Part
from foley_designer.tools.context import Tool, ToolContext


class ListFilesInput(Part):
    """Which folder."""

    folder: str = Field(min_length=1, max_length=500)
    """Relative to the workspace."""


class StoredFile(Part):
    """One file of the folder."""

    name: str
    size: int = Field(ge=0)
    stamp: str
    """Changes when the file is written anew."""


class ListFilesOutput(Part):
    """The folder's files by name, without folders and unfinished files."""

    files: tuple[StoredFile, ...]


def list_files(request: ListFilesInput, context: ToolContext) -> ListFilesOutput:
    """List a folder; one that isn't there has no files.

    Raises:
        FoleyError: ``path_not_allowed``.
    """
    folder = context.in_workspace(request.folder)
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return ListFilesOutput(
        files=tuple(
            StoredFile(name=path.name, size=stat.st_size, stamp=f"{stat.st_mtime_ns:x}")
            for path in found
            if path.is_file() and not path.name.startswith(".")
            for stat in (path.stat(),)
        )
    )


TOOL = Tool(
    name="list_files",
    title="List files",
    description="Names and sizes of the files in a folder of the server's workspace.",
    input=ListFilesInput,
    output=ListFilesOutput,
    run=list_files,
)
