"""The columns of the paper's tables, each with its direction, and how a cell is filled."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from foley_designer.evaluate.intervals import Cell, mean_cell, set_cell
from foley_designer.evaluate.measures import Measured
from foley_designer.metrics.embeddings.embedder import KNOWN, PACKAGED
from foley_designer.metrics.fsad import fsad, fsad_shrunk
from foley_designer.metrics.quality import SPLITS, fad, inception_score, kl_divergence

Clips = Mapping[str, Measured]
"""By the clip's name."""
Fill = Callable[[Clips, Clips], Cell]
"""A cell of a system's clips and of the references'."""


class Table(IntEnum):
    """The paper's tables."""

    QUALITY = 1
    ALIGNMENT = 2
    FILM = 3
    ABLATION = 4


TITLES = {
    Table.QUALITY: "Audio quality",
    Table.ALIGNMENT: "Spatio-temporal alignment",
    Table.FILM: "Film Foley performance",
    Table.ABLATION: "Ablation of spatio-temporal cues (STC)",
}


@dataclass(frozen=True)
class Column:
    """One metric."""

    key: str
    title: str
    up: bool
    """Whether more is better."""
    tables: tuple[Table, ...]
    fill: Fill
    digits: int = 2


def columns(embeddings: Sequence[str]) -> tuple[Column, ...]:
    """All columns, for the embeddings in use."""
    quality, alignment, film = Table.QUALITY, Table.ALIGNMENT, Table.FILM
    classify = _classifier(embeddings)
    spatial = (alignment, Table.ABLATION)
    return (
        Column("is", f"IS ({classify})", True, (quality,), _inception(classify)),
        Column("kl", f"KL ({classify})", False, (quality,), _kl(classify)),
        *_fads(embeddings),
        _mean("clap", "CLAP", True, (quality,), _model("clap"), digits=3),
        _mean(
            "heard", "heard as, %", True, (quality,), f"{_model('yamnet')}; heard_as of clips", 0
        ),
        _mean("gcc", "GCC, as published", False, spatial, _DIRECTION, 1),
        _mean("gcc_gated", "GCC, gated", False, (alignment,), _DIRECTION, 1),
        _mean("itd_us", "ITD error, µs", False, (alignment,), _DIRECTION, 0),
        _mean("crw", "CRW", False, spatial, _model("stereocrw"), 1),
        Column("fsad", "FSAD", False, spatial, _stereo_distance(fsad), 0),
        Column(
            "fsad_shrunk", "FSAD, shrunk", False, (alignment,), _stereo_distance(fsad_shrunk), 0
        ),
        _mean("side", "right side, %", True, (alignment,), _DIRECTION, 0),
        _mean(
            "ild_db",
            "level difference error, dB",
            False,
            (alignment,),
            "reference: in true stereo",
            1,
        ),
        _mean(
            "follows",
            "level course, r",
            True,
            (alignment,),
            "reference: in true stereo, and not still",
        ),
        _mean("iou", "IoU, %", True, (alignment,), "truth: intervals_s, or references", 1),
        _mean("f1_100", "onset F1 ±100 ms", True, (alignment,), _ONSETS),
        _mean("f1_100_beyond", "onset F1 ±100 less chance", True, (alignment,), _ONSETS),
        _mean("f1_50", "onset F1 ±50 ms", True, (alignment,), _ONSETS),
        _mean("f1_50_beyond", "onset F1 ±50 less chance", True, (alignment,), _ONSETS),
        _mean("ib", "ImageBind", True, (film,), _model("imagebind"), 3),
        Column("srs", "SRS", True, (film,), _absent(_JUDGE), 1),
        Column("ccs", "CCS", True, (film,), _absent(_JUDGE), 1),
        _mean("av_sync", "AV-Sync", True, (film,), _model("synchformer"), 3),
        _mean("desync", "DeSync, s", False, (film,), _model("synchformer"), 3),
        _mean("srs_proxy", "SRS by measures", True, (film,), "sound: one that is heard", 1),
        _mean("ccs_proxy", "CCS by measures", True, (film,), "sound: one that is heard", 1),
    )


def _model(name: str) -> str:
    """How to get an embedding."""
    return f"{'package' if name in PACKAGED else 'weights'}: {KNOWN[name].needs}"


_DIRECTION = "truth: azimuth_deg, or references in true stereo"
_ONSETS = "truth: onsets_s"
_JUDGE = "model: --judge 2 and a model that hears (docs/models.md)"


