"""Long beds are made piece by piece: how long the pieces are changes no sample."""

import numpy as np
import pytest

from foley_designer.generator.synth.physics import signals, spectral


def colour(frequencies, frames, hop):
    corner = np.linspace(200.0, 2000.0, frames)[:, None]
    return spectral.slope(frequencies, corner, 1.7)


@pytest.mark.parametrize("count", [100, 5_000, 48_000])
@pytest.mark.parametrize("frames", [1, 7])
def test_paint_does_not_depend_on_its_pieces(monkeypatch, count, frames):
    whole = spectral.paint(np.random.default_rng(3), 2, count, colour, 256)
    monkeypatch.setattr(spectral, "_FRAMES", frames)
    pieces = spectral.paint(np.random.default_rng(3), 2, count, colour, 256)
    assert np.array_equal(whole, pieces)
    assert np.ptp(whole[0]) > 0
    assert not np.array_equal(whole[0], whole[1])


def test_drift_does_not_depend_on_its_pieces(monkeypatch):
    whole = signals.drift(np.random.default_rng(3), 10_000, 5.0)

    def short(count):
        return (slice(at, min(at + 77, count)) for at in range(0, count, 77))

    monkeypatch.setattr(signals, "blocks", short)
    assert np.array_equal(whole, signals.drift(np.random.default_rng(3), 10_000, 5.0))
    assert whole.std() > 0.3
