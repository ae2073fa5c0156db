"""The engine that performs events from the user's own recordings."""

from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.script.sound_event import SoundEvent, SourceKind
from foley_designer.generator.engine import Dry
from foley_designer.generator.library.recording import FILE_NAME

if TYPE_CHECKING:
    from foley_designer.generator.library.clap import Clap
    from foley_designer.generator.library.search import Library
    from foley_designer.memory.knowledge_base import Knowledge

FOLDER_NAME = "library"
"""Within the data folder."""
CARDS_NAME = "cards"
"""Within the library's: the index of the embedded cards."""
LEAST_SIMILARITY = 0.45
"""A recording less near than this can't perform an event."""
SURE_SIMILARITY = 0.7
"""A recording this near performs it better than synthesis would."""
_VERSION = "3"
"""Rises when the same recordings would be performed otherwise."""
_OPENING = Lock()


class LibraryEngine:
    """Performs events from the recordings of the user's library; takes no part without one.

    Args:
        folder: where the library is kept; None takes the configured data folder's.
    """

    name = "library"

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = configured_folder() if folder is None else folder

    @property
    def version(self) -> str:
        """Covers what the library holds, so that takes of other recordings are other takes."""
        library = self.opened
        return _VERSION if library is None else f"{_VERSION}-{library.hash[:16]}"

    def supports(self, event: SoundEvent) -> float:
        """0 if no recording is near, 1 if one surely is what the event describes."""
        from foley_designer.generator.library.playing.casting import candidates  # noqa: PLC0415
        from foley_designer.generator.takes import sounding  # noqa: PLC0415 - it imports engines

        library = self.opened
        if library is None:
            return 0.0
        best = max((match.similarity for match in candidates(library, sounding(event))), default=0)
        reach = (best - LEAST_SIMILARITY) / (SURE_SIMILARITY - LEAST_SIMILARITY)
        return float(np.clip(reach, 0.0, 1.0))

    def render(self, event: SoundEvent, sample_count: int, rng: np.random.Generator) -> Dry:
        """Perform the event dry; see `foley_designer.generator.engine.Engine`.

        Raises:
            FoleyError: ``part_missing`` if no recording can perform it, ``sound_unreadable``.
        """
        from foley_designer.generator.library.playing.casting import choose  # noqa: PLC0415
        from foley_designer.generator.library.playing.hits import play_hits  # noqa: PLC0415
        from foley_designer.generator.library.playing.textures import play_span  # noqa: PLC0415

        library = self.opened
        cast_rng, hits_rng, spans_rng = rng.spawn(3)
        cast = choose(library, event, cast_rng) if library is not None else ()
        if not cast:
            raise FoleyError(
                ErrorCode.PART_MISSING,
                f"No recording of the library can perform {event.subcategory.value}.",
                "Files that moved or changed need `foley-designer library add` again.",
            )
        channels = 2 if event.source.kind is SourceKind.AROUND else 1
        out = np.zeros((channels, sample_count), dtype=np.float32)
        credits = play_hits(out, event, cast, hits_rng) if event.hits else set()
        for span, stream in zip(event.spans, spans_rng.spawn(len(event.spans)), strict=True):
            credits |= play_span(out, span, cast, stream)
        return Dry(np.clip(out, -1.0, 1.0, out=out), tuple(sorted(credits)))

    @property
    def opened(self) -> "Library | None":
        """The library as it is on disk now; None if nothing was ever added."""
        try:
            stat = (self._folder / FILE_NAME).stat()
        except OSError:
            return None
        with _OPENING:
            library = open_library(self._folder, (stat.st_size, stat.st_mtime_ns))
        return library if len(library) else None


@lru_cache(maxsize=2)
def open_library(folder: Path, stamp: tuple[int, int]) -> "Library":  # noqa: ARG001 - a key
    """The library of a folder, opened again when its catalogue's stamp changes."""
    from foley_designer.generator.library.search import Library  # noqa: PLC0415

    return Library(folder, embedded_cards(folder), configured_clap())


def embedded_cards(folder: Path) -> "Knowledge":
    """The cards that a library is classified and searched by, their index kept in its folder."""
    from foley_designer.memory.knowledge_base import load  # noqa: PLC0415

    return load(index_dir=folder / CARDS_NAME)


def configured_clap() -> "Clap | None":
    """The model that hears recordings, where the user has one.

    Raises:
        FoleyError: ``part_missing`` if the configured folder holds none.
    """
    from foley_designer.core.settings import Settings  # noqa: PLC0415 - pydantic-settings
    from foley_designer.generator.library.clap import Clap  # noqa: PLC0415

    weights = Settings().clap_dir
    return None if weights is None else Clap(weights)


def configured_folder() -> Path:
    """Where the library is kept."""
    from foley_designer.core.settings import Settings  # noqa: PLC0415 - pydantic-settings

    return Settings().data_dir / FOLDER_NAME
