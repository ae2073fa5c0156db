import errno
from pathlib import Path

import pytest

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import (
    expanded,
    inside,
    replacing,
    system_error,
    write_text,
    writing_error,
)


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


def test_what_is_no_path_is_refused(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for path in (tmp_path / "a\0b", tmp_path / "loop" / "x"):
        with pytest.raises(FoleyError) as caught:
            inside(path, tmp_path / "a")
        assert caught.value.code is ErrorCode.PATH_NOT_ALLOWED


def test_a_home_that_is_not_there_is_a_name_like_any_other() -> None:
    assert expanded(Path("~nobody-at-all/a.mp4")) == Path("~nobody-at-all/a.mp4")
    assert expanded(Path("~/a.mp4")) == Path.home() / "a.mp4"


@pytest.mark.parametrize(
    ("number", "code", "says"),
    [
        (errno.EACCES, ErrorCode.SYSTEM_REFUSED, "rights"),
        (errno.EMFILE, ErrorCode.SYSTEM_REFUSED, "ulimit"),
        (errno.ENAMETOOLONG, ErrorCode.SYSTEM_REFUSED, "shorter"),
        (errno.ELOOP, ErrorCode.SYSTEM_REFUSED, "circle"),
        (errno.EIO, ErrorCode.SYSTEM_REFUSED, "again"),
        (errno.EDQUOT, ErrorCode.DISK_FULL, "space"),
    ],
)
def test_not_every_refusal_of_the_system_is_one_to_write(
    number: int, code: ErrorCode, says: str
) -> None:
    told = system_error(OSError(number, "no", "a.mp4"))
    assert told.code is code
    assert "a.mp4" in told.message and says in told.hint


def test_a_message_is_one_line_that_moves_no_cursor() -> None:
    told = FoleyError(
        ErrorCode.CLIP_NOT_FOUND, "no a\nb\x1b[2J\u202e\ud800.mp4", "In\tsight: caf\u00e9 👩‍🍳."
    )
    line = str(told)
    assert line == ("no a b\\x1b[2J\\u202e\\ud800.mp4 In sight: café 👩‍🍳. [clip_not_found]")
