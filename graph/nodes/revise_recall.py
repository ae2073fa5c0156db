"""recall: take up a revision where it was delivered, from its documents, takes and stems."""

from langgraph.types import Overwrite

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.mix.rendition import Rendition
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.session.session import Session
from foley_designer.core.session.session_record import SessionRecord, Stage
from foley_designer.graph.nodes.deliver import ROLES
from foley_designer.graph.state import ReviseState, Update
from foley_designer.graph.workbench import Workbench


def recall(state: ReviseState, bench: Workbench) -> Update:
    """Start from the session's current revision.

    Raises:
        FoleyError: ``session_not_found`` where nothing was delivered, ``revision_conflict`` where
            ``base`` names another revision than the current one.
    """
    record = delivered(bench.session)
    wanted = state.get("base")
    if wanted and wanted != record.revision:
        raise FoleyError(
            ErrorCode.REVISION_CONFLICT,
            f"The session is at revision {record.revision}, not at {wanted}.",
            "Look at the current script and ask again.",
        )
    return state_of(bench, record, str(record.revision))


def delivered(session: Session) -> SessionRecord:
    """The record of a finished session.

    Raises:
        FoleyError: ``session_not_found``.
    """
    record = session.record()
    if record is None or record.stage is not Stage.DONE or record.revision is None:
        raise FoleyError(
            ErrorCode.SESSION_NOT_FOUND,
            f"{session.root} holds no finished design.",
            "Design a clip into this folder first: foley-designer design CLIP --out FOLDER.",
        )
    return record


def state_of(bench: Workbench, record: SessionRecord, revision: str) -> Update:
    """The graph's state as it was when a revision of the log was delivered.

    Raises:
        FoleyError: ``session_not_found`` where the log or the store lacks it.
    """
    session = bench.session
    documents = session.documents_of(revision)
    rendition = bench.get(Rendition, documents["rendition"])
    folder = session.hidden / "stems"
    script = bench.get(FoleyScript, documents["script"])
    return {
        **{role: documents[role] for role in ROLES if role in documents},
        "base": revision,
        "clip": record.inputs.clip_path,
        "script_path": record.inputs.script_path,
        "description": record.inputs.description,
        "request": rendition.request,
        "operations": [item.model_dump(mode="json") for item in rendition.operations],
        "takes": Overwrite({t.event_id: t.model_dump(mode="json") for t in rendition.takes}),
        "stems": {
            stem.event_id: {"file": str(folder / stem.file), "gain_db": stem.gain_db}
            for stem in rendition.stems
        },
        "notes": Overwrite([note.model_dump(mode="json") for note in rendition.notes]),
        "usage": Overwrite(dict(rendition.usage)),
        "kept": [event.id for event in script.events],
        "mix_round": 0,
    }
