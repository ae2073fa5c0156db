"""inspect: names and distances by better parts, and verdicts on moments by those who look."""

from pathlib import Path

from foley_designer.agents.spotter.names import names_to_find
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.observation import Observation
from foley_designer.core.script.spotting import Spotting, Verdict
from foley_designer.core.script.spotting_apply import apply
from foley_designer.graph.state import DesignState
from foley_designer.graph.strips import draw_strips
from foley_designer.graph.workbench import Workbench
from foley_designer.tools.depth import TOOL as DEPTH
from foley_designer.tools.depth import DepthInput
from foley_designer.tools.inspect import TOOL as INSPECT
from foley_designer.tools.inspect import InspectInput

MOST_SHOWN = 24
"""Strips of a person's verdicts that the report shows."""


def inspect(state: DesignState, bench: Workbench) -> DesignState:
    """Better parts name and measure what was seen; whoever looks has the last word on moments.

    Without better parts and without anyone who looks, nothing changes.
    """
    brief = bench.get(Brief, state["brief"])
    seen = _found(state, bench, brief)
    spotting = _spotted(state, bench, brief.model_copy(update={"observation": seen}))
    observation = apply(spotting, seen) if spotting else seen
    update: DesignState = {"spotting": bench.put(spotting)} if spotting else {}
    if observation == brief.observation:
        return update
    known = brief.observation.notes
    return update | {
        "observation": bench.put(observation),
        "brief": bench.put(brief.model_copy(update={"observation": observation})),
        "notes": [n.model_dump(mode="json") for n in observation.notes if n not in known],
    }


def _found(state: DesignState, bench: Workbench, brief: Brief) -> Observation:
    """The observation with names and distances, by the parts that this machine has."""
    settings, folder = bench.settings, str(bench.session.arrays)
    inspected = bench.tools.call(
        INSPECT,
        InspectInput(
            clip=state["clip"],
            seen=bench.send(brief.observation),
            arrays=folder,
            names=names_to_find(brief, bench.team.knowledge),
            localizer=settings.localizer,
            localizer_weights=settings.localizer_weights,
            pose_model=settings.pose_model,
            pose_weights=settings.pose_weights,
        ),
    )
    measured = bench.tools.call(
        DEPTH,
        DepthInput(
            clip=state["clip"],
            seen=str(bench.session.arrays / Path(inspected.seen).name),
            arrays=folder,
            depth_model=settings.depth_model,
            depth_weights=settings.depth_weights,
            depth_statistic=settings.depth_statistic,
        ),
    )
    return bench.receive(Observation, measured.seen or "")


def _spotted(state: DesignState, bench: Workbench, brief: Brief) -> Spotting | None:
    """What a person or an assistant said of moments; None if nobody looked."""
    if not (path := state.get("spotting_path")):
        return None
    spotting = Spotting.from_json(Path(path).read_bytes())
    judged = [one.moment_id for one in spotting.spots if one.verdict is not Verdict.OPEN]
    files = draw_strips(state, bench, brief.observation, [i for i in judged if i][:MOST_SHOWN])
    return _with_strips(spotting, files)


def _with_strips(spotting: Spotting, files: dict[str, str]) -> Spotting:
    spots = [
        spot.model_copy(update={"strip": files.get(spot.moment_id or "")})
        for spot in spotting.spots
    ]
    return spotting.model_copy(update={"spots": tuple(spots)})
