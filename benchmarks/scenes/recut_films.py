"""A film of clips with a Fountain of its own, and recuts of it, with the truth of every frame.

A film is a list of takes: a stretch of a clip, frame by frame at the film's rate, joined with cuts,
dissolves, black and titles. A recut is another list of the same takes: moved, trimmed, removed,
new, mirrored, graded, reframed, or shown at another rate. So the truth needs no eyes.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from foley_designer.vision.video.decode import FrameReader

Image = NDArray[np.uint8]
RATE = Fraction(24)
SIZE = (640, 360)


@dataclass(frozen=True)
class Take:
    """A stretch of a clip as one shot shows it."""

    name: str
    clip: str
    """Name of a clip, ``black`` or ``title``."""
    start_s: float
    frames: int
    scene: int = -1
    """Number of the scene from 0; -1 for black and titles."""
    dissolve: int = 0
    """Frames over which it grows out of the take before it."""
    closer: bool = False
    flip: bool = False
    grade: bool = False
    reframe: bool = False
    head: int = 0
    """Frames taken off at its beginning."""
    tail: int = 0

    @property
    def shown(self) -> range:
        """Its own frames that are shown."""
        return range(self.head, self.frames - self.tail)


@dataclass(frozen=True)
class Scene:
    """What a script says of a scene, and what shows it."""

    heading: str
    action: str
    clips: tuple[str, ...]
    shots: tuple[tuple[float, float], ...]
    """Start in the clip and length, seconds; each clip's in turn."""


SMALL = (
    Scene(
        "INT. SMITHY - DAY",
        "Anna, in heavy boots, forges a spoon with a hammer. A fire burns in the hearth.",
        ("hammer_spoon",),
        ((0.2, 4.0), (4.6, 2.2), (7.1, 2.6)),
    ),
    Scene(
        "EXT. FOREST PATH - DAY",
        "Anna walks along the path in her boots. Wind in the trees.",
        ("boots_walking_path", "waterfall_forest"),
        ((0.1, 3.2), (0.5, 3.0), (3.5, 2.3), (4.4, 2.4)),
    ),
    Scene(
        "INT. KITCHEN - NIGHT",
        "Anna chops cabbage on a wooden board with a knife.",
        ("chopping_cabbage",),
        ((0.1, 3.0), (3.3, 2.0), (5.5, 2.3)),
    ),
    Scene(
        "INT. SMITHY - DAY",
        "The hammer strikes the spoon again.",
        ("anvil_smith",),
        ((0.1, 2.0), (2.2, 1.7)),
    ),
)
"""Four scenes at three places, about half a minute."""


def media() -> Path:
    """The folder of real clips."""
    return Path(os.environ["FOLEY_MEDIA"])


def clip_file(name: str) -> Path:
    """Where a clip lies; one that is no clip of the media is a file of its own."""
    if name.endswith(".mp4"):
        return Path(name)
    path = media() / "film" / f"{name}.mp4"
    return path if path.exists() else media() / "clips" / f"{name}.mp4"


def takes_of(scenes: Sequence[Scene]) -> tuple[Take, ...]:
    """The film: scenes joined by cuts, a dissolve, black and a title."""
    takes = [Take("title0", "title", 0.0, 36)]
    for number, scene in enumerate(scenes):
        if number % 3 == 2:
            takes.append(Take(f"black{number}", "black", 0.0, 18))
        for k, (start, seconds) in enumerate(scene.shots):
            clip = scene.clips[k % len(scene.clips)]
            dissolve = 12 if not k and number % 3 == 1 else 0
            name = f"s{number}_{k}"
            frames = int(seconds * RATE)
            takes.append(Take(name, clip, start, frames, number, dissolve, closer=k % 2 == 1))
    return tuple(takes)


def fountain(scenes: Sequence[Scene]) -> str:
    """The script of the scenes."""
    return "\n\n".join(f"{scene.heading}\n\n{scene.action}" for scene in scenes) + "\n"


