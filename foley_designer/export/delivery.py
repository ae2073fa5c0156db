"""What the post-house files are made from: a finished session and the wishes of its receiver."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from math import ceil
from pathlib import Path
from typing import Any, NamedTuple, Self

from foley_designer.core.clip import SAMPLE_RATE, Clip
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.mix.mix_plan import MixPlan
from foley_designer.core.note import Note, NoteKind
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.core.script.trajectory import Cues, Trajectory
from foley_designer.core.session.session import Session
from foley_designer.core.session.session_record import SessionRecord, StemRecord
from foley_designer.core.timecode import from_timecode, is_drop_frame
from foley_designer.export.naming import filled, plain_name, same_file

STEP = "export"
POP_S = 2
"""Counted seconds from the 2-pop to the first frame, and from the last frame to the tail pop."""


class StemFormat(StrEnum):
    """Channels of delivered stems."""

    MONO = "mono"
    STEREO = "stereo"
    SURROUND = "5.1"
    """Each stem panned on its own trajectory, its ambience around, with its share of the LFE."""


class Layout(StrEnum):
    """How channels lie in files."""

    INTERLEAVED = "interleaved"
    SPLIT = "split"
    """One mono file a channel, named ``….L.wav`` and so on, as Netflix asks for discrete stems."""


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
    """Names of stems, from number, ucs, event, label, title, reel, layer and category
    (`foley_designer.export.naming`)."""
    stems: StemFormat = StemFormat.STEREO
    """Channels of stems; mono also gives Ardour and Reaper mono tracks whose pan follows the
    cues, otherwise theirs are the placed stereo stems."""
    layout: Layout = Layout.INTERLEAVED
    """Whether Broadcast WAVs hold all channels or one each."""

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
            from_timecode(self.first_frame, self.rate)
            assert self.stem_names is not None
            plain_name(self.film)
        except ValueError as error:
            raise FoleyError(ErrorCode.OPTION_INVALID, f"Can't deliver so: {error}.") from error
        if self.pops and self.origin < POP_S * round(self.rate):
            raise FoleyError(
                ErrorCode.OPTION_INVALID,
                f"A 2-pop stands {POP_S} s before the first frame: {self.first_frame} has no room.",
                "Start at 01:00:00:00, or leave the pops out.",
            )

    @property
    def notes(self) -> tuple[Note, ...]:
        """What was decided about time, for the receiver."""
        told = []
        if self.start is None and self.clip.timecode not in (None, self.first_frame):
            told.append(
                f"The clip's timecode {self.clip.timecode} doesn't exist at "
                f"{float(self.rate):.5g} frames a second: the first frame is {self.first_frame}."
            )
        asked = self._frames(self.handles_s)
        if asked > self.origin:
            told.append(
                f"Handles are {float(self.origin / self.rate):.2f} s instead of "
                f"{self.handles_s:.2f} s: the first frame is {self.first_frame}."
            )
        return tuple(Note(kind=NoteKind.DECISION, step=STEP, text=text) for text in told)

    def _frames(self, seconds: float) -> int:
        """Whole frames that hold a time."""
        return int(-(-round(seconds * 1000) * self.rate // 1000))

    @property
    def rate(self) -> Fraction:
        """Frames a second at which timecode counts."""
        return self.clip.timecode_rate

    @property
    def frame_count(self) -> int:
        """Frames of timecode that hold the picture."""
        if self.rate == self.clip.rate:
            return self.clip.frame_count
        return max(1, ceil(self.clip.duration_s * self.rate - Fraction(1, 1000)))

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
        hour_one = "01:00:00;00" if is_drop_frame(self.rate) else "01:00:00:00"
        if self.start is not None or self.clip.timecode is None:
            return self.start or hour_one
        try:
            from_timecode(self.clip.timecode, self.rate)
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
        return from_timecode(self.first_frame, self.rate)

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
        pops = POP_S * round(self.rate) if self.pops else 0
        return min(max(self._frames(self.handles_s), pops), self.origin)

    def samples_at(self, frame: int) -> int:
        """First sample of a frame, counted as frames are."""
        return round(frame * SAMPLE_RATE / self.rate)

    @cached_property
    def stem_names(self) -> dict[str, str]:
        """File names of stems without suffix, by event, from the naming template.

        Raises:
            ValueError: as `filled`, or the template names two stems alike.
        """
        names: dict[str, str] = {}
        owners: dict[str, str] = {}
        for track in self.tracks:
            event = track.event
            fields: dict[str, str | int] = {
                "number": track.number,
                "ucs": event.ucs_id,
                "event": event.id,
                "label": event.label,
                "title": self.film,
                "reel": self.reel,
                "layer": event.layer.value,
                "category": event.category.value,
            }
            name = plain_name(filled(self.naming, fields))
            other = owners.setdefault(same_file(name), event.id)
            if other != event.id:
                raise ValueError(
                    f"{self.naming!r:.60} names two stems {name}: {other} and {event.id}; "
                    "{number} or {event} tells them apart"
                )
            names[event.id] = name
        return names

    def stem_name(self, track: Track) -> str:
        """A stem's file name without suffix."""
        return self.stem_names[track.event.id]

    def stem_file(self, track: Track) -> str:
        """The stem's path in the delivery, all channels in one file."""
        return f"stems/{self.stem_name(track)}.wav"

    @property
    def document_name(self) -> str:
        """File name, without suffix, of documents on the whole reel."""
        return plain_name(f"{self.film}_r{self.reel}_foley")
