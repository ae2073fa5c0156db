"""inspect: names and distances by better parts, and verdicts on moments by those who look."""

from pathlib import Path

from foley_designer.agents.localizer.names import names_to_find
from foley_designer.agents.spotter.choice import worth_a_look
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.note import Note, NoteKind
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.observation import Observation
from foley_designer.core.script.spotting import Spotting, Verdict, blank
from foley_designer.core.script.spotting_apply import apply
from foley_designer.graph.state import DesignState
from foley_designer.graph.strips import draw_strips
from foley_designer.graph.workbench import Workbench
from foley_designer.tools.inspect import MOST_PICTURES, TOOL, InspectInput

MOST_ASKED = 24
"""Moments that a model is asked about: four questions."""
MOST_SHOWN = 24
"""Strips of a person's verdicts that the report shows."""
BY_MODEL = "model"


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
    """The observation with names and distances, by the tool's parts or a seeing model's boxes."""
    settings = bench.settings
    names = names_to_find(brief, bench.team.knowledge)
    asks_model = settings.localizer == BY_MODEL
    observation = bench.tools.call(
        TOOL,
        InspectInput(
            clip=state["clip"],
            observation=brief.observation,
            names=() if asks_model else names,
            localizer=settings.localizer,
            localizer_weights=settings.localizer_weights,
            depth_model=settings.depth_model,
            depth_weights=settings.depth_weights,
            depth_statistic=settings.depth_statistic,
            pose_model=settings.pose_model,
            pose_weights=settings.pose_weights,
        ),
    )
    localizer = bench.team.localizer
    if "names" in observation.parts or settings.localizer not in ("auto", BY_MODEL):
        return observation
    if localizer is None:
        text = "No seeing model is configured to find things: set FOLEY_LLM_VISION."
        return _with_note(observation, text) if asks_model else observation
    from foley_designer.vision.tracking.locating import locate  # noqa: PLC0415 - loads OpenCV and PyAV

    try:
        return locate(Path(state["clip"]), observation, localizer, names, MOST_PICTURES // 2)
    except FoleyError as error:
        if error.code not in (ErrorCode.MODEL_FAILED, ErrorCode.BUDGET_SPENT):
            raise
        return _with_note(observation, f"{error.message} What moves is followed without names.")


def _with_note(observation: Observation, text: str) -> Observation:
    note = Note(kind=NoteKind.FALLBACK, step="inspect", text=text)
    return observation.model_copy(update={"notes": (*observation.notes, note)})


def _spotted(state: DesignState, bench: Workbench, brief: Brief) -> Spotting | None:
    """What a person or assistant said, else what a seeing model says; None if no one looks."""
    if path := state.get("spotting_path"):
        spotting = Spotting.from_json(Path(path).read_bytes())
        judged = [one.moment_id for one in spotting.spots if one.verdict is not Verdict.OPEN]
        files = draw_strips(state, bench, brief.observation, [i for i in judged if i][:MOST_SHOWN])
        return _with_strips(spotting, files)
    if bench.team.spotter is None:
        return None
    moments = worth_a_look(brief, bench.team.knowledge, MOST_ASKED, doubtful_first=True)
    if not moments:
        return None
    files = draw_strips(state, bench, brief.observation, [one.id for one in moments])
    shown = _with_strips(blank(brief.observation, moments), files)
    judged_by_model = bench.team.spotter.judge(brief, shown)
    return None if judged_by_model.is_open else judged_by_model


def _with_strips(spotting: Spotting, files: dict[str, str]) -> Spotting:
    spots = [
        spot.model_copy(update={"strip": files.get(spot.moment_id or "")})
        for spot in spotting.spots
    ]
    return spotting.model_copy(update={"spots": tuple(spots)})
