"""Specialists by rules: space, room for what is hidden, and repairs."""

import pytest
from mixed_tracks import (
    BED,
    FLAT,
    KNOWLEDGE,
    RAIN,
    STEPS,
    diagnosis,
    event,
    features,
    mended,
    plan_of,
    script,
)

from foley_designer.agents.critic.rules import RulesCritic
from foley_designer.agents.dynamics.rules import RulesDynamics
from foley_designer.agents.eq.rules import RulesEq
from foley_designer.agents.reverb.rules import futz_of, place, predelay_ms
from foley_designer.core.category import Subcategory
from foley_designer.core.mix.mix_plan import Operation
from foley_designer.core.mix.processing import EqKind, Futz
from foley_designer.core.space import ACOUSTICS, Space


def test_a_take_that_already_rings_like_the_scene_gets_no_reverb() -> None:
    wanted = ACOUSTICS[Space.WORKSHOP].rt60_s
    for rt60, confidence, asked in (
        (wanted * 1.1, 0.9, False),
        (wanted * 1.4, 0.9, False),
        (wanted * 0.4, 0.9, True),
        (wanted, 0.2, True),
        (None, 0.0, True),
    ):
        found = diagnosis(features("steps", rt60_s=rt60, rt60_confidence=confidence))
        operations = plan_of(script(STEPS), found).of("steps").operations
        assert (Operation.REVERB in operations) is asked


def test_a_take_that_rings_longer_than_the_scene_is_shortened_to_it() -> None:
    found = diagnosis(features("steps", rt60_s=1.24, rt60_confidence=0.8))
    track = mended(found, STEPS, space=Space.CAR).of("steps")
    assert track.operations == (Operation.REVERB,)
    assert track.dereverb is not None
    assert (track.dereverb.rt60_s, track.dereverb.target_s) == (1.24, ACOUSTICS[Space.CAR].rt60_s)
    assert track.reverb is None
    assert "rings 1.24 s, the scene 0.10 s" in " ".join(track.reasons)
    bell = event(Subcategory.METAL_IMPACT, "steps")
    assert mended(found, bell, space=Space.CAR).of("steps").dereverb is None


def test_a_clipped_take_is_restored_and_its_headroom_comes_back_on_the_fader() -> None:
    whole = mended(diagnosis(features("steps")), STEPS)
    torn = mended(diagnosis(features("steps", clipped_samples=40)), STEPS)
    track = torn.of("steps")
    assert track.declip is not None
    assert Operation.DYNAMICS in track.operations
    assert track.gain_db == pytest.approx(whole.of("steps").gain_db + track.declip.headroom_db)
    assert torn.on_takes().of("steps").gain_db == pytest.approx(whole.of("steps").gain_db)
    lower = track.declip.headroom_db
    stem = diagnosis(features("steps", integrated_lufs=-30.0 - lower, true_peak_dbtp=-10.0 - lower))
    before = diagnosis(features("steps", clipped_samples=40))
    kept, again = RulesCritic().review(script(STEPS), torn, before, stem)
    assert (kept, again) == (torn, False)


def test_what_surrounds_or_is_no_part_of_the_scene_stays_dry() -> None:
    told = STEPS.model_copy(update={"diegetic": False})
    found = diagnosis(features("steps"), features("bed"))
    plan = plan_of(script(told, BED), found)
    assert not any(Operation.REVERB in track.operations for track in plan.tracks)


@pytest.mark.parametrize(
    ("label", "words", "futz"),
    [
        ("siren", "a siren on the radio", Futz.RADIO),
        ("steps", "footsteps, steps through the thin wall", Futz.NEXT_ROOM),
        ("glass breaks", "glass breaks in the next room", Futz.NEXT_ROOM),
        ("barks over the phone", "a dog", Futz.TELEPHONE),
        ("party", "the party is heard through a window", Futz.NEXT_ROOM),
        ("radio falls", "a radio falls on the floor", None),
        ("knocks", "knocks on the door", None),
        ("steps", "he steps through the door", None),
        ("boots walk", "boots walk in a room, and music plays in the next room", None),
    ],
)
def test_words_say_what_a_sound_comes_through(label: str, words: str, futz: Futz | None) -> None:
    assert futz_of(event(Subcategory.HUMAN_STEPS, "a", label=label, description=words)) is futz


