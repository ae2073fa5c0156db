"""Drawings of the report: where in time and place events sound, levels, and the search."""

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup

from foley_designer.core.category import Category
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import Observation
from foley_designer.core.script.performance import Layer
from foley_designer.core.script.sound_event import Hit, SoundEvent
from foley_designer.core.script.trajectory import Cues
from foley_designer.export.report.cue_sheet import DOUBTFUL
from foley_designer.export.report.levels import FLOOR_DB, Levels
from foley_designer.export.report.pictures import HIGHEST_HZ, LOWEST_HZ
from foley_designer.export.report.svg import (
    Axis,
    el,
    line,
    picture,
    polyline,
    short,
    text,
    time_marks,
    value_marks,
)
from foley_designer.export.session.passage import Ruler
from foley_designer.vision.events.unplayed import Unplayed

WIDTH = 1080.0
_LEFT = 190.0
_LANE = 30.0
_MANY_HITS = 60
"""More hits than this in one lane are drawn as one path, so that long reports stay small."""
_NEAREST_M = 0.25

COLOURS: dict[Category, str] = {
    Category.FOOTSTEPS: "#4a93e0",
    Category.MOVEMENT: "#9a7ae0",
    Category.IMPACTS: "#e8743b",
    Category.MECHANISMS: "#7f8fa3",
    Category.WATER: "#23a9b5",
    Category.WEATHER_AND_FIRE: "#d99a1c",
    Category.EXPLOSIONS: "#d8434e",
    Category.LIFE_AND_PLACE: "#4fa64a",
}


def colour(event: SoundEvent) -> str:
    """The colour of an event's category."""
    return COLOURS[event.category]


def time_axis(duration_s: float, left: float = _LEFT, width: float = WIDTH) -> Axis:
    """The time axis of a drawing."""
    return Axis(0, duration_s, left, width - 12)


def timeline(
    script: FoleyScript, observation: Observation, left_out: Sequence[Unplayed], ruler: Ruler
) -> Markup:
    """Events in lanes by layer: hits as stems with heads, spans as bars, shots behind.

    Moments that play nothing stand in a lane of their own, the surer the higher.
    """
    lanes: list[Layer | SoundEvent] = []
    for layer in Layer:
        inside = [event for event in script.events if event.layer is layer]
        lanes += [layer, *inside] if inside else []
    axis = time_axis(script.clip.duration_s)
    top = 26.0
    height = top + _LANE * (len(lanes) + bool(left_out)) + 6
    parts = _shots(observation, axis, top, height)
    parts += time_marks(axis, ruler, top, height)
    for row, lane in enumerate(lanes):
        y = top + _LANE * row
        if isinstance(lane, Layer):
            parts.append(text(0, y + 20, lane.value, "layer"))
        else:
            parts += _lane(lane, axis, y)
    if left_out:
        parts += _left_out(left_out, axis, top + _LANE * len(lanes))
    return picture(WIDTH, height, parts, "Timeline of sound events in layers")


def _shots(observation: Observation, axis: Axis, top: float, bottom: float) -> list[Markup]:
    parts = []
    for shot in observation.shots:
        x, end = axis(shot.start_s), axis(min(shot.end_s, axis.high))
        style = "shot" if shot.index % 2 else "shot odd"
        parts.append(
            el("rect", x=x, y=top, width=max(end - x, 0), height=bottom - top, class_=style)
        )
    return parts


def _lane(event: SoundEvent, axis: Axis, y: float) -> list[Markup]:
    middle = y + _LANE / 2
    doubt = event.confidence < DOUBTFUL
    link = el("a", text(0, middle + 4, short(event.label, 27), "lane"), href=f"#track-{event.id}")
    parts = [line(axis.start, y + _LANE, axis.end, y + _LANE, "rule"), link]
    for span in event.spans:
        x = axis(span.start_s)
        parts.append(
            el(
                "rect",
                el("title", f"{event.label}, intensity {span.intensity:.2f}"),
                x=x,
                y=middle - 7,
                width=max(axis(span.end_s) - x, 2),
                height=14,
                rx=4,
                class_="span doubtful" if doubt else "span",
                style=f"--c:{colour(event)};--o:{0.25 + 0.6 * span.intensity:.2f}",
            )
        )
    return parts + _hit_marks(event, axis, y + 3, y + _LANE - 3)


