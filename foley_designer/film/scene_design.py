"""One scene of a film as a session: what a worker does, wherever it runs.

It writes into the film's folder alone, under the scene's id, so that machines that share the folder
share the work; nothing of it depends on other scenes but the script that it is given.
"""

import time
from pathlib import Path
from typing import NamedTuple

from foley_designer.core.documents import content_hash
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import file_hash, write_text
from foley_designer.core.mix.marker import REASON, Marker
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.scene import FilmScene, SceneMap
from foley_designer.core.script.scenes_file import to_yaml
from foley_designer.core.session.session import Session
from foley_designer.core.session.session_record import Stage
from foley_designer.core.settings import Settings
from foley_designer.film.folder import FilmFolder
from foley_designer.film.model import DesignedScene

DESIGNED = "design"
"""Reason of a session's revisions that a design made."""
HANDLE_S = 1.0
"""Length of the held picture after a scene, in which sounds ring out and its ambience fades."""
READY = ("foley_designer.api", "foley_designer.vision.observe", "foley_designer.film.reels")
"""Modules that a film's workers load."""
_STOPS_ALL = frozenset({ErrorCode.DISK_FULL, ErrorCode.OUTPUT_NOT_WRITABLE})


class SceneTask(NamedTuple):
    """A scene to be written, or to be performed."""

    root: str
    """The film's folder."""
    scene: DesignedScene
    settings: Settings
    key: str
    script: str | None = None
    """The script to perform, as JSON; None only writes one."""


class SceneMade(NamedTuple):
    """What came of it."""

    key: str
    sha256: str
    """Of the script that was written, or of the session's record."""
    seconds: float
    """CPU seconds that it took."""
    reason: str = ""
    """Why it could not be made."""


def hold_of(scene: DesignedScene) -> int:
    """Frames of a scene's handle."""
    return max(1, round(HANDLE_S / scene.clip.frame_s))


def make_scene(task: SceneTask) -> SceneMade:
    """Write a scene's script, or perform it; the same task gives the same bytes.

    Raises:
        FoleyError: what concerns all scenes: a full disk, a folder that can't be written.
    """
    began = time.process_time()
    try:
        digest = _make(task)
    except FoleyError as error:
        if error.code in _STOPS_ALL:
            raise
        return SceneMade(task.key, "", time.process_time() - began, str(error))
    return SceneMade(task.key, digest, time.process_time() - began)


def is_by_hand(session: Session) -> bool:
    """Whether somebody revised the scene: what hands made is never designed over.

    Performing it anew is no revision by hand, nor is what markers wished: it is done again.
    """
    record = session.record()
    if record is None or record.stage is not Stage.DONE:
        return False
    reasons = [line.reason for line in session.revisions()[1:]]
    return any(one != DESIGNED and not one.startswith(REASON) for one in reasons)


class WishTask(NamedTuple):
    """What markers wish of a scene that was performed."""

    root: str
    scene: DesignedScene
    settings: Settings
    key: str
    wishes: tuple[Marker, ...]


def fulfil_scene(task: WishTask) -> SceneMade:
    """Do what a scene's markers wish; raises as `make_scene`."""
    from foley_designer.api.wishes import fulfil  # noqa: PLC0415 - loads the graph, in the worker

    began = time.process_time()
    session = FilmFolder(Path(task.root)).scene(task.scene.id)
    try:
        fulfil(session.root, task.wishes, settings=task.settings)
    except FoleyError as error:
        if error.code in _STOPS_ALL:
            raise
        return SceneMade(task.key, "", time.process_time() - began, str(error))
    return SceneMade(task.key, file_hash(session.record_file), time.process_time() - began)


def _make(task: SceneTask) -> str:
    from foley_designer import api  # noqa: PLC0415 - loads the graph, in the worker alone
    from foley_designer.api import wishes  # noqa: PLC0415

    folder = FilmFolder(Path(task.root))
    session = folder.scene(task.scene.id)
    if is_by_hand(session):
        return file_hash(session.record_file)
    request = api.Request(clip=_picture(folder, task.scene), scenes=_words(folder, task.scene))
    if task.script is None:
        record = api.write(request, session.root, settings=task.settings, replace=True)
        return record.documents["script"]
    script = FoleyScript.from_json(task.script)
    wishes.forget(session.root)
    api.design(request, session.root, settings=task.settings, replace=True, script=script)
    return file_hash(session.record_file)


def _picture(folder: FilmFolder, scene: DesignedScene) -> Path:
    """The scene's picture, cut where it is not there yet."""
    from foley_designer.vision.video.excerpt import cut_excerpt  # noqa: PLC0415 - loads PyAV

    out = folder.picture(scene.id)
    told = out.with_suffix(".cut")
    cut = content_hash(scene.clip, scene.first, scene.last, hold_of(scene))
    if not (out.is_file() and told.is_file() and told.read_text() == cut):
        source = Path(scene.path)
        cut_excerpt(source, scene.clip, scene.first, scene.last, out, hold=hold_of(scene))
        write_text(told, cut)
    return out


def _words(folder: FilmFolder, scene: DesignedScene) -> Path:
    """The scenes file of the scene's picture: one scene, with the words that tell it."""
    from foley_designer.vision.video.decode import probe  # noqa: PLC0415 - loads PyAV

    clip = probe(folder.picture(scene.id))
    whole = FilmScene(
        id="s1", start_s=0.0, end_s=clip.duration_s, place=1, text=scene.text, confidence=1.0
    )
    file = folder.scene(scene.id).root / "words.yaml"
    told = SceneMap(clip=clip.name, clip_sha256=clip.sha256, scenes=(whole,))
    text = to_yaml(told)
    if not (file.is_file() and file.read_text(encoding="utf-8") == text):
        write_text(file, text)
    return file
