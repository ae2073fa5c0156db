"""Voicing: what the octaves of an instrument lack or have too much of beside recordings of it.

An instrument's parts are each given their spectrum, their sum is not. What is left over is the
median difference between recordings of a sound and its synthesis, by octave, fitted by
``python -m benchmarks.sound.fit_voicing`` and kept in ``voicing.yaml``: most of what is struck was
brighter than its recordings. Rows without recordings are left as they are; the median of their
category did not bring them nearer to what they should be heard as.
"""

from functools import cache
from pathlib import Path

from foley_designer.core.category import Subcategory
from foley_designer.core.reading import read_yaml
from foley_designer.core.sounds.table import sound_of
from foley_designer.generator.synth.physics.octaves import coloured
from foley_designer.generator.synth.physics.signals import Wave

FITTED = Path(__file__).with_name("voicing.yaml")


def case_name(row: str, surface: str | None) -> str:
    """Under what a voicing is kept: steps by their ground, everything else by its row."""
    return f"{row} on {surface}" if row == "footsteps" else row


@cache
def voicing(subcategory: Subcategory, variant: str, surface: str) -> tuple[float, ...] | None:
    """Decibels to add to each of `octaves.OCTAVES_HZ`; None where nothing is known."""
    row = sound_of(subcategory, variant)
    steps = subcategory is Subcategory.HUMAN_STEPS
    name = case_name("footsteps" if steps else row.name, surface)
    return _fitted().get(name)


def voiced(wave: Wave, subcategory: Subcategory, variant: str, surface: str) -> Wave:
    """A hit, ``[n]``, with its voicing; its attack stays where it is (minimum phase)."""
    gains_db = voicing(subcategory, variant, surface)
    if gains_db is None:
        return wave
    return coloured(wave, gains_db)


@cache
def _fitted() -> dict[str, tuple[float, ...]]:
    kept = read_yaml(FITTED.read_text(encoding="utf-8"))
    assert isinstance(kept, dict)
    return {str(name): tuple(map(float, gains)) for name, gains in kept.items()}
