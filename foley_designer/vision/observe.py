"""Observing: one decoding pass, then everything that seeing can say about a clip."""

from collections.abc import Iterable
from fractions import Fraction
from functools import reduce
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.clip import Clip
from foley_designer.core.note import Note, NoteKind
from foley_designer.core.progress import Progress, silent
from foley_designer.core.script.observation import (
    Moment,
    MomentKind,
    MotionKind,
    Observation,
    Shot,
    Track,
)
from foley_designer.vision.events.ballistic_fit import bounces
from foley_designer.vision.events.impacts import Impacts, impacts, steps
from foley_designer.vision.events.moments import Source, bursts_of, impacts_of, numbered, strokes
from foley_designer.vision.evidence.collector import Collected, Collector
from foley_designer.vision.evidence.onsets import chosen, on_grid, onsets
from foley_designer.vision.evidence.sources import curves as tracked_curves
from foley_designer.vision.evidence.window import Curves
from foley_designer.vision.geometry.depth import GroundPlaneAndSize, distance_note
from foley_designer.vision.models.crowd import Crowd
from foley_designer.vision.models.standing import Standing
from foley_designer.vision.motion.measuring import FINE
from foley_designer.vision.motion.motion import FrameMotion, Watcher
from foley_designer.vision.motion.motion_signal import MotionSignal, repeats, series_of
from foley_designer.vision.pictures.classifier import Namer
from foley_designer.vision.pictures.files import NETWORK, PART
from foley_designer.vision.pictures.outdoors import weighed
from foley_designer.vision.place.reader import PlaceReader
from foley_designer.vision.tracking.association import tracklets_of
from foley_designer.vision.tracking.merging import merge, united
from foley_designer.vision.tracking.reidentification import Scene, connect, rejoined
from foley_designer.vision.tracking.sources import kind_of, track_of
from foley_designer.vision.tracking.tracklet import Tracklet
from foley_designer.vision.video.ahead import ahead
from foley_designer.vision.video.decode import frames, open_clip
from foley_designer.vision.video.frame_statistics import FrameStatistics, look_of
from foley_designer.vision.video.keyframes import KeyframeKeeper
from foley_designer.vision.video.places import Glancer, grouped
from foley_designer.vision.video.shots import Stretch, camera_move, is_abrupt, shot_size, stretches

WORK_WIDTH = 480
"""Pixels across of keyframes, and of frames in which people and places are looked for."""
FASTEST = 30
"""Frames a second that are measured; at higher rates every second one or fewer, for between
closer ones little moves by more than the noise of flow."""
MAX_SOURCES = 6
"""Sources followed at a time."""
MIN_SHARE = 0.03
"""Share of the motion around it that a source must have to become a track."""
AROUND_S = 10.0
"""How long before and after it others count for that: in a long shot many come and go."""


class _Pass(NamedTuple):
    """What one decoding pass leaves behind: a few numbers a frame."""

    motions: list[FrameMotion]
    looks: list[FrameStatistics]
    keyframes: KeyframeKeeper
    places: PlaceReader
    evidence: Collected
    glances: Glancer
    standing: Standing | None
    namer: Namer | None


class _Reading(NamedTuple):
    """What is read from the pass: sources, and what they do."""

    cuts: list[Stretch]
    scenes: list[Scene]
    sources: list[Source]
    moments: list[Moment]
    """Contacts and steps."""
    repeated: NDArray[np.bool_]
    evidence: Curves


