"""Designing the scenes: written side by side, held to the bible, performed side by side.

What is done stands in the ledger under a hash of all that makes it. So a run that was killed goes
on, and a change of one scene, or of one line of the bible, makes that much anew and no more.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from foley_designer import __version__
from foley_designer.core.choices import DECISIVE
from foley_designer.core.documents import content_hash, ref
from foley_designer.core.errors import FoleyError
from foley_designer.core.mix import marker
from foley_designer.core.note import Note, NoteKind
from foley_designer.core.progress import Progress
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import Observation
from foley_designer.core.session.session_record import Stage
from foley_designer.core.settings import Settings
from foley_designer.core.work.ledger import Ledger, Row
from foley_designer.core.work.pool import Pool
from foley_designer.film.bible import Bible, read_bible, write_bible
from foley_designer.film.continuity import Written, apply, collect, is_cut_bed, said_of
from foley_designer.film.folder import FilmFolder
from foley_designer.film.model import DesignedScene, Film
from foley_designer.film.scene_design import (
    DESIGNED,
    SceneMade,
    SceneTask,
    WishTask,
    fulfil_scene,
    is_by_hand,
    make_scene,
)
from foley_designer.film.wishes import markers_of, wish_notes
from foley_designer.screenplay.names import characters

Work = Callable[[SceneTask], SceneMade]
Task = TypeVar("Task", SceneTask, WishTask)


class Designed(NamedTuple):
    """What a run over the scenes left."""

    failed: dict[str, str]
    """Scene to why it could not be made."""
    made: int
    """Scenes that this run wrote or performed."""
    notes: tuple[Note, ...]


class Run(NamedTuple):
    """What a run works with."""

    folder: FilmFolder
    ledger: Ledger
    settings: Settings
    pool: Pool
    progress: Progress
    work: Work = make_scene


def write_key(scene: DesignedScene, settings: Settings) -> str:
    """Hash of all that a scene's own script comes from; where its reel lies is no part of it."""
    decisive = settings.model_dump(mode="json", include=set(DECISIVE))
    return content_hash(__version__, scene.model_copy(update={"path": ""}), decisive)


def names_of(film: Film) -> tuple[str, ...]:
    """The film's characters, by its scenes' words."""
    return characters([scene.text for scene in film.scenes if scene.text])


def design_scenes(run: Run, film: Film, only: Sequence[str] = ()) -> Designed:
    """Write and perform what is not done yet.

    Args:
        run: what it works with.
        film: the film.
        only: ids of the scenes to make; empty takes all that a reel shows.

    Raises:
        FoleyError: what concerns all scenes, such as ``disk_full``; ``document_invalid`` for a
            bible that can't be read.
    """
    known = read_bible(run.folder.bible_file)  # told before work begins
    wanted = [scene for scene in film.shown if not only or scene.id in only]
    written, failed, made = _written(run, wanted)
    taken = {one.id for one in wanted}
    others = [scene for scene in film.shown if scene.id not in taken]
    all_written = [*written, *_there(run, others)]
    order = {scene.id: place for place, scene in enumerate(film.shown)}
    all_written.sort(key=lambda one: order[one.scene.id])
    names = names_of(film)
    bible = collect(all_written, names, known, film.wishes)
    if bible != known:
        write_bible(run.folder.bible_file, bible)
    tasks, by_hand = [], []
    done = run.ledger.items()
    for one in written:
        task = _performing(run, one, bible, names, order)
        if is_by_hand(run.folder.scene(one.scene.id)):
            if task.key not in done:
                by_hand.append(one.scene.id)
        elif not _stands(run, done.get(task.key), task):
            tasks.append(task)
    failed |= _run(run, "perform", tasks, len(written), run.work)
    failed |= _fulfilled(run, film, [one.scene for one in written], names)
    said = [one.text for one in film.wishes if said_of(one.text, names)]
    notes = (*_hand_notes(by_hand), *wish_notes(run.folder, film, said))
    return Designed(failed, made + len(tasks), notes)


def _fulfilled(
    run: Run, film: Film, scenes: Sequence[DesignedScene], names: Sequence[str]
) -> dict[str, str]:
    """Do what markers wish of scenes that are performed and were not asked it yet."""
    tasks = []
    asked = {one.scene for one in film.wishes}
    for scene in scenes:
        if scene.id not in asked:
            continue
        wishes = tuple(one for one in markers_of(film, scene.id) if not said_of(one.text, names))
        session = run.folder.scene(scene.id)
        record = session.record()
        if record is None or record.stage is not Stage.DONE:
            continue
        known = {one.id for one in marker.load(session).markers if one.done is not None}
        if not {one.id for one in wishes} <= known:
            key = content_hash("wish", scene.id, [one.id for one in wishes])
            tasks.append(WishTask(str(run.folder.root), scene, run.settings, key, wishes))
    return _run(run, "wish", tasks, len(tasks), fulfil_scene) if tasks else {}


