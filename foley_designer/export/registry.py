"""Formats of delivery: the built-in ones, one a file in ``formats``, and those of other packages.

A module of `foley_designer.export.formats` holds one format as ``FORMAT``. Another package offers
one through the entry point group ``foley_designer.deliveries``; the entry's value is the format or
a callable without arguments that makes it.
"""

import pkgutil
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.note import Note
from foley_designer.core.plugins import entry_points
from foley_designer.export import formats

if TYPE_CHECKING:
    from foley_designer.export.delivery import Delivery
    from foley_designer.export.references import Reference

GROUP = "foley_designer.deliveries"


class Place(NamedTuple):
    """Where a format writes, and where that will lie once everything is in order."""

    folder: Path
    final: Path
    has_stems: bool
    """Whether the delivery holds stems with all channels in one file each."""


class DeliveryFormat(Protocol):
    """One kind of file that a finished session is delivered as."""

    name: str
    """As one asks for it, in lower case with hyphens."""
    help: str
    """One line for those who choose."""
    needs_stems: bool
    """Whether its documents refer to the delivery's stems, all channels in one file each."""

    def plan(self, delivery: "Delivery") -> Sequence[str]:
        """Paths in the delivery of all files that `write` will make.

        Whatever can be refused is refused here, before anything is written.

        Raises:
            FoleyError: ``part_missing``, ``clip_not_found`` and the like.
        """

    def write(self, delivery: "Delivery", place: Place) -> Sequence[Note]:
        """Write the files below ``place.folder``; return what the receiver should know."""

    def references(self, delivery: "Delivery", place: Place) -> Iterable["Reference"]:
        """Open what was written again and say what it refers to, itself included for sound."""


@cache
def built_in() -> dict[str, DeliveryFormat]:
    """The formats of this package by name, in the order of their names."""
    names = sorted(module.name for module in pkgutil.iter_modules(formats.__path__))
    found = [import_module(f"{formats.__name__}.{name}").FORMAT for name in names]
    return {one.name: one for one in found}


def names() -> tuple[str, ...]:
    """Names of all formats that are offered."""
    return tuple(dict.fromkeys((*built_in(), *sorted(e.name for e in entry_points(group=GROUP)))))


def chosen(wanted: Iterable[str]) -> tuple[DeliveryFormat, ...]:
    """The formats of these names, each once, the built-in ones first.

    Raises:
        FoleyError: ``option_invalid`` for a name that nothing offers; ``part_missing`` for a
            package's format that can't be loaded.
    """
    asked = set(wanted)
    if strange := sorted(asked - set(names())):
        raise FoleyError(
            ErrorCode.OPTION_INVALID,
            f"There is no format {', '.join(strange):.80}.",
            f"Choose among: {', '.join(names())}.",
        )
    own = [one for name, one in built_in().items() if name in asked]
    return (*own, *_plugged(asked - set(built_in())))


def _plugged(asked: set[str]) -> Iterator[DeliveryFormat]:
    for entry in entry_points(group=GROUP):
        if entry.name not in asked:
            continue
        try:
            made = entry.load()
            yield made() if callable(made) else made
        except Exception as error:
            raise FoleyError(
                ErrorCode.PART_MISSING,
                f"The format {entry.name} can't be loaded: {type(error).__name__}: {error}.",
                "Install its package again, or leave it out.",
            ) from error
