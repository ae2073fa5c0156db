"""Predubs: a reel's stems by group, streamed from its scenes' stems.

Sounds ring on over a cut; ambience fades into the next place's. Nothing is held but a block of each
stem that sounds there, so memory does not grow with a reel.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile
from numpy.typing import NDArray

from foley_designer.core.category import Category, Subcategory
from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.files import file_hash
from foley_designer.core.script.performance import Layer
from foley_designer.core.script.sound_event import SoundEvent, SourceKind
from foley_designer.dsp.blocks import BLOCK, blocks
from foley_designer.dsp.level.gains import Samples, db_to_gain
from foley_designer.export.audio.wav import STEREO, wav_writer
from foley_designer.film.model import DesignedScene, Piece
from foley_designer.screenplay.names import slug

CROSSFADE_S = 0.5
"""Length of an ambience's fade after a cut, at equal power: the two are unrelated."""
CUT_FADE_S = 0.04
"""Fade of a sound that a cut inside its scene ends: about a frame, and no click."""
RING_S = 1.0
"""Fade of a sound that rings out over the end of its scene: the scene's handle."""
_CLICK_S = 0.005
"""Fade in of a sound that a cut begins in."""
_CEILING = 0.98


class Group(NamedTuple):
    """Which predub an event belongs to."""

    kind: str
    """``feet``, ``moves``, ``props``, ``effects`` or ``ambience``."""
    of: str
    """Whose feet, or which place; empty for the others."""

    @property
    def name(self) -> str:
        """As its track is called."""
        return f"{self.kind} {self.of}".strip().replace("_", " ")

    @property
    def key(self) -> str:
        """As its event is called."""
        return slug(self.name)[:44]


ORDER = ("feet", "moves", "props", "effects", "ambience")
"""Kinds of predubs, in the order of their tracks."""


class Placement(NamedTuple):
    """A stretch of a scene's stem on the reel. All counts are samples."""

    path: Path
    gain_db: float
    source: int
    """First sample of the stem."""
    at: int
    """Sample of the reel where that is."""
    length: int
    """Until the cut."""
    fade_in: int
    fade_out: int
    """After the cut, where the stem goes on that far."""
    flipped: bool = False

    @property
    def end(self) -> int:
        """Sample of the reel after its last."""
        return self.at + self.length + self.fade_out


def group_of(event: SoundEvent, scene: DesignedScene, walker: str | None) -> Group:
    """The predub of an event.

    Args:
        event: of a scene's script.
        scene: the scene.
        walker: whose steps they are, if somebody's.
    """
    kind = event.subcategory
    if kind is Subcategory.HUMAN_STEPS:
        return Group("feet", slug(walker) if walker else "")
    if kind is Subcategory.ANIMAL_STEPS:
        return Group("feet", "animals")
    if kind is Subcategory.CLOTH:
        return Group("moves", "")
    around = event.layer is Layer.BACKGROUND and event.source.kind is SourceKind.AROUND
    if kind is Subcategory.AMBIENCE or around:
        return Group("ambience", scene.place)
    handled = event.category in (Category.IMPACTS, Category.MOVEMENT, Category.FOOTSTEPS)
    if handled or kind in (Subcategory.DOOR, Subcategory.FRICTION):
        return Group("props", "")
    return Group("effects", "")


