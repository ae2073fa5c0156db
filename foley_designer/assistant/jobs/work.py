"""What jobs do: each a function of the session, what was asked and a progress callable."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from foley_designer import api
from foley_designer.api import scenes
from foley_designer.assistant.jobs.asked import (
    AskedDesign,
    AskedExport,
    AskedFilm,
    AskedLook,
    AskedRevision,
    JobKind,
)
from foley_designer.assistant.submitted import to_perform, withdraw
from foley_designer.core.choices import Choices
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.note import NoteKind
from foley_designer.core.options import Step, options
from foley_designer.core.progress import Progress
from foley_designer.core.revision.diff import Diff
from foley_designer.core.session.session import Session
from foley_designer.core.session.session_record import SessionRecord
from foley_designer.core.settings import Settings

if TYPE_CHECKING:
    from foley_designer.film import making
    from foley_designer.film.recut.changes import Change

SHOWN = tuple(option.name for option in options(Choices, Step.MIX))
"""Settings that a design may be given."""
Answer = dict[str, Any]
Work = Callable[[Session, Any, Progress], Answer]
"""Takes what its kind of job was asked."""


def look(session: Session, asked: AskedLook, progress: Progress) -> Answer:
    """Observe a clip; keyframes and the observation stay in the folder."""
    from foley_designer.tools import looking  # noqa: PLC0415
    from foley_designer.tools.context import ToolContext  # noqa: PLC0415

    context = ToolContext((Path(asked.clip).parent,), (session.root,), progress)
    settings = Settings(**({} if asked.rate is None else {"rate": asked.rate}))
    request = looking.ClipInput(
        clip=asked.clip,
        keyframes_dir=str(session.keyframes),
        rate=settings.frame_rate,
        field_of_view_deg=settings.field_of_view_deg,
    )
    return {"observation": session.put(looking.look(request, context))}


def _by_scenes(session: Session, request: api.Request) -> tuple[api.Request, bool]:
    """The request with the session's scenes; whether they were corrected since they were played."""
    record = session.record()
    if record is None or record.inputs.clip_path != str(request.clip):
        return request, False
    if scenes.waiting(session.root):
        return scenes.with_scenes(request, session.root), True
    given = record.inputs.scenes_path
    return (scenes.with_scenes(request, session.root) if given else request), False


def design(session: Session, asked: AskedDesign, progress: Progress) -> Answer:
    """Design a clip, or go on; a submitted script is performed in place of a written one."""
    request = api.Request(
        clip=Path(asked.clip),
        script=Path(asked.script_path) if asked.script_path else None,
        description=asked.description,
        spotting=Path(asked.spotting) if asked.spotting else None,
    )
    request, correct = _by_scenes(session, request)
    shown = {name: asked.settings[name] for name in SHOWN if asked.settings.get(name) is not None}
    settings, replace = Settings(**shown), asked.replace or correct
    if asked.until == "script":
        record = api.write(
            request, session.root, settings=settings, progress=progress, replace=replace
        )
        return {"stage": record.stage.value, "notes": _input_notes(record)}
    script = None if replace else to_perform(session, session.record())
    record = api.design(
        request, session.root, settings=settings, progress=progress, replace=replace, script=script
    )
    withdraw(session)
    scenes.performed(session.root)
    assert record.mix is not None
    return {
        "stage": record.stage.value,
        "stems": len(record.stems),
        "integrated_lufs": record.mix.stereo.integrated_lufs,
        "true_peak_dbtp": record.mix.stereo.true_peak_dbtp,
        "performed_submitted_script": script is not None,
        "notes": _input_notes(record),
    }


def _input_notes(record: SessionRecord) -> list[str]:
    """What was decided about clip and script when they were opened, and which words tell what."""
    return [note.text for note in record.notes if note.step in ("input", "align")]


def export(session: Session, asked: AskedExport, progress: Progress) -> Answer:  # noqa: ARG001
    """Write what a post house is given."""
    from foley_designer.api.revisions import made_whole  # noqa: PLC0415
    from foley_designer.export.bundle import export as bundle  # noqa: PLC0415

    made_whole(session.root)
    folder = session.path(asked.folder)
    with session.lock():
        made = bundle(session.root, asked.kinds, folder, stems=asked.stems, **asked.options)
    return {
        "files": [str(path.relative_to(session.root)) for path in made.paths],
        "notes": [note.text for note in made.notes],
        "checked": made.checked,
    }


