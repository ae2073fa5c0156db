"""The Foley script S = {(e_i, l_i)} (paper, section 3.1)."""

from typing import ClassVar, Self

from pydantic import Field, model_validator

from foley_designer.core.clip import Clip
from foley_designer.core.documents import Document
from foley_designer.core.note import Note
from foley_designer.core.script.performance import Layer
from foley_designer.core.script.setting import Setting, Tone
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.core.space import Space


class FoleyScript(Document):
    """What will sound in one clip, event by event."""

    SCHEMA: ClassVar[str] = "foley-script"

    clip: Clip
    summary: str = Field(default="", max_length=2000)
    space: Space
    tone: Tone = Tone()
    settings: tuple[Setting, ...] = ()
    """Of a film of several scenes, in order; empty if all is one scene."""
    events: tuple[SoundEvent, ...] = Field(min_length=1)
    """In the order of the cue sheet: by layer, then by start; later additions behind."""
    gain_db: float = Field(default=0.0, ge=-40, le=12)
    """An editor's wish for the whole scene against the loudness target."""
    loudness_lufs: float | None = Field(default=None, ge=-60, le=-6)
    """An editor's wish for the mix, LUFS; None takes the delivery target's."""
    notes: tuple[Note, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        ids = [event.id for event in self.events]
        if len(ids) != len(set(ids)):
            raise ValueError("event ids must differ from each other")
        late = [e.id for e in self.events if e.end_s > self.clip.duration_s + self.clip.frame_s]
        if late:
            raise ValueError(f"events run past the clip's end: {', '.join(late)}")
        return self

    def event(self, event_id: str) -> SoundEvent:
        """The event with this id.

        Raises:
            KeyError: there is none.
        """
        for event in self.events:
            if event.id == event_id:
                return event
        raise KeyError(event_id)

    def setting_of(self, event: SoundEvent) -> Setting | None:
        """The setting in which an event begins; it may sound on through the scene's cut."""
        return self.setting_at(event.start_s)

    def setting_at(self, time_s: float) -> Setting | None:
        """The setting of an instant; None for a clip of one scene."""
        begun = [one for one in self.settings if one.start_s <= time_s + 1e-6]
        return begun[-1] if begun else None

    def space_of(self, event: SoundEvent) -> Space:
        """The space that an event sounds in: its scene's."""
        setting = self.setting_of(event)
        return setting.space if setting else self.space

    @property
    def silenced(self) -> frozenset[str]:
        """Ids of what the mix leaves out: muted events, and all others while some are soloed."""
        solo = any(event.soloed for event in self.events)
        return frozenset(e.id for e in self.events if e.muted or (solo and not e.soloed))

    @property
    def foreground(self) -> tuple[SoundEvent, ...]:
        """Events of the foreground layer."""
        return tuple(event for event in self.events if event.layer is Layer.FOREGROUND)
