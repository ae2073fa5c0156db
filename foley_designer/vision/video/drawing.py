"""What strips and sheets draw alike: burnt-in times, and boxes of tracks with their names."""

import math
from collections.abc import Iterable

import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from foley_designer.core.script.observation import Box, Track
from foley_designer.vision.video.frame import Frame

INK, PAPER, MARK = "#ffffff", "#14171c", "#ffd21f"
SEEN_S = 0.12
"""How far in time from a frame a source may have been seen and still be boxed."""
ALWAYS = (-math.inf, math.inf)


def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The built-in face at a size in pixels."""
    return ImageFont.load_default(size)


def burn(
    draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, ink: str, size: int = 14
) -> None:
    """Write on a picture, legible on any ground."""
    draw.text(at, text, ink, font(size), stroke_width=2 if size > 12 else 1, stroke_fill="#000000")


def picture_of(frame: Frame) -> Pillow.Image:
    """A frame, BGR uint8 ``[rows, columns, 3]``, as a picture."""
    return Pillow.fromarray(np.ascontiguousarray(frame.image[..., ::-1]))


def part_of(picture: Pillow.Image, region: tuple[float, float, float, float]) -> Pillow.Image:
    """A region of a picture: x, y, width, height as shares of it; one pixel at least."""
    x, y, wide, high = region
    across, down = picture.size
    left, top = round(x * across), round(y * down)
    right, bottom = round((x + wide) * across), round((y + high) * down)
    return picture.crop((left, top, max(right, left + 1), max(bottom, top + 1)))


def box_at(track: Track | None, time_s: float, shot: tuple[float, float] = ALWAYS) -> Box | None:
    """Where a source was seen at about this time in the shot, seconds from and to."""
    start, end = shot
    seen = [one for one in track.sightings if start <= one.time_s < end] if track else []
    if not seen:
        return None
    nearest = min(seen, key=lambda one: abs(one.time_s - time_s))
    return nearest.box if abs(nearest.time_s - time_s) <= SEEN_S else None


def edges_of(box: Box, width: int, height: int) -> tuple[float, float, float, float]:
    """A box's left, top, right and bottom in pixels of a picture of this size."""
    return (
        (box.x - box.width / 2) * width,
        (box.y - box.height / 2) * height,
        (box.x + box.width / 2) * width,
        (box.y + box.height / 2) * height,
    )


def draw_box(draw: ImageDraw.ImageDraw, edges: tuple[float, float, float, float]) -> None:
    """A yellow box with a dark rim."""
    draw.rectangle(edges, outline="#000000", width=3)
    draw.rectangle(edges, outline=MARK, width=2)


def name_tracks(
    picture: Pillow.Image,
    tracks: Iterable[Track],
    time_s: float,
    shot: tuple[float, float] = ALWAYS,
) -> None:
    """Box each track that is seen at a time and write its id, and its name where it has one."""
    draw = ImageDraw.Draw(picture)
    for track in tracks:
        if (box := box_at(track, time_s, shot)) is None:
            continue
        edges = edges_of(box, picture.width, picture.height)
        draw_box(draw, edges)
        text = f"{track.id} {track.label}" if track.label else track.id
        at = (min(max(edges[0] + 3, 1), picture.width - 40), max(edges[1] + 1, 18))
        burn(draw, at, text, MARK, 12)
