"""The plan of a set: which source sounds where, when and in which space, evenly spread.

It follows from configuration and sources alone, so a set that was stopped goes on with the same
plan. Balance comes from decks: every combination is dealt once before any is dealt again.
"""

from collections.abc import Callable, Sequence
from math import log, sqrt
from typing import Generic, TypeVar

import numpy as np

from foley_designer.core.category import Subcategory
from foley_designer.core.documents import Part, content_hash
from foley_designer.core.sounds.model import Action, Belongs, SoundClass
from foley_designer.core.space import ACOUSTICS, Space
from foley_designer.core.timecode import FrameRate
from foley_designer.datasets.item import Motion, Size, Zone
from foley_designer.filmstereo.config import DatasetConfig
from foley_designer.filmstereo.sources import Kind, Source
from foley_designer.generator.placement import Profile

VERSION = "2"
"""Part of every item's key; rises when the same plan would make another sound."""
REGIONS_DEG = (-45.0, -15.0, 0.0, 15.0, 45.0)
"""The paper's five frontal regions (section 4); positive to the left."""
ZONES_M = {Zone.NEAR: (0.6, 2.0), Zone.MID: (2.0, 5.0), Zone.FAR: (5.0, 15.0)}
"""The paper's three depth zones; the first begins where a head no longer touches the source."""
FAMILIAR = 4.0
"""A zone's middle lies within this factor of a sound's usual distance: a keyboard is never heard
over 5 m, a church bell never under."""
FORCES = (0.35, 0.6, 0.85)
SIZES = {Size.SMALL: 0.2, Size.MEDIUM: 0.5, Size.LARGE: 0.85}
_MOVES = (Motion.ACROSS, Motion.ALONG, Motion.DIAGONAL)
T = TypeVar("T")
_Combination = tuple[float, Zone, Motion]


class Placing(Part):
    """Where and how one item sounds."""

    seconds: float
    size: Size
    force: float
    motion: Motion
    regions_deg: tuple[float, float]
    zones: tuple[Zone, Zone]
    azimuth_deg: tuple[float, float]
    distance_m: tuple[float, float]
    move_s: tuple[float, float]
    """When it sets off and when it arrives."""
    space: Space
    ear_spacing_m: float
    around: bool = False


class Making(Part):
    """What of a configuration changes the sound or the annotation of an item."""

    sample_rate: int
    format: str
    bits: int
    frame_rate: FrameRate
    profile: Profile
    denoise_db: float
    captions: str
    clap_threshold: float
    clap_id: str = ""
    """Of the model that verifies; empty for what stands in for it."""
    clap_folder: str = ""


class Task(Part):
    """All that a worker needs to make one item."""

    index: int
    split: str
    seed: int
    source: Source
    placing: Placing
    making: Making

    @property
    def key(self) -> str:
        """Hash (hex, 16 characters) of all that makes the item, wherever its source lies."""
        source = self.source.model_copy(update={"path": None})
        making = self.making.model_copy(update={"clap_folder": ""})
        plain = self.model_copy(update={"source": source, "making": making})
        return content_hash(VERSION, plain)[:16]


class Deck(Generic[T]):
    """Values dealt in random order, each once before any comes again.

    Args:
        values: what is dealt.
        rng: the only source of chance.
    """

    def __init__(self, values: Sequence[T], rng: np.random.Generator) -> None:
        self._values = tuple(values)
        self._rng = rng
        self._left: list[T] = []

    def deal(self, fits: Callable[[T], bool] = lambda _: True) -> T:
        """The next value that fits; a round is begun early if none that is left does."""
        at = next((index for index, value in enumerate(self._left) if fits(value)), None)
        if at is None:
            order = self._rng.permutation(len(self._values))
            self._left += [self._values[index] for index in order]
            at = next((index for index, value in enumerate(self._left) if fits(value)), 0)
        return self._left.pop(at)


