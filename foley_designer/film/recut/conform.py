"""Conform: a film's scenes put where a new cut of a reel shows them.

A scene's session stays as it is, with all its decisions, revisions, locks and takes; only where the
reel plays which stretch of it changes. What the old cut has not becomes scenes of its own, and
those alone are designed.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import expanded
from foley_designer.core.note import Note, NoteKind
from foley_designer.core.progress import Progress
from foley_designer.core.script.observation import Observation
from foley_designer.core.settings import Settings
from foley_designer.film.folder import FilmFolder
from foley_designer.film.looking import Looked, look, looked_before
from foley_designer.film.model import DesignedScene, Film, Piece, Reel
from foley_designer.film.recut.matching import Match, match
from foley_designer.vision.skim import Fingerprints, skim

HEAL = 4
"""Frames up to which what is new between two kept stretches is a blend, and heals."""
SAME_LENGTH = 1
"""Frames by which a new picture in an old one's place may be longer or shorter: a new version of
an effects shot comes with its length."""
SHORTEST_S = 0.3
"""Shortest new picture that is designed, as the shortest shot."""


class Conformed(NamedTuple):
    """A new cut of a film, and how it came about."""

    film: Film
    reel: Reel
    """As it was."""
    matches: tuple[Match, ...]
    """The new reel as stretches of the old one, without gaps."""
    replaced: tuple[Match, ...]
    """Stretches whose picture is new and whose sound stays."""
    old_shots: tuple[int, ...]
    """Frames at which the old reel's shots begin, and its end."""
    new_shots: tuple[int, ...]


def conform(
    folder: FilmFolder,
    film: Film,
    number: int,
    path: Path,
    settings: Settings,
    progress: Progress,
    listed: Sequence[Match] | None = None,
) -> Conformed:
    """The film with a reel in its new cut; nothing is committed.

    Args:
        folder: the film's.
        film: as it is.
        number: of the reel.
        path: the new picture.
        settings: as the film is designed with.
        progress: told how far looking is.
        listed: the stretches of a change list; None finds them by frames.

    Raises:
        FoleyError: ``option_invalid`` for a reel that there is none of; as `skim`.
    """
    reel = reel_of(film, number)
    new = look(folder, path, settings, progress)
    old_seen, old_prints = _old(folder, reel, settings, progress)
    new_clip = new.observation.clip
    new_shots = starts(new.observation)
    new_prints = folder.fingerprints(new_clip.sha256)
    assert new_prints is not None
    if listed is None:
        progress("match", 0.0, new_clip.name)
        found = match(old_prints, new_prints, new_shots[:-1])
        progress("match", 1.0, new_clip.name)
    else:
        found = _whole(listed, new_clip.frame_count)
    healed, replaced = heal(found)
    pieces = placed(reel.pieces, healed)
    if reel.clip.rate != new_clip.rate:
        pieces = _at_cuts(pieces, new_shots)
    added = _added(film, number, new, healed, reel)
    own = [*pieces, *(_piece(scene) for scene in added)]
    own.sort(key=lambda piece: piece.at)
    changed = Reel(
        number=number,
        path=str(expanded(path).absolute()),
        clip=new_clip,
        pieces=tuple(own),
    )
    reels = tuple(changed if one.number == number else one for one in film.reels)
    text = f"{reel.name} conformed to {new_clip.name}: {len(added)} new stretch(es)."
    note = Note(kind=NoteKind.DECISION, step="conform", text=text)
    conformed = film.model_copy(
        update={"reels": reels, "scenes": (*film.scenes, *added), "notes": (*film.notes, note)}
    )
    return Conformed(
        Film.model_validate(conformed.model_dump()),
        reel,
        tuple(healed),
        tuple(replaced),
        tuple(starts(old_seen)),
        tuple(new_shots),
    )


def reel_of(film: Film, number: int) -> Reel:
    """A reel by its number.

    Raises:
        FoleyError: ``option_invalid``.
    """
    for reel in film.reels:
        if reel.number == number:
            return reel
    raise FoleyError(
        ErrorCode.OPTION_INVALID,
        f"There is no reel {number}.",
        f"The film has {len(film.reels)}.",
    )


def starts(seen: Observation) -> list[int]:
    """Frames at which shots begin, and the reel's end."""
    clip = seen.clip
    found = {0, *(round(shot.start_s / clip.frame_s) for shot in seen.shots)}
    return [*sorted(frame for frame in found if frame < clip.frame_count), clip.frame_count]


def heal(matches: Sequence[Match]) -> tuple[list[Match], list[Match]]:
    """Matches with blends healed, and new frames in an old one's place found.

    Returns:
        The matches, and those of them whose picture is new and whose sound stays.
    """
    found: list[Match] = []
    replaced: list[Match] = []
    for index, run in enumerate(matches):
        before = found[-1] if found else None
        after = matches[index + 1] if index + 1 < len(matches) else None
        if not run.is_new or before is None or before.is_new or after is None or after.is_new:
            found.append(run)
            continue
        gap = after.old - (before.old + before.frames)
        if abs(gap - run.frames) <= SAME_LENGTH and before.flipped == after.flipped:
            kept = run._replace(old=before.old + before.frames, flipped=before.flipped)
            found.append(kept)
            if run.frames > HEAL:
                replaced.append(kept)
        elif run.frames <= HEAL:
            found[-1] = before._replace(end=run.end)
        else:
            found.append(run)
    return found, replaced


