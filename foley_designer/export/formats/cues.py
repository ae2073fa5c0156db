"""Cue sheet as CSV and as a page to print."""

import csv
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from foley_designer.core.note import Note

if TYPE_CHECKING:
    from foley_designer.export.delivery import Delivery
    from foley_designer.export.references import Reference
    from foley_designer.export.registry import Place


class CueSheet:
    """The sheet that says what is performed, when, and in which stem."""

    name = "cues"
    help = "Cue sheet as CSV and printable HTML."
    needs_stems = False

    def plan(self, delivery: "Delivery") -> Sequence[str]:
        from foley_designer.core.mix import marker
        from foley_designer.core.session.session import Session

        names = [f"{delivery.document_name}_cues.{suffix}" for suffix in ("csv", "html")]
        said = marker.load(Session(delivery.root)).markers
        return [*names, f"{delivery.document_name}_markers.csv"] if said else names

    def write(self, delivery: "Delivery", place: "Place") -> Sequence[Note]:
        from foley_designer.export.report.delivered_cues import write_cues

        table, page, *comments = (place.folder / path for path in self.plan(delivery))
        write_cues(delivery, table, page, name_stems=place.has_stems)
        for path in comments:
            from foley_designer.core.files import write_text
            from foley_designer.core.mix import marker
            from foley_designer.core.session.session import Session
            from foley_designer.export.report.markers import markers_csv

            write_text(path, markers_csv(marker.load(Session(delivery.root)), delivery))
        return ()

    def references(self, delivery: "Delivery", place: "Place") -> Iterator["Reference"]:
        from foley_designer.core.timecode import from_timecode
        from foley_designer.export.audio.bwf import file_start
        from foley_designer.export.references import Reference

        path = self.plan(delivery)[0]
        begin, slack = file_start(delivery), delivery.samples_at(1) + 1
        with (place.folder / path).open(newline="") as file:
            for row in csv.DictReader(file):
                if not row["File"]:
                    continue
                first, last = (
                    delivery.samples_at(from_timecode(row[column], delivery.rate)) - begin
                    for column in ("TC in", "TC out")
                )
                media = place.folder / row["File"].removeprefix("'")
                yield Reference(path, media, first, last, None, begin, slack)


FORMAT = CueSheet()
