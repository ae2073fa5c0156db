"""The three parts of a score in numbers that are reckoned by hand."""

import pytest
from mixed_tracks import event, script

from foley_designer.agents.interfaces import Flaw
from foley_designer.agents.lexicon import MOODS, mood_for
from foley_designer.agents.scorer.alignment import alignment
from foley_designer.agents.scorer.emotion import emotion, force_for
from foley_designer.agents.scorer.layers import (
    are_twins,
    layering,
    masks,
    right_layer,
    shared_band,
    shared_time,
)
from foley_designer.agents.scorer.rules import RulesScorer
from foley_designer.agents.scribe.calls import calls
from foley_designer.agents.scribe.passages import passages
from foley_designer.agents.scribe.wording import FAR_M
from foley_designer.core.category import Subcategory
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.performance import Layer, Performance
from foley_designer.core.script.setting import Tone
from foley_designer.core.script.sound_event import Hit, Source, SourceKind, Span
from foley_designer.core.script.structured_text import StructuredText
from foley_designer.memory.knowledge_base import Knowledge

FRONT, BACK = Layer.FOREGROUND, Layer.BACKGROUND
ON_GRAVEL = Performance(surface="gravel")
STEPS = event(
    Subcategory.HUMAN_STEPS,
    "steps",
    description="boots walk on gravel slowly",
    performance=ON_GRAVEL,
    source=Source(kind=SourceKind.POINT, distance_m=3.0, on_screen=False),
)
FAR = STEPS.model_copy(update={"source": STEPS.source.model_copy(update={"distance_m": FAR_M})})
BED = event(
    Subcategory.AMBIENCE,
    "bed",
    BACK,
    description="a wide quiet open field",
    source=Source(kind=SourceKind.AROUND),
)
RAIN = event(Subcategory.RAIN, "rain", BACK, cards=("rain",))
CLOTH = event(Subcategory.CLOTH, "cloth", FRONT, cards=("rain",))
KNOCK = event(Subcategory.OBJECT_IMPACT, "knock", cards=("knock",))


def together(*weighted: tuple[float, float]) -> float:
    """Half the weighted mean, half the worst."""
    return (sum(w * share for w, share in weighted) + min(share for _, share in weighted)) / 2


def spans(*edges: tuple[float, float]) -> tuple[Span, ...]:
    return tuple(Span(start_s=start, end_s=end) for start, end in edges)


def test_shared_time_is_a_share_of_the_second_sound() -> None:
    first = RAIN.model_copy(update={"spans": spans((0, 2))})
    later = RAIN.model_copy(update={"spans": spans((1, 4))})
    assert shared_time(first, later) == pytest.approx(1 / 3)
    assert shared_time(later, first) == pytest.approx(1 / 2)
    assert shared_time(first, RAIN.model_copy(update={"spans": spans((2.5, 3))})) == 0
    struck = KNOCK.model_copy(update={"hits": tuple(Hit(time_s=t) for t in (0.5, 1.5, 2.0))})
    assert shared_time(first, struck) == pytest.approx(2 / 3)
    beside = KNOCK.model_copy(update={"hits": (Hit(time_s=0.54), Hit(time_s=1.56))})
    assert shared_time(struck, beside) == 1 / 2


def test_shared_band_counts_octaves(knowledge: Knowledge) -> None:
    card = knowledge.cards[0]

    def band(low: float, high: float):
        return card.model_copy(update={"low_hz": low, "high_hz": high})

    assert shared_band(band(100, 400), band(200, 800)) == pytest.approx(1 / 2)
    assert shared_band(band(50, 800), band(100, 800)) == 1
    assert shared_band(band(1000, 4000), band(100, 400)) == 0
    assert shared_band(band(100, 400), band(200, 200)) == 0


