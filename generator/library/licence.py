"""Whose a recording is, and what may be done with it, where the folder or the file says so."""

import csv
import io
import re
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from foley_designer.generator.library.broadcast import Broadcast
from foley_designer.generator.library.recording import UNKNOWN_LICENCE

_SIDECAR = re.compile(
    r"(readme|licen[cs]e|copying|credits?|attributions?|sources?|metadata|index)\b.*", re.IGNORECASE
)
_SIDECAR_SUFFIXES = frozenset({"", ".txt", ".md", ".rst", ".csv", ".tsv"})
_LARGEST = 4 << 20
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_MARKUP = re.compile(r"[*`]{1,3}|^[\s\-•#>]+|\s+(?=\s)")
_NAME = re.compile(r"[^/\\\"'\[\](),;|\t]+?\.(?:wave?|aiff?c?|flac|ogg|oga|opus)\b", re.IGNORECASE)
_LICENCES = (
    (re.compile(r"\bCC[- ]?0\b|publicdomain/zero", re.IGNORECASE), "CC0 1.0"),
    (re.compile(r"\bpublic domain\b", re.IGNORECASE), "public domain"),
    (re.compile(r"\bsampling\+", re.IGNORECASE), "CC Sampling+"),
    (re.compile(r"\broyalty[- ]free\b", re.IGNORECASE), "royalty-free"),
)
_CC = re.compile(
    r"\bCC[- ](BY(?:-(?:NC|ND|SA))*)\b(?:[- ]v?(\d\.\d))?"
    r"|creativecommons\.org/licenses/([a-z-]+)/(\d\.\d)",
    re.IGNORECASE,
)
_COLUMNS = {
    "file": ("filename", "file", "file name", "name", "path"),
    "text": ("description", "title", "category", "class", "label", "tags", "keywords", "fxname"),
    "maker": ("author", "artist", "creator", "user", "username", "designer", "recordist"),
    "licence": ("license", "licence", "rights", "copyright"),
}


class Said(NamedTuple):
    """What a sidecar says of one file."""

    credit: str = ""
    licence: str = ""
    text: str = ""
    """Words that describe the sound; from tables alone."""


class Sidecars(NamedTuple):
    """What the text files of one folder say."""

    by_name: dict[str, Said]
    """By file name in lower case."""
    licence: str
    """Of everything in the folder; empty if it is not plainly given."""


def find_said(path: Path, root: Path) -> tuple[Said, str]:
    """What sidecars say of a file, and the licence of its folder, the nearest folder first."""
    said, licence = Said(), ""
    for folder in path.parents:
        sidecars = read_sidecars(folder)
        said = said if any(said) else sidecars.by_name.get(path.name.lower(), said)
        licence = licence or sidecars.licence
        if folder == root:
            break
    return said, licence


def credit_of(
    path: Path, said: Said, folder_licence: str, broadcast: Broadcast, tags: dict[str, str]
) -> str:
    """One line: the file, its maker where known, and its licence.

    What stands beside the file's own name counts before what the file says, and both before what
    is said of the whole folder.
    """
    own = (tags.get("license", ""), tags.get("copyright", ""), broadcast.rights)
    rights = next((text for text in own if text), "")
    licence = said.licence or find_licence(said.credit) or find_licence(rights) or rights
    licence = licence or folder_licence or UNKNOWN_LICENCE
    maker = said.credit or tags.get("artist", "") or broadcast.maker
    return ", ".join(part for part in (path.name, maker, licence) if part)


def find_licence(text: str) -> str:
    """The one licence that a text names; empty if it names none, or several."""
    found = {name for pattern, name in _LICENCES if pattern.search(text)}
    versions: dict[str, str] = {}
    for match in _CC.finditer(text):
        terms = (match[1] or match[3]).upper()
        versions[terms] = match[2] or match[4] or versions.get(terms, "")
    found |= {f"CC {terms} {version}".strip() for terms, version in versions.items()}
    return found.pop() if len(found) == 1 else ""


@lru_cache(maxsize=256)
def read_sidecars(folder: Path) -> Sidecars:
    """Read a folder's README, LICENSE, CREDITS and tables; unreadable ones say nothing."""
    by_name: dict[str, Said] = {}
    licences = set()
    for path in sorted(folder.iterdir() if folder.is_dir() else ()):
        if not (_SIDECAR.fullmatch(path.stem) or path.suffix.lower() in (".csv", ".tsv")):
            continue
        if path.suffix.lower() not in _SIDECAR_SUFFIXES or not path.is_file():
            continue
        if path.stat().st_size > _LARGEST:
            continue
        text = path.read_text("utf-8", "replace")
        if path.suffix.lower() in (".csv", ".tsv"):
            with suppress(csv.Error):  # no table after all
                by_name |= _from_table(text)
            continue
        named, rest = _from_lines(text)
        by_name |= named
        licences.add(find_licence(rest))
    licences.discard("")
    return Sidecars(by_name, licences.pop() if len(licences) == 1 else "")


def _from_lines(text: str) -> tuple[dict[str, Said], str]:
    """What lines that name a sound file say of it, and the text without those lines."""
    found, rest = {}, []
    for line in text.splitlines():
        names = _NAME.findall(_LINK.sub(r"\1", line))
        if not names:
            rest.append(line)
            continue
        name = _MARKUP.sub("", names[0]).strip()
        plain = _MARKUP.sub("", _LINK.sub(r"\1", line)).strip()
        credit = plain.split(name, 1)[-1].strip(" :-–—\t").removesuffix(".")
        found[name.lower()] = Said(credit[:200], find_licence(line))
    return found, "\n".join(rest)


def _from_table(text: str) -> dict[str, Said]:
    """Rows of a table with a header that names a column of files."""
    dialect = "excel-tab" if "\t" in text.split("\n", 1)[0] else "excel"
    found = {}
    for row in csv.DictReader(io.StringIO(text), dialect=dialect):
        cells = {str(key).strip().lower(): str(value or "").strip() for key, value in row.items()}
        columns = {
            field: [cells[name] for name in names if cells.get(name)]
            for field, names in _COLUMNS.items()
        }
        if not columns["file"]:
            continue
        licence = next(iter(columns["licence"]), "")
        said = Said(
            next(iter(columns["maker"]), ""),
            find_licence(licence) or licence,
            ", ".join(columns["text"])[:400],
        )
        found[columns["file"][0].replace("\\", "/").rsplit("/", 1)[-1].lower()] = said
    return found
