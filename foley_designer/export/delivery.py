"""What the post-house files are made from: a finished session and the wishes of its receiver."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Self

from foley_designer.core.clip import SAMPLE_RATE, Clip
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.mix.mix_plan import MixPlan
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.core.script.trajectory import Cues, Trajectory
from foley_designer.core.session.session import Session
from foley_designer.core.session.session_record import SessionRecord, StemRecord
from foley_designer.core.timecode import from_timecode, is_drop_frame

POP_S = 2
"""Counted seconds from the 2-pop to the first frame, and from the last frame to the tail pop."""


class Track(NamedTuple):
    """One stem on its track."""

    number: int
    event: SoundEvent
    stem: StemRecord
    path: Path
    trajectory: Trajectory

    @property
    def name(self) -> str:
        """Number and label."""
        return f"{self.number:02} {self.event.label}"


@dataclass(frozen=True)
class Delivery:
    """A finished session with options of delivery."""

    root: Path
    record: SessionRecord
    script: FoleyScript
    cues: Cues
    start: str | None = None
    """Timecode of the first frame; None takes the clip's own, else hour one."""
    reel: str = "1"
    title: str = ""
    """The film's title; empty takes the clip's name."""
    pops: bool = False
    """Add the 2-pop before the first frame and the tail pop after the last."""
    handles_s: float = 0.0
    """Silence before the first and after the last frame; pops take at least their room."""
    version: int = 1
    """Of the delivery, in the names of files that carry one."""
    lfe_gain_db: float = -10.0
    """Level of the LFE in 5.1 stems, as the plan has it."""
    naming: str = "{number:02}_{ucs}_{event}"
    """Names of stems, from number, ucs, event, label, title, reel, layer and category."""

    @classmethod
    def of(cls, root: Path, **options: Any) -> Self:
        """Open a finished session; ``options`` are the fields from ``start`` on.

        Raises:
            FoleyError: ``session_not_found``, ``session_damaged``, ``document_invalid`` or
                ``option_invalid``.
        """
        session = Session(root)
        record = session.whole()
        script = session.get(FoleyScript, record.documents["script"])
        cues = session.get(Cues, record.documents["cues"])
        plan = session.get(MixPlan, record.documents["plan"])
        options = {"lfe_gain_db": plan.lfe_gain_db, **options}
        return cls(session.root, record, script, cues, **options)

    def __post_init__(self) -> None:
        try:
            from_timecode(self.first_frame, self.clip.rate)
            for track in self.tracks:
                self.stem_name(track)
        except (ValueError, LookupError) as error:
            raise FoleyError(ErrorCode.OPTION_INVALID, f"Can't deliver so: {error}.") from error

    @property
    def clip(self) -> Clip:
        """The clip."""
        return self.script.clip

    @property
    def film(self) -> str:
        """The film's title."""
        return self.title or Path(self.clip.name).stem

    @property
    def first_frame(self) -> str:
        """Timecode of the first frame: as asked, the clip's own, or hour one."""
        hour_one = "01:00:00;00" if is_drop_frame(self.clip.rate) else "01:00:00:00"
        if self.start is not None or self.clip.timecode is None:
            return self.start or hour_one
        try:
            from_timecode(self.clip.timecode, self.clip.rate)
        except ValueError:
            return hour_one
        return self.clip.timecode

    @property
    def drop_frame(self) -> bool:
        """Whether timecode counts with drop frame."""
        return ";" in self.first_frame

    @property
    def origin(self) -> int:
        """Frame of the day of the first frame."""
        return from_timecode(self.first_frame, self.clip.rate)

    @property
    def tracks(self) -> tuple[Track, ...]:
        """The stems in the order of the script."""
        stems = {stem.event_id: stem for stem in self.record.stems}
        return tuple(
            Track(
                number,
                event,
                stems[event.id],
                self.root / stems[event.id].file,
                self.cues.of(event.id),
            )
            for number, event in enumerate(self.script.events, start=1)
        )

    @property
    def lead_frames(self) -> int:
        """Frames before the first frame of picture and after the last."""
        handles = -(-round(self.handles_s * 1000) * self.clip.rate // 1000)
        pops = POP_S * round(self.clip.rate) if self.pops else 0
        return min(max(int(handles), pops), self.origin)

    def samples_at(self, frame: int) -> int:
        """First sample of a frame, counted as frames are."""
        return round(frame * SAMPLE_RATE / self.clip.rate)

    def stem_name(self, track: Track) -> str:
        """A stem's file name without suffix, by the naming template.

        Raises:
            LookupError, ValueError: the template names what there isn't.
        """
        event = track.event
        name = self.naming.format(
            number=track.number,
            ucs=event.ucs_id,
            event=event.id,
            label=event.label,
            title=self.film,
            reel=self.reel,
            layer=event.layer.value,
            category=event.category.value,
        )
        return plain_name(name)


def plain_name(name: str) -> str:
    """The name with only what every file system takes.

    Raises:
        ValueError: nothing is left.
    """
    kept = "".join(c if c.isalnum() or c in "-_." else "_" for c in name).strip("._")
    if not kept:
        raise ValueError(f"{name!r} is no file name")
    return kept[:120]
