"""A backbone with positions injected: what is trained, sampled and saved."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import NamedTuple

import torch
from torch import Tensor

from foley_designer.generator.diffusion.backbone import Backbone, Habits, Inpainting
from foley_designer.generator.diffusion.cue_track import CueTrack
from foley_designer.generator.diffusion.guidance import Guidance, guided
from foley_designer.generator.diffusion.injection import InjectionConfig, PositionInjection
from foley_designer.generator.diffusion.sampling import Noise, log_snr_times, sample, times


class Wish(NamedTuple):
    """One sound to be generated."""

    caption: str
    seconds: float
    seed: int
    cues: CueTrack | None = None
    """On the grid of `SequenceConfig.steps(seconds)`; None leaves place and time to the model."""


class PositionedModel:
    """A backbone and its position adapter.

    Args:
        backbone: its layers get the hooks.
        injection: None generates from text alone.
    """

    def __init__(self, backbone: Backbone, injection: PositionInjection | None) -> None:
        self.backbone = backbone
        self.injection = injection
        if injection is not None:
            injection.attach(backbone.layers)

    @torch.inference_mode()
    def generate(
        self,
        wishes: Sequence[Wish],
        *,
        habits: Habits | None = None,
        kept: Tensor | None = None,
        mask: Tensor | None = None,
    ) -> Tensor:
        """Generate a batch of sounds.

        Args:
            wishes: of any lengths; all are made as long as the longest.
            habits: how to sample; None takes the backbone's.
            kept: audio ``[batch, 2, samples]`` at the backbone's rate, of which regions stay.
            mask: ``[batch, steps]``, 1 for latent steps that stay; with ``kept``.

        Returns:
            ``[batch, 2, steps · hop]`` at the backbone's rate, on the CPU.
        """
        backbone = self.backbone
        how = habits or backbone.habits
        steps = backbone.sequence.steps(max(wish.seconds for wish in wishes))
        keep = None
        if kept is not None and mask is not None:
            keep = (backbone.encode(kept).float(), mask[:, None].to(backbone.device))
        latents = self.latents(
            self._cues(wishes, steps),
            [wish.caption for wish in wishes],
            [wish.seed for wish in wishes],
            steps=steps,
            seconds=[wish.seconds for wish in wishes],
            habits=how,
            keep=keep,
        )
        audio = [
            backbone.decode(latents[row : row + 1], torch.Generator().manual_seed(wish.seed))
            for row, wish in enumerate(wishes)
        ]
        return torch.cat(audio).float().cpu()

    @torch.no_grad()
    def latents(
        self,
        cues: Tensor | None,
        captions: Sequence[str],
        seeds: Sequence[int],
        *,
        steps: int,
        seconds: Sequence[float],
        habits: Habits | None = None,
        keep: tuple[Tensor, Tensor] | None = None,
    ) -> Tensor:
        """Sample latents ``[batch, channels, steps]``.

        Args:
            cues: ``[batch, 4, n]`` or None.
            captions: one a row.
            seeds: one a row.
            steps: latent steps.
            seconds: how long each sound is.
            habits: how to sample; None takes the backbone's.
            keep: as in `sampling.sample`.
        """
        backbone = self.backbone
        how = habits or backbone.habits
        denoise = guided(
            backbone,
            self.injection,
            backbone.texts(captions, seconds),
            backbone.texts([""] * len(captions), seconds),
            None if cues is None else cues.to(backbone.device),
            Guidance(how.text_scale, how.position_scale),
        )
        noise = Noise(seeds, (backbone.sequence.channels, steps), backbone.device)
        at = times(how.steps, shift=how.shift)
        if how.log_snr is not None:
            at = log_snr_times(how.steps, *how.log_snr)
        told: AbstractContextManager[None] = nullcontext()
        if keep is not None and isinstance(backbone, Inpainting):
            told = backbone.inpainting(*keep)
        with told:
            return sample(denoise, noise, backbone.schedule, at, how.sampler, keep=keep)

    def _cues(self, wishes: Sequence[Wish], steps: int) -> Tensor | None:
        """``[batch, 4, n]``, shorter tracks padded by their last place in silence."""
        if self.injection is None or any(wish.cues is None for wish in wishes):
            return None
        frames = self.backbone.sequence.position_frames(steps)
        rows = []
        for wish in wishes:
            assert wish.cues is not None
            row = torch.from_numpy(wish.cues.array())[:, :frames]
            missing = frames - row.shape[1]
            if missing:
                last = row[:, -1:].repeat(1, missing)
                last[2:] = 0.0
                row = torch.cat([row, last], dim=1)
            rows.append(row)
        return torch.stack(rows).to(self.backbone.device)


def new_injection(backbone: Backbone, config: InjectionConfig, seed: int) -> PositionInjection:
    """An untrained adapter that fits a backbone: with it, the backbone is as it was."""
    return PositionInjection(
        len(backbone.layers),
        backbone.width,
        backbone.sequence.position_stride,
        config,
        torch.Generator().manual_seed(seed),
    ).to(backbone.device)
