"""What jobs do: each a function of the session, its arguments and a progress callable."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from foley_designer import api
from foley_designer.assistant.jobs.store import JobKind
from foley_designer.assistant.submitted import to_perform, withdraw
from foley_designer.core.choices import Choices
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.options import Step, options
from foley_designer.core.progress import Progress
from foley_designer.core.revision.diff import Diff
from foley_designer.core.revision.operations import Operation
from foley_designer.core.session.session import Session
from foley_designer.core.session.session_record import SessionRecord
from foley_designer.core.settings import Settings

SHOWN = tuple(option.name for option in options(Choices, Step.MIX))
"""Settings that a design may be given."""
Arguments = dict[str, Any]
Work = Callable[[Session, Arguments, Progress], Arguments]


def look(session: Session, arguments: Arguments, progress: Progress) -> Arguments:
    """Observe a clip; keyframes and the observation stay in the folder."""
    from foley_designer.tools.context import ToolContext  # noqa: PLC0415
    from foley_designer.tools.see import SeeInput, see  # noqa: PLC0415

    clip = Path(arguments["clip"])
    context = ToolContext((clip.parent,), (session.root,), progress)
    settings = Settings(**_chosen(arguments))
    request = SeeInput(
        clip=str(clip),
        keyframes_dir=str(session.keyframes),
        rate=settings.frame_rate,
        field_of_view_deg=settings.field_of_view_deg,
    )
    return {"observation": session.put(see(request, context))}


def design(session: Session, arguments: Arguments, progress: Progress) -> Arguments:
    """Design a clip, or go on; a submitted script is performed in place of a written one."""
    script_path = arguments.get("script_path")
    request = api.Request(
        clip=Path(arguments["clip"]),
        script=Path(script_path) if script_path else None,
        description=arguments.get("description"),
        spotting=Path(arguments["spotting"]) if arguments.get("spotting") else None,
    )
    settings, replace = Settings(**_chosen(arguments)), bool(arguments.get("replace"))
    if arguments.get("until") == "script":
        record = api.write(
            request, session.root, settings=settings, progress=progress, replace=replace
        )
        return {"stage": record.stage.value, "notes": _input_notes(record)}
    script = None if replace else to_perform(session, session.record())
    record = api.design(
        request, session.root, settings=settings, progress=progress, replace=replace, script=script
    )
    withdraw(session)
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
    """What was decided about clip and script when they were opened."""
    return [note.text for note in record.notes if note.step == "input"]


def _chosen(arguments: Arguments) -> Arguments:
    """The settings among a job's arguments."""
    return {name: arguments[name] for name in SHOWN if arguments.get(name) is not None}


def export(session: Session, arguments: Arguments, progress: Progress) -> Arguments:  # noqa: ARG001
    """Write what a post house is given."""
    from foley_designer.api.revisions import made_whole  # noqa: PLC0415
    from foley_designer.export.bundle import export as bundle  # noqa: PLC0415

    made_whole(session.root)
    folder = session.path(arguments["folder"])
    with session.lock():
        made = bundle(
            session.root,
            arguments["kinds"],
            folder,
            stems=arguments["stems"],
            **arguments.get("options", {}),
        )
    return {
        "files": [str(path.relative_to(session.root)) for path in made.paths],
        "notes": [note.text for note in made.notes],
        "checked": made.checked,
    }


def revise(session: Session, arguments: Arguments, progress: Progress) -> Arguments:
    """Change a session, show what would change, or step through its revisions."""
    from foley_designer.api import revisions as api_revision  # noqa: PLC0415

    command = arguments["command"]
    if command in ("undo", "redo"):
        step = api_revision.undo if command == "undo" else api_revision.redo
        return _plain(step(session.root, progress=progress))
    asked: Arguments = {}

    def choose(question: str, options: Sequence[str]) -> int | None:
        asked.update(question=question, options=list(options))
        return arguments.get("choice")

    def approve(diff: Diff) -> bool:
        asked.update(diff=diff.model_dump(mode="json"))
        return bool(arguments.get("apply"))

    base, focus = arguments.get("base"), arguments.get("focus", [])
    operations = TypeAdapter(tuple[Operation, ...]).validate_python(arguments.get("operations", []))
    request = arguments.get("request")
    if request and not arguments.get("apply") and arguments.get("choice") is None:
        return _plain(api_revision.propose(session.root, request, focus=focus))
    try:
        result = api_revision.revise(
            session.root,
            request or operations,
            approve=approve,
            choose=choose,
            base=base,
            focus=focus,
            progress=progress,
        )
    except FoleyError as error:
        if error.code is not ErrorCode.NEEDS_REVIEW:
            raise
        return {"base": base} | asked
    return _plain(result)


def _plain(result: Any) -> Arguments:
    plain: Arguments = TypeAdapter(type(result)).dump_python(result, mode="json")
    return plain


WORK: dict[JobKind, Work] = {
    JobKind.LOOK: look,
    JobKind.DESIGN: design,
    JobKind.EXPORT: export,
    JobKind.REVISE: revise,
}
