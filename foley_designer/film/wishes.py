"""Wishes: markers of editors, laid on the scenes that their timecode shows.

What one says of a character from there on goes into the bible; the rest is done in its scene's
session once that is performed, or listed.
"""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import NamedTuple

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.mix import marker
from foley_designer.core.mix.marker import Marker
from foley_designer.core.note import Note, NoteKind
from foley_designer.film.folder import FilmFolder
from foley_designer.film.model import Film, Piece, Reel, Wish
from foley_designer.screenplay.turnover.reader import Picture, Timed, on_picture, read_remarks
from foley_designer.screenplay.turnover.remark import Remark, RemarkList, frame_of, told

STEP = "turnover"


class RemarkSource(NamedTuple):
    """A list of remarks, or one that was typed, before it is known at which rate it counts."""

    name: str
    read: Callable[[Fraction], RemarkList]


def listed(path: Path) -> RemarkSource:
    """A list in a file."""
    return RemarkSource(path.name, partial(read_remarks, path))


def typed(timecode: str, words: str) -> RemarkSource:
    """Words at a timecode.

    Raises:
        FoleyError: ``option_invalid`` for what is no timecode, when it is read.
    """

    def read(rate: Fraction) -> RemarkList:
        try:
            frame = frame_of(timecode, rate)
        except ValueError as error:
            raise FoleyError(ErrorCode.OPTION_INVALID, f"{error}.") from error
        return RemarkList((Remark(frame, 0, told(words), 1),), rate, ";" in timecode)

    return RemarkSource("typed", read)


class Laid(NamedTuple):
    """A film with what lists wish of it."""

    film: Film
    notes: tuple[Note, ...]


def lay(film: Film, lists: Sequence[RemarkSource]) -> Laid:
    """The film with the markers of some lists on its scenes.

    A list is about the reels in whose timecode its markers lie. What no scene shows (black, titles)
    is told in a note.

    Raises:
        FoleyError: as `read_remarks`.
    """
    found: list[Wish] = []
    notes: list[Note] = []
    for source in lists:
        strays: list[str] = []
        decisions: list[Note] = []
        placed = False
        for reel in film.reels:
            rate = reel.clip.timecode_rate
            picture = Picture(reel.start, rate, reel.clip.duration_s, len(film.reels) == 1)
            timed, decided = on_picture(source.name, source.read(rate), picture)
            placed |= bool(timed)
            decisions += decided if timed or len(film.reels) == 1 else ()
            for one in timed:
                wish = _on_scene(film, reel, one)
                if wish is None:
                    strays.append(f"{one.text} ({one.source})")
                else:
                    found.append(wish)
        notes += decisions
        if not placed and len(film.reels) > 1:
            strays.append(f"all of {source.name}, which is no reel's timecode")
        if strays:
            text = f"Markers where no scene plays: {'; '.join(strays)[:400]}."
            notes.append(Note(kind=NoteKind.OPEN_POINT, step=STEP, text=text))
    known = dict.fromkeys((*film.wishes, *found))
    order = {scene.id: number for number, scene in enumerate(film.scenes)}
    wishes = sorted(known, key=lambda one: (order[one.scene], one.time_s, one.text))
    return Laid(film.model_copy(update={"wishes": tuple(wishes)}), tuple(notes))


def markers_of(film: Film, scene: str) -> tuple[Marker, ...]:
    """A scene's wishes as its session keeps them."""
    return tuple(
        Marker.listed(one.time_s, one.end_s, one.text, one.source)
        for one in film.wishes
        if one.scene == scene
    )


def moved(wishes: Sequence[Wish], before: Film, after: Film) -> tuple[Wish, ...]:
    """Wishes of a film that was planned anew, where its scenes now show the same picture."""
    found = []
    for one in wishes:
        for reel, piece in _pieces(before):
            frame = one.time_s * float(before.scene(one.scene).clip.rate)
            if piece.scene != one.scene or not piece.first <= frame < piece.last:
                continue
            time_s = (frame - piece.first + piece.at) / float(reel.clip.rate)
            length = one.end_s - one.time_s if one.end_s is not None else None
            end_s = None if length is None else time_s + length
            new = next(other for other in after.reels if other.number == reel.number)
            laid = _on_scene(after, new, Timed(time_s, end_s, one.text, one.source))
            found += [laid] if laid else []
            break
    return tuple(found)


def wish_notes(folder: FilmFolder, film: Film, said: Sequence[str]) -> tuple[Note, ...]:
    """What became of each wish.

    Args:
        folder: the film's.
        film: with its wishes.
        said: words of those that the bible took up.
    """
    done = [f"{text}: in the bible from there on" for text in said]
    left: list[str] = []
    waits: list[str] = []
    for scene in film.shown:
        wishes = {one.id: one for one in markers_of(film, scene.id) if one.text not in said}
        known = marker.load(folder.scene(scene.id)).markers if wishes else ()
        told = {one.id: one for one in known if one.done is not None}
        for key, one in wishes.items():
            line = f"{one.text} ({scene.title}, {one.time_s:.2f} s)"
            if key not in told:
                waits.append(line)
            else:
                (done if told[key].done else left).append(f"{line}: {told[key].outcome}")
    return (
        *(Note(kind=NoteKind.DECISION, step=STEP, text=f"Marker {one}"[:500]) for one in done),
        *(
            Note(kind=NoteKind.OPEN_POINT, step=STEP, text=f"Marker left to you: {one}"[:500])
            for one in left
        ),
        *(
            Note(
                kind=NoteKind.OPEN_POINT, step=STEP, text=f"Marker waits for its scene: {one}"[:500]
            )
            for one in waits
        ),
    )


def _pieces(film: Film) -> Iterator[tuple[Reel, Piece]]:
    for reel in film.reels:
        for piece in reel.pieces:
            yield reel, piece


def _on_scene(film: Film, reel: Reel, one: Timed) -> Wish | None:
    """The wish in the scene that a reel shows at its time; None if it shows none."""
    frame = one.time_s * float(reel.clip.rate)
    for piece in reel.pieces:
        if piece.at - 1e-6 <= frame < piece.end - 1e-6:
            rate = float(film.scene(piece.scene).clip.rate)
            time_s = round(max(0.0, frame - piece.at + piece.first) / rate, 6)
            end_s = None
            if one.end_s is not None:
                end_s = round(min(time_s + one.end_s - one.time_s, piece.last / rate), 6)
            return Wish(
                scene=piece.scene, time_s=time_s, end_s=end_s, text=one.text, source=one.source
            )
    return None
