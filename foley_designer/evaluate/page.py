"""An evaluation as one page: the tables, and each figure as bars with their intervals."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from foley_designer.evaluate.columns import TITLES, Column, Table
from foley_designer.evaluate.scoring import Evaluation, Row
from foley_designer.evaluate.tables import brief, head, shown
from foley_designer.export.report.pages import environment
from foley_designer.export.report.svg import Axis, el, line, picture, text

WIDTH, ROW, LEFT, RIGHT = 460.0, 24.0, 110.0, 90.0
_MARGIN = 14.0
_PLAIN = "#8a8f98"
_COLOURS = ("#c2571a", "#2f7fb8", "#3a8f6b", "#9a7ae0", "#d99a1c", "#23a9b5")


class Chart(NamedTuple):
    """One column drawn."""

    title: str
    drawing: Markup


class Section(NamedTuple):
    """One table of the page."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, bool, tuple[tuple[str, str], ...]], ...]
    """Name, whether it is a floor, and of each cell its text and what it needs."""
    charts: tuple[Chart, ...]


def page(evaluation: Evaluation) -> str:
    """The page as HTML; it needs nothing beside it."""
    sections = []
    for table in Table:
        columns, rows = evaluation.of(table)
        sections.append(_section(f"Table {table.value}. {TITLES[table]}", columns, rows))
        if table is Table.ALIGNMENT:
            sections += [_section(name, columns, own) for name, own in evaluation.groups.items()]
    values = {
        "evaluation": evaluation,
        "sections": sections,
        "floors": [(row.name, row.what) for row in evaluation.rows if row.is_floor],
    }
    return environment().get_template("evaluation.html.j2").render(values)


def _section(title: str, columns: Sequence[Column], rows: Sequence[Row]) -> Section:
    told = [
        (row.name, row.is_floor, tuple(_cell(row, column) for column in columns)) for row in rows
    ]
    charts = [Chart(head(column), bars(column, rows)) for column in columns if _known(column, rows)]
    return Section(title, tuple(map(head, columns)), tuple(told), tuple(charts))


def _cell(row: Row, column: Column) -> tuple[str, str]:
    cell = row.cells.get(column.key)
    if cell is None:
        return "needs", row.what
    return (brief(cell.needs), cell.needs) if cell.needs else (shown(cell, column.digits), "")


def _known(column: Column, rows: Sequence[Row]) -> list[Row]:
    return [
        row for row in rows if column.key in row.cells and row.cells[column.key].value is not None
    ]


def bars(column: Column, rows: Sequence[Row]) -> Markup:
    """A bar a row from zero, its interval as a line with ends; floors are grey."""
    known = _known(column, rows)
    ends = [0.0]
    for row in known:
        cell = row.cells[column.key]
        ends += [end for end in (cell.value, cell.low, cell.high) if end is not None]
    low, high = min(ends), max(ends)
    axis = Axis(low, high if high > low else low + 1.0, LEFT, WIDTH - RIGHT)
    parts = [line(axis(0.0), 0, axis(0.0), ROW * len(known), "rule")]
    systems = [row.name for row in known if not row.is_floor]
    for at, row in enumerate(known):
        colour = _PLAIN if row.is_floor else _COLOURS[systems.index(row.name) % len(_COLOURS)]
        parts += _bar(row, column, axis, at * ROW, colour)
    return picture(WIDTH, ROW * len(known) + 2, parts, head(column))


def _bar(row: Row, column: Column, axis: Axis, top: float, colour: str) -> list[Markup]:
    cell = row.cells[column.key]
    value = cell.value or 0.0
    left, right = sorted((axis(0.0), axis(value)))
    middle = top + ROW / 2
    name = row.name if len(row.name) < 18 else f"{row.name[:16]}…"
    parts = [
        text(LEFT - 8, middle + 4, name, "label", "end"),
        el("rect", x=left, y=top + 5, width=max(right - left, 1.0), height=ROW - 10, fill=colour),
        text(WIDTH - RIGHT + _MARGIN, middle + 4, f"{value:,.{column.digits}f}", "count"),
    ]
    if cell.low is not None and cell.high is not None:
        start, end = axis(cell.low), axis(cell.high)
        parts.append(line(start, middle, end, middle, "whisker"))
        parts += [line(x, middle - 4, x, middle + 4, "whisker") for x in (start, end)]
    return parts
