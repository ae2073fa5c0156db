from fractions import Fraction

import numpy as np
import pytest

from foley_designer.core.category import Subcategory
from foley_designer.core.mix.take import Fault
from foley_designer.core.script.performance import Layer
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, SourceKind, Span
from foley_designer.core.script.trajectory import Trajectory
from foley_designer.core.space import Space
from foley_designer.generator.check import check
from foley_designer.generator.correction import correct
from foley_designer.generator.engine import Dry
from foley_designer.generator.placement import place, to_mono

FS = 48_000
SECONDS = 4.0
TIMES = (0.5, 1.237, 1.9, 3.0)


def _hits(times=TIMES, subcategory=Subcategory.METAL_IMPACT):
    return SoundEvent(
        id="e",
        label="hits",
        description="hits",
        subcategory=subcategory,
        layer=Layer.FOREGROUND,
        hits=tuple(Hit(time_s=time) for time in times),
        source=Source(kind=SourceKind.POINT),
    )


def _span(start=1.0, end=3.0):
    spans = (Span(start_s=start, end_s=end),)
    return _hits().model_copy(update={"subcategory": Subcategory.FIRE, "hits": (), "spans": spans})


def _trajectory(event, azimuth=20.0):
    times = np.arange(round(SECONDS * 25)) / 25
    active = np.zeros(len(times), bool)
    for hit in event.hits:
        active |= (times > hit.time_s - 0.04) & (times < hit.time_s + 0.1)
    for span in event.spans:
        active |= (times >= span.start_s) & (times < span.end_s)
    return Trajectory(
        event_id="e",
        rate=Fraction(25),
        azimuth_deg=(azimuth,) * len(times),
        distance_m=(2.0,) * len(times),
        active=tuple(active.tolist()),
    )


def _strokes(times=TIMES, gain=0.4):
    rng = np.random.default_rng(0)
    out = np.zeros(round(SECONDS * FS), np.float32)
    t = np.arange(FS // 2) / FS
    for time in times:
        stroke = gain * np.exp(-t / 0.05) * (np.sin(4000 * t) + 0.5 * rng.standard_normal(len(t)))
        start = round(time * FS)
        piece = stroke[: len(out) - start]
        out[start : start + len(piece)] += piece.astype(np.float32)
    return out[None]


def _fire(start=1.0, end=3.0):
    out = np.zeros((1, round(SECONDS * FS)), np.float32)
    at = slice(round(start * FS), round(end * FS))
    sound = 0.1 * np.random.default_rng(0).standard_normal(at.stop - at.start)
    sound[-2000:] *= np.linspace(1, 0, 2000)
    out[0, at] = sound
    return out


def _check(dry, event, azimuth=20.0, seen_at=None):
    stereo = place(Dry(dry), _trajectory(event, azimuth), Space.STREET)
    return check(stereo, event, _trajectory(event, azimuth if seen_at is None else seen_at))


def test_a_flawless_take_scores_one():
    result = _check(_strokes(), _hits())
    assert result.faults == ()
    assert result.score == 1.0
    assert result.hit_recall == 1.0
    assert result.median_onset_offset_ms < 0.5
    assert result.activity_iou > 0.9
    assert result.azimuth_error_deg < 1.0
    texture = _check(_fire(), _span())
    assert texture.faults == () and texture.score == 1.0
    assert texture.median_onset_offset_ms is None and texture.hit_recall is None
    assert texture.activity_iou > 0.95


@pytest.mark.parametrize("late_ms", [-12.0, -3.0, 3.0, 12.0])
def test_offsets_are_measured(late_ms):
    result = _check(_strokes([time + late_ms / 1e3 for time in TIMES]), _hits())
    assert result.median_onset_offset_ms == pytest.approx(abs(late_ms), abs=0.3)
    assert Fault.LATE in result.faults
    assert result.hit_recall == (1.0 if abs(late_ms) < 5 else 0.0)
    assert result.score < 1.0


def test_a_missing_hit_is_missed():
    result = _check(_strokes(TIMES[:3]), _hits())
    assert result.hit_recall == 0.75
    assert result.faults == (Fault.MISSED_HITS,)


def test_silence_scores_nothing():
    result = check(np.zeros((2, round(SECONDS * FS)), np.float32), _hits(), _trajectory(_hits()))
    assert Fault.SILENT in result.faults
    assert result.score == 0.0


def _faulty(kind):
    dry, event = _strokes(), _hits()
    if kind is Fault.CLIPPED:
        dry = np.clip(4 * dry, -0.5, 0.5)
        stereo = np.concatenate([dry, dry])
        return check(stereo, event, _trajectory(event, 0.0))
    if kind is Fault.DC_OFFSET:
        dry = dry + np.float32(0.01)
    elif kind is Fault.EXTRA_SOUND:
        dry = _strokes((0.2, *TIMES))
    elif kind is Fault.CLICK:
        dry = _fire()
        dry[0, 2 * FS :] = 0
        event = _span(1.0, 2.0)
    elif kind is Fault.WRONG_LENGTH:
        stereo = place(Dry(dry[:, : 2 * FS]), _trajectory(event), Space.STREET)
        return check(stereo, event, _trajectory(event))
    elif kind is Fault.MISPLACED:
        return _check(dry, event, 20.0, seen_at=-10.0)
    return _check(dry, event)


@pytest.mark.parametrize(
    "kind",
    [
        Fault.CLIPPED,
        Fault.DC_OFFSET,
        Fault.EXTRA_SOUND,
        Fault.CLICK,
        Fault.WRONG_LENGTH,
        Fault.MISPLACED,
    ],
)
def test_each_fault_is_found(kind):
    result = _faulty(kind)
    assert kind in result.faults
    assert result.score < 1.0


def test_a_texture_up_to_the_end_must_fade():
    whole = _span(0.5, SECONDS)
    sound = np.concatenate(
        [_fire(0.5, 3.9)[:, : -FS // 10], _fire()[:, FS : FS + FS // 10]], axis=1
    )
    assert _check(sound, whole).faults == (Fault.CLICK,)
    sound[:, -500:] *= np.linspace(1, 0, 500)
    assert _check(sound, whole).faults == ()


def test_sound_outside_its_span_lowers_the_score():
    result = _check(_fire(1.0, 2.0), _span(1.0, 3.0))
    assert result.activity_iou == pytest.approx(0.5, abs=0.05)
    assert result.score < 0.9


def test_hits_are_moved_back_onto_their_cues():
    event = _hits()
    dry = Dry(_strokes([0.53, 1.21, 1.96, 3.004]))
    before = _check(dry.samples, event)
    corrected = correct(dry, event, before.faults)
    assert corrected is not None
    after = _check(corrected.samples, event)
    assert after.hit_recall == 1.0 and after.faults == () and before.hit_recall < 0.5
    assert correct(Dry(_strokes()), event, ()) is None


def test_an_offset_is_removed():
    dry = Dry(_strokes() + np.float32(0.02))
    corrected = correct(dry, _hits(), [Fault.DC_OFFSET])
    assert corrected is not None
    assert abs(float(corrected.samples.mean())) < 1e-4


def test_stereo_with_a_place_becomes_mono_without_cancelling():
    sound = _strokes()
    assert to_mono(np.concatenate([sound, sound])) == pytest.approx(sound)
    assert np.array_equal(to_mono(np.concatenate([sound, -sound])), sound)
