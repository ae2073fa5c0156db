"""ADM as Dolby Atmos tools read it."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from foley_designer.core.note import Note

if TYPE_CHECKING:
    from foley_designer.export.delivery import Delivery
    from foley_designer.export.references import Reference
    from foley_designer.export.registry import Place


class AdmAtmos:
    """One file with every stem on its place."""

    name = "adm-atmos"
    help = "ADM as Dolby Atmos tools read it."
    needs_stems = False

    def plan(self, delivery: "Delivery") -> Sequence[str]:
        return [f"{delivery.document_name}_atmos.wav"]

    def write(self, delivery: "Delivery", place: "Place") -> Sequence[Note]:
        from foley_designer.export.audio.adm import Profile, write_noted

        return write_noted(delivery, place.folder / self.plan(delivery)[0], Profile.ATMOS)

    def references(self, delivery: "Delivery", place: "Place") -> Iterator["Reference"]:
        from foley_designer.export.references import Reference

        (path,) = self.plan(delivery)
        whole = delivery.clip.sample_count
        yield Reference(path, place.folder / path, 0, whole, whole)


FORMAT = AdmAtmos()
