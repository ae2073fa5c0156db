"""Walks that no word for steps tells of: who goes to the window is heard to walk there."""

from collections.abc import Iterator, Sequence
from itertools import takewhile

from foley_designer.memory.reading.clauses import Clauses, Tag, Word
from foley_designer.memory.reading.things import LIFELESS, ROW_OF_THING, SILENT_FALLS
from foley_designer.memory.reading.vocabulary import PERSONS, PRONOUNS, forms_of, words

_GOING = words("go goes went going come comes came coming") | forms_of(
    "move cross return hasten hurry rush slouch advance retire withdraw"
)
_MAKING = forms_of("make")
_ENTERING = forms_of("enter")
_PREPOSITIONS = frozenset({"to", "toward", "towards"})
_PARTICLES = frozenset({"out", "in", "back", "over", "up", "down", "away", "across"})
_LEAVES = frozenset({"out", "in", "away"})
"""Particles with which one has gone without a word of where."""
_PEOPLE = words("crowd group couple family guests men women others servants soldiers")
_BARE = words("door doors window windows table stairs fireplace")
"""What directions name without an article: "goes to inner door"."""
_DRIFTS = words("smoke steam air sunlight sun moon cold heat warmth moonlight traffic cars")
_PLACES = words(
    "door doors doorway window windows table desk sink stove fire fireplace hearth bed chair sofa "
    "couch settee counter bar wall corner mirror piano stage altar room kitchen hall hallway "
    "corridor bathroom bedroom cupboard closet shelf shelves fridge gate fence porch balcony "
    "stairs staircase exit entrance centre center middle bench side left right cage board bookcase "
    "cabinet dresser lectern cot cradle phone telephone car body back front"
)
"""What one walks to within a scene; to a town or to war one goes otherwise."""


def walks(clauses: Clauses) -> Iterator[range]:
    """Places of verbs of going, up to where they lead, whose subject is a person on foot."""
    for number in clauses.numbers:
        clause = clauses.places(number)
        for place in clause:
            if clauses.words[place].tag is not Tag.VERB:
                continue
            end = _arrives(clauses.words, [p for p in clause if p >= place])
            if end is not None and _goes_on_foot(clauses, number, place):
                yield range(place, end + 1)


def _arrives(spoken: Sequence[Word], places: Sequence[int]) -> int | None:
    """The place of the word that says where somebody goes, if a verb says that."""
    verb, *behind = places
    if spoken[verb].text in _ENTERING:
        return verb if _enters_a_place(spoken, verb, behind) else None
    making = spoken[verb].text in _MAKING
    if not making and spoken[verb].text not in _GOING:
        return None
    for place in behind:
        word = spoken[place]
        if word.text in (("for",) if making else _PREPOSITIONS):
            return _destination(spoken, [p for p in behind if p > place])
        if word.text in _LEAVES and not making:
            return place
        if word.tag is not Tag.ADVERB and word.text not in _PARTICLES:
            return None
    return None


def _enters_a_place(spoken: Sequence[Word], verb: int, behind: Sequence[int]) -> bool:
    """Whether what is entered, if it is told, is a place: no code and no contest."""
    if not behind or spoken[behind[0]].start - spoken[verb].end > 1:  # a comma stands between
        return True
    if spoken[behind[0]].tag in (Tag.PREPOSITION, Tag.ADVERB):
        return True
    return spoken[behind[0]].tag is Tag.DETERMINER and _destination(spoken, behind) is not None


def _destination(spoken: Sequence[Word], places: Sequence[int]) -> int | None:
    """The place of what is walked to: a determiner's noun, or a person."""
    if not places:
        return None
    first = spoken[places[0]]
    if first.tag is Tag.NOUN and any(spoken[p].text in _BARE for p in places[:2]):
        return next(p for p in places[:2] if spoken[p].text in _BARE)
    person = first.text in ("him", "them") or (first.tag is Tag.NOUN and first.spelled[0].isupper())
    alone = first.text == "her" and (len(places) == 1 or spoken[places[1]].tag is not Tag.NOUN)
    if person or alone:
        return places[0]
    if first.tag is not Tag.DETERMINER:
        return None
    phrase = tuple(takewhile(lambda p: spoken[p].tag is Tag.NOUN, places[1:]))
    return next((p for p in phrase if spoken[p].text in _PLACES), None)


def _goes_on_foot(clauses: Clauses, number: int, verb: int) -> bool:
    """Whether a person is the verb's subject, here or in the clause that it goes on from."""
    spoken = clauses.words
    own = spoken[verb].sentence
    for earlier in range(number, -1, -1):
        places = [p for p in clauses.places(earlier) if p < verb]
        if places and spoken[places[0]].sentence != own:
            break
        subject = tuple(takewhile(lambda p: spoken[p].tag is not Tag.VERB, places))
        if any(spoken[p].tag in (Tag.NOUN, Tag.PRONOUN) for p in subject):
            return _is_person(spoken, subject)
    return True  # a direction without a subject speaks of whoever is on stage


def _is_person(spoken: Sequence[Word], places: Sequence[int]) -> bool:
    head = None
    for place in places:
        word = spoken[place]
        if word.tag in (Tag.VERB, Tag.PREPOSITION) and head is not None:
            break
        if word.tag in (Tag.NOUN, Tag.PRONOUN):
            head = word
    if head is None:
        return True
    thing = (
        head.text in LIFELESS | SILENT_FALLS or head.text in _DRIFTS or head.text in ROW_OF_THING
    )
    named = head.spelled[0].isupper() and not (thing and not head.spelled.isupper())
    return head.text in PRONOUNS - {"it"} or head.text in PERSONS | _PEOPLE or named
