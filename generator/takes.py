"""Takes: one event performed, placed, measured, corrected; the best of N kept under its content.

A take's key is the hash of everything that makes it, so a revision renders what changed and
nothing else, and a take that is there and whole is used again.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, NamedTuple

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.documents import Document, content_hash
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import file_hash, write_text
from foley_designer.core.mix.take import Take
from foley_designer.core.note import Note, NoteKind
from foley_designer.core.script.performance import Layer
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, SourceKind
from foley_designer.core.script.trajectory import Trajectory
from foley_designer.core.sounds.table import sound_of
from foley_designer.core.space import Space
from foley_designer.export.audio.wav import Encoding, read_wav, write_wav
from foley_designer.generator import check, performance, placement
from foley_designer.generator.engine import Engine
from foley_designer.generator.performance import EngineFailureError, Performed, best_performance
from foley_designer.generator.registry import (
    AUTO,
    STEP,
    Engines,
    failure_note,
    load_engines,
    rank_engines,
)
from foley_designer.metrics.heard_as import ear

HEARD_RANK = 20
"""A foreground take whose class comes later than this in what it is heard as is played by another
engine, or again by the same, and the best kept. Of 33 kinds of real recordings a quarter comes
later than 10 (docs/benchmarks.md), so a bad rank alone condemns nothing."""
WELL_HEARD_RANK = 3
"""A take whose class is among this many is kept at once; a later one is set against what a
recording of the library makes of the event, and the better is kept."""
RECORDINGS = "library"
"""Name of the engine that performs recordings."""
AGAIN = 7919
"""Added to the seed for one more take."""


class TakeRecord(Document):
    """The sidecar of a take's WAV."""

    SCHEMA: ClassVar[str] = "take"

    take: Take
    sha256: str
    """Hash of the WAV's bytes."""


def take_key(
    event: SoundEvent,
    trajectory: Trajectory,
    space: Space,
    engine: Engine,
    *,
    seed: int,
    takes: int,
    sample_count: int,
) -> str:
    """Hash (hex) of everything that makes a take, and of nothing that doesn't change its sound."""
    return content_hash(
        {"by": [performance.VERSION, placement.VERSION, check.VERSION]},
        {"engine": engine.name, "version": engine.version},
        # Of the space only the medium sounds in a take; its walls come with the mix.
        {
            "water": space is Space.UNDERWATER,
            "seed": seed,
            "takes_at_most": takes,
            "samples": sample_count,
        },
        sounding(event),
        trajectory.model_copy(update={"confidence": 1.0}),
    )


def sounding(event: SoundEvent) -> SoundEvent:
    """The event with every field that must not change its sound at a neutral value.

    Engines are given this, so that a key can't miss what they read.
    """
    around = event.source.kind is SourceKind.AROUND
    return event.model_copy(
        update={
            "label": event.subcategory.value,
            "layer": Layer.FOREGROUND,
            "hits": tuple(Hit(time_s=hit.time_s, strength=hit.strength) for hit in event.hits),
            "source": Source(kind=SourceKind.AROUND if around else SourceKind.POINT),
            "diegetic": True,
            "gain_db": 0.0,
            "confidence": 1.0,
            "cards": (),
            "reason": "",
        }
    )


def make_take(
    event: SoundEvent,
    trajectory: Trajectory,
    space: Space,
    *,
    engine: str = "auto",
    seed: int,
    takes: int,
    sample_count: int,
    folder: Path,
    engines: Engines | None = None,
) -> tuple[Take, tuple[Note, ...]]:
    """Find or make the take of one event.

    Args:
        event: what sounds.
        trajectory: where from.
        space: the scene's.
        engine: a name, or ``auto`` for the engine that supports the event best.
        seed: the run's.
        takes: performances to try at most; the first flawless one ends the search.
        sample_count: the clip's length in samples at 48 kHz.
        folder: where takes are kept, a folder of the session.
        engines: those to choose from; None loads what is installed.

    Raises:
        FoleyError: ``part_missing`` if no engine can perform it, ``tool_failed`` if all
            that can failed, ``disk_full`` or ``output_not_writable``.
    """
    candidates, notes = rank_engines(event, engine, load_engines() if engines is None else engines)
    order = _Order(event, trajectory, space, takes, sample_count, folder)
    # Whoever asks for an engine gets it; only a free choice is made by ear.
    listens = engine == AUTO and ear() is not None
    made, failures = (
        _by_ear(order, _tries(candidates, seed, event.layer))
        if listens
        else _first(order, candidates, seed)
    )
    said = [*notes, *failures]
    if not made:
        raise FoleyError(
            ErrorCode.TOOL_FAILED,
            f"Every engine failed at {event.id}. {said[-1].text}",
            "Choose another engine or remove the event.",
        )
    rank, chosen = min(made, key=lambda one: one[0])
    if chosen is not made[0][1]:
        said.append(_heard_note(made[0], (rank, chosen), event))
    return chosen, tuple(said)


