"""The library's door: design a clip, look at its cues, write its script."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foley_designer.api.revisions import deliver_again
from foley_designer.core.documents import content_hash
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import expanded
from foley_designer.core.note import Note, NoteKind
from foley_designer.core.progress import Progress, silent
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import Observation
from foley_designer.core.script.scenes_file import FILE as SCENES_FILE
from foley_designer.core.script.trajectory import Cues
from foley_designer.core.session.session import Session
from foley_designer.core.session.session_record import DesignInputs, SessionRecord, Stage
from foley_designer.core.settings import Settings


@dataclass(frozen=True)
class Request:
    """What is to be designed."""

    clip: Path
    script: Path | None = None
    """Screenplay: Fountain, FDX, prose, VTT or SRT."""
    description: str | None = None
    """What happens, in a person's words."""
    spotting: Path | None = None
    """Verdicts on moments, by someone who looked at their strips."""
    scenes: Path | None = None
    """The film's scenes, as a design wrote them and a person edited them."""


@dataclass(frozen=True)
class Sketch:
    """What is known before anything sounds."""

    observation: Observation
    script: FoleyScript
    cues: Cues
    notes: tuple[Note, ...]


def design(
    request: Request,
    out: Path,
    *,
    settings: Settings | None = None,
    progress: Progress = silent,
    replace: bool = False,
    script: FoleyScript | None = None,
) -> SessionRecord:
    """Design a clip's Foley into a session folder, or go on where an earlier run stopped.

    Args:
        request: clip, and what is known about it.
        out: the session's folder.
        settings: None takes environment and configuration file.
        progress: called with how far the work is.
        replace: give up what the folder held for other inputs.
        script: a Foley script that is performed in place of the one that the search writes.

    Raises:
        FoleyError: ``clip_*``, ``script_*`` for bad input; ``session_busy``,
            ``session_mismatch``; ``disk_full``, ``output_not_writable``; ``part_missing``;
            ``document_invalid`` if a revised session is damaged beyond what can be made again.
    """
    settings = settings or Settings()
    with _opened(request, out, settings, replace) as (session, record):
        done = record.stage is Stage.DONE
        if done and (script is None or record.documents["script"] == script.hash):
            changed = session.changed(record)
            if not changed:
                return record
            again = None if replace else _healed(session, record, changed, settings, progress)
            if again:
                return again
        _run(session, request, settings, record.inputs, progress, script=script)
        return session.finished()


def write(
    request: Request,
    out: Path,
    *,
    settings: Settings | None = None,
    progress: Progress = silent,
    replace: bool = False,
) -> SessionRecord:
    """Design up to the Foley script and keep it in the session, to be read, edited, performed.

    A session that is further on stays as it is. Arguments and errors are those of `design`.
    """
    settings = settings or Settings()
    with _opened(request, out, settings, replace) as (session, record):
        if "script" in record.documents:
            return record
        state = _run(session, request, settings, record.inputs, progress, until="write")
        roles = ("observation", "brief", "text", "search", "script")
        written = record.model_copy(
            update={
                "stage": Stage.SCRIPTED,
                "clip": session.get(Observation, state["observation"]).clip,
                "documents": {role: state[role] for role in roles},
                "notes": tuple(Note.model_validate(item) for item in state.get("notes", [])),
            }
        )
        session.save(written)
    return written


def sketch(
    request: Request, *, settings: Settings | None = None, progress: Progress = silent
) -> Sketch:
    """Script and cues of a clip, without sound; nothing is left on disk. Raises as `design`."""
    settings = settings or Settings()
    with tempfile.TemporaryDirectory(prefix="foley-") as folder:
        session = Session(Path(folder))
        session.create()
        state = _run(session, request, settings, _inputs(request, settings), progress, until="cue")
        return Sketch(
            observation=session.get(Observation, state["observation"]),
            script=session.get(FoleyScript, state["script"]),
            cues=session.get(Cues, state["cues"]),
            notes=tuple(Note.model_validate(item) for item in state.get("notes", [])),
        )


def observe(
    request: Request,
    folder: Path,
    *,
    settings: Settings | None = None,
    progress: Progress = silent,
) -> Brief:
    """What is seen of a clip and what its words are, in a session's folder. Raises as `design`."""
    settings = settings or Settings()
    session = Session(folder)
    session.create()
    inputs = _inputs(request, settings)
    state = _run(session, request, settings, inputs, progress, until="inspect")
    brief: Brief = session.get(Brief, state["brief"])
    return brief


@contextmanager
def _opened(
    request: Request, out: Path, settings: Settings, replace: bool
) -> Iterator[tuple[Session, SessionRecord]]:
    """Hold the session that belongs to these inputs; raises as `design`."""
    inputs = _inputs(request, settings)
    if settings.tools_url is None:
        _require_engine(settings.engine)
    session = Session(out)
    session.create()
    with session.lock():
        record = session.record()
        other = record is not None and record.inputs != inputs
        if record is not None and other and record.stage is not Stage.STARTED and not replace:
            raise FoleyError(
                ErrorCode.SESSION_MISMATCH,
                f"{out} holds the design of {record.inputs.clip_path} with other "
                f"{_others(record.inputs, inputs)}.",
                "Choose another --out, or pass --replace to design anew in this folder.",
            )
        if record is None or other:
            follows = record if record is not None and _corrects(session, record, inputs) else None
            record = SessionRecord(
                generator=_generator(), inputs=inputs, revision=follows and follows.revision
            )
            session.save(record)
        yield session, record


