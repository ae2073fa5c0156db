"""Sources: what items can be made from, collected from cards, folders and the user's library."""

import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from foley_designer.core.card import Card
from foley_designer.core.category import Subcategory
from foley_designer.core.documents import Part
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.progress import Progress, silent
from foley_designer.core.script.performance import Performance
from foley_designer.core.sounds.model import Action, Belongs, SoundClass
from foley_designer.core.sounds.table import sound_of
from foley_designer.datasets.item import Size
from foley_designer.datasets.shards import LeftOut
from foley_designer.filmstereo.config import DatasetConfig, Folder
from foley_designer.generator.library.adding import add_folder
from foley_designer.generator.library.catalogue import Catalogue
from foley_designer.generator.library.engine import configured_folder
from foley_designer.generator.library.indexing import classified
from foley_designer.generator.library.licence import find_licence
from foley_designer.generator.library.recording import UNKNOWN_LICENCE, Recording
from foley_designer.memory.knowledge_base import Knowledge

_PLACED = re.compile(r"\b(?:on|in|through|over)\b")
OWN = "own"
"""Licence of what the embedded engine synthesises."""
_SMALL, _LARGE = 0.34, 0.66
_STUFF = {
    "glass",
    "metal",
    "wood",
    "wooden",
    "plastic",
    "stone",
    "rubber",
    "leather",
    "snow",
    "rope",
}
"""Words by which a title says what a thing is made of."""
_OPEN_END = re.compile(r"\b(?:on|in|through|over) an? \w+$")
_NOWHERE = frozenset({Subcategory.AMBIENCE, Subcategory.WIND})
"""What lies in the air: what its cards list says where it is heard, not on what."""
_ANYHOW = frozenset({Subcategory.VEHICLE, Subcategory.BODY_IMPACT})
"""Rows of these share their family's surfaces: no lawnmower runs on water."""
_INDOORS = frozenset({"carpet", "tile"})
_SHORT = frozenset({"a", "an", "in", "on", "of", "to", "by", "at", "is"})
"""Short words that a phrase needs; others are letters of file names."""
_ANY_GROUND = 3
"""Surfaces from which on a card of steps is not about one of them."""


class Kind(StrEnum):
    """Where a sound comes from."""

    SYNTHESIS = "synthesis"
    RECORDING = "recording"


class Source(Part):
    """One thing that can sound: a card and a surface, or a recording."""

    kind: Kind
    name: str
    """Unique; the same wherever the set is built."""
    subcategory: Subcategory
    sound: str
    """What sounds, in a few words."""
    performance: Performance = Performance()
    low_hz: float
    high_hz: float
    """Where the card says that its energy lives."""
    credit: str
    licence: str
    path: str | None = None
    sha256: str | None = None

    @property
    def row(self) -> SoundClass:
        """The row of what sounds."""
        return sound_of(self.subcategory, self.performance.variant)

    @property
    def size(self) -> Size:
        """How large the thing is, as its card says."""
        if self.performance.size < _SMALL:
            return Size.SMALL
        return Size.LARGE if self.performance.size > _LARGE else Size.MEDIUM


class Collected(NamedTuple):
    """What was found."""

    sources: tuple[Source, ...]
    left_out: tuple[LeftOut, ...]


def collect(
    config: DatasetConfig, knowledge: Knowledge, work: Path, progress: Progress = silent
) -> Collected:
    """Everything that a configuration names and its licences admit.

    Args:
        config: names cards, folders and the library.
        knowledge: says what kind of sound words mean.
        work: where what was heard in folders is kept, for the next time.
        progress: told how far the listening is.

    Raises:
        FoleyError: ``sound_unreadable`` for a folder that is not there; ``part_missing`` where
            nothing is left.
    """
    sources: list[Source] = []
    left_out: list[LeftOut] = []
    if config.synthesis:
        sources += [source for card in knowledge.cards for source in synthesised(card)]
    for recording, folder in _recordings(config, knowledge, work, progress, left_out):
        found = recorded(recording, folder, knowledge, config.licences)
        if isinstance(found, Source):
            sources.append(found)
        else:
            left_out.append(found)
    wanted = config.subcategories or tuple(Subcategory)
    unique = {source.name: source for source in sources if source.subcategory in wanted}
    if not unique:
        raise FoleyError(
            ErrorCode.PART_MISSING,
            "Nothing can be collected: " + (left_out[0].reason if left_out else "no source."),
            "Name other folders, subcategories or licences in the configuration.",
        )
    return Collected(tuple(unique[name] for name in sorted(unique)), tuple(left_out))


