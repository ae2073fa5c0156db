"""What file and folder names say: UCS names and plain words.

Universal Category System 8.2.1: ``CatID(-UserCategory)_FXName_CreatorID_SourceID(_UserData)``.
"""

import re
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from foley_designer.core.category import Subcategory
from foley_designer.core.sounds.table import sounds

_CAT_ID = re.compile(r"([A-Z]{2,}(?=[A-Z][a-z])|[A-Z]{4,})([A-Z][A-Za-z0-9]*)?")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_a-zA-Z]+")
_NOISE = frozenset(
    word
    for line in (
        "wav aif aiff flac ogg the and take sound sounds audio file files sfx fx mono stereo",
        "untitled copy new master final edit mix track recording recordings library samples zoom",
    )
    for word in line.split()
)
"""Words of names that say nothing of a sound."""


class UcsName(NamedTuple):
    """A file name after the Universal Category System."""

    cat_id: str
    fx_name: str
    creator: str
    source: str
    user_category: str = ""
    user_data: str = ""

    @property
    def words(self) -> str:
        """Everything in it that describes the sound."""
        said = (self.fx_name, self.user_category, self.user_data)
        return ", ".join(dict.fromkeys(part for part in said if part))

    @property
    def subcategories(self) -> tuple[Subcategory, ...]:
        """Those that the CatID stands for, or else those that share its category."""
        ids = _by_id()
        return ids.get(self.cat_id) or ids.get(_category(self.cat_id), ())


def parse_ucs(stem: str) -> UcsName | None:
    """A file's stem read as a UCS name; None if it is none."""
    parts = stem.split("_")
    cat_id, _, user_category = parts[0].partition("-")
    if len(parts) < 2 or not _CAT_ID.fullmatch(cat_id):
        return None
    if len(parts) < 4 and _category(cat_id) not in _by_id():
        return None
    creator, source = (*parts[2:4], "", "")[:2]
    user_data = words_of(" ".join(parts[4:]))
    return UcsName(cat_id, words_of(parts[1]), creator, source, words_of(user_category), user_data)


def words_of(name: str) -> str:
    """Words of a name in lower case: camel case and separators split, numbers and noise left out.

    >>> words_of("001 - DogBark_outside-03")
    'dog bark outside'
    """
    words = (word.lower() for word in _WORD.findall(name))
    return " ".join(word for word in words if len(word) > 1 and word not in _NOISE)


def folder_words(path: Path, root: Path) -> str:
    """Words of the folders from the one that was added down to the file's, nearest first."""
    folders = [root.name, *path.relative_to(root).parts[:-1]]
    found = (words_of(folder) for folder in reversed(folders[-3:]))
    return ", ".join(dict.fromkeys(words for words in found if words))


def cat_id_words(cat_id: str) -> str:
    """The readable part of a CatID: ``DOORWood`` gives ``door wood``."""
    match = _CAT_ID.fullmatch(cat_id)
    return " ".join(part.lower() for part in match.groups() if part) if match else ""


def _category(cat_id: str) -> str:
    match = _CAT_ID.fullmatch(cat_id)
    return match[1] if match else ""


def _by_id() -> dict[str, tuple[Subcategory, ...]]:
    """Subcategories by CatID and by the category that a CatID begins with."""
    found: defaultdict[str, dict[Subcategory, None]] = defaultdict(dict)
    for row in sounds():
        for cat_id in (row.ucs_id, *row.finer.values()):
            found[cat_id][row.subcategory] = None
            found[_category(cat_id)][row.subcategory] = None
    return {cat_id: tuple(kinds) for cat_id, kinds in found.items()}
