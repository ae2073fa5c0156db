"""The library's door for those who look: strips of a clip's moments, to be judged."""

import tempfile
from pathlib import Path

from foley_designer.api import Request, observe
from foley_designer.core.files import expanded, write_text
from foley_designer.core.progress import Progress, silent
from foley_designer.core.script.spotting import Spotting, blank
from foley_designer.core.settings import Settings

FILE = "spotting.json"
PAGE = "spotting.html"
MOST = 60
"""Moments that a person is asked to look at."""


def spot(
    request: Request,
    out: Path,
    *,
    settings: Settings | None = None,
    progress: Progress = silent,
    most: int = MOST,
) -> Spotting:
    """Write a strip for each moment that may sound, the spotting to edit, and a page to do it in.

    Verdicts that the folder's spotting of this clip holds already are kept.

    Args:
        request: clip, and what is known about it; its words choose what is worth a look.
        out: folder for ``spotting.json``, ``spotting.html`` and ``strips/``.
        settings: None takes environment and configuration file.
        progress: called with how far the work is.
        most: moments at most, the surest first.

    Raises:
        FoleyError: ``clip_*``, ``script_*`` for bad input; ``document_invalid`` if the folder
            holds a spotting that can't be read; ``disk_full``, ``output_not_writable``.
    """
    from foley_designer.agents.spotter.choice import worth_a_look  # noqa: PLC0415 - seconds to load
    from foley_designer.export.report.spotting_page import write_spotting_page  # noqa: PLC0415
    from foley_designer.memory.knowledge_base import load  # noqa: PLC0415
    from foley_designer.vision.video.strips import write_strips  # noqa: PLC0415

    settings = settings or Settings()
    earlier = _earlier(out)
    with tempfile.TemporaryDirectory(prefix="foley-") as folder:
        alone = settings.model_copy(update={"llm_vision": False})
        brief = observe(request, Path(folder), settings=alone, progress=progress)
    knowledge = load(settings.knowledge_dir, settings.data_dir / "knowledge-index")
    moments = worth_a_look(brief, knowledge, most)
    clip = expanded(request.clip).absolute()
    files = write_strips(clip, brief.observation, moments, out / "strips", progress)
    fresh = blank(brief.observation, moments)
    spots = [
        one.model_copy(update={"strip": f"strips/{files[one.moment_id or '']}"})
        for one in fresh.spots
    ]
    spotting = fresh.model_copy(update={"spots": tuple(spots)})
    if earlier is not None and earlier.clip_sha256 == spotting.clip_sha256:
        spotting = spotting.with_verdicts(earlier.said)
    write_text(out / FILE, spotting.to_json())
    write_spotting_page(out / PAGE, spotting)
    return spotting


def _earlier(out: Path) -> Spotting | None:
    """The folder's spotting, if it holds one.

    Raises:
        FoleyError: as `Spotting.from_json` raises.
    """
    file = out / FILE
    return Spotting.from_json(file.read_bytes()) if file.is_file() else None
