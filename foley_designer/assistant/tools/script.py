"""foley_script_get, foley_script_submit: read the Foley script, and write or edit it oneself."""

import json
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Annotated, Any

from mcp.server.mcpserver import MCPServer
from pydantic import Field, ValidationError

from foley_designer.assistant.annotations import READS, WRITES
from foley_designer.assistant.failures import answering
from foley_designer.assistant.paths import Place, named
from foley_designer.assistant.submitted import submit, waiting
from foley_designer.core.documents import Part
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import Observation
from foley_designer.core.script.sound_event import SoundEvent, SourceKind
from foley_designer.core.session.session import Session
from foley_designer.core.session.session_record import SessionRecord

MOST_BYTES = 1_000_000
MOST_EVENTS = 300
MOST_PROBLEMS = 12
ENGINES = ("auto", "synth", "library", "diffusion")
SessionName = Annotated[str, Field(max_length=64)]


class ScriptAnswer(Part):
    """A Foley script as it stands."""

    session: str
    base: str
    """Hash of this script: foley_script_submit asks for it."""
    submitted: bool
    """Whether it was submitted and still waits to be performed."""
    script: dict[str, Any]
    left_out: tuple[str, ...] = ()
    """Ids of events that are not shown: ask for them by ``events``."""


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
    _add_get(server, place)
    _add_submit(server, place)


def _add_get(server: MCPServer, place: Place) -> None:
    @server.tool(
        title="Read the Foley script",
        annotations=READS,
    )
    @answering
    def foley_script_get(
        session: SessionName,
        events: Annotated[
            tuple[str, ...], Field(max_length=100, description="Ids; none is all of them.")
        ] = (),
        from_s: Annotated[float | None, Field(ge=0)] = None,
        to_s: Annotated[float | None, Field(gt=0)] = None,
    ) -> ScriptAnswer:
        """Read a session's Foley script: what sounds, when, where, how it is played, and why.

        Seconds, metres, degrees (positive to the left). Defaults are left out. Read a long script
        by part: by events, or by time.
        """
        folder, record = place.designed(session)
        script, waits = current(folder, record)
        shown, left_out = shown_part(script, events, from_s, to_s)
        return ScriptAnswer(
            session=session, base=script.hash, submitted=waits, script=shown, left_out=left_out
        )


