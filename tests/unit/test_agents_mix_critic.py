"""The critic by rules, and what all rules together keep to."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mixed_tracks import (
    BED,
    CLOTH,
    RAIN,
    SECONDS,
    STEPS,
    conferred,
    diagnosis,
    event,
    features,
    in_mix,
    plan_of,
    script,
)

from foley_designer.agents.critic.rules import RulesCritic
from foley_designer.agents.mix_planner.masking import shifted
from foley_designer.core.category import Subcategory
from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.mix.features import Diagnosis
from foley_designer.core.mix.mix_plan import MixPlan
from foley_designer.core.script.performance import Performance
from foley_designer.core.space import Space
from foley_designer.dsp.effects.process import process
from foley_designer.dsp.features import features as measured
from foley_designer.dsp.level.gains import db_to_gain
from foley_designer.dsp.level.masking import excitation, masking_matrix


def test_the_critic_gives_back_what_processing_took() -> None:
    scene = script(STEPS)
    before = diagnosis(features("steps", integrated_lufs=-30.0))
    after = diagnosis(features("steps", integrated_lufs=-33.0, true_peak_dbtp=-13.0))
    plan = plan_of(scene, before)
    kept, again = RulesCritic().review(scene, plan, before, after)
    assert not again
    assert in_mix(kept, after, "steps") == pytest.approx(in_mix(plan, before, "steps"))


def test_the_critic_leaves_a_good_mix_alone() -> None:
    scene, found = script(STEPS, BED), diagnosis(features("steps"), features("bed"))
    plan = plan_of(scene, found)
    assert RulesCritic().review(scene, plan, found, found) == (plan, False)


def test_the_critic_lowers_what_still_hides_and_takes_harm_back() -> None:
    scene = script(STEPS, RAIN)
    tracks = (features("steps"), features("rain"))
    plan = conferred(
        scene,
        diagnosis(*tracks, masking={"steps": {"rain": 0.9}}),
        plan_of(scene, diagnosis(*tracks, masking={"steps": {"rain": 0.9}})),
    )
    assert plan.of("rain").eq
    faders = {track.event_id: track.gain_db for track in plan.tracks}

    def heard(share: float) -> Diagnosis:
        return Diagnosis(tracks=tracks, masking={"steps": {"rain": share}}, faders_db=faders)

    kept, again = RulesCritic().review(scene, plan, heard(0.9), heard(0.7))
    assert again
    assert kept.of("rain").gain_db == pytest.approx(plan.of("rain").gain_db - 2)
    kept, again = RulesCritic().review(scene, plan, heard(0.5), heard(0.8))
    assert again
    assert kept.of("rain").eq == ()
    assert kept.of("rain").dynamics is None


def test_shares_move_with_level_and_stay_shares() -> None:
    shares = [shifted(0.4, db) for db in (-60, -6, 0, 6, 60)]
    assert shares == sorted(shares, reverse=True)
    assert shares[2] == pytest.approx(0.4)
    assert shifted(0.0, -20) == 0
    assert shifted(1.0, 20) == 1


def test_on_real_signals_a_buried_sound_comes_out_and_the_order_holds() -> None:
    """A rustle under rain: planned, processed and measured again with the real parts."""
    rng = np.random.default_rng(3)
    count = int(SECONDS * SAMPLE_RATE)
    rain = rng.normal(0, 0.05, (2, count)).astype(np.float32)
    rustle = np.zeros((2, count), np.float32)
    for start in (24000, 72000):
        burst = rng.normal(0, 1, 24000) * np.hanning(24000)
        rustle[:, start : start + 24000] = 0.02 * burst
    handling = event(Subcategory.HANDLING, "rustle", performance=Performance(force=0.2))
    scene = script(handling, RAIN, space=Space.STREET)
    takes = {"rustle": rustle, "rain": rain}

    def heard(stems: dict[str, np.ndarray], plan: MixPlan | None) -> Diagnosis:
        faders = {name: plan.of(name).gain_db if plan else 0.0 for name in stems}
        return Diagnosis(
            tracks=tuple(measured(stem, name) for name, stem in stems.items()),
            masking=masking_matrix(
                {
                    name: excitation(stem * np.float32(db_to_gain(faders[name])))
                    for name, stem in stems.items()
                }
            ),
            faders_db=faders,
        )

    bare = heard(takes, None)
    loud = RAIN.model_copy(update={"gain_db": 16.0})
    scene = scene.model_copy(update={"events": (handling, loud)})
    plan = plan_of(scene, bare)
    before = heard(takes, plan)
    mixed = conferred(scene, before, plan)
    envelope = np.abs(rustle).max(axis=0) * np.float32(db_to_gain(mixed.of("rustle").gain_db))
    stems = {
        "rustle": process(rustle, mixed.of("rustle")),
        "rain": process(rain, mixed.of("rain"), envelope),
    }
    after = heard(stems, mixed)
    assert before.masking["rustle"]["rain"] > 0.4
    assert after.masking["rustle"]["rain"] < before.masking["rustle"]["rain"] - 0.1


bands = st.lists(st.floats(-80, 0), min_size=10, max_size=10).map(tuple)
tracks = st.fixed_dictionaries(
    {
        "band_db": bands,
        "integrated_lufs": st.none() | st.floats(-69, 0),
        "short_term_max_lufs": st.none() | st.floats(-69, 0),
        "true_peak_dbtp": st.floats(-150, 3),
        "crest_db": st.floats(0, 60),
        "rt60_s": st.none() | st.floats(0.05, 8),
        "rt60_confidence": st.floats(0, 1),
        "dc_offset": st.floats(-0.1, 0.1),
        "distance_m": st.none() | st.floats(0.05, 1900),
    }
)


@settings(max_examples=60, deadline=None)
@given(
    measurements=st.tuples(tracks, tracks, tracks),
    shares=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    space=st.sampled_from(Space),
)
def test_every_plan_stays_inside_the_documented_ranges(
    measurements: tuple[dict[str, object], ...], shares: tuple[float, float], space: Space
) -> None:
    scene = script(STEPS, CLOTH, RAIN, space=space)
    names = ("steps", "cloth", "rain")
    found = diagnosis(
        *(features(name, **more) for name, more in zip(names, measurements, strict=True)),
        masking={"steps": {"rain": shares[0]}, "cloth": {"rain": shares[1], "steps": 0.5}},
    )
    plan = conferred(scene, found, plan_of(scene, found))
    kept, _ = RulesCritic().review(scene, plan, found, found)
    for one in (plan, kept):
        assert one == MixPlan.model_validate_json(one.model_dump_json())
        assert all(track.reasons for track in one.tracks)
