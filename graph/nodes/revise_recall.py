"""recall: take up a revision where it was delivered, from its documents, takes and stems."""

from langgraph.types import Overwrite

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.mix.rendition import Rendition
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.session.roles import documents_in
from foley_designer.core.session.session_record import SessionRecord
from foley_designer.core.session.store import Shelf
from foley_designer.graph.sounds import heal, kept_key
from foley_designer.graph.state import ReviseState, Update
from foley_designer.graph.workbench import Workbench


def recall(state: ReviseState, bench: Workbench) -> Update:
    """Start from the session's current revision.

    Raises:
        FoleyError: ``session_not_found`` if nothing was delivered, ``revision_conflict`` where
            ``base`` names another revision than the current one.
    """
    record = bench.session.finished()
    wanted = state.get("base")
    if wanted and wanted != record.revision:
        raise FoleyError(
            ErrorCode.REVISION_CONFLICT,
            f"The session is at revision {record.revision}, not at {wanted}.",
            "Look at the current script and ask again.",
        )
    return state_of(bench, record, str(record.revision))


def state_of(bench: Workbench, record: SessionRecord, revision: str) -> Update:
    """The graph's state as it was when a revision of the log was delivered.

    Raises:
        FoleyError: ``session_not_found`` if the log or the store lacks it, ``document_invalid``
            where a damaged take or stem of it can't be made again.
    """
    session = bench.session
    documents = session.documents_of(revision)
    rendition = bench.get(Rendition, documents["rendition"])
    heal(bench, revision)
    script = bench.get(FoleyScript, documents["script"])
    return {
        **documents_in(documents),
        "base": revision,
        "clip": record.inputs.clip_path,
        "script_path": record.inputs.script_path,
        "description": record.inputs.description,
        "request": rendition.request,
        "operations": [item.model_dump(mode="json") for item in rendition.operations],
        "takes": Overwrite({t.event_id: t.model_dump(mode="json") for t in rendition.takes}),
        "stems": {
            stem.event_id: {
                "file": str(session.store.place(Shelf.STEMS, kept_key(stem))),
                "gain_db": stem.gain_db,
            }
            for stem in rendition.stems
        },
        "notes": Overwrite([note.model_dump(mode="json") for note in rendition.notes]),
        "usage": Overwrite(dict(rendition.usage)),
        "kept": [event.id for event in script.events],
        "mix_round": 0,
    }