def plan(
    config: DatasetConfig, sources: Sequence[Source], clap: tuple[str, str] = ("", "")
) -> tuple[Task, ...]:
    """One task an item, in order.

    Args:
        config: how many, and how they are spread.
        sources: what can sound.
        clap: folder and id of the model that verifies; empty for none.
    """
    chooser = _Sources(config, sources)
    placer = _Places(config)
    told = {name: getattr(config, name) for name in Making.model_fields if hasattr(config, name)}
    making = Making(**told, clap_folder=clap[0], clap_id=clap[1])
    tasks = []
    for index in range(config.items):
        source = chooser.deal()
        tasks.append(
            Task(
                index=index,
                split=split_of(source.name, config.test_share),
                seed=int(content_hash(config.seed, index)[:12], 16),
                source=source,
                placing=placer.deal(source),
                making=making,
            )
        )
    return tuple(tasks)


def split_of(name: str, test_share: float) -> str:
    """``train`` or ``test``, by the name of an origin alone."""
    return "test" if int(content_hash(name)[:8], 16) < test_share * 16**8 else "train"


class _Sources:
    """Deals sources: subcategories evenly, within each its recordings' share, then evenly."""

    def __init__(self, config: DatasetConfig, sources: Sequence[Source]) -> None:
        self._share = config.recordings_share
        self._decks: dict[tuple[Subcategory, Kind], Deck[Source]] = {}
        self._dealt: dict[tuple[Subcategory, Kind], int] = {}
        for place in sorted({(source.subcategory, source.kind) for source in sources}):
            rng = _rng(config, f"sources {place}")
            own = [each for each in sources if (each.subcategory, each.kind) == place]
            self._decks[place], self._dealt[place] = Deck(own, rng), 0
        subcategories = sorted({place[0] for place in self._decks})
        self._subcategories = Deck(subcategories, _rng(config, "subcategories"))

    def deal(self) -> Source:
        subcategory = self._subcategories.deal()
        kinds = [kind for kind in Kind if (subcategory, kind) in self._decks]
        wanted = {Kind.RECORDING: self._share, Kind.SYNTHESIS: 1.0 - self._share}
        total = sum(self._dealt[subcategory, kind] for kind in kinds) + 1
        # The kind that lags furthest behind its share.
        kind = max(kinds, key=lambda k: wanted[k] * total - self._dealt[subcategory, k])
        self._dealt[subcategory, kind] += 1
        return self._decks[subcategory, kind].deal()


