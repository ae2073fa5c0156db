import errno
from pathlib import Path

import pytest

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import inside, replacing, write_text, writing_error


def test_a_failed_write_leaves_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    write_text(file, "old")
    with pytest.raises(RuntimeError), replacing(file) as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_full_disk_says_so() -> None:
    error = writing_error(OSError(errno.ENOSPC, "No space left on device"), Path("x.wav"))
    assert error.code is ErrorCode.DISK_FULL
    assert error.exit_code == 7


def test_links_that_lead_outside_are_refused(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "link").symlink_to(tmp_path)
    for path in (root / ".." / "x", root / "link" / "x", Path("/etc/passwd")):
        with pytest.raises(FoleyError) as caught:
            inside(path, root)
        assert caught.value.code is ErrorCode.PATH_NOT_ALLOWED
    assert inside(root / "a" / "b", root) == (root / "a" / "b").resolve()