def timeline(takes: Sequence[Take]) -> list[tuple[str, int]]:
    """Per frame of the film which take it shows, and which of the take's own frames."""
    frames: list[tuple[str, int]] = []
    for take in takes:
        over = min(take.dissolve, len(frames), len(take.shown))
        new = [(take.name, k) for k in take.shown]
        frames[len(frames) - over // 2 :] = new[over - over // 2 :] if over else new
    return frames


def render(
    takes: Sequence[Take],
    out: Path,
    *,
    rate: Fraction = RATE,
    crf: str = "20",
    size: tuple[int, int] = SIZE,
) -> list[tuple[str, int]]:
    """Write the film and return its timeline; one frame is held in memory beside a dissolve's."""
    with av.open(str(out), "w") as container:
        stream = container.add_stream("libx264", rate=rate)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.options = {"preset": "veryfast", "crf": crf, "threads": "1"}
        for number, image in enumerate(_images(takes, size)):
            frame = av.VideoFrame.from_ndarray(image, format="bgr24")
            frame.pts, frame.time_base = number, 1 / rate
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return timeline(takes)


def _images(takes: Sequence[Take], size: tuple[int, int]) -> Iterator[Image]:
    """The film's frames; a dissolve takes as many frames off the film as it lasts."""
    kept: list[Image] = []
    for number, take in enumerate(takes):
        following = takes[number + 1] if number + 1 < len(takes) else None
        ahead = min(following.dissolve, len(take.shown)) if following else 0
        for k, image in enumerate(pictures(take, size)):
            if k < len(kept):
                share = (k + 1) / (len(kept) + 1)
                blended = cv2.addWeighted(kept[k], 1 - share, image, share, 0)
                yield np.asarray(blended, np.uint8)
            elif k < len(take.shown) - ahead:
                yield image
            else:
                kept = [*kept, image] if k > len(take.shown) - ahead else [image]
        if not ahead:
            kept = []


def pictures(take: Take, size: tuple[int, int] = SIZE) -> Iterator[Image]:
    """The frames that a take shows."""
    if take.clip in ("black", "title"):
        image = np.zeros((size[1], size[0], 3), np.uint8)
        if take.clip == "title":
            font, scale = cv2.FONT_HERSHEY_DUPLEX, size[0] / 400
            place = (size[0] // 4, size[1] // 2)
            cv2.putText(image, take.name.upper(), place, font, scale, (230, 230, 230), 2)
        yield from [image] * len(take.shown)
        return
    with FrameReader(clip_file(take.clip), size[0]) as clip:
        for k in take.shown:
            image = clip.at(take.start_s + k / float(RATE)).image
            yield _changed(_fitted(image, take, size), take)


def _fitted(image: Image, take: Take, size: tuple[int, int]) -> Image:
    """A picture that fills the frame; a closer take shows its middle two thirds."""
    if take.closer:
        h, w = image.shape[:2]
        image = image[h // 6 : h - h // 6, w // 6 : w - w // 6]
    h, w = image.shape[:2]
    scale = max(size[0] / w, size[1] / h)
    filling = (round(w * scale), round(h * scale))
    image = np.asarray(cv2.resize(image, filling, interpolation=cv2.INTER_AREA), np.uint8)
    y, x = (image.shape[0] - size[1]) // 2, (image.shape[1] - size[0]) // 2
    return np.ascontiguousarray(image[y : y + size[1], x : x + size[0]])


def _changed(image: Image, take: Take) -> Image:
    """Mirrored, graded (darker, warmer, more contrast) or reframed (15 % closer, off centre)."""
    if take.flip:
        image = np.ascontiguousarray(image[:, ::-1])
    if take.grade:
        graded = 255 * (image / 255.0) ** 1.25 * (0.75, 0.9, 1.05)
        image = np.clip(graded, 0, 255).astype(np.uint8)
    if take.reframe:
        h, w = image.shape[:2]
        y, x = round(0.04 * h), round(0.09 * w)
        part = image[y : y + round(0.87 * h), x : x + round(0.87 * w)]
        image = np.asarray(cv2.resize(part, (w, h), interpolation=cv2.INTER_LINEAR), np.uint8)
    return image


@dataclass(frozen=True)
class Recut:
    """Another cut of a film."""

    name: str
    takes: tuple[Take, ...]
    rate: Fraction = RATE


def cut_from(film: Path, takes: Sequence[Take], cut: Recut, out: Path) -> None:
    """Write a recut out of the film itself, at half its size: as an editor cuts, and sooner.

    Args:
        film: the film's picture.
        takes: of the film.
        cut: the recut; its takes that the film has not, or not all of, come from their clips.
        out: the file to write.
    """
    size = (SIZE[0] // 2, SIZE[1] // 2)
    where = {frame: index for index, frame in enumerate(timeline(takes))}
    named = {take.name: take for take in cut.takes}
    fresh = {
        take.name: list(pictures(take, size))
        for take in cut.takes
        if take.clip not in ("black", "title")
        and any((take.name, k) not in where for k in take.shown)
    }
    with av.open(str(out), "w") as container, FrameReader(film, size[0]) as old:
        stream = container.add_stream("libx264", rate=cut.rate)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.options = {"preset": "ultrafast", "crf": "20", "threads": "1"}
        for number, (name, k) in enumerate(timeline(cut.takes)):
            if name in fresh:
                image = fresh[name][k - named[name].head]
            else:
                image = old.at((where[name, k] + 0.5) / float(RATE)).image
                image = _changed(np.ascontiguousarray(image), named[name])
            frame = av.VideoFrame.from_ndarray(image, format="bgr24")
            frame.pts, frame.time_base = number, 1 / cut.rate
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def recuts(
    takes: Sequence[Take], new: Sequence[Take], seed: int = 7, *, other: bool = False
) -> Iterator[Recut]:
    """Three recuts: rearranged; trimmed, removed, new and mirrored; graded, reframed at 23.976.

    Args:
        takes: the film.
        new: takes that it does not have.
        seed: of trims.
        other: whether other shots are moved, left out and graded.
    """
    rng = np.random.default_rng(seed)
    film = [take for take in takes if take.scene >= 0]
    others = [take for take in takes if take.scene < 0]
    moved = list(takes)
    for take in film[2 + 2 * other :: 6]:
        moved.remove(take)
        at = moved.index(film[(film.index(take) + 5) % len(film)])
        moved.insert(at, replace(take, dissolve=0))
    yield Recut("moved", tuple(moved))
    trimmed: list[Take] = []
    for k, take in enumerate(takes):
        if take in others:
            trimmed.append(take)
        elif (k + 2 * other) % 7 != 5:
            longest = min(50, (take.frames - take.dissolve) // 2)
            head = int(rng.integers(1, longest)) if k % 3 == 0 and not take.dissolve else 0
            tail = int(rng.integers(1, longest)) if k % 3 == 1 else 0
            trimmed.append(replace(take, head=head, tail=tail, flip=take.scene == 2 + other))
        if (k + 2 * other) % 9 == 4:
            trimmed.append(new[len(trimmed) % len(new)])
    yield Recut("trimmed", tuple(_once(trimmed)))
    looks = [
        replace(take, grade=take.scene % 2 == other, reframe=take.scene % 2 == other)
        for take in takes
    ]
    yield Recut("looks", tuple(looks), Fraction(24000, 1001))


def _once(takes: Sequence[Take]) -> Iterator[Take]:
    """Takes with names that differ."""
    seen: dict[str, int] = {}
    for take in takes:
        seen[take.name] = seen.get(take.name, 0) + 1
        again = seen[take.name]
        yield take if again == 1 else replace(take, name=f"{take.name}_{again}")


def truth(old: Sequence[tuple[str, int]], new: Sequence[tuple[str, int]]) -> list[int]:
    """Per frame of the new cut the old frame that it shows, -1 for none.

    Black and titles stand still: any of their frames is as good, and the one of the same count is
    named if there is one.
    """
    where = {frame: index for index, frame in enumerate(old)}
    return [where.get(frame, -1) for frame in new]


NEW = (
    Take("new_stream", "stream_dip", 0.3, 60),
    Take("new_waves", "sea_waves", 1.0, 48),
)
"""Takes that the small film has not."""


HELD = (
    Scene(
        "INT. GYM - DAY",
        "A man plays table tennis against the folded table.",
        ("table_tennis", "tennis_serves_indoor"),
        ((0.4, 2.6), (0.6, 3.0), (4.2, 2.2), (5.2, 2.0), (7.0, 2.4)),
    ),
    Scene(
        "EXT. WINTER FOREST - DAY",
        "A snowmobile races over the snow between the trees.",
        ("snowmobile_forest",),
        ((0.3, 2.8), (4.0, 2.0), (7.0, 2.4)),
    ),
    Scene(
        "EXT. SHEEP PEN - DAY",
        "Sheep stand crowded and bleat. A man walks among them.",
        ("sheep_pen", "lion_roar"),
        ((0.3, 2.5), (0.5, 2.2), (4.0, 2.0), (4.2, 2.0)),
    ),
    Scene(
        "INT. STUDIO - NIGHT",
        "A drummer plays a steady beat on a small kit.",
        ("drummer_red_room", "drummer_cap"),
        ((0.4, 2.4), (1.0, 2.0), (4.0, 2.4), (5.0, 2.0)),
    ),
)
"""Four scenes of other clips, looked at once."""
HELD_NEW = (
    Take("new_train", "train_pass", 1.0, 55),
    Take("new_rain", "rain_windscreen", 2.0, 50),
)