def _add_submit(server: MCPServer, place: Place) -> None:
    @server.tool(
        title="Submit a Foley script",
        annotations=WRITES,
    )
    @answering
    def foley_script_submit(
        session: SessionName,
        base: Annotated[
            str, Field(pattern="^[0-9a-f]{64}$", description="As foley_script_get returned it.")
        ],
        script: Annotated[dict[str, Any], Field(description="As foley_script_get shows it.")],
    ) -> SubmitAnswer:
        """Check a whole Foley script that you wrote or edited; the next foley_design performs it.

        Keep clip as it is. Every problem is told with its place.
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


MOST_TOKENS = 7000
"""Of one answer, at four characters a token."""


def shown_part(
    script: FoleyScript, events: tuple[str, ...], from_s: float | None, to_s: float | None
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """A script, or a part, with numbers to three decimals and no defaults; ids that don't fit in.

    Raises:
        FoleyError: ``option_invalid`` for an id that is none.
    """
    known = [event.id for event in script.events]
    unknown = [key for key in events if key not in known]
    if unknown:
        raise FoleyError(
            ErrorCode.OPTION_INVALID,
            f"There is no event {', '.join(unknown)}.",
            nearest(unknown[0], known),
        )
    begin, end = from_s or 0.0, to_s or script.clip.duration_s + 1.0
    whole = not events and from_s is None and to_s is None
    head = script.model_dump(mode="json", exclude={"events", "notes"})
    shown: dict[str, Any] = _rounded(head) | {"events": []}
    left, size = [], len(json.dumps(shown))
    for event in script.events:
        if events and event.id not in events:
            continue
        if not whole and not (event.start_s < end and event.end_s >= begin):
            continue
        plain = _rounded(event.model_dump(mode="json", exclude_defaults=True))
        plain |= {"layer": event.layer.value}
        size += len(json.dumps(plain))
        if size > 4 * MOST_TOKENS and shown["events"]:
            left.append(event.id)
        else:
            shown["events"].append(plain)
    return shown, tuple(left)


def nearest(word: str, known: Sequence[str]) -> str:
    """The likest of known words, as a hint."""
    found = get_close_matches(word, known, n=3, cutoff=0.5) or list(known)[:20]
    return f"Nearest: {', '.join(found)}." if found else ""


def _rounded(value: Any) -> Any:
    """Plain data with its numbers to three decimals."""
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    return [_rounded(one) for one in value] if isinstance(value, list) else value


def current(session: Session, record: SessionRecord) -> tuple[FoleyScript, bool]:
    """The script that counts, and whether it still waits to be performed.

    Raises:
        FoleyError: ``session_not_found`` if none is written yet.
    """
    submitted = waiting(session, record)
    if submitted is not None:
        return submitted, True
    if "script" not in record.documents:
        raise FoleyError(ErrorCode.SESSION_NOT_FOUND, f"{named(session)} has no script yet.")
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
        raise _invalid([*_problems(error), *_more_problems(plain, before)]) from error
    script = _as_exact(script, before)
    raise_for(script, before, observation)
    return script


def _more_problems(plain: dict[str, Any], before: FoleyScript) -> list[str]:
    """What else is wrong of a script that has not even its form: cards, surfaces and engines."""
    kept = {event.id: event for event in before.events}
    found: list[str] = []
    events = plain.get("events")
    for number, data in enumerate(events if isinstance(events, list) else ()):
        try:
            event = SoundEvent.model_validate(data)
        except ValidationError:
            continue
        if kept.get(event.id) != event:
            found += [f"events[{number}].{told}" for told in _unknown(event)]
    return found


def _as_exact(script: FoleyScript, before: FoleyScript) -> FoleyScript:
    """The script with what was shown rounded, and came back unchanged, as exact as it was."""
    kept = {event.id: event for event in before.events}

    def exact(event: SoundEvent) -> SoundEvent:
        was = kept.get(event.id)
        same = was is not None and _plain(event) == _plain(was)
        return was if same and was is not None else event

    clip = before.clip if _plain(script.clip) == _plain(before.clip) else script.clip
    events = tuple(exact(event) for event in script.events)
    return script.model_copy(update={"clip": clip, "events": events})


def _plain(part: Part) -> Any:
    return _rounded(part.model_dump(mode="json"))


def raise_for(script: FoleyScript, before: FoleyScript, observation: Observation) -> None:
    """Refuse what can't be performed, with every problem and the nearest valid values.

    Raises:
        FoleyError: ``document_invalid``.
    """
    problems = []
    if script.clip != before.clip:
        problems.append("clip: must stay as foley_script_get shows it")
    if len(script.events) > MOST_EVENTS:
        problems.append(f"events: {len(script.events)} are more than {MOST_EVENTS}")
    kept = {event.id: event for event in before.events}
    tracks = tuple(sorted(track.id for track in observation.tracks))
    for number, event in enumerate(script.events):
        source = event.source
        if source.kind is SourceKind.TRACK and source.track_id not in tracks:
            known = ", ".join(tracks[:20]) or "none: use kind point or around"
            where = f"events[{number}].source.track_id"
            problems.append(f"{where}: no track {source.track_id!r}; known: {known}")
        if kept.get(event.id) != event:
            problems += [f"events[{number}].{told}" for told in _unknown(event)]
    if problems:
        raise _invalid(problems)


def _unknown(event: SoundEvent) -> list[str]:
    """Cards, surface and engine of an event that nobody knows, each with the nearest known."""
    from foley_designer.agents import lexicon  # noqa: PLC0415 - loads little by little
    from foley_designer.memory import knowledge_base  # noqa: PLC0415

    cards = [card.id for card in knowledge_base.load().cards]
    surfaces = sorted({*lexicon.SURFACES.values(), *lexicon.MATERIALS.values()})
    found = [
        f"cards: no card {card!r}. {nearest(card, cards)}"
        for card in event.cards
        if card not in cards
    ]
    surface, engine = event.performance.surface, event.engine
    if surface and surface not in surfaces:
        found.append(f"performance.surface: {surface!r} is not known. {nearest(surface, surfaces)}")
    if engine and engine.partition(":")[0] not in ENGINES:
        found.append(f"engine: no engine {engine!r}. {nearest(engine, ENGINES)}")
    return found


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
