"""Making a film: planned, designed scene by scene, and assembled reel by reel."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.note import Note
from foley_designer.core.progress import Progress, silent
from foley_designer.core.session.session_record import Stage
from foley_designer.core.settings import Settings
from foley_designer.core.work.ledger import Row
from foley_designer.core.work.pool import Pool
from foley_designer.film.designing import Designed, Run, design_scenes, write_key
from foley_designer.film.folder import FilmFolder
from foley_designer.film.looking import look, look_at, whole
from foley_designer.film.model import DesignedScene, Film
from foley_designer.film.planning import plan
from foley_designer.film.recut.change_lists import read_list, sides
from foley_designer.film.recut.changes import Change, changes, write_changes
from foley_designer.film.recut.conform import conform, reel_of
from foley_designer.film.reels import assemble_reels, reel_task
from foley_designer.film.scene_design import is_by_hand
from foley_designer.film.wishes import Laid, RemarkSource, lay, listed
from foley_designer.vision.video.sequence import clip_hash

LABELS = {
    "skim": "Look through the reels",
    "match": "Compare the cuts",
    "write": "Write the scenes",
    "perform": "Perform the scenes",
    "wish": "Do what markers wish",
    "assemble": "Assemble the reels",
}
"""Steps as the user sees them."""


class Made(NamedTuple):
    """What a run over a film left."""

    film: Film
    scenes: int
    """Scenes that were written or performed now."""
    reels: tuple[str, ...]
    """Reels that were assembled now."""
    failed: dict[str, str]
    """Scene to why it could not be made."""
    notes: tuple[Note, ...]


class Work(NamedTuple):
    """What a run needs beside the film."""

    settings: Settings
    pool: Pool
    progress: Progress = silent


def make_film(
    root: Path,
    reels: Sequence[Path],
    script: Path | None,
    work: Work,
    *,
    title: str = "",
    only: Sequence[str] = (),
    markers: Sequence[Path] = (),
) -> Made:
    """Design a film into a folder, or go on where an earlier run stopped.

    Args:
        root: the film's folder.
        reels: files in the film's order.
        script: screenplay of the whole film.
        work: settings, workers, progress.
        title: the film's; empty takes the first reel's name.
        only: scenes to design, by id, number or words of their title; empty takes all.
        markers: lists of what editors wish at a timecode.

    Raises:
        FoleyError: as `plan`, `lay` and `design_scenes`; ``session_busy``; ``option_invalid`` for a
            scene that there is none of.
    """
    folder = FilmFolder(root)
    with folder.lock():
        if folder.film() is None:
            look_at(folder, reels, work.settings, work.progress, work.pool)
        film = plan(folder, reels, script, title, work.settings, work.progress)
        film, notes = _laid(folder, film, [listed(path) for path in markers])
        return _told(finish(folder, film, work, only=wanted(film, only)), notes)


def wish(root: Path, sources: Sequence[RemarkSource], work: Work) -> Made:
    """Do what was said at a timecode of a film: in its scene, or of a character from there on.

    Raises:
        FoleyError: ``session_not_found``, ``session_busy``; as `lay` and `design_scenes`.
    """
    folder = FilmFolder(root)
    with folder.lock():
        film, notes = _laid(folder, folder.made(), sources)
        return _told(finish(folder, film, work), notes)


def _laid(folder: FilmFolder, film: Film, sources: Sequence[RemarkSource]) -> Laid:
    """The film with wishes, kept in the current cut."""
    laid = lay(film, sources)
    if laid.film != film:
        folder.amend(laid.film)
    return laid


def _told(made: Made, notes: Sequence[Note]) -> Made:
    return made._replace(notes=(*made.notes, *notes))


def finish(folder: FilmFolder, film: Film, work: Work, *, only: Sequence[str] = ()) -> Made:
    """Design what a film's scenes lack and assemble what has changed; the folder is locked."""
    with folder.ledger() as ledger:
        run = Run(folder, ledger, work.settings, work.pool, work.progress)
        designed = design_scenes(run, film, only)
        assembled = _assembled(run, film, designed)
    return Made(film, designed.made, assembled, designed.failed, (*film.notes, *designed.notes))


def _assembled(run: Run, film: Film, designed: Designed) -> tuple[str, ...]:
    """Assemble the reels of which something changed, side by side; their names."""
    tasks = [
        task for reel in film.reels if (task := reel_task(run, film, reel, designed)) is not None
    ]
    for count, (index, result) in enumerate(assemble_reels(tasks, run.pool), start=1):
        task = tasks[index]
        if isinstance(result, Exception):
            raise whole(result, task.reel.name)
        run.ledger.put(Row(task.key, result, task.reel.clip.duration_s, ""))
        run.progress("assemble", count / len(tasks), task.reel.name)
    return tuple(task.reel.name for task in tasks)


