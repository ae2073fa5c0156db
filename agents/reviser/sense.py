"""Sense: whether operations do what words ask, something else, or the opposite of it.

A model may read what the grammar can't, so its edits are held against single words of the lexica:
directions ("louder", "leiser"), verbs that silence ("remove", "enlève"), numbers.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from foley_designer.agents.reviser.grammar.grouping import grouped
from foley_designer.agents.reviser.grammar.items import Items
from foley_designer.agents.reviser.grammar.vocabulary import Vocabulary, language_of, read
from foley_designer.agents.reviser.understanding import Situation
from foley_designer.core.revision.operations import Operation

if TYPE_CHECKING:
    from foley_designer.memory.knowledge_base import Knowledge

_SIGNED = ("change_db", "change_deg", "shift_s", "shift_frames", "gain_db", "change_st")
_DIMENSIONS = {
    "adjust_level": "level",
    "adjust_scene": "level",
    "adjust_reverb": "reverb",
    "adjust_distance": "distance",
    "adjust_time": "time",
    "adjust_length": "length",
    "pitch": "pitch",
    "speed": "speed",
}
"""Kinds of operations to what the lexica call a direction of."""
_SILENCING = {
    "remove_event": ("remove", "remove_no"),
    "merge_events": ("merge",),
    "mute": ("mute", "remove", "remove_no"),
    "solo": ("solo",),
}
"""Kinds of operations that take sounds away, to verbs that ask for it."""
MOST_UNSAID_DB = 12.0
"""A change of level beyond this is said as a number: four times as loud is no "bit louder"."""


def opposes(done: Operation, asked: Sequence[Operation]) -> bool:
    """Whether an operation goes against one that the same words ask for by the grammar."""
    for other in asked:
        if other.kind != done.kind:
            continue
        for name in _SIGNED:
            mine, theirs = getattr(done, name, None), getattr(other, name, None)
            if mine and theirs and float(mine) * float(theirs) < 0:
                return True
        mine, theirs = getattr(done, "factor", None), getattr(other, "factor", None)
        if mine and theirs and (float(mine) - 1) * (float(theirs) - 1) < 0:
            return True
    return False


def doubt(done: Operation, words: str, situation: Situation, knowledge: "Knowledge") -> str:
    """Why an operation should be confirmed that words are taken to ask for; empty for nothing.

    Args:
        done: the operation.
        words: of the request.
        situation: what the request is about.
        knowledge: cards, for words that no event carries.
    """
    vocabulary = Vocabulary(situation.script.events, knowledge, situation.names)
    items, _ = read(words, vocabulary, language_of(words, vocabulary))
    items = grouped(items, situation.script.clip)
    what = f"{done.kind.replace('_', ' ')} {getattr(done, 'event_id', '')}".strip()
    verbs = _SILENCING.get(done.kind)
    again = getattr(done, "muted", True) is False or getattr(done, "soloed", True) is False
    if verbs and not again and not any(one.has("verb", *verbs) for one in items):
        return f"No word of “{words}” is known to ask for it: {what}."
    mine, said = _direction(done), _directions(done, items)
    if mine and -mine in said and mine not in said:
        return f"“{words}” asks for the opposite: {what}."
    change_db = abs(getattr(done, "change_db", None) or 0.0)
    numbers = [abs(one.number) for one in items if one.kind in ("num", "amount")]
    if change_db > MOST_UNSAID_DB and not any(number >= change_db / 2 for number in numbers):
        return f"“{words}” names no such amount: {what} by {change_db:g} dB."
    return ""


def _direction(done: Operation) -> int:
    """1 for more, −1 for less, 0 if the operation has no direction."""
    for name in _SIGNED:
        if value := getattr(done, name, None):
            return 1 if float(value) > 0 else -1
    factor = getattr(done, "factor", None)
    return 0 if factor in (None, 1) else 1 if factor > 1 else -1


def _directions(done: Operation, items: Items) -> set[int]:
    """The directions that words give to what an operation changes."""
    name = _DIMENSIONS.get(done.kind, "")
    signs = {f"{name}+": 1, f"{name}-": -1}
    if name == "level":
        signs |= {"dir+": 1, "dir-": -1}
    return {
        sign for value, sign in signs.items() if name and any(i.has("dim", value) for i in items)
    }
