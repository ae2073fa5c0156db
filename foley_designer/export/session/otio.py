"""OpenTimelineIO, and Final Cut Pro 7 XML through its adapter: picture, stems, markers."""

from math import ceil
from pathlib import Path
from typing import Any
from urllib.parse import quote

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import replacing, write_text
from foley_designer.core.mix import marker
from foley_designer.core.note import Note, NoteKind
from foley_designer.core.session.session import Session
from foley_designer.core.timecode import frame_at
from foley_designer.export.audio.bwf import length
from foley_designer.export.delivery import STEP, Delivery, Track
from foley_designer.export.session.regions import Region, regions


def write_otio(delivery: Delivery, path: Path) -> None:
    """Write an ``.otio`` timeline whose clips point at the delivery's stems, relative to it.

    Raises:
        FoleyError: ``part_missing`` without opentimelineio; ``sound_unreadable``; or as
            `replacing` raises.
    """
    otio = library()
    text = otio.adapters.write_to_string(timeline(delivery, None), "otio_json")
    write_text(path, text + "\n")


def write_fcp7(delivery: Delivery, path: Path, out_dir: Path) -> None:
    """Write Final Cut Pro 7 XML, which names media by address alone; raises as `write_otio`.

    Args:
        delivery: what is delivered.
        path: the file to write.
        out_dir: the folder in which the delivery will lie.
    """
    otio = library("fcp_xml")
    made = timeline(delivery, out_dir)
    with replacing(path) as temporary:
        temporary.write_text(otio.adapters.write_to_string(made, "fcp_xml"))


def library(adapter: str = "otio_json") -> Any:
    """Opentimelineio with an adapter; raises FoleyError ``part_missing`` without them."""
    otio = _opentimelineio()
    if adapter not in otio.adapters.available_adapter_names():
        raise _missing(f"OpenTimelineIO's adapter {adapter}")
    return otio


def _opentimelineio() -> Any:
    try:
        import opentimelineio  # noqa: PLC0415
    except ImportError as error:
        raise _missing("opentimelineio") from error
    return opentimelineio


def _missing(name: str) -> FoleyError:
    return FoleyError(
        ErrorCode.PART_MISSING,
        f"{name} is not installed.",
        'Run: pip install "foley-designer[export]"',
    )


def timeline(delivery: Delivery, out_dir: Path | None) -> Any:
    """An ``otio.schema.Timeline``: a video track, then an audio track for each stem.

    Clips sit at the frames that hold their regions; markers at every hit.

    Args:
        delivery: what is delivered.
        out_dir: where the stems will lie, for addresses; None names them relative to there.
    """
    otio = _opentimelineio()
    start = otio.opentime.RationalTime(delivery.origin, float(delivery.rate))
    made = otio.schema.Timeline(name=delivery.film, global_start_time=start)
    moving = otio.schema.Track(name="Picture", kind=otio.schema.TrackKind.Video)
    moving.append(
        otio.schema.Clip(
            name=delivery.clip.name,
            media_reference=_picture(otio, delivery),
            source_range=_range(otio, delivery, 0, delivery.frame_count),
        )
    )
    made.tracks.append(moving)
    for track in delivery.tracks:
        made.tracks.append(_audio_track(otio, delivery, track, out_dir))
    made.tracks.markers.extend(_comments(otio, delivery))
    return made


def _comments(otio: Any, delivery: Delivery) -> list[Any]:
    """What was said on the review page, at its time."""
    said = marker.load(Session(delivery.root)).markers
    return [
        otio.schema.Marker(
            name=one.text[:80],
            comment=one.text,
            color="YELLOW",
            marked_range=_range(
                otio,
                delivery,
                frame_at(one.time_s, delivery.rate),
                frame_at(one.time_s, delivery.rate),
            ),
            metadata={"foley_designer": {"event": one.event_id or ""}},
        )
        for one in said
    ]


def _picture(otio: Any, delivery: Delivery) -> Any:
    """The clip where it lies; nothing if it is no single file, or gone."""
    picture = Path(delivery.record.inputs.clip_path)
    if not picture.is_file():
        return otio.schema.MissingReference(name=delivery.clip.name)
    frames = (0, delivery.frame_count)
    return _media(otio, delivery, picture.resolve().as_uri(), delivery.clip.name, frames)


def picture_notes(delivery: Delivery) -> tuple[Note, ...]:
    """Tell that a timeline has no picture."""
    if Path(delivery.record.inputs.clip_path).is_file():
        return ()
    text = f"Timelines name no picture: {delivery.clip.name} is no single file, or gone."
    return (Note(kind=NoteKind.OPEN_POINT, step=STEP, text=text),)


def _audio_track(otio: Any, delivery: Delivery, track: Track, out_dir: Path | None) -> Any:
    lane = otio.schema.Track(name=track.name, kind=otio.schema.TrackKind.Audio)
    lane.enabled = track.event.id not in delivery.script.silenced
    if not lane.enabled:
        lane.metadata["fcp_xml"] = {"enabled": "FALSE"}  # its adapter knows no other way
    lane.metadata["foley_designer"] = {
        "event": track.event.id,
        "ucs": track.event.ucs_id,
        "layer": track.event.layer.value,
        "gain_db": track.stem.gain_db,
    }
    file = delivery.stem_file(track)
    url = quote(file) if out_dir is None else (out_dir.resolve() / file).as_uri()
    lead = delivery.lead_frames
    held = (-lead, ceil(length(delivery) * delivery.rate / SAMPLE_RATE) - lead)
    at = 0
    for region in regions(track):
        start, end = region.frames(delivery)
        start = max(start, at)
        if start >= end:
            continue
        if start > at:
            gap = _range(otio, delivery, at, start, origin=0)
            lane.append(otio.schema.Gap(source_range=gap))
        clip = otio.schema.Clip(
            name=region.name,
            media_reference=_media(otio, delivery, url, Path(file).name, held),
            source_range=_range(otio, delivery, start, end),
        )
        clip.markers.extend(_markers(otio, delivery, region))
        lane.append(clip)
        at = end
    return lane


def _range(otio: Any, delivery: Delivery, start: int, end: int, origin: int | None = None) -> Any:
    """Frames of the clip as a time range in the media's timecode."""
    rate = float(delivery.rate)
    first = start + (delivery.origin if origin is None else origin)
    return otio.opentime.TimeRange(
        otio.opentime.RationalTime(first, rate), otio.opentime.RationalTime(end - start, rate)
    )


def _media(otio: Any, delivery: Delivery, url: str, name: str, frames: tuple[int, int]) -> Any:
    """A file with the frames that it holds, counted from the picture's first."""
    whole = _range(otio, delivery, *frames)
    media = otio.schema.ExternalReference(target_url=url, available_range=whole)
    media.name = name
    return media


def _markers(otio: Any, delivery: Delivery, region: Region) -> list[Any]:
    return [
        otio.schema.Marker(
            name=f"{region.track.event.label} {hit.time_s:.3f} s",
            marked_range=_range(
                otio,
                delivery,
                frame_at(hit.time_s, delivery.rate),
                frame_at(hit.time_s, delivery.rate),
            ),
        )
        for hit in region.passage.hits
    ]