def synthesised(card: Card) -> Iterator[Source]:
    """A card's sounds: one for each ground or surface, and each material that it comes in."""
    usual = card.performance.material
    materials = _materials(card)
    grounds = (None,) if _lists_materials(card) else _grounds(card)
    for ground in grounds:
        for material in materials:
            yield _synthesis(card, ground, None if material == usual else material)


def _lists_materials(card: Card) -> bool:
    """Whether what a card lists as surfaces is what it may be made of: a door's wood and glass."""
    told = card.performance
    return told.surface is None and told.material is not None and told.material in card.surfaces


def _materials(card: Card) -> tuple[str | None, ...]:
    """What it may be made of, its usual material among them; that alone if its name says so."""
    usual, row = card.performance.material, card.sound
    if _STUFF & set(card.title.lower().replace(",", " ").split()):
        return (usual,)
    listed = (
        [one for one in card.surfaces if one == "metal" or one in row.materials]
        if _lists_materials(card)
        else []
    )
    more = row.comes_in if row.card in (None, card.id) else ()  # not of a card beside its own
    return tuple(dict.fromkeys([usual, *listed, *more]))


def _grounds(card: Card) -> tuple[str | None, ...]:
    """Its surfaces; where it is of no one ground, every ground that an engine knows."""
    surfaces, row, usual = card.surfaces, card.sound, card.performance.surface
    if row.subcategory in _NOWHERE or (row.card is None and row.subcategory in _ANYHOW):
        return (usual,)
    if row.card is None and row.subcategory is Subcategory.OBJECT_IMPACT and not row.comes_in:
        return (usual,)
    if not surfaces and row.comes_in and usual is not None:
        surfaces = row.surfaces
    is_open = len(surfaces) >= _ANY_GROUND and not _PLACED.search(card.title)
    drops = bool(row.comes_in) and usual is None
    if row.surfaced and is_open and (row.action is Action.STEPS or drops):
        surfaces = tuple(dict.fromkeys([*surfaces, *row.surfaces]))
    if row.place is Belongs.OUTDOORS:
        surfaces = tuple(one for one in surfaces if one not in _INDOORS)
    return surfaces or (None,)


def _synthesis(card: Card, ground: str | None, material: str | None) -> Source:
    """One of a card's sounds; no material leaves the card's."""
    placed = card.performance.surface is not None or card.sound.surfaced or material
    changes = {"surface": ground} if ground and placed else {}
    changes |= {"material": material} if material else {}
    words = _made_of(_one_of(card.title), material)
    said = words.replace(",", "").split()
    if ground and ground not in said and _PLACED.search(words) is None:
        words = f"{words} on {ground}"
    return Source(
        kind=Kind.SYNTHESIS,
        name="/".join([card.id, ground or "plain", *([material] if material else [])]),
        subcategory=card.subcategory,
        sound=words,
        performance=card.performance.model_copy(update=changes),
        low_hz=card.low_hz,
        high_hz=card.high_hz,
        credit="synthesised by foley-designer",
        licence=OWN,
    )


def _made_of(title: str, material: str | None) -> str:
    """A title with a material: ``wooden door closing``, ``dragging something heavy, stone``."""
    if material is None or material in title:
        return title
    adjective = "wooden" if material == "wood" else material
    if adjective in title:
        return title
    if title.endswith(" a door"):
        return title.replace("door", f"{adjective} door")
    is_doing = title.split(maxsplit=1)[0].endswith("ing")
    return f"{title}, {material}" if is_doing else f"{adjective} {title}"


