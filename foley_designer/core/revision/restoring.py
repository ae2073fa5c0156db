"""Restore: the inverse of whatever was done between two scripts, as an operation of its own."""

from typing import Literal

from foley_designer.core.documents import Part, content_hash
from foley_designer.core.revision.base import Edit
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.setting import Tone
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.core.space import Space


class Scene(Part):
    """What a script holds beside its events."""

    space: Space
    tone: Tone
    gain_db: float
    loudness_lufs: float | None


class Restore(Edit):
    """Put events, and where it changed the scene, back as they were.

    It is refused where one of them was changed again in between: what is taken back must be what
    was done.
    """

    kind: Literal["restore"] = "restore"
    events: tuple[SoundEvent, ...] = ()
    """As they were before."""
    absent: tuple[str, ...] = ()
    """Ids that were not there."""
    order: tuple[str, ...]
    """Ids of all events in their order before."""
    left: dict[str, str]
    """Id to content hash of each event as it was left; empty for one that was left out."""
    scene: Scene | None = None


def scene_of(script: FoleyScript) -> Scene:
    """What a script holds beside its events."""
    return Scene(
        space=script.space,
        tone=script.tone,
        gain_db=script.gain_db,
        loudness_lufs=script.loudness_lufs,
    )


def inverse(before: FoleyScript, after: FoleyScript) -> Restore:
    """The operation that makes ``before`` of ``after``, byte for byte."""
    old = {event.id: event for event in before.events}
    new = {event.id: event for event in after.events}
    changed = tuple(event for event in before.events if new.get(event.id) != event)
    absent = tuple(event.id for event in after.events if event.id not in old)
    touched = (*(event.id for event in changed), *absent)
    scene = scene_of(before)
    return Restore(
        events=changed,
        absent=absent,
        order=tuple(old),
        left={key: content_hash(new[key]) if key in new else "" for key in touched},
        scene=None if scene == scene_of(after) else scene,
        reason="Taken back.",
    )