def _left_out(moments: Sequence[Unplayed], axis: Axis, y: float) -> list[Markup]:
    """Moments without a hit, in a lane."""
    bottom = y + _LANE - 3
    places = [
        (axis(one.moment.time_s), bottom, bottom - (_LANE - 8) * one.moment.confidence)
        for one in moments
    ]
    parts = [text(0, y + _LANE / 2 + 4, "seen, plays nothing", "lane")]
    if len(moments) > _MANY_HITS:
        return [*parts, el("g", _uprights(places, "stem"), class_="left-out")]
    for one, (x, low, high) in zip(moments, places, strict=True):
        title = f"{one.moment.time_s:.3f} s, sure {one.moment.confidence:.0%}: {one.reason}"
        mark = line(x, low, x, high, "stem")
        parts.append(el("g", el("title", title), mark, class_="left-out"))
    return parts


def _hit_marks(event: SoundEvent, axis: Axis, top: float, bottom: float) -> list[Markup]:
    """Hits: a longer stem is a stronger hit; hollow and dashed is a doubtful one."""
    tops = [bottom - (bottom - top - 4) * (0.35 + 0.65 * hit.strength) for hit in event.hits]
    if len(event.hits) > _MANY_HITS:
        stems = [(axis(hit.time_s), bottom, y) for hit, y in zip(event.hits, tops, strict=True)]
        return [el("g", _uprights(stems, "stem"), class_="hit", style=f"--c:{colour(event)}")]
    parts = []
    for hit, y in zip(event.hits, tops, strict=True):
        x = axis(hit.time_s)
        title = f"{hit.time_s:.3f} s, strength {hit.strength:.2f}, sure {hit.confidence:.0%}"
        parts.append(
            el(
                "g",
                el("title", title),
                line(x, bottom, x, y, "stem"),
                el("circle", cx=x, cy=y, r=3.2),
                class_="hit doubtful" if _doubtful(event, hit) else "hit",
                style=f"--c:{colour(event)}",
            )
        )
    return parts


def _doubtful(event: SoundEvent, hit: Hit) -> bool:
    return min(hit.confidence, event.confidence) < DOUBTFUL


def _uprights(places: Iterable[tuple[float, float, float]], class_: str) -> Markup:
    """Many upright lines as one path: x, from y, to y."""
    return el(
        "path", d="".join(f"M{x:.1f} {y:.1f}V{end:.1f}" for x, y, end in places), class_=class_
    )


def places(script: FoleyScript, cues: Cues, ruler: Ruler) -> Markup:
    """Azimuth, against the loudspeakers of BS.775, and distance of the events with a place."""
    axis = time_axis(script.clip.duration_s, 64)
    angles = Axis(130, -130, 26, 206)
    metres = Axis(math.log(100), math.log(_NEAREST_M), 234, 354)
    parts = time_marks(axis, ruler, 26, 354)
    speakers = {"Ls 110°": 110, "L 30°": 30, "C 0°": 0, "R −30°": -30, "Rs −110°": -110}
    parts += value_marks(angles, [*speakers.values()], [*speakers], 64, axis.end)
    steps = (0.3, 1, 3, 10, 30)
    logs = [math.log(value) for value in steps]
    parts += value_marks(metres, logs, [f"{value} m" for value in steps], 64, axis.end)
    paths = {path.event_id: path for path in cues.trajectories}
    apart = max(0.5, len(script.events) / 40)
    for event in script.events:
        path = paths[event.id]
        if path.extent_deg >= 180:
            continue
        way = Way(path.rate, path.azimuth_deg, path.distance_m, path.active)
        parts += _way_lines(way, Axes(axis, angles, metres), colour(event), apart)
    return picture(WIDTH, 362, parts, "Azimuth and distance of events over time")


