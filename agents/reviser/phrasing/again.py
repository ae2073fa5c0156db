"""Said again: constructions that people use, in the few that the grammar reads.

"Make the slam the loudest thing" is "the slam louder than everything else"; "halve the distance of
the bottles" is "the bottles half as far"; "Tess and the guard: same level" is one of two things,
and is asked about. A rule says a clause again in items, as if it had been read so.
"""

from collections.abc import Callable
from typing import NamedTuple

from foley_designer.agents.reviser.grammar.items import Items
from foley_designer.agents.reviser.phrasing.comparisons import (
    complained,
    equal,
    superlative,
    than_it_should,
)
from foley_designer.agents.reviser.phrasing.counting import at_an_end, fewer, only_these, thinned
from foley_designer.agents.reviser.phrasing.parts import clauses, joined, sentences
from foley_designer.agents.reviser.phrasing.scaling import scaled
from foley_designer.agents.reviser.phrasing.wording import (
    contrasted,
    cut_to,
    ducked,
    either,
    higher,
    it_is,
    likened,
    not_enough,
    pairs,
    run_on,
    so_that,
    wet_noise,
)

MOST_TIMES = 4
"""How many clauses of a request are said again."""


class Rephrased(NamedTuple):
    """A request with one clause said again."""

    readings: tuple[Items, ...]
    """What it can mean; several are asked about."""


Rule = Callable[[Items], list[Items]]
"""A clause to what it can mean, said again; nothing where the rule has no say."""


def rephrased(items: Items) -> Rephrased | None:
    """A request with its constructions said again; None where none is known."""
    readings, found = [joined(items)], False
    for rule in RULES:
        for _ in range(MOST_TIMES):
            again = [_once(one, rule) for one in readings]
            if not any(again):
                break
            found = True
            readings = [
                new for one, said in zip(readings, again, strict=True) for new in (said or [one])
            ]
    return Rephrased(tuple(readings)) if found or readings[0] != items else None


def _once(items: Items, rule: Rule) -> list[Items]:
    """A request with the first clause said again that a rule knows."""
    parts = sentences(items) if rule in OF_SENTENCES else clauses(items)
    for place, (lead, body) in enumerate(parts):
        said = rule(body)
        if said:
            before = [item for one in parts[:place] for item in (*one[0], *one[1])]
            after = [item for one in parts[place + 1 :] for item in (*one[0], *one[1])]
            return [[*before, *lead, *one, *after] for one in said]
    return []


RULES: tuple[Rule, ...] = (
    it_is,
    run_on,
    pairs,
    either,
    cut_to,
    so_that,
    not_enough,
    likened,
    ducked,
    wet_noise,
    contrasted,
    at_an_end,
    complained,
    superlative,
    than_it_should,
    equal,
    higher,
    only_these,
    thinned,
    fewer,
    scaled,
)
OF_SENTENCES: frozenset[Rule] = frozenset({complained, equal, fewer, likened, ducked, only_these})
"""Rules that look beyond commas and "and"."""
