"""Calls: the sounds that the words ask for, each merged from its mentions."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from foley_designer.agents import lexicon
from foley_designer.agents.scribe.filling import FALLING
from foley_designer.agents.scribe.passages import Passage
from foley_designer.agents.scribe.places import is_elsewhere
from foley_designer.agents.scribe.unsaid.pictured import LOOK
from foley_designer.core.card import Card
from foley_designer.core.category import Subcategory
from foley_designer.core.script.performance import Layer
from foley_designer.core.sounds.model import Action, SoundClass

if TYPE_CHECKING:
    from foley_designer.memory.knowledge_base import Knowledge, Mention


SPLIT = frozenset({Action.PASS, Action.STEPS})
"""Actions whose makers each sound by themselves."""
_HEARD_OUTSIDE = frozenset({Action.VOICE, Action.FLASH, Action.PASS})
"""Actions that ``outside`` puts out of sight; one who walks outside is still seen."""
MAX_CALLS = 32
"""Sounds of one clip; a text that names more is a list and no scene."""
_MAX_SCOPE = 300
"""Characters after which nothing new is learnt about a sound."""
_SENTENCE = re.compile(r"[^.!?;\n]+")
_BOUNDARY = re.compile(r",|;|–|—|\b(?:and|while|as|then|but|when|before|after)\b", re.IGNORECASE)
_BOUNCE = re.compile(r"\b(?:bounc|dribbl)", re.IGNORECASE)
_PLACES = frozenset(
    word for phrase in (*lexicon.SURFACES, *lexicon.SPACES) for word in phrase.split()
) | {"upstairs", "downstairs", "stair", "staircase", "driveway", "floor", "underfoot"}
_PLACES -= {"blacksmith", "chef", "cook", "cooking", "forges", "anvil"}
"""Words that say where and nothing of what sounds; who works there is heard working."""


class Call(NamedTuple):
    """One sound that the words ask for."""

    card: Card
    cards: tuple[str, ...]
    """Ids of all cards that its words matched, the telling one first."""
    words: str
    """The script's words, from the first mention to the last."""
    scope: str
    """The part of the sentence that speaks of it."""
    sentence: str
    passages: tuple[Passage, ...]
    similarity: float | None = None
    """How near the card is where it was found by meaning; None if its words name it."""

    @property
    def action(self) -> Action:
        """What its maker does."""
        return action_of(self.card.sound, self.scope)

    @property
    def is_off_screen(self) -> bool:
        """Whether the words place it out of sight, or it is a background sound by its card."""
        outside = self.action in _HEARD_OUTSIDE and "outside" in lexicon.tokens(self.scope)
        told = bool(lexicon.find(self.scope, lexicon.OFF_SCREEN))
        return self.is_scattered or outside or told

    @property
    def is_scattered(self) -> bool:
        """Whether it sounds now and then in the background: birds, drips, a clock, thunder.

        A bell that swings is shown, and sounds when it is seen to.
        """
        card = self.card
        shown = bool(lexicon.find(self.scope, lexicon.SHOWN)) or self.passages[0].origin == LOOK
        scattered = card.layer is Layer.BACKGROUND and card.impulsive and not shown
        return scattered and card.subcategory is not Subcategory.EXPLOSION

    @property
    def is_once(self) -> bool:
        """Whether one telling of it is one sound, for want of anything seen: a slam, a blast."""
        return self.card.sound.once and not self.is_plural

    @property
    def goes_on(self) -> bool:
        """Whether it goes on whether or not anything moves: fire, flowing water."""
        return self.card.sound.goes_on

    @property
    def times(self) -> int | None:
        """How often, if the words say: ``once``, ``twice``, ``three times``, ``two shots``.

        Two men who walk make more than two steps, two hammers that strike more than two blows.
        """
        if self.action in SPLIT:
            return None
        own = "" if self._names_makers else f"|{re.escape(self._uncounted)}"
        numbers = "|".join(lexicon.NUMBERS)
        match = re.search(rf"\b({numbers})\s+(?:times\b{own})", self.scope, re.IGNORECASE)
        if match:
            return lexicon.NUMBERS[match[1].lower()]
        for number, noun in re.findall(rf"\b({numbers})\s+(\w+)", self.words, re.IGNORECASE):
            if noun.lower().removesuffix("s") in self._happenings:
                return lexicon.NUMBERS[number.lower()]
        return lexicon.look_up(self.scope, lexicon.TWICE)

    @property
    def makers(self) -> int:
        """How many makers the words count: ``two balls bounce``, ``two men hammer``; else one."""
        counted = rf"\b({'|'.join(lexicon.NUMBERS)})\s+(?:\w+\s+){{0,2}}{re.escape(self.words)}"
        match = re.search(counted, self.scope, re.IGNORECASE)
        return lexicon.NUMBERS[match[1].lower()] if match and self.times is None else 1

    @property
    def _uncounted(self) -> str:
        """Its words without a number that they begin with."""
        return re.sub(rf"^({'|'.join(lexicon.NUMBERS)})\s+", "", self.words, flags=re.IGNORECASE)

    @property
    def _names_makers(self) -> bool:
        """Whether its words are or begin with makers, as ``hammers strike``, and not ``shots``."""
        if self._names_things:
            return True
        first, *others = self._uncounted.lower().split()
        makers = first.endswith("s") and bool(others) and first not in lexicon.SOUNDING
        return self.action is Action.BOUNCE or (makers and self.action is not Action.FLASH)

    @property
    def _names_things(self) -> bool:
        """Whether its words begin with things that sound, as ``congas``, not with ``knocks``."""
        sound, words = self.card.sound, self._uncounted.lower().split()
        starts = (" ".join(words[:count]) for count in range(len(words), 0, -1))
        noun = next((n for n in starts if {n, n.removesuffix("s")} & set(sound.nouns)), None)
        return noun is not None and noun.split()[-1].removesuffix("s") not in self._happenings

    @property
    def _happenings(self) -> frozenset[str]:
        """Words for one happening of it: its verbs, and its nouns if it is over at once.

        A drum is a thing although one may drum; a cough is what a throat does.
        """
        sound = self.card.sound
        verbs = {verb.split()[0] for verb in sound.verbs}
        if self.action is not Action.VOICE:
            verbs -= {word for noun in sound.nouns for word in noun.split()}
        is_brief = sound.once or self.action in (Action.FLASH, Action.FILL)
        heads = {noun.split()[-1] for noun in sound.nouns} if is_brief else set()
        return frozenset(verbs | heads | lexicon.SOUNDING)

    @property
    def is_plural(self) -> bool:
        """Whether several makers are spoken of; boots and footsteps are still one walker's."""
        number = lexicon.look_up(self.scope, lexicon.NUMBERS) or 1
        many = number > 1 or bool(lexicon.find(self.scope, lexicon.MANY))
        first = self.words.split()[0].lower()
        plural = first.endswith("s") and not first.endswith("ss") and first not in lexicon.RIDES
        return many or (plural and self.action is not Action.STEPS)


