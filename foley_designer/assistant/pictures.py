"""Pictures that a model looks at: PNG, each under 200 KB."""

import base64
import io
import math
from collections.abc import Sequence
from pathlib import Path

from mcp.types import ImageContent
from PIL import Image, ImageDraw, ImageFont

from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import Observation
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.export.report.charts import colour
from foley_designer.export.report.pictures import HIGHEST_HZ, LOWEST_HZ, spectrogram
from foley_designer.export.report.svg import time_step
from foley_designer.vision.video.small_png import small_png

MOST_LANES = 40
_ACROSS, _COLUMNS = 960, 4
_INK, _PAPER, _GRID, _BACK = "#1d2129", "#ffffff", "#d8dce3", "#f1f3f6"


def png(image: Image.Image) -> ImageContent:
    """The image in as many colours and pixels as a message holds."""
    return png_content(small_png(image))


def png_content(data: bytes) -> ImageContent:
    """A PNG file's bytes as the content of a message."""
    text = base64.b64encode(data).decode()
    return ImageContent(type="image", data=text, mime_type="image/png")


def contact_sheet(observation: Observation, keyframes: Path, most: int = 12) -> Image.Image | None:
    """Keyframes in rows with shot and time under each, spread evenly over the clip."""
    found = [
        (shot.index + 1, _milliseconds(name) / 1000, keyframes / name)
        for shot in observation.shots
        for name in shot.keyframes
        if (keyframes / name).is_file()
    ]
    if not found:
        return None
    count = min(most, len(found))
    chosen = [found[round(i * (len(found) - 1) / max(count - 1, 1))] for i in range(count)]
    cells = []
    for shot, time_s, path in chosen:
        with Image.open(path) as frame:
            cells.append((f"shot {shot}  {time_s:.2f} s", frame.convert("RGB")))
    return _in_rows(cells, observation.clip.height / observation.clip.width)


def first_sheet(clip: Path, duration_s: float, most: int = 12) -> Image.Image:
    """Frames at even times, before anything is known of the clip: each costs a seek.

    Raises:
        FoleyError: the clip can't be read.
    """
    times = [duration_s * (index + 0.5) / most for index in range(most)]
    frames = frames_at(clip, times, (0.0, 0.0, 1.0, 1.0), _ACROSS // _COLUMNS)
    cells = [(f"{time_s:.2f} s", image.convert("RGB")) for time_s, image in frames]
    return _in_rows(cells, cells[0][1].height / cells[0][1].width)


def _in_rows(cells: Sequence[tuple[str, Image.Image]], shape: float) -> Image.Image:
    """A sheet of captioned pictures, all of one height over width."""
    columns = min(_COLUMNS, len(cells))
    width = _ACROSS // columns
    height = round(width * shape)
    rows = -(-len(cells) // columns)
    sheet = Image.new("RGB", (columns * width, rows * (height + 20)), _PAPER)
    draw = ImageDraw.Draw(sheet)
    for position, (caption, frame) in enumerate(cells):
        x, y = position % columns * width, position // columns * (height + 20)
        sheet.paste(frame.resize((width - 4, height)), (x + 2, y))
        draw.text((x + 4, y + height + 3), caption, _INK, _font(13))
    return sheet


def timeline(script: FoleyScript, stems: Sequence[str] = ()) -> Image.Image:
    """Events in lanes: hits as ticks as tall as they are strong, spans as bars.

    Args:
        script: what sounds.
        stems: ids of events to show; none shows the first `MOST_LANES`.
    """
    events = [event for event in script.events if not stems or event.id in stems][:MOST_LANES]
    left, right, lane = 250, 1000, 24
    bottom = 26 + lane * len(events)
    image = Image.new("RGB", (right + 20, bottom + 6), _PAPER)
    draw = ImageDraw.Draw(image)
    scale = (right - left) / script.clip.duration_s
    _time_marks(draw, script.clip.duration_s, (left, right), (20, bottom))
    for row, event in enumerate(events):
        y = 24 + lane * row
        draw.rectangle((0, y, left - 6, y + lane - 4), fill=_BACK)
        draw.text((4, y + 3), f"{event.label}"[:34], _INK, _font(13))
        _draw_event(draw, event, (left, y, lane - 4), scale)
    return image


def _draw_event(
    draw: ImageDraw.ImageDraw, event: SoundEvent, place: tuple[int, int, int], scale: float
) -> None:
    left, top, height = place
    for span in event.spans:
        box = (left + span.start_s * scale, top + 5, left + span.end_s * scale, top + height - 3)
        draw.rectangle(box, fill=colour(event))
    for hit in event.hits:
        x = left + hit.time_s * scale
        reach = height * (0.35 + 0.65 * hit.strength)
        draw.line((x, top + height - reach, x, top + height), fill=colour(event), width=3)


def sound_picture(path: Path, duration_s: float, title: str) -> Image.Image:
    """A spectrogram with time and frequency marks.

    Raises:
        FoleyError: ``sound_unreadable``.
    """
    width, height, left, top = 900, 240, 60, 26
    uri = spectrogram(path, width, height)
    with Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2]))) as picture:
        image = Image.new("RGB", (left + width + 20, top + height + 24), _PAPER)
        image.paste(picture.convert("RGB"), (left, top))
    draw = ImageDraw.Draw(image)
    draw.text((left, 5), title[:110], _INK, _font(13))
    step = time_step(duration_s)
    for index in range(int(duration_s / step) + 1):
        x = left + width * index * step / duration_s
        draw.line((x, top + height, x, top + height + 4), fill=_INK)
        draw.text((x + 2, top + height + 5), f"{index * step:g} s", _INK, _font(12))
    for hertz in (100, 1000, 10000):
        share = math.log(hertz / LOWEST_HZ) / math.log(HIGHEST_HZ / LOWEST_HZ)
        draw.text((6, top + height * (1 - share) - 7), f"{hertz} Hz", _INK, _font(12))
    return image


def _time_marks(
    draw: ImageDraw.ImageDraw, duration_s: float, across: tuple[int, int], down: tuple[int, int]
) -> None:
    step = time_step(duration_s)
    for index in range(int(duration_s / step) + 1):
        x = across[0] + (across[1] - across[0]) * index * step / duration_s
        draw.line((x, down[0], x, down[1]), fill=_GRID)
        draw.text((x + 2, 4), f"{index * step:g} s", _INK, _font(12))


def _milliseconds(name: str) -> int:
    """A keyframe's time from its name, such as ``shot001_00000480ms.jpg``."""
    return int(name.partition("_")[2].partition("ms")[0])


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def frames_at(
    clip: Path,
    times_s: Sequence[float],
    region: tuple[float, float, float, float],
    width: int,
) -> list[tuple[float, Image.Image]]:
    """The frames on screen at some times, cut to a region.

    Args:
        clip: the video.
        times_s: seconds; one past the end takes the last frame.
        region: x, y, width, height as shares of the picture.
        width: pixels across at most.

    Raises:
        FoleyError: the clip can't be read.
    """
    from foley_designer.vision.video.decode import FrameReader  # noqa: PLC0415 - heavy
    from foley_designer.vision.video.drawing import part_of, picture_of  # noqa: PLC0415 - heavy

    found = []
    with FrameReader(clip, round(min(width / region[2], 1920))) as reader:
        for time_s in sorted(times_s):
            frame = reader.at(time_s)
            part = part_of(picture_of(frame), region)
            part.thumbnail((width, 4 * width))
            found.append((frame.time_s, part))
    return found