def observe(
    path: Path,
    *,
    rate: Fraction | None = None,
    field_of_view_deg: float = 54.0,
    keyframes_dir: Path | None = None,
    people: Path | None = None,
    limbs: bool = True,
    pictures: Path | None = None,
    progress: Progress = silent,
) -> Observation:
    """Look at a clip once and say what was seen. Its sound is never read.

    Args:
        path: the clip.
        rate: as `open_clip` takes it.
        field_of_view_deg: horizontal field of view of its lens, degrees.
        keyframes_dir: where keyframes go; None keeps none.
        people: folder of the models of bodies and hands; None looks for nobody.
        limbs: whether arms and hands are followed, beside seeing how large people stand.
        pictures: file of the classifier of pictures; None names nothing.
        progress: is told how far the pass is.

    Raises:
        FoleyError: as `foley_designer.vision.video.decode.open_clip`.
    """
    clip, decided, _ = open_clip(path, rate)
    seen = _look(path, clip, people, progress, limbs=limbs, pictures=pictures)
    depth = GroundPlaneAndSize()
    times = np.array([motion.time_s for motion in seen.motions])
    read = _read(seen, times, clip, field_of_view_deg, depth)
    shots: list[Shot] = []
    moments = [*read.moments]
    for index, stretch in enumerate(read.cuts):
        main = next((one for one in read.sources if index in one.shots), None)
        moments += _bursts(seen, read, stretch, main)
        walkers = _walkers(read.sources, index)
        shots.append(_shot(index, stretch, seen, walkers, times, clip, keyframes_dir))
    tracks = [source.track for source in read.sources]
    found = onsets(seen.evidence, read.evidence, clip.duration_s)
    moments += impacts_of(found, read.sources, chosen().standing_out)
    placed = _placed(shots, seen.glances)
    on_film = [moment for moment in moments if _is_film(placed, moment.time_s)]
    lettering = len(moments) - len(on_film)
    return Observation(
        clip=clip,
        field_of_view_deg=field_of_view_deg,
        shots=placed,
        tracks=tuple(tracks),
        moments=numbered(on_film),
        activity=_activity(seen.motions, times, clip),
        parts={
            "shots": "thumbnail weighed cuts and dissolves, fades 3",
            "groups": "colours and layout 1",
            "motion": "DIS optical flow with camera compensation 1",
            "tracks": "moving regions 1",
            "moments": "directional flow, rhythm 1",
            "onsets": "weighed evidence 1" + (" with bodies and hands" if people and limbs else ""),
            "depth": depth.name,
            "place": "colours, light and layout 1",
            **({PART: NETWORK} if pictures else {}),
        },
        notes=(*decided, *_notes(tracks, on_film, depth, lettering)),
    )


def evidence(path: Path, people: Path | None = None) -> tuple[Curves, list[float]]:
    """All evidence for impacts in a clip on the onset model's grid, and where movement begins.

    Args:
        path: the clip.
        people: folder of the models of bodies and hands; None looks for nobody.

    Raises:
        FoleyError: as `observe`.
    """
    clip = open_clip(path).clip
    seen = _look(path, clip, people, silent)
    times = np.array([motion.time_s for motion in seen.motions])
    read = _read(seen, times, clip, 54.0, GroundPlaneAndSize())
    moments = [one for stretch in read.cuts for one in _bursts(seen, read, stretch, None)]
    begins = [one.time_s for one in moments if one.kind is MomentKind.APPEARANCE]
    return on_grid(seen.evidence, read.evidence, clip.duration_s), begins


def _read(
    seen: _Pass,
    times: NDArray[np.float64],
    clip: Clip,
    field_of_view_deg: float,
    depth: GroundPlaneAndSize,
) -> _Reading:
    """Sources of all shots, their contacts and steps, and these as evidence."""
    repeated = repeats(seen.motions)
    cuts = stretches(seen.looks, times)
    scenes = [_scene(seen.motions, stretch) for stretch in cuts]
    sources = _sources(seen.motions, cuts, scenes, repeated, clip, field_of_view_deg, depth)
    moments = strokes(sources)
    tracked = tracked_curves([one.series for one in sources], moments, clip.duration_s)
    return _Reading(cuts, scenes, sources, moments, repeated, tracked)


def _bursts(seen: _Pass, read: _Reading, stretch: Stretch, main: Source | None) -> list[Moment]:
    return bursts_of(seen.motions, seen.looks, read.repeated, stretch, main)


