"""The CLAP model that verifies, loaded once a worker, where its weights are on disk."""

from functools import lru_cache
from pathlib import Path

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.filmstereo.plan import Making
from foley_designer.filmstereo.verifying import Clap


def loaded(making: Making) -> Clap | None:
    """The model that a configuration asks for; None takes what stands in for it."""
    return None if making.verify == "traits" else _load(making.clap_model)


def require(verify: str, name: str) -> None:
    """Make sure that CLAP is there where a configuration insists on it.

    Raises:
        FoleyError: ``part_missing``.
    """
    if verify == "clap" and _load(name) is None:
        raise FoleyError(
            ErrorCode.PART_MISSING,
            f"CLAP {name} is not on disk, or torch and transformers are not installed.",
            "Pull its weights into the local model cache, or set `verify: traits`.",
        )


@lru_cache(maxsize=1)
def _load(name: str) -> Clap | None:
    from foley_designer.metrics.embeddings.embedder import load  # noqa: PLC0415

    try:
        clap = load("clap", Path(name))
    except FoleyError:
        return None
    score: Clap = clap.score  # type: ignore[attr-defined]
    return score
