"""Names: who a film's script speaks of, and whom one sound belongs to."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from foley_designer.core.script.screenplay import ElementKind, ScriptScene
from foley_designer.core.sounds.table import sounds

_CUE = re.compile(r"\s*\([^)]*\)\s*$")
_WORD = re.compile(r"[^\W\d_][\w'’-]+")
_SMALL_WORDS = (
    "a an the he she it they we you i his her its their this that these those there here then "
    "now when while as at in on over under through across behind from to with without and but "
    "or so one two three four five both all no not more another every each some silence night "
    "day later int ext fade cut close angle pov continuous seen heard outside inside above below"
)
_NO_NAME = frozenset(_SMALL_WORDS.split())


def characters(scenes: Sequence[ScriptScene]) -> tuple[str, ...]:
    """Who the script names, in the order of their first lines, as it writes them.

    Cues of dialogue are names, and so is a word in capitals in an action line, as newcomers are
    written. Another capitalised word is one if it comes back, is nowhere written small, and is no
    word for a sound.
    """
    found: dict[str, None] = {}
    small: set[str] = set()
    capital: Counter[str] = Counter()
    order: list[str] = []
    heard = _sounding()
    for scene in scenes:
        for element in scene.elements:
            if element.kind is ElementKind.CHARACTER:
                name = _CUE.sub("", element.text).strip().title()
                found.setdefault(name, None)
                order.append(name)
            if element.kind is not ElementKind.ACTION:
                continue
            for word in _WORD.findall(element.text):
                plain = word.removesuffix("'s").removesuffix("’s")
                if plain.islower():
                    small.add(plain)
                elif plain.istitle() or (plain.isupper() and len(plain) > 2):
                    capital[plain.title()] += 1
                    order.append(plain.title())
                    if plain.isupper() and plain.lower() not in heard:
                        found.setdefault(plain.title(), None)
    for name, count in capital.items():
        low = name.lower()
        if count > 1 and not {low, low.rstrip("s")} & (small | heard | _NO_NAME):
            found.setdefault(name, None)
    firsts = {name: order.index(name) for name in found if name in order}
    kept = [name for name in found if name.lower() not in small | _NO_NAME]
    return tuple(sorted(kept, key=lambda name: firsts.get(name, len(order))))


def who(names: Iterable[str], label: str, sentence: str) -> str | None:
    """Whose sound it is: the name that stands last before it in its sentence, else the first."""
    at = sentence.find(label)
    places = [
        (match.start(), name)
        for name in names
        for match in re.finditer(rf"\b{re.escape(name)}\b", sentence, re.IGNORECASE)
    ]
    before = [one for one in places if one[0] <= at]
    if before:
        return max(before)[1]
    return min(places)[1] if places else None


def _sounding() -> frozenset[str]:
    """Words that name sounds."""
    return frozenset(
        word
        for row in sounds()
        for phrase in (*row.nouns, *row.called)
        for word in phrase.lower().split()
    )


def slug(words: str) -> str:
    """A key of letters, digits and underscores."""
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")[:40] or "unnamed"
