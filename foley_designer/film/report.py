"""The film's page: a timeline of its scenes, what is doubtful, what found no picture, loudness."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from foley_designer.core.files import write_text
from foley_designer.core.note import Note, NoteKind
from foley_designer.export.report.pages import environment
from foley_designer.export.report.scenes import DOUBTFUL
from foley_designer.export.session.passage import Ruler
from foley_designer.film.assembly import Assembled, SceneSound
from foley_designer.film.bible import Bible
from foley_designer.film.continuity import guesses
from foley_designer.film.folder import FilmFolder
from foley_designer.film.model import Film, Reel
from foley_designer.film.predubs import runs

LOUD_STEP_LU = 10.0
"""Difference of loudness between neighbouring scenes from which it is pointed at."""


def write_film_report(
    folder: FilmFolder,
    film: Film,
    reel: Reel,
    scenes: dict[str, SceneSound],
    made: Assembled,
    bible: Bible,
    notes: Sequence[Note],
) -> None:
    """Write ``film_report.html`` into the reel's folder; raises as `write_text`."""
    views = _views(reel, scenes, made)
    doubts = [note.text for note in notes if note.kind is NoteKind.OPEN_POINT]
    page = (
        environment()
        .get_template("film.html.j2")
        .render(
            film=film,
            reel=reel,
            length_s=reel.clip.duration_s,
            views=views,
            unplaced=film.unplaced,
            doubts=[*dict.fromkeys([*doubts, *_steps(views)])],
            notes=[note.text for note in notes if note.kind is not NoteKind.OPEN_POINT],
            guesses=guesses(bible),
            bible=bible,
            predubs=[(group.name, len(members)) for group, members in made.groups.items()],
            mixes=(("Stereo", made.stereo), ("5.1", made.surround)),
        )
    )
    write_text(folder.reel(reel).path("film_report.html"), page)


def _views(reel: Reel, scenes: dict[str, SceneSound], made: Assembled) -> list[dict[str, Any]]:
    """Per run of a scene what the page shows of it."""
    rate = float(reel.clip.rate)
    ruler = Ruler(reel.clip.model_copy(update={"timecode": reel.start}))
    views = []
    for number, piece in enumerate(runs(reel.pieces), start=1):
        one = scenes.get(piece.scene)
        events = one.script.events if one else ()
        doubtful = sum(
            hit.confidence < DOUBTFUL
            for event in events
            for hit in event.hits
            if piece.first <= hit.time_s * rate < piece.last
        )
        text = one.scene.text if one else None
        views.append(
            {
                "number": number,
                "id": piece.scene,
                "title": one.scene.title if one else piece.scene,
                "place": one.scene.place if one else "",
                "tc_in": ruler.at(piece.at / rate),
                "tc_out": ruler.at(piece.end / rate),
                "left": 100 * piece.at / reel.clip.frame_count,
                "width": 100 * piece.frames / reel.clip.frame_count,
                "lufs": made.scenes[piece.at].integrated_lufs,
                "words": text.action if text else "",
                "unsure": one is None or (text is not None and one.scene.confidence < DOUBTFUL),
                "confidence": one.scene.confidence if one else 0.0,
                "doubtful": doubtful,
                "events": [event.label for event in events],
                "unheard": [n.text for n in one.record.notes if n.kind is NoteKind.OPEN_POINT]
                if one
                else [],
                "report": f"../../scenes/{piece.scene}/report.html" if one else "",
            }
        )
    return views


def _steps(views: Sequence[dict[str, Any]]) -> list[str]:
    """Neighbours that differ much in loudness."""
    found = []
    heard = [view for view in views if view["lufs"] is not None]
    for one, other in pairwise(heard):
        step = other["lufs"] - one["lufs"]
        if abs(step) > LOUD_STEP_LU:
            found.append(
                f"{other['title']} ({other['tc_in']}) is {abs(step):.0f} LU "
                f"{'louder' if step > 0 else 'softer'} than {one['title']} before it."
            )
    return found
