"""The ways of sources, drawn over a keyframe of their shot."""

import math
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from statistics import fmean

from markupsafe import Markup

from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import Observation, Shot, Sighting
from foley_designer.core.script.sound_event import SoundEvent, SourceKind
from foley_designer.export.report import charts
from foley_designer.export.report.pictures import keyframe

MOST_FRAMES_WITH_PATHS = 12


def paths(
    observation: Observation, script: FoleyScript, keyframes: Path
) -> list[tuple[Shot, Markup]]:
    """Keyframes with the ways of sources drawn over them: the shots with the longest ways."""
    found = []
    for shot in observation.shots:
        ways = _ways(observation, script, shot)
        if ways and shot.keyframes:
            length = sum(math.dist(a, b) for way in ways for a, b in pairwise(way.points))
            found.append((length, shot, ways))
    longest = sorted(found, key=lambda one: -one[0])[:MOST_FRAMES_WITH_PATHS]
    aspect = script.clip.width / script.clip.height
    views = []
    for _, shot, ways in sorted(longest, key=lambda one: one[1].start_s):
        uri = keyframe(keyframes / shot.keyframes[len(shot.keyframes) // 2], 520)
        if uri:
            views.append((shot, charts.over_frame(uri, aspect, ways)))
    return views


def _ways(observation: Observation, script: FoleyScript, shot: Shot) -> list[charts.FramePath]:
    """One way for each track that events of this shot follow."""
    followed: dict[str, list[SoundEvent]] = {}
    for event in script.events:
        near = event.start_s < shot.end_s and event.end_s >= shot.start_s
        if near and event.source.kind is SourceKind.TRACK and event.source.track_id:
            followed.setdefault(event.source.track_id, []).append(event)
    ways = []
    for track_id, events in followed.items():
        track = observation.track(track_id)
        seen = [
            one
            for one in (track.sightings if track else ())
            if shot.start_s <= one.time_s < shot.end_s
        ]
        if len(seen) > 1:
            hits = [
                _place_at(seen, hit.time_s)
                for event in events
                for hit in event.hits
                if seen[0].time_s <= hit.time_s <= seen[-1].time_s
            ]
            label = ", ".join(event.label for event in events)
            way = charts.FramePath(label, charts.colour(events[0]), _smooth(seen), hits)
            ways.append(way)
    return ways


def _place_at(seen: Sequence[Sighting], time_s: float) -> tuple[float, float]:
    """Where a source was seen nearest to a time."""
    box = min(seen, key=lambda one: abs(one.time_s - time_s)).box
    return box.x, box.y


def _smooth(seen: Sequence[Sighting]) -> list[tuple[float, float]]:
    """A way that the eye can follow: means over about a third of a second, 120 points at most."""
    per_second = (len(seen) - 1) / max(seen[-1].time_s - seen[0].time_s, 1e-6)
    reach = max(1, round(per_second / 6))
    step = max(1, len(seen) // 120)
    points = []
    for i in range(0, len(seen), step):
        near = [one.box for one in seen[max(0, i - reach) : i + reach + 1]]
        points.append((fmean(box.x for box in near), fmean(box.y for box in near)))
    return points
