"""read: the screenplay's scene that fits, with what was seen, makes the brief (V, F)."""

from pathlib import Path

from foley_designer.core.script.brief import Brief
from foley_designer.core.script.observation import Observation
from foley_designer.graph.state import DesignState, Update
from foley_designer.graph.workbench import Workbench
from foley_designer.screenplay import matching_scene
from foley_designer.screenplay import read as read_screenplay


def read(state: DesignState, bench: Workbench) -> Update:
    """Parse the screenplay, find the scene, and brief the agents."""
    observation = bench.get(Observation, state["observation"])
    scene, notes = None, []
    if path := state.get("script_path"):
        scene, remark = matching_scene(
            read_screenplay(Path(path)), observation, state.get("description"), state["clip"]
        )
        notes = [remark.model_dump(mode="json")] if remark else []
    brief = Brief(observation=observation, scene=scene, description=state.get("description"))
    return {"brief": bench.put(brief), "notes": notes}
