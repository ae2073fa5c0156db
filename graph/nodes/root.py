"""root: the search starts from n_0 = (V, T, F) (Algorithm 1, line 1)."""

from collections.abc import Sequence

from foley_designer.agents.interfaces import Objection
from foley_designer.agents.scenes.agents import SceneScorer, SceneWriter
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.search_log import SearchNode
from foley_designer.core.script.structured_text import StructuredText
from foley_designer.graph.state import DesignState
from foley_designer.graph.workbench import Workbench

MOST_AGAINST = 8
"""Frames that are shown against one candidate."""


def root(state: DesignState, bench: Workbench) -> DesignState:
    """Write and score the first script."""
    brief = bench.get(Brief, state["brief"])
    text = bench.get(StructuredText, state["text"])
    script = SceneWriter(bench.team.writer).root(brief, text)
    node = candidate(bench, brief, text, script, parent=None, operator="root", reason="from T")
    return {
        "candidates": {node.id: node.model_dump(mode="json")},
        "frontier": [node.id],
        "level": 0,
        "ended_by": "",
    }


def candidate(
    bench: Workbench,
    brief: Brief,
    text: StructuredText,
    script: FoleyScript,
    *,
    parent: SearchNode | None,
    operator: str,
    reason: str,
    above: str | None = None,
) -> SearchNode:
    """Store and score a script as a node of the search.

    A sibling of the node that was expanded hangs ``above``; the root has no siblings but children.
    """
    digest = bench.put(script)
    score = SceneScorer(bench.team.scorer).score(brief, text, script)
    depth = parent.depth + 1 if parent else 0
    return SearchNode(
        id=f"n{depth}_{digest[:10]}",
        parent=above or (parent.id if parent else None),
        depth=depth,
        operator=operator,
        reason=reason,
        script_hash=digest,
        align=score.align,
        layer=score.layer,
        emotion=score.emotion,
        total=score.total,
        objections=tuple(objection.text for objection in score.objections),
        against_s=_seen_at(brief, script, score.objections),
    )


def _seen_at(
    brief: Brief, script: FoleyScript, objections: Sequence[Objection]
) -> tuple[float, ...]:
    """When what is objected to is seen: as said, at its moments, or where its event begins."""
    moments = {moment.id: moment.time_s for moment in brief.observation.moments}
    events = {event.id: event.start_s for event in script.events}
    found: list[float] = []
    for one in objections:
        if one.time_s is not None:
            found.append(one.time_s)
        elif one.moment_ids:
            found += [moments[name] for name in one.moment_ids if name in moments]
        elif one.event_id in events:
            found.append(events[one.event_id])
    end = brief.observation.clip.duration_s
    inside = {round(time_s, 3) for time_s in found if 0 <= time_s < end}
    return tuple(sorted(inside)[:MOST_AGAINST])