class _Places:
    """Deals places and movements that a source's row allows, evenly within what it allows.

    Regions, zones and motions are dealt evenly among the sources that may have them; spaces evenly
    to each kind of sound by itself, so that the space says nothing of the kind beyond whether it
    belongs under a roof.
    """

    def __init__(self, config: DatasetConfig) -> None:
        self._config = config
        self._combinations: dict[tuple[bool, tuple[Zone, ...]], Deck[_Combination]] = {}
        self._spaces: dict[tuple[Subcategory, Belongs], Deck[Space]] = {}
        self._sizes = Deck(tuple(Size), _rng(config, "sizes"))
        self._forces = Deck(FORCES, _rng(config, "forces"))
        self._numbers = _rng(config, "numbers")

    def deal(self, source: Source) -> Placing:
        synthesised = source.kind is Kind.SYNTHESIS
        around = synthesised and source.row.action is Action.FILL
        seconds = round(self._uniform(self._config.seconds), 2)
        if around:
            region, zone, motion = 0.0, Zone.MID, Motion.STATIC
        else:
            region, zone, motion = self._combination(source)
        regions, zones = self._ends(region, zone, motion, zones_of(source.row))
        azimuths = tuple(self._near(each) for each in regions)
        distances = tuple(round(self._uniform(ZONES_M[each]), 3) for each in zones)
        if motion in (Motion.STATIC, Motion.ALONG):
            azimuths = azimuths[:1] * 2
        if motion in (Motion.STATIC, Motion.ACROSS):
            distances = distances[:1] * 2
        start, end = self._uniform((0.0, 0.3)), self._uniform((0.6, 1.0))
        return Placing(
            seconds=seconds,
            size=self._sizes.deal() if synthesised else source.size,
            force=self._forces.deal() if synthesised else source.performance.force,
            motion=motion,
            regions_deg=regions,
            zones=zones,
            azimuth_deg=(0.0, 0.0) if around else (azimuths[0], azimuths[1]),
            distance_m=(distances[0], distances[1]),
            move_s=(round(start * seconds, 3), round(end * seconds, 3)),
            space=self._space(source, max(distances)),
            ear_spacing_m=round(self._uniform(self._config.ear_spacing_m), 4),
            around=around,
        )

    def _combination(self, source: Source) -> _Combination:
        """Region, zone and motion: what may not go stays, and no sound is at a strange distance."""
        goes, zones = source.row.may_go, zones_of(source.row)
        if (goes, zones) not in self._combinations:
            moving = round(12 * self._config.moving_share) if goes else 0
            moves = [each for each in _MOVES if len(zones) > 1 or each is Motion.ACROSS]
            motions = [Motion.STATIC] * (12 - moving)
            motions += [moves[k % len(moves)] for k in range(moving)]
            every = [(r, z, m) for r in REGIONS_DEG for z in zones for m in motions]
            named = f"combinations {goes} {' '.join(zones)}"
            self._combinations[goes, zones] = Deck(every, _rng(self._config, named))
        return self._combinations[goes, zones].deal()

    def _space(self, source: Source, distance_m: float) -> Space:
        place = source.row.place
        key = (source.subcategory, place)
        if key not in self._spaces:
            own = [space for space in self._config.spaces if _belongs(space, place)]
            # A set that is configured without the places that a sound belongs to takes what it has.
            deck = Deck(own or self._config.spaces, _rng(self._config, f"spaces {key}"))
            self._spaces[key] = deck
        return self._spaces[key].deal(lambda space: _holds(space, distance_m))

    def _ends(
        self, region: float, zone: Zone, motion: Motion, allowed: tuple[Zone, ...]
    ) -> tuple[tuple[float, float], tuple[Zone, Zone]]:
        other, beyond = region, zone
        if motion in (Motion.ACROSS, Motion.DIAGONAL):
            rest = [each for each in REGIONS_DEG if each != region]
            other = rest[self._numbers.integers(len(rest))]
        if motion in (Motion.ALONG, Motion.DIAGONAL):
            zones = [each for each in allowed if each is not zone]
            beyond = zones[self._numbers.integers(len(zones))]
        return (region, other), (zone, beyond)

    def _near(self, region: float) -> float:
        jitter = self._config.jitter_deg
        return round(region + self._uniform((-jitter, jitter)), 2)

    def _uniform(self, ends: tuple[float, float]) -> float:
        return float(self._numbers.uniform(*ends))


def zones_of(row: SoundClass) -> tuple[Zone, ...]:
    """Zones that lie within `FAMILIAR` times its usual distance; the nearest one in any case."""
    off = {
        zone: abs(log(sqrt(near * far) / row.distance_m)) for zone, (near, far) in ZONES_M.items()
    }
    found = tuple(zone for zone in Zone if off[zone] <= log(FAMILIAR))
    return found or (min(off, key=lambda zone: off[zone]),)


def _belongs(space: Space, place: Belongs) -> bool:
    """Whether a sound that belongs there is heard in a space without surprise."""
    if place is Belongs.ANYWHERE:
        return True
    return ACOUSTICS[space].outdoors == (place is Belongs.OUTDOORS)


def _holds(space: Space, distance_m: float) -> bool:
    """Whether a space is large enough for a distance."""
    acoustics = ACOUSTICS[space]
    return acoustics.outdoors or distance_m <= 0.9 * float(np.hypot(*acoustics.size_m[:2]))


def _rng(config: DatasetConfig, name: str) -> np.random.Generator:
    return np.random.default_rng(int(content_hash(config.seed, name), 16))
