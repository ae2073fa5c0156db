"""One file looked at: everything that the library keeps of it."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from foley_designer.core.category import Subcategory
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import file_hash
from foley_designer.generator.library.broadcast import read_broadcast
from foley_designer.generator.library.descriptors import measure
from foley_designer.generator.library.licence import credit_of, find_said
from foley_designer.generator.library.naming import (
    cat_id_words,
    folder_words,
    parse_ucs,
    words_of,
)
from foley_designer.generator.library.reader import Heading, oddities, read_heading, read_stretch
from foley_designer.generator.library.recording import Kind, Recording, Slice, Traits
from foley_designer.generator.library.slicing import cut
from foley_designer.memory.knowledge_base import Knowledge

MEASURED_S = 120.0
"""What is measured and performed of a long recording: its first two minutes."""
_SHORTEST_S = 0.02
_SILENT = 10 ** (-70 / 20)
_LONGEST_TEXT = 600
_LEAST_SIMILARITY = 0.6
"""A card that no trigger calls up must be at least this near to the words."""


class Listened(NamedTuple):
    """What is in a sound file."""

    heading: Heading
    traits: Traits
    slices: tuple[Slice, ...]


def listen(path: Path) -> Listened:
    """Read and measure a sound file.

    Raises:
        FoleyError: ``sound_unreadable`` for a file that is damaged, empty or silent.
    """
    heading = read_heading(path)
    samples, sample_rate = read_stretch(path, 0.0, MEASURED_S)
    if samples.shape[1] < _SHORTEST_S * sample_rate:
        raise FoleyError(ErrorCode.SOUND_UNREADABLE, f"{path.name} is empty.")
    if max(samples.max(), -samples.min()) < _SILENT:
        raise FoleyError(ErrorCode.SOUND_UNREADABLE, f"{path.name} is silent.")
    slices, onset_count = cut(samples, sample_rate)
    traits = measure(
        samples,
        sample_rate,
        duration_s=heading.duration_s,
        channels=heading.channels,
        onset_count=onset_count,
    )
    return Listened(heading, traits, slices)


def look_at(path: Path, root: Path) -> Recording:
    """Read, measure and describe a sound file; `classified` says what kind of sound it is.

    Args:
        path: the file.
        root: the folder that the user added.

    Raises:
        FoleyError: as `listen` does.
    """
    stat = path.stat()
    heading, traits, slices = listen(path)
    broadcast = read_broadcast(path)
    said, folder_licence = find_said(path, root)
    texts = (
        _name_words(path),
        folder_words(path, root),
        *broadcast.descriptions,
        said.text,
        heading.tags.get("title", ""),
        heading.tags.get("comment", ""),
    )
    text = ". ".join(dict.fromkeys(part for part in texts if part))[:_LONGEST_TEXT]
    return Recording(
        path=str(path),
        root=str(root),
        size=stat.st_size,
        mtime_ns=stat.st_mtime_ns,
        sha256=file_hash(path),
        text=text or path.stem,
        credit=credit_of(path, said, folder_licence, broadcast, heading.tags),
        notes=oddities(path, heading),
        traits=traits,
        slices=slices,
    )


def classified(recording: Recording, knowledge: Knowledge) -> Recording:
    """The recording with the cards and kinds that its words and its UCS CatID stand for."""
    ucs = parse_ucs(Path(recording.path).stem)
    cards = _cards(recording.text, knowledge)
    kinds = _kinds(cards, ucs.subcategories if ucs else (), knowledge)
    return recording.model_copy(update={"cards": cards, "kinds": kinds})


def _name_words(path: Path) -> str:
    ucs = parse_ucs(path.stem)
    if ucs is None:
        return words_of(path.stem)
    kinds = (kind.value.replace("_", " ") for kind in ucs.subcategories[:1])
    return ", ".join(part for part in (ucs.words, cat_id_words(ucs.cat_id), *kinds) if part)


def _cards(text: str, knowledge: Knowledge) -> tuple[str, ...]:
    """Cards whose triggers stand in the text, or else the one that is plainly near to it."""
    called = tuple(dict.fromkeys(mention.card_id for mention in knowledge.match(text)))
    if called:
        return called
    nearest = knowledge.search(text, k=1)
    return tuple(found.card.id for found in nearest if found.similarity >= _LEAST_SIMILARITY)


def _kinds(
    cards: Sequence[str], named: Sequence[Subcategory], knowledge: Knowledge
) -> tuple[Kind, ...]:
    """Kinds that cards stand for; a UCS CatID, if there is one, decides between them."""
    found = [
        Kind(subcategory=card.subcategory, variant=card.performance.variant)
        for card in map(knowledge.get, cards)
    ]
    if named:
        found = [kind for kind in found if kind.subcategory in named] or [
            Kind(subcategory=subcategory) for subcategory in named
        ]
    return tuple(dict.fromkeys(found))
