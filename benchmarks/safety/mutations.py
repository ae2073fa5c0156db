"""Hostile and damaged inputs, drawn from a seed: every door must end in its closed set of ways.

Each input is a good file of one format, changed by a few seeded edits (bytes flipped, cut, doubled;
values of another type, size or depth; paths that lead out), and is then given to the code that
reads that format, under the command line's own ending. A fault is any exit code outside the closed
set, exit 1, more than one line on standard error, a file written outside the input's own folder, or
a limit of CPU time or memory that is reached.

    python -m benchmarks.safety.mutations --seed 0 --count 300 [--format session] [--keep FOLDER]
"""

import argparse
import contextlib
import io
import json
import os
import random
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests")]

from foley_designer.core.errors import ExitCode  # noqa: E402

CPU_S = 240
"""Of a whole run of 300 inputs."""
MEMORY = 8 << 30
"""Address space in bytes; libraries map about 3 GB of it before the first input."""
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


class Fault(NamedTuple):
    """An input that ended in another way."""

    number: int
    corpus: str
    what: str


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


def outcome(read: Callable[[], object]) -> tuple[int, str]:
    """Exit code and standard error of a command that does this."""
    from foley_designer.cli.ending import run

    told = io.StringIO()
    try:
        with contextlib.redirect_stderr(told), contextlib.redirect_stdout(io.StringIO()):
            run(read)
    except SystemExit as ended:
        return int(ended.code or 0), told.getvalue()
    return 0, told.getvalue()


def problem(code: int, told: str) -> str:
    """What is wrong with an outcome; empty if nothing is."""
    if code == ExitCode.INTERNAL or code not in set(ExitCode):
        return f"exit {code}: {told.strip()[:300]}"
    lines = told.strip().splitlines()
    if len(lines) > 1 or (code and not lines):
        return f"{len(lines)} lines on standard error: {lines[:2]}"
    return ""


def campaign(
    count: int, seed: int, only: str | None = None, keep: Path | None = None
) -> tuple[list[Fault], Counter[tuple[str, int]]]:
    """Try ``count`` inputs over all formats; return the faults, and outcomes by format and code."""
    from benchmarks.safety.mutations_corpora import corpora

    chosen = [one for one in corpora() if only in (None, one.name)]
    faults: list[Fault] = []
    seen: Counter[tuple[str, int]] = Counter()
    with tempfile.TemporaryDirectory(prefix="mutations-") as scratch:
        home = Path(scratch)
        good = {one.name: home / "good" / one.name for one in chosen}
        for one in chosen:
            good[one.name].mkdir(parents=True)
            one.make(good[one.name])
            code, told = outcome(lambda one=one: one.read(good[one.name]))
            assert code == 0, (one.name, code, told)
        for number in range(count):
            corpus = chosen[number % len(chosen)]
            rng = random.Random(f"{seed}.{number}")
            folder = home / "tried" / "input"
            shutil.rmtree(folder.parent, ignore_errors=True)
            shutil.copytree(good[corpus.name], folder, symlinks=True)
            target = rng.choice(corpus.targets(folder))
            (corpus.change or edited)(target, rng)
            code, told = outcome(lambda corpus=corpus, folder=folder: corpus.read(folder))
            seen[corpus.name, code] += 1
            wrong = problem(code, told)
            if [one.name for one in folder.parent.iterdir()] != ["input"]:
                wrong += " wrote outside"
            if wrong:
                faults.append(Fault(number, corpus.name, f"{target.name}: {wrong}"))
                if keep:
                    shutil.copytree(folder, keep / f"{seed}-{number}-{corpus.name}", symlinks=True)
    return faults, seen


def limited() -> None:
    """Hold this process to the ceilings, where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def main() -> None:
    """Run a campaign and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--format", default=None)
    parser.add_argument("--keep", type=Path, default=None)
    parser.add_argument("--unlimited", action="store_true", help="for more than 300 inputs")
    told = parser.parse_args()
    if not told.unlimited:
        limited()
    os.environ["FOLEY_DATA_DIR"] = tempfile.mkdtemp(prefix="mutations-data-")
    faults, seen = campaign(told.count, told.seed, told.format, told.keep)
    for (name, code), times in sorted(seen.items()):
        print(f"{name:<12} exit {code}: {times}")
    for fault in faults:
        print(f"FAULT {fault.number} {fault.corpus}: {fault.what}")
    print(f"{told.count} inputs, {len(faults)} faults")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
