"""The library's door for markers: what editors wished at a timecode is done, or listed."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from foley_designer.agents.reviser.spotting import spotted
from foley_designer.api import revisions
from foley_designer.core.documents import content_hash
from foley_designer.core.files import write_text
from foley_designer.core.mix import marker
from foley_designer.core.mix.marker import Marker, Markers
from foley_designer.core.note import Note
from foley_designer.core.progress import Progress, silent
from foley_designer.core.revision.apply import RevisionError, apply
from foley_designer.core.revision.diff import describe_changes
from foley_designer.core.revision.operations import Operation
from foley_designer.core.session.session import Session
from foley_designer.core.settings import Settings
from foley_designer.screenplay.turnover.reader import Picture, on_picture, read_remarks

IN_PLACE = "it is there already"
MOST_WORDS = 400
"""Letters of what is told of a marker, and of a revision's words."""


def read_markers(
    paths: Sequence[Path], folder: Path
) -> tuple[tuple[Marker, ...], tuple[Note, ...]]:
    """The markers of some lists that lie on a session's clip, and notes of what was decided.

    Raises:
        FoleyError: as `read_remarks`; ``session_not_found``.
    """
    clip = Session(folder).finished().clip
    assert clip is not None
    picture = Picture(clip.timecode, clip.timecode_rate, clip.duration_s)
    found: list[Marker] = []
    notes: list[Note] = []
    for path in paths:
        timed, decided = on_picture(path.name, read_remarks(path, clip.timecode_rate), picture)
        found += [Marker.listed(*one) for one in timed]
        notes += decided
    return tuple(found), tuple(notes)


def fulfil(
    folder: Path,
    wishes: Sequence[Marker],
    *,
    settings: Settings | None = None,
    progress: Progress = silent,
) -> tuple[Marker, ...]:
    """Do what markers wish of a finished session, in one revision; keep them all with what came.

    A marker that the session knows already is not read again. Each that is understood becomes
    operations at its time; ``outcome`` says which, or why it is left to a person.

    Args:
        folder: the session's.
        wishes: on the clip's time.
        settings: for what the session does not fix, such as folders.
        progress: told how far the work is.

    Returns:
        The new ones, with what became of them.

    Raises:
        FoleyError: as `foley_designer.api.revisions.revise`.
    """
    session = Session(folder)
    session.finished()
    known = {one.id for one in marker.load(session).markers if one.done is not None}
    fresh = [one for one in {one.id: one for one in wishes}.values() if one.id not in known]
    if not fresh:
        return ()
    words = f"{marker.REASON} {content_hash(sorted(one.id for one in fresh))[:8]}"
    pending = session.hidden / "markers.json"
    if session.revisions()[-1].reason.startswith(words) and pending.is_file():
        done = list(Markers.from_json(pending.read_bytes()).markers)  # killed after the revision
    else:
        done, operations = _read(session, fresh, settings or Settings())
        write_text(pending, Markers(markers=tuple(done)).to_json())
        if operations:
            told = f"{words}: {'; '.join(one.text for one in done if one.done)}"
            _revise(folder, operations, told, settings, progress)
    marker.save(session, marker.load(session).with_all(done))
    pending.unlink()
    return tuple(done)


def _revise(
    folder: Path,
    operations: Sequence[Operation],
    words: str,
    settings: Settings | None,
    progress: Progress,
) -> None:
    short = words if len(words) <= MOST_WORDS else words[: MOST_WORDS - 1] + "…"
    revisions.revise(
        folder, operations, approve=True, words=short, settings=settings, progress=progress
    )


def _read(
    session: Session, wishes: Sequence[Marker], settings: Settings
) -> tuple[list[Marker], list[Operation]]:
    """What each marker comes to, in the order of time, and all operations."""
    from foley_designer.graph.benches import set_up  # noqa: PLC0415
    from foley_designer.graph.nodes.revise_recall import state_of  # noqa: PLC0415 - heavy
    from foley_designer.graph.nodes.revise_understand import situation  # noqa: PLC0415

    record = session.finished()
    own = revisions.settings_of(record, settings)
    bench = set_up(session, own, Path(record.inputs.clip_path), settings)
    state: Any = state_of(bench, record, str(record.revision))
    about = situation(state, bench)
    done: list[Marker] = []
    operations: list[Operation] = []
    for one in sorted(wishes, key=lambda wish: (wish.time_s, wish.id)):
        found = spotted(one.text, one.time_s, one.end_s, about, bench.team.reviser)
        try:
            script = apply(about.script, found.operations) if found.operations else about.script
        except RevisionError as error:
            found = found._replace(operations=(), unclear=f"{error.message} {error.hint}".strip())
            script = about.script
        lines = describe_changes(about.script, script).lines
        told = "; ".join(lines) or found.unclear or IN_PLACE
        update = {"done": not found.unclear, "outcome": told[:MOST_WORDS]}
        done.append(one.model_copy(update=update))
        operations += found.operations
        about = about.model_copy(update={"script": script})
    return done, operations


def forget(folder: Path) -> None:
    """Take what was read of a session's markers back, so that a new design has them done again."""
    session = Session(folder)
    known = marker.load(session).markers
    kept = tuple(one for one in known if one.done is None)
    if len(kept) < len(known):
        marker.save(session, Markers(markers=kept))