def _written(
    run: Run, scenes: Sequence[DesignedScene]
) -> tuple[list[Written], dict[str, str], int]:
    """The scenes' own scripts, those that lack one written now."""
    done = run.ledger.items()
    tasks = [
        SceneTask(str(run.folder.root), scene, run.settings, write_key(scene, run.settings))
        for scene in scenes
        if not is_by_hand(run.folder.scene(scene.id))
        and _script(run, scene, done.get(write_key(scene, run.settings))) is None
    ]
    failed = _run(run, "write", tasks, len(scenes), run.work)
    return _there(run, scenes), failed, len(tasks)


def _there(run: Run, scenes: Sequence[DesignedScene]) -> list[Written]:
    """The scenes that have a script."""
    done = run.ledger.items()
    found = []
    for scene in scenes:
        script = _script(run, scene, done.get(write_key(scene, run.settings)))
        if script is not None:
            found.append(Written(scene, script))
    return found


def _script(run: Run, scene: DesignedScene, row: Row | None) -> FoleyScript | None:
    """The script that was written of a scene alone, or the one that a person made of it."""
    session = run.folder.scene(scene.id)
    if is_by_hand(session):
        record = session.record()
        return session.get(FoleyScript, record.documents["script"]) if record else None
    if row is None or not row.sha256:
        return None
    if not (session.hidden / "objects" / f"{row.sha256}.json").is_file():
        return None
    return session.get(FoleyScript, ref(FoleyScript, row.sha256))


def _performing(
    run: Run, written: Written, bible: Bible, names: Sequence[str], order: Mapping[str, int]
) -> SceneTask:
    script = apply(written, bible, names, order, _cuts(run, written))
    base = write_key(written.scene, run.settings)
    key = content_hash("perform", base, script)
    text = script.to_json(indent=None)
    return SceneTask(str(run.folder.root), written.scene, run.settings, key, text)


def _cuts(run: Run, written: Written) -> tuple[float, ...]:
    """Seconds at which a scene's shots change, where one of its beds does not last as long."""
    length_s = written.script.clip.duration_s
    record = run.folder.scene(written.scene.id).record()
    beds = any(is_cut_bed(event, length_s) for event in written.script.events)
    if record is None or not beds or "observation" not in record.documents:
        return ()
    session = run.folder.scene(written.scene.id)
    seen = session.get(Observation, record.documents["observation"])
    return tuple(shot.start_s for shot in seen.shots[1:])


def _stands(run: Run, row: Row | None, task: SceneTask) -> bool:
    """Whether a scene was performed so, and is that still."""
    if row is None or not row.sha256 or task.script is None:
        return False
    session = run.folder.scene(task.scene.id)
    record = session.record()
    if record is None or record.stage is not Stage.DONE:
        return False
    designs = [line for line in session.revisions() if line.reason == DESIGNED]
    script = FoleyScript.from_json(task.script)
    return bool(designs) and designs[-1].documents["script"] == script.hash


def _run(
    run: Run, step: str, tasks: Sequence[Task], total: int, work: Callable[[Task], SceneMade]
) -> dict[str, str]:
    """Do tasks, note each in the ledger as it ends, and say what remains.

    The longest come first, so that no worker has a long scene left when the others are done.
    """
    tasks = sorted(tasks, key=lambda task: -task.scene.seconds)
    failed: dict[str, str] = {}
    seconds = sum(task.scene.seconds for task in tasks)
    began, left = time.monotonic(), seconds
    there = total - len(tasks)
    for count, (index, result) in enumerate(run.pool.run(work, tasks), start=1):
        task = tasks[index]
        left -= task.scene.seconds
        if isinstance(result, SceneMade):
            run.ledger.put(Row(task.key, result.sha256, result.seconds, result.reason))
            if result.reason:
                failed[task.scene.id] = result.reason
        elif isinstance(result, FoleyError):
            raise result
        else:
            failed[task.scene.id] = f"{type(result).__name__}: {result}"
        spent = time.monotonic() - began
        remains = spent / max(seconds - left, 1e-6) * left
        told = f"{there + count} of {total} scenes; {task.scene.title}; {_told(remains)} left"
        run.progress(step, (there + count) / max(total, 1), told)
    return failed


def _told(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


def _hand_notes(scenes: Sequence[str]) -> tuple[Note, ...]:
    if not scenes:
        return ()
    text = (
        f"Revised by hand and left as they are, though the bible or the words changed: "
        f"{', '.join(scenes)}."
    )
    return (Note(kind=NoteKind.OPEN_POINT, step="film", text=text),)
