"""Observing: one decoding pass, then everything that seeing can say about a clip."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.clip import Clip
from foley_designer.core.note import Note, NoteKind
from foley_designer.core.observation import (
    Moment,
    MomentKind,
    MotionKind,
    Observation,
    Shot,
    Track,
)
from foley_designer.core.progress import Progress, silent
from foley_designer.vision.bursts import beginnings, flashes
from foley_designer.vision.contacts import Contact, contacts
from foley_designer.vision.decode import frames, probe
from foley_designer.vision.depth import DepthModel, GroundPlaneAndSize
from foley_designer.vision.keyframes import KeyframeKeeper
from foley_designer.vision.linking import Trail, link
from foley_designer.vision.looks import Look, look_of
from foley_designer.vision.merging import merge
from foley_designer.vision.motion import FrameMotion, MotionMeter
from foley_designer.vision.series import repeats, series_of
from foley_designer.vision.shots import Stretch, camera_move, shot_size, stretches
from foley_designer.vision.sources import kind_of, track_of

WORK_WIDTH = 480
"""Pixels across at which pictures are decoded for looking and for keyframes."""
MAX_SOURCES = 6
"""Sources followed in one shot."""
MIN_SHARE = 0.03
"""Share of a shot's motion that a source must have to become a track."""


class _Pass(NamedTuple):
    """What one decoding pass leaves behind: a few numbers a frame."""

    motions: list[FrameMotion]
    looks: list[Look]
    keyframes: KeyframeKeeper


class _Source(NamedTuple):
    """One source of one shot."""

    track: Track
    trail: Trail
    contacts: list[Contact]


def observe(
    path: Path,
    *,
    field_of_view_deg: float = 54.0,
    keyframes_dir: Path | None = None,
    progress: Progress = silent,
    depth: DepthModel | None = None,
) -> Observation:
    """Look at a clip once and say what was seen. Its sound is never read.

    Args:
        path: the clip.
        field_of_view_deg: horizontal field of view of its lens, degrees.
        keyframes_dir: where keyframes go; None keeps none.
        progress: is told how far the pass is.
        depth: estimates distances; None takes the ground plane and sizes.

    Raises:
        FoleyError: as `foley_designer.vision.decode.probe`.
    """
    clip = probe(path)
    seen = _look(path, clip, progress)
    depth = depth or GroundPlaneAndSize()
    times = np.array([motion.time_s for motion in seen.motions])
    repeated = repeats(seen.motions)
    shots: list[Shot] = []
    tracks: list[Track] = []
    moments: list[Moment] = []
    for index, stretch in enumerate(stretches(seen.looks, times)):
        sources = _sources(
            seen.motions, stretch, repeated, clip, field_of_view_deg, depth, len(tracks)
        )
        tracks += [source.track for source in sources]
        moments += _moments(seen, stretch, sources, times)
        shots.append(_shot(index, stretch, seen, sources, times, clip, keyframes_dir))
    return Observation(
        clip=clip,
        field_of_view_deg=field_of_view_deg,
        shots=tuple(shots),
        tracks=tuple(tracks),
        moments=_numbered(moments),
        activity=_activity(seen.motions, times, clip),
        parts={
            "shots": "thumbnail cuts and fades 1",
            "motion": "DIS optical flow with camera compensation 1",
            "tracks": "moving regions 1",
            "moments": "directional flow, rhythm 1",
            "depth": depth.name,
        },
        notes=tuple(_notes(tracks, moments, depth)),
    )


def _look(path: Path, clip: Clip, progress: Progress) -> _Pass:
    meter, keeper = MotionMeter(), KeyframeKeeper()
    motions, looks = [], []
    for frame in frames(path, WORK_WIDTH):
        motions.append(meter.measure(frame))
        looks.append(look_of(frame))
        keeper.offer(frame)
        if frame.index % 25 == 0:
            progress("see", min(1.0, frame.time_s / clip.duration_s), clip.name)
    progress("see", 1.0, clip.name)
    return _Pass(motions, looks, keeper)


def _sources(
    motions: list[FrameMotion],
    stretch: Stretch,
    repeated: NDArray[np.bool_],
    clip: Clip,
    field_of_view_deg: float,
    depth: DepthModel,
    known: int,
) -> list[_Source]:
    trails = merge(link(motions, stretch.first, stretch.last))
    total = sum(trail.energy for trail in trails)
    kept = [one for one in trails if one.energy >= MIN_SHARE * total][:MAX_SOURCES]
    aspect = clip.width / clip.height
    sources: list[_Source] = []
    for trail in kept:
        series = series_of(motions, trail, repeated, stretch.first, stretch.last)
        found = contacts(series)
        kind = kind_of(trail, found, aspect)
        name = f"t{known + len(sources) + 1}"
        track = track_of(name, trail, kind, total, depth, aspect, field_of_view_deg, motions)
        sources.append(_Source(track, trail, found))
    return sources


