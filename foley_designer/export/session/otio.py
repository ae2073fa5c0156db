"""OpenTimelineIO, and Final Cut Pro 7 XML through its adapter: picture, stems, markers."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import replacing, write_text
from foley_designer.export.delivery import Delivery, Track
from foley_designer.export.session.regions import Region, regions


def write_otio(delivery: Delivery, path: Path, stems: dict[str, Path]) -> Path:
    """Write an ``.otio`` timeline.

    Args:
        delivery: what is delivered.
        path: the file to write.
        stems: event id to the stem file that clips point at.

    Raises:
        FoleyError: ``part_missing`` without opentimelineio; ``sound_unreadable``; or as
            `replacing` raises.
    """
    otio = _opentimelineio()
    text = otio.adapters.write_to_string(timeline(delivery, path.parent, stems), "otio_json")
    write_text(path, text + "\n")
    return path


def write_fcp7(delivery: Delivery, path: Path, stems: dict[str, Path]) -> Path:
    """Write Final Cut Pro 7 XML; arguments and errors as `write_otio`."""
    otio = _opentimelineio()
    if "fcp_xml" not in otio.adapters.available_adapter_names():
        raise _missing("otio-fcp-adapter")
    made = timeline(delivery, path.parent, stems, absolute=True)
    with replacing(path) as temporary:
        temporary.write_text(otio.adapters.write_to_string(made, "fcp_xml"))
    return path


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


def timeline(
    delivery: Delivery, folder: Path, stems: dict[str, Path], *, absolute: bool = False
) -> Any:
    """An ``otio.schema.Timeline``: a video track, then an audio track for each stem.

    Clips sit at the frames that hold their regions; markers at every hit. Media is named relative
    to ``folder``, or absolutely where a format knows nothing else.
    """
    otio = _opentimelineio()
    rate = float(delivery.clip.rate)
    start = otio.opentime.RationalTime(delivery.origin, rate)
    made = otio.schema.Timeline(name=delivery.film, global_start_time=start)
    picture = Path(delivery.record.inputs.clip_path)
    moving = otio.schema.Track(name="Picture", kind=otio.schema.TrackKind.Video)
    moving.append(
        otio.schema.Clip(
            name=delivery.clip.name,
            media_reference=_media(otio, delivery, picture, folder, absolute, lead=0),
            source_range=_range(otio, delivery, 0, delivery.clip.frame_count),
        )
    )
    made.tracks.append(moving)
    for track in delivery.tracks:
        made.tracks.append(_audio_track(otio, delivery, track, folder, stems, absolute))
    return made


def _audio_track(
    otio: Any,
    delivery: Delivery,
    track: Track,
    folder: Path,
    stems: dict[str, Path],
    absolute: bool,
) -> Any:
    lane = otio.schema.Track(name=track.name, kind=otio.schema.TrackKind.Audio)
    lane.metadata["foley_designer"] = {
        "event": track.event.id,
        "ucs": track.event.ucs_id,
        "layer": track.event.layer.value,
        "gain_db": track.stem.gain_db,
    }
    stem = stems[track.event.id]
    lead = 0 if stem == track.path else delivery.lead_frames
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
            media_reference=_media(otio, delivery, stem, folder, absolute, lead=lead),
            source_range=_range(otio, delivery, start, end),
        )
        clip.markers.extend(_markers(otio, delivery, region))
        lane.append(clip)
        at = end
    return lane


def _range(otio: Any, delivery: Delivery, start: int, end: int, origin: int | None = None) -> Any:
    """Frames of the clip as a time range in the media's timecode."""
    rate = float(delivery.clip.rate)
    first = start + (delivery.origin if origin is None else origin)
    return otio.opentime.TimeRange(
        otio.opentime.RationalTime(first, rate), otio.opentime.RationalTime(end - start, rate)
    )


def _media(
    otio: Any, delivery: Delivery, path: Path, folder: Path, absolute: bool, *, lead: int
) -> Any:
    """A file with its extent in timecode; ``lead`` frames of it come before and after picture."""
    if absolute or not path.is_relative_to(folder):
        url = path.absolute().as_uri()
    else:
        url = quote(path.relative_to(folder).as_posix())
    whole = _range(otio, delivery, -lead, delivery.clip.frame_count + lead)
    media = otio.schema.ExternalReference(target_url=url, available_range=whole)
    media.name = path.name
    return media


def _markers(otio: Any, delivery: Delivery, region: Region) -> list[Any]:
    return [
        otio.schema.Marker(
            name=f"{region.track.event.label} {hit.time_s:.3f} s",
            marked_range=_range(
                otio,
                delivery,
                delivery.clip.frame_at(hit.time_s),
                delivery.clip.frame_at(hit.time_s),
            ),
        )
        for hit in region.passage.hits
    ]
