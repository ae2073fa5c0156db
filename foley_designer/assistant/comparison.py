"""Two revisions of a session in numbers, from what was measured when each was made."""

from foley_designer.core.documents import Part
from foley_designer.core.mix.features import Diagnosis
from foley_designer.core.mix.mix_plan import MixPlan
from foley_designer.core.revision.diff import describe_changes
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.session.roles import Delivered
from foley_designer.core.session.session import Session
from foley_designer.core.session.session_record import SessionRecord


class HeardStem(Part):
    """One stem at its fader, before mastering."""

    loudness_lufs: float | None
    """None if it is too short to be measured."""
    true_peak_dbtp: float
    """Before its fader."""
    centroid_hz: float


class ChangedStem(Part):
    """A touched stem; before or after is None if it was not or is not there."""

    event_id: str
    before: HeardStem | None
    after: HeardStem | None


class RevisionComparison(Part):
    """The current revision against an earlier or later one."""

    against: str
    """Id of the revision that ``before`` is from."""
    current: str
    changes: tuple[str, ...]
    """One sentence a change of the script, from that revision to the current one."""
    stems: tuple[ChangedStem, ...]


def compared(session: Session, record: SessionRecord, against: str) -> RevisionComparison:
    """Compare the current revision with the one of this id or name; nothing is written.

    Raises:
        FoleyError: ``revision_invalid`` if there is none; ``session_not_found`` if it was
            never delivered.
    """
    first = session.revision(against)
    documents = session.documents_of(first)
    before, after = _measured(session, documents), _measured(session, record.documents)
    changes = describe_changes(
        session.get(FoleyScript, documents["script"]),
        session.get(FoleyScript, record.documents["script"]),
    )
    keys = [*after, *(key for key in before if key not in after)]
    return RevisionComparison(
        against=first,
        current=str(record.revision),
        changes=changes.lines,
        stems=tuple(
            ChangedStem(event_id=key, before=before.get(key), after=after.get(key))
            for key in keys
            if before.get(key) != after.get(key)
        ),
    )


def _measured(session: Session, documents: Delivered) -> dict[str, HeardStem]:
    from foley_designer.api.measured_stems import heard  # noqa: PLC0415 - loads the graph

    diagnosis = session.get(Diagnosis, documents["diagnosis_after"])
    told = heard(diagnosis, session.get(MixPlan, documents["plan"]))
    return {
        event: HeardStem(
            loudness_lufs=one.loudness_lufs,
            true_peak_dbtp=one.true_peak_dbtp,
            centroid_hz=one.centroid_hz,
        )
        for event, one in told.items()
    }
