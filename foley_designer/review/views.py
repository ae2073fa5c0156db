"""What the page is told of a session and of each version, as plain JSON."""

from typing import Any

from foley_designer.api.revisions import Revision
from foley_designer.api.versions import Version
from foley_designer.core.mix.marker import Markers
from foley_designer.core.mix.mix_plan import LOUDNESS
from foley_designer.core.mix.verdict import Verdicts
from foley_designer.core.script.observation import Observation, Track
from foley_designer.core.script.scene import SceneMap
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.core.script.trajectory import Trajectory
from foley_designer.core.session.session_record import SessionRecord
from foley_designer.export.report.charts import colour

View = dict[str, Any]


def scenes_view(scenes: SceneMap | None, *, waiting: bool) -> View | None:
    """The film's scenes and their lines; None for a clip of one scene."""
    if scenes is None:
        return None
    return {
        "waiting": waiting,
        "unplaced": scenes.unplaced,
        "in_numbers": scenes.in_numbers,
        "scenes": [
            {
                "id": scene.id,
                "start_s": round(scene.start_s, 4),
                "end_s": round(scene.end_s, 4),
                "place": scene.place,
                "title": scene.title,
                "confidence": round(scene.confidence, 2),
                "settled_by": scene.settled_by.value,
                "lines": [
                    [one.line, one.text] for one in (scene.text.elements if scene.text else ())
                ],
            }
            for scene in scenes.scenes
        ],
    }


def session_view(
    name: str, record: SessionRecord, log: tuple[Revision, ...], markers: Markers
) -> View:
    """The clip, all revisions, and what was said at which time."""
    clip = record.clip
    assert clip is not None
    return {
        "name": name,
        "clip": clip.name,
        "aspect": clip.width / clip.height,
        "rate": [clip.rate.numerator, clip.rate.denominator],
        "duration_s": clip.duration_s,
        "frame_count": clip.frame_count,
        "start_timecode": clip.timecode,
        "revision": record.revision,
        "markers": [one.model_dump(mode="json") for one in markers.markers],
        "revisions": [
            {"id": one.id, "request": one.request, "parent": one.parent, "names": one.names}
            for one in log
        ],
    }


def version_view(version: Version, verdicts: Verdicts) -> View:
    """One revision: its lanes, its mix, where its sources are."""
    script, plan = version.script, version.plan
    target, highest = LOUDNESS[plan.target]
    return {
        "id": version.id,
        "space": script.space.value,
        "lanes": [_lane(version, event, verdicts) for event in script.events],
        "mix": {
            **version.loudness.model_dump(mode="json"),
            "target_lufs": target,
            "highest_dbtp": highest,
            "target": plan.target.value,
            "master_gain_db": version.master_gain_db,
        },
        "field_of_view_deg": version.observation.field_of_view_deg,
        "shots": [shot.start_s for shot in version.observation.shots[1:]],
        "tracks": _tracks(version.observation, version.script.events),
    }


_SHOWN = {"eq", "fade_in", "fade_out", "rides"}
"""What of a treatment has handles on the page."""


def _lane(version: Version, event: SoundEvent, verdicts: Verdicts) -> View:
    stem, heard = version.stems[event.id], version.heard[event.id]
    verdict = verdicts.on(stem)
    return {
        "id": event.id,
        "label": event.label,
        "layer": event.layer.value,
        "colour": colour(event),
        "stem": stem.file,
        "gain_db": stem.gain_db,
        "wish_db": event.gain_db,
        "loudness_lufs": heard.loudness_lufs,
        "true_peak_dbtp": heard.true_peak_dbtp,
        "verdict": verdict.value if verdict else None,
        "take": event.take,
        "locked": event.locked,
        "from_s": round(event.start_s, 4),
        "to_s": round(event.end_s, 4),
        "treatment": event.treatment.model_dump(mode="json", include=_SHOWN),
        "hits": [[round(h.time_s, 4), round(h.strength, 2)] for h in event.hits],
        "spans": [[round(s.start_s, 4), round(s.end_s, 4)] for s in event.spans],
        "source": event.source.kind.value,
        "track": event.source.track_id,
        "on_screen": event.source.on_screen,
        "reasons": [event.reason, *version.plan.of(event.id).reasons],
        **_path(version.cues.of(event.id)),
    }


def _path(path: Trajectory) -> View:
    """Azimuth and distance frame by frame; one value where it stays."""
    azimuth = [round(value, 1) for value in path.azimuth_deg]
    distance = [round(value, 2) for value in path.distance_m]
    return {
        "azimuth_deg": azimuth if len(set(azimuth)) > 1 else azimuth[:1],
        "distance_m": distance if len(set(distance)) > 1 else distance[:1],
        "around": path.extent_deg >= 180,
    }


def _tracks(observation: Observation, events: tuple[SoundEvent, ...]) -> dict[str, list[Any]]:
    """Tracks that events follow: time, centre and size of the box, in frame widths and heights."""
    followed = {event.source.track_id for event in events}
    return {track.id: _ways(track) for track in observation.tracks if track.id in followed}


def _ways(track: Track) -> list[list[float]]:
    return [
        [
            round(seen.time_s, 3),
            *(round(v, 3) for v in (seen.box.x, seen.box.y, seen.box.width, seen.box.height)),
        ]
        for seen in track.sightings
    ]