def _one_of(title: str) -> str:
    """The first of what a title lists: ``Lock, bolt or latch`` is a lock."""
    first = title.lower().split(",")[0]
    before, _, after = first.partition(" or ")
    if len(before.split()) == 1 and len(after.split()) > 1:
        return f"{before} {' '.join(after.split()[1:])}"  # glass or sliding door
    if _OPEN_END.search(before) and after:
        return f"{before} {after.split()[-1]}"  # rain on a metal or tin roof
    return before


def recorded(
    recording: Recording, folder: Folder | None, knowledge: Knowledge, licences: tuple[str, ...]
) -> Source | LeftOut:
    """A recording as a source, or why it can't be one.

    Its words must call up sounds of one subcategory: a file that says *door and footsteps* holds
    several events.
    """
    name = Path(recording.path).name
    licence = (folder.licence if folder else None) or find_licence(recording.credit)
    if not licence:
        return LeftOut(name=name, reason=UNKNOWN_LICENCE)
    if not admits(licences, licence):
        return LeftOut(name=name, reason=f"licence {licence} is not admitted")
    kinds = {kind.subcategory for kind in recording.kinds}
    if not kinds:
        return LeftOut(name=name, reason="its words call up no known sound")
    if len(kinds) > 1:
        return LeftOut(name=name, reason="its words name several events")
    subcategory = kinds.pop()
    cards = [knowledge.get(each) for each in recording.cards]
    card = next((each for each in cards if each.subcategory is subcategory), None)
    words = folder.sound if folder and folder.sound else None
    return Source(
        kind=Kind.RECORDING,
        name=f"recording/{recording.sha256[:16]}",
        subcategory=subcategory,
        sound=(words or _phrase(recording, card)).lower(),
        performance=card.performance if card else Performance(),
        low_hz=card.low_hz if card else 20.0,
        high_hz=card.high_hz if card else 20_000.0,
        credit=recording.credit,
        licence=licence,
        path=recording.path,
        sha256=recording.sha256,
    )


def admits(licences: tuple[str, ...], licence: str) -> bool:
    """Whether one of ``licences`` is this licence in any version; ``CC BY`` is not ``CC BY-NC``."""
    told = licence.casefold()
    return any(told == one.casefold() or told.startswith(f"{one.casefold()} ") for one in licences)


def _phrase(recording: Recording, card: Card | None) -> str:
    """A few words for a recording: what somebody says of it, else its folder's or its own name.

    Of each, without numbers, the first that names its sound.
    """
    parts = reversed(recording.text.split(". "))
    for piece in (piece for part in parts for piece in part.split(",")):
        words = [word for word in piece.split() if word.isalpha()]
        long = [word for word in words if len(word) > 2 or word.lower() in _SHORT]
        if long and (card is None or any(word.lower() in _words(card) for word in long)):
            return " ".join(long)[:80]
    return _one_of(card.title) if card else recording.text[:80]


def _words(card: Card) -> set[str]:
    return {word for phrase in (card.title.lower(), *card.triggers) for word in phrase.split()}


def _recordings(
    config: DatasetConfig,
    knowledge: Knowledge,
    work: Path,
    progress: Progress,
    left_out: list[LeftOut],
) -> Iterator[tuple[Recording, Folder | None]]:
    """Recordings of the folders and of the library; unreadable ones go to ``left_out``."""
    for folder in config.folders:
        add_folder(folder.path, work, knowledge, progress)
        root = str(folder.path.resolve())
        for recording in _all(Catalogue(work), root):
            if folder.sound:
                named = recording.model_copy(update={"text": folder.sound})
                yield classified(named, knowledge), folder
            else:
                yield recording, folder
        left_out += [
            LeftOut(name=Path(each.path).name, reason=each.reason)
            for each in Catalogue(work).refused()
            if each.root == root
        ]
    if config.library:
        for recording in _all(Catalogue(configured_folder())):
            yield recording, None


def _all(catalogue: Catalogue, root: str | None = None) -> Iterator[Recording]:
    for recording in catalogue.get([entry.path for entry in catalogue.entries()]):
        if root is None or recording.root == root:
            yield recording
