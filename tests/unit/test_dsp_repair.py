"""Repairs: clipping restored, reverberation shortened, everything else left as it is."""

import numpy as np
import pytest

from foley_designer.core.mix.mix_plan import TrackPlan
from foley_designer.core.mix.processing import Declip, Dereverb, Reverb
from foley_designer.core.space import Space
from foley_designer.dsp.effects.process import process
from foley_designer.dsp.effects.reverb import reverberate
from foley_designer.dsp.features import features
from foley_designer.dsp.level.gains import db_to_gain
from foley_designer.dsp.level.rides import Ride
from foley_designer.dsp.repair.declip import clipped, declip
from foley_designer.dsp.repair.dereverb import dereverb

RATE = 48_000
PLAN = Declip(headroom_db=9)
UNITY = np.float32(db_to_gain(PLAN.headroom_db))


def knocks(seconds: float = 3.0) -> np.ndarray:
    """Struck wood: three damped modes with a little noise, panned a bit, peaking at 1."""
    rng = np.random.default_rng(5)
    time = np.arange(round(0.3 * RATE)) / RATE
    hit = sum(
        a * np.sin(2 * np.pi * f * time) * np.exp(-time / d)
        for f, a, d in ((310, 1.0, 0.012), (840, 0.6, 0.008), (2150, 0.4, 0.004))
    )
    hit = hit + 0.1 * rng.standard_normal(len(time)) * np.exp(-time / 0.004)
    wave = np.zeros(round(seconds * RATE))
    for start in np.arange(0.2, seconds - 0.4, 0.6):
        wave[round(start * RATE) :][: len(hit)] += hit
    wave /= np.abs(wave).max()
    return np.stack([wave, 0.7 * wave]).astype(np.float32)


def error_db(found: np.ndarray, wanted: np.ndarray) -> float:
    return float(10 * np.log10(np.sum((found - wanted) ** 2) / np.sum(wanted**2)))


@pytest.mark.parametrize("over_db", [4.0, 8.0])
@pytest.mark.slow
def test_declipping_brings_cut_peaks_back(over_db: float) -> None:
    whole = knocks() * np.float32(db_to_gain(over_db))
    cut = np.clip(whole, -1, 1)
    where = clipped(cut, PLAN.level)
    assert where.sum() > 50
    restored = UNITY * declip(cut, PLAN)
    assert error_db(restored[where], whole[where]) < error_db(cut[where], whole[where]) - 6
    before, after, wanted = (features(one, "x") for one in (cut, restored, whole))
    assert abs(after.crest_db - wanted.crest_db) < abs(before.crest_db - wanted.crest_db) / 2
    assert features(declip(cut, PLAN), "x").clipped_samples == 0


def test_declipping_leaves_what_was_not_cut() -> None:
    cut = np.clip(2 * knocks(), -1, 1)
    where = clipped(cut, PLAN.level)
    restored = UNITY * declip(cut, PLAN)
    assert np.allclose(restored[~where], cut[~where], atol=1e-6)
    held = np.abs(restored[where])
    assert held.min() >= PLAN.level - 1e-4
    assert held.max() <= PLAN.level * UNITY + 1e-4
    whole = 0.9 * knocks()
    assert not clipped(whole, PLAN.level).any()
    assert np.allclose(UNITY * declip(whole, PLAN), whole, atol=1e-6)


def test_a_loud_wave_in_a_float_file_is_not_clipped() -> None:
    assert not clipped(3 * knocks(), PLAN.level).any()


@pytest.mark.parametrize("target_s", [0.1, 0.45])
def test_dereverberation_reaches_the_wanted_time(target_s: float) -> None:
    dry = knocks(6.0)
    wet = reverberate(dry, Reverb(space=Space.WORKSHOP, rt60_s=1.2, wet_db=-2, damping=0.2))
    measured = features(wet, "x")
    assert measured.rt60_s == pytest.approx(1.2, rel=0.15)
    assert measured.rt60_confidence > 0.5
    plan = Dereverb(rt60_s=1.2, target_s=target_s)
    shorter = dereverb(wet, plan)
    found = features(shorter, "x")
    assert found.rt60_s is None or found.rt60_s < max(1.5 * target_s, 0.5)
    assert error_db(shorter, dry) < error_db(wet, dry) - 1
    assert found.correlation > measured.correlation


def test_dereverberation_spares_what_is_dry_and_costs_what_is_steady() -> None:
    plan = Dereverb(rt60_s=1.2, target_s=0.1)
    dry = knocks()
    assert error_db(dereverb(dry, plan), dry) < -20
    noise = (0.1 * np.random.default_rng(0).standard_normal((2, RATE))).astype(np.float32)
    for rt60_s, most_db in ((0.2, 2.5), (1.2, 9.0)):
        short = Dereverb(rt60_s=rt60_s, target_s=0.1)
        assert -most_db < 20 * np.log10(dereverb(noise, short).std() / noise.std()) <= 0
    unchanged = Dereverb(rt60_s=0.2, target_s=4)
    assert np.allclose(dereverb(dry, unchanged)[:, 100:-100].std(), dry.std(), rtol=0.02)


def test_dereverberation_is_the_same_however_long_the_rest_is() -> None:
    plan = Dereverb(rt60_s=1.2, target_s=0.2)
    wave = knocks(4.0)
    assert np.array_equal(
        dereverb(wave, plan)[:, : 2 * RATE], dereverb(wave[:, : 3 * RATE], plan)[:, : 2 * RATE]
    )


def test_repairs_come_before_rides_and_follow_from_the_plan() -> None:
    cut = np.clip(2 * knocks(), -1, 1)
    plan = TrackPlan(event_id="e", gain_db=9, declip=PLAN)
    ridden = process(cut, plan, rides=(Ride(0.0, 3.0, -6.0),))
    alone = process(cut, plan)
    middle = slice(RATE // 10, 2 * RATE)
    assert np.allclose(ridden[:, middle], db_to_gain(-6.0) * alone[:, middle], atol=1e-6)
    assert np.array_equal(process(cut, plan), alone)
