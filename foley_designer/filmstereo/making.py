"""One item from its task: performed, placed, checked, verified, reverberated, annotated, encoded.

A worker's whole job: it reads a recording at most, writes nothing, and gives back bytes.
"""

from typing import Any, NamedTuple

import numpy as np
from scipy.signal import resample_poly

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.documents import content_hash
from foley_designer.core.errors import FoleyError
from foley_designer.core.mix.processing import Reverb
from foley_designer.core.mix.take import Fault
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.core.script.trajectory import Trajectory
from foley_designer.core.space import ACOUSTICS, Space
from foley_designer.datasets.item import Item, Origin, Room, Timed
from foley_designer.datasets.shards import encode
from foley_designer.dsp.effects.reverb import reverberate
from foley_designer.dsp.level.gains import amplitude_db
from foley_designer.filmstereo.agreement import measure
from foley_designer.filmstereo.captions import caption, sound_words
from foley_designer.filmstereo.clap import Clap, scorer
from foley_designer.filmstereo.path import trajectory_of
from foley_designer.filmstereo.performers import UnfitError, cast
from foley_designer.filmstereo.plan import Placing, Task
from foley_designer.filmstereo.sources import Kind
from foley_designer.filmstereo.verifying import verify
from foley_designer.generator.engine import Samples
from foley_designer.generator.performance import EngineFailureError, Performed, best_performance
from foley_designer.metrics.segments import segment

ATTEMPTS = 3
"""Performances before an item is given up."""
TAKES = 2
MOST_WET_DB, LEAST_WET_DB = -6.0, -30.0
"""The direct sound leads, as in a film's mix; a far source in a church would drown else."""
_ROOMS, _DRIER_DB = 3, 6.0
"""Rooms that are tried, each fainter by so much than the one before."""
_CLOSE_DB = 12.0
_CEILING = 0.98
_SERIOUS = frozenset({Fault.SILENT, Fault.CLIPPED, Fault.MISSED_HITS, Fault.MISPLACED})


class Made(NamedTuple):
    """What came of a task."""

    key: str
    annotation: str = ""
    """The item's JSON; empty if it could not be made."""
    audio: bytes = b""
    reason: str = ""
    """Why it could not."""


def make_item(task: Task) -> Made:
    """Make an item, or say why it can't be made. The same task gives the same bytes."""
    clap = scorer(task.making.clap_folder)
    reason = ""
    for attempt in range(ATTEMPTS):
        try:
            return _attempt(task, attempt, clap)
        except UnfitError as error:
            reason = str(error)
            if task.source.kind is Kind.RECORDING:
                break  # it is what it is
        except (EngineFailureError, FoleyError) as error:
            reason = " ".join(str(error).split())
    return Made(task.key, reason=reason)


def _attempt(task: Task, attempt: int, clap: Clap | None) -> Made:
    """One performance, all the way.

    Raises:
        UnfitError: it is faulty, or does not fit its words.
    """
    rng = np.random.default_rng((task.seed, attempt))
    event, engine = cast(task, rng)
    placing = task.placing
    trajectory = trajectory_of(task.key, placing, event, task.making.frame_rate)
    performed = best_performance(
        event,
        trajectory,
        placing.space,
        engine,
        int(content_hash(task.seed, attempt)[:12], 16),
        TAKES,
        round(placing.seconds * SAMPLE_RATE),
        profile=task.making.profile,
        spacing_m=placing.ear_spacing_m,
    )
    faults = _SERIOUS.intersection(performed.check.faults)
    if faults:
        raise UnfitError(f"the take is {', '.join(sorted(faults))}")
    verified = verify(task, performed, sound_words(task), clap)
    if verified.score < verified.threshold:
        raise UnfitError(f"{verified.method} {verified.score:.2f} < {verified.threshold:g}")
    known = _annotation(task, event, trajectory, performed) | {
        "caption": caption(task, rng),
        "verified": verified,
    }
    item, stereo = _in_room(known, performed.stereo, placing)
    making = task.making
    audio = encode(
        _at_rate(stereo, making.sample_rate), making.sample_rate, making.format, making.bits
    )
    return Made(task.key, item.to_json(indent=None), audio)


