"""Assembly: a reel from its scenes, as a session of predubs that every exporter knows.

Scenes keep the levels that their plans gave them; one gain brings the reel to its target. So what
is quiet in the film stays quiet beside what is loud.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile

from foley_designer import __version__
from foley_designer.core.category import Subcategory
from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.documents import content_hash
from foley_designer.core.files import file_hash
from foley_designer.core.mix.mix_loudness import MixLoudness
from foley_designer.core.mix.mix_plan import LOUDNESS
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.core.script.trajectory import Cues
from foley_designer.core.session.session import Session
from foley_designer.core.session.session_record import SessionRecord, Stage
from foley_designer.core.settings import Settings
from foley_designer.core.work.pool import Pool
from foley_designer.dsp.blocks import BLOCK, blocks
from foley_designer.dsp.level.gains import Samples, db_to_gain
from foley_designer.dsp.level.long_master import (
    find_master,
    limited,
    measure_blocks,
)
from foley_designer.export.audio.wav import (
    read_blocks,
    read_pieces,
    wav_info,
    wav_writer,
)
from foley_designer.film.continuity import owner
from foley_designer.film.folder import FilmFolder
from foley_designer.film.model import DesignedScene, Film, Piece, Reel
from foley_designer.film.predubs import (
    ORDER,
    Group,
    Placement,
    Predub,
    group_of,
    placement,
    runs,
    write_predub,
)
from foley_designer.film.surround import write_surround

VERSION = 1
"""Of the way reels are assembled; raise it where a reel's bytes change."""


class Sounding(NamedTuple):
    """An event of a scene with all that its predub needs."""

    event: SoundEvent
    scene: DesignedScene
    piece: Piece
    """Run of the scene's picture that it lies in."""
    placement: Placement
    cues: Cues


class SceneSound(NamedTuple):
    """A designed scene as the assembly reads it."""

    scene: DesignedScene
    session: Session
    record: SessionRecord
    script: FoleyScript
    cues: Cues


class Assembled(NamedTuple):
    """A reel's sound on disk."""

    groups: dict[Group, list[Sounding]]
    predubs: dict[Group, Predub]
    stereo: MixLoudness
    surround: MixLoudness
    gain_db: float
    scenes: dict[int, MixLoudness]
    """Loudness of each run of a scene, by the frame where it begins."""


def opened(folder: FilmFolder, film: Film, reel: Reel) -> dict[str, SceneSound]:
    """The scenes of a reel that are designed, by id."""
    found: dict[str, SceneSound] = {}
    for scene_id in dict.fromkeys(piece.scene for piece in reel.pieces):
        session = folder.scene(scene_id)
        record = session.record()
        if record is None or record.stage is not Stage.DONE:
            continue
        script = session.get(FoleyScript, record.documents["script"])
        cues = session.get(Cues, record.documents["cues"])
        found[scene_id] = SceneSound(film.scene(scene_id), session, record, script, cues)
    return found


def assembly_key(reel: Reel, scenes: dict[str, SceneSound], settings: Settings) -> str:
    """Hash of all that a reel's sound comes from."""
    sounds = [
        (key, one.script.hash, [(s.sha256, s.gain_db) for s in one.record.stems])
        for key, one in sorted(scenes.items())
    ]
    wishes = settings.model_dump(mode="json", include={"target", "lfe_gain_db"})
    plain = reel.model_copy(update={"path": ""})
    return content_hash("reel", __version__, VERSION, plain, sounds, wishes)


class PredubTask(NamedTuple):
    """A predub to be written, on whichever worker."""

    path: Path
    placements: tuple[Placement, ...]
    total: int
    """Samples of its reel."""


def predub_tasks(
    session: Session, reel: Reel, groups: Mapping[Group, Sequence[Sounding]]
) -> list[PredubTask]:
    """A task a predub of a reel, in the order of tracks; its folder is made ready for them."""
    session.create()
    tasks = [
        PredubTask(
            session.path(predub_file(number, group)),
            tuple(one.placement for one in members),
            reel.clip.sample_count,
        )
        for number, (group, members) in enumerate(groups.items(), start=1)
    ]
    _sweep(session, {task.path for task in tasks})
    return tasks


def make_predub(task: PredubTask) -> Predub:
    """Write one predub.

    Raises:
        FoleyError: ``sound_unreadable`` for a damaged stem of a scene; ``disk_full``,
            ``output_not_writable``.
    """
    return write_predub(task.path, task.placements, task.total)


