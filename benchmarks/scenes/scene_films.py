"""Films joined at run time from real clips, with the screenplay that a person would write.

Clips come from ``FOLEY_MEDIA`` (folders ``film`` and ``clips``), are cut into shots, joined by
known transitions and written at 25 frames a second; every join, shot and scene is known exactly.
*Seen* and *held* films were halves once; both have been worked on. *Fresh* films are of other
clips, from ``FOLEY_FRESH`` (`fresh_clips.yaml` says which and from where), for the last look alone;
*again* are other films of these, joined by another seed for a look after that one. *Unseen* films
are of clips that neither was made of (`unseen_clips.yaml`), for the look after that.
"""

import json
import os
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import av
import cv2
import numpy as np
import yaml
from numpy.typing import NDArray

from foley_designer.core.script.screenplay import Element, ElementKind, Screenplay, ScriptScene
from foley_designer.vision.video.decode import FrameReader

RATE = 25
SIZE = (640, 360)
Image = NDArray[np.uint8]

SCENES = {
    "anvil_smith": ("INT. SMITHY - DAY", "A blacksmith hammers glowing steel on his anvil."),
    "baby_cry_bed": (
        "INT. BEDROOM - DAY",
        "A baby lies on the bed and cries. A hand straightens its shirt.",
    ),
    "baby_cry_face": ("INT. NURSERY - DAY", "A baby on its back cries, then calms down."),
    "baby_laugh_paper": (
        "INT. LIVING ROOM - DAY",
        "On the sofa a baby laughs as someone tears sheets of paper.",
    ),
    "beagle_puppy": ("INT. BEDROOM - DAY", "A beagle puppy hops about on the bed and barks."),
    "bmw_engine": ("EXT. DRIVEWAY - DAY", "The hood is open. The car's engine runs."),
    "boots_walking_path": ("EXT. PATH - DAY", "Boots walk along a gravel path."),
    "bottles_table": ("INT. ROOM - DAY", "Hands move bottles about on a table."),
    "bull_bellow": ("EXT. MEADOW - DAY", "A black bull stands in the grass and bellows."),
    "canary_cage": (
        "INT. ROOM - DAY",
        "A yellow canary hops on its perch in a wooden cage and chirps.",
    ),
    "car_drift": ("EXT. RACE TRACK - DAY", "A car drifts round the track, tyres screaming."),
    "cars_topview": ("EXT. ROAD - DAY", "Seen from above, cars drive along the road."),
    "child_table": ("INT. DINING ROOM - DAY", "A small child at the table talks and points."),
    "chopping_cabbage": ("INT. KITCHEN - DAY", "A knife chops cabbage on a board."),
    "church_bell": ("EXT. BELL TOWER - DAY", "The great church bell swings and rings."),
    "corgi_pack": ("EXT. YARD - DAY", "A pack of corgis plays and barks in the dirt."),
    "cough_woman": ("INT. HOUSE - DAY", "A woman leans back and coughs hard."),
    "crowd_hall": ("INT. CONCERT HALL - NIGHT", "A big crowd cheers and waves."),
    "dog_bark_pomeranian": ("INT. ROOM - DAY", "A small fluffy dog barks."),
    "dragstrip_car": ("EXT. DRAG STRIP - DAY", "A dragster roars off down the strip."),
    "drummer_cap": ("INT. REHEARSAL ROOM - DAY", "A drummer in a cap plays hard."),
    "drummer_dark_stage": ("INT. STAGE - NIGHT", "On the dark stage a drummer plays a big kit."),
    "drummer_fast_roll": ("INT. STUDIO - DAY", "A long-haired drummer plays very fast."),
    "drummer_red_room": ("INT. RED ROOM - NIGHT", "A drummer plays a steady beat on a small kit."),
    "drumkit_above": ("INT. STUDIO - DAY", "Seen from above, a drummer plays his kit."),
    "drumstick_cloth_bag": ("INT. ROOM - DAY", "A drumstick hits a cloth bag."),
    "fire_engine_traffic": (
        "EXT. CITY STREET - DAY",
        "A fire engine pushes through the traffic, siren on.",
    ),
    "fireworks": ("EXT. NIGHT SKY - NIGHT", "Fireworks burst in the sky."),
    "fireworks_city": ("EXT. CITY - NIGHT", "Fireworks flash over the lights of the city."),
    "fireworks_volley": ("EXT. SKY - NIGHT", "A volley of fireworks bursts in the night sky."),
    "freight_train_crossing": (
        "EXT. LEVEL CROSSING - DAY",
        "A freight train rolls over the crossing and sounds its horn.",
    ),
    "gun_field": ("EXT. FIELD - DAY", "In the dry field a man fires his gun four times."),
    "hammer_spoon": ("INT. SMITHY - DAY", "A hammer forges a spoon."),
    "horse_arena": ("INT. RIDING ARENA - DAY", "A rider trots her horse across the arena."),
    "lion_roar": ("EXT. SAVANNAH - DAY", "A lion lies on the ground and roars."),
    "person_room": ("INT. ROOM - DAY", "A man walks about the room."),
    "pigeons_coop": ("EXT. COOP - DAY", "Dark pigeons coo behind the wire."),
    "pistol_range": ("EXT. SHOOTING RANGE - DAY", "A man fires a pistol."),
    "rain_windscreen": ("INT. CAR - DAY", "Heavy rain pounds on the windscreen. The wipers sweep."),
    "rally_car": ("EXT. FOREST ROAD - DAY", "A rally car races along the dirt road."),
    "rifle_range": ("EXT. RANGE - DAY", "A man loads a rifle and fires a few shots."),
    "scuba_divers": ("INT. UNDERWATER - DAY", "Divers hang in the blue water. Bubbles rise."),
    "sea_waves": ("EXT. SHORE - DAY", "Small waves roll in and break."),
    "sheep_pen": ("EXT. SHEEP PEN - DAY", "Sheep stand crowded and bleat. A man walks among them."),
    "shih_tzu_bark": ("INT. HALLWAY - DAY", "A long-haired dog lies on the floor and barks."),
    "snowmobile_forest": (
        "EXT. WINTER FOREST - DAY",
        "A snowmobile races over the snow between the trees.",
    ),
    "songbird_branch": ("EXT. WOODS - DAY", "A small brown bird on a branch sings."),
    "stream_dip": ("EXT. STREAM - DAY", "The water rushes and bubbles."),
    "table_tennis": ("INT. GYM - DAY", "A man plays table tennis against the folded table."),
    "tennis_court": ("EXT. TENNIS COURT - DAY", "A boy hits tennis balls back over the net."),
    "tennis_serves_indoor": ("INT. TENNIS HALL - DAY", "A player serves again and again."),
    "train_pass": ("EXT. RAILWAY LINE - DAY", "A train rushes past."),
    "waterfall_forest": ("EXT. FOREST - DAY", "A waterfall runs down the rocks into the stream."),
    "whale_surface": ("EXT. OPEN SEA - DAY", "A whale swims just below the surface."),
}
"""Clip to heading and action. Clips that are cut in themselves are left out."""
OWN_CUTS = {"fire_engine_traffic": 3.24, "rally_car": 5.32, "tennis_court": 6.8}
"""Clips that are cut in themselves, and when, s; by eye. A find there is neither right nor
wrong."""
LENGTHS = (
    (4, 6, 7, 8, 10, 12),
    (4, 6, 7, 8, 10, 12),
    (4, 5, 6, 7, 8, 8, 9, 10, 11, 12),
    (4, 6, 7, 8, 9, 10, 11, 12),
    (4, 6, 7, 8, 9, 10, 11, 12),
)
"""Scenes of the films of each set."""
HALVES = ("seen", "held", "fresh", "again", "unseen")
JOINS = ("cut", "dissolve", "cut", "fade", "dissolve", "cut", "title")