def _look(
    path: Path,
    clip: Clip,
    people: Path | None,
    progress: Progress,
    *,
    limbs: bool = True,
    pictures: Path | None = None,
) -> _Pass:
    watcher, keeper, places = Watcher(), KeyframeKeeper(), PlaceReader()
    collector, glancer = Collector(), Glancer()
    crowd = Crowd(people) if people and limbs else None
    standing, namer = Standing(people) if people else None, Namer(pictures) if pictures else None
    looks: list[FrameStatistics] = []
    stride = max(1, int(clip.rate / FASTEST))
    for frame in ahead(frames(path, FINE, clip.rate, WORK_WIDTH)):
        if frame.index % stride:
            continue
        looks.append(look_of(frame))
        is_cut = is_abrupt(looks[-2:])
        if is_cut:
            watcher.cut()
        watcher.watch(frame)
        if watcher.latest is not None:
            seen = crowd.follow(frame, is_cut=is_cut) if crowd else None
            collector.take(watcher.latest, seen, is_cut=is_cut)
        keeper.offer(frame)
        places.offer(frame)
        glancer.offer(frame)
        for looks_at in (standing, namer):
            if looks_at:
                looks_at.offer(frame, is_cut=is_cut)
        if frame.index % 25 == 0:
            progress("see", min(1.0, frame.time_s / clip.duration_s), clip.name)
    progress("see", 1.0, clip.name)
    motions = watcher.close()
    collected = collector.close()
    if crowd:
        crowd.close()
    return _Pass(motions, looks, keeper, places, collected, glancer, standing, namer)


def _scene(motions: list[FrameMotion], stretch: Stretch) -> Scene:
    """The tracklets of one shot that move enough to be sources."""
    tracklets = merge(rejoined(tracklets_of(motions, stretch.first, stretch.last)))
    return Scene(stretch.first, motions[stretch.first].time_s, strongest(tracklets))


def strongest(tracklets: list[Tracklet]) -> list[Tracklet]:
    """Those that move enough beside what moves around their time, by falling energy."""
    energies = [one.energy for one in tracklets]
    starts = np.array([one.times_s[0] for one in tracklets]) - AROUND_S
    ends = np.array([one.times_s[-1] for one in tracklets]) + AROUND_S
    kept: list[int] = []
    for index, one in enumerate(tracklets):
        near = (starts <= one.times_s[-1]) & (ends >= one.times_s[0])
        share = energies[index] / max(float(np.array(energies)[near].sum()), 1e-12)
        if share >= MIN_SHARE and near[kept].sum() < MAX_SOURCES:
            kept.append(index)
    return [tracklets[index] for index in kept]


def _sources(
    motions: list[FrameMotion],
    cuts: list[Stretch],
    scenes: list[Scene],
    repeated: NDArray[np.bool_],
    clip: Clip,
    field_of_view_deg: float,
    depth: GroundPlaneAndSize,
) -> list[Source]:
    energies = [sum(tracklet.energy for tracklet in scene.tracklets) for scene in scenes]
    tracklets = connect(scenes)
    aspect = clip.width / clip.height
    firsts = [stretch.first for stretch in cuts]
    shots = [
        frozenset((np.searchsorted(firsts, tracklet.frames, "right") - 1).tolist())
        for tracklet in tracklets
    ]
    spans = [(cuts[min(seen_in)].first, cuts[max(seen_in)].last) for seen_in in shots]
    series = [
        series_of(motions, tracklet, repeated, *span)
        for tracklet, span in zip(tracklets, spans, strict=True)
    ]
    readings = _readings(motions, tracklets, series, shots, spans, repeated)
    sources: list[Source] = []
    for index, (tracklet, reading) in enumerate(zip(tracklets, readings, strict=True)):
        kind = kind_of(tracklet, reading, aspect)
        total = sum(energies[shot] for shot in shots[index])
        name = f"t{index + 1}"
        track = track_of(name, tracklet, kind, total, depth, aspect, field_of_view_deg, motions)
        gait = steps(series[index])
        sources.append(Source(track, tracklet, reading.contacts, gait, shots[index], series[index]))
    return sources


