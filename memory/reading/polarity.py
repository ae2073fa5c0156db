"""Polarity and mood: the words of a text that say what does not happen.

Each rule has an operator and a reach: the rest of its clause, all of its clause, or all of its
sentence. Reach after Huddleston and Pullum, The Cambridge Grammar of the English Language (2002),
chapters 9 (negation) and 3 (mood): negated subjects, auxiliaries and verbs of failing take the
clause; objects of "without" and "instead of" what follows; conditions the sentence.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from enum import Enum, auto
from itertools import takewhile

from foley_designer.memory.reading.clauses import Clauses, Tag, Word
from foley_designer.memory.reading.vocabulary import PRONOUNS, forms_of, words


class Reach(Enum):
    """What of a text an operator takes back."""

    AFTER = auto()
    """The rest of its clause, up to a new subject."""
    CLAUSE = auto()
    """All of its clause."""
    SENTENCE = auto()
    """All of its sentence."""


def _any(text: str) -> str:
    """A pattern of every form of some verbs."""
    return "(?P<verb>" + "|".join(sorted(forms_of(text), key=len, reverse=True)) + ")"


_BE = r"(?:is|are|was|were|lies?|sits?|stands?|stays|remains|hangs|falls|fell|goes|went|grows|grew)"
_HAVE = r"(?:has|have|had)"
_STILLNESS = r"silent|over|quiet|still|mute|dead|motionless|unplugged|asleep|parked|empty"
_RULES: tuple[tuple[str, Reach], ...] = (
    # nobody and nothing: the subject takes the clause, the object what follows
    (r"nobody|no one|no-one|none|neither|nor|not (?:a|one|any|even|a single)", Reach.CLAUSE),
    (r"nothing (?:happens|happened|follows)", Reach.SENTENCE),
    (r"nothing(?! but| except| more than)", Reach.CLAUSE),
    (r"no(?! one| longer| more|-one)", Reach.AFTER),
    # auxiliaries
    (r"(?:\w+n't|cannot|not|never)(?! only| far| long| to)", Reach.CLAUSE),
    (r"not to", Reach.AFTER),
    (r"(?:hardly|scarcely|barely)(?! audible| heard| visible)|no longer", Reach.CLAUSE),
    (r"no more|any ?more|any longer", Reach.CLAUSE),
    (r"(?:would|could|might|may)(?! (?:hear|be heard|like|love|be nice|you|we|i))", Reach.CLAUSE),
    (
        r"(?:is|are|was|were) (?:just )?(?:about|going|supposed|ready|unable|afraid) to",
        Reach.CLAUSE,
    ),
    (r"too \w+ to", Reach.AFTER),
    # failing, wishing, holding back
    (
        _any(
            "refuse fail decline neglect forget hesitate threaten intend plan hope wish want try "
            "attempt struggle promise prepare expect"
        )
        + r" (?:not )?to(?! hear| have| get)",
        Reach.CLAUSE,
    ),
    (_any("avoid resist suppress stifle prevent stop cease quit finish") + r"(?= \w+ing\b)",
     Reach.CLAUSE),
    (_any("suppress stifle swallow") + r"(?= (?:a|an|his|her|the|another) )", Reach.AFTER),
    (_any("hold keep") + r" back", Reach.AFTER),
    (_any("hold") + r" (?:his|her|their|its|my|your|our) (?:breath|tongue|fire|peace)",
     Reach.CLAUSE),
    (_HAVE + r" gone out", Reach.CLAUSE),
    (_HAVE + r" (?:finally |long |just |now )?(?:stopped|ceased|ended|finished)", Reach.CLAUSE),
    (_any("die") + r" (?:down|away)", Reach.CLAUSE),
    (rf"{_BE} (?:now |quite |completely |all )?(?:{_STILLNESS})", Reach.CLAUSE),
    (rf"{_BE} (?:switched|turned) off", Reach.CLAUSE),
    (rf"{_BE} (?:only |all |really )?made (?:of|from|out of)", Reach.CLAUSE),
    (r"(?:only|all|just|merely) in (?:his|her|their|my|your|its) (?:head|mind|imagination|dreams?)",
     Reach.SENTENCE),
    (
        r"(?<!\ba )(?<!\ban )(?<!\bthe )(?<!\bhis )(?<!\bher )(?<!\btheir )(?<!\bits )"
        r"(?:almost|nearly)(?! \w+ly| all| every| always| at once| full| empty)",
        Reach.AFTER,
    ),
    # what was once
    (r"(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bget )(?<!\bgets )used to(?= \w+\b)"
     r"(?! the| a| an| his| her| its| it| this| that)", Reach.AFTER),
    # imagined, told, shown
    (_any("imagine dream remember recall pretend mime picture fear"), Reach.AFTER),
    (_any("hope wish decide resolve") + r" (?:that|for|against)", Reach.AFTER),
    (r"on the (?:point|verge|brink) of", Reach.CLAUSE),
    (
        _any("tell talk speak think warn complain boast") + r"(?: \w+){0,2} (?:about|of)\b",
        Reach.AFTER,
    ),
    (
        r"(?:painting|photograph|picture|photo|drawing|poster|portrait|statue|sign|book|film|story)"
        r"s?(?: of|(?: \w+)? (?:shows?|depicts?|reads?|says?))",
        Reach.SENTENCE,
    ),
    (
        r"in (?:the|a|an|this|that|his|her|an old) (?:old )?"
        r"(?:painting|photograph|picture|photo|drawing|poster|portrait|story|book)",
        Reach.SENTENCE,
    ),
    (r"without (?:a|any) (?:sound|noise)|noiselessly|soundlessly|silently", Reach.CLAUSE),
    # left out
    (r"leave(?= (?:\w+ ){1,3}out\b)", Reach.AFTER),
    (r"without|instead of|rather than|in place of|except(?: for)?|apart from|minus", Reach.AFTER),
    (r"free (?:of|from)|devoid of|(?:absence|lack) of|far from|rid of", Reach.AFTER),
    (_any("exclude omit") + r"|skip(?= the)|leave out|remove|mute|"
     r"(?:turn|switch) off(?! (?:the |a |his |her )?(?:light|lamp|torch))|get rid of", Reach.AFTER),
    # conditions and what has not come yet
    (r"(?<!as )(?<!even )if(?! possible| you| needed)|unless|in case|supposing", Reach.SENTENCE),
    (r"(?:as|even) if|as though|before", Reach.AFTER),
    # what it is only compared with, unless the ear compares: "a sound like a gunshot"
    (
        r"(?<!sound )(?<!sounds )(?<!sounding )(?<!noise )(?<!something )(?<!would )"
        r"like (?:a|an|the|some|those|that)(?= )",
        Reach.AFTER,
    ),
)  # fmt: skip
ATTEMPTS = forms_of("try attempt struggle")
"""Verbs of trying: what is tried may still be heard, as a locked door's handle is."""
_PATTERNS = tuple(
    (re.compile(rf"(?<![\w'-])(?:{words})(?![\w'-])"), reach) for words, reach in _RULES
)
_INVERTED = re.compile(r"^(?:had|should|were) (?:he|she|they|it|i|we|you|the|a|his|her)\b")
_NEARLY = words("just right even long shortly moment moments second seconds minutes")
"""Words after which "before" speaks of what has not come yet."""
_STILL = words(
    "silent parked unlit stalled broken dead motionless abandoned sleeping unplugged stuffed "
    "painted extinguished disused wooden-toy imaginary toy miniature"
)
"""Adjectives that keep what they stand before from sounding."""