class Way(NamedTuple):
    """Of a trajectory, what is drawn."""

    rate: Fraction
    azimuth_deg: tuple[float, ...]
    distance_m: tuple[float, ...]
    active: tuple[bool, ...]


class Axes(NamedTuple):
    """Where a way is drawn: time across, angle and the logarithm of metres upwards."""

    time: Axis
    angles: Axis
    metres: Axis


@lru_cache(maxsize=256)
def _way_lines(way: Way, axes: Axes, tint: str, apart: float) -> tuple[Markup, ...]:
    """Angle and distance of one event; drawn once a process, as long as it moves alike."""
    angle = [axes.angles(max(min(a, 130.0), -130.0)) for a in way.azimuth_deg]
    distance = [axes.metres(math.log(min(max(d, _NEAREST_M), 100.0))) for d in way.distance_m]
    drawn = [_path_lines(way, values, axes.time, tint, apart) for values in (angle, distance)]
    return tuple(line for lines in drawn for line in lines)


def _path_lines(
    path: Way, pixels: Sequence[float], axis: Axis, tint: str, apart: float
) -> list[Markup]:
    """The path faint as a whole, strong where the event sounds; points ``apart`` pixels."""
    step = float(1 / path.rate)
    stride = max(1, int(apart / (axis(step) - axis(0))))
    points = [
        (axis(min(i * step, axis.high)), pixels[i], path.active[i])
        for i in range(0, len(pixels), stride)
    ]
    whole = [(x, y) for i, (x, y, _) in enumerate(points) if _bends(points, i)]
    sounding, pen_down = "", False
    for i, (x, y, active) in enumerate(points):
        if active and not pen_down:
            sounding += f"M{x:.1f} {y:.1f}h1"
        elif active and _bends(points, i):
            sounding += f"L{x:.1f} {y:.1f}"
        pen_down = active
    strong = el("path", d=sounding, class_="path on", style=f"stroke:{tint}")
    return [polyline(whole, "path", tint), strong]


def _bends(points: Sequence[tuple[float, float, bool]], i: int) -> bool:
    """Whether a point is an end of its line: of all, of a sounding stretch, or of a slope."""
    if not 0 < i < len(points) - 1:
        return True
    (_, before, was), (_, here, now), (_, after, will) = points[i - 1 : i + 2]
    return was != now or will != now or abs((after - here) - (here - before)) > 1e-3


class FramePath(NamedTuple):
    """A source's way over the frame."""

    label: str
    colour: str
    points: Sequence[tuple[float, float]]
    """Where it goes, 0..1 from the left and top edge."""
    hits: Sequence[tuple[float, float]]
    """Where it is when it sounds."""


def over_frame(uri: str, aspect: float, paths: Sequence[FramePath]) -> Markup:
    """Ways of sources drawn over a keyframe, from the open dot to the filled one."""
    width = 520.0
    height = width / aspect
    parts = [el("image", href=uri, x=0, y=0, width=width, height=height)]
    for row, path in enumerate(paths):
        tint = f"--c:{path.colour}"
        inside = [
            (min(max(x, 0.01), 0.99) * width, min(max(y, 0.02), 0.98) * height)
            for x, y in path.points
        ]
        (x1, y1), (x2, y2) = inside[0], inside[-1]
        dots = [el("circle", cx=x * width, cy=y * height, r=3, class_="dot") for x, y in path.hits]
        y = height - 12 - 17 * (len(paths) - 1 - row)
        parts += [
            polyline(inside, "track back"),
            polyline(inside, "track", path.colour),
            *dots,
            el("circle", cx=x1, cy=y1, r=4, class_="from", style=tint),
            el("circle", cx=x2, cy=y2, r=5, class_="to", style=tint),
            el("rect", x=8, y=y - 10, width=10, height=10, rx=2, class_="to", style=tint),
            text(24, y, short(path.label, 56), "caption"),
        ]
    return picture(width, height, parts, "Ways of sources over a keyframe")


