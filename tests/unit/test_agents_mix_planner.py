"""The mix planner by rules: balance, distance, and what is never lost."""

import math

import pytest
from mixed_tracks import (
    BED,
    CLOTH,
    KNOWLEDGE,
    RAIN,
    STEPS,
    diagnosis,
    event,
    features,
    in_mix,
    plan_of,
    script,
)

from foley_designer.agents.mix_planner.levels import loudness_of, own_level
from foley_designer.agents.mix_planner.rules import RulesMixPlanner
from foley_designer.core.category import Subcategory
from foley_designer.core.mix.mix_plan import LOUDNESS, LoudnessTarget
from foley_designer.core.script.performance import Performance
from foley_designer.core.script.sound_event import Hit, Source, SourceKind
from foley_designer.core.sounds.table import named


def test_the_cards_level_stands_whatever_the_takes_loudness() -> None:
    scene = script(STEPS)
    card = KNOWLEDGE.get("footsteps-gravel")
    played = STEPS.model_copy(
        update={
            "performance": card.performance,
            "source": Source(kind=SourceKind.POINT, distance_m=card.distance_m),
        }
    )
    for lufs in (-50.0, -30.0, -12.0):
        found = diagnosis(features("steps", integrated_lufs=lufs, true_peak_dbtp=lufs + 20))
        plan = plan_of(script(played), found)
        assert in_mix(plan, found, "steps") == pytest.approx(-23 + card.level_lu, abs=0.01)
    assert plan_of(scene, found) == plan_of(scene, found)


def test_a_target_without_loudness_still_has_a_balance() -> None:
    assert LOUDNESS[LoudnessTarget.THEATRICAL][0] is None
    planner = RulesMixPlanner(KNOWLEDGE, LoudnessTarget.THEATRICAL)
    found = diagnosis(features("steps"), features("bed"))
    plan = planner.plan(script(STEPS, BED), found)
    assert plan.target is LoudnessTarget.THEATRICAL
    assert in_mix(plan, found, "steps") > in_mix(plan, found, "bed")


def test_sync_hits_stand_over_the_sum_of_backgrounds() -> None:
    loud = RAIN.model_copy(update={"performance": Performance(force=1.0)})
    soft = STEPS.model_copy(update={"hits": (Hit(time_s=0.5, strength=0.05),)})
    found = diagnosis(features("steps"), features("bed"), features("rain"))
    plan = plan_of(script(soft, BED, loud), found)
    beds = sum(10 ** (in_mix(plan, found, name) / 10) for name in ("bed", "rain"))
    assert in_mix(plan, found, "steps") - 10 * math.log10(beds) >= 2.9
    assert any("over the backgrounds" in reason for reason in plan.of("rain").reasons)


def test_cloth_lies_far_under_feet() -> None:
    rough = CLOTH.model_copy(update={"performance": Performance(force=1.0)})
    found = diagnosis(features("steps"), features("cloth"))
    plan = plan_of(script(STEPS, rough), found)
    assert in_mix(plan, found, "steps") - in_mix(plan, found, "cloth") >= 9.9


def test_a_foreground_sound_is_never_lost_under_the_mix() -> None:
    shot = event(Subcategory.GUNSHOT, "shot", performance=Performance(force=1.0))
    soft = CLOTH.model_copy(update={"performance": Performance(force=0.0)})
    found = diagnosis(features("shot"), features("cloth", distance_m=60.0), features("steps"))
    scene = script(shot, soft, STEPS)
    plan = plan_of(scene, found)
    loudest = max(in_mix(plan, found, name) for name in ("shot", "steps"))
    assert loudest - 20.1 <= in_mix(plan, found, "cloth") <= loudest - 19.0
    assert any("within 20 LU" in reason for reason in plan.of("cloth").reasons)
    hushed = soft.model_copy(update={"gain_db": -30.0})
    wished = plan_of(script(shot, hushed, STEPS), found)
    assert plan.of("cloth").gain_db - wished.of("cloth").gain_db == pytest.approx(30.0, abs=0.5)


