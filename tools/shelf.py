"""What the tools of one server load once and use again: cards and what was seen of a clip."""

from collections.abc import Callable, Hashable
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from foley_designer.core.progress import Progress
    from foley_designer.core.script.observation import Observation
    from foley_designer.memory.knowledge_base import Knowledge

T = TypeVar("T")
KEPT = 4
"""Things of one kind that are kept, the latest used."""


class _Row(Generic[T]):
    """Things of one kind by key."""

    def __init__(self) -> None:
        self._things: dict[Hashable, T] = {}
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The thing of this key; one thread at a time makes what is missing."""
        with self._lock:
            thing = self._things.pop(key) if key in self._things else make()
            self._things[key] = thing
            if len(self._things) > KEPT:
                self._things.pop(next(iter(self._things)))
            return thing


class Shelf:
    """Cards by their folder's state, observations by their clip's. Used from several threads."""

    def __init__(self) -> None:
        self._knowledge: _Row[Knowledge] = _Row()
        self._seen: _Row[Observation] = _Row()

    def knowledge(self, folder: Path | None) -> "Knowledge":
        """The embedded cards and a folder's, read anew when one of its files has changed.

        Raises:
            FoleyError: ``card_invalid``.
        """
        from foley_designer.memory.knowledge_base import load  # noqa: PLC0415 - loads chromadb

        cards = sorted(folder.glob("*.md")) if folder else []
        return self._knowledge.get((folder, *map(_state, cards)), lambda: load(folder))

    def observation(
        self, clip: Path, field_of_view_deg: float, progress: "Progress"
    ) -> "Observation":
        """What is seen of a clip, without keyframes.

        Raises:
            FoleyError: ``clip_*``.
        """
        from foley_designer.vision.observe import observe  # noqa: PLC0415 - loads OpenCV and PyAV

        def look() -> "Observation":
            return observe(clip, field_of_view_deg=field_of_view_deg, progress=progress)

        state = _state(clip) if clip.is_file() else clip
        return self._seen.get((state, field_of_view_deg), look)


def _state(path: Path) -> Hashable:
    """What changes when a file is written anew."""
    stat = path.stat()
    return (path, stat.st_size, stat.st_mtime_ns)
