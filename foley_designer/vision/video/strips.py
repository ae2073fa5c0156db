"""Strips: the frames around one moment side by side, to be looked at by a person or a model.

Each frame has its time burnt in; the moving region is boxed, the place of the contact marked,
and a second row shows it from near. The frame on screen at the moment itself is framed.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw

from foley_designer.core.files import write_bytes
from foley_designer.core.progress import Progress, silent
from foley_designer.core.script.observation import Box, Moment, Observation, Track
from foley_designer.core.script.spotting import strip_name
from foley_designer.vision.video.decode import FrameReader
from foley_designer.vision.video.drawing import (
    INK,
    MARK,
    PAPER,
    box_at,
    burn,
    draw_box,
    edges_of,
    font,
    picture_of,
)
from foley_designer.vision.video.frame import Frame
from foley_designer.vision.video.small_png import small_png

OFFSETS = (-4, -2, -1, 0, 1, 2, 4)
"""Frames of a strip, in frames from the moment's."""
FINEST_S = 1 / 30
"""At higher rates frames are passed over, for neighbours would look the same."""
WIDTH = 720
"""Pixels across at which frames are decoded."""
CELL = 200
"""Pixels across one frame of a strip."""
CLOSEST = 0.3
"""Least part of the frame that the near view shows."""
_HEAD = 22


class _Cell(NamedTuple):
    time_s: float
    picture: Pillow.Image
    box: Box | None


def write_strips(
    path: Path,
    observation: Observation,
    moments: Sequence[Moment],
    folder: Path,
    progress: Progress = silent,
) -> dict[str, str]:
    """Write a strip for each moment and return file names by the moments' ids.

    Args:
        path: the clip that was observed; it is decoded around the moments alone.
        observation: what was seen of it.
        moments: which moments.
        folder: where the PNG files go, each under 200 KB.
        progress: is told how far it is.

    Raises:
        FoleyError: as `foley_designer.vision.video.decode.open_clip`, or if the folder can't be
            written.
    """
    names = {}
    ordered = sorted(moments, key=lambda one: (one.time_s, one.id))
    with FrameReader(path, WIDTH, observation.clip.rate) as reader:
        for done, moment in enumerate(ordered):
            name = strip_name(moment)
            write_bytes(folder / name, small_png(strip(reader, observation, moment)))
            names[moment.id] = name
            progress("spot", (done + 1) / len(ordered), observation.clip.name)
    return names


def strip(reader: FrameReader, observation: Observation, moment: Moment) -> Pillow.Image:
    """The strip of one moment."""
    centre = reader.at(moment.time_s)
    step = max(1, round(FINEST_S / observation.clip.frame_s)) * observation.clip.frame_s
    track = observation.track(moment.track_id)
    frames = [centre if k == 0 else reader.at(centre.time_s + k * step) for k in OFFSETS]
    cells = [_cell(frame, track) for frame in frames]
    region = _near_region(cells, moment)
    height = round(CELL * observation.clip.height / observation.clip.width)
    image = Pillow.new("RGB", (len(OFFSETS) * CELL, _HEAD + 2 * height + 4), PAPER)
    draw = ImageDraw.Draw(image)
    draw.text((6, 3), _title(moment, track), INK, font(14))
    for column, cell in enumerate(cells):
        left = column * CELL
        _draw_whole(image, cell, moment, (left, _HEAD, CELL, height))
        _draw_near(image, cell, region, (left, _HEAD + height + 2, CELL, height))
        text = f"{cell.time_s:.3f} s"
        burn(draw, (left + 4, _HEAD + height - 19), text, MARK if OFFSETS[column] == 0 else INK)
        if OFFSETS[column] == 0:
            frame = (left + 1, _HEAD, left + CELL - 2, _HEAD + 2 * height + 2)
            draw.rectangle(frame, outline=MARK, width=2)
    return image


def _cell(frame: Frame, track: Track | None) -> _Cell:
    return _Cell(frame.time_s, picture_of(frame), box_at(track, frame.time_s))


def _title(moment: Moment, track: Track | None) -> str:
    who = f", source {track.id}{f' ({track.label})' if track.label else ''}" if track else ""
    belief = f"confidence {moment.confidence:.2f}"
    return f"{moment.id}: {moment.kind.value} at {moment.time_s:.3f} s{who}, {belief}"


def _near_region(cells: Sequence[_Cell], moment: Moment) -> tuple[float, float, float]:
    """Left, top and size, in shares of the frame, of what the near view shows."""
    size = CLOSEST
    boxes = [cell.box for cell in cells if cell.box]
    if boxes:
        size = max(CLOSEST, 1.1 * float(np.median([max(b.width, b.height) for b in boxes])))
    size = min(size, 1.0)
    left, top = (min(max(place - size / 2, 0.0), 1 - size) for place in (moment.x, moment.y))
    return left, top, size


def _draw_whole(
    image: Pillow.Image, cell: _Cell, moment: Moment, place: tuple[int, int, int, int]
) -> None:
    left, top, width, height = place
    picture = cell.picture.resize((width, height), Pillow.Resampling.BOX)
    draw = ImageDraw.Draw(picture)
    if cell.box is not None:
        draw_box(draw, edges_of(cell.box, width, height))
    if cell.box is not None or moment.track_id is not None:
        x, y = moment.x * width, moment.y * height
        for reach, ink in ((5, "#000000"), (4, MARK)):
            draw.ellipse((x - reach, y - reach, x + reach, y + reach), outline=ink)
    image.paste(picture, (left, top))


def _draw_near(
    image: Pillow.Image,
    cell: _Cell,
    region: tuple[float, float, float],
    place: tuple[int, int, int, int],
) -> None:
    left, top, size = region
    across, down = cell.picture.size
    cut = cell.picture.crop(
        (
            round(left * across),
            round(top * down),
            round((left + size) * across),
            round((top + size) * down),
        )
    )
    near = cut.resize((place[2], place[3]), Pillow.Resampling.BILINEAR)
    image.paste(near, (place[0], place[1]))
