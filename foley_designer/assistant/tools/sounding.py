"""foley_sound, foley_render: one sound alone, and a part of a mix, as files to listen to."""

from typing import Annotated

from mcp.server.mcpserver import MCPServer
from mcp.types import CallToolResult, ResourceLink, TextContent
from pydantic import Field

from foley_designer.assistant.annotations import WRITES
from foley_designer.assistant.failures import answering
from foley_designer.assistant.paths import Place
from foley_designer.core.documents import Part, content_hash
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.session.session import Session

LONGEST_SOUND_S = 30.0


class SoundAnswer(Part):
    """A sound file that was made."""

    file: str
    duration_s: float
    label: str
    onsets_s: tuple[float, ...] = ()
    notes: tuple[str, ...] = ()
    next_call: str


def add(server: MCPServer, place: Place) -> None:
    """Give the server the tools."""

    @server.tool(title="Make one sound", annotations=WRITES)
    @answering
    def foley_sound(
        session: Annotated[str, Field(max_length=64, description="Where the file is kept.")],
        text: Annotated[str, Field(min_length=1, max_length=400)],
        seconds: Annotated[float, Field(gt=0.2, le=LONGEST_SOUND_S)] = 4.0,
        onsets_s: Annotated[tuple[float, ...], Field(max_length=100)] = (),
        azimuth_deg: Annotated[float, Field(ge=-180, le=180)] = 0.0,
        distance_m: Annotated[float | None, Field(gt=0, le=1000)] = None,
    ) -> Annotated[CallToolResult, SoundAnswer]:
        """Perform one sound, such as "heavy boots on wet gravel, running", into a WAV."""
        from foley_designer.api.sounds import Glide, sound  # noqa: PLC0415 - heavy

        folder = place.session(session)
        folder.create()
        key = content_hash(text, seconds, list(onsets_s), azimuth_deg, distance_m)[:12]
        out = folder.path(f"sounds/{key}.wav")
        out.parent.mkdir(parents=True, exist_ok=True)
        made = sound(
            text,
            out,
            seconds=seconds,
            onsets_s=onsets_s,
            azimuth_deg=Glide(azimuth_deg, azimuth_deg),
            distance_m=None if distance_m is None else Glide(distance_m, distance_m),
        )
        return _told(
            SoundAnswer(
                file=f"sounds/{key}.wav",
                duration_s=round(seconds, 3),
                label=made.event.label,
                onsets_s=tuple(round(hit.time_s, 3) for hit in made.event.hits),
                notes=tuple(note.text for note in made.notes),
                next_call="foley_edit or foley_revise to have it in a design",
            ),
            folder,
        )

    @server.tool(title="Render a part of a mix", annotations=WRITES)
    @answering
    def foley_render(
        session: Annotated[str, Field(max_length=64)],
        from_s: Annotated[float, Field(ge=0)] = 0.0,
        to_s: Annotated[float | None, Field(gt=0)] = None,
        solo: Annotated[
            tuple[str, ...], Field(max_length=50, description="Event ids alone; none is the mix.")
        ] = (),
    ) -> Annotated[CallToolResult, SoundAnswer]:
        """Write a stretch of the delivered mix, or of some stems at their faders, as a WAV."""
        folder, _ = place.designed(session)
        name, seconds = _rendered(folder, from_s, to_s, solo)
        return _told(
            SoundAnswer(
                file=name,
                duration_s=round(seconds, 3),
                label=", ".join(solo) or "mix",
                next_call=f"foley_edit(session={session!r}, …)",
            ),
            folder,
        )


def _rendered(
    session: Session, from_s: float, to_s: float | None, solo: tuple[str, ...]
) -> tuple[str, float]:
    """Name and seconds of the written stretch.

    Raises:
        FoleyError: ``option_invalid`` for a stretch or an event that there is not.
    """
    from foley_designer.api.versions import version  # noqa: PLC0415 - heavy
    from foley_designer.core.clip import SAMPLE_RATE  # noqa: PLC0415
    from foley_designer.dsp.level.gains import db_to_gain  # noqa: PLC0415
    from foley_designer.export.audio.wav import read_wav, write_wav  # noqa: PLC0415

    now = version(session.root)
    end = min(to_s or now.script.clip.duration_s, now.script.clip.duration_s)
    if from_s >= end:
        raise FoleyError(ErrorCode.OPTION_INVALID, f"from_s {from_s} is not before to_s {end}.")
    unknown = [key for key in solo if key not in now.stems]
    if unknown:
        raise FoleyError(
            ErrorCode.OPTION_INVALID,
            f"There is no event {', '.join(unknown)}.",
            f"There are {', '.join(now.stems)}.",
        )
    part = slice(round(from_s * SAMPLE_RATE), round(end * SAMPLE_RATE))
    if solo:
        gains = [now.stems[key].gain_db + now.master_gain_db for key in solo]
        parts = [
            read_wav(now.stem(key))[:, part] * db_to_gain(g)
            for key, g in zip(solo, gains, strict=True)
        ]
        samples = sum(parts[1:], start=parts[0])
    else:
        samples = read_wav(now.mix)[:, part]
    key = content_hash(now.id, from_s, end, list(solo))[:12]
    out = session.path(f"renders/{key}.wav")
    out.parent.mkdir(parents=True, exist_ok=True)
    write_wav(out, samples)
    return f"renders/{key}.wav", end - from_s


def _told(answer: SoundAnswer, session: Session) -> CallToolResult:
    path = session.path(answer.file)
    return CallToolResult(
        content=[
            TextContent(type="text", text=answer.model_dump_json()),
            ResourceLink(
                type="resource_link", name=path.name, uri=path.as_uri(), mime_type="audio/wav"
            ),
        ],
        structured_content=answer.model_dump(mode="json"),
    )
