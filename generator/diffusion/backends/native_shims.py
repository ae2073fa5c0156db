"""Stand-ins by which stable-audio-tools imports beside a CPU build of PyTorch.

Its torchaudio is linked against CUDA, and its k_diffusion imports image libraries that no sampler
needs. Both are used here without those parts.
"""

import importlib
import importlib.util
import sys
from types import ModuleType
from typing import Any, NoReturn

from foley_designer.core.errors import ErrorCode, FoleyError

_NEEDED = ("stable_audio_tools", "torchaudio", "k_diffusion", "alias_free_torch", "einops")


def available() -> bool:
    """Whether stable-audio-tools and what it needs are installed."""
    return all(importlib.util.find_spec(name) is not None for name in _NEEDED)


def prepare() -> None:
    """Put the stand-ins in place where they are needed: diffusers too imports torchaudio."""
    if available():
        ensure_importable()


def ensure_importable() -> None:
    """Put the stand-ins in place, once.

    Raises:
        FoleyError: ``part_missing`` if stable-audio-tools is not installed.
    """
    if not available():
        raise FoleyError(
            ErrorCode.PART_MISSING,
            "This checkpoint needs stable-audio-tools.",
            "`make sat` makes an environment with it; docs/diffusion.md says how.",
        )
    _torchaudio()
    _k_diffusion()


def _torchaudio() -> None:
    """Without its compiled part, which only resampling by sox and alignment use."""
    if "torchaudio" in sys.modules:
        return
    try:
        importlib.import_module("torchaudio")
    except OSError:
        for name in [name for name in sys.modules if name.partition(".")[0] == "torchaudio"]:
            del sys.modules[name]
        extension: Any = ModuleType("torchaudio._extension")
        extension._IS_TORCHAUDIO_EXT_AVAILABLE = False
        extension._IS_ALIGN_AVAILABLE = False
        extension._check_cuda_version = lambda: None
        extension.fail_if_no_align = _refusing
        sys.modules[extension.__name__] = extension
        importlib.import_module("torchaudio")


def _refusing(_function: Any) -> Any:
    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise RuntimeError("torchaudio's compiled part is not available")

    return refuse


def _k_diffusion() -> None:
    """Its samplers and denoisers alone."""
    if "k_diffusion" in sys.modules:
        return
    found = importlib.util.find_spec("k_diffusion")
    assert found is not None
    package: Any = ModuleType("k_diffusion")
    package.__path__ = list(found.submodule_search_locations or ())
    package.__spec__ = found
    utilities: Any = ModuleType("k_diffusion.utils")
    utilities.append_dims = lambda values, count: values[(...,) + (None,) * (count - values.ndim)]
    package.utils = utilities
    sys.modules |= {"k_diffusion": package, "k_diffusion.utils": utilities}
    package.sampling = importlib.import_module("k_diffusion.sampling")
    package.external = importlib.import_module("k_diffusion.external")