def silent_places(clauses: Clauses, *, attempts: bool = True) -> frozenset[int]:
    """Places of the words (in `Clauses.words`) that say what does not happen.

    An operator's own words are not among them unless its reach is the clause: "turns off the
    light" is a switch that clicks.

    Args:
        clauses: the text.
        attempts: whether what is only tried counts as not happening.
    """
    found: set[int] = set()
    for first, last in _sentences(clauses.words):
        spoken = [word.text for word in clauses.words[first:last]]
        line = " ".join(spoken)
        starts = _starts(spoken)
        if _INVERTED.match(line):
            found.update(range(first, last))
        for pattern, reach in _PATTERNS:
            for match in pattern.finditer(line):
                place = first + starts[match.start()]
                tried = match.groupdict().get("verb") in ATTEMPTS
                if not _operates(clauses.words[place], match) or (tried and not attempts):
                    continue
                after = first + starts.get(match.end() + 1, last - first)
                found.update(_reached(clauses, place, after, last, reach))
    return frozenset(found)


def denial(clauses: Clauses) -> Callable[[range], bool]:
    """What says of the places of a mention whether they do not happen.

    What is tried does not happen, but a mention that tells of the trying does.
    """
    silent, denied = silent_places(clauses), silent_places(clauses, attempts=False)

    def is_denied(places: range) -> bool:
        tells = bool(places) and clauses.words[places[0]].text in ATTEMPTS
        return not (denied if tells else silent).isdisjoint(places)

    return is_denied


def _operates(word: Word, match: re.Match[str]) -> bool:
    """Whether a word that looks like an operator is one: no noun ("in her dream"), no name."""
    name = word.text in ("may", "will") and word.spelled[0].isupper()
    return not name and (not match.groupdict().get("verb") or word.tag is Tag.VERB)


