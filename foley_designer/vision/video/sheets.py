"""Contact sheets: the frames of a stretch of film in rows, to be read by a person or a model.

Every cell has its time burnt in, and the boxes and names of the tracks seen at it. A sheet is made
as large as its reader takes: more pixels would be thrown away before anyone sees them.
"""

import io
from collections.abc import Sequence
from typing import NamedTuple

from PIL import Image as Pillow
from PIL import ImageDraw

from foley_designer.core.script.observation import Observation, Shot, Track
from foley_designer.vision.video.decode import FrameReader
from foley_designer.vision.video.drawing import (
    ALWAYS,
    INK,
    MARK,
    PAPER,
    burn,
    font,
    name_tracks,
    part_of,
    picture_of,
)

NARROWEST = 320
"""Pixels across a cell: under that, hands and feet are a few pixels."""
FINEST_S, COARSEST_S = 0.25, 0.5
"""Step between cells, seconds: short windows are seen finely, the longest at half of that."""
MOST_CELLS = 48
"""Cells of one stretch of film: what two sheets of a wide picture hold."""
WINDOW_S = MOST_CELLS * COARSEST_S
"""The longest stretch whose sounds are asked for at once, seconds; an overview may be longer."""
MOST_LOOKS = 24
"""Cells of a strip that is asked for."""
_HEAD = 22
_QUALITY = 82

Region = tuple[float, float, float, float]
"""x, y, width, height as shares of the picture."""
WHOLE: Region = (0.0, 0.0, 1.0, 1.0)


class Sheet(NamedTuple):
    """One sheet and the times of its cells."""

    image: Pillow.Image
    times_s: tuple[float, ...]

    @property
    def jpeg(self) -> bytes:
        """The sheet as a JPEG file."""
        data = io.BytesIO()
        self.image.save(data, "JPEG", quality=_QUALITY)
        return data.getvalue()


def windows(observation: Observation) -> tuple[tuple[float, float], ...]:
    """Stretches of at most `WINDOW_S` that cover a clip, cut where shots are if they can be."""
    end = observation.clip.duration_s
    cuts = [shot.start_s for shot in observation.shots[1:]]
    found, start = [], 0.0
    while end - start > WINDOW_S:
        inside = [cut for cut in cuts if start + WINDOW_S / 2 <= cut <= start + WINDOW_S]
        stop = inside[-1] if inside else start + WINDOW_S
        found.append((start, stop))
        start = stop
    return (*found, (start, end))


def cell_times(observation: Observation, start_s: float, end_s: float) -> tuple[float, ...]:
    """Times of a stretch's cells: even steps in each shot, and one for the shortest of shots."""
    step = max((end_s - start_s) / MOST_CELLS, FINEST_S)
    times: list[float] = []
    for shot in observation.shots:
        first, last = max(shot.start_s, start_s), min(shot.end_s, end_s)
        if last <= first or not shot.has_film:
            continue
        count = int((last - first) / step + 1e-6)
        if count == 0:
            times.append((first + last) / 2)
        times += [first + step * index for index in range(count)]
    return tuple(times)


def sheets(
    reader: FrameReader,
    observation: Observation,
    start_s: float,
    end_s: float,
    *,
    side: int,
    offset_s: float = 0.0,
) -> tuple[Sheet, ...]:
    """The sheets of a stretch of film.

    Args:
        reader: of the clip.
        observation: what was seen; times from its own start.
        start_s: the stretch's start, seconds.
        end_s: its end.
        side: pixels of a sheet's longer side at most.
        offset_s: where the observation's start lies in the clip, for a scene of a film.
    """
    times = cell_times(observation, start_s, end_s)
    return sheets_at(reader, observation, times, side=side, offset_s=offset_s)


def sheets_at(
    reader: FrameReader,
    observation: Observation,
    times: Sequence[float],
    *,
    side: int,
    offset_s: float = 0.0,
) -> tuple[Sheet, ...]:
    """Sheets with one cell at each of some times, seconds in order; else as `sheets`."""
    columns, rows, size = grid(observation.clip.width, observation.clip.height, side)
    made = []
    for first in range(0, len(times), columns * rows):
        part = times[first : first + columns * rows]
        cells = [
            _cell(
                reader,
                observation.tracks,
                time_s,
                size,
                WHOLE,
                offset_s,
                _shot_at(observation, time_s),
            )
            for time_s in part
        ]
        titles = [_shot_of(observation, time_s) for time_s in part]
        head = f"{part[0]:.2f} to {part[-1]:.2f} s; read each row from left to right"
        made.append(Sheet(_laid(cells, titles, part, columns, head), tuple(part)))
    return tuple(made)


