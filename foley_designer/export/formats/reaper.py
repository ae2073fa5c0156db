"""Reaper project."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from foley_designer.core.note import Note

if TYPE_CHECKING:
    from foley_designer.export.delivery import Delivery
    from foley_designer.export.references import Reference
    from foley_designer.export.registry import Place

_ITEM = re.compile(
    r"<ITEM.*?LENGTH (?P<length>\S+).*?SOFFS (?P<start>\S+).*?FILE (?P<mark>[\"'`])(?P<file>.*?)"
    r"(?P=mark)",
    re.DOTALL,
)
_OFFSET = re.compile(r"PROJOFFS (\S+)")


class Reaper:
    """A project with stems of its own."""

    name = "reaper"
    help = "Reaper project."
    needs_stems = False

    def plan(self, delivery: "Delivery") -> Sequence[str]:
        sounds = [delivery.stem_name(track) for track in delivery.tracks]
        return [
            f"reaper/{delivery.document_name}.rpp",
            *(f"reaper/stems/{sound}.wav" for sound in sounds),
        ]

    def write(self, delivery: "Delivery", place: "Place") -> Sequence[Note]:
        from foley_designer.export.session.reaper import write_reaper

        write_reaper(delivery, place.folder / "reaper")
        return ()

    def references(self, delivery: "Delivery", place: "Place") -> Iterator["Reference"]:
        from foley_designer.core.clip import SAMPLE_RATE
        from foley_designer.export.references import Reference

        path = self.plan(delivery)[0]
        text = (place.folder / path).read_text()
        offset = _OFFSET.search(text)
        begin = round(float(offset[1]) * SAMPLE_RATE) if offset else -1
        late = begin - delivery.samples_at(delivery.origin)
        yield Reference(path, None, late, late, 0, slack=1)
        for item in _ITEM.finditer(text):
            start = round(float(item["start"]) * SAMPLE_RATE)
            end = start + round(float(item["length"]) * SAMPLE_RATE)
            media = place.folder / "reaper" / item["file"]
            yield Reference(path, media, start, end, delivery.clip.sample_count, slack=1)


FORMAT = Reaper()
