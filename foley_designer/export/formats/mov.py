"""Movie with both mixes and a timecode track."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.note import Note

if TYPE_CHECKING:
    from foley_designer.export.delivery import Delivery
    from foley_designer.export.references import Reference
    from foley_designer.export.registry import Place


class Movie:
    """The clip's untouched picture with both mixes."""

    name = "mov"
    help = "Movie with timecode track."
    needs_stems = False

    def plan(self, delivery: "Delivery") -> Sequence[str]:
        from foley_designer.export.audio.mux import SUFFIXES
        from foley_designer.vision.video.sequence import clip_exists

        clip = Path(delivery.record.inputs.clip_path)
        if not clip_exists(clip):
            raise FoleyError(
                ErrorCode.CLIP_NOT_FOUND,
                f"The clip of this session is no longer at {clip}.",
                "Put it back, or leave the movie out.",
            )
        return [f"{delivery.document_name}{suffix}" for suffix in SUFFIXES]

    def write(self, delivery: "Delivery", place: "Place") -> Sequence[Note]:
        from foley_designer.export.audio.mux import mux

        return mux(
            Path(delivery.record.inputs.clip_path),
            delivery.root / "mix_stereo.wav",
            delivery.root / "mix_5_1.wav",
            place.folder / f"{delivery.document_name}.mov",
            clip_info=delivery.clip,
            timecode=delivery.first_frame,
        ).notes

    def references(self, delivery: "Delivery", place: "Place") -> Iterator["Reference"]:
        from foley_designer.export.audio.mux import sound_lengths
        from foley_designer.export.references import Reference

        for path in self.plan(delivery):
            if (place.folder / path).is_file():
                whole = delivery.clip.sample_count
                for samples in sound_lengths(place.folder / path):
                    yield Reference(path, None, 0, whole, samples)


FORMAT = Movie()
