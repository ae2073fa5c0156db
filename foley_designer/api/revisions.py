"""The library's door for revisions: ask, see what it does, hear it, take it back."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter

from foley_designer.api.measured_stems import Heard, StemChange, heard
from foley_designer.core.choices import DECISIVE
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.mix.features import Diagnosis
from foley_designer.core.mix.mix_loudness import MixLoudness
from foley_designer.core.mix.mix_plan import MixPlan
from foley_designer.core.mix.rendition import Rendition
from foley_designer.core.progress import Progress, silent
from foley_designer.core.revision.diff import Diff
from foley_designer.core.revision.operations import Operation
from foley_designer.core.session.session import Session
from foley_designer.core.session.session_record import SessionRecord
from foley_designer.core.settings import Settings

Approve = Callable[[Diff], bool]
Choose = Callable[[str, Sequence[str]], int | None]
"""Gets a question and its answers; returns an answer's number from 1, or None."""


@dataclass(frozen=True)
class RevisionResult:
    """What a request did."""

    revision: str
    """The session's current revision."""
    operations: tuple[Operation, ...] = ()
    diff: Diff | None = None
    """None if the request changed no script: undo, redo, a preference."""
    stems: tuple[StemChange, ...] = ()
    mix: tuple[MixLoudness, MixLoudness] | None = None
    """The stereo mix before and after; None if nothing was rendered."""
    preference: str = ""
    """What was remembered for good, such as ``quieter_db = 4`` or ``take quiet door``."""


@dataclass(frozen=True)
class Proposal:
    """What a request would do. Hand ``operations`` and ``base`` to `revise` to have it done."""

    base: str
    operations: tuple[Operation, ...]
    diff: Diff | None
    question: str = ""
    options: tuple[str, ...] = ()
    """Readings to choose from, where the request has several."""
    command: str = ""
    """``undo``, ``redo``, ``restore`` or ``name`` if the request is that; `revise` with the
    same words has it done."""
    preference: str = ""
    """What would be remembered for good, as in `RevisionResult`."""


@dataclass(frozen=True)
class Revision:
    """An entry of the session's log."""

    id: str
    parent: str | None
    request: str
    operations: tuple[Operation, ...]
    is_current: bool
    names: tuple[str, ...] = ()


def revise(
    folder: Path,
    request: str | Sequence[Operation],
    *,
    approve: Approve | Literal[True],
    choose: Choose | None = None,
    confirm: Approve | None = None,
    base: str | None = None,
    focus: Sequence[str] = (),
    words: str = "",
    pending: str = "",
    settings: Settings | None = None,
    progress: Progress = silent,
) -> RevisionResult:
    """Change a finished session as asked; only what the change touches is rendered.

    Args:
        folder: the session's.
        request: plain words, or operations.
        approve: shown the diff, says whether to go on; True goes on.
        choose: answers where words have several readings; None refuses those.
        confirm: asked, though approve is True, before words delete several sounds or do what a
            model read out of them and they don't surely say; None refuses.
        base: the revision that the request is about; another current one is a conflict.
        focus: events that "it" means.
        words: that operations stand for, told in the log.
        pending: a request that was asked back, which this one may answer.
        settings: for what the session does not fix, such as folders.
        progress: called with how far the work is.

    Raises:
        FoleyError: ``revision_unclear``, ``revision_invalid``, ``revision_conflict``;
            ``needs_review`` if it was not approved or no reading chosen; ``session_busy``,
            ``session_not_found``; ``disk_full``, ``output_not_writable``. The session is then as
            it was.
    """
    start: dict[str, Any] = {
        "focus": list(focus),
        "approved": approve is True,
        "pending": pending,
    }
    if base is not None:
        start["base"] = base
    if isinstance(request, str):
        start["asked"] = request
    else:
        operations = _operations().validate_python(tuple(request))
        start["asked_operations"] = [item.model_dump(mode="json") for item in operations]
        start |= {"asked": words} if words else {}

    def answer(question: dict[str, Any]) -> dict[str, Any]:
        if "ask" in question:
            return {"choose": choose(question["ask"], question["options"]) if choose else None}
        ask = confirm if approve is True else approve
        return {"approve": ask is not None and ask(Diff.model_validate(question["diff"]))}

    with _opened(folder) as session:
        before = session.finished()
        state = _run(session, before, start, answer, settings, progress)
        return _result(session, before, session.finished(), state)


