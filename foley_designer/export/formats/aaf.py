"""AAF with embedded sound."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from foley_designer.core.note import Note

if TYPE_CHECKING:
    from foley_designer.export.delivery import Delivery
    from foley_designer.export.references import Reference
    from foley_designer.export.registry import Place


class Aaf:
    """A composition that holds its sound."""

    name = "aaf"
    help = "AAF with embedded sound."
    needs_stems = False

    def plan(self, delivery: "Delivery") -> Sequence[str]:
        from foley_designer.export.session.aaf import check_size, library

        library()
        check_size(delivery)
        return [f"{delivery.document_name}.aaf"]

    def write(self, delivery: "Delivery", place: "Place") -> Sequence[Note]:
        from foley_designer.export.session.aaf import write_aaf

        write_aaf(delivery, place.folder / self.plan(delivery)[0])
        return ()

    def references(self, delivery: "Delivery", place: "Place") -> Iterator["Reference"]:
        from foley_designer.export.references import Reference
        from foley_designer.export.session.aaf import library

        (path,) = self.plan(delivery)
        whole = delivery.clip.sample_count
        with library().open(str(place.folder / path)) as file:
            for composition in file.content.toplevel():
                for slot in composition.slots:
                    if slot.name == "Timecode":
                        start = delivery.samples_at(slot.segment.start)
                        told = delivery.samples_at(delivery.origin)
                        yield Reference(path, None, start - told, start - told, 0)
                        continue
                    for part in slot.segment.components:
                        if hasattr(part, "mob"):
                            end = part.start + part.length
                            held = min(_samples(part), whole)
                            yield Reference(path, None, part.start, end, held)


def _samples(clip: Any) -> int:
    """Samples of the essence at the end of a source clip's chain."""
    source = clip.mob.slots[0].segment
    components = getattr(source, "components", None)
    mob = (components[0] if components else source).mob
    return int(mob.descriptor["Length"].value)


FORMAT = Aaf()