def _scenes(file: str) -> dict[str, tuple[str, str]]:
    """Clip to heading and action."""
    told = yaml.safe_load((Path(__file__).parent / file).read_text(encoding="utf-8"))
    return {name: (row["scene"][0], row["scene"][1]) for name, row in told.items()}


FRESH, UNSEEN = _scenes("fresh_clips.yaml"), _scenes("unseen_clips.yaml")
"""As `SCENES`, of the clips that no rule was made on."""


class Join(NamedTuple):
    """How one shot gives way to the next one."""

    frame: int
    """First frame of the new shot; the middle of a dissolve, the first frame after black."""
    kind: str
    """``cut``, ``same`` (a cut inside a place), ``dissolve`` or ``fade``."""
    length: int
    """Frames that it takes."""


class TrueShot(NamedTuple):
    """One shot as it was joined, [first, last)."""

    first: int
    last: int
    clip: str
    """Name of the clip, or ``title``."""
    scene: int
    """Scene of the film, in the film's order; -1 for titles."""
    from_s: float = 0.0
    """Time of its first frame in the clip."""


class Film(NamedTuple):
    """A joined film and all that is known of it."""

    name: str
    file: Path
    clips: tuple[str, ...]
    """Clip of each scene."""
    shots: tuple[TrueShot, ...]
    joins: tuple[Join, ...]


def media() -> Path:
    """The folder of real clips."""
    return Path(os.environ["FOLEY_MEDIA"])