def test_twins_agree_in_kind_source_and_variant() -> None:
    assert are_twins(KNOCK, KNOCK.model_copy(update={"id": "again"}))
    elsewhere = Source(kind=SourceKind.POINT, distance_m=9.0)
    for change in (
        {"subcategory": Subcategory.METAL_IMPACT},
        {"source": elsewhere},
        {"performance": Performance(variant="box")},
        {"hits": (Hit(time_s=2.5),)},
    ):
        assert not are_twins(KNOCK, KNOCK.model_copy(update=change)), change


@pytest.mark.parametrize(
    ("gain_db", "cover", "hidden"),
    [
        (4.1, RAIN, True),
        (3.9, RAIN, False),
        (-1.9, CLOTH, True),
        (-2.1, CLOTH, False),
        (9.0, event(Subcategory.WIND, "wind", FRONT, cards=("rain",)), False),
        (9.0, RAIN.model_copy(update={"subcategory": KNOCK.subcategory}), False),
        (9.0, RAIN.model_copy(update={"cards": ()}), False),
    ],
)
def test_a_bed_hides_what_is_no_3_db_louder(
    knowledge: Knowledge, gain_db: float, cover, hidden: bool
) -> None:
    """A bed lies 6 dB lower than its card; cloth in front accompanies, wind in front does not."""
    card = knowledge.cards[0]
    known = Knowledge(
        tuple(
            card.model_copy(update={"id": key, "low_hz": 100, "high_hz": 800, "level_lu": level})
            for key, level in (("rain", -20.0), ("knock", -19.0))
        )
    )
    masker = cover.model_copy(update={"gain_db": gain_db})
    assert masks(masker, KNOCK, known) is hidden
    behind = KNOCK.model_copy(update={"layer": BACK})
    assert not masks(masker, behind, known)


def test_what_is_hidden_lowers_the_layers(knowledge: Knowledge) -> None:
    card = knowledge.cards[0]
    known = Knowledge(
        tuple(card.model_copy(update={"id": k, "level_lu": -20.0}) for k in ("rain", "knock"))
    )
    loud = RAIN.model_copy(update={"gain_db": 9.0})
    score, told = layering(script(KNOCK, loud), known)
    assert [(one.flaw, one.event_id) for one in told] == [(Flaw.MASKING, "rain")]
    assert score == pytest.approx(together((0.2, 0), (0.8, 1)))


@pytest.mark.parametrize(
    ("sound", "layer"),
    [
        (BED.model_copy(update={"layer": FRONT, "source": STEPS.source}), BACK),
        (RAIN.model_copy(update={"layer": FRONT, "source": BED.source}), BACK),
        (CLOTH, FRONT),
        (CLOTH.model_copy(update={"layer": BACK}), BACK),
        (KNOCK.model_copy(update={"layer": BACK}), FRONT),
        (STEPS.model_copy(update={"layer": BACK}), BACK),
        (STEPS, FRONT),
        (FAR, BACK),
    ],
)  # fmt: skip
def test_where_a_sound_belongs(sound, layer: Layer) -> None:
    assert right_layer(sound) is layer


def test_layering_weighs_its_five_parts(knowledge: Knowledge) -> None:
    whole = (STEPS, BED)
    assert layering(script(*whole), knowledge)[0] == 1
    assert layering(script(STEPS), knowledge)[0] == pytest.approx(together((0.25, 0), (0.75, 1)))
    wrong = BED.model_copy(update={"id": "more", "layer": FRONT})
    score, told = layering(script(*whole, wrong), knowledge)
    assert [one.flaw for one in told] == [Flaw.WRONG_LAYER, Flaw.OVERLAPPING_LAYERS]
    assert score == pytest.approx(together((0.2, 2 / 3), (0.15, 2 / 3), (0.65, 1)))


