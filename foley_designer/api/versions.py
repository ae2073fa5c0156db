"""The library's door to versions: a revision as it can be heard, by id or name; two compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from foley_designer.api.measured_stems import Heard, StemChange, heard
from foley_designer.core.documents import Document
from foley_designer.core.files import copy, file_hash
from foley_designer.core.mix.features import Diagnosis
from foley_designer.core.mix.mix_loudness import MixLoudness
from foley_designer.core.mix.mix_plan import MixPlan
from foley_designer.core.mix.rendition import KeptStem, Rendition
from foley_designer.core.revision.diff import Diff, describe_changes
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import Observation
from foley_designer.core.script.trajectory import Cues
from foley_designer.core.session.session import Session
from foley_designer.core.session.session_record import SessionRecord
from foley_designer.core.session.store import Shelf


class _Mixed(Document):
    """What is known of a mix that was made to be compared."""

    SCHEMA = "compared-mix"

    sha256: str
    master_gain_db: float
    loudness: MixLoudness


@dataclass(frozen=True)
class Version:
    """One revision, with all that is needed to hear and to show it."""

    id: str
    script: FoleyScript
    plan: MixPlan
    cues: Cues
    observation: Observation
    stems: dict[str, KeptStem]
    """Event to its stem in `folder`."""
    folder: Path
    """Where stems lie."""
    heard: dict[str, Heard]
    """Event to its measurements."""
    mix: Path
    """The stereo master."""
    master_gain_db: float
    loudness: MixLoudness

    def stem(self, event_id: str) -> Path:
        """A stem's file, before its fader.

        Raises:
            KeyError: there is no such event.
        """
        return self.folder / self.stems[event_id].file


@dataclass(frozen=True)
class Comparison:
    """Two versions, the second against the first."""

    first: Version
    second: Version
    diff: Diff
    stems: tuple[StemChange, ...]
    """Stems that differ, in the order of the second script, then those that are gone."""


def version(folder: Path, revision: str | None = None) -> Version:
    """A revision as it was delivered; nothing of the session changes.

    Its mix is kept in ``.foley/mixes`` from the first time on; that of a revision which is not the
    current one is then made from its stems.

    Args:
        folder: the session's.
        revision: its id or name; None takes the current one.

    Raises:
        FoleyError: ``session_not_found``; ``revision_invalid`` if there is none of that name;
            ``disk_full``, ``output_not_writable``.
    """
    session = Session(folder)
    record = session.finished()
    wanted = session.revision(revision) if revision else str(record.revision)
    documents = session.documents_of(wanted)
    script = session.get(FoleyScript, documents["script"])
    plan = session.get(MixPlan, documents["plan"])
    rendition = session.get(Rendition, documents["rendition"])
    mix, mixed = _mix(session, record, wanted, script, plan, rendition.stems)
    return Version(
        id=wanted,
        script=script,
        plan=plan,
        cues=session.get(Cues, documents["cues"]),
        observation=session.get(Observation, documents["observation"]),
        stems={stem.event_id: stem for stem in rendition.stems},
        folder=session.hidden / "stems",
        heard=heard(session.get(Diagnosis, documents["diagnosis_after"]), plan),
        mix=mix,
        master_gain_db=mixed.master_gain_db,
        loudness=mixed.loudness,
    )


def compare(folder: Path, first: str, second: str | None = None) -> Comparison:
    """Two revisions by id or name, the second (None: the current) against the first.

    Raises as `version` does.
    """
    was, now = version(folder, first), version(folder, second)
    keys = [*now.stems, *(key for key in was.stems if key not in now.stems)]
    return Comparison(
        first=was,
        second=now,
        diff=describe_changes(was.script, now.script),
        stems=tuple(
            StemChange(key, was.heard.get(key), now.heard.get(key))
            for key in keys
            if was.stems.get(key) != now.stems.get(key)
        ),
    )


def name(folder: Path, called: str, revision: str | None = None) -> str:
    """Give a revision (None: the current one) a name and return its id.

    Raises:
        FoleyError: ``session_not_found``, ``session_busy``; ``revision_invalid`` for a name that
            is none.
    """
    session = Session(folder)
    with session.lock():
        record = session.finished()
        wanted = session.revision(revision) if revision else str(record.revision)
        session.name(wanted, called)
    return wanted


def _mix(
    session: Session,
    record: SessionRecord,
    revision: str,
    script: FoleyScript,
    plan: MixPlan,
    stems: Sequence[KeptStem],
) -> tuple[Path, _Mixed]:
    """The stereo master of a revision, kept aside so that a later delivery leaves it as it is."""
    store = session.store
    if sound := store.sound(Shelf.MIXES, revision):
        return sound, store.about(_Mixed, Shelf.MIXES, revision)
    sound, delivered = store.place(Shelf.MIXES, revision), session.path("mix_stereo.wav")
    known = record.mix.files.get(delivered.name) if record.mix else None
    if revision == record.revision and record.mix and delivered.is_file():
        copy(delivered, sound)
        if file_hash(sound) == known:
            gain, loudness = record.mix.master_gain_db, record.mix.stereo
            mixed = _Mixed(sha256=known, master_gain_db=gain, loudness=loudness)
            return store.keep(Shelf.MIXES, revision, mixed), mixed
    mixed = _mixed_anew(session, sound, script, plan, stems)
    return store.keep(Shelf.MIXES, revision, mixed), mixed


def _mixed_anew(
    session: Session, sound: Path, script: FoleyScript, plan: MixPlan, stems: Sequence[KeptStem]
) -> _Mixed:
    from foley_designer.tools.context import ToolContext  # noqa: PLC0415 - loads the tools
    from foley_designer.tools.mix import MixInput, mix  # noqa: PLC0415
    from foley_designer.tools.process import Fader  # noqa: PLC0415

    of_event = {stem.event_id: stem for stem in stems}
    faders = [of_event[event.id] for event in script.events]
    place = session.store.place
    made = mix(
        MixInput(
            stems=tuple(
                Fader(file=str(place(Shelf.STEMS, Path(s.file).stem)), gain_db=s.gain_db)
                for s in faders
            ),
            sample_count=script.clip.sample_count,
            target=plan.target,
            offset_db=script.gain_db,
            out=str(sound),
        ),
        ToolContext(readable=(), writable=(session.root,)),
    )
    return _Mixed(sha256=made.sha256, master_gain_db=made.master_gain_db, loudness=made.loudness)
