"""The cue sheet of a delivery: its stems by the names that they are delivered under."""

from pathlib import Path

from foley_designer.core.files import write_text
from foley_designer.export.delivery import Delivery
from foley_designer.export.report.cue_sheet import cue_rows, write_cue_sheet
from foley_designer.export.report.pages import environment


def write_cues(delivery: Delivery, table: Path, page: Path, *, name_stems: bool) -> None:
    """Write the cue sheet as CSV and as a page to print; raises as `replacing` does.

    Args:
        delivery: what is delivered.
        table: the CSV file.
        page: the HTML file.
        name_stems: whether stems are delivered along, and named.
    """
    stems = [
        track.stem.model_copy(update={"file": delivery.stem_file(track) if name_stems else ""})
        for track in delivery.tracks
    ]
    about = (delivery.script, delivery.cues, stems)
    start = delivery.first_frame
    write_cue_sheet(table, *about, reel=delivery.reel, start=start)
    html = (
        environment()
        .get_template("cue_sheet.html.j2")
        .render(
            title=delivery.film,
            reel=delivery.reel,
            rate=f"{float(delivery.rate):.5g}",
            rows=cue_rows(*about, reel=delivery.reel, start=start),
        )
    )
    write_text(page, html)
