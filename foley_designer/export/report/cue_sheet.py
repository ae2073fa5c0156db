"""The Foley cue sheet: what is performed, when, on what, and where it stands on the tracks."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

from foley_designer.core.clip import Clip
from foley_designer.core.files import write_text
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.sound_event import SoundEvent, SourceKind
from foley_designer.core.script.trajectory import Cues, Trajectory
from foley_designer.core.session.session_record import StemRecord
from foley_designer.export.session.passage import Passage, Ruler, passages

DOUBTFUL = 0.5
"""Below this confidence a cue is marked for a look at the picture."""


class CueRow(NamedTuple):
    """One row; field names with spaces for underscores head the columns."""

    cue: str
    reel: str
    scene: str
    """Heading or first words of the scene in which it begins; empty for a clip of one scene."""
    tc_in: str
    tc_out: str
    source: str
    action: str
    surface_shoe_prop: str
    perspective: str
    track: str
    sync_point: str
    notes: str
    ucs_id: str
    layer: str
    file: str
    credits: str


_HEADINGS = (
    "Cue",
    "Reel",
    "Scene",
    "TC in",
    "TC out",
    "Character/Source",
    "Action",
    "Surface/Shoe/Prop",
    "Perspective",
    "Track",
    "Sync point",
    "Notes",
    "UCS id",
    "Layer",
    "File",
    "Credits",
)


def cue_rows(
    script: FoleyScript,
    cues: Cues,
    stems: Sequence[StemRecord] = (),
    *,
    reel: str = "1",
    start: str | None = None,
) -> tuple[CueRow, ...]:
    """The rows in time order, one for each passage of each event.

    Args:
        script: what sounds.
        cues: where it sounds from.
        stems: files and credits.
        reel: the reel's name.
        start: timecode of the first frame; None takes the clip's own, else 00:00:00:00.
    """
    ruler = Ruler(script.clip, start)
    by_event = {stem.event_id: stem for stem in stems}
    rows = [
        (passage.start_s, track, passage)
        for track, event in enumerate(script.events, start=1)
        for passage in passages(event)
    ]
    rows.sort(key=lambda row: row[:2])
    return tuple(
        _row(number, f"FX {track:02}", reel, passage, script, ruler, cues, by_event)
        for number, (_, track, passage) in enumerate(rows, start=1)
    )


def write_cue_sheet(
    path: Path,
    script: FoleyScript,
    cues: Cues,
    stems: Sequence[StemRecord] = (),
    *,
    reel: str = "1",
    start: str | None = None,
) -> None:
    """Write the rows of `cue_rows` as CSV (RFC 4180, UTF-8); raises as `replacing` does."""
    write_rows(path, cue_rows(script, cues, stems, reel=reel, start=start))


def write_rows(path: Path, rows: Iterable[CueRow]) -> None:
    """Write rows as CSV (RFC 4180, UTF-8); raises as `replacing` does."""
    write_table(path, _HEADINGS, rows)


def write_table(path: Path, headings: Sequence[str], rows: Iterable[Iterable[str]]) -> None:
    """Write a table as CSV (RFC 4180, UTF-8) without formulas; raises as `replacing` does."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(headings)
    for row in rows:
        writer.writerow([plain_cell(cell) for cell in row])
    write_text(path, text.getvalue())


def plain_cell(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP, CSV injection); a number is none."""
    if re.fullmatch(r"[+-]?\d+(\.\d+)?", cell):
        return cell
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _row(
    number: int,
    track: str,
    reel: str,
    passage: Passage,
    script: FoleyScript,
    ruler: Ruler,
    cues: Cues,
    stems: dict[str, StemRecord],
) -> CueRow:
    event, clip = passage.event, script.clip
    scene = script.setting_at(passage.start_s)
    stem = stems.get(event.id)
    play = event.performance
    props = dict.fromkeys(word for word in (play.surface, play.variant, play.material) if word)
    return CueRow(
        cue=f"F{number:03}",
        reel=reel,
        scene=scene.title if scene else "",
        tc_in=ruler.at(passage.start_s),
        tc_out=ruler.after(max(passage.end_s, passage.start_s + clip.frame_s)),
        source=event.label,
        action=event.description,
        surface_shoe_prop=", ".join(props).replace("_", " "),
        perspective=_perspective(event, cues.of(event.id), passage, clip),
        track=track,
        sync_point=_sync_point(passage, ruler),
        notes=_notes(passage),
        ucs_id=event.ucs_id,
        layer=event.layer.value,
        file=stem.file if stem else "",
        credits="; ".join(stem.credits) if stem else "",
    )


def _perspective(event: SoundEvent, path: Trajectory, passage: Passage, clip: Clip) -> str:
    """Near or far, where, and how it moves, such as ``medium 4.2 m, left → centre``."""
    if event.source.kind is SourceKind.AROUND:
        return "all around"
    last = len(path.azimuth_deg) - 1
    first, final = (min(clip.frame_at(t), last) for t in (passage.start_s, passage.end_s))
    metres = fmean(path.distance_m[first : final + 1])
    size = "close" if metres < 2 else "medium" if metres < 8 else "wide"
    sides = dict.fromkeys(_side(path.azimuth_deg[frame]) for frame in (first, final))
    screen = "" if event.source.on_screen else ", off screen"
    return f"{size} {metres:.1f} m, {' → '.join(sides)}{screen}"


def _side(azimuth_deg: float) -> str:
    """Where an azimuth is, in words; positive is left."""
    if abs(azimuth_deg) < 8:
        return "centre"
    behind = "behind " if abs(azimuth_deg) > 90 else ""
    return behind + ("left" if azimuth_deg > 0 else "right")


def _sync_point(passage: Passage, ruler: Ruler) -> str:
    """The first hit's timecode and how many follow; nothing for what has no hit."""
    if not passage.hits:
        return ""
    more = len(passage.hits) - 1
    rest = f" (and {more} more)" if more else ""
    return ruler.at(passage.hits[0].time_s) + rest


def _notes(passage: Passage) -> str:
    event = passage.event
    words = [event.performance.mood or "", event.reason, "" if event.diegetic else "non-diegetic"]
    if passage.confidence < DOUBTFUL:
        words.append(f"check against picture (confidence {passage.confidence:.2f})")
    return "; ".join(word for word in words if word)