def runs(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces with those joined that go on where the one before them ended."""
    found: list[Piece] = []
    for piece in pieces:
        last = found[-1] if found else None
        goes_on = (
            last is not None
            and (last.scene, last.last, last.end) == (piece.scene, piece.first, piece.at)
            and last.flipped == piece.flipped
        )
        if last is not None and goes_on:
            found[-1] = last.model_copy(update={"last": piece.last})
        else:
            found.append(piece)
    return found


def placement(
    piece: Piece,
    scene: DesignedScene,
    rate: float,
    stem: tuple[Path, float, int],
    *,
    ambience: bool,
) -> Placement | None:
    """Where a stem lies on the reel; None if it ends before the piece begins.

    Args:
        piece: a run of the scene's picture.
        scene: the scene.
        rate: frames a second of the reel.
        stem: file, fader in dB, and its length in samples.
        ambience: whether it fades into its neighbours.
    """
    path, gain_db, total = stem
    scene_rate = float(scene.clip.rate)
    source = round(piece.first / scene_rate * SAMPLE_RATE)
    at = round(piece.at / rate * SAMPLE_RATE)
    length = min(round(piece.end / rate * SAMPLE_RATE) - at, total - source)
    if length <= 0:
        return None
    ends = piece.last >= scene.last - scene.first
    fade_s = CROSSFADE_S if ambience else RING_S if ends else CUT_FADE_S
    fade_in_s = CROSSFADE_S if ambience else _CLICK_S if piece.first else 0.0
    fade_out = max(0, min(round(fade_s * SAMPLE_RATE), total - source - length))
    fade_in = min(round(fade_in_s * SAMPLE_RATE), length)
    return Placement(path, gain_db, source, at, length, fade_in, fade_out, piece.flipped)


class Predub(NamedTuple):
    """A predub that was written."""

    sha256: str
    gain_db: float
    """Fader that undoes what was turned down so that the file holds its peaks."""


def write_predub(path: Path, placements: Sequence[Placement], total: int) -> Predub:
    """Write the sum of placements as 24-bit stereo of ``total`` samples.

    What would pass full scale is written softer, and its fader says by how much.

    Raises:
        FoleyError: ``sound_unreadable`` for a stem that is damaged; as `wav_writer`.
    """
    peak = _written(path, placements, total, 1.0)
    scale = min(1.0, _CEILING / peak) if peak > 0 else 1.0
    if scale < 1.0:
        _written(path, placements, total, scale)
    return Predub(file_hash(path), -20.0 * float(np.log10(scale)))


def _written(path: Path, placements: Sequence[Placement], total: int, scale: float) -> float:
    """Write the sum at a scale; its peak before that."""
    peak = 0.0
    with wav_writer(path, 2, mask=STEREO) as writer:
        for block in mixed(placements, total):
            peak = max(peak, float(np.abs(block).max(initial=0)))
            writer.write(block * np.float32(scale))
    return peak


def mixed(placements: Sequence[Placement], total: int) -> Iterator[Samples]:
    """The sum of placements in blocks ``[2, m]``, in the order given: equal inputs, equal bytes."""
    waiting = sorted(placements, key=lambda one: one.at)
    with ExitStack() as stack:
        open_files: dict[int, soundfile.SoundFile] = {}
        for part in blocks(total, BLOCK):
            out = np.zeros((2, part.stop - part.start), np.float32)
            for number, one in enumerate(waiting):
                if one.at >= part.stop:
                    break
                if one.end <= part.start:
                    if number in open_files:
                        open_files.pop(number).close()
                    continue
                if number not in open_files:
                    open_files[number] = stack.enter_context(soundfile.SoundFile(str(one.path)))
                _add(out, part.start, one, open_files[number])
            yield out


def _add(out: Samples, start: int, one: Placement, file: soundfile.SoundFile) -> None:
    """Add what a placement has of one block."""
    first = max(start, one.at)
    last = min(start + out.shape[1], one.end)
    file.seek(one.source + first - one.at)
    samples = file.read(last - first, dtype="float32", always_2d=True).T
    if one.flipped:
        samples = samples[::-1]
    gain = envelope(one, first - one.at, samples.shape[1]) * np.float32(db_to_gain(one.gain_db))
    out[:, first - start : first - start + samples.shape[1]] += samples * gain


def envelope(one: Placement, first: int, count: int) -> NDArray[np.float32]:
    """Gain of a placement's samples from ``first`` on, ``[count]``, at equal power in fades."""
    if one.fade_in <= first and first + count <= one.length:
        return np.ones(count, np.float32)
    place = np.arange(first, first + count, dtype=np.float64)
    gain = np.ones(count)
    if one.fade_in:
        gain = np.sin(0.5 * np.pi * np.clip(place / one.fade_in, 0.0, 1.0))
    if one.fade_out:
        after = np.clip((place - one.length) / one.fade_out, 0.0, 1.0)
        gain = gain * np.cos(0.5 * np.pi * after)
    return gain.astype(np.float32)