class _Order(NamedTuple):
    """What a take is of, whoever performs it, and where it is kept."""

    event: SoundEvent
    trajectory: Trajectory
    space: Space
    takes: int
    sample_count: int
    folder: Path

    def take(self, performer: Engine, seed: int) -> Take:
        """The take of one engine and seed, found or made.

        Raises:
            EngineFailureError: the engine can't perform it.
        """
        event, trajectory, space, takes, sample_count, folder = self
        key = take_key(
            event, trajectory, space, performer, seed=seed, takes=takes, sample_count=sample_count
        )
        record = _kept(folder, key)
        if record is None:
            best = best_performance(
                sounding(event), trajectory, space, performer, seed, takes, sample_count
            )
            record = _keep(folder, key, event, performer, seed, best)
        return record.take


Tried = tuple[list[tuple[int, Take]], list[Note]]
"""Takes with the rank of what each is heard as, 1 if nobody listens; and notes on failures."""


def _first(order: _Order, candidates: Sequence[Engine], seed: int) -> Tried:
    """The take of the first engine that can."""
    failures: list[Note] = []
    for performer in candidates:
        try:
            return [(1, order.take(performer, seed))], failures
        except EngineFailureError as error:
            failures.append(failure_note(performer, order.event, str(error)))
    return [], failures


def _tries(candidates: Sequence[Engine], seed: int, layer: Layer) -> tuple[tuple[Engine, int], ...]:
    """Who is asked in turn, and with which seed.

    In the foreground everybody, and the first again: with another seed it has another recording,
    or another such thing. In the background, where much goes on for long, a recording beside the
    first.
    """
    if layer is Layer.FOREGROUND:
        return (*((one, seed) for one in candidates), (candidates[0], seed + AGAIN))
    recorded = (one for one in candidates[1:] if one.name == RECORDINGS)
    return tuple((one, seed) for one in (candidates[0], *recorded))


def _by_ear(order: _Order, tries: Sequence[tuple[Engine, int]]) -> Tried:
    """Takes until one is heard as what it should be."""
    made: list[tuple[int, Take]] = []
    failures = []
    for performer, seeded in tries:
        best_rank = min((rank for rank, _ in made), default=HEARD_RANK + 1)
        if made and not _worth_trying(best_rank, performer):
            continue
        try:
            take = order.take(performer, seeded)
        except EngineFailureError as error:
            failures.append(failure_note(performer, order.event, str(error)))
            continue
        made.append((_rank(take, order.event, order.folder), take))
    return made, failures


def _worth_trying(rank: int, performer: Engine) -> bool:
    """Whether another take may do better than the best so far, and by more than chance."""
    return rank > (WELL_HEARD_RANK if performer.name == RECORDINGS else HEARD_RANK)


def _rank(take: Take, event: SoundEvent, folder: Path) -> int:
    """How far down the classes that it may be heard as come in what a take is heard as."""
    listener = ear()
    assert listener is not None
    row = sound_of(event.subcategory, event.performance.variant)
    expected = row.heard_on(event.performance.surface)
    samples = read_wav(folder / Path(take.file).name)
    return listener.hear(samples, SAMPLE_RATE, expected).rank


def _heard_note(first: tuple[int, Take], chosen: tuple[int, Take], event: SoundEvent) -> Note:
    wanted = sound_of(event.subcategory, event.performance.variant).heard_as[0]
    engines = (first[1].engine, chosen[1].engine)
    takes = (
        f"two takes by {engines[0]}"
        if engines[0] == engines[1]
        else f"takes by {' and '.join(engines)}"
    )
    text = (
        f"Of {takes} the second is kept: a listener "
        f"puts {wanted} in place {chosen[0]} there, in place {first[0]} in the first."
    )
    return Note(kind=NoteKind.DECISION, step=STEP, text=text, event_id=event.id)


def _kept(folder: Path, key: str) -> TakeRecord | None:
    """The record of a take that is there and whole."""
    wav, sidecar = folder / f"{key}.wav", folder / f"{key}.json"
    if not (wav.is_file() and sidecar.is_file()):
        return None
    try:
        record = TakeRecord.from_json(sidecar.read_bytes())
    except FoleyError:
        return None
    return record if file_hash(wav) == record.sha256 else None


def _keep(
    folder: Path, key: str, event: SoundEvent, engine: Engine, seed: int, best: Performed
) -> TakeRecord:
    """Write the sound, then its record: a record always has its sound."""
    wav = folder / f"{key}.wav"
    write_wav(wav, best.stereo, encoding=Encoding.FLOAT_32)
    take = Take(
        event_id=event.id,
        key=key,
        file=f"{folder.name}/{wav.name}",
        engine=engine.name,
        engine_version=engine.version,
        seed=seed,
        check=best.check,
        credits=best.credits,
    )
    record = TakeRecord(take=take, sha256=file_hash(wav))
    write_text(folder / f"{key}.json", record.to_json())
    return record
