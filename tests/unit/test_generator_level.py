"""Distance changes a sound's colour and its course, never whether it can be heard."""

from fractions import Fraction

import numpy as np
import pytest

from foley_designer.core.category import Subcategory
from foley_designer.core.script.performance import Layer, Performance
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, SourceKind, Span
from foley_designer.core.script.trajectory import Trajectory
from foley_designer.core.space import Space
from foley_designer.dsp.level.loudness import measure
from foley_designer.dsp.level.master import LISTENING_LUFS, LISTENING_PEAK_DBTP, at_listening_level
from foley_designer.generator.performance import best_performance
from foley_designer.generator.synth.physics.engine import SynthEngine

FS = 48_000
SECONDS = 4


def _event(subcategory, *, hits=(), spans=(), kind=SourceKind.POINT, **played):
    return SoundEvent(
        id="one", label="one", description="one", subcategory=subcategory,
        layer=Layer.FOREGROUND, hits=hits, spans=spans, source=Source(kind=kind),
        performance=Performance(**played),
    )  # fmt: skip


def _take(event, start_m, end_m=None):
    frames = SECONDS * 25
    trajectory = Trajectory(
        event_id="one",
        rate=Fraction(25),
        azimuth_deg=(0.0,) * frames,
        distance_m=tuple(np.linspace(start_m, end_m or start_m, frames).tolist()),
        active=(True,) * frames,
        extent_deg=360.0 if event.source.kind is SourceKind.AROUND else 0.0,
    )
    return best_performance(
        event, trajectory, Space.STREET, SynthEngine(), seed=3, takes=1, sample_count=SECONDS * FS
    ).stereo


def _rms_db(samples):
    return float(10 * np.log10(np.mean(samples.astype(np.float64) ** 2)))


@pytest.mark.parametrize("strength", [0.0, 0.8])
@pytest.mark.parametrize("distance_m", [1.0, 40.0, 300.0, 4000.0])
def test_a_hit_can_be_heard_from_wherever_it_comes(distance_m, strength):
    event = _event(Subcategory.THUNDER, hits=(Hit(time_s=0.3, strength=strength),), variant="clap")
    peak_db = 20 * np.log10(np.abs(_take(event, distance_m)).max())
    assert peak_db == pytest.approx(-14.0 if strength else -33.0, abs=7.0)


def test_what_comes_nearer_grows_by_the_law_of_the_free_field():
    event = _event(Subcategory.VEHICLE, spans=(Span(start_s=0.0, end_s=4.0),), variant="truck")
    take = _take(event, 40.0, 4.0)
    far, near = take[:, FS // 2 : FS], take[:, 3 * FS + FS // 2 - FS // 4 : 4 * FS - FS // 2]
    still = _take(event, 4.0)
    law_db = 20 * np.log10(33.25 / 8.0)
    assert _rms_db(near) - _rms_db(far) == pytest.approx(law_db, abs=3.0)
    assert _rms_db(still) > -35.0


def test_a_far_sound_is_duller():
    event = _event(Subcategory.GUNSHOT, hits=(Hit(time_s=0.3, strength=0.8),), variant="pistol")

    def share_above_4_khz(take):
        power = np.abs(np.fft.rfft(take[0].astype(np.float64))) ** 2
        return power[4 * 4000 :].sum() / power.sum()

    assert share_above_4_khz(_take(event, 200.0)) < 0.3 * share_above_4_khz(_take(event, 2.0))


@pytest.mark.parametrize("kind", [SourceKind.POINT, SourceKind.AROUND])
def test_what_goes_on_beyond_the_clip_is_let_in_and_out(kind):
    event = _event(Subcategory.RAIN, spans=(Span(start_s=0.0, end_s=4.0),), kind=kind)
    take = _take(event, 3.0)
    middle = _rms_db(take[:, FS : 3 * FS])
    assert _rms_db(take[:, : FS // 20]) < middle - 20.0
    assert _rms_db(take[:, -FS // 20 :]) < middle - 20.0
    assert _rms_db(take[:, FS // 2 : FS]) == pytest.approx(middle, abs=2.0)


def test_what_begins_in_sight_begins_at_once():
    event = _event(Subcategory.FRICTION, spans=(Span(start_s=1.0, end_s=3.0),), variant="drag")
    take = _take(event, 3.0)
    after = _rms_db(take[:, FS + FS // 20 : FS + FS // 4])
    assert after > _rms_db(take[:, FS : 3 * FS]) - 12.0


@pytest.mark.parametrize("level", [1e-4, 0.01, 1.0])
def test_a_single_sound_is_delivered_at_a_level_to_listen_at(level):
    rng = np.random.default_rng(0)
    steady = (level * 0.2 * rng.standard_normal((2, 2 * FS))).astype(np.float32)
    click = np.zeros((2, 2 * FS), np.float32)
    click[:, FS] = level
    loud, sharp = at_listening_level(steady), at_listening_level(click)
    assert measure(loud, "stereo").integrated_lufs == pytest.approx(LISTENING_LUFS, abs=0.1)
    assert measure(sharp, "stereo").true_peak_dbtp == pytest.approx(LISTENING_PEAK_DBTP, abs=0.1)
    silence = np.zeros((2, FS), np.float32)
    assert not at_listening_level(silence).any()