def action_of(sound: SoundClass, words: str) -> Action:
    """What the maker of a sound does; a ball that bounces and one that is hit differ by words."""
    bounces = sound.action is Action.STRIKE and _BOUNCE.search(words)
    return Action.BOUNCE if bounces else sound.action


def calls(passages: tuple[Passage, ...], knowledge: "Knowledge") -> tuple[Call, ...]:
    """The first calls in the order of the text, one for each sound however often it is named."""
    merged: list[Call] = []
    for call in _each(passages, knowledge):
        place = next((i for i, other in enumerate(merged) if _same_sound(other, call)), None)
        if place is not None:
            merged[place] = _together(merged[place], call)
        elif len(merged) < MAX_CALLS:
            merged.append(call)
    return tuple(merged)


def _each(passages: tuple[Passage, ...], knowledge: "Knowledge") -> Iterator[Call]:
    for passage in passages:
        mentions = knowledge.read(passage.text, passage.names)
        starts = [mention.start for mention in mentions]
        for sentence in _SENTENCE.finditer(passage.text):
            first = bisect_left(starts, sentence.start())
            told = mentions[first : bisect_left(starts, sentence.end())]
            inside = [m for m in told if _is_here(m, passage, sentence.group(), knowledge)]
            for group in _groups(passage.text, inside, knowledge):
                yield _call(passage, sentence, group, inside, knowledge)


def _is_here(mention: "Mention", passage: Passage, sentence: str, knowledge: "Knowledge") -> bool:
    """Whether a mention can sound in its scene: ``the town's doctor`` in a kitchen can't."""
    card = knowledge.get(mention.card_id)
    if card.subcategory is not Subcategory.AMBIENCE:
        return True
    if mention.words.endswith(("'s", "’s")):
        return False
    return not is_elsewhere(card, passage.interior) or bool(
        lexicon.find(sentence, lexicon.OFF_SCREEN)
    )


def _groups(
    text: str, mentions: list["Mention"], knowledge: "Knowledge"
) -> Iterator[list["Mention"]]:
    """Mentions that speak of one sound: the same action with no clause boundary between.

    What only a place suggests is left out where the sentence names another sound: nobody walks
    where a car drives on a dirt road.
    """
    groups: list[list[Mention]] = []
    for mention in mentions:
        if groups and _belongs(text, groups[-1][-1], mention, knowledge):
            groups[-1].append(mention)
        else:
            groups.append([mention])
    sounding = [group for group in groups if not _only_a_place(group, knowledge)]
    yield from sounding or groups