def test_ten_sounds_at_their_usual_distances_are_heard_in_a_sensible_order() -> None:
    names = (
        "pistol", "thunderclap", "dog", "door-slam", "glass-break", "knife-chop", "footsteps",
        "keys", "cloth-rustle", "cat-paws",
    )  # fmt: skip
    rows = [named(name) for name in names]
    played = [
        event(
            row.subcategory,
            row.name.replace("-", "_"),
            performance=Performance(variant=row.variant, force=row.force),
            source=Source(kind=SourceKind.POINT, distance_m=row.distance_m),
            cards=(row.card,) if row.card else (),
        )
        for row in rows
    ]
    found = diagnosis(
        *(
            features(each.id, distance_m=row.distance_m)
            for each, row in zip(played, rows, strict=True)
        )
    )
    plan = plan_of(script(*played), found)
    levels = [in_mix(plan, found, each.id) for each in played]
    mix = 10 * math.log10(sum(10 ** (level / 10) for level in levels))
    assert min(levels) >= mix - 20.1
    place = dict(zip(names, levels, strict=True))
    assert place["pistol"] > place["footsteps"] > place["cat-paws"]
    assert place["door-slam"] > place["keys"]


def test_a_silent_foreground_take_is_said() -> None:
    silent = features("steps", integrated_lufs=None, true_peak_dbtp=-150.0, crest_db=0.0)
    found = diagnosis(silent, features("bed"))
    notes = plan_of(script(STEPS, BED), found).notes
    assert [note.event_id for note in notes] == ["steps"]
    quiet_bed = silent.model_copy(update={"event_id": "bed"})
    assert not plan_of(script(STEPS, BED), diagnosis(features("steps"), quiet_bed)).notes


def test_an_editors_wish_comes_on_top_of_everything() -> None:
    found = diagnosis(features("steps"), features("bed"))
    wished = BED.model_copy(update={"gain_db": 12.0})
    plain, louder = plan_of(script(STEPS, BED), found), plan_of(script(STEPS, wished), found)
    assert louder.of("bed").gain_db - plain.of("bed").gain_db == pytest.approx(12)
    assert any("wish +12.0 dB" in reason for reason in louder.of("bed").reasons)


def test_distance_takes_half_of_the_free_field_law() -> None:
    def level(distance: float) -> float:
        found = diagnosis(features("steps", distance_m=distance))
        return in_mix(plan_of(script(STEPS), found), found, "steps")

    assert level(3.0) - level(12.0) == pytest.approx(10 * math.log10(4), abs=0.02)


def test_soft_ground_is_softer_whichever_shoe_speaks() -> None:
    def level(card_id: str, surface: str) -> float:
        card = KNOWLEDGE.get(card_id)
        played = card.performance.model_copy(update={"surface": surface})
        steps = event(Subcategory.HUMAN_STEPS, "steps", cards=(card.id,), performance=played)
        near = features("steps", distance_m=card.distance_m)
        return own_level(steps, near, card).lu

    for shoe in ("footsteps-boots", "footsteps-heels"):
        assert level(shoe, "carpet") < level(shoe, "grass") < level(shoe, "snow")
        assert level(shoe, "snow") < level(shoe, "wood")
    own = KNOWLEDGE.get("footsteps-snow")
    assert level(own.id, "snow") == pytest.approx(own.level_lu)


@pytest.mark.parametrize(
    ("measurements", "loudness"),
    [
        ({"integrated_lufs": -31.0}, -31.0),
        ({"integrated_lufs": None, "short_term_max_lufs": -38.0}, -38 + 8.75),
        ({"integrated_lufs": None, "true_peak_dbtp": -26.0, "crest_db": 15.0}, -41.0),
        ({"integrated_lufs": -60.0, "true_peak_dbtp": -29.0}, -51.0),
        ({"integrated_lufs": None, "true_peak_dbtp": -150.0, "crest_db": 0.0}, None),
    ],
)
def test_loudness_falls_back_to_what_a_short_sound_leaves(
    measurements: dict[str, float | None], loudness: float | None
) -> None:
    track = features("steps", **measurements)
    assert loudness_of(track) == (None if loudness is None else pytest.approx(loudness, abs=0.01))
    plan_of(script(STEPS), diagnosis(track))
