"""Roles: whether a thing that is named sounds, or is looked at, held, passed by or only a name."""

from collections.abc import Sequence
from enum import StrEnum

from foley_designer.memory.reading.clauses import Clauses, Tag, Word
from foley_designer.memory.reading.vocabulary import (
    HONORIFICS,
    LOCATIVES,
    PERCEIVED,
    PERSONAL,
    PLAYS,
    STATES,
    STEPPING,
    SUCCEEDS,
    UNSOUNDED,
    words,
)

_ADJECTIVES = words("windy rainy stormy squeaky creaky")
"""Adjectives that say what sounds: "a windy field"."""
_INGS = words("railing ceiling building painting clothing evening morning drawing lightning")
"""Things whose names look like participles."""
_POSTPOSED = words("close loud soft big small alone alive open shut high low deep long short")
"""Adjectives that stand behind their noun: "a thunderclap close by"."""


class Role(StrEnum):
    """What a mention is in its clause."""

    VERBAL = "verbal"
    """It holds the verb: it happens."""
    FREE = "free"
    """A thing in a fragment, a subject, an object that is worked: it sounds."""
    ABOARD = "aboard"
    """What somebody is in or on: a vehicle, a place."""
    PLACE = "place"
    """What something is at: it sounds where it fills the place."""
    INSTRUMENT = "instrument"
    """What something is done with."""
    STILL = "still"
    """It is there, looked at, held or spoken of, and makes no sound."""


_ABOARD = frozenset({"on", "in", "by", "aboard"})
_INSTRUMENTAL = frozenset({"with", "using", "by"})
_FIGURES = words(
    "storm thunder rain hail shower wave waves sea river stream flood torrent wind hurricane "
    "explosion avalanche ocean cascade gale"
)
_ELEMENTS = words(
    "rain water snow wind thunder sand leaves dust ice hail sea lightning traffic mud lava gas"
)
"""What a storm or a stream may be made of."""
_HEARD = words("sound sounds sounded sounding noise something")
"""Words after which "like" tells what is heard: "a sound like a gunshot"."""
_SOUND_NOUNS = words(
    "mechanism beat beats solo tune rhythm music note notes groove "
    "sound sounds noise noises bark barks engine engines siren horn whistle bell bells shot "
    "shots blast roar rumble hum ringing blow blows hit hits fire burst fight display solo "
    "ambience atmosphere chorus crackle clatter rattle creak squeal stroke strokes running "
    "passing ringing tone tick ticking drop drops fall falls footsteps steps chord roll "
    "shower"
)
"""Nouns that make a compound a sound: "machine gun fire", "car horn"."""


def role_of(clauses: Clauses, places: range, names: frozenset[str]) -> Role:
    """The role of the mention that stands at some places of a text.

    Args:
        clauses: the text.
        places: places of the mention's words.
        names: names of characters, lower case.
    """
    words = clauses.words
    mention = [words[place] for place in places]
    if any(word.tag is Tag.VERB or _is_participle(word) for word in mention):
        return Role.STILL if _is_name(clauses, places, names) else Role.VERBAL
    if _is_name(clauses, places, names) or _is_modifier(clauses, places):
        return Role.STILL
    if _is_figure(clauses, places):
        return Role.STILL
    return _nominal(clauses, places)


def _nominal(clauses: Clauses, places: range) -> Role:
    """The role of a thing: by its preposition, else by its verb."""
    words = clauses.words
    clause = clauses.places(words[places[0]].clause)
    verbs = [p for p in clause if words[p].tag is Tag.VERB]
    opener = _preposition(clauses, places[0], clause[0])
    if opener in _INSTRUMENTAL and verbs:
        succeeds = opener == "by" and any(words[p].text in SUCCEEDS for p in verbs)
        return Role.FREE if succeeds else Role.INSTRUMENT
    before = [p for p in verbs if p < places[0]]
    if opener == "like" and any(words[p].text in _HEARD for p in clause if p < places[0]):
        opener = None
    played = opener == "on" and any(words[p].text in PLAYS for p in verbs)
    if opener in LOCATIVES and opener != "of" and not played:
        return Role.ABOARD if opener in _ABOARD else Role.PLACE
    if before:
        verb = words[before[-1]].text
        if verb in PERCEIVED:  # what is watched is there: it sounds where it fills the place
            return Role.PLACE
        return Role.STILL if verb in UNSOUNDED and verb != "leave" else Role.FREE
    behind = [p for p in verbs if p > places[-1]]
    if behind and words[behind[0]].text in STATES:
        return Role.STILL
    return Role.FREE


