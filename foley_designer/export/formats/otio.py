"""OpenTimelineIO timeline."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlparse
from urllib.request import url2pathname

from foley_designer.core.note import Note

if TYPE_CHECKING:
    from foley_designer.export.delivery import Delivery
    from foley_designer.export.references import Reference
    from foley_designer.export.registry import Place


class Otio:
    """A timeline of the picture and the stems, named relative to it."""

    name = "otio"
    help = "OpenTimelineIO timeline."
    needs_stems = True

    def plan(self, delivery: "Delivery") -> Sequence[str]:
        from foley_designer.export.session.otio import library

        library()
        return [f"{delivery.document_name}.otio"]

    def write(self, delivery: "Delivery", place: "Place") -> Sequence[Note]:
        from foley_designer.export.session.otio import picture_notes, write_otio

        write_otio(delivery, place.folder / self.plan(delivery)[0])
        return picture_notes(delivery)

    def references(self, delivery: "Delivery", place: "Place") -> Iterator["Reference"]:
        from foley_designer.export.session.otio import library

        (path,) = self.plan(delivery)
        timeline = library().adapters.read_from_file(str(place.folder / path))
        return clips(delivery, place, path, timeline)


def clips(delivery: "Delivery", place: "Place", path: str, timeline: Any) -> Iterator["Reference"]:
    """What a timeline's clips use, in samples of their media."""
    from foley_designer.export.references import Reference

    slack = delivery.samples_at(1) + 1
    # Tracks say which clips are sound: the binding makes new objects whenever a clip is asked for.
    used_by = [(one.kind, clip) for one in timeline.tracks for clip in one.find_clips()]
    for kind, clip in used_by:
        media = clip.media_reference
        if not hasattr(media, "target_url"):
            continue
        known, used = media.available_range, clip.trimmed_range()
        first = int(known.start_time.value) if known else delivery.origin
        start = int(used.start_time.value) - first
        end = start + int(used.duration.value)
        yield Reference(
            path,
            medium(media.target_url, place),
            delivery.samples_at(start),
            delivery.samples_at(end),
            delivery.samples_at(int(known.duration.value)) if known else None,
            delivery.samples_at(first),
            slack,
            is_sound=kind == "Audio",
        )


def medium(url: str, place: "Place") -> Path:
    """The file behind an address, where it lies while the delivery is checked."""
    parsed = urlparse(url)
    if parsed.scheme != "file":
        return place.folder / unquote(url)
    found = Path(url2pathname(parsed.path))
    final = place.final.resolve()
    return place.folder / found.relative_to(final) if found.is_relative_to(final) else found


FORMAT = Otio()
