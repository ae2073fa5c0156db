"""A walker is known by shoes and weight on whatever ground."""

from itertools import product

import numpy as np
import pytest

from benchmarks.scenes.continuity import spectrum
from foley_designer.core.category import Subcategory
from foley_designer.core.script.performance import Layer, Performance
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, SourceKind
from foley_designer.generator.synth.physics.engine import SynthEngine

WALKERS = {
    "anna": Performance(variant="boots"),
    "ben": Performance(variant="sneakers", size=0.4),
    "carl": Performance(variant="shoes"),
}
HITS = tuple(Hit(time_s=0.1 + 0.6 * k, strength=0.8) for k in range(6))


def steps(walker, ground, seed):
    play = WALKERS[walker].model_copy(update={"surface": ground})
    event = SoundEvent(
        id="e01",
        label="steps",
        description="Steps.",
        subcategory=Subcategory.HUMAN_STEPS,
        layer=Layer.FOREGROUND,
        hits=HITS,
        source=Source(kind=SourceKind.POINT),
        performance=play,
    )
    sound = SynthEngine().render(event, 200_000, np.random.default_rng(seed)).samples.mean(axis=0)
    starts = [round(hit.time_s * 48_000) for hit in HITS]
    return np.mean([spectrum(sound[k : k + 12_000].astype(float)) for k in starts], axis=0)


def distance(a, b):
    return np.sqrt(np.mean((a - b) ** 2))


@pytest.mark.parametrize("ground", ["wood", "grass", "concrete", "dirt"])
def test_two_walkers_differ_more_than_two_walks_of_one(ground):
    first, again = ({name: steps(name, ground, seed) for name in WALKERS} for seed in (1, 2))
    within = [distance(first[name], again[name]) for name in WALKERS]
    between = [distance(first[a], again[b]) for a, b in product(WALKERS, WALKERS) if a != b]
    assert max(within) < min(between)


def test_soft_soles_are_dull():
    boots, sneakers = (steps(name, "concrete", 1) for name in ("anna", "ben"))
    assert (boots - sneakers)[-6:].mean() > 2.0