def _is_figure(clauses: Clauses, places: range) -> bool:
    """Whether weather or water only says how much of something else: "a storm of applause"."""
    words = clauses.words
    if len(places) != 1 or words[places[0]].text not in _FIGURES:
        return False
    phrase = words[places[-1] + 1 : places[-1] + 5]
    if not phrase or phrase[0].text != "of" or phrase[0].clause != words[places[0]].clause:
        return False
    nouns = {word.text for word in phrase[1:] if word.tag is Tag.NOUN}
    return bool(nouns) and nouns.isdisjoint(_ELEMENTS)


def only_worn(clauses: Clauses, places: range) -> bool:
    """Whether footwear is on somebody who does something else than walk: "in boots he hammers"."""
    words = clauses.words
    clause = clauses.places(words[places[0]].clause)
    verbs = {words[place].text for place in clause if words[place].tag is Tag.VERB}
    dressed = words[places[0]].text in ("in", "wearing") or (
        _preposition(clauses, places[0], clause[0]) in ("in", "with")
    )
    return dressed and bool(verbs) and verbs.isdisjoint(STEPPING)


def _is_participle(word: Word) -> bool:
    """Whether a word before a noun tells what it does: "a purring cat"."""
    doing = word.text.endswith("ing") and len(word.text) > 5 and word.text not in _INGS
    return word.text in _ADJECTIVES or doing


def _preposition(clauses: Clauses, place: int, first: int) -> str | None:
    """The preposition whose noun phrase a word belongs to; a determiner opens its phrase."""
    words = clauses.words
    for other in range(place - 1, first - 1, -1):
        if words[other].tag is Tag.PREPOSITION:
            return words[other].text
        if words[other].tag is Tag.DETERMINER:
            ahead = words[other - 1] if other > first else None
            return ahead.text if ahead and ahead.tag is Tag.PREPOSITION else None
        if words[other].tag is not Tag.NOUN:
            return None
    return None


def _is_modifier(clauses: Clauses, places: range) -> bool:
    """Whether the next word is a noun that it only describes: "a train ticket"."""
    words = clauses.words
    place = places[-1] + 1
    if place >= len(words):
        return False
    word, own = words[place], words[places[-1]]
    near = word.clause == own.clause and word.start - own.end <= 1
    return near and word.tag is Tag.NOUN and word.text not in _SOUND_NOUNS | _POSTPOSED


def _is_name(clauses: Clauses, places: range, names: frozenset[str]) -> bool:
    """Whether a mention is, or lies in, a person's name."""
    words = clauses.words
    own = words[places[0]]
    if own.text in names and len(places) == 1:
        return True
    shouted = _is_shouted(clauses, own.sentence)
    first = places[0] == 0 or words[places[0] - 1].sentence != own.sentence
    if not own.spelled[0].isupper() or shouted:
        return False
    if first:
        return len(places) == 1 and _acts_as_person(clauses, places[0])
    before = words[places[0] - 1]
    if before.text in HONORIFICS or before.text.rstrip(".") in HONORIFICS:
        return True
    if own.spelled.isupper() and len(own.spelled) > 1:
        return (
            before.spelled.isupper()
            and before.tag is Tag.NOUN
            and _acts_as_person(clauses, places[-1])
        )
    return own.tag is Tag.NOUN or before.spelled[0].isupper()


def _acts_as_person(clauses: Clauses, place: int) -> bool:
    """Whether what a person does follows a bare word."""
    following = clauses.words[place + 1 : place + 2]
    return bool(following) and following[0].text in PERSONAL and following[0].text.endswith("s")


def _is_shouted(clauses: Clauses, sentence: int) -> bool:
    """Whether a sentence is in capitals throughout, as a screenplay's sounds are."""
    own: Sequence[str] = [w.spelled for w in clauses.words if w.sentence == sentence]
    return sum(word.isupper() for word in own) > len(own) / 2
