"""Eyes: what a seeing model is shown of the clip, as sheets of frames sized to what it takes.

``look`` is a strip that it asks for itself, to find the instant of a contact.
"""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Annotated, NamedTuple

from pydantic import BaseModel, Field

from foley_designer.agents.llm.views import Picture
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.observation import Observation, Shot

if TYPE_CHECKING:
    from langchain_core.tools import StructuredTool

LOOK = "look"
_Share = Annotated[float, Field(ge=0, le=1)]
_FASTEST = 120.0
WIDTH = 960
"""Pixels across at which frames are decoded: near views are cut from them."""


class Eyes:
    """One clip's frames; sheets that were drawn are shown again as they are.

    Args:
        clip: the video that was observed.
        side: pixels of a picture's longer side that the model takes; more would be reduced.
    """

    def __init__(self, clip: Path, side: int) -> None:
        self.clip = clip
        self.side = side
        self._starts_s = 0.0
        self._rate: Fraction | None = None
        self._drawn: dict[tuple[float, float, float], tuple[Picture, ...]] = {}
        self._lock = Lock()

    def sheets(self, brief: Brief, start_s: float, end_s: float) -> tuple[Picture, ...]:
        """Contact sheets of a stretch, times from the brief's start.

        Raises:
            FoleyError: the clip can't be read.
        """
        from foley_designer.vision.video.decode import FrameReader  # noqa: PLC0415 - loads PyAV
        from foley_designer.vision.video.sheets import sheets  # noqa: PLC0415 - loads OpenCV

        key = (brief.starts_s, start_s, end_s)
        with self._lock:
            self._starts_s, self._rate = brief.starts_s, brief.observation.clip.rate
            if key not in self._drawn:
                observation = brief.observation
                with FrameReader(self.clip, WIDTH, observation.clip.rate) as reader:
                    made = sheets(
                        reader,
                        observation,
                        start_s,
                        end_s,
                        side=self.side,
                        offset_s=brief.starts_s,
                    )
                    self._drawn[key] = tuple(
                        Picture(sheet.jpeg, f"Sheet {number} of {len(made)}:")
                        for number, sheet in enumerate(made, start=1)
                    )
            return self._drawn[key]

    def shots(self, observation: Observation, shots: Sequence[Shot]) -> tuple[Picture, ...]:
        """Contact sheets with the middle of each of some shots, by its number in the film.

        Raises:
            FoleyError: the clip can't be read.
        """
        from foley_designer.vision.video.decode import FrameReader  # noqa: PLC0415 - loads PyAV
        from foley_designer.vision.video.sheets import sheets_at  # noqa: PLC0415 - loads OpenCV

        times = [(shot.start_s + shot.end_s) / 2 for shot in shots]
        with FrameReader(self.clip, WIDTH, observation.clip.rate) as reader:
            made = sheets_at(reader, observation, times, side=self.side)
        return tuple(
            Picture(sheet.jpeg, f"Sheet {number} of {len(made)}:")
            for number, sheet in enumerate(made, start=1)
        )

    def look(
        self, from_s: float, to_s: float, fps: float, region: tuple[float, float, float, float]
    ) -> tuple[tuple[float, ...], bytes]:
        """A strip of a stretch, by the clock of what was shown last: its times, and a JPEG file.

        Args:
            from_s: seconds.
            to_s: seconds.
            fps: frames a second, as far as a strip holds them.
            region: x, y, width, height as shares of the picture.

        Raises:
            FoleyError: the clip can't be read.
        """
        from foley_designer.vision.video.decode import FrameReader  # noqa: PLC0415 - loads PyAV
        from foley_designer.vision.video.sheets import look, steps  # noqa: PLC0415 - loads OpenCV

        with self._lock, FrameReader(self.clip, WIDTH, self._rate) as reader:
            rows, columns = reader.at(from_s + self._starts_s).image.shape[:2]
            strip = look(
                reader,
                (),
                steps(from_s, to_s, fps),
                size=(columns, rows),
                side=self.side,
                region=region,
                offset_s=self._starts_s,
            )
        return strip.times_s, strip.jpeg


def windows_of(observation: Observation) -> tuple[tuple[float, float], ...]:
    """The stretches in which a clip is shown."""
    from foley_designer.vision.video.sheets import windows  # noqa: PLC0415 - loads OpenCV

    return windows(observation)


class LookInput(BaseModel):
    """Which stretch, how finely, and what part of the picture."""

    from_s: float = Field(ge=0)
    to_s: float = Field(ge=0)
    fps: float = Field(default=12.0, gt=0, le=_FASTEST, description="Pictures a second.")
    region: tuple[_Share, _Share, _Share, _Share] = Field(
        default=(0.0, 0.0, 1.0, 1.0),
        description="x, y, width, height as shares of the picture: a part is shown larger.",
    )


class Looked(NamedTuple):
    """What was looked at, as a JPEG file."""

    jpeg: bytes


def look_tool(eyes: Eyes) -> "StructuredTool":
    """The tool for one clip; no path reaches the model."""
    from langchain_core.tools import StructuredTool, ToolException  # noqa: PLC0415 - heavy

    def look(
        from_s: float, to_s: float, fps: float, region: tuple[float, float, float, float]
    ) -> tuple[str, Looked]:
        x, y, wide, high = region
        if to_s < from_s or wide <= 0 or high <= 0 or x + wide > 1.001 or y + high > 1.001:
            raise ToolException("from_s comes before to_s, and region lies inside the picture.")
        times, jpeg = eyes.look(from_s, to_s, fps, region)
        listed = ", ".join(f"{time_s:.3f}" for time_s in times)
        return f"The picture shows {listed} s.", Looked(jpeg)

    return StructuredTool(
        name=LOOK,
        description=(
            "See a strip of frames from from_s to to_s, with times burnt in, whole or zoomed "
            "into a region: to tell in which frame a thing first touches. At most 24 frames."
        ),
        args_schema=LookInput,
        func=look,
        response_format="content_and_artifact",
        handle_tool_error=True,
        handle_validation_error=True,
    )
