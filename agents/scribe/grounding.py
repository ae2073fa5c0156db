"""Grounding: what sentences call for whose words no card knows, by the cards nearest in meaning."""

import re
from typing import TYPE_CHECKING

from foley_designer.agents import lexicon
from foley_designer.agents.scribe.calls import Call
from foley_designer.agents.scribe.passages import Passage
from foley_designer.memory.reading.clauses import Clauses, Tag

if TYPE_CHECKING:
    from foley_designer.memory.knowledge_base import Knowledge

NEAR = 0.5
"""Similarity from which a card stands for a sentence. Below it the nearest card is a guess: on
sentences without any trigger, two of three above it are right, and what makes no sound at all
(“he says nothing”, “she thinks of home”) stays under it."""
NEIGHBOURS = 3
"""Cards that are looked at for a sentence; those that are near are all cited."""
_MOST = 8
"""Sentences that are searched for."""
_SENTENCE = re.compile(r"[^.!?;\n]+")


def nearest(call: Call) -> str:
    """What is told about a call that no word names: what was asked, what is near, how near."""
    asked = call.words[:80]
    return f"No “{asked}” here; nearest is “{call.card.title}” ({call.similarity or 0.0:.2f})."


def unknown_words(text: str, call: Call) -> str:
    """Words right before a mention that no row or table knows, as "laser" of a laser pistol."""
    clauses = Clauses(text)
    at = text.lower().find(call.words.lower())
    places = clauses.within(at, at + len(call.words)) if at >= 0 else range(0)
    if not places or call.similarity is not None:
        return ""
    told = []
    for place in range(places[0] - 1, -1, -1):
        word = clauses.words[place]
        if word.tag is not Tag.NOUN or word.clause != clauses.words[places[0]].clause:
            break
        told.append(word.text)
    known = {*call.card.sound.called, *call.card.title.lower().split()}
    tables = (lexicon.MANNERS, lexicon.SURFACES, lexicon.MATERIALS, lexicon.SHOES, lexicon.NUMBERS)
    triggers = " ".join(call.card.triggers)
    unknown = [
        word
        for word in reversed(told)
        if word not in known and word not in triggers and not any(word in table for table in tables)
    ]
    return " ".join(unknown)


def grounded(passages: tuple[Passage, ...], knowledge: "Knowledge") -> tuple[Call, ...]:
    """One call for each of the first sentences that a card is near to, and none twice.

    Only what a person says about the clip is searched for. Action of a screenplay tells much that
    makes no sound: of its sentences without a trigger that are near a card, two of three are not
    about it ("This is what he saw").
    """
    found: dict[str, Call] = {}
    sentences = [
        (passage, " ".join(match.group().split()).strip(" ,"))
        for passage in passages
        if passage.interior is None
        for match in _SENTENCE.finditer(passage.text)
        if match.group().strip(" ,")
    ]
    for passage, sentence in sentences[:_MOST]:
        if knowledge.mentions(sentence) or not knowledge.may_sound(sentence):
            continue  # what it names was read, and does not happen
        near = [hit for hit in knowledge.search(sentence, NEIGHBOURS) if hit.similarity >= NEAR]
        if near:
            call = Call(
                card=near[0].card,
                cards=tuple(hit.card.id for hit in near),
                words=sentence,
                scope=sentence,
                sentence=sentence,
                passages=(passage,),
                similarity=near[0].similarity,
            )
            found.setdefault(call.card.id, call)
    return tuple(found.values())
