"""Skimming: the shots of a whole reel, where they play, and a fingerprint of every frame.

What a film's scenes are found from, and a recut is compared by. No movement is followed: that is
done scene by scene (`foley_designer.vision.observe`). It keeps about a kilobyte a frame.

A long reel is looked at in parts of a minute and more, each from a key frame on, side by side where
there are workers. Parts are told by the reel alone, so all ways see the same.
"""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from foley_designer.core.note import Note
from foley_designer.core.progress import Progress, silent
from foley_designer.core.script.observation import Observation, Shot
from foley_designer.vision.models.standing import Bodies, Standing
from foley_designer.vision.pictures.classifier import Namer, Names
from foley_designer.vision.pictures.files import NETWORK, PART
from foley_designer.vision.pictures.outdoors import weighed
from foley_designer.vision.place.reader import PlaceReader
from foley_designer.vision.video.decode import OpenedClip, frames, open_clip
from foley_designer.vision.video.frame import Image
from foley_designer.vision.video.frame_statistics import FrameStatistics, look_of
from foley_designer.vision.video.places import Glancer, grouped
from foley_designer.vision.video.shots import Stretch, is_abrupt, shot_size, stretches
from foley_designer.vision.video.timing import Part

WIDTH = 480
"""Pixels across at which frames are looked at, as in `observe`."""
FINGERPRINT = (32, 18)
"""Width and height of a frame's fingerprint."""
MOTION = 0.05
"""Frame widths a second that a shot is taken to move at, for none is measured."""

Fingerprints = NDArray[np.uint8]
"""Luma of small frames, ``[frames, 18, 32]``, one at each frame of the reel's rate."""


class Skimmed(NamedTuple):
    """What one fast pass leaves behind."""

    observation: Observation
    """Clip and shots; no tracks, no moments."""
    fingerprints: Fingerprints
    notes: tuple[Note, ...]


class PartTask(NamedTuple):
    """A part of a reel to be looked at."""

    path: Path
    rate: Fraction
    part: Part
    people: Path | None
    pictures: Path | None


class SkimmedPart(NamedTuple):
    """What was seen of a part."""

    looks: list[FrameStatistics]
    times_s: list[float]
    small: NDArray[np.uint8]
    """Fingerprints of its frames, ``[frames, 18, 32]``."""
    glancer: Glancer
    reader: PlaceReader
    bodies: Bodies | None
    names: Names | None


def skim(
    path: Path,
    rate: Fraction | None = None,
    progress: Progress = silent,
    people: Path | None = None,
    pictures: Path | None = None,
) -> Skimmed:
    """Find a reel's shots and fingerprint its frames, decoding once.

    Args:
        path: the reel.
        rate: as `open_clip` takes it.
        progress: is told how far the pass is, as step ``skim``.
        people: folder of the models of bodies; None looks for nobody.
        pictures: file of the classifier of pictures; None names nothing.

    Raises:
        FoleyError: as `foley_designer.vision.video.decode.open_clip`.
    """
    opened = open_clip(path, rate)
    seen = []
    for number, task in enumerate(parts_of(path, opened, people, pictures), start=1):
        seen.append(skim_part(task))
        progress("skim", number / len(opened.parts), opened.clip.name)
    return joined(opened, seen)


def parts_of(
    path: Path, opened: OpenedClip, people: Path | None, pictures: Path | None
) -> list[PartTask]:
    """A reel's parts, each a task of its own."""
    return [PartTask(path, opened.clip.rate, part, people, pictures) for part in opened.parts]


def skim_part(task: PartTask) -> SkimmedPart:
    """Look at one part of a reel; raises as `foley_designer.vision.video.decode.frames`."""
    glancer, reader = Glancer(), PlaceReader()
    standing = Standing(task.people) if task.people else None
    namer = Namer(task.pictures) if task.pictures else None
    looks: list[FrameStatistics] = []
    times: list[float] = []
    small: list[NDArray[np.uint8]] = []
    for frame in frames(task.path, WIDTH, task.rate, part=task.part):
        looks.append(look_of(frame))
        times.append(frame.time_s)
        small.append(fingerprint(frame.image))
        glancer.offer(frame)
        reader.offer(frame)
        is_cut = len(looks) == 1 or is_abrupt(looks[-2:])
        for looks_at in (standing, namer):
            if looks_at:
                looks_at.offer(frame, is_cut=is_cut)
    prints = np.stack(small) if small else np.zeros((0, *FINGERPRINT[::-1]), np.uint8)
    bodies = Bodies(standing.looks) if standing else None
    names = Names(namer.looks) if namer else None
    return SkimmedPart(looks, times, prints, glancer, reader, bodies, names)


def joined(opened: OpenedClip, parts: Sequence[SkimmedPart]) -> Skimmed:
    """What all parts of a reel, in its order, tell of it."""
    clip, notes = opened.clip, opened.notes
    glancer, reader = Glancer(), PlaceReader()
    for one in parts:
        glancer.follow(one.glancer)
        reader.follow(one.reader)
    looks = [look for one in parts for look in one.looks]
    times = [time_s for one in parts for time_s in one.times_s]
    found = [one.bodies for one in parts if one.bodies is not None]
    bodies = Bodies(look for one in found for look in one.looks) if found else None
    named = [one.names for one in parts if one.names is not None]
    names = Names(look for one in named for look in one.looks)
    small = np.concatenate([one.small for one in parts])
    starts = np.array([*times, max(clip.duration_s, times[-1] + 1e-3)])
    cuts = stretches(looks, starts[:-1])
    ends = [(float(starts[one.first]), float(starts[one.last])) for one in cuts]
    where = grouped([glancer.of(*span) for span in ends])
    shots = tuple(
        _shot(index, cut, span, looks, bodies).model_copy(
            update={
                "place": weighed(reader.traits(*span), names.of(*span)),
                "named": names.of(*span),
                **group._asdict(),
            }
        )
        for index, (cut, span, group) in enumerate(zip(cuts, ends, where, strict=True))
    )
    grid = np.arange(clip.frame_count) * clip.frame_s
    shown = np.searchsorted(starts[:-1], grid + clip.frame_s / 2, "right") - 1
    observation = Observation(
        clip=clip,
        field_of_view_deg=54.0,
        shots=shots,
        parts={
            "shots": "thumbnail weighed cuts and dissolves, fades 3",
            "groups": "colours and layout 1",
            **({PART: NETWORK} if named else {}),
        },
        notes=notes,
    )
    return Skimmed(observation, small[np.clip(shown, 0, len(small) - 1)], notes)


def fingerprint(image: Image) -> NDArray[np.uint8]:
    """A frame's luma at `FINGERPRINT`, ``[18, 32]``."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    return np.asarray(cv2.resize(grey, FINGERPRINT, interpolation=cv2.INTER_AREA), np.uint8)


def _shot(
    index: int,
    cut: Stretch,
    span: tuple[float, float],
    looks: list[FrameStatistics],
    bodies: Bodies | None,
) -> Shot:
    own = looks[cut.first : cut.last]
    return Shot(
        index=index,
        start_s=span[0],
        end_s=span[1],
        opens_with=cut.opens_with,
        brightness=float(np.mean([look.luma for look in own])),
        saturation=float(np.mean([look.saturation for look in own])),
        motion=MOTION,
        size=shot_size(bodies.height(*span) if bodies else None, ()),
        people=bodies.of(*span) if bodies else None,
    )
