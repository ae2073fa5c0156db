"""Spotting: which of the observed moments one kind of action would sound at."""

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.observation import Moment, MomentKind, Observation

CONFIDENT = 0.4
"""Moments under this confidence are doubtful."""

KINDS: dict[str, frozenset[MomentKind]] = {
    "strike": frozenset({MomentKind.CONTACT, MomentKind.STEP}),
    "steps": frozenset({MomentKind.STEP, MomentKind.CONTACT}),
    "voice": frozenset({MomentKind.APPEARANCE}),
    "bounce": frozenset({MomentKind.CONTACT}),
    "flash": frozenset({MomentKind.FLASH}),
    "any": frozenset(MomentKind),
}


def select(
    observation: Observation, action: str, *, start_s: float = 0.0, end_s: float | None = None
) -> tuple[Moment, ...]:
    """The moments at which one action of the clip sounds, in time order.

    Args:
        observation: what was seen.
        action: ``strike`` (hammering, chopping, hitting), ``steps``, ``voice`` (barking,
            calling), ``bounce``, ``flash`` (fireworks, shots) or ``any``.
        start_s: first time that counts.
        end_s: time from which nothing counts; None is the clip's end.

    Raises:
        FoleyError: ``option_invalid`` for an action that is not known.
    """
    if action not in KINDS:
        raise FoleyError(
            ErrorCode.OPTION_INVALID,
            f"There is no action {action}.",
            f"Use one of {', '.join(KINDS)}.",
        )
    end_s = observation.clip.duration_s if end_s is None else end_s
    return tuple(
        moment
        for moment in observation.moments
        if moment.kind in KINDS[action]
        and moment.confidence >= CONFIDENT
        and start_s <= moment.time_s < end_s
    )
