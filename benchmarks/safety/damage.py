"""Damage: seeded edits that turn a good file into a damaged or a hostile one."""

import contextlib
import json
import random
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

TOKENS = (
    *(b"\0", b"\xff\xfe", b"\xed\xa0\x80", b"../../../outside", b"9" * 5000, b"-1", b"1e999"),
    *(b"NaN", b"[" * 3000, b"{" * 3000, b"<a>" * 3000, b"&x;", b"%s%n", b"\r\n", b"\x1b[2J"),
)
VALUES = (
    *(None, True, False, 0, -1, 2**63, 10**400, 1.5, -0.0, 1e308, "", "x", "\0", "../../outside"),
    *("0" * 64, [], {}, [[]], {"a": {}}, ["x"] * 50, "é\u202e", "9" * 5000),
    *("{number:999999999}", "{0.__class__}", "{{ 7 * 7 }}", "\x1b]0;x\x07\r\n", "\udc80", "~/x"),
    *("/etc/passwd", "/dev/zero", "file:///etc/passwd", "%2e%2e%2f", "a\nb", -1e-300, 86_400_000),
)


class Corpus(NamedTuple):
    """One format: a folder with a good input, which of its files are changed, and who reads it."""

    name: str
    make: Callable[[Path], None]
    """Writes the good input into an empty folder."""
    targets: Callable[[Path], list[Path]]
    read: Callable[[Path], object]
    """From the folder; what a command would do with it."""
    change: Callable[[Path, random.Random], None] | None = None
    """Changes a target in its own way; None as any file is changed."""


def flip(data: bytes, rng: random.Random) -> bytes:
    """A few bytes changed."""
    changed = bytearray(data)
    for _ in range(rng.randint(1, 12)):
        if changed:
            changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def cut(data: bytes, rng: random.Random) -> bytes:
    """A piece gone, from the middle or to the end."""
    start = rng.randrange(len(data) + 1)
    end = len(data) if rng.random() < 0.5 else min(len(data), start + rng.randrange(400))
    return data[:start] + data[end:]


def double(data: bytes, rng: random.Random) -> bytes:
    """A piece that stands twice."""
    start = rng.randrange(len(data) + 1)
    return data[: start + rng.randrange(600)] + data[start:]


def insert(data: bytes, rng: random.Random) -> bytes:
    """Something that readers stumble over, at any place."""
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.choice(TOKENS) + data[at:]


def retype(data: bytes, rng: random.Random) -> bytes:
    """JSON with one value of another kind, or a key gone; lines of JSON as they are."""
    lines = data.splitlines() if data.count(b"\n") and not data.startswith(b"{\n") else [data]
    at = rng.randrange(len(lines)) if lines else 0
    try:
        value = json.loads(lines[at])
    except (ValueError, IndexError, RecursionError):
        return insert(data, rng)
    places = list(_places(value))
    if not places:
        return insert(data, rng)
    holder, key = rng.choice(places)
    if isinstance(holder, dict) and rng.random() < 0.2:
        del holder[key]
    else:
        holder[key] = rng.choice(VALUES)
    lines[at] = json.dumps(value).encode()
    return b"\n".join(lines)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        items = (
            one.items()
            if isinstance(one, dict)
            else enumerate(one)
            if isinstance(one, list)
            else ()
        )
        for key, inner in items:
            yield one, key
            waiting.append(inner)


EDITS = (flip, cut, double, insert, retype, retype, retype)


def mutate(path: Path, rng: random.Random) -> None:
    """Change one file by one to three edits; text formats are seldom flipped bit by bit."""
    data = path.read_bytes()
    binary = b"\0" in data[:4000]
    for _ in range(rng.randint(1, 3)):
        edit = rng.choice(EDITS[:4] if binary else EDITS)
        data = edit(data, rng)
    path.write_bytes(data)


def edited(path: Path, rng: random.Random) -> None:
    """Change a file: bytes, text, or most times of a database its values."""
    (blobs if path.suffix == ".sqlite" and rng.random() < 0.7 else mutate)(path, rng)


def blobs(path: Path, rng: random.Random) -> None:
    """Change values inside a database that stays one."""
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        tables = [
            row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        table = rng.choice(tables)
        columns = [row[1] for row in database.execute(f"PRAGMA table_info('{table}')")]
        column = rng.choice(columns)
        row = database.execute(f"SELECT rowid, \"{column}\" FROM '{table}' LIMIT 40").fetchall()
        if not row:
            return
        number, value = rng.choice(row)
        data = value if isinstance(value, bytes) else str(value).encode()
        changed = rng.choice(EDITS)(data, rng)
        new: Any = (
            changed
            if isinstance(value, bytes) or rng.random() < 0.3
            else changed.decode("utf-8", "replace")
        )
        with contextlib.suppress(sqlite3.Error):
            database.execute(
                f"UPDATE '{table}' SET \"{column}\" = ? WHERE rowid = ?", (new, number)
            )
