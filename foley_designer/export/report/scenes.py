"""The report's scenes: the film as a strip of shots, each under its scene and its words."""

from collections.abc import Iterable
from typing import Any

from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import Observation, Shot
from foley_designer.core.script.scene import FilmScene, SceneMap, SettledBy
from foley_designer.export.session.passage import Ruler

DOUBTFUL = 0.6
"""Confidence under which a scene's words are to be checked."""
_HOW = {
    SettledBy.PICTURE: "by what the shots show",
    SettledBy.MODEL: "by a model that saw the shots",
    SettledBy.ORDER: "by the order of the text alone",
    SettledBy.TIMES: "by the text's times",
    SettledBy.PERSON: "by the scenes file",
}


def scene_views(
    scenes: SceneMap | None, observation: Observation, script: FoleyScript, ruler: Ruler
) -> list[dict[str, Any]]:
    """Per scene what the page shows; empty if all is one scene."""
    if scenes is None:
        return []
    settings = {setting.scene: setting for setting in script.settings}
    whole = observation.clip.duration_s
    views = []
    for scene in scenes.scenes:
        setting = settings.get(scene.id)
        heard = [e for e in script.events if setting and script.setting_of(e) == setting]
        views.append(
            {
                "scene": scene,
                "tc": ruler.at(scene.start_s),
                "width": 100 * (scene.end_s - scene.start_s) / whole,
                "shots": _shares(scene, observation.shots),
                "words": scene.text.action if scene.text else "",
                "space": setting.space.value.replace("_", " ") if setting else "",
                "how": _HOW[scene.settled_by],
                "doubtful": scene.text is not None and scene.confidence < DOUBTFUL,
                "events": [event.label for event in heard],
            }
        )
    return views


def _shares(scene: FilmScene, shots: Iterable[Shot]) -> list[float]:
    """Length of each of a scene's shots, percent of the scene."""
    inside = (min(s.end_s, scene.end_s) - max(s.start_s, scene.start_s) for s in shots)
    return [100 * part / (scene.end_s - scene.start_s) for part in inside if part > 0]
