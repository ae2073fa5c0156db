"""Eyes: what a seeing model is shown of the clip, as sheets of pictures sized to what it takes."""

from pathlib import Path
from threading import Lock

from foley_designer.agents.llm.views import Picture
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.observation import Observation

WIDTH = 960
"""Pixels across at which frames are decoded: near views are cut from them."""


class Eyes:
    """One clip's pictures; sheets that were drawn are shown again as they are.

    Args:
        clip: the video that was observed.
        side: pixels of a picture's longer side that the model takes; more would be reduced.
    """

    def __init__(self, clip: Path, side: int) -> None:
        self.clip = clip
        self.side = side
        self._starts_s = 0.0
        self._drawn: dict[tuple[float, float, float], tuple[Picture, ...]] = {}
        self._lock = Lock()

    def sheets(self, brief: Brief, start_s: float, end_s: float) -> tuple[Picture, ...]:
        """Contact sheets of a stretch, times from the brief's start.

        Raises:
            FoleyError: the clip can't be read.
        """
        from foley_designer.vision.video.decode import Pictures  # noqa: PLC0415 - loads PyAV
        from foley_designer.vision.video.sheets import sheets  # noqa: PLC0415 - loads OpenCV

        key = (brief.starts_s, start_s, end_s)
        with self._lock:
            self._starts_s = brief.starts_s
            if key not in self._drawn:
                observation = brief.observation
                with Pictures(self.clip, WIDTH, observation.clip.rate) as pictures:
                    made = sheets(
                        pictures,
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

    def look(
        self, from_s: float, to_s: float, fps: float, region: tuple[float, float, float, float]
    ) -> tuple[tuple[float, ...], bytes]:
        """A strip of a stretch, by the clock of what was shown last: its times, and a JPEG file.

        Args:
            from_s: seconds.
            to_s: seconds.
            fps: pictures a second, as far as a strip holds them.
            region: x, y, width, height as shares of the picture.

        Raises:
            FoleyError: the clip can't be read.
        """
        from foley_designer.vision.video.decode import Pictures  # noqa: PLC0415 - loads PyAV
        from foley_designer.vision.video.sheets import look, steps  # noqa: PLC0415 - loads OpenCV

        with self._lock, Pictures(self.clip, WIDTH) as pictures:
            rows, columns = pictures.at(from_s + self._starts_s).image.shape[:2]
            strip = look(
                pictures,
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
