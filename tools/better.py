"""What a better part says, or what was seen before if it fails."""

from collections.abc import Callable

from foley_designer.core.errors import FoleyError
from foley_designer.core.note import Note
from foley_designer.core.script.observation import Observation


def tried(
    name: str, work: Callable[[], Observation], otherwise: Observation, instead: str
) -> Observation:
    """What a part makes of what was seen; where it fails, that stays, with a note.

    Args:
        name: the part's.
        work: asks it.
        otherwise: what was seen before.
        instead: what serves in its place, in words.
    """
    from foley_designer.vision.models.plugins import failed  # noqa: PLC0415

    try:
        return work()
    except FoleyError:
        raise
    except Exception as error:  # noqa: BLE001 - a part may fail in any way; it is told
        return noted(otherwise, (failed(name, error, instead),))


def noted(seen: Observation, notes: tuple[Note, ...]) -> Observation:
    """The same with more notes."""
    return seen.model_copy(update={"notes": (*seen.notes, *notes)}) if notes else seen