def assemble(
    session: Session,
    reel: Reel,
    groups: dict[Group, list[Sounding]],
    predubs: Sequence[Predub],
    settings: Settings,
    pool: Pool,
) -> Assembled:
    """Write a reel's stereo and its 5.1 beside its predubs, which are written.

    Args:
        session: the reel's.
        reel: the reel.
        groups: what each predub holds.
        predubs: as they were written, in the same order.
        settings: for target and low frequencies.
        pool: who upmixes.

    Raises:
        FoleyError: ``disk_full``, ``output_not_writable``.
    """
    files = [
        PredubFile(
            session.path(predub_file(number, group)),
            made.gain_db,
            tuple((one.placement.at, one.placement.end) for one in groups[group]),
        )
        for number, (group, made) in enumerate(zip(groups, predubs, strict=True), start=1)
    ]
    premaster = partial(summed, files, reel.clip.sample_count)
    found = find_master(premaster, settings.target)
    stereo = session.path("mix_stereo.wav")
    with wav_writer(stereo, 2) as writer:
        for block in limited(premaster(), found.gain_db, found.ceiling_dbtp):
            writer.write(block)
    limit_dbtp = LOUDNESS[settings.target][1]
    surround, scratch = session.path("mix_5_1.wav"), session.hidden / "upmix"
    write_surround(surround, stereo, settings.lfe_gain_db, limit_dbtp, scratch, pool)
    return Assembled(
        groups,
        dict(zip(groups, predubs, strict=True)),
        measure_blocks(read_blocks(stereo)),
        measure_blocks(read_blocks(surround), "5.1"),
        found.gain_db,
        {piece.at: _loudness(stereo, piece, reel) for piece in runs(reel.pieces)},
    )


def predub_file(number: int, group: Group) -> str:
    """A predub's path in the reel's session."""
    return f"stems/{number:02}_{group.key}.wav"


def grouped(
    reel: Reel, scenes: dict[str, SceneSound], names: Sequence[str]
) -> dict[Group, list[Sounding]]:
    """What each predub holds, in the order of tracks."""
    found: dict[Group, list[Sounding]] = {}
    rate = float(reel.clip.rate)
    for piece in runs(reel.pieces):
        one = scenes.get(piece.scene)
        if one is None:
            continue
        stems = {stem.event_id: stem for stem in one.record.stems}
        for event in one.script.events:
            if event.id in one.script.silenced:
                continue
            stem = stems[event.id]
            path = one.session.path(stem.file)
            group = group_of(event, one.scene, owner(event, one.scene, names))
            told = (path, stem.gain_db, wav_info(path).samples)
            ambience = group.kind == "ambience"
            placed = placement(piece, one.scene, rate, told, ambience=ambience)
            if placed is not None:
                sounding = Sounding(event, one.scene, piece, placed, one.cues)
                found.setdefault(group, []).append(sounding)
    order = sorted(found, key=lambda group: (ORDER.index(group.kind), group.of))
    return {group: found[group] for group in order}


class PredubFile(NamedTuple):
    """A predub on disk as the mix reads it."""

    path: Path
    gain_db: float
    sounds: tuple[tuple[int, int], ...]
    """Samples from which and up to which something of it sounds."""


def summed(files: Sequence[PredubFile], total: int) -> Iterator[Samples]:
    """The sum of predubs at their faders, in blocks; where one is silent it is not read."""
    with ExitStack() as stack:
        opened_files = [stack.enter_context(soundfile.SoundFile(str(one.path))) for one in files]
        for part in blocks(total, BLOCK):
            out = np.zeros((2, part.stop - part.start), np.float32)
            for one, file in zip(files, opened_files, strict=True):
                if any(first < part.stop and last > part.start for first, last in one.sounds):
                    file.seek(part.start)
                    samples = file.read(out.shape[1], dtype="float32", always_2d=True)
                    out += np.float32(db_to_gain(one.gain_db)) * samples.T
            yield out


def _loudness(path: Path, piece: Piece, reel: Reel) -> MixLoudness:
    """Loudness of the stretch of a mix that one run of a scene takes."""
    rate = float(reel.clip.rate)
    first, last = (round(frame / rate * SAMPLE_RATE) for frame in (piece.at, piece.end))
    return measure_blocks(_stretch(path, first, last))


def _stretch(path: Path, first: int, last: int) -> Iterable[Samples]:
    size = 1 << 16
    starts = range(first, last, size)
    for start, block in zip(starts, read_pieces(path, starts, size), strict=True):
        yield np.ascontiguousarray(block[:, : last - start])


def _sweep(session: Session, kept: set[Path]) -> None:
    """Take away predubs of an earlier assembly."""
    for path in session.stems.glob("*.wav"):
        if path.resolve() not in kept:
            path.unlink()


def majority(members: Sequence[Sounding]) -> Subcategory:
    """What most of a predub is, by how long it sounds."""
    weight: dict[Subcategory, float] = {}
    for one in members:
        kind = one.event.subcategory
        weight[kind] = weight.get(kind, 0.0) + one.piece.frames
    return max(weight, key=lambda kind: weight[kind])


def digest(session: Session) -> str:
    """Hash of a reel's record, by which an assembly is known to stand."""
    return file_hash(session.record_file) if session.record_file.is_file() else ""
