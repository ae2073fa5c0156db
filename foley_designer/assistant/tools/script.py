"""foley_script_get, foley_script_submit: read the Foley script, and write or edit it oneself."""

import json
from typing import Annotated, Any

from mcp.server.mcpserver import MCPServer
from mcp.types import ToolAnnotations
from pydantic import Field, ValidationError

from foley_designer.assistant.failures import answering
from foley_designer.assistant.paths import Place
from foley_designer.assistant.submitted import submit, waiting
from foley_designer.core.documents import Part
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import Observation
from foley_designer.core.script.sound_event import SourceKind
from foley_designer.core.session.session import Session
from foley_designer.core.session.session_record import SessionRecord

MOST_BYTES = 1_000_000
MOST_EVENTS = 300
MOST_PROBLEMS = 12
SessionName = Annotated[str, Field(max_length=64)]


class ScriptAnswer(Part):
    """A Foley script as it stands."""

    session: str
    base: str
    """Hash of this script: foley_script_submit asks for it."""
    submitted: bool
    """Whether it was submitted and still waits to be performed."""
    script: dict[str, Any]


class SubmitAnswer(Part):
    """What will be performed."""

    session: str
    base: str
    """Hash of the submitted script."""
    events: int
    changed: tuple[str, ...]
    """Ids of events that are new or differ from the script before."""
    removed: tuple[str, ...]
    next_call: str


def add(server: MCPServer, place: Place) -> None:
    """Give the server the tools."""

    @server.tool(
        title="Read the Foley script",
        annotations=ToolAnnotations(
            read_only_hint=True, idempotent_hint=True, open_world_hint=False
        ),
    )
    @answering
    def foley_script_get(session: SessionName) -> ScriptAnswer:
        """Read a session's Foley script: what sounds, when, where, how it is played, and why.

        Times are seconds; azimuth is in degrees, positive to the left; distance in metres.
        """
        folder, record = place.designed(session)
        script, waits = current(folder, record)
        return ScriptAnswer(
            session=session,
            base=script.hash,
            submitted=waits,
            script=script.model_dump(mode="json"),
        )

    @server.tool(
        title="Submit a Foley script",
        annotations=ToolAnnotations(
            read_only_hint=False,
            destructive_hint=False,
            idempotent_hint=True,
            open_world_hint=False,
        ),
    )
    @answering
    def foley_script_submit(
        session: SessionName,
        base: Annotated[
            str, Field(pattern="^[0-9a-f]{64}$", description="As foley_script_get returned it.")
        ],
        script: Annotated[
            dict[str, Any], Field(description="The whole script, as foley_script_get shows it.")
        ],
    ) -> SubmitAnswer:
        """Check a whole Foley script that you wrote or edited; the next foley_design performs it.

        Keep clip as it is. Every problem is told with its place in the script.
        """
        folder, _ = place.designed(session)
        with folder.lock():
            _, record = place.designed(session)
            before, _ = current(folder, record)
            if base != before.hash:
                raise FoleyError(
                    ErrorCode.REVISION_CONFLICT, "The script has changed since it was read."
                )
            seen = folder.get(Observation, record.documents["observation"])
            edited = checked(script, before, seen)
            submit(folder, record, edited)
        old = {event.id: event for event in before.events}
        return SubmitAnswer(
            session=session,
            base=edited.hash,
            events=len(edited.events),
            changed=tuple(event.id for event in edited.events if old.get(event.id) != event),
            removed=tuple(old.keys() - {event.id for event in edited.events}),
            next_call=f"foley_design(session={session!r})",
        )


def current(session: Session, record: SessionRecord) -> tuple[FoleyScript, bool]:
    """The script that counts, and whether it still waits to be performed.

    Raises:
        FoleyError: ``session_not_found`` where none is written yet.
    """
    submitted = waiting(session, record)
    if submitted is not None:
        return submitted, True
    if "script" not in record.documents:
        raise FoleyError(ErrorCode.SESSION_NOT_FOUND, f"{session.root.name} has no script yet.")
    return session.get(FoleyScript, record.documents["script"]), False


def checked(data: dict[str, Any], before: FoleyScript, observation: Observation) -> FoleyScript:
    """The script, if it can be performed on this clip.

    Raises:
        FoleyError: ``document_invalid`` with every problem and its place.
    """
    if len(json.dumps(data)) > MOST_BYTES:
        raise _invalid([f"larger than {MOST_BYTES} bytes"])
    plain = {
        name: value for name, value in data.items() if name not in ("schema", "schema_version")
    }
    try:
        script = FoleyScript.model_validate(plain)
    except ValidationError as error:
        raise _invalid(_problems(error)) from error
    problems = []
    if script.clip != before.clip:
        problems.append("clip: must stay as foley_script_get shows it")
    if len(script.events) > MOST_EVENTS:
        problems.append(f"events: {len(script.events)} are more than {MOST_EVENTS}")
    tracks = {track.id for track in observation.tracks}
    for number, event in enumerate(script.events):
        source = event.source
        if source.kind is SourceKind.TRACK and source.track_id not in tracks:
            known = ", ".join(sorted(tracks)[:20]) or "none: use kind point or around"
            problems.append(
                f"events[{number}].source.track_id: no track {source.track_id!r}; known: {known}"
            )
    if problems:
        raise _invalid(problems)
    return script


def _problems(error: ValidationError) -> list[str]:
    """Each problem: where, what, and what was given; a list is not blamed for its items."""
    found = error.errors(include_url=False)
    places = [tuple(one["loc"]) for one in found]
    told = []
    for one, place in zip(found, places, strict=True):
        if any(other != place and other[: len(place)] == place for other in places):
            continue
        given = one.get("input")
        shown = f" (given: {given!r:.60})" if isinstance(given, str | int | float) else ""
        told.append(f"{_path(place) or 'script'}: {one['msg']}{shown}")
    return told


def _path(place: tuple[int | str, ...]) -> str:
    """A place as one writes it, such as ``events[2].hits[0].time_s``."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return "".join(steps).lstrip(".")


def _invalid(problems: list[str]) -> FoleyError:
    more = len(problems) - MOST_PROBLEMS
    tail = f"; and {more} more" if more > 0 else ""
    return FoleyError(
        ErrorCode.DOCUMENT_INVALID,
        f"The script can't be performed: {'; '.join(problems[:MOST_PROBLEMS])}{tail}.",
    )