def _mean(
    key: str, title: str, up: bool, tables: tuple[Table, ...], needs: str, digits: int = 2
) -> Column:
    """A column whose cell is the mean over the clips that have the figure."""

    def fill(clips: Clips, reference: Clips) -> Cell:
        values = _known(clips, key)
        if values:
            return mean_cell(values)
        if _known(reference, key):
            return Cell(None, needs="sound: one that is heard")
        has_ear = key == "heard" and bool(_logits(clips, "yamnet"))
        return Cell(None, needs="truth: heard_as of clips" if has_ear else needs)

    return Column(key, title, up, tables, fill, digits)


def _known(clips: Clips, key: str) -> list[float]:
    return [value for each in clips.values() if (value := each.values.get(key)) is not None]


def _absent(needs: str) -> Fill:
    def fill(*_: Clips) -> Cell:
        return Cell(None, needs=needs)

    return fill


def _fads(embeddings: Sequence[str]) -> list[Column]:
    """Fréchet distances: log-mel's always, then those of the embeddings, VGGish's in any case."""
    names = dict.fromkeys(("log-mel", *embeddings, "vggish"))
    tables = (Table.QUALITY, Table.ABLATION)
    return [
        Column(
            f"fad_{name}", f"FAD ({name})", False, tables, _fad(name), 0 if name == "log-mel" else 2
        )
        for name in names
        if name not in ("clap", "synchformer", "stereocrw")
    ]


def _pairs(clips: Clips, reference: Clips) -> list[tuple[Measured, Measured]]:
    return [(clips[name], reference[name]) for name in clips if name in reference]


def _fad(name: str) -> Fill:
    def fill(clips: Clips, reference: Clips) -> Cell:
        pairs = [pair for pair in _pairs(clips, reference) if name in pair[0].vectors]
        if len(pairs) < 2:
            return Cell(None, needs=_lacking(name, (*clips.values(), *reference.values())))
        ours, theirs = ([pair[side].vectors[name] for pair in pairs] for side in (0, 1))

        def figure(drawn: NDArray[np.intp]) -> float:
            return fad([theirs[at] for at in drawn], [ours[at] for at in drawn])

        return set_cell(figure, len(pairs))

    return fill


def _lacking(name: str, measured: Iterable[Measured]) -> str:
    """What a distance to references needs: the embedding, or references that it heard."""
    heard = any(name in each.vectors for each in measured)
    return "reference: two clips with one" if heard or name == "log-mel" else _model(name)


def _stereo_distance(distance: Callable[..., float]) -> Fill:
    def fill(clips: Clips, reference: Clips) -> Cell:
        pairs = _pairs(clips, reference)
        if len(pairs) < 2:
            return Cell(None, needs="reference: two clips with one")

        def figure(drawn: NDArray[np.intp]) -> float:
            theirs, ours = ([pairs[at][side].image for at in drawn] for side in (1, 0))
            return distance(theirs, ours)

        return set_cell(figure, len(pairs))

    return fill


def _classifier(embeddings: Sequence[str]) -> str:
    """What classifies: PANNs as in the papers if it is at hand, else YAMNet."""
    return next((name for name in ("panns", "passt") if name in embeddings), "yamnet")


def _logits(clips: Clips, name: str) -> dict[str, NDArray[np.float64]]:
    return {clip: each.logits[name] for clip, each in clips.items() if name in each.logits}


def _inception(name: str) -> Fill:
    def fill(clips: Clips, reference: Clips) -> Cell:
        del reference
        found = list(_logits(clips, name).values())
        if not found:
            return Cell(None, needs=_model(name))
        if len(found) < 2:
            return Cell(None, needs="sound: two clips")
        logits, splits = np.stack(found), SPLITS if len(found) >= 10 * SPLITS else 1
        return set_cell(lambda drawn: inception_score(logits[drawn], splits)[0], len(found))

    return fill


def _kl(name: str) -> Fill:
    def fill(clips: Clips, reference: Clips) -> Cell:
        ours, theirs = _logits(clips, name), _logits(reference, name)
        both = [clip for clip in ours if clip in theirs]
        if not both:
            return Cell(None, needs="reference: of the same clips" if ours else _model(name))
        return mean_cell([kl_divergence(theirs[clip][None], ours[clip][None]) for clip in both])

    return fill
