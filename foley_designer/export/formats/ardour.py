"""Ardour session."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from foley_designer.core.note import Note

if TYPE_CHECKING:
    from foley_designer.export.delivery import Delivery
    from foley_designer.export.references import Reference
    from foley_designer.export.registry import Place


class Ardour:
    """A session's folder with stems of its own."""

    name = "ardour"
    help = "Ardour session."
    needs_stems = False

    def plan(self, delivery: "Delivery") -> Sequence[str]:
        name = delivery.document_name
        sounds = [delivery.stem_name(track) for track in delivery.tracks]
        return [
            f"ardour/{name}.ardour",
            *(f"ardour/interchange/{name}/audiofiles/{sound}.wav" for sound in sounds),
        ]

    def write(self, delivery: "Delivery", place: "Place") -> Sequence[Note]:
        from foley_designer.export.session.ardour import write_ardour

        write_ardour(delivery, place.folder / "ardour")
        return ()

    def references(self, delivery: "Delivery", place: "Place") -> Iterator["Reference"]:
        from defusedxml.ElementTree import parse

        from foley_designer.export.references import Reference

        path = self.plan(delivery)[0]
        root: Any = parse(place.folder / path).getroot()
        sounds = place.folder / "ardour" / "interchange" / delivery.document_name / "audiofiles"
        sources = {one.get("id"): sounds / str(one.get("name")) for one in root.iter("Source")}
        offset = root.find("Config/Option[@name='timecode-offset']")
        late = int(offset.get("value", 0)) - delivery.samples_at(delivery.origin)
        yield Reference(path, None, late, late, 0)
        whole = delivery.clip.sample_count
        for region in root.iter("Region"):
            start, length = int(region.get("start")), int(region.get("length"))
            for channel in range(int(region.get("channels"))):
                media = sources[region.get(f"source-{channel}")]
                yield Reference(path, media, start, start + length, whole)


FORMAT = Ardour()
