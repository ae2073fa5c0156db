"""read: the words of the film's scenes, with what was seen, make the brief (V, F)."""

from pathlib import Path

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.note import Note
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.observation import Observation
from foley_designer.core.script.scene import SceneMap
from foley_designer.core.script.scenes_file import read_scenes
from foley_designer.graph.state import DesignState
from foley_designer.graph.workbench import Workbench
from foley_designer.screenplay import description_notes, matching_scene, open_script


def read(state: DesignState, bench: Workbench) -> DesignState:
    """Open the screenplay, give the film's scenes their words, and brief the agents.

    Where all is one scene, the scene of the screenplay that fits is taken.
    """
    observation = bench.get(Observation, state["observation"])
    description = state.get("description")
    screenplay, scene = None, None
    notes: tuple[Note, ...] = description_notes(description)
    if path := state.get("script_path"):
        screenplay, decided = open_script(Path(path))
        notes += decided
    film = (
        _given(Path(given), observation)
        if (given := state.get("scenes_path"))
        else bench.team.aligner.align(observation, screenplay, description)
    )
    update: DesignState = {}
    if film is not None:
        notes += film.notes
        update["scene_map"] = bench.put(film)
    elif screenplay is not None:
        scene, found = matching_scene(screenplay, observation, description, state["clip"])
        notes += found
    scenes = film.scenes if film is not None else ()
    brief = Brief(observation=observation, scene=scene, description=description, scenes=scenes)
    plain = [note.model_dump(mode="json") for note in notes]
    return update | {"brief": bench.put(brief), "notes": plain}


def _given(path: Path, observation: Observation) -> SceneMap:
    """The scenes that a person gave, if they are this clip's."""
    scenes = read_scenes(path)
    clip = observation.clip
    if scenes.clip_sha256 != clip.sha256:
        raise FoleyError(
            ErrorCode.DOCUMENT_INVALID,
            f"{path.name} holds the scenes of {scenes.clip}, not of {clip.name}.",
            "Give the scenes.yaml that a design of this clip wrote.",
        )
    if abs(scenes.scenes[-1].end_s - clip.duration_s) > clip.frame_s or scenes.scenes[0].start_s:
        raise FoleyError(
            ErrorCode.DOCUMENT_INVALID,
            f"The scenes of {path.name} do not last from 0 to {clip.duration_s:.3f} s.",
            "Let the first scene start at 0 and the last one end with the clip.",
        )
    return scenes
