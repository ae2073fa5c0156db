"""A session as tools and resources tell it."""

from foley_designer.assistant.jobs.store import jobs_of
from foley_designer.assistant.paths import named
from foley_designer.assistant.tools.script import current
from foley_designer.core.documents import Part
from foley_designer.core.mix.mix_loudness import MixLoudness
from foley_designer.core.mix.mix_plan import LOUDNESS, LoudnessTarget
from foley_designer.core.note import Note, NoteKind
from foley_designer.core.session.session import Session
from foley_designer.core.session.session_record import SessionRecord, Stage

MOST_NOTES = 30
_FIRST = (NoteKind.FALLBACK, NoteKind.OPEN_POINT, NoteKind.ADVICE, NoteKind.DECISION, NoteKind.PART)


class EventLine(Part):
    """One event in a line."""

    event_id: str
    label: str
    layer: str
    start_s: float
    end_s: float
    hits: int


class Loudness(Part):
    """A mix as measured; None if there is nothing to measure."""

    integrated_lufs: float | None
    short_term_max_lufs: float | None
    range_lu: float | None
    true_peak_dbtp: float | None

    @classmethod
    def of(cls, measured: MixLoudness) -> "Loudness":
        """The numbers without the series."""
        return cls(**{name: getattr(measured, name) for name in cls.model_fields})


class SessionSummary(Part):
    """What a session holds."""

    session: str
    folder: str
    stage: Stage
    clip: str
    duration_s: float | None
    description: str | None
    revision: str | None
    last_job: str | None
    events: tuple[EventLine, ...] = ()
    target: LoudnessTarget | None = None
    target_lufs: float | None = None
    stereo: Loudness | None = None
    surround: Loudness | None = None
    files: dict[str, str] = {}
    """Delivered file to its ``file://`` address."""
    parts: dict[str, str] = {}
    notes: tuple[Note, ...] = ()
    """Fallbacks and open points first."""


def summary(session: Session, record: SessionRecord) -> SessionSummary:
    """What the session holds."""
    script = current(session, record)[0] if "script" in record.documents else None
    jobs = jobs_of(session)
    mix = record.mix
    notes = sorted(record.notes, key=lambda note: _FIRST.index(note.kind))
    return SessionSummary(
        session=named(session),
        folder=str(session.root),
        stage=record.stage,
        clip=record.inputs.clip_path,
        duration_s=record.clip.duration_s if record.clip else None,
        description=record.inputs.description,
        revision=record.revision,
        last_job=jobs[-1].id if jobs else None,
        events=tuple(
            EventLine(
                event_id=event.id,
                label=event.label,
                layer=event.layer.value,
                start_s=event.start_s,
                end_s=event.end_s,
                hits=len(event.hits),
            )
            for event in (script.events if script else ())
        ),
        target=mix.target if mix else None,
        target_lufs=LOUDNESS[mix.target][0] if mix else None,
        stereo=Loudness.of(mix.stereo) if mix else None,
        surround=Loudness.of(mix.surround) if mix else None,
        files=files(session, record),
        parts=record.parts,
        notes=tuple(notes[:MOST_NOTES]),
    )


def files(session: Session, record: SessionRecord) -> dict[str, str]:
    """Delivered files that are there, by their path in the session."""
    if record.mix is None:
        return {}
    names = [*record.mix.files, "report.html", *(stem.file for stem in record.stems)]
    return {
        name: (session.root / name).as_uri() for name in names if (session.root / name).is_file()
    }
