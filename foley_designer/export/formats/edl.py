"""CMX 3600 edit decision lists, one a stem."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from foley_designer.core.note import Note

if TYPE_CHECKING:
    from foley_designer.export.delivery import Delivery
    from foley_designer.export.references import Reference
    from foley_designer.export.registry import Place

_EDIT = re.compile(r"^\d+ +\S+ +A +C +(\S+) (\S+) (\S+) (\S+)$")
_SOURCE = "* SOURCE FILE: "


class Edl:
    """Lists whose source is the delivered stem."""

    name = "edl"
    help = "CMX 3600 edit decision lists."
    needs_stems = True

    def plan(self, delivery: "Delivery") -> Sequence[str]:
        return [f"edl/{delivery.stem_name(track)}.edl" for track in delivery.tracks]

    def write(self, delivery: "Delivery", place: "Place") -> Sequence[Note]:
        from foley_designer.export.session.edl import write_edls

        write_edls(delivery, place.folder / "edl")
        return ()

    def references(self, delivery: "Delivery", place: "Place") -> Iterator["Reference"]:
        from foley_designer.core.timecode import from_timecode
        from foley_designer.export.audio.bwf import file_start
        from foley_designer.export.references import Reference

        begin, slack = file_start(delivery), delivery.samples_at(1) + 1
        for path in self.plan(delivery):
            times: tuple[str, ...] = ()
            for line in (place.folder / path).read_text().splitlines():
                if edit := _EDIT.match(line):
                    times = edit.groups()
                elif line.startswith(_SOURCE) and times:
                    first, last = (
                        delivery.samples_at(from_timecode(told, delivery.rate)) - begin
                        for told in times[:2]
                    )
                    media = place.folder / "stems" / line.removeprefix(_SOURCE)
                    yield Reference(path, media, first, last, None, begin, slack)


FORMAT = Edl()
