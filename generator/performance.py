"""Performances of one event: an engine plays, the sound is placed, measured and corrected."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.documents import content_hash
from foley_designer.core.mix.take import Check, Fault
from foley_designer.core.script.sound_event import SoundEvent, SourceKind
from foley_designer.core.script.trajectory import Trajectory
from foley_designer.core.space import Space
from foley_designer.generator.check import check
from foley_designer.generator.correction import correct, cut_to_cues, eased, evened, louder_channel
from foley_designer.generator.engine import Dry, Engine, PlacingEngine, Samples
from foley_designer.generator.motion import Delay, Motion, motion_of
from foley_designer.generator.placement import SPACING_M, Profile, distance_gain, place, to_mono

PEAK = 10 ** (-9 / 20)
"""Highest sample of a take: -9 dBFS."""
VERSION = "5"
"""Part of every take's key; rises when the same input would give another performance."""


class EngineFailureError(Exception):
    """An engine raised, or what it gave is no performance."""


class Performed(NamedTuple):
    """One placed and measured performance."""

    stereo: Samples
    check: Check
    credits: tuple[str, ...]


Play = Callable[[np.random.Generator], Iterator[Performed]]
"""One performance, and what it becomes corrected."""


def best_performance(
    event: SoundEvent,
    trajectory: Trajectory,
    space: Space,
    engine: Engine,
    seed: int,
    takes: int,
    sample_count: int,
    *,
    profile: Profile = Profile.LOUDSPEAKER,
    spacing_m: float = SPACING_M,
) -> Performed:
    """The first flawless of at most ``takes`` performances, or the best by its check's score.

    Each performance draws from a generator seeded by the run's seed, the event's id and its
    number alone, so an event that is left alone sounds the same after a revision of others.

    Raises:
        EngineFailureError: the engine can't perform it.
    """
    play = (
        _placing(engine, event, trajectory, space, sample_count)
        if isinstance(engine, PlacingEngine)
        else _placed(engine, event, trajectory, space, sample_count, profile, spacing_m)
    )
    best: Performed | None = None
    for number in range(max(1, takes)):
        rng = np.random.default_rng(int(content_hash(seed, event.id, number), 16))
        for attempt in play(rng):
            if best is None or attempt.check.score > best.check.score:
                best = attempt
        if best is not None and not best.check.faults:
            break
    assert best is not None
    return best


def _placed(
    engine: Engine,
    event: SoundEvent,
    trajectory: Trajectory,
    space: Space,
    sample_count: int,
    profile: Profile,
    spacing_m: float,
) -> Play:
    """Performances of an engine that plays dry."""
    sounds_moving = bool(event.spans) and event.source.kind is not SourceKind.AROUND
    delay = Delay.DOPPLER if sounds_moving else Delay.NONE
    motion = motion_of(trajectory, sample_count / SAMPLE_RATE, space, delay)
    played = in_source_time(event, motion)
    nearest = _nearest_gain(trajectory)
    length = sample_count
    if not motion.keeps_time:
        length = int(np.ceil(motion.source_times[-1] * SAMPLE_RATE))

    def placed(dry: Dry) -> Samples:
        stereo = place(
            dry,
            trajectory,
            space,
            sample_count=sample_count,
            profile=profile,
            delay=delay,
            spacing_m=spacing_m,
        )
        return _with_headroom(eased(evened(stereo / nearest, event), event))

    def play(rng: np.random.Generator) -> Iterator[Performed]:
        dry = _perform(lambda: engine.render(played, length, rng), length)
        if event.source.kind is not SourceKind.AROUND:
            dry = dry._replace(samples=to_mono(dry.samples))
        yield from _attempts(dry, event, played, trajectory, placed)

    return play


