"""Comments at a timecode, as a table that any editor opens."""

import csv
import io
from typing import TYPE_CHECKING

from foley_designer.core.mix.marker import Markers
from foley_designer.core.timecode import frame_at, to_timecode
from foley_designer.export.report.cue_sheet import plain_cell

if TYPE_CHECKING:
    from foley_designer.export.delivery import Delivery

HEADINGS = ("Timecode", "Seconds", "Sound", "Comment", "Id")


def markers_csv(markers: Markers, delivery: "Delivery") -> str:
    """One row a comment; cells that a spreadsheet would reckon with are led by an apostrophe."""
    labels = {event.id: event.label for event in delivery.script.events}
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(HEADINGS)
    for one in markers.markers:
        frame = delivery.origin + frame_at(one.time_s, delivery.rate)
        sound = labels.get(one.event_id or "", one.event_id or "")
        row = (to_timecode(frame, delivery.rate), f"{one.time_s:.3f}", sound, one.text, one.id)
        table.writerow([plain_cell(cell) for cell in row])
    return out.getvalue()