def propose(
    folder: Path,
    request: str,
    *,
    choice: int | None = None,
    focus: Sequence[str] = (),
    settings: Settings | None = None,
) -> Proposal:
    """What a request would do; the session stays as it is. Raises as `revise` does.

    Args:
        folder: the session's.
        request: plain words.
        choice: number, from 1, of the reading that is meant where the words have several.
        focus: events that "it" means.
        settings: for what the session does not fix, such as folders.
    """
    asked: list[dict[str, Any]] = []

    def look(question: dict[str, Any]) -> dict[str, Any]:
        asked.append(question)
        if "ask" in question and choice is not None:
            return {"choose": choice}
        return {"approve": False}  # an empty answer would be none, and the question come again

    with _opened(folder) as session:
        record = session.finished()
        start = {"asked": request, "focus": list(focus), "looks_only": True}
        state: dict[str, Any] = {}
        try:
            state = _run(session, record, start, look, settings, silent)
        except FoleyError as error:
            if error.code is not ErrorCode.NEEDS_REVIEW:
                raise
        question = asked[-1] if asked else {}
        understood = state.get("understanding", {})
        return Proposal(
            base=str(record.revision),
            operations=_operations().validate_python(question.get("operations", ())),
            diff=Diff.model_validate(question["diff"]) if "diff" in question else None,
            question=question.get("ask", ""),
            options=tuple(question.get("options", ())),
            command=understood.get("command") or "",
            preference=_stated(understood),
        )


def undo(
    folder: Path, *, settings: Settings | None = None, progress: Progress = silent
) -> RevisionResult:
    """Deliver the revision before again, byte for byte. Raises as `revise` does."""
    return _step(folder, {"command": "undo"}, settings, progress)


def redo(
    folder: Path, *, settings: Settings | None = None, progress: Progress = silent
) -> RevisionResult:
    """Deliver the latest revision of the current one again. Raises as `revise` does."""
    return _step(folder, {"command": "redo"}, settings, progress)


def go_to(
    folder: Path,
    revision: str,
    *,
    settings: Settings | None = None,
    progress: Progress = silent,
) -> RevisionResult:
    """Deliver any revision of the log again, by id or name. Raises as `revise` does."""
    return _step(folder, {"command": "restore", "wanted": revision}, settings, progress)


def history(folder: Path) -> tuple[Revision, ...]:
    """All revisions, oldest first.

    Raises:
        FoleyError: ``session_not_found``.
    """
    session = Session(folder)
    current = session.finished().revision
    found, names = [], session.names()
    for entry in session.revisions():
        rendition = None
        if "rendition" in entry.documents:
            rendition = session.get(Rendition, entry.documents["rendition"])
        found.append(
            Revision(
                id=entry.id,
                parent=entry.parent,
                request=entry.reason,
                operations=rendition.operations if rendition else (),
                is_current=entry.id == current,
                names=tuple(name for name, one in names.items() if one == entry.id),
            )
        )
    return tuple(found)


@cache
def _operations() -> TypeAdapter[tuple[Operation, ...]]:
    """Reads operations from plain data; it takes 0.1 s to make."""
    return TypeAdapter(tuple[Operation, ...])


_benches: dict[str, Any] = {}
"""Workbenches of the revisions that run, by session's folder; a session's lock lets one run."""


@cache
def _compiled() -> Any:
    """The revision's graph, whose nodes find their workbench by the session; 0.15 s to make."""
    from foley_designer.graph.revise import build_revision_graph  # noqa: PLC0415 - heavy

    return build_revision_graph(lambda state: _benches[state["session"]]).compile()


@contextmanager
def _opened(folder: Path) -> Iterator[Session]:
    """A finished session under its lock."""
    session = Session(folder)
    session.finished()
    with session.lock():
        yield session


def deliver_again(
    session: Session, record: SessionRecord, settings: Settings | None, progress: Progress
) -> tuple[str, ...]:
    """Deliver the current revision again, and say which of its takes and stems had to be made anew.

    Raises:
        FoleyError: ``document_invalid``, ``session_not_found`` if what made it is lost.
    """
    state = _run(session, record, {"command": "restore"}, lambda _: {}, settings, progress)
    return tuple(state["healed"])