def still_places(clauses: Clauses) -> frozenset[int]:
    """Places of the words that name things said to be still: "a parked car", "an unlit stove"."""
    words = clauses.words
    return frozenset(
        place
        for first, word in enumerate(words)
        if word.text in _STILL
        for place in _noun_phrase(clauses, first + 1, len(words))
    )


def _sentences(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    first = 0
    for place in range(1, len(words) + 1):
        if place == len(words) or words[place].sentence != words[first].sentence:
            yield first, place
            first = place


def _starts(spoken: Sequence[str]) -> dict[int, int]:
    """Places of words by where they begin in the joined line."""
    found, at = {}, 0
    for place, word in enumerate(spoken):
        found[at] = place
        at += len(word) + 1
    return found


def _reached(clauses: Clauses, place: int, after: int, last: int, reach: Reach) -> Iterator[int]:
    words = clauses.words
    operator = words[place]
    clause = clauses.places(operator.clause)
    if reach is Reach.SENTENCE:
        yield from (p for p in range(len(words)) if words[p].sentence == operator.sentence)
    elif operator.text == "before":
        if _comes_first(clauses, place):
            yield from (p for p in clause if p > place and operator.tag is Tag.CONJUNCTION)
    elif reach is Reach.CLAUSE:
        yield from clause
        yield from _joined(clauses, operator.clause, last)
    else:
        yield from _following(clauses, place, after, last)


def _following(clauses: Clauses, place: int, start: int, last: int) -> Iterator[int]:
    """Words behind an operator, to the end of its clause or to a subject of another one."""
    words = clauses.words
    operator, reach = words[place], words[start - 1].clause
    for other in range(start, last):
        if words[other].clause != reach and not _carries_on(clauses, other):
            return
        new_subject = words[other].text in PRONOUNS and _verb_follows(clauses, other)
        if new_subject and other > start and not _complement(operator):
            return
        ends = words[other].text == "and" or _ends_object(clauses, place, other)
        if operator.text == "no" and ends:
            return
        yield other


def _comes_first(clauses: Clauses, place: int) -> bool:
    """Whether "before" speaks of what is still to come: "just before it rings", "before he fires,".

    Behind what happens it tells what happens next: "the train squeaks before it stops".
    """
    words = clauses.words
    if place and words[place - 1].text in _NEARLY:
        return True
    ahead = [w for w in words[:place] if w.sentence == words[place].sentence]
    return not any(word.tag in (Tag.VERB, Tag.AUXILIARY) for word in ahead)


def _complement(operator: Word) -> bool:
    """Whether a clause with a subject of its own is what the operator takes: "imagines she"."""
    return operator.tag is Tag.VERB


def _ends_object(clauses: Clauses, operator: int, other: int) -> bool:
    """Whether a negated object ("wears no shoes on gravel") ends before this word."""
    words = clauses.words
    before = [w for w in words[:operator] if w.clause == words[operator].clause]
    verb_before = any(w.tag is Tag.VERB for w in before)
    return verb_before and other > operator + 1 and words[other].tag is Tag.PREPOSITION


def _verb_follows(clauses: Clauses, place: int) -> bool:
    following = clauses.words[place + 1 : place + 3]
    return any(word.tag in (Tag.VERB, Tag.AUXILIARY) for word in following)


def _carries_on(clauses: Clauses, place: int) -> bool:
    """Whether a word's clause begins with "or" and goes on with a list that was taken back."""
    first = clauses.words[clauses.places(clauses.words[place].clause)[0]]
    return first.text == "or"


def _joined(clauses: Clauses, clause: int, last: int) -> Iterator[int]:
    """The next clause if it has no subject of its own and its verb the same form.

    "She would scream and break a plate", "the machine is switched off and put back".
    """
    own, following = clauses.places(clause), clauses.places(clause + 1)
    if not following or following[-1] >= last:
        return
    words = clauses.words
    opener = words[following[0]]
    if opener.text not in ("and", "or", "nor") or len(following) < 2:
        return
    verb = words[following[1]]
    heads = [words[p] for p in own if words[p].tag is Tag.VERB]
    if verb.tag is Tag.VERB and heads and _form(heads[-1].text) == _form(verb.text):
        yield from following


def _form(verb: str) -> str:
    for ending in ("ing", "ed"):
        if verb.endswith(ending):
            return ending
    return "s" if verb.endswith("s") and not verb.endswith("ss") else ""


def _noun_phrase(clauses: Clauses, first: int, last: int) -> Iterator[int]:
    """Nouns from a place on, and nothing behind the first other word."""
    rest = range(first, last)
    yield from takewhile(lambda place: clauses.words[place].tag is Tag.NOUN, rest)