def test_alignment_weighs_its_five_parts(knowledge: Knowledge, observe) -> None:
    nothing = observe()
    assert alignment(script(STEPS, BED), nothing, ())[0] == 1
    shown = STEPS.model_copy(update={"source": Source(kind=SourceKind.POINT, distance_m=3.0)})
    guessed = alignment(script(shown, BED), nothing, ())[0]
    assert guessed == pytest.approx(together((0.2, 0.5), (0.8, 1)))
    bare = STEPS.model_copy(update={"id": "bare", "performance": Performance()})
    score, told = alignment(script(STEPS, BED, bare), nothing, ())
    assert [one.flaw for one in told] == [Flaw.MISSING_SURFACE]
    assert score == pytest.approx(together((0.15, 1 / 2), (0.85, 1)))
    brief = Brief(observation=nothing, description="A dog barks. A bell rings.")
    called = calls(passages(brief), knowledge)
    missing = alignment(script(STEPS, BED), nothing, called)[0]
    assert len(called) == 2
    assert missing == pytest.approx(together((0.25, 0), (0.75, 1)))
    one = alignment(script(STEPS, BED), nothing, (*called[:1], *called[:1]))
    assert one[0] == pytest.approx(missing)


def of_tone(valence: float, arousal: float, *events) -> StructuredText:
    told = StructuredText.model_construct(events=events)
    return told.model_copy(update={"tone": Tone(valence=valence, arousal=arousal)})


def test_arousal_raises_the_force_that_t_has() -> None:
    played = KNOCK.model_copy(update={"performance": Performance(force=0.5)})
    assert force_for(played, of_tone(0, 0.4, played)) == pytest.approx(0.5)
    assert force_for(played, of_tone(0, 0.8, played)) == pytest.approx(0.7)
    assert force_for(played, of_tone(0, 0.0)) == pytest.approx(0.3)
    assert force_for(played, of_tone(0, 1.0)) == pytest.approx(0.8)
    lightest = KNOCK.model_copy(update={"performance": Performance(force=0.1)})
    assert force_for(lightest, of_tone(0, 0.0)) == pytest.approx(0.05)
    voiced = KNOCK.model_copy(update={"performance": Performance(force=0.9, mood="tense")})
    assert force_for(voiced, of_tone(0, 0.0)) == 0.9


def test_emotion_is_the_mean_and_the_worst_of_moods_and_efforts() -> None:
    mood = mood_for(0.0, 0.4)
    right = KNOCK.model_copy(update={"performance": Performance(force=0.5, mood=mood)})
    hard = right.model_copy(update={"id": "hard", "performance": Performance(force=1.0, mood=mood)})
    told = (right, hard.model_copy(update={"performance": right.performance}))
    text = of_tone(0.0, 0.4, *told)
    assert emotion(script(right, BED), text) == (1.0, [])
    # the other is played 0.5 harder than asked: 0.6 + 0.4 · 0.5
    assert emotion(script(right, hard, BED), text)[0] == pytest.approx(((1 + 0.8) / 2 + 0.8) / 2)


def test_a_mood_counts_by_its_distance_from_the_tone() -> None:
    mood, feeling = next((m, f) for m, f in MOODS.items() if f.valence > 0.2 and f.arousal < 0.6)
    played = KNOCK.model_copy(update={"performance": Performance(force=0.5, mood=mood)})
    tone = (feeling.valence - 0.34, feeling.arousal)
    text = of_tone(*tone, played)
    asked = 0.5 + 0.5 * (feeling.arousal - 0.4)
    effort = 1 - abs(0.5 - asked)
    share = (1 - 0.17 / 0.45) * (0.6 + 0.4 * effort)
    score, told = emotion(script(played, BED), text)
    assert mood_for(*tone) != mood
    assert score == pytest.approx(share)
    assert [one.flaw for one in told] == [Flaw.WRONG_EMOTION]


def test_what_does_not_fit_the_clip_scores_nothing_at_all(knowledge: Knowledge, observe) -> None:
    lost = STEPS.model_copy(update={"source": Source(kind=SourceKind.TRACK, track_id="t9")})
    scorer = RulesScorer(knowledge, (0.5, 0.3, 0.2))
    score = scorer.score(Brief(observation=observe()), of_tone(0, 0.4), script(lost, BED))
    assert (score.align, score.layer, score.emotion, score.total) == (0, 0, 0, 0)