def look(
    reader: FrameReader,
    tracks: Sequence[Track],
    times_s: Sequence[float],
    *,
    size: tuple[int, int],
    side: int,
    region: Region = WHOLE,
    offset_s: float = 0.0,
) -> Sheet:
    """A strip of these times, whole or a part of the picture; at most `MOST_LOOKS` cells.

    Args:
        reader: of the clip.
        tracks: are boxed where the whole picture is shown.
        times_s: seconds, in order.
        size: the picture's width and height in pixels.
        side: pixels of the strip's longer side at most.
        region: what of the picture is shown.
        offset_s: where time 0 lies in the clip.
    """
    times = tuple(times_s[:MOST_LOOKS])
    wide, high = round(size[0] * region[2]), round(size[1] * region[3])
    columns, _, cell = grid(max(wide, 1), max(high, 1), side)
    shown = tracks if region == WHOLE else ()
    cells = [_cell(reader, shown, time_s, cell, region, offset_s) for time_s in times]
    head = f"{times[0]:.3f} to {times[-1]:.3f} s; read each row from left to right"
    return Sheet(_laid(cells, [""] * len(times), times, columns, head), times)


def steps(start_s: float, end_s: float, rate: float) -> tuple[float, ...]:
    """Times from a start to an end at a rate a second, at most `MOST_LOOKS`, evenly."""
    count = min(max(int((end_s - start_s) * rate + 1e-6) + 1, 1), MOST_LOOKS)
    step = (end_s - start_s) / max(count - 1, 1)
    return tuple(start_s + step * index for index in range(count))


def grid(width: int, height: int, side: int) -> tuple[int, int, tuple[int, int]]:
    """Columns, rows and the size of a cell for frames of this shape on a sheet of this size."""
    columns = max(1, side // NARROWEST)
    across = side // columns
    down = max(1, round(across * height / width))
    if down > side - _HEAD:  # upright frames
        across, down = max(1, round((side - _HEAD) * width / height)), side - _HEAD
    return columns, max(1, (side - _HEAD) // (down + 2)), (across, down)


def _cell(
    reader: FrameReader,
    tracks: Sequence[Track],
    time_s: float,
    size: tuple[int, int],
    region: Region,
    offset_s: float,
    shot: tuple[float, float] = ALWAYS,
) -> Pillow.Image:
    """One picture, cut to a region, with the tracks that are seen at it in its shot."""
    picture = picture_of(reader.at(time_s + offset_s))
    if region != WHOLE:
        picture = part_of(picture, region)
    picture = picture.resize(size, Pillow.Resampling.BILINEAR)
    name_tracks(picture, tracks, time_s, shot)
    return picture


def _shot_at(observation: Observation, time_s: float) -> tuple[float, float]:
    """Start and end of the shot that a time lies in, seconds."""
    begun = [one for one in observation.shots if one.start_s <= time_s + 1e-6]
    return (begun[-1].start_s - 1e-6, begun[-1].end_s - 1e-6) if begun else ALWAYS


def _shot_of(observation: Observation, time_s: float) -> str:
    """``shot 2  `` where a clip has several."""
    if len(observation.shots) == 1:
        return ""
    shots: list[Shot] = [one for one in observation.shots if one.start_s <= time_s + 1e-6]
    return f"shot {len(shots)}  "


def _laid(
    cells: Sequence[Pillow.Image],
    titles: Sequence[str],
    times_s: Sequence[float],
    columns: int,
    head: str,
) -> Pillow.Image:
    """The cells in rows, each with its time; a yellow edge where another shot begins."""
    across, down = cells[0].size
    columns = min(columns, len(cells))
    rows = -(-len(cells) // columns)
    image = Pillow.new("RGB", (columns * across, _HEAD + rows * (down + 2)), PAPER)
    draw = ImageDraw.Draw(image)
    draw.text((6, 3), head, INK, font(14))
    for index, cell in enumerate(cells):
        left, top = index % columns * across, _HEAD + index // columns * (down + 2)
        image.paste(cell, (left, top))
        burn(draw, (left + 5, top + 2), f"{titles[index]}{times_s[index]:.3f} s", INK)
        if index and titles[index] != titles[index - 1]:
            draw.rectangle((left, top, left + 3, top + down), fill=MARK)
    return image
