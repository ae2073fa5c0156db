"""What the tools of one server load once and use again: cards and what was seen of a clip."""

from collections.abc import Callable, Hashable
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
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

    def get(self, key: Hashable, make: Callable[[], T], fits: Callable[[T], bool]) -> T:
        """The thing of this key; one thread at a time makes what is missing or does not fit."""
        with self._lock:
            thing = self._things.pop(key, None)
            if thing is None or not fits(thing):
                thing = make()
            self._things[key] = thing
            if len(self._things) > KEPT:
                self._things.pop(next(iter(self._things)))
            return thing


class Shelf:
    """Cards by their folder's state, observations by their clip's. Used from several threads."""

    def __init__(self) -> None:
        self._knowledge: _Row[Knowledge] = _Row()
        self._seen: _Row[tuple[Path | None, Observation]] = _Row()
        """Where keyframes went, and what was seen."""

    def knowledge(self, folder: Path | None) -> "Knowledge":
        """The embedded cards and a folder's, read anew when one of its files has changed.

        Raises:
            FoleyError: ``card_invalid``.
        """
        from foley_designer.memory.knowledge_base import load  # noqa: PLC0415 - loads chromadb

        cards = sorted(folder.glob("*.md")) if folder else []
        key = (folder, *map(_state, cards))
        return self._knowledge.get(key, lambda: load(folder), lambda _: True)

    def observation(
        self,
        clip: Path,
        how: Hashable,
        keyframes: Path | None,
        look: "Callable[[], Observation]",
    ) -> "Observation":
        """What was seen of a clip; looked at again where its keyframes are elsewhere.

        Args:
            clip: the clip.
            how: everything that changes what is seen.
            keyframes: where they must be; None needs none.
            look: looks, and writes keyframes there.
        """
        state = _state(clip) if clip.is_file() else clip
        return self._seen.get(
            (state, how),
            lambda: (keyframes, look()),
            lambda kept: keyframes in (None, kept[0]),
        )[1]


def _state(path: Path) -> Hashable:
    """What changes when a file is written anew."""
    stat = path.stat()
    return (path, stat.st_size, stat.st_mtime_ns)
