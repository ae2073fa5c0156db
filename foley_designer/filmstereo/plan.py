"""The plan of a set: which source sounds where, when and in which space, evenly spread.

It follows from configuration and sources alone, so a set that was stopped goes on with the same
plan. Balance comes from decks: every combination is dealt once before any is dealt again.
"""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import numpy as np

from foley_designer.core.category import Subcategory
from foley_designer.core.documents import Part, content_hash
from foley_designer.core.sounds.model import Action
from foley_designer.core.space import ACOUSTICS, Space
from foley_designer.core.timecode import FrameRate
from foley_designer.datasets.item import Motion, Size, Zone
from foley_designer.filmstereo.config import DatasetConfig
from foley_designer.filmstereo.sources import Kind, Source
from foley_designer.generator.placement import Profile

VERSION = "1"
"""Part of every item's key; rises when the same plan would make another sound."""
REGIONS_DEG = (-45.0, -15.0, 0.0, 15.0, 45.0)
"""The paper's five frontal regions (section 4); positive to the left."""
ZONES_M = {Zone.NEAR: (0.6, 2.0), Zone.MID: (2.0, 5.0), Zone.FAR: (5.0, 15.0)}
"""The paper's three depth zones; the first begins where a head no longer touches the source."""
FORCES = (0.35, 0.6, 0.85)
SIZES = {Size.SMALL: 0.2, Size.MEDIUM: 0.5, Size.LARGE: 0.85}
_MOVES = (Motion.ACROSS, Motion.ALONG, Motion.DIAGONAL)
T = TypeVar("T")


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
        """The next value that fits; a round is begun early where none that is left does."""
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
    """Deals places and movements: all combinations of region, zone and motion evenly."""

    def __init__(self, config: DatasetConfig) -> None:
        self._config = config
        moving = round(12 * config.moving_share)
        motions = [Motion.STATIC] * (12 - moving) + [_MOVES[k % 3] for k in range(moving)]
        combinations = [(r, z, m) for r in REGIONS_DEG for z in Zone for m in motions]
        self._combinations = Deck(combinations, _rng(config, "combinations"))
        self._spaces = Deck(config.spaces, _rng(config, "spaces"))
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
            region, zone, motion = self._combinations.deal()
        regions, zones = self._ends(region, zone, motion)
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
            space=self._spaces.deal(lambda space: _holds(space, source, max(distances))),
            ear_spacing_m=round(self._uniform(self._config.ear_spacing_m), 4),
            around=around,
        )

    def _ends(
        self, region: float, zone: Zone, motion: Motion
    ) -> tuple[tuple[float, float], tuple[Zone, Zone]]:
        other, beyond = region, zone
        if motion in (Motion.ACROSS, Motion.DIAGONAL):
            rest = [each for each in REGIONS_DEG if each != region]
            other = rest[self._numbers.integers(len(rest))]
        if motion in (Motion.ALONG, Motion.DIAGONAL):
            zones = [each for each in Zone if each is not zone]
            beyond = zones[self._numbers.integers(len(zones))]
        return (region, other), (zone, beyond)

    def _near(self, region: float) -> float:
        jitter = self._config.jitter_deg
        return round(region + self._uniform((-jitter, jitter)), 2)

    def _uniform(self, ends: tuple[float, float]) -> float:
        return float(self._numbers.uniform(*ends))


def _holds(space: Space, source: Source, distance_m: float) -> bool:
    """Whether a space is outdoors where the source asks for it, and large enough."""
    acoustics = ACOUSTICS[space]
    if acoustics.outdoors or source.row.outdoors or source.row.action is Action.FILL:
        return acoustics.outdoors
    return distance_m <= 0.9 * float(np.hypot(*acoustics.size_m[:2]))


def _rng(config: DatasetConfig, name: str) -> np.random.Generator:
    return np.random.default_rng(int(content_hash(config.seed, name), 16))