def _corrects(session: Session, record: SessionRecord, inputs: DesignInputs) -> bool:
    """Whether a design differs by the session's own scenes alone: a revision, to be undone."""
    own = str(session.path(SCENES_FILE))
    kept = {"scenes_path": None, "scenes_sha256": None}
    return inputs.scenes_path == own and record.inputs.model_copy(update=kept) == inputs.model_copy(
        update=kept
    )


def _others(before: DesignInputs, after: DesignInputs) -> str:
    """What differs between two designs' inputs, in words."""
    given = {"clip": "clip_sha256", "screenplay": "script_sha256", "spotting": "spotting_sha256"}
    given |= {"description": "description"}
    changed = {
        word for word, name in given.items() if getattr(before, name) != getattr(after, name)
    }
    for was, now in ((before.settings, after.settings), (before.contents, after.contents)):
        changed |= {name for name in was.keys() | now if was.get(name) != now.get(name)}
    return ", ".join(sorted(changed)) or "paths"


def _healed(
    session: Session,
    record: SessionRecord,
    changed: Sequence[str],
    settings: Settings,
    progress: Progress,
) -> SessionRecord | None:
    """The current revision delivered again, with a note of what was put back.

    None if the store lacks too much of it and the design can be made anew: it is unrevised.
    """
    try:
        made = deliver_again(session, record, settings, progress)
    except FoleyError as error:
        beyond = error.code in (ErrorCode.DOCUMENT_INVALID, ErrorCode.SESSION_NOT_FOUND)
        if not beyond or len(session.revisions()) > 1:
            raise
        return None
    text = f"Changed or removed since it was delivered, and put back: {', '.join(changed)}."
    if made:
        text += f" Made again: {', '.join(made)}."
    text += " To keep an edit, save it under another name."
    note = Note(kind=NoteKind.ADVICE, step="deliver", text=text)
    again = session.finished()
    return again.model_copy(update={"notes": (*again.notes, note)})


def _require_engine(name: str) -> None:
    from foley_designer.generator.registry import require  # noqa: PLC0415 - loads the engines' room

    require(name)


def _inputs(request: Request, settings: Settings) -> DesignInputs:
    from foley_designer.graph.inputs import design_inputs  # noqa: PLC0415 - loads the graph

    return design_inputs(
        request.clip,
        request.script,
        request.description,
        settings,
        request.spotting,
        request.scenes,
    )


def _run(
    session: Session,
    request: Request,
    settings: Settings,
    inputs: DesignInputs,
    progress: Progress,
    until: str | None = None,
    script: FoleyScript | None = None,
) -> dict[str, Any]:
    """Run the graph from its last checkpoint; return the final state.

    With a script, what follows the writing runs again from that script.
    """
    from foley_designer.graph.benches import set_up  # noqa: PLC0415 - two seconds to load
    from foley_designer.graph.build import RECURSION_LIMIT, build_graph  # noqa: PLC0415
    from foley_designer.graph.checkpoints import checkpoints  # noqa: PLC0415

    clip = expanded(request.clip).absolute()
    bench = set_up(session, settings, clip)
    thread = content_hash(_generator(), inputs, bench.team.provenance())[:32]
    config: Any = {
        "configurable": {"thread_id": thread},
        "recursion_limit": RECURSION_LIMIT,
        "max_concurrency": max(2, settings.llm_parallel) if settings.uses_model else 2,
    }
    start: Any = {
        "session": str(session.root),
        "clip": str(clip),
        "script_path": inputs.script_path,
        "description": inputs.description,
        "spotting_path": inputs.spotting_path,
        "scenes_path": inputs.scenes_path,
    }
    with checkpoints(session) as saver:
        graph = build_graph(lambda _: bench).compile(checkpointer=saver)
        earlier = graph.get_state(config)
        resumes = bool(earlier.next) and _stored(session, earlier.values)
        if not resumes and script is None:
            saver.delete_thread(thread)  # or the new run would go on from the old one's values
        if resumes:
            bench.team.budget.restore(earlier.values.get("usage", {}))
        first = None if resumes else start
        if script is None:
            _go(graph, first, config, until, progress)
        else:
            if not _approval(graph, config):
                _go(graph, first, config, "write", progress)
            written = _approval(graph, config).config
            update = {"script": session.put(script)}
            changed = graph.update_state(written, update, as_node="approve_script")
            _go(graph, None, changed, None, progress)
        return dict(graph.get_state(config).values)


def _stored(session: Session, values: dict[str, Any]) -> bool:
    """Whether the store holds, unchanged, every document that a state names."""
    from foley_designer.core.session.roles import ROLES  # noqa: PLC0415

    try:
        for role in ROLES.keys() & values.keys():
            session.get(ROLES[role], values[role])
    except FoleyError:
        return False
    return True


def _go(graph: Any, entry: Any, config: Any, until: str | None, progress: Progress) -> None:
    """Stream the graph to its end, or until a node is done, and pass its reports on."""
    stream = graph.stream(
        entry,
        config,
        stream_mode="custom",
        subgraphs=True,
        interrupt_after=[until] if until else None,
        durability="sync",
    )
    for _, event in stream:
        progress(event["step"], event["fraction"], event["message"])


def _approval(graph: Any, config: Any) -> Any:
    """The newest checkpoint at which the script was written and not yet performed, or None."""
    history = graph.get_state_history(config)
    return next((point for point in history if point.next == ("approve_script",)), None)


def _generator() -> str:
    from foley_designer import __version__  # noqa: PLC0415

    return f"foley-designer {__version__}"
