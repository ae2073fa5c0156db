"""Engines by name: the embedded ones and those that other packages bring.

A package offers an engine through the entry point group ``foley_designer.engines``; the entry's
name is the engine's, its value the engine or a callable without arguments that makes it.
"""

from functools import cache
from importlib.metadata import EntryPoint
from typing import NamedTuple

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.note import Note, NoteKind
from foley_designer.core.plugins import entry_points
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.generator.engine import Engine

GROUP = "foley_designer.engines"
AUTO = "auto"
STEP = "sound"
BUILT_IN = (
    EntryPoint("library", "foley_designer.generator.library.engine:LibraryEngine", GROUP),
    EntryPoint("diffusion", "foley_designer.generator.diffusion.engine:DiffusionEngine", GROUP),
    EntryPoint("synth", "foley_designer.generator.synth.physics.engine:SynthEngine", GROUP),
)


class Engines(NamedTuple):
    """What could be loaded, in order of preference where support is equal, and what could not."""

    loaded: dict[str, Engine]
    notes: tuple[Note, ...] = ()


@cache
def load_engines() -> Engines:
    """Load every engine once; plug-ins come first, since a user installed them on purpose."""
    loaded: dict[str, Engine] = {}
    notes = []
    for entry in (*entry_points(group=GROUP), *BUILT_IN):
        try:
            loaded.setdefault(entry.name, _engine(entry))
        except Exception as error:  # noqa: BLE001 - a plug-in may fail in any way; it is told
            text = f"Engine {entry.name} can't be loaded: {type(error).__name__}: {error}."
            notes.append(Note(kind=NoteKind.FALLBACK, step=STEP, text=text))
    return Engines(loaded, tuple(notes))


def require(name: str) -> None:
    """Make sure that an engine of this name is offered.

    Raises:
        FoleyError: ``part_missing``, naming those that are.
    """
    names = sorted({entry.name for entry in (*entry_points(group=GROUP), *BUILT_IN)})
    if name not in (AUTO, *names):
        raise FoleyError(
            ErrorCode.PART_MISSING,
            f"There is no engine {name}.",
            f"Choose {AUTO} or one of: {', '.join(names)}.",
        )


def _engine(entry: EntryPoint) -> Engine:
    made = entry.load()
    engine: Engine = made() if isinstance(made, type) or not hasattr(made, "render") else made
    if not all(hasattr(engine, name) for name in ("name", "version", "supports", "render")):
        raise TypeError(f"{entry.value} lacks name, version, supports or render")
    return engine


def rank_engines(
    event: SoundEvent, wanted: str, engines: Engines
) -> tuple[tuple[Engine, ...], tuple[Note, ...]]:
    """The engines that can perform an event, best first, and what must be said about the choice.

    Args:
        event: what is to be performed.
        wanted: an engine's name, or ``auto`` for the one that supports the event best.
        engines: those to choose from.

    Raises:
        FoleyError: ``part_missing`` if no engine can perform it.
    """
    notes = list(engines.notes)
    support = {}
    for name, engine in engines.loaded.items():
        try:
            support[name] = float(engine.supports(event))
        except Exception as error:  # noqa: BLE001 - as above
            notes.append(failure_note(engine, event, f"{type(error).__name__}: {error}"))
            support[name] = 0.0
    order = sorted((name for name in support if support[name] > 0), key=lambda n: -support[n])
    if wanted != AUTO:
        if wanted in order:
            order.sort(key=lambda name: name != wanted)
        else:
            reason = "can't perform this event" if wanted in support else "is not installed"
            text = f"Engine {wanted} {reason}; {order[0] if order else 'none'} takes its place."
            notes.append(_fallback(text, event))
    if not order:
        raise FoleyError(
            ErrorCode.PART_MISSING,
            f"No engine can perform {event.id} ({event.subcategory}).",
            f"Installed: {', '.join(support) or 'none'}. `foley-designer doctor` says more.",
        )
    return tuple(engines.loaded[name] for name in order), tuple(notes)


def failure_note(engine: Engine, event: SoundEvent, reason: str) -> Note:
    """What is said when an engine failed at an event."""
    return _fallback(f"Engine {engine.name} failed: {reason.rstrip('.')}.", event)


def _fallback(text: str, event: SoundEvent) -> Note:
    return Note(kind=NoteKind.FALLBACK, step=STEP, text=text, event_id=event.id)
