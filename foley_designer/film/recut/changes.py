"""What a conform changed: per shot, and per event its reconform state, for whoever checks it."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.files import write_text
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.core.session.session_record import Stage
from foley_designer.export.report.cue_sheet import write_table
from foley_designer.export.report.pages import environment
from foley_designer.export.session.passage import Ruler
from foley_designer.film.folder import FilmFolder
from foley_designer.film.model import Piece, Reel
from foley_designer.film.predubs import runs
from foley_designer.film.recut.conform import Conformed, new_of_old, reel_of


class State(StrEnum):
    """What became of a shot or an event."""

    KEPT = "kept"
    """At its timecode."""
    MOVED = "moved"
    """Whole, at another timecode."""
    TRIMMED = "trimmed"
    """A part of it is gone."""
    SPLIT = "split"
    """In parts that moved by different lengths."""
    REPLACED = "new picture under it"
    REMOVED = "removed"
    NEW = "new"


class Change(NamedTuple):
    """A row of the report."""

    what: str
    """``shot`` or ``event``."""
    name: str
    scene: str
    state: State
    old_tc: str
    """Empty for what is new."""
    new_tc: str
    """Empty for what was removed."""
    moved_frames: int
    lost_frames: int
    """Of a shot: frames that are gone; of an event: moments or frames of it."""
    check: str
    """Why somebody should listen; empty if nobody need."""


HEADINGS = (
    "What",
    "Name",
    "Scene",
    "State",
    "Old TC",
    "New TC",
    "Moved (frames)",
    "Lost",
    "Check",
)
_CHECK = {
    State.TRIMMED: "a part lost its picture",
    State.SPLIT: "its parts are no longer together",
    State.REPLACED: "look whether the new picture still fits",
    State.NEW: "newly designed",
}


def changes(folder: FilmFolder, done: Conformed) -> list[Change]:
    """All shots and events of a reel, as the new cut has them, in the old one's order."""
    sides = _sides(done)
    where = new_of_old(done.matches, done.reel.clip.frame_count)
    replaced = np.zeros(done.reel.clip.frame_count, bool)
    for run in done.replaced:
        replaced[run.old : run.old + run.frames] = True
    return [
        *_shots(done, where, replaced, sides),
        *_events(folder, where, replaced, sides),
        *_added(done, sides[1]),
    ]


class _Side(NamedTuple):
    """A cut of the reel with its timecode."""

    reel: Reel
    ruler: Ruler

    def at(self, frame: int) -> str:
        """Timecode of one of its frames."""
        return self.ruler.at((frame + 0.5) / float(self.reel.clip.rate))


def _sides(done: Conformed) -> tuple[_Side, _Side]:
    """The old cut and the new one."""
    old, new = done.reel, reel_of(done.film, done.reel.number)
    rulers = [Ruler(reel.clip.model_copy(update={"timecode": reel.start})) for reel in (old, new)]
    return _Side(old, rulers[0]), _Side(new, rulers[1])


def _shots(
    done: Conformed,
    where: NDArray[np.int64],
    replaced: NDArray[np.bool_],
    sides: tuple[_Side, _Side],
) -> Iterator[Change]:
    shift = sides[1].ruler.origin - sides[0].ruler.origin
    for number, (first, last) in enumerate(pairwise(done.old_shots), start=1):
        own = where[first:last]
        state, moved, lost = state_of(own, np.arange(first, last), replaced[first:last], shift)
        kept = own[own >= 0]
        yield Change(
            "shot",
            f"shot {number}",
            _scene_at(done.reel, first),
            state,
            sides[0].at(first),
            sides[1].at(int(kept[0])) if len(kept) else "",
            moved,
            lost,
            "" if state in (State.KEPT, State.MOVED, State.REMOVED) else _CHECK[state],
        )


def state_of(
    new: NDArray[np.int64],
    old: NDArray[np.int64],
    replaced: NDArray[np.bool_],
    shift: int = 0,
) -> tuple[State, int, int]:
    """State, frames moved and frames lost of some frames of the old cut.

    Args:
        new: frame of the new cut of each, -1 for none.
        old: the frames.
        replaced: whether each has a new picture.
        shift: frames of the day by which the new reel begins later.
    """
    there = new >= 0
    lost = int((~there).sum())
    if not there.any():
        return State.REMOVED, 0, lost
    by = new[there] - old[there]
    moved = int(by[0]) + shift
    if np.ptp(by) > 1:
        return State.SPLIT, moved, lost
    if lost:
        return State.TRIMMED, moved, lost
    if replaced.any():
        return State.REPLACED, moved, 0
    return (State.MOVED if moved else State.KEPT), moved, 0


