"""The library's door to other takes of a sound, heard before one is chosen."""

from pathlib import Path

from foley_designer.api.versions import version
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.session.session import Session
from foley_designer.core.settings import Settings

MOST_TAKES = 8
"""Performances that are offered beside each other."""


def audition(folder: Path, event_id: str, take: int, *, settings: Settings | None = None) -> Path:
    """A take of an event of the current revision, performed and placed, before the mix's plan.

    The session's script stays as it is; `core.revision.sounding.ChooseTake` chooses one.

    Args:
        folder: the session's.
        event_id: of the script.
        take: its number, from 0.
        settings: for what the session does not fix.

    Raises:
        FoleyError: ``option_invalid`` for an event or a take that there is not;
            ``session_not_found``; as the engines raise.
    """
    from foley_designer.api.revisions import settings_of  # noqa: PLC0415 - heavy
    from foley_designer.graph.benches import set_up  # noqa: PLC0415
    from foley_designer.tools.generate import TOOL, GenerateInput  # noqa: PLC0415

    session = Session(folder)
    record = session.finished()
    now = version(folder)
    event = next((one for one in now.script.events if one.id == event_id), None)
    if event is None or not 0 <= take < MOST_TAKES:
        raise FoleyError(
            ErrorCode.OPTION_INVALID,
            f"There is no take {take} of {event_id}.",
            f"Takes are 0 to {MOST_TAKES - 1} of {', '.join(now.stems)}.",
        )
    own = settings_of(record, settings)
    bench = set_up(session, own, Path(record.inputs.clip_path), settings or Settings())
    answer = bench.tools.call(
        TOOL,
        GenerateInput(
            event=event.model_copy(update={"take": take}),
            trajectory=now.cues.of(event.id),
            space=now.script.space_of(event),
            sample_count=now.script.clip.sample_count,
            folder=str(session.takes),
            engine=event.engine or own.engine,
            seed=own.seed + 104_729 * take,
            takes=own.takes,
        ),
    )
    return Path(session.takes) / Path(answer.take.file).name