def clip_file(name: str) -> Path:
    """Where a clip lies."""
    if name in FRESH | UNSEEN:
        return Path(os.environ["FOLEY_FRESH"]) / f"{name}.mp4"
    path = media() / "film" / f"{name}.mp4"
    return path if path.exists() else media() / "clips" / f"{name}.mp4"


def halves() -> tuple[tuple[str, ...], ...]:
    """Clips of the films of each set."""
    names = sorted(SCENES, key=lambda name: (SCENES[name][0][:3], name))
    fresh = tuple(sorted(FRESH))
    return tuple(names[::2]), tuple(names[1::2]), fresh, fresh, tuple(sorted(UNSEEN))


def films(half: int, folder: Path) -> Iterator[Film]:
    """The films of a set, made where they are not there yet."""
    for k, count in enumerate(LENGTHS[half]):
        yield _kept(f"{HALVES[half]}{k + 1}", half, 1000 * half + k, count, JOINS, folder)


def reels(half: int, folder: Path) -> Iterator[Film]:
    """Two reels of a half that are mostly dissolves and fades, for joins alone."""
    kinds = ("dissolve", "dissolve", "fade", "dissolve", "cut", "title")
    for k in range(2):
        yield _kept(f"{HALVES[half]}_reel{k + 1}", half, 1000 * half + 50 + k, 14, kinds, folder)


def scene_text(clip: str, line: int = 1) -> ScriptScene:
    """The scene that is written for a clip."""
    heading, action = (SCENES | FRESH | UNSEEN)[clip]
    side, rest = heading.split(". ", 1)
    place, _, time = rest.rpartition(" - ")
    element = Element(kind=ElementKind.ACTION, text=action, line=line + 2)
    return ScriptScene(
        heading=heading,
        interior=side == "INT",
        place=place,
        time_of_day=time.lower(),
        line=line,
        elements=(element,),
    )


def script_of(clips: tuple[str, ...]) -> Screenplay:
    """The screenplay of scenes in this order."""
    scenes = tuple(scene_text(clip, 1 + 4 * k) for k, clip in enumerate(clips))
    return Screenplay(format="fountain", scenes=scenes)