def placed(pieces: Sequence[Piece], matches: Sequence[Match]) -> list[Piece]:
    """The pieces of a reel where its new cut shows their picture."""
    found = []
    for run in matches:
        if run.is_new:
            continue
        for piece in pieces:
            first, last = max(piece.at, run.old), min(piece.end, run.old + run.frames)
            if last <= first:
                continue
            by = piece.first - piece.at
            found.append(
                Piece(
                    scene=piece.scene,
                    first=first + by,
                    last=last + by,
                    at=run.new + first - run.old,
                    flipped=piece.flipped != run.flipped,
                )
            )
    return sorted(found, key=lambda piece: piece.at)


def new_of_old(matches: Sequence[Match], count: int) -> NDArray[np.int64]:
    """Per frame of the old cut the new frame that shows it first, -1 for none."""
    found = np.full(count, -1, np.int64)
    for run in reversed(matches):
        if not run.is_new:
            last = min(run.old + run.frames, count)
            found[run.old : last] = np.arange(run.new, run.new + last - run.old)
    return found


def _old(
    folder: FilmFolder, reel: Reel, settings: Settings, progress: Progress
) -> tuple[Observation, Fingerprints]:
    """What was seen of the reel as it is; looked at again where that is gone."""
    seen = looked_before(folder, reel.clip.sha256, settings)
    prints = folder.fingerprints(reel.clip.sha256)
    if seen is not None and prints is not None:
        return seen, prints
    skimmed = skim(Path(reel.path), settings.frame_rate, progress)
    return skimmed.observation, skimmed.fingerprints


def _whole(listed: Sequence[Match], count: int) -> list[Match]:
    """A list's stretches without gaps: what it leaves out is new."""
    found: list[Match] = []
    at = 0
    for run in sorted(listed, key=lambda one: one.new):
        if run.new > at:
            found.append(Match(at, run.new, -1))
        end = min(run.end, count)
        if end > run.new:
            found.append(run._replace(end=end))
            at = end
    if at < count:
        found.append(Match(at, count, -1))
    return found


def _at_cuts(pieces: Sequence[Piece], shots: Sequence[int]) -> list[Piece]:
    """Pieces parted at cuts: at another rate each shot is put in sync anew."""
    found = []
    for piece in pieces:
        inside = [frame for frame in shots if piece.at < frame < piece.end]
        for first, last in zip([piece.at, *inside], [*inside, piece.end], strict=True):
            by = piece.first - piece.at
            update = {"first": first + by, "last": last + by, "at": first}
            found.append(piece.model_copy(update=update))
    return found


def _added(
    film: Film, number: int, new: Looked, matches: Sequence[Match], reel: Reel
) -> list[DesignedScene]:
    """Scenes of the new picture: one for each stretch, cut at what shows no film."""
    seen = new.observation
    clip = seen.clip
    film_frames = np.zeros(clip.frame_count, bool)
    for shot in seen.shots:
        first, last = round(shot.start_s / clip.frame_s), round(shot.end_s / clip.frame_s)
        film_frames[first:last] = shot.has_film
    version = _version(film, number)
    found: list[DesignedScene] = []
    for index, run in enumerate(matches):
        if not run.is_new:
            continue
        for first, last in _stretches(film_frames, run):
            if (last - first) * clip.frame_s < SHORTEST_S:
                continue
            beside = _neighbour(film, reel, matches, index)
            found.append(
                DesignedScene(
                    id=f"r{number}v{version}s{len(found) + 1}",
                    title=f"New picture in {beside.title}" if beside else "New picture",
                    place=beside.place if beside else f"reel{number}_v{version}_{len(found) + 1}",
                    path=str(expanded(new.path).absolute()),
                    clip=clip,
                    first=first,
                    last=last,
                    confidence=0.0,
                )
            )
    return found


def _version(film: Film, number: int) -> int:
    """The next version of a reel that no scene is named after."""
    taken = {scene.id.split("s")[0] for scene in film.scenes}
    version = 2
    while f"r{number}v{version}" in taken:
        version += 1
    return version


def _stretches(film_frames: NDArray[np.bool_], run: Match) -> list[tuple[int, int]]:
    """The parts of a new stretch that show film."""
    padded = np.r_[False, film_frames[run.new : run.end], False].astype(np.int8)
    edges = np.flatnonzero(np.diff(padded))
    return [
        (run.new + int(a), run.new + int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)
    ]


def _neighbour(
    film: Film, reel: Reel, matches: Sequence[Match], index: int
) -> DesignedScene | None:
    """The scene that a new stretch stands in or beside: the one before it, else after."""
    for other in (index - 1, index + 1):
        if not 0 <= other < len(matches) or matches[other].is_new:
            continue
        run = matches[other]
        frame = run.old + run.frames - 1 if other < index else run.old
        for piece in reel.pieces:
            if piece.at <= frame < piece.end:
                return film.scene(piece.scene)
    return None


def _piece(scene: DesignedScene) -> Piece:
    return Piece(scene=scene.id, first=0, last=scene.last - scene.first, at=scene.first)
