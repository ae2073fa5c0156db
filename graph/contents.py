"""What a design is decided by beside its files and settings: the contents behind their names.

A card that was edited, a library that has grown, another model under the same path: the same
command then asks for another design, and must not be answered with the old one.
"""

from functools import lru_cache
from pathlib import Path

from foley_designer.core.documents import content_hash
from foley_designer.core.files import file_hash
from foley_designer.core.plugins import entry_points
from foley_designer.core.settings import CONFIG_HOME, Settings

_DIGITS = 16
_SEEING = {"localizer": "localizers", "depth": "depth_models", "pose": "pose_models"}
"""A seeing part's name in settings to its group of entry points."""


def contents(settings: Settings) -> dict[str, str]:
    """Hash (16 hex digits) of what each role is filled with.

    Raises:
        FoleyError: ``card_invalid``, ``prompt_invalid``, ``part_missing`` for a CLAP folder
            without a model.
    """
    from foley_designer.memory.knowledge_base import load  # noqa: PLC0415 - reads 160 files

    found = {"cards": load(settings.knowledge_dir).hash[:_DIGITS]}
    if settings.uses_model or settings.prompts_dir:
        found["prompts"] = _prompts(settings)
    if settings.tools_url is None:
        found |= {"engines": _engines(settings), "seeing": _seeing(settings)}
    return found


def _prompts(settings: Settings) -> str:
    from foley_designer.prompts.store import load  # noqa: PLC0415

    return content_hash(load(CONFIG_HOME / "prompts", settings.prompts_dir).provenance())[:_DIGITS]


def _engines(settings: Settings) -> str:
    """Engines with their versions, which cover recordings and weights; who hears recordings."""
    from foley_designer.generator.library.clap import Clap  # noqa: PLC0415 - loads NumPy
    from foley_designer.generator.registry import load_engines  # noqa: PLC0415

    versions = {name: engine.version for name, engine in load_engines().loaded.items()}
    clap = Clap(settings.clap_dir).id if settings.clap_dir else ""
    return content_hash(versions, clap)[:_DIGITS]


def _seeing(settings: Settings) -> str:
    """Seeing parts of other packages by version, and the weights that transformers would load."""
    told: dict[str, list[str]] = {}
    for role, group in _SEEING.items():
        plugins = [
            f"{entry.name} {entry.dist.name} {entry.dist.version}" if entry.dist else entry.name
            for entry in entry_points(group=f"foley_designer.{group}")
        ]
        told[role] = [*sorted(plugins), _weights(role, settings)]
    from foley_designer.vision.models import people_files  # noqa: PLC0415 - loads OpenCV

    if people_files.missing(settings.data_dir) is None:
        told["people"] = [people_files.WHEEL.package]
    from foley_designer.vision.pictures import files as pictures  # noqa: PLC0415

    if pictures.missing(settings.data_dir) is None:
        told[pictures.PART] = [pictures.WHEEL.package]
    return content_hash(told)[:_DIGITS]


def _weights(role: str, settings: Settings) -> str:
    from foley_designer.vision.models import weights as here  # noqa: PLC0415

    part = settings.localizer if role == "localizer" else getattr(settings, f"{role}_model")
    if part not in ("auto", "transformers"):
        return ""
    known = {"localizer": here.LOCALIZERS, "depth": here.DEPTH_MODELS, "pose": here.POSE_MODELS}
    try:
        folder = here.find_weights(getattr(settings, f"{role}_weights"), known[role])
    except here.MissingWeightsError:
        return "missing"  # the part that takes its place says so
    if folder is None:
        return ""
    files = [path for path in sorted(folder.iterdir()) if path.is_file()]
    return _files_hash(
        tuple((path, path.stat().st_size, path.stat().st_mtime_ns) for path in files)
    )


@lru_cache(maxsize=8)
def _files_hash(files: tuple[tuple[Path, int, int], ...]) -> str:
    return content_hash([[path.name, file_hash(path)] for path, _, _ in files])
