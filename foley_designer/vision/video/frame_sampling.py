"""Frame sampling again: which frames of an observed clip a better part is shown."""

from foley_designer.core.script.observation import Observation

APART_S = 0.15
"""Times nearer than this show the same."""
SHARES = (0.5, 0.1, 0.9, 0.3, 0.7)
"""Where within a track or shot, the most telling first."""


def times_to_look(observation: Observation, most: int) -> tuple[float, ...]:
    """Times at which every track and every shot is seen, in order.

    Args:
        observation: what was seen.
        most: how many at most; if there are more, each track and shot gets its middle first.
    """
    stretches = [(track.start_s, track.end_s) for track in observation.tracks]
    stretches += [(shot.start_s, shot.end_s) for shot in observation.shots]
    chosen: list[float] = []
    for share in SHARES:
        for start_s, end_s in stretches:
            time_s = start_s + share * (end_s - start_s)
            if len(chosen) < most and all(abs(time_s - other) > APART_S for other in chosen):
                chosen.append(time_s)
    return tuple(sorted(chosen))
