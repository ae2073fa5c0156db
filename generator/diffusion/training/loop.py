"""The loop of a stage: accelerated, averaged, logged, resumable to the same numbers."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from accelerate.accelerator import Accelerator
from torch import Tensor, nn
from torch.nn import Parameter

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import replacing
from foley_designer.core.progress import Progress
from foley_designer.generator.diffusion.training.average import Average
from foley_designer.generator.diffusion.training.config import StageConfig
from foley_designer.generator.diffusion.training.curves import draw_curve

STATE = "state.pt"
LOG = "log.jsonl"
CURVE = "loss.svg"


def run_stage(
    name: str,
    stage: StageConfig,
    folder: Path,
    accelerator: Accelerator,
    modules: nn.Module,
    loss: Callable[[int], Tensor],
    progress: Progress,
    *,
    sample: Callable[[int], None] | None = None,
    until: Callable[[], bool] = lambda: False,
) -> int:
    """Train until the stage's steps are done, from where it stopped.

    Chance comes from the step's number alone, so a run that was stopped and resumed makes the same
    steps as one that wasn't.

    Args:
        name: of the stage, for progress.
        stage: its settings.
        folder: state, log and curve are kept here.
        accelerator: device, precision and backward pass.
        modules: holds everything trained; parameters that need no gradient are left alone.
        loss: of the batch of a step.
        progress: told every step.
        sample: draws samples after a step; called with the averaged weights in place.
        until: asked after each step; True saves and stops early.

    Returns:
        Steps done so far; the averaged weights are in place.
    """
    folder.mkdir(parents=True, exist_ok=True)
    learner = _Learner(stage, accelerator, modules)
    done = learner.resume(folder / STATE)
    began, losses = time.monotonic(), []
    while done < stage.steps:
        losses.append(learner.step(done, loss))
        done += 1
        progress(name, done / stage.steps, f"step {done}, loss {losses[-1]:.4f}")
        if done % stage.log_every == 0:
            _log(folder, done, losses, time.monotonic() - began)
            began, losses = time.monotonic(), []
        last = done == stage.steps or until()
        if done % stage.save_every == 0 or last:
            learner.save(folder / STATE, done)
            draw_curve(folder / LOG, folder / CURVE, name)
        if sample is not None and (done % stage.sample_every == 0 or last):
            learner.average.swap()
            sample(done)
            learner.average.swap()
        if last:
            break
    learner.average.swap()
    return done


class _Learner:
    """What a stage changes and keeps: weights, their average and the optimiser's memory.

    Args:
        stage: its settings.
        accelerator: device, precision and backward pass.
        modules: holds everything trained.
    """

    def __init__(self, stage: StageConfig, accelerator: Accelerator, modules: nn.Module) -> None:
        self._stage, self._accelerator = stage, accelerator
        self._trained = [(key, one) for key, one in modules.named_parameters() if one.requires_grad]
        self._weights = [one for _, one in self._trained]
        self._optimiser: Any = accelerator.prepare(_optimiser(stage, self._weights))
        self.average = Average(self._trained, stage.average)

    def step(self, step: int, loss: Callable[[int], Tensor]) -> float:
        """One step of the optimiser; returns the loss."""
        for group in self._optimiser.param_groups:
            group["lr"] = self._stage.learning_rate * _rate(step, self._stage)
        with self._accelerator.autocast():
            value = loss(step)
        self._accelerator.backward(value)
        self._accelerator.clip_grad_norm_(self._weights, self._stage.clip)
        self._optimiser.step()
        self._optimiser.zero_grad(set_to_none=True)
        self.average.update(step + 1)
        return float(value.item())

    def save(self, file: Path, step: int) -> None:
        """Keep everything as it is after a step."""
        state = {
            "step": step,
            "weights": {name: weight.detach().cpu() for name, weight in self._trained},
            "average": self.average.values,
            "optimiser": self._optimiser.state_dict(),
        }
        with replacing(file) as part:
            torch.save(state, part)

    def resume(self, file: Path) -> int:
        """Steps done so far, with everything as it was after them.

        Raises:
            FoleyError: ``config_invalid`` if the saved state is of other sizes.
        """
        if not file.is_file():
            return 0
        state = torch.load(file, map_location="cpu", weights_only=True)
        try:
            with torch.no_grad():
                for name, weight in self._trained:
                    weight.copy_(state["weights"][name])
            self.average.load(state["average"])
            self._optimiser.load_state_dict(state["optimiser"])
        except (KeyError, RuntimeError, ValueError) as error:
            raise FoleyError(
                ErrorCode.CONFIG_INVALID,
                f"{file} is of a model with other sizes.",
                "Choose another out folder.",
            ) from error
        return int(state["step"])


def _optimiser(stage: StageConfig, weights: list[Parameter]) -> torch.optim.Optimizer:
    return torch.optim.AdamW(
        weights,
        lr=stage.learning_rate,
        betas=(0.9, 0.99),
        weight_decay=stage.weight_decay,
        fused=True,
    )


def _rate(step: int, stage: StageConfig) -> float:
    """Share of the learning rate: rises over the warm-up, falls to a tenth over the cool-down."""
    rising = min(1.0, (step + 1) / max(1, stage.warmup))
    start = stage.steps * (1.0 - stage.cooldown)
    falling = max(0.0, (step - start) / max(1.0, stage.steps - start))
    return rising * (1.0 - 0.9 * falling)


def _log(folder: Path, step: int, losses: list[float], seconds: float) -> None:
    mean = sum(losses) / len(losses)
    line = {"step": step, "loss": round(mean, 6), "seconds": round(seconds, 2)}
    with (folder / LOG).open("a", encoding="utf-8") as log:
        log.write(json.dumps(line) + "\n")
