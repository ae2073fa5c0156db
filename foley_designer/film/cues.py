"""The film's cue sheet: every passage of every scene where the reel shows it."""

from collections.abc import Sequence

from foley_designer.core.clip import Clip
from foley_designer.core.script.excerpt import events_within
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.trajectory import Cues, Trajectory
from foley_designer.core.timecode import from_timecode, to_timecode
from foley_designer.export.report.cue_sheet import CueRow, cue_rows
from foley_designer.film.assembly import SceneSound, predub_file
from foley_designer.film.continuity import owner
from foley_designer.film.model import Piece, Reel
from foley_designer.film.predubs import Group, group_of, runs


def film_cues(
    reel: Reel,
    scenes: dict[str, SceneSound],
    groups: Sequence[Group],
    names: Sequence[str],
) -> tuple[CueRow, ...]:
    """Rows of a reel in time order: who, what, on what; track and file are its predub's.

    Args:
        reel: the reel.
        scenes: its designed scenes.
        groups: its predubs in the order of tracks.
        names: characters' names.
    """
    rows: list[CueRow] = []
    for piece in runs(reel.pieces):
        one = scenes.get(piece.scene)
        if one is None:
            continue
        script, cues = _excerpt(one, piece, reel)
        if script is None:
            continue
        tracks = {}
        for event in script.events:
            whose = owner(event, one.scene, names)
            group = group_of(event, one.scene, whose)
            tracks[event.label] = (groups.index(group) + 1, group, whose)
        for row in cue_rows(script, cues, reel=str(reel.number)):
            number, group, whose = tracks[row.source]
            rows.append(
                row._replace(
                    source=f"{whose}: {row.source}" if whose else row.source,
                    track=f"{number:02} {group.name}",
                    file=predub_file(number, group),
                    scene=one.scene.title or "",
                )
            )
    return tuple(row._replace(cue=f"F{number:03}") for number, row in enumerate(rows, start=1))


def _excerpt(one: SceneSound, piece: Piece, reel: Reel) -> tuple[FoleyScript | None, Cues]:
    """What sounds in a run of a scene, as a clip whose timecode is the reel's there."""
    clip = one.scene.clip
    start_s, end_s = piece.first * clip.frame_s, piece.last * clip.frame_s
    heard = tuple(e for e in one.script.events if e.id not in one.script.silenced)
    events = events_within(heard, start_s, end_s)
    if not events:
        return None, one.cues
    rate = reel.clip.timecode_rate
    at = round(piece.at / reel.clip.rate * rate)
    timecode = to_timecode(from_timecode(reel.start, rate) + at, rate, ";" in reel.start)
    shown = Clip(
        name=clip.name,
        sha256=clip.sha256,
        width=clip.width,
        height=clip.height,
        rate=clip.rate,
        duration_s=max(end_s - start_s, clip.frame_s),
        frame_count=piece.frames,
        timecode_rate=rate,
        timecode=timecode,
    )
    paths = tuple(_cut(one.cues.of(event.id), piece) for event in events)
    script = one.script.model_copy(update={"clip": shown, "events": events, "settings": ()})
    return script, Cues(trajectories=paths)


def _cut(path: Trajectory, piece: Piece) -> Trajectory:
    last = max(piece.first + 1, min(piece.last, len(path.active)))
    own = slice(min(piece.first, last - 1), last)
    fields = {name: getattr(path, name)[own] for name in ("azimuth_deg", "distance_m", "active")}
    return path.model_copy(update=fields)