def revise(session: Session, asked: AskedRevision, progress: Progress) -> Answer:
    """Change a session, show what would change, or step through its revisions."""
    from foley_designer.api import revisions as api_revision  # noqa: PLC0415

    if asked.command != "revise":
        step = api_revision.undo if asked.command == "undo" else api_revision.redo
        return _plain(step(session.root, progress=progress))
    answer: Answer = {}

    def choose(question: str, options: Sequence[str]) -> int | None:
        answer.update(question=question, options=list(options))
        return asked.choice

    def approve(diff: Diff) -> bool:
        answer.update(diff=diff.model_dump(mode="json"))
        return asked.apply

    if asked.request and not asked.apply and asked.choice is None:
        return _plain(api_revision.propose(session.root, asked.request, focus=asked.focus))
    try:
        result = api_revision.revise(
            session.root,
            asked.request or asked.operations,
            approve=approve,
            choose=choose,
            base=asked.base,
            focus=asked.focus,
            progress=progress,
        )
    except FoleyError as error:
        if error.code is not ErrorCode.NEEDS_REVIEW:
            raise
        return {"base": asked.base} | answer
    return _plain(result)


MOST_OPEN = 20
"""Open points of a film's answer."""


def film(session: Session, asked: AskedFilm, progress: Progress) -> Answer:
    """Make a film or go on, conform a reel, take that back, or do what is wished."""
    from foley_designer.core.work.pool import LocalPool  # noqa: PLC0415
    from foley_designer.film import making  # noqa: PLC0415
    from foley_designer.film.scene_design import READY  # noqa: PLC0415
    from foley_designer.film.wishes import listed, typed  # noqa: PLC0415

    root, work = session.root, making.Work(Settings(), LocalPool(ready=READY), progress)
    script = Path(asked.script_path) if asked.script_path else None
    files = [Path(one) for one in asked.files]
    rows: Sequence[Change] = ()
    if asked.action == "make":
        reels = [Path(one) for one in asked.reels]
        made = making.make_film(root, reels, script, work, markers=files)
    elif asked.action == "conform":
        lists = [one for one in files if one.suffix.lower() in (".otio", ".fcpxml", ".edl")][:1]
        done = making.conform_film(
            root,
            Path(asked.reels[0]),
            work,
            number=asked.number,
            change_list=lists[0] if lists else None,
            markers=[one for one in files if one not in lists],
        )
        made, rows = done.made, done.rows
    elif asked.action == "undo":
        made = making.undo_cut(root, work)
    else:
        timecode, _, words = (asked.wish or "").strip().partition(" ")
        said = [typed(timecode, words)] if words else []
        made = making.wish(root, [*said, *(listed(one) for one in files)], work)
    return _film_answer(made, rows)


def _film_answer(made: "making.Made", rows: "Sequence[Change]") -> Answer:
    """What a run over a film left, in few words."""
    states = Counter(f"{row.what}s {row.state.value}" for row in rows)
    check = [f"{row.new_tc or row.old_tc} {row.name}: {row.check}" for row in rows if row.check]
    opened = [note.text for note in made.notes if note.kind is NoteKind.OPEN_POINT]
    return {
        "scenes": len(made.film.shown),
        "made": made.scenes,
        "assembled": list(made.reels),
        "failed": made.failed,
        "changes": dict(states),
        "open": [*check, *opened][:MOST_OPEN],
        "left_out": max(0, len(check) + len(opened) - MOST_OPEN),
        "reports": [f"reels/{reel.name}/film_report.html" for reel in made.film.reels],
    }


def _plain(result: Any) -> Answer:
    plain: Answer = TypeAdapter(type(result)).dump_python(result, mode="json")
    return plain


WORK: dict[JobKind, Work] = {
    JobKind.LOOK: look,
    JobKind.DESIGN: design,
    JobKind.EXPORT: export,
    JobKind.REVISE: revise,
    JobKind.FILM: film,
}
