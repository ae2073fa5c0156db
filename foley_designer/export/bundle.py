"""One door to everything that a post house can be given from a finished session."""

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import inside, write_text, writing_error
from foley_designer.core.note import Note
from foley_designer.export.delivery import Delivery, Layout, StemFormat
from foley_designer.export.formats.bwf import Bwf, Stems
from foley_designer.export.naming import same_file
from foley_designer.export.references import check
from foley_designer.export.registry import DeliveryFormat, Place, chosen

CREDITS, NOTES = "credits.txt", "notes.txt"
_HALF = ".half-delivered"
_REPLACED = ".replaced"


class Exported(NamedTuple):
    """What was delivered."""

    paths: tuple[Path, ...]
    """Files, in the order of their formats."""
    notes: tuple[Note, ...]
    checked: dict[str, int]
    """Format to the number of its references that were followed and found right."""


def export(
    session_dir: Path,
    kinds: Sequence[str],
    out_dir: Path,
    *,
    stems: StemFormat | str = StemFormat.STEREO,
    layout: Layout | str = Layout.INTERLEAVED,
    **options: Any,
) -> Exported:
    """Write the formats that are asked for, ``credits.txt``, and ``notes.txt`` if there are any.

    All paths are planned first, and refused if two are one file, a part is missing or a wish
    can't be met. Then everything is written aside, opened again, and every reference followed;
    only a delivery in order takes its place. Timelines bring the stems that they refer to.

    Args:
        session_dir: a finished session.
        kinds: names of formats (`foley_designer.export.registry.names`).
        out_dir: where it goes; files of the same name are replaced.
        stems: channels of stems, as `Delivery.stems`.
        layout: as `Delivery.layout`.
        options: ``start``, ``reel``, ``title``, ``version``, ``pops``, ``handles_s``, ``naming``,
            as fields of `Delivery`.

    Raises:
        FoleyError: ``session_not_found``, ``option_invalid``, ``part_missing`` (with the line
            that installs it), ``path_not_allowed``, ``sound_unreadable``, ``tool_failed`` if a
            document refers to what is not right, or as `replacing` raises.
        ValueError: an unknown stem format.
    """
    options = {"stems": StemFormat(stems), "layout": Layout(layout), **options}
    delivery = Delivery.of(session_dir, **options)
    formats = _formats(delivery, kinds)
    _check_folder(delivery, out_dir)
    planned = _planned(delivery, formats)
    stems_too = any(_brings_stems(one, delivery) for one in formats)
    notes, checked = list(delivery.notes), Counter[str]()
    with _aside(out_dir) as folder:
        place = Place(folder, out_dir.absolute(), stems_too)
        for one in formats:
            notes += one.write(delivery, place)
        for one in formats:
            for reference in one.references(delivery, place):
                check(reference)
                checked[one.name] += 1
        notes = list(dict.fromkeys(notes))
        write_credits(delivery, folder / CREDITS)
        if notes:
            write_text(folder / NOTES, "\n".join([*(note.text for note in notes), ""]))
        written = [path for path in planned if (folder / path).is_file()]
        _take_place(folder, out_dir, written)
    return Exported(tuple(out_dir / path for path in written), tuple(notes), dict(checked))


def _formats(delivery: Delivery, kinds: Sequence[str]) -> tuple[DeliveryFormat, ...]:
    """The formats, and the stems that they refer to if nothing else brings those."""
    formats = chosen(kinds)
    if any(one.needs_stems for one in formats) and not any(
        _brings_stems(one, delivery) for one in formats
    ):
        return (*formats, Stems(Layout.INTERLEAVED))
    return formats


def _brings_stems(one: DeliveryFormat, delivery: Delivery) -> bool:
    return isinstance(one, Stems) or (
        isinstance(one, Bwf) and delivery.layout is Layout.INTERLEAVED
    )


def _planned(delivery: Delivery, formats: Sequence[DeliveryFormat]) -> list[str]:
    """All paths of the delivery, each of them a file of its own.

    Raises:
        FoleyError: ``option_invalid`` if two are one; as `DeliveryFormat.plan`.
    """
    owners: dict[str, str] = {}
    planned = []
    for path in [*(path for one in formats for path in one.plan(delivery)), CREDITS, NOTES]:
        other = owners.setdefault(same_file(path), path)
        if path in planned or other != path:
            raise FoleyError(
                ErrorCode.OPTION_INVALID,
                f"Two files of the delivery would be one: {other} and {path}.",
                "Choose another naming, title or reel.",
            )
        planned.append(path)
    return planned


def _check_folder(delivery: Delivery, out_dir: Path) -> None:
    """Keep a delivery out of the session's own files, and inside it if it begins there.

    Raises:
        FoleyError: ``option_invalid`` or ``path_not_allowed``.
    """
    root, out = delivery.root.resolve(), out_dir.resolve()
    own = [root, *((root / name) for name in (".foley", "stems", "keyframes"))]
    if out == root or any(out.is_relative_to(folder) for folder in own[1:]):
        raise FoleyError(
            ErrorCode.OPTION_INVALID,
            f"{out_dir} holds the session's own files.",
            "Choose another --out, such as exports/ in the session.",
        )
    if out_dir.absolute().is_relative_to(delivery.root.absolute()):
        inside(out_dir, delivery.root)


@contextmanager
def _aside(out_dir: Path) -> Iterator[Path]:
    """A folder to write in, beside the delivery; it goes again, and on failure all with it."""
    is_new = not out_dir.exists()
    folder = out_dir / _HALF
    try:
        shutil.rmtree(folder, ignore_errors=True)  # of an export that was killed
        folder.mkdir(parents=True)
    except OSError as error:
        raise writing_error(error, out_dir) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if is_new and not any(out_dir.iterdir()):
            out_dir.rmdir()


def _take_place(folder: Path, out_dir: Path, paths: Sequence[str]) -> None:
    """Move all files to their places; if one can't be, put back what was there.

    Raises:
        FoleyError: as `replacing` raises; ``path_not_allowed`` for a link that leads out.
    """
    kept = folder / _REPLACED
    saved: list[str] = []
    placed: list[str] = []
    try:
        for path in paths:
            target = out_dir / path
            target.parent.mkdir(parents=True, exist_ok=True)
            inside(target.parent, out_dir)
            (kept / path).parent.mkdir(parents=True, exist_ok=True)
            if target.is_symlink() or target.is_file():
                target.replace(kept / path)
                saved.append(path)
            (folder / path).replace(target)
            placed.append(path)
    except (OSError, FoleyError) as error:
        for path in placed:
            (out_dir / path).unlink()
        for path in saved:
            (kept / path).replace(out_dir / path)
        for place in {(out_dir / path).parent for path in paths} - {out_dir}:
            with suppress(OSError):
                place.rmdir()  # if it is empty, and was made for this
        if isinstance(error, OSError):
            raise writing_error(error, out_dir) from error
        raise


def write_credits(delivery: Delivery, path: Path) -> None:
    """Write sources and licences of the recordings in each stem; raises as `replacing` does."""
    lines = [f"{delivery.film}: recordings used in the Foley", ""]
    for track in delivery.tracks:
        for credit in track.stem.credits:
            lines.append(f"{delivery.stem_name(track)}: {' '.join(credit.split())}")
    if len(lines) == 2:
        lines.append("None: every sound was synthesised.")
    write_text(path, "\n".join([*lines, ""]))