def _events(
    folder: FilmFolder,
    where: NDArray[np.int64],
    replaced: NDArray[np.bool_],
    sides: tuple[_Side, _Side],
) -> Iterator[Change]:
    shift = sides[1].ruler.origin - sides[0].ruler.origin
    for piece in runs(sides[0].reel.pieces):
        session = folder.scene(piece.scene)
        record = session.record()
        if record is None or record.stage is not Stage.DONE:
            continue
        script = session.get(FoleyScript, record.documents["script"])
        for event in script.events:
            old = frames_of(event, piece, script.clip.frame_s)
            if not len(old):
                continue
            state, moved, lost = state_of(where[old], old, replaced[old], shift)
            kept = where[old][where[old] >= 0]
            check = "" if state in (State.KEPT, State.MOVED, State.REMOVED) else _CHECK[state]
            if event.locked and check:
                check += "; it is locked"
            yield Change(
                "event",
                event.label,
                piece.scene,
                state,
                sides[0].at(int(old[0])),
                sides[1].at(int(kept[0])) if len(kept) else "",
                moved,
                lost,
                check,
            )


def frames_of(event: SoundEvent, piece: Piece, frame_s: float) -> NDArray[np.int64]:
    """Frames of the reel in which an event of a scene sounds, those of its hits and spans."""
    found: set[int] = {int(hit.time_s / frame_s + 1e-6) for hit in event.hits}
    for span in event.spans:
        found |= set(range(int(span.start_s / frame_s), int(np.ceil(span.end_s / frame_s))))
    inside = [f - piece.first + piece.at for f in found if piece.first <= f < piece.last]
    return np.array(sorted(inside), np.int64)


def _added(done: Conformed, side: _Side) -> Iterator[Change]:
    before = {piece.scene for piece in done.reel.pieces}
    for piece in side.reel.pieces:
        if piece.scene in before:
            continue
        yield Change(
            "shot",
            done.film.scene(piece.scene).title,
            piece.scene,
            State.NEW,
            "",
            side.at(piece.at),
            0,
            0,
            _CHECK[State.NEW],
        )


def _scene_at(reel: Reel, frame: int) -> str:
    return next((p.scene for p in reel.pieces if p.at <= frame < p.end), "")


def write_changes(folder: FilmFolder, done: Conformed, rows: Sequence[Change]) -> list[Path]:
    """Write the report as a page, as CSV, and as OTIO if its library is installed."""
    new = reel_of(done.film, done.reel.number)
    root = folder.reel(new).root
    counts = {
        what: {
            state.value: sum(r.state is state and r.what == what for r in rows) for state in State
        }
        for what in ("shot", "event")
    }
    page = (
        environment()
        .get_template("changes.html.j2")
        .render(title=done.film.title, reel=new, old=done.reel, rows=rows, counts=counts)
    )
    write_text(root / "changes.html", page)
    write_table(root / "changes.csv", HEADINGS, ([str(cell) for cell in row] for row in rows))
    paths = [root / "changes.html", root / "changes.csv"]
    if _write_otio(root / "changes.otio", done, new):
        paths.append(root / "changes.otio")
    return paths


def _write_otio(path: Path, done: Conformed, new: Reel) -> bool:
    """The new reel as clips of the old one; frames count from each reel's own hour."""
    try:
        import opentimelineio as otio  # noqa: PLC0415 - an extra
    except ImportError:
        return False
    old_rate, rate = float(done.reel.clip.rate), float(new.clip.rate)
    sides = _sides(done)
    schema: Any = otio.schema
    track = schema.Track(name="picture", kind=schema.TrackKind.Video)
    whole = otio.opentime.TimeRange(
        otio.opentime.RationalTime(sides[0].ruler.origin, old_rate),
        otio.opentime.RationalTime(done.reel.clip.frame_count, old_rate),
    )
    for run in done.matches:
        length = otio.opentime.RationalTime(run.frames, rate)
        if run.is_new:
            track.append(schema.Gap(duration=length, name="new"))
            continue
        start = otio.opentime.RationalTime(sides[0].ruler.origin + run.old, old_rate)
        media = schema.ExternalReference(done.reel.clip.name, whole)
        used = otio.opentime.TimeRange(start, otio.opentime.RationalTime(run.frames, old_rate))
        clip = schema.Clip(done.reel.name, media, used)
        if run.flipped:
            clip.metadata["foley_designer"] = {"flipped": True}
        track.append(clip)
    timeline = schema.Timeline(
        f"{new.name} changes",
        global_start_time=otio.opentime.RationalTime(sides[1].ruler.origin, rate),
    )
    timeline.tracks.append(track)
    write_text(path, timeline.to_json_string() + "\n")
    return True
