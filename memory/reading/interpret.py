"""Interpretation: of the sounds that a text's words name, those that happen in it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from foley_designer.core.category import Category, Subcategory
from foley_designer.core.sounds.model import Action, Happens, SoundClass
from foley_designer.core.sounds.table import named
from foley_designer.memory.inflection import forms, noun_forms
from foley_designer.memory.reading.clauses import Clauses, Tag, Word
from foley_designer.memory.reading.moves import BODY_FALLS, head_of, is_run, theme
from foley_designer.memory.reading.polarity import denial, silent_places, still_places
from foley_designer.memory.reading.roles import Role, only_worn, role_of
from foley_designer.memory.reading.things import ROW_OF_THING, STEPS_OF
from foley_designer.memory.reading.vocabulary import PERSONS, PRONOUNS, STOPS, forms_of
from foley_designer.memory.reading.walks import walks

if TYPE_CHECKING:
    from foley_designer.memory.mentions import Mention

_TOOLS = frozenset(
    {Subcategory.CHOP, Subcategory.FRICTION, Subcategory.MECHANISM, Subcategory.VEHICLE}
)
_WORKED = frozenset(
    {
        Subcategory.CHOP,
        Subcategory.FRICTION,
        Subcategory.MECHANISM,
        Subcategory.OBJECT_IMPACT,
        Subcategory.METAL_IMPACT,
        Subcategory.CLOTH,
        Subcategory.HANDLING,
    }
)
"""Sounds that another instrument would make otherwise: cutting, driving, cleaning."""


_OPENS, _CLOSES = forms_of("open"), forms_of("close shut")
_JOINS = frozenset({"and", "then"})
_LOOKS = forms_of("look stare gaze glance point")
_HUSH = frozenset({"silence", "silent", "silently", "nothing"})
_IDLE = forms_of(
    "paint sketch photograph own wear describe mention discuss admire depict portray "
    "see watch notice observe inspect examine study"
)
"""Verbs that by themselves say that nothing sounds."""
_UTTERED = frozenset({"sobbing", "laughter", "sigh", "cough", "sneeze", "panting", "growl"})
"""What is done with these is heard, for they are sounds and no makers: "shaken with sobs"."""
_SHUT = frozenset({"closed", "shut", "locked", "bolted", "open", "opened", "unlocked"})
"""Participles that before their noun say how a door is, not what is done to it."""


class Reader:
    """Reads mentions in their sentences.

    Args:
        sound: the row of a card, by its id.
        card_id: the card of a row, by its name.
    """

    def __init__(
        self, sound: Callable[[str], SoundClass], card_id: Callable[[str], str | None]
    ) -> None:
        self._sound = sound
        self._card_id = card_id

    def asserted(
        self, text: str, mentions: Sequence["Mention"], names: Iterable[str] = ()
    ) -> tuple["Mention", ...]:
        """The mentions that happen, in text order.

        What is negated, wished, imagined or left out is not among them, nor what is only looked
        at, held or named; a tool takes the place of what its verb would sound like, and a thing
        that falls sounds as what it is made of.
        """
        clauses = Clauses(text)
        silent, still = silent_places(clauses), still_places(clauses)
        is_denied = denial(clauses)
        known = frozenset(name.lower() for name in names)
        kept: list[tuple[Mention, range, Role]] = []
        for mention in (*mentions, *self._walks(clauses, mentions)):
            places = clauses.within(mention.start, mention.end)
            if not places or _torn(clauses, places) or is_denied(places):
                continue
            role = role_of(clauses, places, known)
            finite = any(_is_finite(clauses.words[place]) for place in places)
            if not finite and places[0] in still:
                continue
            door = self._sound(mention.card_id).subcategory is Subcategory.DOOR
            if door and _is_as_it_is(clauses, places):
                continue
            over = self._is_over(clauses, mention, places)
            steps = self._sound(mention.card_id).subcategory is Subcategory.HUMAN_STEPS
            over = over or (steps and (only_worn(clauses, places) or is_run(clauses, places)))
            if self._sounds(mention, role) and not over:
                kept.append((mention, places, role))
        kept = [each for each in kept if not self._belied(clauses, *each[:2], silent)]
        kept = [self._opened(clauses, *each) for each in kept]
        kept = [self._walker(clauses, *each) for each in self._fallen(clauses, kept, silent)]
        return tuple(
            mention
            for mention, places, role in sorted(kept, key=lambda each: each[0].start)
            if not self._overruled(clauses, mention, places, kept)
        )

    def may_sound(self, text: str) -> bool:
        """Whether a text without a known word may still speak of a sound that happens.

        Not where it denies or imagines something, nor where something is only looked at or held.
        """
        clauses = Clauses(text)
        if silent_places(clauses) or not _HUSH.isdisjoint(word.text for word in clauses.words):
            return False
        verbs = [word.text for word in clauses.words if word.tag is Tag.VERB]
        pairs = pairwise(word.text for word in clauses.words)
        looks = any(verb in _LOOKS and after == "at" for verb, after in pairs)
        falls = [theme(clauses, number) for number in clauses.numbers]
        nothing = any(fall is not None and fall[1] is None for fall in falls)
        return not nothing and not (verbs and verbs[0] in _IDLE) and not looks

    def _belied(
        self, clauses: Clauses, mention: "Mention", places: range, silent: frozenset[int]
    ) -> bool:
        """Whether what follows takes it back: "he pulls the trigger but the gun does not fire"."""
        row, own = self._sound(mention.card_id), clauses.words[places[0]]
        following = [p for p in clauses.places(own.clause + 1) if p in silent]
        words = {clauses.words[p].text for p in following}
        reversed_ = not words.isdisjoint(("but", "yet"))
        return reversed_ and not words.isdisjoint({*row.called, row.name, row.variant})

    def _is_over(self, clauses: Clauses, mention: "Mention", places: range) -> bool:
        """Whether what goes on by itself is said to stop: "once the rain stops"."""
        row = self._sound(mention.card_id)
        clause = clauses.places(clauses.words[places[0]].clause)
        behind = [p for p in clause if p > places[-1] and clauses.words[p].tag is Tag.VERB]
        stops = bool(behind) and clauses.words[behind[0]].text in STOPS
        return stops and (row.goes_on or row.action is Action.FILL)

    def _sounds(self, mention: "Mention", role: Role) -> bool:
        row = self._sound(mention.card_id)
        fills = row.around or row.goes_on or row.action is Action.FILL
        if role is Role.INSTRUMENT and row.name in _UTTERED:
            return True
        if role is Role.STILL or (role is Role.VERBAL and _is_noun_alone(row, mention)):
            return False
        if role is Role.INSTRUMENT and row.subcategory is Subcategory.ANIMAL_VOICE:
            return False
        if role in (Role.PLACE, Role.ABOARD):
            rides = row.action is Action.PASS and role is Role.ABOARD
            return fills or rides or row.action is Action.STEPS
        return True

    def _overruled(
        self,
        clauses: Clauses,
        mention: "Mention",
        places: range,
        kept: Sequence[tuple["Mention", range, Role]],
    ) -> bool:
        """Whether another mention of the clause says better how it sounds."""
        row = self._sound(mention.card_id)
        clause = clauses.words[places[0]].clause
        for other, where, role in kept:
            if other is mention or clauses.words[where[0]].clause != clause:
                continue
            tool = self._sound(other.card_id)
            phrase = other.words.lower().startswith(("with ", "using "))
            tool_worked = tool.subcategory in _TOOLS and row.subcategory in _WORKED
            if tool_worked and (phrase or role is Role.INSTRUMENT):
                return True
            if phrase and tool.subcategory is row.subcategory:
                return True
            runs = row.action is Action.STEPS and not tool.impulsive
            subject = where[-1] < places[0] and role is Role.FREE
            if runs and subject and tool.happens is Happens.SPANS and len(places) == 1:
                return True
        return False

    def _opened(
        self, clauses: Clauses, mention: "Mention", places: range, role: Role
    ) -> tuple["Mention", range, Role]:
        """The door of a thing that is opened or closed: a fridge, a car, a lift."""
        row = self._sound(mention.card_id)
        clause = clauses.places(clauses.words[places[0]].clause)
        verbs = [p for p in clause if p < places[0] and clauses.words[p].tag is Tag.VERB]
        verb = clauses.words[verbs[-1]].text if verbs else ""
        machine = row.category is Category.MECHANISMS and not row.impulsive
        if role is Role.FREE and machine and verb in _OPENS | _CLOSES:
            name = (
                "car-door"
                if row.subcategory is Subcategory.VEHICLE
                else ("door-open" if verb in _OPENS else "door-close")
            )
            mention = mention._replace(card_id=self._card_id(name) or mention.card_id)
        return mention, places, role

    def _walks(self, clauses: Clauses, mentions: Sequence["Mention"]) -> Iterator["Mention"]:
        """Steps of who goes somewhere, where no word for steps stands in the clause."""
        from foley_designer.memory.mentions import Mention  # noqa: PLC0415 - mentions reads us

        card_id = self._card_id("footsteps")
        stepped = set()
        for each in mentions:
            if self._sound(each.card_id).action is Action.STEPS:
                stepped |= {clauses.words[p].clause for p in clauses.within(each.start, each.end)}
        for places in walks(clauses):
            first, last = clauses.words[places[0]], clauses.words[places[-1]]
            if card_id is not None and first.clause not in stepped:
                spelled = " ".join(clauses.words[p].spelled for p in places)
                yield Mention(card_id, first.start, last.end, spelled)

    def _walker(
        self, clauses: Clauses, mention: "Mention", places: range, role: Role
    ) -> tuple["Mention", range, Role]:
        """Steps as those of the animal that takes them, where one is the subject."""
        row = self._sound(mention.card_id)
        clause = clauses.places(clauses.words[places[0]].clause)
        before = [p for p in clause if p < places[0]]
        card_id = None
        if row.subcategory is Subcategory.HUMAN_STEPS:
            card_id = self._card_id(STEPS_OF.get(head_of(clauses.words, before) or "", ""))
        small = row.subcategory is Subcategory.ANIMAL_STEPS and row.name != "hooves"
        if small and len(places) == 1:  # riders trot on hooves
            card_id = self._card_id("footsteps") if _people_go(clauses, before) else None
        if card_id is not None:
            mention = mention._replace(card_id=card_id)
        return mention, places, role

    def _fallen(
        self,
        clauses: Clauses,
        kept: Sequence[tuple["Mention", range, Role]],
        silent: frozenset[int],
    ) -> Iterator[tuple["Mention", range, Role]]:
        """Mentions with what things that fall or are struck sound like in their place."""
        taken: dict[int, tuple[int, str | None]] = {}
        for number in clauses.numbers:
            found = theme(clauses, number)
            if found is not None and found[0] not in silent:
                taken[number] = found
        for mention, places, role in kept:
            number = clauses.words[places[0]].clause
            behind = [p for p in clauses.places(number) if p > places[-1]]
            verb = next((p for p in behind if clauses.words[p].tag is Tag.VERB), None)
            machine = (
                role is Role.FREE and self._sound(mention.card_id).category is Category.MECHANISMS
            )
            if machine and verb is not None and clauses.words[verb].text in BODY_FALLS:
                taken.setdefault(number, (verb, "drop"))
        done: set[int] = set()
        for mention, places, role in kept:
            number = clauses.words[places[0]].clause
            if number not in taken:
                yield mention, places, role
                continue
            verb, row_name = taken[number]
            row = self._sound(mention.card_id)
            if row.name == row_name or not _concerned(row):
                done |= {number} if row.name == row_name else set()
                yield mention, places, role
        for number, (verb, row_name) in taken.items():
            card_id = self._card_id(row_name) if row_name else None
            if card_id is None or number in done:
                continue
            yield self._made(clauses, number, verb, card_id)

    def _made(
        self, clauses: Clauses, number: int, verb: int, card_id: str
    ) -> tuple["Mention", range, Role]:
        from foley_designer.memory.mentions import Mention  # noqa: PLC0415 - mentions reads us

        clause = clauses.places(number)
        nouns = [p for p in clause if p <= verb and clauses.words[p].tag is Tag.NOUN] or [verb]
        behind = [p for p in clause if p > verb and clauses.words[p].tag is Tag.NOUN]
        first, last = (nouns[0], verb) if nouns[0] < verb else (verb, (behind or [verb])[0])
        start, end = clauses.words[first].start, clauses.words[last].end
        words = " ".join(clauses.words[p].spelled for p in range(first, last + 1))
        return Mention(card_id, start, end, words), range(first, last + 1), Role.VERBAL


def _people_go(clauses: Clauses, before: Sequence[int]) -> bool:
    """Whether a person scurries or patters: no animal is the subject, nor may "they" be some."""
    head = next((clauses.words[p] for p in before if clauses.words[p].tag is Tag.PRONOUN), None)
    noun = head_of(clauses.words, before)
    animals = any(word.text in STEPS_OF for word in clauses.words)
    return noun in PERSONS or (head is not None and head.text in PRONOUNS - {"it"} and not animals)


def _is_noun_alone(row: SoundClass, mention: "Mention") -> bool:
    """Whether a verb is a row's noun too: who fires makes no fire, who pumps is no pump."""
    word = mention.words.lower()
    nouns = {form for noun in row.nouns if " " not in noun for form in noun_forms(noun)}
    verbs = {form for verb in row.verbs if " " not in verb for form in forms(verb)}
    return " " not in word and word in nouns and word not in verbs and not word.endswith("ing")