def _readings(
    motions: list[FrameMotion],
    tracklets: list[Tracklet],
    series: list[MotionSignal],
    shots: list[frozenset[int]],
    spans: list[tuple[int, int]],
    repeated: NDArray[np.bool_],
) -> list[Impacts]:
    """Contacts of each tracklet; some of one shot may be one source that fell into pieces."""
    readings = [
        Impacts(found, sure=True, in_flight=True)
        if (found := bounces(tracklet, motions))
        else impacts(one)
        for tracklet, one in zip(tracklets, series, strict=True)
    ]
    for seen_in in set(shots):
        pieces = [index for index, other in enumerate(shots) if other == seen_in]
        if len(pieces) < 2 or any(readings[index].sure for index in pieces):
            continue
        whole = reduce(united, [tracklets[index] for index in pieces])
        reading = impacts(series_of(motions, whole, repeated, *spans[pieces[0]]))
        if reading.sure:
            readings[pieces[0]] = reading
    return readings


def _shot(
    index: int,
    stretch: Stretch,
    seen: _Pass,
    walkers: list[float],
    times: NDArray[np.float64],
    clip: Clip,
    keyframes_dir: Path | None,
) -> Shot:
    start_s = float(times[stretch.first])
    last = stretch.last >= len(times)
    end_s = max(clip.duration_s, start_s + 1e-3) if last else float(times[stretch.last])
    looks = seen.looks[stretch.first : stretch.last]
    motions = seen.motions[stretch.first + 1 : stretch.last]
    person = seen.standing.height(start_s, end_s) if seen.standing else None
    named = seen.namer.of(start_s, end_s) if seen.namer else {}
    speeds = [m.flow.sum() / 2.4 / max(m.gap_s, 1e-3) for m in motions]
    return Shot(
        index=index,
        start_s=start_s,
        end_s=end_s,
        opens_with=stretch.opens_with,
        size=shot_size(person, walkers),
        people=seen.standing.of(start_s, end_s) if seen.standing else None,
        camera=camera_move(motions),
        brightness=float(np.mean([look.luma for look in looks])),
        saturation=float(np.mean([look.saturation for look in looks])),
        motion=float(np.mean(speeds)) if speeds else 0.0,
        keyframes=seen.keyframes.write(keyframes_dir, index, start_s, end_s)
        if keyframes_dir
        else (),
        place=weighed(seen.places.traits(start_s, end_s), named),
        named=named,
    )


def _walkers(sources: list[Source], shot: int) -> list[float]:
    """Heights, in frame heights, of what walks in a shot."""
    return [
        region.bottom - region.top
        for source in sources
        if shot in source.shots and source.track.kind is MotionKind.WALKING
        for region in source.tracklet.regions
    ]


def _placed(shots: list[Shot], glances: Glancer) -> tuple[Shot, ...]:
    """The shots with the places that they share."""
    found = grouped([glances.of(shot.start_s, shot.end_s) for shot in shots])
    return tuple(
        shot.model_copy(update=where._asdict()) for shot, where in zip(shots, found, strict=True)
    )


def _is_film(shots: tuple[Shot, ...], time_s: float) -> bool:
    """Whether an instant lies in no title and no black."""
    return all(shot.has_film for shot in shots if shot.start_s <= time_s < shot.end_s)


def _activity(
    motions: list[FrameMotion], times: NDArray[np.float64], clip: Clip
) -> tuple[float, ...]:
    grid = np.arange(clip.frame_count) * clip.frame_s
    moving = np.interp(grid, times, [motion.moving for motion in motions])
    return tuple(round(float(value), 5) for value in np.clip(moving, 0, 1))


def _notes(
    tracks: list[Track], moments: list[Moment], depth: GroundPlaneAndSize, lettering: int
) -> Iterable[Note]:
    yield distance_note(depth.name, depth.UNCERTAINTY)
    if lettering:
        text = f"{lettering} moment(s) of titles and black were left out: nothing sounds there."
        yield Note(kind=NoteKind.DECISION, step="see", text=text)
    doubtful = sum(moment.confidence < 0.4 for moment in moments)
    if doubtful:
        yield Note(
            kind=NoteKind.OPEN_POINT,
            step="see",
            text=f"{doubtful} of {len(moments)} moments are doubtful (confidence under 0.4).",
        )
    if not tracks:
        yield Note(kind=NoteKind.OPEN_POINT, step="see", text="Nothing in the picture moves.")