def room_of(placing: Placing) -> Room:
    """The space's reverberation, as strong as the source is far.

    Reverberant energy equals the direct sound's at the critical distance 0.057·√(V/T) and grows
    with the square of the distance (H. Kuttruff, Room Acoustics, 5.1). A Foley stage's close and
    directional microphones hear 12 dB less of it; held to -30…-6 dB.
    """
    acoustics = ACOUSTICS[placing.space]
    critical_m = 0.057 * np.sqrt(np.prod(acoustics.size_m) / acoustics.rt60_s)
    distance_m = float(np.mean(placing.distance_m))
    wet_db = 20.0 * float(np.log10(distance_m / critical_m)) - _CLOSE_DB
    wet_db = float(np.clip(wet_db, LEAST_WET_DB, MOST_WET_DB))
    if placing.space is Space.OPEN_FIELD:
        wet_db = LEAST_WET_DB
    return Room(
        space=placing.space,
        rt60_s=acoustics.rt60_s,
        wet_db=round(wet_db, 1),
        ear_spacing_m=placing.ear_spacing_m,
    )


def _in_room(known: dict[str, Any], dry: Samples, placing: Placing) -> tuple[Item, Samples]:
    """The item in its space, which is turned down until it hides nothing that is annotated.

    Raises:
        UnfitError: what is annotated can't be measured even where the space is hardly heard.
    """
    room = room_of(placing)
    for _ in range(_ROOMS):
        stereo = _reverberant(dry, room)
        peak_dbfs = round(float(amplitude_db(np.abs(stereo).max())), 2)
        item = Item(**known, room=room, peak_dbfs=peak_dbfs)
        found = measure(item.model_copy(update={"sample_rate": SAMPLE_RATE}), stereo)
        if found.agrees:
            return item, stereo
        room = room.model_copy(update={"wet_db": round(room.wet_db - _DRIER_DB, 1)})
    raise UnfitError(f"its sound does not bear its annotation out: {found.told}")


def _reverberant(stereo: Samples, room: Room) -> Samples:
    reverb = Reverb(
        space=room.space,
        rt60_s=room.rt60_s,
        wet_db=room.wet_db,
        damping=ACOUSTICS[room.space].damping,
    )
    wet = reverberate(stereo, reverb)
    peak = float(np.abs(wet).max(initial=0.0))
    return wet if peak <= _CEILING else wet * np.float32(_CEILING / peak)


def _at_rate(stereo: Samples, sample_rate: int) -> Samples:
    if sample_rate == SAMPLE_RATE:
        return stereo
    result: Samples = resample_poly(stereo, sample_rate // 300, SAMPLE_RATE // 300, axis=1)
    return np.clip(result.astype(np.float32), -1.0, 1.0)


def _annotation(
    task: Task, event: SoundEvent, trajectory: Trajectory, performed: Performed
) -> dict[str, Any]:
    """What is known of an item without its room.

    Intervals are measured before the room's tail is added: they say when the source sounds.
    """
    placing, source = task.placing, task.source
    seconds = performed.stereo.shape[1] / SAMPLE_RATE
    intervals = segment(performed.stereo, SAMPLE_RATE).intervals_s
    onsets = tuple(hit.time_s for hit in event.hits) or tuple(start for start, _ in intervals)
    cued = source.kind is Kind.SYNTHESIS and bool(event.hits)
    return {
        "key": task.key,
        "split": task.split,
        "sound": sound_words(task),
        "subcategory": source.subcategory,
        "size": placing.size,
        "sample_rate": task.making.sample_rate,
        "seconds": seconds,
        "onsets_s": onsets,
        "intervals_s": intervals,
        "timed": Timed.CUED if cued else Timed.DETECTED,
        "trajectory": trajectory,
        "motion": placing.motion,
        "regions_deg": placing.regions_deg,
        "zones": placing.zones,
        "origin": Origin(
            kind=source.kind.value,
            name=source.name,
            credit=source.credit,
            licence=source.licence,
            sha256=source.sha256,
        ),
    }
