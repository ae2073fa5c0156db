"""Which moments belong to which call, where several calls of one action compete."""

from foley_designer.agents.scribe.calls import Call
from foley_designer.core.script.observation import Moment, Track
from foley_designer.core.sounds.model import Action

Moments = tuple[Moment, ...]


def share(
    calls: tuple[Call, ...],
    seen: tuple[Moments, ...],
    makers: tuple[tuple[Track, ...], ...],
    duration_s: float,
) -> tuple[Moments, ...]:
    """Each call's own moments.

    A moment on the track of a call's maker is that call's, one on nobody's track the first
    call's. Where that leaves a call with nothing, the picture does not tell the calls apart, and
    they share the time in the order of the text.
    """
    own = list(seen)
    for action in Action:
        rivals = [i for i, call in enumerate(calls) if call.action is action and seen[i]]
        if len(rivals) < 2:
            continue
        shares = _by_maker(rivals, seen, makers)
        if not all(shares):
            shares = _by_order(rivals, seen, duration_s)
        for rival, moments in zip(rivals, shares, strict=True):
            own[rival] = moments
    return tuple(own)


def _by_maker(
    rivals: list[int], seen: tuple[Moments, ...], makers: tuple[tuple[Track, ...], ...]
) -> list[Moments]:
    owner = {track.id: rival for rival in reversed(rivals) for track in makers[rival]}
    return [
        tuple(m for m in seen[rival] if owner.get(m.track_id or "", rivals[0]) == rival)
        for rival in rivals
    ]


def _by_order(rivals: list[int], seen: tuple[Moments, ...], duration_s: float) -> list[Moments]:
    length = duration_s / len(rivals)
    return [
        tuple(m for m in seen[rival] if k * length <= m.time_s < (k + 1) * length) or seen[rival]
        for k, rival in enumerate(rivals)
    ]
