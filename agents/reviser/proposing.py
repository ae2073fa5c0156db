"""Proposing: what a judgement of a sound may ask for, as a question.

"The lamp drives me mad" and "the door should make us jump" name a sound and no change. The words
are held against a few that judge, by the static vectors that the knowledge base is searched with.
What is near to one is asked about, never done: the vectors tell praise from blame, but not louder
from quieter (of 3,370 phrases of the English lexicon the nearest other one means the same in 54 %).
"""

from collections.abc import Iterator, Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray

from foley_designer.agents import lexicon
from foley_designer.agents.reviser.grammar.chunk import LostError, is_silent
from foley_designer.agents.reviser.grammar.coverage import is_unread
from foley_designer.agents.reviser.grammar.items import Item, Items
from foley_designer.agents.reviser.grammar.target import Target, UnsureError
from foley_designer.agents.reviser.grammar.targets import Targets
from foley_designer.agents.reviser.grammar.words import Reading
from foley_designer.agents.reviser.phrasing.parts import calls
from foley_designer.agents.reviser.speech import words_of
from foley_designer.core.revision.operations import (
    AdjustLevel,
    ChangePerformance,
    Operation,
    RemoveEvent,
    Retake,
)
from foley_designer.memory.embedding import StaticVectors

LEAST_LIKENESS = 0.5
"""Cosine from which words judge: 40 words that don't reach .42 at most, 15 that do .52 or more."""
FORCE_STEP = 0.2
_BLAME = words_of(
    "annoying distracting irritating unpleasant ugly horrible disgusting unbearable painful hurts "
    "grating obnoxious hate mad crazy cheap fake wrong ridiculous bad deafening "
)
_PRAISE = words_of(
    "important crucial hero focus star scary frightening shocking impressive dramatic powerful "
    "memorable noticeable feel jump scare exciting epic strong "
)


def proposed(items: Items, targets: Targets) -> list[tuple[Operation, ...]]:
    """Changes that a judgement of one sound may ask for; none where nothing judges."""
    if any(item.kind in ("num", "amount") or item.has("neg") for item in items):
        return []
    named = [item for item in items if (calls(item) and not item.has("pron")) or item.kind == "at"]
    said = [item.text for item in items if item not in named and not is_silent(item)]
    way = _judged(said) if named and said else 0
    if not way:
        return []
    try:
        picks = targets.resolve(named)
    except (LostError, UnsureError):
        return []
    return [tuple(one) for one in _changes(picks, targets, way) if one]


def _judged(said: list[str]) -> int:
    """1 for words that praise, -1 for words that blame, 0 for neither."""
    texts = [*said, " ".join(said)]
    vectors = np.asarray(_model()(texts))
    praise, blame = (float((vectors @ known.T).max()) for known in _judges())
    if max(praise, blame) < LEAST_LIKENESS:
        return 0
    return 1 if praise > blame else -1


def _changes(picks: tuple[Target, ...], targets: Targets, way: int) -> Iterator[list[Operation]]:
    """Louder or harder, or quieter or gone."""
    number = targets.situation.wishes.number
    step = number("louder_db") if way > 0 else -number("quieter_db")
    yield [
        AdjustLevel(event_id=one.event.id, change_db=step, hits=one.hits)
        for one in picks
        if one.stretch is None
    ]
    if way > 0:
        yield [
            ChangePerformance(
                event_id=one.event.id,
                force=round(min(one.event.performance.force + FORCE_STEP, 1.0), 2),
            )
            for one in picks
            if one.event.hits and not one.hits
        ]
    else:
        yield [RemoveEvent(event_id=one.event.id, hits=one.hits) for one in picks]
        yield [Retake(event_id=one.event.id) for one in picks]


LEAST_KIN = 0.15
"""Cosine from which a shoe or a ground is offered for one that nobody knows; socks are .20 from
bare feet, linoleum .24 from tiles. It is asked about in any case."""


def likest(items: Items) -> list[Items]:
    """A request with the nearest known shoes or grounds for one that nobody knows.

    ``uncle in socks``: barefoot, or in slippers.
    """
    for place, item in enumerate(items):
        before = [one for one in items[:place] if not one.has("fill")]
        if not (is_unread(item) and before and (before[-1].has("wear") or before[-1].has("walk"))):
            continue
        field, table = (
            ("surface", lexicon.SURFACES)
            if before[-1].has("walk") or before[-1].text == "on"
            else ("variant", lexicon.SHOES)
        )
        return [
            [
                *items[:place],
                Item(known, (Reading("attr", f"{field}={value}"),)),
                *items[place + 1 :],
            ]
            for known, value in _nearest(item.text, table)
        ]
    return []


def _nearest(text: str, table: Mapping[str, str]) -> list[tuple[str, str]]:
    """The two values of a table whose words are nearest to a text, each with its word."""
    known = sorted(table)
    likeness = np.asarray(_model()(known)) @ np.asarray(_model()([text]))[0]
    found: dict[str, str] = {}
    for place in np.argsort(-likeness):
        if likeness[place] >= LEAST_KIN and len(found) < 2:
            found.setdefault(table[known[place]], known[place])
    return [(word, value) for value, word in found.items()]


@cache
def _model() -> StaticVectors:
    return StaticVectors()


@cache
def _judges() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Vectors of the words that praise, and of those that blame."""
    model = _model()
    return np.asarray(model(sorted(_PRAISE))), np.asarray(model(sorted(_BLAME)))
