"""The search graph of Algorithm 1, drawn."""

from markupsafe import Markup

from foley_designer.core.script.search_log import SearchLog, SearchNode
from foley_designer.export.report.svg import el, short, text


def search_graph(log: SearchLog) -> Markup:
    """Candidates by depth with their scores; the way to the chosen script is strong."""
    levels: dict[int, list[SearchNode]] = {}
    for node in log.nodes:
        levels.setdefault(node.depth, []).append(node)
    wide = max(len(level) for level in levels.values())
    spots = {
        node.id: (20 + 230 * depth, 12 + 62 * (i + (wide - len(level)) / 2))
        for depth, level in levels.items()
        for i, node in enumerate(level)
    }
    way = _way_to_chosen(log)
    parts = []
    for node in log.nodes:
        if node.parent in spots:
            (x1, y1), (x2, y2) = spots[node.parent], spots[node.id]
            bend = f"M{x1 + 170},{y1 + 23} C{x1 + 205},{y1 + 23} {x2 - 35},{y2 + 23} {x2},{y2 + 23}"
            parts.append(el("path", d=bend, class_="edge way" if node.id in way else "edge"))
    for node in log.nodes:
        parts.append(_node(node, *spots[node.id], node.id in way))
    width = 20 + 230 * (max(levels) + 1)
    return el(
        "svg",
        *parts,
        viewBox=f"0 0 {max(width, 500)} {24 + 62 * wide}",
        width=max(width, 500),
        role="img",
        aria_label="Search graph of candidate scripts",
    )


def _way_to_chosen(log: SearchLog) -> set[str]:
    parents = {node.id: node.parent for node in log.nodes}
    way: set[str] = set()
    at = next((node.id for node in log.nodes if node.chosen), None)
    while at is not None and at not in way:
        way.add(at)
        at = parents.get(at)
    return way


def _node(node: SearchNode, x: float, y: float, on_way: bool) -> Markup:
    style = " ".join(
        word for word, true in (("node", True), ("kept", node.kept), ("chosen", on_way)) if true
    )
    bar = el("rect", x=x + 8, y=y + 37, width=154 * node.total, height=4, rx=2, class_="score")
    return el(
        "g",
        el("title", node.reason or node.operator),
        el("rect", x=x, y=y, width=170, height=47, rx=6),
        text(x + 8, y + 16, short(node.operator, 21), "op"),
        text(x + 8, y + 31, f"{node.id}  {node.total:.3f}", "tick"),
        bar,
        class_=style,
    )
