"""An evaluation as Markdown and as plain values."""

from collections.abc import Sequence
from typing import Any

from foley_designer.evaluate.columns import TITLES, Column, Table
from foley_designer.evaluate.intervals import Cell
from foley_designer.evaluate.scoring import Evaluation, Row

MISSING = "–"


def markdown(evaluation: Evaluation) -> str:
    """Tables 1 to 4, what each floor is, and what was not as it should be."""
    parts = [f"# {evaluation.name}: {evaluation.clips} clips"]
    parts.append(
        "In brackets: 95 % intervals by bootstrap over clips. ↑ more is better, ↓ less is better. "
        "A figure counts where it lies clearly above the floors, which are made by formula."
    )
    for table in Table:
        columns, rows = evaluation.of(table)
        parts += [f"## Table {table.value}. {TITLES[table]}", _table(columns, rows)]
        parts += _needs(columns, rows)
        if table is Table.ALIGNMENT:
            for group, own in evaluation.groups.items():
                parts += [f"### {group}", _table(columns, own), *_needs(columns, own)[-1:]]
    parts += _floors(evaluation) + _remarks(evaluation)
    return "\n\n".join(parts) + "\n"


def head(column: Column) -> str:
    """A column's title with its direction."""
    return f"{column.title} {'↑' if column.up else '↓'}"


def shown(cell: Cell | None, digits: int) -> str:
    """A figure with its interval and the number of clips behind it, as text."""
    if cell is None or cell.value is None:
        return MISSING
    text = f"{cell.value:,.{digits}f}"
    if cell.low is None or cell.high is None:
        return text
    return f"{text} [{cell.low:,.{digits}f}, {cell.high:,.{digits}f}]"


def brief(needs: str) -> str:
    """``needs: weights``, without how to get them."""
    return f"needs: {needs.partition(':')[0]}"


def label(row: Row) -> str:
    """A row's name; floors and ceiling are in italics."""
    return f"*{row.name}*" if row.is_floor else row.name.replace("|", "\\|")


def _table(columns: Sequence[Column], rows: Sequence[Row]) -> str:
    lines = ["| | " + " | ".join(map(head, columns)) + " |"]
    lines.append("|---" * (len(columns) + 1) + "|")
    for row in rows:
        if not row.cells:
            lines.append(f"| {label(row)} | needs: {row.what} " + "| " * len(columns) + "|")
            continue
        cells = [_cell(row.cells.get(column.key), column) for column in columns]
        lines.append(f"| {label(row)} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cell(cell: Cell | None, column: Column) -> str:
    if cell is not None and cell.needs:
        return brief(cell.needs)
    return shown(cell, column.digits)


def _needs(columns: Sequence[Column], rows: Sequence[Row]) -> list[str]:
    """What the empty columns of a table need, and how many clips stand behind the others."""
    lines = []
    for column in columns:
        cells = [row.cells[column.key] for row in rows if column.key in row.cells]
        wants = sorted({cell.needs for cell in cells if cell.needs})
        if wants:
            lines.append(f"- {column.title} needs: {'; '.join(wants)}")
    counts = {
        column.title: max((row.cells[column.key].clips for row in rows if row.cells), default=0)
        for column in columns
    }
    behind = ", ".join(f"{title} {count}" for title, count in counts.items() if count)
    lines += [f"- clips behind a figure: {behind}"] if behind else []
    return ["\n".join(lines)] if lines else []


def _floors(evaluation: Evaluation) -> list[str]:
    lines = [f"- *{row.name}*: {row.what}" for row in evaluation.rows if row.is_floor]
    return ["## Floors and ceiling", "\n".join(lines)] if lines else []


def _remarks(evaluation: Evaluation) -> list[str]:
    if not evaluation.remarks:
        return []
    lines = [
        f"- {f'{each.system}/' if each.system else ''}{each.clip}: {each.text}"
        for each in evaluation.remarks
    ]
    return ["## What was not as it should be", "\n".join(lines)]


def plain(evaluation: Evaluation) -> dict[str, Any]:
    """Everything as JSON values."""
    tables: dict[str, dict[str, Any]] = {}
    for table in Table:
        columns, rows = evaluation.of(table)
        tables[str(table.value)] = {
            "title": TITLES[table],
            "columns": [
                {"key": each.key, "title": each.title, "better": "more" if each.up else "less"}
                for each in columns
            ],
            "rows": [_plain_row(row, columns) for row in rows],
        }
        if table is Table.ALIGNMENT and evaluation.groups:
            tables[str(table.value)]["groups"] = {
                group: [_plain_row(row, columns) for row in own]
                for group, own in evaluation.groups.items()
            }
    return {
        "name": evaluation.name,
        "clips": evaluation.clips,
        "tables": tables,
        "by_clip": evaluation.values,
        "remarks": [each._asdict() for each in evaluation.remarks],
    }


def _plain_row(row: Row, columns: Sequence[Column]) -> dict[str, Any]:
    cells = {
        column.key: {
            key: value for key, value in row.cells[column.key]._asdict().items() if value != ""
        }
        for column in columns
        if column.key in row.cells
    }
    return {"name": row.name, "floor": row.is_floor, "what": row.what, "cells": cells}
