"""Broadcast WAV stems and mixes with timecode."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from foley_designer.core.note import Note

if TYPE_CHECKING:
    from foley_designer.export.delivery import Delivery, Layout
    from foley_designer.export.references import Reference
    from foley_designer.export.registry import Place


class Bwf:
    """Every stem and both mixes, as one file each or one a channel."""

    name = "bwf"
    help = "Broadcast WAV stems and mixes with timecode."
    needs_stems = False

    def plan(self, delivery: "Delivery") -> Sequence[str]:
        from foley_designer.export.audio.bwf import mix_paths, stem_paths

        return [*stem_paths(delivery, delivery.layout), *mix_paths(delivery)]

    def write(self, delivery: "Delivery", place: "Place") -> Sequence[Note]:
        from foley_designer.export.audio.bwf import write_mixes, write_stems

        write_stems(delivery, place.folder, delivery.layout)
        write_mixes(delivery, place.folder)
        return ()

    def references(self, delivery: "Delivery", place: "Place") -> Iterator["Reference"]:
        return sounds(delivery, place, self.plan(delivery))


class Stems:
    """Stems alone, all channels in one file each: what timelines refer to."""

    name = "stems"
    help = "Stems that timelines refer to."
    needs_stems = False

    def __init__(self, layout: "Layout") -> None:
        self.layout = layout

    def plan(self, delivery: "Delivery") -> Sequence[str]:
        from foley_designer.export.audio.bwf import stem_paths

        return stem_paths(delivery, self.layout)

    def write(self, delivery: "Delivery", place: "Place") -> Sequence[Note]:
        from foley_designer.export.audio.bwf import write_stems

        write_stems(delivery, place.folder, self.layout)
        return ()

    def references(self, delivery: "Delivery", place: "Place") -> Iterator["Reference"]:
        return sounds(delivery, place, self.plan(delivery))


def sounds(delivery: "Delivery", place: "Place", paths: Sequence[str]) -> Iterator["Reference"]:
    """Files that speak for themselves: each must have its length and its time of day."""
    from foley_designer.export.audio.bwf import file_start, length
    from foley_designer.export.references import Reference

    whole, start = length(delivery), file_start(delivery)
    for path in paths:
        yield Reference(path, place.folder / path, 0, whole, whole, start)


FORMAT = Bwf()
