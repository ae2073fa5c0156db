"""What sees on this machine, and what better eyes would bring."""

import importlib.util
from typing import NamedTuple

from foley_designer.core.plugins import entry_points
from foley_designer.core.settings import Settings
from foley_designer.vision.models import people_files
from foley_designer.vision.models.weights import (
    DEPTH_MODELS,
    LOCALIZERS,
    POSE_MODELS,
    MissingWeightsError,
    find_weights,
    weights_name,
)
from foley_designer.vision.pictures import files as pictures

PAGE = "docs/seeing-parts.md"


class Seeing(NamedTuple):
    """One seeing role: whether something better than what is built in serves, and what to do."""

    subject: str
    better: bool
    detail: str
    advice: str


def examine_seeing(settings: Settings) -> list[Seeing]:
    """Localizer, depth model, pose model, hands, pictures, and who looks at moments."""
    sees = settings.uses_model and settings.llm_vision
    localizer = _part(
        "sources",
        "foley_designer.localizers",
        settings.localizer,
        settings.localizer_weights,
        LOCALIZERS,
        "what moves, without names",
        "OWLv2 or Grounding DINO would name them: FOLEY_LOCALIZER_WEIGHTS",
    )
    depth = _part(
        "depth",
        "foley_designer.depth_models",
        settings.depth_model,
        settings.depth_weights,
        DEPTH_MODELS,
        "ground plane and size, a factor of two",
        "Depth Anything V2 would see distances: FOLEY_DEPTH_WEIGHTS",
    )
    pose = _part(
        "steps",
        "foley_designer.pose_models",
        settings.pose_model,
        settings.pose_weights,
        POSE_MODELS,
        "the motion of feet",
        "ViTPose would see heel strikes: FOLEY_POSE_WEIGHTS",
    )
    if sees:
        looks = Seeing("spotting", True, f"{settings.llm_model} is shown the film", "")
    else:
        advice = "look yourself: foley-designer spot CLIP; or a vision model: FOLEY_LLM_VISION=true"
        looks = Seeing("spotting", False, "rules, nobody looks", advice)
    return [localizer, depth, pose, _hands(settings), _pictures(settings), looks]


def _hands(settings: Settings) -> Seeing:
    """Bodies and hands, which say where blows fall."""
    lacking = people_files.missing(settings.data_dir)
    if lacking is None:
        return Seeing("hands", True, "bodies and hands are followed where blows are told", "")
    return Seeing("hands", False, "blows are read from motion alone", lacking)


def _pictures(settings: Settings) -> Seeing:
    """The classifier that names pictures, by which words find their shots."""
    lacking = pictures.missing(settings.data_dir)
    if lacking is None:
        return Seeing(pictures.PART, True, f"{pictures.NETWORK} names what shots show", "")
    found = "words find their shots by light, colours and people alone"
    return Seeing(pictures.PART, False, found, lacking)


def _part(
    subject: str,
    group: str,
    wanted: str,
    weights: str | None,
    known: tuple[str, ...],
    embedded: str,
    gain: str,
) -> Seeing:
    others = sorted(entry.name for entry in entry_points(group=group))
    chosen = [name for name in others if wanted in ("auto", name)]
    if chosen:
        return Seeing(subject, True, ", ".join(chosen), "")
    needs = "" if importlib.util.find_spec("transformers") else " after pip install '…[vision]'"
    advice = f"{gain}{needs} ({PAGE})"
    if wanted not in ("auto", "transformers"):
        return Seeing(subject, False, embedded, "" if wanted == "none" else advice)
    try:
        folder = find_weights(weights, known)
    except MissingWeightsError as error:
        return Seeing(subject, False, embedded, str(error))
    if folder is None:
        return Seeing(subject, False, embedded, advice)
    return Seeing(subject, True, f"{weights_name(folder)} through transformers", "")
