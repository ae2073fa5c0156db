"""What a sound is heard as: ranks among specific classes, and every row playable."""

import numpy as np
import pytest

from foley_designer.core.sounds.table import sounds
from foley_designer.generator.heard import cases, in_its_place, perform
from foley_designer.generator.synth.physics.engine import SynthEngine
from foley_designer.metrics.heard_as import UNSPECIFIC, Ear, ear

RATE = 16_000


class Scripted:
    """Says the same of a loud window and of a soft one, whatever they hold."""

    def windows(self, wave):
        loud, soft = [0.0, 2.0, 1.0, 5.0], [9.0, 0.0, 0.0, 0.0]
        power = np.array([float(np.mean(wave**2)), 1e-4 * float(np.mean(wave**2))])
        return np.array([loud, soft]), power


EAR = Ear(Scripted(), ("Dog", "Rain", "Bell", "Silence"))


def test_ranks_count_specific_classes_in_loud_windows_alone() -> None:
    wave = np.full((1, RATE), 0.1, np.float32)
    assert EAR.hear(wave, RATE, ("Rain",)).rank == 1
    assert EAR.hear(wave, RATE, ("Bell", "Dog")).rank == 2
    assert EAR.hear(wave, RATE, ("Dog",)).rank == 3
    heard = EAR.hear(wave, RATE, ("Rain", "Bell"))
    assert heard.names == ("Rain", "Bell", "Dog")
    assert heard.share == pytest.approx(1 / (1 + np.exp(-2.0)))
    with pytest.raises(KeyError):
        EAR.hear(wave, RATE, ("Unicorn",))


def test_every_row_is_a_case_and_some_are_held() -> None:
    names = [case.name for case in cases()]
    assert len(names) == len(set(names))
    assert {case.row.name for case in cases()} == {row.name for row in sounds()}


@pytest.mark.parametrize("name", ["church-bell", "vacuum-cleaner", "applause", "popcorn", "siren"])
def test_new_sounds_play_in_their_place(name: str) -> None:
    case = next(case for case in cases() if case.name == name)
    rng = np.random.default_rng(0)
    samples = in_its_place(perform(case, SynthEngine(), rng), case.row, rng)
    assert samples.shape[1] == 6 * 48_000
    assert np.isfinite(samples).all()
    assert np.abs(samples).max() > 0.05


def test_the_real_ear_knows_every_class_that_rows_name() -> None:
    real = ear()
    if real is None:
        pytest.skip("nothing listens on this machine")
    known = set(real.labels)
    assert known >= UNSPECIFIC
    for row in sounds():
        assert known & set(row.heard_as), row.name
    tone = np.sin(2 * np.pi * 440 * np.arange(2 * RATE) / RATE).astype(np.float32)[None]
    assert real.hear(tone, RATE, ("Sine wave", "Beep, bleep")).rank <= 20