def made_whole(
    folder: Path, *, settings: Settings | None = None, progress: Progress = silent
) -> tuple[str, ...]:
    """Put back what was changed in a finished session since it was delivered; return its files.

    Raises:
        FoleyError: ``session_not_found``, ``session_busy``; as `deliver_again`.
    """
    session = Session(folder)
    record = session.finished()
    changed = session.changed(record)
    if changed:
        with session.lock():
            deliver_again(session, record, settings, progress)
    return changed


def _step(
    folder: Path,
    start: dict[str, Any],
    settings: Settings | None,
    progress: Progress,
) -> RevisionResult:
    with _opened(folder) as session:
        before = session.finished()
        _run(session, before, start, lambda _: {}, settings, progress)
        after = session.finished()
        assert before.mix is not None
        assert after.mix is not None
        return RevisionResult(
            revision=str(after.revision), mix=(before.mix.stereo, after.mix.stereo)
        )


def _run(
    session: Session,
    record: SessionRecord,
    start: dict[str, Any],
    answer: Callable[[dict[str, Any]], dict[str, Any]],
    settings: Settings | None,
    progress: Progress,
) -> dict[str, Any]:
    """Run the revision's graph to its end, answering where it stops to ask."""
    from langgraph.checkpoint.memory import InMemorySaver  # noqa: PLC0415 - heavy
    from langgraph.types import Command  # noqa: PLC0415

    from foley_designer.graph.benches import set_up  # noqa: PLC0415
    from foley_designer.graph.build import RECURSION_LIMIT  # noqa: PLC0415

    clip = Path(record.inputs.clip_path)
    own, hearing = settings_of(record, settings), settings or Settings()
    bench = set_up(session, own, clip, hearing)
    key = str(session.root)
    graph = _compiled().copy(update={"checkpointer": InMemorySaver()})
    if start != {"command": "restore"} and session.changed(record):
        # A revision was stopped while it was being delivered, or a file was edited in place.
        bench.healed.extend(deliver_again(session, record, settings, silent))
    config: Any = {"configurable": {"thread_id": "revision"}, "recursion_limit": RECURSION_LIMIT}
    ask: Any = {"session": key, **start}
    _benches[key] = bench
    try:
        while True:
            stream: Any = graph.stream(ask, config, stream_mode="custom", subgraphs=True)
            for _, event in stream:
                progress(event["step"], event["fraction"], event["message"])
            state = graph.get_state(config)
            if not state.interrupts:
                return dict(state.values) | {"healed": bench.healed}
            ask = Command(resume=answer(state.interrupts[0].value))
    finally:
        _benches.pop(key, None)


def settings_of(record: SessionRecord, settings: Settings | None) -> Settings:
    """Settings with what the session was designed with."""
    told = {name: value for name, value in record.inputs.settings.items() if name in DECISIVE}
    own = (settings or Settings()).model_dump() | told  # a session says nothing of addresses
    return Settings.model_validate(own)


def _result(
    session: Session, before: SessionRecord, after: SessionRecord, state: dict[str, Any]
) -> RevisionResult:
    understood = state["understanding"]
    if kept := _stated(understood):
        return RevisionResult(revision=str(after.revision), preference=kept)
    assert before.mix is not None
    assert after.mix is not None
    levels = (before.mix.stereo, after.mix.stereo)
    if "diff" not in state:
        return RevisionResult(revision=str(after.revision), mix=levels)
    diff = Diff.model_validate(state["diff"])
    touched = dict.fromkeys((*diff.rendered, *diff.planned, *diff.mixed, *diff.removed))
    was, now = (_heard(session, record) for record in (before, after))
    return RevisionResult(
        revision=str(after.revision),
        operations=_operations().validate_python(state["operations"]),
        diff=diff,
        stems=tuple(StemChange(key, was.get(key), now.get(key)) for key in touched),
        mix=levels,
    )


def _heard(session: Session, record: SessionRecord) -> dict[str, Heard]:
    """Each stem of a record as it was measured."""
    documents = record.documents
    return heard(
        session.get(Diagnosis, documents["diagnosis_after"]),
        session.get(MixPlan, documents["plan"]),
    )


def _stated(understood: dict[str, Any]) -> str:
    """What is for good, in words; empty if nothing is."""
    if understood.get("command") == "name":
        return f"take {understood['name']}"
    stated = understood.get("preference")
    return f"{stated['key']} = {stated['value']}" if stated else ""
