"""Final Cut Pro 7 XML."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from foley_designer.core.note import Note
from foley_designer.export.formats.otio import clips

if TYPE_CHECKING:
    from foley_designer.export.delivery import Delivery
    from foley_designer.export.references import Reference
    from foley_designer.export.registry import Place


class FcpXml:
    """A timeline of the picture and the stems, named by their addresses."""

    name = "fcpxml7"
    help = "Final Cut Pro 7 XML."
    needs_stems = True

    def plan(self, delivery: "Delivery") -> Sequence[str]:
        from foley_designer.export.session.otio import library

        library("fcp_xml")
        return [f"{delivery.document_name}.xml"]

    def write(self, delivery: "Delivery", place: "Place") -> Sequence[Note]:
        from foley_designer.export.session.otio import picture_notes, write_fcp7

        write_fcp7(delivery, place.folder / self.plan(delivery)[0], place.final)
        return picture_notes(delivery)

    def references(self, delivery: "Delivery", place: "Place") -> Iterator["Reference"]:
        from foley_designer.export.session.otio import library

        (path,) = self.plan(delivery)
        read = library("fcp_xml").adapters.read_from_file(str(place.folder / path), "fcp_xml")
        return clips(delivery, place, path, read if hasattr(read, "tracks") else read[0])


FORMAT = FcpXml()