def _is_as_it_is(clauses: Clauses, places: range) -> bool:
    """Whether a mention only says how a thing is: "at the closed door"."""
    words, first = clauses.words, clauses.words[places[0]]
    before = words[places[0] - 1] if places[0] else None
    attribute = before is not None and before.tag in (Tag.DETERMINER, Tag.PREPOSITION)
    noun = len(places) == 2 and words[places[1]].tag is Tag.NOUN
    return first.text in _SHUT and attribute and noun


def _is_finite(word: Word) -> bool:
    """Whether a word is a verb that asserts, and no participle: "a helicopter lands"."""
    return word.tag is Tag.VERB and not word.text.endswith("ing")


def _torn(clauses: Clauses, places: range) -> bool:
    """Whether a trigger's words stand in two clauses, so that they do not speak of one thing.

    Verbs that are joined share their subject: "a dog lies on the floor and barks".
    """
    words, last = clauses.words, clauses.words[places[-1]]
    apart = last.clause - words[places[0]].clause
    joins = words[places[-1] - 1]
    shares = apart == 1 and last.tag is Tag.VERB and joins.text in _JOINS
    return apart != 0 and not (shares and joins.clause == last.clause)


def _concerned(row: SoundClass) -> bool:
    """Whether a mention is of the thing that falls, or of the fall: not of the place around it."""
    if row.action in (Action.FILL, Action.STEPS, Action.FLASH):
        return False
    return row.category is not Category.WEATHER_AND_FIRE and row.subcategory is not (
        Subcategory.DOOR
    )


def known_rows() -> frozenset[str]:
    """Rows that things fall as, all of which have to be in the table."""
    return frozenset(named(row).name for row in ROW_OF_THING.values())