class Conforming(NamedTuple):
    """What a conform did."""

    made: Made
    rows: tuple[Change, ...]
    """Empty if the reel was in this cut already."""
    paths: tuple[Path, ...]
    """The report's files."""


def conform_film(
    root: Path,
    path: Path,
    work: Work,
    *,
    number: int = 1,
    change_list: Path | None = None,
    dry_run: bool = False,
    markers: Sequence[Path] = (),
) -> Conforming:
    """Bring a new cut of a reel into a film, and design what is new in it.

    Args:
        root: the film's folder.
        path: the new picture.
        work: settings, workers, progress.
        number: of the reel.
        change_list: EDL, OTIO or FCPXML on the old reel; None compares frames.
        dry_run: tell what would change, and change nothing.
        markers: lists of what editors wish, at timecodes of the new cut.

    Raises:
        FoleyError: ``session_not_found``, ``session_busy``; as `conform` and `read_list`.
    """
    folder = FilmFolder(root)
    with folder.lock():
        film = folder.made()
        reel = reel_of(film, number)
        if reel.clip.sha256 == clip_hash(path):
            return Conforming(finish(folder, film, work), (), ())
        told = look(folder, path, work.settings, work.progress, work.pool).observation.clip.timecode
        matches = read_list(change_list, sides(reel, told)) if change_list else None
        done = conform(folder, film, number, path, work.settings, work.progress, matches)
        rows = tuple(changes(folder, done))
        if dry_run:
            return Conforming(Made(film, 0, (), {}, ()), rows, ())
        folder.commit(done.film)
        paths = write_changes(folder, done, rows)
        film, notes = _laid(folder, done.film, [listed(one) for one in markers])
        return Conforming(_told(finish(folder, film, work), notes), rows, tuple(paths))


def undo_cut(root: Path, work: Work) -> Made:
    """Take the last conform back.

    Raises:
        FoleyError: ``session_not_found``, ``session_busy``; ``revision_invalid`` if there is
            no earlier cut.
    """
    folder = FilmFolder(root)
    with folder.lock():
        folder.made()
        film = folder.undo()
        for reel in film.reels:
            for old in folder.reel(reel).root.glob("changes.*"):
                old.unlink()
        return finish(folder, film, work)


def wanted(film: Film, only: Sequence[str]) -> tuple[str, ...]:
    """Ids of the scenes that a person names: by id, as ``scene 12``, or by words of the title.

    Raises:
        FoleyError: ``option_invalid``.
    """
    found: list[str] = []
    shown = film.shown
    for words in only:
        plain = words.lower().strip()
        number = plain.removeprefix("scene").strip()
        if any(scene.id == plain for scene in shown):
            found.append(plain)
        elif number.isdigit() and 0 < int(number) <= len(shown):
            found.append(shown[int(number) - 1].id)
        else:
            fits = [scene.id for scene in shown if plain and plain in scene.title.lower()]
            if not fits:
                raise _no_scene(words, shown)
            found += fits
    return tuple(dict.fromkeys(found))


class SceneStatus(NamedTuple):
    """How far a scene is."""

    number: int
    id: str
    title: str
    seconds: float
    state: str
    """``waiting``, ``written``, ``done``, ``by hand`` or ``failed``."""
    reason: str = ""


def status(folder: FilmFolder, settings: Settings) -> tuple[SceneStatus, ...]:
    """How far the scenes of the current cut are.

    Raises:
        FoleyError: ``session_not_found`` if there is no film.
    """
    film = folder.made()
    found = []
    with folder.ledger() as ledger:
        rows = ledger.items()
    for number, scene in enumerate(film.shown, start=1):
        session = folder.scene(scene.id)
        record = session.record() if session.record_file.is_file() else None
        row = rows.get(write_key(scene, settings))
        state, reason = "waiting", row.reason if row else ""
        if record is not None and record.stage is Stage.DONE:
            state = "by hand" if is_by_hand(session) else "done"
        elif reason:
            state = "failed"
        elif row is not None:
            state = "written"
        found.append(SceneStatus(number, scene.id, scene.title, scene.seconds, state, reason))
    return tuple(found)


def _no_scene(words: str, shown: Sequence[DesignedScene]) -> FoleyError:
    titles = "; ".join(f"{n} {scene.title}" for n, scene in enumerate(shown[:8], start=1))
    return FoleyError(
        ErrorCode.OPTION_INVALID, f"There is no scene {words[:60]!r}.", f"Scenes: {titles}."
    )
