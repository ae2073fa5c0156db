"""foley_listen: what a design sounds like, in numbers, pictures and links; never audio bytes."""

from typing import Annotated

from mcp.server.mcpserver import MCPServer
from mcp.types import CallToolResult, ResourceLink, TextContent
from pydantic import Field

from foley_designer.assistant.annotations import READS
from foley_designer.assistant.comparison import RevisionComparison, compared
from foley_designer.assistant.failures import answering
from foley_designer.assistant.paths import Place, named
from foley_designer.assistant.summary import SessionSummary, summary
from foley_designer.core.documents import Part
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.mix import verdict as verdicts
from foley_designer.core.mix.features import Diagnosis
from foley_designer.core.mix.mix_plan import MixPlan
from foley_designer.core.mix.rendition import Rendition
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.core.script.trajectory import Cues
from foley_designer.core.session.session import Session
from foley_designer.core.session.session_record import SessionRecord

MIX = "mix_stereo.wav"
_KINDS = {
    ".wav": "audio/wav",
    ".mov": "video/quicktime",
    ".csv": "text/csv",
    ".html": "text/html",
    ".json": "application/json",
}


class StemMeasures(Part):
    """One stem as measured after processing, before its fader."""

    event_id: str
    label: str
    layer: str
    onsets_s: tuple[float, ...]
    azimuth_deg: tuple[float, float] | None
    """Where it begins and ends while it sounds; positive to the left."""
    distance_m: float | None
    integrated_lufs: float | None
    short_term_max_lufs: float | None
    true_peak_dbtp: float
    centroid_hz: float
    rt60_s: float | None
    fader_db: float
    masked_by: dict[str, float]
    """Event id to the share of this stem's energy that it covers, where over a tenth."""
    engine: str
    verdict: str | None
    """``approved`` or ``rejected`` by the editor, as it sounds now; None if nothing was said."""
    reasons: tuple[str, ...]


class ListenAnswer(Part):
    """Measurements of a session."""

    summary: SessionSummary
    stems: tuple[StemMeasures, ...]
    comparison: RevisionComparison | None = None
    """The current revision against the one that was asked for."""
    next_call: str


def add(server: MCPServer, place: Place) -> None:
    """Give the server the tool."""

    @server.tool(
        title="Listen to a design",
        annotations=READS,
    )
    @answering
    def foley_listen(
        session: Annotated[str, Field(max_length=64)],
        event_id: Annotated[
            str | None, Field(max_length=48, description="One stem; none takes the mix.")
        ] = None,
        against: Annotated[
            str | None,
            Field(max_length=80, description="Id or name of a revision to compare with (A/B)."),
        ] = None,
    ) -> Annotated[CallToolResult, ListenAnswer]:
        """Measure a finished design: loudness, peaks, places, masking; see it; get its files.

        Sound itself comes as links.
        """
        folder, record = place.designed(session)
        if record.mix is None:
            raise FoleyError(
                ErrorCode.SESSION_NOT_FOUND,
                f"{session} has no mix yet.",
                f"Call foley_design(session={session!r}).",
            )
        record = folder.whole()
        script = folder.get(FoleyScript, record.documents["script"])
        if event_id is not None and event_id not in [event.id for event in script.events]:
            known = ", ".join(event.id for event in script.events[:40])
            raise FoleyError(
                ErrorCode.OPTION_INVALID, f"There is no event {event_id!r}.", f"Known: {known}."
            )
        comparison = compared(folder, record, against) if against else None
        return _told(folder, record, script, event_id, comparison)


def _told(
    session: Session,
    record: SessionRecord,
    script: FoleyScript,
    event_id: str | None,
    comparison: RevisionComparison | None,
) -> CallToolResult:
    from foley_designer.assistant.pictures import png, sound_picture, timeline  # noqa: PLC0415

    name = named(session)
    told = summary(session, record)
    answer = ListenAnswer(
        summary=told,
        stems=measures(session, record, script, event_id),
        comparison=comparison,
        next_call=f"foley_revise(session={name!r}, …), or foley_export(session={name!r}, …)",
    )
    stems = {stem.event_id: stem.file for stem in record.stems}
    heard = stems[event_id] if event_id else MIX
    title = f"{name}: {script.event(event_id).label if event_id else 'stereo mix'}"
    picture = sound_picture(session.path(heard), script.clip.duration_s, title)
    return CallToolResult(
        content=[
            TextContent(type="text", text=answer.model_dump_json()),
            png(timeline(script, (event_id,) if event_id else ())),
            png(picture),
            *links(told.files, heard if event_id else None),
        ],
        structured_content=answer.model_dump(mode="json"),
    )


def links(files: dict[str, str], only: str | None = None) -> list[ResourceLink]:
    """Links to files, by their addresses on this machine."""
    return [
        ResourceLink(
            type="resource_link",
            name=name,
            uri=uri,
            mime_type=_KINDS.get(f".{name.rpartition('.')[2]}"),
        )
        for name, uri in files.items()
        if only in (None, name)
    ]


def measures(
    session: Session, record: SessionRecord, script: FoleyScript, event_id: str | None
) -> tuple[StemMeasures, ...]:
    """Measurements of all stems, or of one."""
    diagnosis = session.get(Diagnosis, record.documents["diagnosis_after"])
    cues = session.get(Cues, record.documents["cues"])
    plan = session.get(MixPlan, record.documents["plan"])
    stems = {stem.event_id: stem for stem in record.stems}
    kept = session.get(Rendition, record.documents["rendition"]).stems
    said, of_event = verdicts.load(session), {stem.event_id: stem for stem in kept}
    found = []
    for event in script.events:
        if event_id not in (None, event.id):
            continue
        features = diagnosis.of(event.id)
        covered = diagnosis.masking.get(event.id, {})
        found.append(
            StemMeasures(
                event_id=event.id,
                label=event.label,
                layer=event.layer.value,
                onsets_s=tuple(round(hit.time_s, 3) for hit in event.hits),
                azimuth_deg=_way(cues, event),
                fader_db=round(stems[event.id].gain_db, 2),
                masked_by={who: round(share, 3) for who, share in covered.items() if share > 0.1},
                engine=stems[event.id].engine,
                verdict=said.on(of_event[event.id]),
                reasons=(event.reason, *plan.of(event.id).reasons),
                **features.model_dump(
                    include={
                        "distance_m",
                        "integrated_lufs",
                        "short_term_max_lufs",
                        "true_peak_dbtp",
                        "centroid_hz",
                        "rt60_s",
                    }
                ),
            )
        )
    return tuple(found)


def _way(cues: Cues, event: SoundEvent) -> tuple[float, float] | None:
    where = cues.of(event.id)
    sounding = [a for a, on in zip(where.azimuth_deg, where.active, strict=True) if on]
    return (round(sounding[0], 1), round(sounding[-1], 1)) if sounding else None
