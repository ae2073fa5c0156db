"""One place from which every length of a generation follows."""

from fractions import Fraction
from typing import Self

from pydantic import Field, model_validator

from foley_designer.core.documents import Part


class SequenceConfig(Part):
    """Rates of a backbone's audio, latents and position grid.

    The position grid is ``position_stride`` times as fine as the latents, on the same clock, so
    the PosEncoder's strides (Eq. 6, T' = T / r) end exactly on the latents whatever the film's
    frame rate is.
    """

    sample_rate: int = Field(gt=0)
    """Samples a second of the backbone's audio."""
    hop: int = Field(gt=0)
    """Samples a latent step."""
    channels: int = Field(gt=0)
    """Latent channels."""
    most_steps: int = Field(gt=0)
    """Latent steps that the backbone makes at most."""
    position_stride: int = Field(default=4, ge=1)
    """Position frames a latent step, a power of two."""
    fixed_steps: int | None = Field(default=None, gt=0)
    """Latent steps that the backbone always makes, where it was trained on one length."""

    @model_validator(mode="after")
    def _power_of_two(self) -> Self:
        if self.position_stride & (self.position_stride - 1):
            raise ValueError(f"position_stride {self.position_stride} is no power of two")
        return self

    @property
    def latent_rate(self) -> Fraction:
        """Latent steps a second."""
        return Fraction(self.sample_rate, self.hop)

    @property
    def position_rate(self) -> Fraction:
        """Position frames a second."""
        return self.latent_rate * self.position_stride

    @property
    def most_seconds(self) -> float:
        """Longest sound made at once."""
        return float(self.most_steps / self.latent_rate)

    def steps(self, seconds: float) -> int:
        """Latent steps that hold a sound, at least one.

        Raises:
            ValueError: longer than `most_seconds`.
        """
        steps = max(1, -(-round(seconds * self.sample_rate) // self.hop))
        if steps > self.most_steps:
            raise ValueError(f"{seconds:g} s is longer than {self.most_seconds:.2f} s")
        return self.fixed_steps or steps

    def samples(self, steps: int) -> int:
        """Audio samples of so many latent steps."""
        return steps * self.hop

    def position_frames(self, steps: int) -> int:
        """Position frames of so many latent steps."""
        return steps * self.position_stride