def _moments(
    seen: _Pass, stretch: Stretch, sources: list[_Source], times: NDArray[np.float64]
) -> list[Moment]:
    """Unnumbered moments of one shot; strengths are not yet relative to the clip."""
    moments = [
        _contact_moment(contact, source) for source in sources for contact in source.contacts
    ]
    main = sources[0] if sources else None
    for burst in beginnings(seen.motions, stretch.first, stretch.last):
        x, y = _place(main.trail, burst.time_s) if main else (0.5, 0.5)
        moments.append(
            Moment(
                id="new",
                time_s=burst.time_s,
                kind=MomentKind.APPEARANCE,
                confidence=burst.confidence,
                strength=min(1.0, burst.strength / 255),
                track_id=main.track.id if main else None,
                x=x,
                y=y,
            )
        )
    part = slice(stretch.first, stretch.last)
    glare = np.array([look.glare for look in seen.looks[part]])
    for flash in flashes(glare, times[part]):
        moments.append(
            Moment(
                id="new",
                time_s=flash.time_s,
                kind=MomentKind.FLASH,
                x=0.5,
                y=0.5,
                confidence=flash.confidence,
                strength=min(1.0, flash.strength),
            )
        )
    return moments


def _contact_moment(contact: Contact, source: _Source) -> Moment:
    x, y = _place(source.trail, contact.time_s)
    walking = source.track.kind is MotionKind.WALKING
    return Moment(
        id="new",
        time_s=contact.time_s,
        kind=MomentKind.STEP if walking else MomentKind.CONTACT,
        confidence=contact.confidence,
        strength=min(1.0, contact.strength),
        track_id=source.track.id,
        x=x,
        y=y,
        predicted=contact.predicted,
    )


def _place(trail: Trail, time_s: float) -> tuple[float, float]:
    """Where a source moves just before an instant."""
    index = max(0, int(np.searchsorted(trail.times_s, time_s, "right")) - 1)
    region = trail.regions[index]
    return region.x, region.y


def _numbered(moments: list[Moment]) -> tuple[Moment, ...]:
    """In time order, with ids, strengths relative to the clip's hardest of their kind."""
    hardest: dict[MomentKind, float] = {}
    for moment in moments:
        hardest[moment.kind] = max(hardest.get(moment.kind, 1e-9), moment.strength)
    ordered = sorted(moments, key=lambda one: (one.time_s, one.kind, one.track_id or ""))
    return tuple(
        moment.model_copy(
            update={"id": f"m{index + 1}", "strength": moment.strength / hardest[moment.kind]}
        )
        for index, moment in enumerate(ordered)
    )


def _shot(
    index: int,
    stretch: Stretch,
    seen: _Pass,
    sources: list[_Source],
    times: NDArray[np.float64],
    clip: Clip,
    keyframes_dir: Path | None,
) -> Shot:
    start_s = float(times[stretch.first])
    last = stretch.last >= len(times)
    end_s = max(clip.duration_s, start_s + 1e-3) if last else float(times[stretch.last])
    looks = seen.looks[stretch.first : stretch.last]
    motions = seen.motions[stretch.first + 1 : stretch.last]
    heights = [s.box.height for s in sources[0].track.sightings] if sources else []
    speeds = [m.flow.sum() / 2.4 / max(m.gap_s, 1e-3) for m in motions]
    return Shot(
        index=index,
        start_s=start_s,
        end_s=end_s,
        opens_with=stretch.opens_with,
        size=shot_size(heights),
        camera=camera_move(motions),
        brightness=float(np.mean([look.luma for look in looks])),
        saturation=float(np.mean([look.saturation for look in looks])),
        motion=float(np.mean(speeds)) if speeds else 0.0,
        keyframes=seen.keyframes.write(keyframes_dir, index, start_s, end_s)
        if keyframes_dir
        else (),
    )


def _activity(
    motions: list[FrameMotion], times: NDArray[np.float64], clip: Clip
) -> tuple[float, ...]:
    grid = np.arange(clip.frame_count) * clip.frame_s
    moving = np.interp(grid, times, [motion.moving for motion in motions])
    return tuple(round(float(value), 5) for value in np.clip(moving, 0, 1))


def _notes(tracks: list[Track], moments: list[Moment], depth: DepthModel) -> Iterable[Note]:
    yield Note(
        kind=NoteKind.PART,
        step="see",
        text=f"Distances are estimates by {depth.name}; expect a factor of two either way.",
    )
    doubtful = sum(moment.confidence < 0.4 for moment in moments)
    if doubtful:
        yield Note(
            kind=NoteKind.OPEN_POINT,
            step="see",
            text=f"{doubtful} of {len(moments)} moments are doubtful (confidence under 0.4).",
        )
    if not tracks:
        yield Note(kind=NoteKind.OPEN_POINT, step="see", text="Nothing in the picture moves.")
