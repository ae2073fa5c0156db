"""Notebook: where agents leave visible notes until the graph takes them over."""

from threading import Lock

from foley_designer.core.note import Note, NoteKind


class Notebook:
    """Notes of one run's agents, each told once between two drainings; safe among threads."""

    def __init__(self) -> None:
        self._notes: dict[Note, None] = {}
        self._asked: dict[tuple[str, str], int] = {}
        self._failed: dict[tuple[str, str], int] = {}
        self._lock = Lock()

    def write(self, kind: NoteKind, step: str, text: str, event_id: str | None = None) -> None:
        """Leave a note; an equal one that still stands is not doubled."""
        with self._lock:
            self._notes.setdefault(Note(kind=kind, step=step, text=text, event_id=event_id))

    def count(self, step: str, asked: str, *, failed: bool) -> None:
        """Count what is asked of an agent, and whether the rules had to answer it."""
        key = (step, asked)
        with self._lock:
            self._asked[key] = self._asked.get(key, 0) + 1
            self._failed[key] = self._failed.get(key, 0) + failed

    def tally(self) -> tuple[Note, ...]:
        """How many of what each agent was asked the rules answered, where they answered any."""
        with self._lock:
            return tuple(
                Note(
                    kind=NoteKind.FALLBACK,
                    step=step,
                    text=f"The rules answered {failed} of {self._asked[step, asked]} {asked}.",
                )
                for (step, asked), failed in sorted(self._failed.items())
                if failed
            )

    def drain(self) -> tuple[Note, ...]:
        """Take all notes out, sorted, so that threads leave no trace in their order."""
        with self._lock:
            notes, self._notes = tuple(self._notes), {}
        return tuple(sorted(notes, key=lambda note: (note.step, note.kind, note.text)))
