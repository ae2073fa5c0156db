"""What listeners said: preferences and ratings with intervals, from the page's CSV files."""

import csv
import io
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.reading import UnreadableError, read_bytes, read_json, read_text
from foley_designer.evaluate.intervals import Cell, mean_cell
from foley_designer.evaluate.listening.export import KEY
from foley_designer.evaluate.listening.plan import REFERENCE, Method
from foley_designer.evaluate.tables import shown

COLUMNS = ("listener", "trial", "question", "place", "score")
"""Of a CSV: ``place`` counts the sounds on the screen from 1; ``score`` is 1 or 0 in a pair (0.5
for neither), 0 to 100 in MUSHRA."""
LEAST_REFERENCE = 90.0
LEAST_SHARE = 0.15
"""BS.1534-3, clause 4.1.2: a listener who rates the hidden reference under 90 in more than 15 % of
the trials is left out."""


class Heard(NamedTuple):
    """What was said of a system to one question."""

    question: str
    system: str
    score: Cell
    """Share of trials in which it was preferred, percent; or the mean rating."""


class Results(NamedTuple):
    """All that listeners said."""

    method: Method
    listeners: int
    left_out: tuple[str, ...]
    """Listeners who did not hear the hidden reference."""
    heard: tuple[Heard, ...]


def read_results(test: Path, files: Sequence[Path]) -> Results:
    """Read the results of a test.

    Args:
        test: folder of the test, with its ``key.json``.
        files: CSV files that the page saved.

    Raises:
        FoleyError: ``document_invalid``, naming file and line.
    """
    key = _key(test / KEY)
    method = Method(key["method"])
    systems = {each["trial"]: each["systems"] for each in key["trials"]}
    scores: list[tuple[str, str, str, float]] = []
    for file in files:
        scores += _read(file, systems)
    out = _left_out(scores) if method is Method.MUSHRA else ()
    kept = [each for each in scores if each[0] not in out]
    grouped: dict[tuple[str, str], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for listener, question, system, score in kept:
        scaled = 100.0 * score if method is Method.PAIRS else score
        grouped[question, system][listener].append(scaled)
        grouped["all", system][listener].append(scaled)
    heard = [Heard(*names, _cell(said)) for names, said in grouped.items()]
    return Results(method, len({each[0] for each in scores}), tuple(sorted(out)), tuple(heard))


def _cell(said: Mapping[str, list[float]]) -> Cell:
    """Over listeners if there are several, else over the trials of one."""
    means = [sum(each) / len(each) for each in said.values()]
    if len(means) > 1:
        return mean_cell(means)
    return mean_cell(next(iter(said.values())))


def _key(path: Path) -> Any:
    try:
        key = read_json(read_bytes(path))
        Method(key["method"])
        for each in key["trials"]:
            int(each["trial"]), list(each["systems"])
    except (UnreadableError, OSError, KeyError, TypeError, ValueError) as error:
        raise FoleyError(
            ErrorCode.DOCUMENT_INVALID,
            f"Can't read {path}: {error}.",
            "Name the folder that --listen wrote.",
        ) from error
    return key


def _read(path: Path, systems: Mapping[int, list[str]]) -> list[tuple[str, str, str, float]]:
    """Listener, question, system and score of each line."""
    found = []
    line = 1
    try:
        rows = csv.DictReader(io.StringIO(read_text(read_bytes(path))))
        if tuple(rows.fieldnames or ()) != COLUMNS:
            raise ValueError(f"its columns are not {', '.join(COLUMNS)}")
        for row in rows:
            line = rows.line_num
            named = systems[int(row["trial"])]
            place, score = int(row["place"]), float(row["score"])
            if not 1 <= place <= len(named) or not 0.0 <= score <= 100.0:
                raise ValueError("a place or a score is out of range")
            found.append((row["listener"], row["question"], named[place - 1], score))
    except (UnreadableError, OSError, KeyError, TypeError, ValueError) as error:
        raise FoleyError(
            ErrorCode.DOCUMENT_INVALID, f"{path}, line {line}: {error}.", "Is it of this test?"
        ) from error
    return found


def _left_out(scores: Sequence[tuple[str, str, str, float]]) -> set[str]:
    low: dict[str, list[bool]] = defaultdict(list)
    for listener, _, system, score in scores:
        if system == REFERENCE:
            low[listener].append(score < LEAST_REFERENCE)
    return {name for name, under in low.items() if sum(under) > LEAST_SHARE * len(under)}


def markdown(results: Results) -> str:
    """Questions as columns, systems as rows."""
    questions = list(dict.fromkeys(each.question for each in results.heard))
    systems = sorted({each.system for each in results.heard})
    cells = {(each.system, each.question): each.score for each in results.heard}
    what = "preferred, %" if results.method is Method.PAIRS else "rating, 0 to 100"
    lines = [f"{results.listeners} listeners; {what}, 95 % intervals in brackets.", ""]
    lines += ["| | " + " | ".join(questions) + " |", "|---" * (len(questions) + 1) + "|"]
    for system in systems:
        row = [shown(cells.get((system, question)), 0) for question in questions]
        lines.append(f"| {system} | " + " | ".join(row) + " |")
    if results.left_out:
        lines += ["", f"Left out, hidden reference not heard: {', '.join(results.left_out)}."]
    return "\n".join(lines) + "\n"


def plain(results: Results) -> str:
    """As JSON."""
    values = results._asdict() | {"heard": [each._asdict() for each in results.heard]}
    for each in values["heard"]:
        each["score"] = each["score"]._asdict()
    return json.dumps(values, indent=1)
