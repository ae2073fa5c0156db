"""Session text for Pro Tools."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from foley_designer.core.note import Note

if TYPE_CHECKING:
    from foley_designer.export.delivery import Delivery
    from foley_designer.export.references import Reference
    from foley_designer.export.registry import Place


class SessionText:
    """Tracks, clips and markers as Pro Tools writes "session info as text"."""

    name = "session-text"
    help = "Pro Tools' session info as text: tracks, clips and markers in timecode."
    needs_stems = True

    def plan(self, delivery: "Delivery") -> Sequence[str]:
        return [f"{delivery.document_name}_session.txt"]

    def write(self, delivery: "Delivery", place: "Place") -> Sequence[Note]:
        from foley_designer.export.session.session_text import write_session_text

        write_session_text(delivery, place.folder / self.plan(delivery)[0])
        return ()

    def references(self, delivery: "Delivery", place: "Place") -> Iterator["Reference"]:
        from foley_designer.export.audio.bwf import file_start
        from foley_designer.export.references import Reference
        from foley_designer.screenplay.turnover.session_text import parse

        (path,) = self.plan(delivery)
        begin, slack = file_start(delivery), delivery.samples_at(1) + 1
        found = parse((place.folder / path).read_text(encoding="utf-8"))
        for clip in found.clips:
            first, last = (delivery.samples_at(frame) - begin for frame in (clip.start, clip.end))
            media = place.folder / "stems" / f"{clip.name.rpartition('-')[0]}.wav"
            yield Reference(path, media, first, last, None, begin, slack)


FORMAT = SessionText()