def test_farther_is_wetter_and_every_space_stays_in_range() -> None:
    for space in Space:
        wet = []
        for distance in (0.3, 1.0, 4.0, 30.0, 500.0):
            proposal = place(STEPS, features("steps", distance_m=distance), space)
            assert proposal.reverb is not None
            assert predelay_ms(ACOUSTICS[space], distance) <= 200 * ACOUSTICS[space].rt60_s
            wet.append(proposal.reverb.wet_db)
        assert wet == sorted(wet)
        assert wet[0] < wet[-1] <= -6


def test_a_masker_is_carved_where_both_are_strong_and_ducks_for_the_rest() -> None:
    high = tuple(-30.0 if i != 7 else 0.0 for i in range(10))
    carves, ducks = {}, {}
    for share in (0.8, 0.9, 0.95):
        found = diagnosis(
            features("steps", band_db=high),
            features("rain", band_db=(-40, -40, -40, -8, -8, -8, -8, 0, -8, -8)),
            masking={"steps": {"rain": share}},
        )
        scene = script(STEPS, RAIN)
        plan = plan_of(scene, found)
        assert plan.of("rain").operations == (Operation.EQ, Operation.DYNAMICS)
        room = RulesEq(KNOWLEDGE).propose(scene, found, plan, ())
        (eq,) = (track.eq for track in room.tracks if track.event_id == "rain")
        assert [(band.kind, band.frequency_hz) for band in eq] == [(EqKind.PEAK, 4000)]
        carves[share] = -eq[0].gain_db
        level = RulesDynamics().propose(scene, found, plan, (room,))
        ducks[share] = [track.dynamics.duck_db for track in level.tracks if track.dynamics]
    assert 2 <= carves[0.8] < carves[0.9] == carves[0.95] == 4
    assert ducks[0.8] == []
    assert 1 <= ducks[0.9][-1] < ducks[0.95][-1] <= 4


def test_dc_and_rumble_ask_for_a_high_pass() -> None:
    rumbling = (-6.0, -30.0, *FLAT[2:])
    for track, lowest, highest in (
        (features("steps", dc_offset=0.01), 20, 30),
        (features("steps", band_db=rumbling), 25, 120),
    ):
        found = diagnosis(track)
        plan = plan_of(script(STEPS), found)
        (proposal,) = RulesEq(KNOWLEDGE).propose(script(STEPS), found, plan, ()).tracks
        assert proposal.eq[0].kind is EqKind.HIGH_PASS
        assert lowest <= proposal.eq[0].frequency_hz <= highest
    assert (
        Operation.EQ
        not in plan_of(script(STEPS), diagnosis(features("steps"))).of("steps").operations
    )


def test_uneven_hits_are_held_with_their_attack_kept() -> None:
    found = diagnosis(features("steps", short_term_max_lufs=-24.0, true_peak_dbtp=-3.0))
    plan = plan_of(script(STEPS), found)
    (proposal,) = RulesDynamics().propose(script(STEPS), found, plan, ()).tracks
    dynamics = proposal.dynamics
    assert dynamics is not None
    assert dynamics.threshold_db == pytest.approx(-13)
    assert 10 <= dynamics.attack_ms <= 30
    assert 150 <= dynamics.release_ms <= 300
    assert dynamics.duck_db == 0
    even = diagnosis(features("steps", short_term_max_lufs=-29.0, true_peak_dbtp=0.0))
    assert Operation.DYNAMICS not in plan_of(script(STEPS), even).of("steps").operations
