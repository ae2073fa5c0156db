"""Spotting: which of the observed moments one kind of action would sound at."""

from collections.abc import Sequence

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.script.observation import (
    Moment,
    MomentKind,
    MotionKind,
    Observation,
    Track,
)

CONFIDENT = 0.4
"""Moments under this confidence are doubtful."""
SECOND_READING = 0.35
"""Belief in steps of a source that doesn't look like a walker, and in contacts of one that does,
or of one that passes by: it rolls."""

KICK_S = 0.25
"""Longest time from a shot to the end of its kick: set by hand, looked at on two clips (ADR 32).

Raising it pairs an impact with what moved before another shot."""

ACTIONS = ("strike", "steps", "voice", "bounce", "flash", "impact", "shot", "any")

_KINDS = {"voice": MomentKind.APPEARANCE, "flash": MomentKind.FLASH}

SUITS: dict[str, tuple[tuple[MotionKind, ...], ...]] = {
    "strike": ((MotionKind.STRIKING,), (MotionKind.WORKING, MotionKind.FALLING)),
    "bounce": ((MotionKind.FALLING,), (MotionKind.STRIKING, MotionKind.WORKING)),
    "steps": ((MotionKind.WALKING,),),
}
"""Kinds of movement that an action is looked for in, in turn."""


def select(
    observation: Observation,
    action: str,
    *,
    start_s: float = 0.0,
    end_s: float | None = None,
    makers: int = 1,
) -> tuple[Moment, ...]:
    """The moments at which one action of the clip sounds, in time order.

    Args:
        observation: what was seen.
        action: ``strike`` (hammering, chopping, hitting), ``steps``, ``voice`` (barking,
            calling), ``bounce``, ``flash`` (fireworks, shots), ``impact`` (what hits, whoever it
            is: the onset model's reading of the whole frame; contacts where it read nothing),
            ``shot`` (the same of what kicks) or ``any``.
        start_s: first time that counts.
        end_s: time from which nothing counts; None is the clip's end.
        makers: how many act at once; of several, each has a track of its own.

    Raises:
        FoleyError: ``option_invalid`` for an action that is not known.
    """
    if action not in ACTIONS:
        raise FoleyError(
            ErrorCode.OPTION_INVALID,
            f"There is no action {action}.",
            f"Use one of {', '.join(ACTIONS)}.",
        )
    end_s = observation.clip.duration_s if end_s is None else end_s
    inside = [one for one in observation.moments if start_s <= one.time_s < end_s]
    if action in _KINDS:
        return _confident(inside, _KINDS[action])
    if action == "any":
        return tuple(one for one in inside if one.confidence >= CONFIDENT)
    is_read = any(one.kind is MomentKind.IMPACT for one in observation.moments)
    if action in ("impact", "shot") and is_read:
        found = _impacts(inside)
        return _kicks(found, observation.moments) if action == "shot" else found
    if makers > 1 and action in SUITS:
        several = _of_makers(inside, observation, action, makers)
        if len({one.track_id for one in several}) > 1:
            return several
    if action == "steps":
        sure = CONFIDENT * SECOND_READING
        walked = [one for one in inside if one.kind is MomentKind.STEP and one.confidence >= sure]
        if walked:
            return _of_best_tracks(walked, observation, "steps")
    struck = _confident(inside, MomentKind.CONTACT)
    return _of_best_tracks(struck, observation, "bounce" if action == "bounce" else "strike")


def _impacts(moments: Sequence[Moment]) -> tuple[Moment, ...]:
    """What the onset model believes, and contacts that someone who looked accepted."""
    return tuple(
        one
        for one in moments
        if (one.kind is MomentKind.IMPACT and one.confidence >= CONFIDENT)
        or (one.kind is MomentKind.CONTACT and one.said_by)
    )


def _kicks(impacts: Sequence[Moment], moments: Sequence[Moment]) -> tuple[Moment, ...]:
    """Impacts of what kicks, each halfway from where its movement begins to where it ends.

    A shot begins the movement that follows it, and what is read as an impact ends it.
    """
    begins = [one.time_s for one in moments if one.kind is MomentKind.APPEARANCE]
    return tuple(one.model_copy(update={"time_s": shot_s(one.time_s, begins)}) for one in impacts)


def shot_s(impact_s: float, begins_s: Sequence[float]) -> float:
    """When a shot is fired whose kick ends at an impact, seconds.

    Args:
        impact_s: where the movement ends.
        begins_s: where movements begin.
    """
    before = [time_s for time_s in begins_s if 0 < impact_s - time_s <= KICK_S]
    return (impact_s + max(before)) / 2 if before else impact_s


def _confident(moments: Sequence[Moment], kind: MomentKind) -> tuple[Moment, ...]:
    return tuple(one for one in moments if one.kind is kind and one.confidence >= CONFIDENT)


def _of_makers(
    moments: Sequence[Moment], observation: Observation, action: str, makers: int
) -> tuple[Moment, ...]:
    """The moments of so many tracks: those that suit the action first, then the surest.

    Each is judged by itself, since whoever acts lightly or at times acts all the same.
    """
    kind = MomentKind.STEP if action == "steps" else MomentKind.CONTACT
    ranks = {name: rank for rank, names in enumerate(SUITS[action]) for name in names}
    own = {
        track: [one for one in moments if one.kind is kind and one.track_id == track.id]
        for track in observation.tracks
    }

    def worth(track: Track) -> tuple[int, float]:
        total = sum(one.confidence for one in own[track])
        return ranks.get(track.kind, len(SUITS[action])), -total

    found: list[Moment] = []
    for track in sorted((track for track in own if own[track]), key=worth)[:makers]:
        surest = max(one.confidence for one in own[track])
        found += [one for one in own[track] if one.confidence >= CONFIDENT * surest]
    return tuple(sorted(found, key=lambda one: (one.time_s, one.id)))


def _of_best_tracks(
    moments: Sequence[Moment], observation: Observation, action: str
) -> tuple[Moment, ...]:
    """The moments of tracks that suit the action; if none does, of the surest track.

    Those that someone looked at and accepted stay, whatever their track.
    """
    for kinds in SUITS[action]:
        suiting = {track.id for track in observation.tracks if track.kind in kinds}
        if any(one.track_id in suiting for one in moments):
            return tuple(one for one in moments if one.track_id in suiting or one.said_by)
    if not moments:
        return ()
    totals: dict[str | None, float] = {}
    for one in moments:
        totals[one.track_id] = totals.get(one.track_id, 0.0) + one.confidence
    surest = max(sorted(totals, key=str), key=lambda name: totals[name])
    return tuple(one for one in moments if one.track_id == surest or one.said_by)