def _placing(
    engine: PlacingEngine,
    event: SoundEvent,
    trajectory: Trajectory,
    space: Space,
    sample_count: int,
) -> Play:
    """Performances of an engine that places them, corrected where they miss their cues.

    Hits are moved onto their cues, what lies outside is cut, and a performance that is not where
    it should be is placed anew from its nearer channel.
    """
    nearest = _nearest_gain(trajectory)

    def play(rng: np.random.Generator) -> Iterator[Performed]:
        dry = _perform(
            lambda: engine.render_placed(event, trajectory, sample_count, rng), sample_count
        )
        dry = dry._replace(samples=eased(evened(dry.samples / nearest, event), event))
        performed = _checked(dry, event, trajectory)
        yield performed
        if Fault.SILENT in performed.check.faults:
            return
        samples = cut_to_cues(performed.stereo, event)
        snapped = correct(dry._replace(samples=samples), event, performed.check.faults)
        dry = snapped or dry._replace(samples=samples)
        performed = _checked(dry, event, trajectory)
        yield performed
        if Fault.MISPLACED in performed.check.faults:
            near = trajectory.model_copy(update={"distance_m": (1.0,) * len(trajectory.active)})
            mono = dry._replace(samples=louder_channel(dry.samples))
            yield _checked(
                dry._replace(samples=place(mono, near, space, delay=Delay.NONE)), event, trajectory
            )

    return play


def _nearest_gain(trajectory: Trajectory) -> np.float32:
    """What the way takes off where the source comes nearest while it sounds.

    A take is recorded there: its level changes with the distance, and starts from the engine's.
    Where it stands against other sounds is the planner's to say, not that of the free field, which
    would put thunder 300 m away under the noise of a quiet room.
    """
    pairs = zip(trajectory.distance_m, trajectory.active, strict=True)
    heard = [distance for distance, active in pairs if active] or trajectory.distance_m
    return np.float32(distance_gain(min(heard)))


def _checked(dry: Dry, event: SoundEvent, trajectory: Trajectory) -> Performed:
    stereo = _with_headroom(dry.samples)
    return Performed(stereo, check(stereo, event, trajectory), dry.credits)


def _with_headroom(stereo: Samples) -> Samples:
    """A take that leaves room for equalisation and reverberation in a 24-bit stem.

    The planner sets faders by what it measures, so a trim changes no balance.
    """
    peak = float(np.abs(stereo).max(initial=0.0))
    return stereo if peak <= PEAK else stereo * np.float32(PEAK / peak)


def in_source_time(event: SoundEvent, motion: Motion) -> SoundEvent:
    """The event as the source must play it, so that it is heard when it was cued."""
    if motion.keeps_time:
        return event

    def at(time_s: float) -> float:
        return max(0.0, float(motion.source_time(np.array([time_s]))[0]))

    hits = tuple(hit.model_copy(update={"time_s": at(hit.time_s)}) for hit in event.hits)
    spans = tuple(
        span.model_copy(update={"start_s": at(span.start_s), "end_s": at(span.end_s)})
        for span in event.spans
    )
    return event.model_copy(update={"hits": hits, "spans": spans})


def _perform(play: Callable[[], Dry], length: int) -> Dry:
    """A performance of the right shape.

    Raises:
        EngineFailureError: the engine raised, or gave something else.
    """
    try:
        dry = play()
        samples = np.asarray(dry.samples, dtype=np.float32)
        credits = tuple(str(credit) for credit in dry.credits)
    except Exception as error:
        raise EngineFailureError(f"{type(error).__name__}: {error}") from error
    if samples.ndim != 2 or samples.shape[0] not in (1, 2):
        raise EngineFailureError(f"it gave samples of shape {samples.shape}")
    if not np.isfinite(samples).all():
        raise EngineFailureError("it gave samples that are not finite")
    if samples.shape[1] != length:
        samples = np.pad(samples[:, :length], ((0, 0), (0, max(0, length - samples.shape[1]))))
    return Dry(samples, credits)


def _attempts(
    dry: Dry,
    event: SoundEvent,
    played: SoundEvent,
    trajectory: Trajectory,
    placed: Callable[[Dry], Samples],
) -> Iterator[Performed]:
    """The performance as it is and, where its faults can be helped, corrected."""
    stereo = placed(dry)
    result = check(stereo, event, trajectory)
    yield Performed(stereo, result, dry.credits)
    corrected = correct(dry, played, result.faults)
    if corrected is not None:
        del stereo
        stereo = placed(corrected)
        yield Performed(stereo, check(stereo, event, trajectory), dry.credits)