def _belongs(text: str, left: "Mention", right: "Mention", knowledge: "Knowledge") -> bool:
    first, second = knowledge.get(left.card_id), knowledge.get(right.card_id)
    if left.card_id == right.card_id:
        return True
    if _BOUNDARY.search(text, left.end, right.start):
        return False
    one_blow = Action.STRIKE
    return (
        right.words.lower() in lexicon.SOUNDING
        or (first.subcategory is second.subcategory and first.sound.action is second.sound.action)
        or first.sound.action is second.sound.action is one_blow
    )


def _only_a_place(group: list["Mention"], knowledge: "Knowledge") -> bool:
    """Whether the words say where and not what, as ``dirt road`` does.

    A bed may be a place, and so may water: the sea is heard by whoever walks along the beach.
    """
    words = [word for mention in group for word in lexicon.tokens(mention.words)]
    row = knowledge.get(group[0].card_id).sound
    sounds = row.action is Action.FILL or row.subcategory is Subcategory.FLOW
    return not sounds and all(word in _PLACES for word in words)


def _call(
    passage: Passage,
    sentence: re.Match[str],
    group: list["Mention"],
    inside: list["Mention"],
    knowledge: "Knowledge",
) -> Call:
    start, end = group[0].start, group[-1].end
    scope = _scope(passage.text, sentence, start, end, [m for m in inside if m not in group])
    cards = [knowledge.get(mention.card_id) for mention in group]
    lead = passage.text[:start].split()[-1:]
    main = _of_its_material(
        _main(cards, scope), " ".join([*lead, passage.text[start:end]]), knowledge
    )
    ids = tuple(dict.fromkeys([main.id, *(card.id for card in cards)]))
    return Call(
        card=main,
        cards=ids,
        words=" ".join(passage.text[start:end].split()),
        scope=scope,
        sentence=" ".join(sentence.group().split()),
        passages=(passage,),
    )


def _scope(
    text: str, sentence: re.Match[str], start: int, end: int, others: list["Mention"]
) -> str:
    """The sentence's words about one sound: up to the first boundary towards its neighbours."""
    left, right = sentence.start(), sentence.end()
    before = max((m.end for m in others if m.end <= start), default=None)
    after = min((m.start for m in others if m.start >= end), default=None)
    if before is not None:
        boundary = _BOUNDARY.search(text, before, start)
        left = boundary.end() if boundary else before
    if after is not None:
        boundary = _BOUNDARY.search(text, end, after)
        right = boundary.start() if boundary else after
    return " ".join(text[left:right].split()).strip(" ,")


def _of_its_material(card: Card, words: str, knowledge: "Knowledge") -> Card:
    """The card, or its row's other one if the words name a material that it can't be made of."""
    other = card.sound.otherwise
    named = lexicon.find(words, lexicon.MATERIALS)  # the first is its own: a plastic bottle
    known = {*card.sound.materials, *(("metal",) if "steel" in card.sound.materials else ())}
    if other is None or not named or lexicon.MATERIALS[named[0]] in known:
        return card
    if card.sound.struck != "glass" and not FALLING.search(words):
        return card  # a wooden hammer on a rail is still a rail
    return next((each for each in knowledge.cards if each.id == other), card)


def _main(cards: list[Card], scope: str) -> Card:
    """The telling card of several: what is struck or trodden on decides, else the first."""
    if cards[0].sound.action is Action.STEPS:
        worn = lexicon.look_up(scope, lexicon.SHOES)
        shod = [card for card in cards if worn and card.performance.variant == worn]
        usual = [card for card in shod if card.sound.card == card.id]
        if usual:  # its level on this ground follows from the ground
            return usual[0]
    surface = lexicon.look_up(scope, lexicon.SURFACES)
    if surface is None or not cards[0].sound.surfaced:
        return cards[0]
    return max(
        cards,
        key=lambda card: (
            card.sound.struck == surface,
            surface in (card.performance.surface, card.performance.material),
            surface in card.surfaces,
        ),
    )


def _same_sound(one: Call, other: Call) -> bool:
    """Whether two calls speak of the same source."""
    if one.is_off_screen != other.is_off_screen:
        return False
    if one.card.id == other.card.id:
        return True
    if one.card.subcategory is not other.card.subcategory:
        return False
    if one.action is Action.STEPS:
        return len(_shoes((one, other))) < 2
    alike = one.card.performance.variant == other.card.performance.variant
    return alike and one.action in (Action.VOICE, Action.PASS, Action.FILL)


def _shoes(calls: Iterable[Call]) -> set[str]:
    named = (lexicon.look_up(call.scope, lexicon.SHOES) for call in calls)
    return {shoe for shoe in named if shoe}


def _together(one: Call, other: Call) -> Call:
    """One call of two: the first one's words, both scopes and passages."""
    told = other.scope in one.scope or len(one.scope) > _MAX_SCOPE
    scope = one.scope if told else f"{one.scope}; {other.scope}"
    return one._replace(
        cards=tuple(dict.fromkeys([*one.cards, *other.cards])),
        scope=scope,
        passages=tuple(dict.fromkeys([*one.passages, *other.passages])),
    )
