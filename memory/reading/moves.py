"""Moves: what falls, breaks, is thrown or struck, and so sounds as what it is made of."""

from collections.abc import Sequence

from foley_designer.memory.reading.clauses import Clauses, Tag, Word
from foley_designer.memory.reading.things import (
    HOLDERS,
    IDIOMS,
    LIFELESS,
    ROW_OF_THING,
    SILENT_FALLS,
    WATERS,
)
from foley_designer.memory.reading.vocabulary import (
    BLOWS,
    BREAKS,
    FALLS,
    PERSONS,
    PRONOUNS,
    THROWS,
    forms_of,
)

BODY_FALLS = forms_of("fall topple tumble crash")
_MOVES = FALLS | THROWS | BLOWS | BREAKS
_RESOUNDING = frozenset({"metal-hit", "pan", "can", "ball", "chain"})
"""Rows of things that sound by themselves when they are struck, whatever strikes them."""
_RUNS = forms_of("run rush race slide")
_FILLED = frozenset({"full", "filled", "empty"})
_AS_FAR = frozenset({"mile", "miles", "length", "way", "distance", "stairs", "race", "marathon"})


def is_run(clauses: Clauses, places: range) -> bool:
    """Whether what runs has no feet, or is run along something: "water rushes", "runs a key"."""
    words, last = clauses.words, places[-1]
    if len(places) > 1 or words[last].text not in _RUNS:
        return False
    clause = clauses.places(words[last].clause)
    if head_of(words, [p for p in clause if p < last]) in LIFELESS:
        return True
    behind = [p for p in clause if p > last]
    direct = bool(behind) and words[behind[0]].tag is Tag.DETERMINER
    return direct and head_of(words, _object(words, behind)) not in _AS_FAR


def _lands_in_water(words: Sequence[Word], behind: Sequence[int]) -> bool:
    """Whether what falls or is thrown ends in water: "throws rocks into the lake"."""
    for at, place in enumerate(behind):
        if words[place].text in ("into", "in"):
            return head_of(words, _object(words, behind[at + 1 :])) in WATERS
    return False


def theme(clauses: Clauses, number: int) -> tuple[int, str | None] | None:
    """The verb of a fall or blow in a clause, and the row of what falls or is struck.

    Returns:
        The verb's place and a row's name, or None for what falls without a sound; None if
        nothing that is known falls.
    """
    words = clauses.words
    for place in clauses.places(number):
        if words[place].tag is Tag.VERB and words[place].text in _MOVES:
            row = _row_of_move(clauses, number, place)
            if row is not None:
                return place, row or None
    return None


def _row_of_move(clauses: Clauses, number: int, place: int) -> str | None:
    """The row that a verb of falling, breaking or striking sounds like.

    Returns:
        A row's name; "" for what falls without a sound; None for what is not known.
    """
    words, clause = clauses.words, clauses.places(number)
    verb = words[place].text
    subject = head_of(words, [p for p in clause if p < place])
    thing = head_of(words, _object(words, [p for p in clause if p > place]))
    row = ROW_OF_THING.get(thing or "")
    if subject in SILENT_FALLS and verb in FALLS:
        return ""
    if verb in FALLS | THROWS and _lands_in_water(words, [p for p in clause if p > place]):
        return "splash"
    if verb in BREAKS:
        broken = thing or subject or head_of(words, clauses.places(number - 1))
        return "glass-break" if ROW_OF_THING.get(broken or "") == "glass-break" else None
    if verb in THROWS and (row or verb not in FALLS):
        return row
    return _struck_or_fallen(clauses, place, subject, row)


def _struck_or_fallen(
    clauses: Clauses, place: int, subject: str | None, row: str | None
) -> str | None:
    """The row of what is struck, where that sounds by itself, or of what falls."""
    words = clauses.words
    clause = clauses.places(words[place].clause)
    after = words[place + 1].text if place + 1 in clause else ""
    if words[place].text in BLOWS:
        return row if row in _RESOUNDING else None
    if after in IDIOMS and after != "in":
        return None
    person = "body-fall" if _is_person(words, clause, place) else None
    return ROW_OF_THING.get(subject or "", person)


def _is_person(words: Sequence[Word], clause: Sequence[int], verb: int) -> bool:
    """Whether a person is the subject of a verb: a pronoun, a name, a noun for people."""
    before = [words[p] for p in clause if p < verb and words[p].tag in (Tag.NOUN, Tag.PRONOUN)]
    if not before or words[verb].text not in BODY_FALLS:
        return False
    head = before[-1]
    named_ = head.spelled[0].isupper() and before[0].sentence == head.sentence and len(before) == 1
    return head.text in PRONOUNS - {"it"} or head.text in PERSONS or (named_ and clause[0] != verb)


def _object(words: Sequence[Word], places: Sequence[int]) -> list[int]:
    """Places of the noun phrase right behind a verb."""
    found: list[int] = []
    for place in places:
        tag = words[place].tag
        if (
            tag in (Tag.DETERMINER, Tag.NOUN)
            or words[place].text == "of"
            or (
                not found
                and words[place].text in ("over", "down", "off", "against", "into")
                and words[places[0]].text in ("over", "down", "off")
            )
        ):
            found.append(place)
        else:
            break
    return found


def head_of(words: Sequence[Word], places: Sequence[int]) -> str | None:
    """The head of a noun phrase: its last noun before a preposition; None for a pronoun."""
    head = None
    for place in places:
        word = words[place]
        if word.text in _FILLED and head is not None:  # "a box full of books" is a box
            break
        if word.tag is Tag.PREPOSITION and head is not None:
            if word.text == "of" and head in HOLDERS:
                continue
            break
        if word.text in PRONOUNS or word.stands_for:
            head = word.stands_for
        elif word.tag is Tag.NOUN:
            head = word.text
    return head