def stem_picture(uri: str, event: SoundEvent, ruler: Ruler, duration_s: float) -> Markup:
    """A stem's spectrogram with its cues drawn in."""
    axis = Axis(0, duration_s, 0, WIDTH)
    parts = [el("image", href=uri, x=0, y=22, width=WIDTH, height=130, preserveAspectRatio="none")]
    parts += time_marks(axis, ruler, 22, 152)
    scale = Axis(math.log(LOWEST_HZ), math.log(HIGHEST_HZ), 152, 22)
    for label, hertz in (("100", 100), ("1k", 1000), ("10k", 10000)):
        parts.append(text(WIDTH - 6, scale(math.log(hertz)) + 4, label, "hertz", "end"))
    for span in event.spans:
        x = axis(span.start_s)
        width = max(axis(span.end_s) - x, 2)
        parts.append(el("rect", x=x, y=144, width=width, height=8, class_="cue-span"))
    for doubt, class_ in ((False, "cue"), (True, "cue doubtful")):
        hits = [hit for hit in event.hits if _doubtful(event, hit) is doubt]
        if hits:
            parts.append(_uprights([(axis(hit.time_s), 22, 152) for hit in hits], class_))
    return picture(WIDTH, 153, parts, f"Spectrogram of {event.label} with its cues")


def loudness_chart(
    stereo: Sequence[float | None],
    surround: Sequence[float | None],
    target: float | None,
    duration_s: float,
    ruler: Ruler,
) -> Markup:
    """Short-term loudness at each second, stereo and 5.1, against the target."""
    axis = time_axis(max(duration_s, 1), 64)
    values = Axis(-60, 0, 176, 26)
    parts = time_marks(axis, ruler, 26, 176)
    parts += value_marks(
        values, (-50, -40, -30, -20, -10), ("−50", "−40", "−30", "−20", "−10"), 64, axis.end
    )
    if target is not None:
        parts += [
            line(64, values(target), axis.end, values(target), "target"),
            text(68, values(target) - 5, f"target {target:g} LUFS", "tick"),
        ]
    for series, style in ((stereo, "loud"), (surround, "loud second")):
        points = [
            (axis(min(i + 1, axis.high)), values(max(value, -60)))
            for i, value in enumerate(series)
            if value is not None
        ]
        parts.append(polyline(points, style))
        parts += [
            el("circle", cx=x, cy=y, r=2.5, class_=style) for x, y in points if len(points) == 1
        ]
    return picture(WIDTH, 182, parts, "Short-term loudness over time")


CHANNELS = ("L", "R", "C", "LFE", "Ls", "Rs")


def meters(channels: Sequence[Levels], duration_s: float, ruler: Ruler) -> Markup:
    """Level of each channel over time, with its highest peak at the right."""
    axis = time_axis(duration_s, 64, WIDTH - 70)
    names = (
        CHANNELS if len(channels) == len(CHANNELS) else [f"{i + 1}" for i in range(len(channels))]
    )
    parts = time_marks(axis, ruler, 26, 26 + 34 * len(channels))
    for row, (name, channel) in enumerate(zip(names, channels, strict=True)):
        bottom = 26 + 34 * (row + 1)
        scale = Axis(FLOOR_DB, 0, bottom, bottom - 31)
        count = len(channel.rms_db)
        points = [
            (axis(axis.high * (i + 0.5) / count), scale(level))
            for i, level in enumerate(channel.rms_db)
        ]
        outline = [(axis.start, bottom), *points, (axis.end, bottom)]
        parts += [
            el("polygon", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in outline), class_="level"),
            line(axis.start, bottom, axis.end, bottom, "rule"),
            text(54, bottom - 8, name, "lane", "end"),
            text(WIDTH, bottom - 8, f"{channel.peak_db:.1f} dB", "tick", "end"),
        ]
    return picture(WIDTH, 32 + 34 * len(channels), parts, "Channel levels over time")
