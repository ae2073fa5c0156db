"""Links in a session: none may lead out, and nothing but files and folders may lie in it."""

import os
from pathlib import Path

from foley_designer.core.errors import ErrorCode, FoleyError


def refuse_links(root: Path) -> None:
    """Look over a session's folder before anything in it is read or written.

    The folder itself may be reached through links; that is its owner's choice. A link inside it
    is part of what was received, and could have another file read or overwritten.

    Raises:
        FoleyError: ``path_not_allowed`` for a link that leads out, a pipe or a device.
    """
    home, folders = root.resolve(), [root]
    while folders:
        try:
            entries = list(os.scandir(folders.pop()))
        except (FileNotFoundError, NotADirectoryError, PermissionError):
            continue  # whoever reads or writes there says so
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                folders.append(Path(entry.path))
            elif entry.is_symlink():
                if not Path(entry.path).resolve().is_relative_to(home):
                    raise _foreign(Path(entry.path), root, "leads out of the session")
            elif not entry.is_file(follow_symlinks=False):
                raise _foreign(Path(entry.path), root, "is neither file nor folder")


def _foreign(path: Path, root: Path, problem: str) -> FoleyError:
    return FoleyError(
        ErrorCode.PATH_NOT_ALLOWED,
        f"{path.relative_to(root)} of the session {root.name} {problem}.",
        "Remove it; to write elsewhere, give that folder as --out.",
    )
