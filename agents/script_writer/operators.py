"""The operators of the search, by name, in the order in which they are tried."""

from collections.abc import Callable

from foley_designer.agents.script_writer import additions, refinement, regeneration
from foley_designer.agents.script_writer.context import Change, Context

Operator = Callable[[Context], Change | None]

REFINE: dict[str, Operator] = {
    "narrative_sounds": additions.narrative_sounds,
    "missing_background": additions.missing_background,
    "wrong_layer": refinement.wrong_layer,
    "overlapping_layers": refinement.overlapping_layers,
    "missing_surface": refinement.missing_surface,
    "follow_up": additions.follow_up,
    "masking": refinement.masking,
    "ambiguous_description": refinement.ambiguous_description,
    "diegetic_separation": refinement.diegetic_separation,
}
"""For correctable flaws: what is missing first, then where it lies, then how it is told."""

REGENERATE: dict[str, Operator] = {
    "structure": regeneration.structure,
    "tone": regeneration.tone,
}
"""For fundamental flaws."""
