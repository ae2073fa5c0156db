"""The library's door to a film's scenes: read, corrected, and designed again where they changed."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from foley_designer.api.clips import Request, design
from foley_designer.api.revisions import settings_of
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import write_text
from foley_designer.core.progress import Progress, silent
from foley_designer.core.script.scene import SceneMap
from foley_designer.core.script.scene_edits import SceneEdit, changed
from foley_designer.core.script.scenes_file import FILE, PENDING, read_scenes, to_yaml
from foley_designer.core.session.session import Session
from foley_designer.core.session.session_record import SessionRecord
from foley_designer.core.settings import Settings
from foley_designer.core.timecode import frame_at, time_of


def scenes_of(folder: Path) -> SceneMap | None:
    """The scenes as they were last corrected, else as they were designed; None for one scene.

    Raises:
        FoleyError: ``session_not_found``, ``document_invalid``.
    """
    session = Session(folder)
    record = session.finished()
    if waiting(folder):
        return read_scenes(session.path(FILE))
    if "scene_map" not in record.documents:
        return None
    return session.get(SceneMap, record.documents["scene_map"])


def waiting(folder: Path) -> bool:
    """Whether corrected scenes wait to be designed."""
    return (Session(folder).hidden / PENDING).is_file()


def change_scenes(folder: Path, edits: Sequence[SceneEdit]) -> SceneMap:
    """Correct the scenes in the session's ``scenes.yaml``; nothing sounds otherwise yet.

    Boundaries lie on frames.

    Raises:
        FoleyError: ``option_invalid`` for a clip of one scene, or an edit that can't be done;
            ``session_busy``; ``disk_full``, ``output_not_writable``.
    """
    session = Session(folder)
    with session.lock():
        before = scenes_of(folder)
        record = session.finished()
        if before is None or record.clip is None:
            raise FoleyError(
                ErrorCode.OPTION_INVALID,
                "This clip is one scene.",
                "A screenplay, or prose of three sentences, tells scenes apart.",
            )
        rate = record.clip.rate
        framed = [
            edit.model_copy(update={"start_s": time_of(frame_at(edit.start_s, rate), rate)})
            if edit.kind == "boundary"
            else edit
            for edit in edits
        ]
        after = changed(before, framed)
        write_text(session.path(FILE), to_yaml(after))
        write_text(session.hidden / PENDING, "")
    return after


def perform_scenes(
    folder: Path, *, settings: Settings | None = None, progress: Progress = silent
) -> SessionRecord:
    """Design again by the corrected scenes: what tells an unchanged scene keeps its takes.

    Changes by hand since the design are given up, as in any design of other inputs.

    Raises:
        FoleyError: as `design`.
    """
    session = Session(folder)
    record = session.finished()
    own = settings_of(record, settings)
    made = design(
        with_scenes(request_of(record), folder),
        folder,
        settings=own,
        progress=progress,
        replace=True,
    )
    performed(folder)
    return made


def request_of(record: SessionRecord) -> Request:
    """What a session was designed from."""
    given = record.inputs

    def path(text: str | None) -> Path | None:
        return Path(text) if text else None

    return Request(
        Path(given.clip_path),
        path(given.script_path),
        given.description,
        path(given.spotting_path),
        path(given.scenes_path),
    )


def with_scenes(request: Request, folder: Path) -> Request:
    """The request with the session's own scenes file."""
    return replace(request, scenes=Session(folder).path(FILE))


def performed(folder: Path) -> None:
    """Forget that corrected scenes wait."""
    (Session(folder).hidden / PENDING).unlink(missing_ok=True)
