"""read: the screenplay's scene that fits, with what was seen, makes the brief (V, F)."""

from pathlib import Path

from foley_designer.core.note import Note
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.observation import Observation
from foley_designer.graph.state import DesignState, Update
from foley_designer.graph.workbench import Workbench
from foley_designer.screenplay import description_notes, matching_scene, open_script


def read(state: DesignState, bench: Workbench) -> Update:
    """Open the screenplay, find the scene, and brief the agents."""
    observation = bench.get(Observation, state["observation"])
    description = state.get("description")
    scene = None
    notes: tuple[Note, ...] = description_notes(description)
    if path := state.get("script_path"):
        screenplay, decided = open_script(Path(path))
        scene, found = matching_scene(screenplay, observation, description, state["clip"])
        notes += (*decided, *found)
    brief = Brief(observation=observation, scene=scene, description=description)
    return {"brief": bench.put(brief), "notes": [note.model_dump(mode="json") for note in notes]}