def scripts(film: Film, half: int) -> dict[str, tuple[str, ...]]:
    """Per way of telling it the clips whose scenes are told, in the script's order."""
    clips = list(film.clips)
    rng = np.random.default_rng(len(clips) + 77 * half)
    pool = [name for name in halves()[half] if name not in clips]
    moved = clips.copy()
    for _ in range(max(1, len(clips) // 4)):
        moved.insert(int(rng.integers(len(clips))), moved.pop(int(rng.integers(len(clips)))))
    if moved == clips:
        moved.append(moved.pop(0))
    extra, fewer = clips.copy(), clips.copy()
    extra.insert(int(rng.integers(1, len(clips))), str(rng.choice(pool)))
    fewer.pop(int(rng.integers(len(clips))))
    return {
        "in order": tuple(clips),
        "moved": tuple(moved),
        "one more": tuple(extra),
        "one fewer": tuple(fewer),
    }


def _kept(
    name: str, half: int, seed: int, count: int, kinds: tuple[str, ...], folder: Path
) -> Film:
    """A film with what is known of it beside it; made where it is not there yet."""
    truth = folder / f"{name}.json"
    if truth.exists():
        clips, shots, joins = json.loads(truth.read_text())
        return Film(
            name,
            folder / f"{name}.mp4",
            tuple(clips),
            tuple(TrueShot(*shot) for shot in shots),
            tuple(Join(*join) for join in joins),
        )
    rng = np.random.default_rng(seed)
    clips = tuple(str(clip) for clip in rng.permutation(halves()[half])[:count])
    film = _film(name, clips, kinds, rng, folder)
    truth.write_text(json.dumps([film.clips, film.shots, film.joins]))
    return film


def _film(
    name: str,
    clips: tuple[str, ...],
    kinds: tuple[str, ...],
    rng: np.random.Generator,
    folder: Path,
) -> Film:
    pieces: list[tuple[str, int, float, list[Image]]] = []
    joins: list[tuple[str, int]] = []
    for scene, clip in enumerate(clips):
        kind = str(kinds[int(rng.integers(len(kinds)))])
        if scene:
            if kind == "title":
                pieces.append(
                    ("title", -1, 0.0, title(f"CHAPTER {scene + 1}", int(rng.integers(30, 60))))
                )
                joins += [("cut", 1), ("cut", 1)]
            else:
                length = {"dissolve": int(rng.integers(4, 25)), "fade": int(rng.integers(8, 21))}
                joins.append((kind, length.get(kind, 1)))
        takes = _takes(clip, rng)
        for k, (from_s, take) in enumerate(takes):
            if k:
                joins.append(("same", 1))
            pieces.append((clip, scene, from_s, take))
    return _joined(name, clips, pieces, joins, folder, rng)


def _takes(clip: str, rng: np.random.Generator) -> list[tuple[float, list[Image]]]:
    """One to three shots of a clip, each from a time: later parts of it, every second closer."""
    with FrameReader(clip_file(clip), SIZE[0]) as reader:
        length = length_s(clip)
        count = int(rng.integers(1, 4)) if length > 5 else 1
        each = min(4.0, (length - 0.4) / count)
        found = []
        for k in range(count):
            closer = k % 2 == 1
            start = 0.2 + k * (length - 0.4) / count
            seconds = each * rng.uniform(0.7, 1.0)
            times = start + np.arange(int(seconds * RATE)) / RATE
            images = [fitted(reader.at(float(t)).image, closer) for t in times]
            found.append((float(start), images))
    return found


def length_s(clip: str) -> float:
    """How much of a clip is used."""
    with av.open(str(clip_file(clip))) as container:
        return min(float(container.duration or 0) / 1e6, 14.0)


def fitted(image: Image, closer: bool) -> Image:
    """A picture that fills the frame; a closer one shows its middle two thirds."""
    if closer:
        h, w = image.shape[:2]
        image = image[h // 6 : h - h // 6, w // 6 : w - w // 6]
    h, w = image.shape[:2]
    scale = max(SIZE[0] / w, SIZE[1] / h)
    image = cv2.resize(image, (round(w * scale), round(h * scale)), interpolation=cv2.INTER_AREA)
    y, x = (image.shape[0] - SIZE[1]) // 2, (image.shape[1] - SIZE[0]) // 2
    return np.ascontiguousarray(image[y : y + SIZE[1], x : x + SIZE[0]])


def title(text: str, frames: int) -> list[Image]:
    """A title card."""
    image = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    cv2.putText(image, text, (150, 190), cv2.FONT_HERSHEY_DUPLEX, 1.6, (230, 230, 230), 2)
    return [image] * frames


def _joined(
    name: str,
    clips: tuple[str, ...],
    pieces: list[tuple[str, int, float, list[Image]]],
    joins: list[tuple[str, int]],
    folder: Path,
    rng: np.random.Generator,
) -> Film:
    """Write the film, with a flash of lightning in one shot of three."""
    out: list[Image] = []
    shots: list[TrueShot] = []
    found: list[Join] = []
    begin = 0
    for k, (clip, scene, from_s, plain) in enumerate(pieces):
        kind, length = joins[k - 1] if k else ("start", 0)
        take = flashed(plain) if clip != "title" and rng.random() < 0.33 else plain
        late = 0
        if kind == "dissolve":
            length = min(length, len(out) - begin - 8, len(take) - 8)
            for i in range(length):
                a = (i + 1) / (length + 1)
                out[-length + i] = cv2.addWeighted(out[-length + i], 1 - a, take[i], a, 0)
            begin = len(out) - length // 2
            late = length - length // 2
        elif kind == "fade":
            half = length // 2
            for i in range(half):
                out[-half + i] = (out[-half + i] * (1 - (i + 1) / half)).astype(np.uint8)
                take[i] = (take[i] * (i / half)).astype(np.uint8)
            begin = len(out)
        else:
            begin = len(out)
        if k:
            shots[-1] = shots[-1]._replace(last=begin)
            found.append(Join(begin, kind, length))
        shots.append(TrueShot(begin, -1, clip, scene, from_s + late / RATE))
        out += take[length:] if kind == "dissolve" else take
    shots[-1] = shots[-1]._replace(last=len(out))
    file = folder / f"{name}.mp4"
    _write(file, out)
    return Film(name, file, clips, tuple(shots), tuple(found))


def flashed(take: list[Image]) -> list[Image]:
    """The shot with three frames of lightning in its middle."""
    middle = len(take) // 2
    lit = take.copy()
    for i, gain in enumerate((0.9, 0.6, 0.3)):
        white = np.full_like(take[middle + i], 255)
        lit[middle + i] = cv2.addWeighted(take[middle + i], 1 - gain, white, gain, 0)
    return lit


def _write(file: Path, images: list[Image]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(file), "w") as container:
        stream = container.add_stream("libx264", rate=Fraction(RATE))
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        stream.options = {"crf": "20", "preset": "veryfast"}
        for image in images:
            for packet in stream.encode(av.VideoFrame.from_ndarray(image, format="bgr24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
