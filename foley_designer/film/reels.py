"""Reels: predubs side by side, then each reel as a task, on a worker if there are several."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from foley_designer.core.documents import content_hash
from foley_designer.core.errors import FoleyError
from foley_designer.core.note import Note, NoteKind
from foley_designer.core.session.session import Session
from foley_designer.core.settings import Settings
from foley_designer.core.work.pool import Here, Pool
from foley_designer.export.report.cue_sheet import write_rows
from foley_designer.film.assembly import (
    PredubTask,
    SceneSound,
    assemble,
    assembly_key,
    digest,
    grouped,
    make_predub,
    opened,
    predub_tasks,
)
from foley_designer.film.bible import Bible, read_bible
from foley_designer.film.cues import film_cues
from foley_designer.film.designing import Designed, Run, names_of
from foley_designer.film.folder import FilmFolder
from foley_designer.film.looking import whole
from foley_designer.film.model import Film, Reel
from foley_designer.film.predubs import Predub
from foley_designer.film.reel_documents import save_reel
from foley_designer.film.report import write_film_report


class ReelTask(NamedTuple):
    """A reel to be assembled."""

    root: str
    """The film's folder."""
    film: Film
    reel: Reel
    designed: Designed
    settings: Settings
    key: str
    predubs: tuple[Predub, ...] = ()
    """As they were written, in the order of tracks."""


def assemble_reels(tasks: Sequence[ReelTask], pool: Pool) -> Iterator[tuple[int, str | Exception]]:
    """Assemble reels: number of each and the hash of its record, as they are done.

    Their predubs are written first, those of most sounds before the others.

    Raises:
        FoleyError: as `make_predub` and `assemble_reel`.
    """
    waiting = [
        (number, place, one)
        for number, task in enumerate(tasks)
        for place, one in enumerate(_predub_tasks(task))
    ]
    waiting.sort(key=lambda each: -len(each[2].placements))
    made: list[dict[int, Predub]] = [{} for _ in tasks]
    for index, result in pool.run(make_predub, [one for _, _, one in waiting]):
        number, place, _ = waiting[index]
        if isinstance(result, Exception):
            raise whole(result, tasks[number].reel.name)
        made[number][place] = result
    ready = [
        task._replace(predubs=tuple(own[place] for place in sorted(own)))
        for task, own in zip(tasks, made, strict=True)
    ]
    if len(ready) == 1:
        yield 0, assemble_reel(ready[0], pool)
    else:
        yield from pool.run(assemble_reel, ready)


def _predub_tasks(task: ReelTask) -> list[PredubTask]:
    folder = FilmFolder(Path(task.root))
    scenes = opened(folder, task.film, task.reel)
    groups = grouped(task.reel, scenes, names_of(task.film))
    return predub_tasks(folder.reel(task.reel), task.reel, groups)


def reel_task(run: Run, film: Film, reel: Reel, designed: Designed) -> ReelTask | None:
    """What is to be done of a reel; None if it stands, or none of its scenes is designed."""
    scenes = opened(run.folder, film, reel)
    if not scenes:
        return None
    session = run.folder.reel(reel)
    bible = read_bible(run.folder.bible_file) or Bible()
    missing = [s.title for s in film.shown if s.id in designed.failed]
    key = content_hash(assembly_key(reel, scenes, run.settings), bible, film.unplaced, missing)
    row = run.ledger.items().get(key)
    if row is not None and row.sha256 == digest(session) and not _damaged(session):
        return None
    return ReelTask(str(run.folder.root), film, reel, designed, run.settings, key)


def assemble_reel(task: ReelTask, pool: Pool | None = None) -> str:
    """Assemble a reel of its predubs, with cue sheet and report; return its record's hash.

    Args:
        task: the reel.
        pool: who helps; None is one task of a pool itself.

    Raises:
        FoleyError: as `assemble`.
    """
    folder, film, reel = FilmFolder(Path(task.root)), task.film, task.reel
    scenes, session = opened(folder, film, reel), folder.reel(reel)
    bible = read_bible(folder.bible_file) or Bible()
    names = names_of(film)
    groups = grouped(reel, scenes, names)
    made = assemble(session, reel, groups, task.predubs, task.settings, pool or Here())
    notes = [*film.notes, *task.designed.notes, *_lacks(film, reel, scenes, task.designed)]
    save_reel(session, reel, scenes, made, task.settings, bible, notes)
    rows = film_cues(reel, scenes, list(made.groups), names)
    write_rows(session.path("cue_sheet.csv"), rows)
    write_film_report(folder, film, reel, scenes, made, bible, notes)
    return digest(session)


def _damaged(session: Session) -> bool:
    """Whether a delivered file of a reel is not as it was."""
    try:
        session.whole()
    except FoleyError:
        return True
    return False


def _lacks(film: Film, reel: Reel, scenes: dict[str, SceneSound], designed: Designed) -> list[Note]:
    """Scenes of a reel that stay silent, and why."""
    notes = []
    for scene_id in dict.fromkeys(piece.scene for piece in reel.pieces):
        if scene_id not in scenes:
            reason = designed.failed.get(scene_id, "it is not designed yet")
            text = f"{film.scene(scene_id).title} is silent: {reason}"
            notes.append(Note(kind=NoteKind.OPEN_POINT, step="film", text=text))
    return notes
