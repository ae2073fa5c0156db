"""Seeing parts by name: those of other packages, and transformers where its weights are here."""

from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

from foley_designer.core.note import Note, NoteKind
from foley_designer.core.plugins import entry_points
from foley_designer.vision.models.weights import MissingWeightsError

P = TypeVar("P")

AUTO, NONE, TRANSFORMERS = "auto", "none", "transformers"
STEP = "inspect"


class Loaded(NamedTuple, Generic[P]):
    """The part that serves, or None, and what must be said about the choice."""

    part: P | None
    notes: tuple[Note, ...] = ()


def load_part(
    group: str, wanted: str, built_in: Callable[[], P | None], needs: tuple[str, ...]
) -> Loaded[P]:
    """The first part that loads: the wanted one, else plug-ins, else the built-in one.

    Args:
        group: entry point group.
        wanted: ``auto``, ``none``, ``transformers`` or an entry's name.
        built_in: makes the part that runs through transformers; None if no weights are here.
        needs: attributes that a part must have.
    """
    if wanted == NONE:
        return Loaded(None)
    entries = {entry.name: entry for entry in entry_points(group=group)}
    notes: list[Note] = []
    names = [*sorted(entries), TRANSFORMERS] if wanted == AUTO else [wanted]
    for name in names:
        try:
            if name in entries:
                return Loaded(_made(entries[name].load(), needs), tuple(notes))
            if name == TRANSFORMERS:
                part = built_in()
                if part is not None or wanted == AUTO:
                    return Loaded(part, tuple(notes))
                notes.append(_fallback(f"There are no weights for {name} on this machine."))
            else:
                known = ", ".join([*sorted(entries), TRANSFORMERS])
                notes.append(_fallback(f"There is no part {name}; there are {known}."))
        except MissingWeightsError as error:
            notes.append(_fallback(f"{error} What is built in serves instead."))
        except Exception as error:  # noqa: BLE001 - a plug-in may fail in any way; it is told
            text = f"Part {name} can't be loaded: {type(error).__name__}: {error}."
            notes.append(_fallback(text[:400]))
    return Loaded(None, tuple(notes))


def failed(name: str, error: Exception, instead: str) -> Note:
    """What is said when a part failed at its work."""
    told = f"{type(error).__name__}: {error}".rstrip(".")
    return _fallback(f"{name} failed ({told[:300]}); {instead} takes its place.")


def _made(value: Any, needs: tuple[str, ...]) -> Any:
    part = value() if isinstance(value, type) or not hasattr(value, needs[-1]) else value
    lacking = [name for name in needs if not hasattr(part, name)]
    if lacking:
        raise TypeError(f"it lacks {', '.join(lacking)}")
    return part


def _fallback(text: str) -> Note:
    return Note(kind=NoteKind.FALLBACK, step=STEP, text=text)
