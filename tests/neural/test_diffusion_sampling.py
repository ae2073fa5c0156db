"""Rates, cues, schedules, samplers and guidance."""

from fractions import Fraction

import numpy as np
import pytest
import torch
from torch import Tensor

from foley_designer.core.script.sound_event import Hit
from foley_designer.core.script.trajectory import Trajectory
from foley_designer.generator.diffusion.cue_track import CueTrack
from foley_designer.generator.diffusion.guidance import Guidance, _weights
from foley_designer.generator.diffusion.sampling import Noise, Sampler, sample, times
from foley_designer.generator.diffusion.schedule import (
    Schedule,
    alpha_sigma,
    denoised,
    noised,
    target,
)
from foley_designer.generator.diffusion.sequence import SequenceConfig

OPEN_1 = SequenceConfig(sample_rate=44_100, hop=2048, channels=64, most_steps=1024)


def test_lengths_follow_from_one_config() -> None:
    assert OPEN_1.latent_rate == Fraction(44_100, 2048)
    assert OPEN_1.position_rate == 4 * OPEN_1.latent_rate
    assert OPEN_1.steps(10.0) == 216
    assert OPEN_1.samples(216) >= 441_000
    assert OPEN_1.position_frames(216) == 864
    assert OPEN_1.most_seconds == pytest.approx(47.55, abs=0.01)
    with pytest.raises(ValueError, match="longer"):
        OPEN_1.steps(48.0)


def trajectory(rate: Fraction, seconds: float, active: tuple[float, float]) -> Trajectory:
    count = round(seconds * rate)
    times_s = [float(frame / rate) for frame in range(count)]
    return Trajectory(
        event_id="e",
        rate=rate,
        azimuth_deg=tuple(-40.0 + 20.0 * time for time in times_s),
        distance_m=(4.0,) * count,
        active=tuple(active[0] <= time < active[1] for time in times_s),
    )


@pytest.mark.parametrize("rate", [Fraction(24), Fraction(24_000, 1001), Fraction(50)])
def test_cues_keep_their_time_at_any_frame_rate(rate: Fraction) -> None:
    steps = OPEN_1.steps(4.0)
    track = CueTrack.from_trajectory(
        trajectory(rate, 4.0, (1.0, 2.0)), [Hit(time_s=1.5, strength=0.8)], OPEN_1, steps
    )
    grid = (np.arange(len(track.active)) + 0.5) / float(OPEN_1.position_rate)
    sounding = grid[track.active > 0.5]
    assert sounding[0] == pytest.approx(1.0, abs=1 / float(rate))
    assert sounding[-1] == pytest.approx(2.0, abs=1 / float(rate))
    assert track.active.sum() / float(OPEN_1.position_rate) == pytest.approx(1.0, abs=0.05)
    assert grid[int(track.onset.argmax())] == pytest.approx(1.5, abs=0.012)
    assert track.onset.max() == pytest.approx(0.8)
    middle = int(np.argmin(np.abs(grid - 2.0)))
    assert track.azimuth_deg[middle] == pytest.approx(0.0, abs=0.5)
    assert not track.active[grid > 4.0].any()


def test_a_source_that_passes_behind_takes_the_short_way() -> None:
    around = Trajectory(
        event_id="e",
        rate=Fraction(25),
        azimuth_deg=(170.0, 178.0, -174.0, -166.0),
        distance_m=(2.0,) * 4,
        active=(True,) * 4,
    )
    track = CueTrack.from_trajectory(around, (), OPEN_1, 4)
    assert np.abs(np.diff(track.azimuth_deg)).max() < 10.0


@pytest.mark.parametrize("schedule", list(Schedule))
def test_the_target_leads_back_to_the_clean_latents(schedule: Schedule) -> None:
    clean, noise, time = torch.randn(3, 4, 5), torch.randn(3, 4, 5), torch.tensor([0.1, 0.5, 0.9])
    latents = noised(schedule, clean, noise, time)
    back = denoised(schedule, latents, target(schedule, clean, noise, time), time)
    torch.testing.assert_close(back, clean, atol=1e-5, rtol=1e-5)


def gaussian_denoiser(schedule: Schedule, spread: float, mean: float):
    """The best denoiser of Gaussian data, for which every sampler's answer is known."""

    def denoise(latents: Tensor, time: float) -> Tensor:
        alpha, sigma = (float(part) for part in alpha_sigma(schedule, torch.tensor(time)))
        gain = alpha * spread**2 / (alpha**2 * spread**2 + sigma**2)
        return mean + gain * (latents - alpha * mean)

    return denoise


@pytest.mark.parametrize("schedule", list(Schedule))
@pytest.mark.parametrize("sampler", list(Sampler))
def test_samplers_draw_from_the_distribution(schedule: Schedule, sampler: Sampler) -> None:
    noise = Noise([5], (8, 4000))
    drawn = sample(gaussian_denoiser(schedule, 0.5, 2.0), noise, schedule, times(40), sampler)
    assert float(drawn.mean()) == pytest.approx(2.0, abs=0.03)
    # Ping-pong forgets where it came from, so with Gaussian data it shrinks towards the mean.
    least = 0.44 if sampler is Sampler.DPMPP else 0.02
    assert least < float(drawn.std()) < 0.53


def test_more_steps_of_the_second_order_solver_converge() -> None:
    def draw(steps: int) -> Tensor:
        denoise = gaussian_denoiser(Schedule.COSINE_V, 0.7, 0.0)
        noise = Noise([1], (2, 50))
        return sample(denoise, noise, Schedule.COSINE_V, times(steps), Sampler.DPMPP)

    exact = draw(800)
    coarse, fine = (float((draw(steps) - exact).abs().mean()) for steps in (10, 80))
    assert fine < 0.25 * coarse


def test_a_seed_gives_the_same_noise_in_any_batch() -> None:
    alone, batched = Noise([7], (2, 9)), Noise([3, 7], (2, 9))
    for _ in range(2):
        assert torch.equal(alone()[0], batched()[1])


@pytest.mark.parametrize("sampler", list(Sampler))
def test_kept_regions_stay_to_the_bit(sampler: Sampler) -> None:
    kept = torch.randn(1, 2, 10)
    mask = torch.zeros(1, 1, 10)
    mask[..., :6] = 1.0
    denoise = gaussian_denoiser(Schedule.RECTIFIED_FLOW, 0.5, 2.0)
    drawn = sample(
        denoise,
        Noise([2], (2, 10)),
        Schedule.RECTIFIED_FLOW,
        times(6),
        sampler,
        keep=(kept, mask),
    )
    assert torch.equal(drawn[..., :6], kept[..., :6])
    assert not torch.equal(drawn[..., 6:], kept[..., 6:])


def test_guidance_computes_only_branches_that_weigh() -> None:
    assert _weights(Guidance(1.0, 1.0), placed=True) == [(True, True, 1.0)]
    assert _weights(Guidance(1.0, 9.0), placed=False) == [(True, False, 1.0)]
    assert [weight for *_, weight in _weights(Guidance(3.0, 2.0), placed=True)] == [-2, 1, 2]
    for guidance in (Guidance(3.0, 2.0), Guidance(1.0, 4.0), Guidance(0.0, 0.0)):
        assert sum(weight for *_, weight in _weights(guidance, placed=True)) == 1.0
