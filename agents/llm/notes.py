"""Notebook: where agents leave visible notes until the graph takes them over."""

from threading import Lock

from foley_designer.core.note import Note, NoteKind


class Notebook:
    """Notes of one run's agents, each told once between two drainings; safe among threads."""

    def __init__(self) -> None:
        self._notes: dict[Note, None] = {}
        self._lock = Lock()

    def write(self, kind: NoteKind, step: str, text: str, event_id: str | None = None) -> None:
        """Leave a note; an equal one that still stands is not doubled."""
        with self._lock:
            self._notes.setdefault(Note(kind=kind, step=step, text=text, event_id=event_id))

    def drain(self) -> tuple[Note, ...]:
        """Take all notes out, sorted, so that threads leave no trace in their order."""
        with self._lock:
            notes, self._notes = tuple(self._notes), {}
        return tuple(sorted(notes, key=lambda note: (note.step, note.kind, note.text)))
