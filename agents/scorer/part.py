"""Parts of a score and how they come together."""

from foley_designer.agents.interfaces import Objection

Part = tuple[float, list[Objection]]
"""A share 0..1, and what lowered it."""


def together(parts: tuple[tuple[float, Part], ...]) -> Part:
    """Half the weighted mean, half the worst part: one bad fault is not paid by many good parts."""
    mean = sum(weight * share for weight, (share, _) in parts)
    worst = min(share for _, (share, _) in parts)
    return (mean + worst) / 2, [objection for _, (_, told) in parts for objection in told]
