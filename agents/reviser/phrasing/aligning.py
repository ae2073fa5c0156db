"""Aligning: "the pie lands with the first clink", "five frames after the slip ends", as times."""

from foley_designer.agents.reviser.grammar.chunk import LostError, is_silent
from foley_designer.agents.reviser.grammar.items import Item, Items
from foley_designer.agents.reviser.grammar.target import Target, UnsureError
from foley_designer.agents.reviser.grammar.targets import Targets
from foley_designer.agents.reviser.grammar.words import tokens
from foley_designer.agents.reviser.phrasing.parts import calls, clauses, word
from foley_designer.agents.reviser.speech import words_of
from foley_designer.core.clip import Clip

_LINKS = (  # noqa: SIM905
    "so that it comes with|so it lands with|so that it lands with|so it comes with|in sync with|"
    "at the same time as|at the same moment as|same time as|together with|at the moment of|"
    "comes with|lands with|hits with|falls with|starts with|begins with|come with|land with|"
    "start with|begin with|line up with|lines up with|aligned with|exactly with|"
    "right when|exactly when|the moment|as soon as|right on|right after|just after|"
    "right before|just before|after|before|to where|to when|to the moment when|to the moment"
).split("|")
_PHRASES = sorted((tuple(one.split()) for one in _LINKS), key=len, reverse=True)
_MOVING = words_of(
    "move shift come comes land lands hit hits start starts begin begins fall falls should "
    "must needs line aligned put place drop drops happen happens sync synced bring "
)
"""Verbs with which something is put to a time."""


def aligned(items: Items, targets: Targets, clip: Clip) -> Items | None:
    """A request with one clause about another sound's time said with that time; None for none."""
    if (moved := _listed(items, targets)) is not None:
        return moved
    parts = clauses(items)
    for place, (lead, body) in enumerate(parts):
        said = _aligned(body, targets, clip)
        if said is not None:
            before = [item for one in parts[:place] for item in (*one[0], *one[1])]
            after = [item for one in parts[place + 1 :] for item in (*one[0], *one[1])]
            return [*before, *lead, *said, *after]
    return None


def _listed(items: Items, targets: Targets) -> Items | None:
    """``taps at 9.0, 9.4 and 9.8 instead``: as many times as there are hits, each for its own."""
    times = next((item for item in items if item.kind == "times"), None)
    asks = any(item.text == "instead" or item.has("verb", "do") for item in items)
    named = [item for item in items if calls(item) and not item.has("pron")]
    plain = (times, *named)
    if times is None or not asks or any(_wants(i) for i in items if i not in plain):
        return None
    try:
        picks = targets.resolve(named)
    except (LostError, UnsureError):
        return None
    assert isinstance(times.value, tuple)
    if len(picks) != 1 or picks[0].hits or len(picks[0].event.hits) != len(times.value):
        return None
    moved: Items = []
    for number, (hit, time_s) in enumerate(zip(picks[0].event.hits, times.value, strict=True), 1):
        if abs(hit.time_s - time_s) > SAME_S:
            which = Item(f"hit {number}", kind="nth", value=(float(number),))
            to = Item(f"to {time_s:g} s", kind="to", value=time_s)
            moved += [Item(","), word("move", "verb", "do"), which, *named, to]
    return moved[1:] or None


SAME_S = 0.001
"""Times that differ by less are the same: as they are written, to the millisecond."""


def _wants(item: Item) -> bool:
    """Whether an item asks for something that is no time."""
    kinds = ("dim", "eq", "mod", "side", "fault", "want", "only", "neg", "keep")
    if item.has("verb") and not item.has("verb", "do"):
        return True
    return item.kind in ("amount", "nth", "num") or any(item.has(kind) for kind in kinds)


def _aligned(body: Items, targets: Targets, clip: Clip) -> Items | None:
    words = [[token.plain for token in tokens(item.text)] for item in body]
    for place in range(1, len(body)):
        size, link = _link(words, place)
        if not size:
            continue
        first, other = body[:place], body[place + size :]
        gap = next((item for item in first if item.kind == "amount"), None)
        if not _may_be(first, other, gap):
            return None
        found = _time_of(other, targets)
        if found is None:
            return None
        shift = _seconds(gap, clip) if gap else 0.0
        time_s = found + (-shift if link[-1] == "before" else shift)
        named = [item for item in first if calls(item) and item is not gap]
        shown = Item(f"to {time_s:g} s", kind="to", value=round(time_s, 4))
        return [word("move", "verb", "do"), *named, shown]
    return None


def _link(words: list[list[str]], place: int) -> tuple[int, tuple[str, ...]]:
    """How many items a phrase that links two times takes at a place, and the phrase."""
    for phrase in _PHRASES:
        said: list[str] = []
        size = 0
        while len(said) < len(phrase) and place + size < len(words):
            said += words[place + size]
            size += 1
        if tuple(said) == phrase:
            return size, phrase
    return 0, ()


def _may_be(first: Items, other: Items, gap: Item | None) -> bool:
    """Whether a clause puts one sound to another's time, and asks for nothing else."""
    moves = any(_MOVING & set(item.text.split()) for item in first)
    if gap is not None and gap.unit not in ("frames", "s"):
        return False
    wants = any(
        not calls(item)
        and (item.has("dim") or item.has("eq") or item.has("mod") or item.has("side"))
        for item in (*first, *other)
    )
    names = any(calls(item) for item in first) and any(
        calls(item) and not item.has("pron") for item in other
    )
    return moves and names and not wants and not any(item.kind == "amount" for item in other)


def _time_of(phrase: Items, targets: Targets) -> float | None:
    """Seconds at which what a phrase names begins, or ends where it says so; None if unsure."""
    ends = any(item.text in ("ends", "end", "stops", "is over", "has ended") for item in phrase)
    named = [item for item in phrase if calls(item) and item.text not in ("ends", "end", "stops")]
    before = targets.last
    try:
        picks = targets.resolve([item for item in named if not is_silent(item)])
    except (LostError, UnsureError):
        return None
    finally:
        targets.last = before
    if len(picks) != 1:
        return None
    return _moment(picks[0], ends=ends)


def _moment(target: Target, *, ends: bool) -> float | None:
    event = target.event
    if ends and not event.spans:
        return None  # how long a blow rings on is not in the script
    if target.hits:
        return event.hits[target.hits[-1 if ends else 0] - 1].time_s
    if len(event.hits) > 1:
        return None  # which of them?
    return event.end_s if ends else event.start_s


def _seconds(gap: Item, clip: Clip) -> float:
    return gap.number * (clip.frame_s if gap.unit == "frames" else 1.0)
