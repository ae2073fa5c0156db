"""Sounds that a request names: what replaces another, what is played otherwise, what is new."""

import re
from typing import TYPE_CHECKING

from foley_designer.agents import lexicon
from foley_designer.agents.reviser.grammar.chunk import LostError
from foley_designer.agents.reviser.speech import take, words_of
from foley_designer.agents.scribe.ordering import slug
from foley_designer.agents.scribe.wording import performance_of
from foley_designer.core.card import Card
from foley_designer.core.category import Subcategory
from foley_designer.core.revision.operations import AddEvent, ChangePerformance, ReplaceSound
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.performance import Layer
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, SourceKind, Span
from foley_designer.core.sounds.model import Action
from foley_designer.core.sounds.table import sound_of

if TYPE_CHECKING:
    from foley_designer.memory.knowledge_base import Knowledge

SIDE_DEG = 30.0
"""Where "on the left" is."""
EVERY_S = 3.0
"""Mean distance of background hits that are given no time."""
GOLDEN = 0.618034
OFF_SCREEN_M = 8.0
"""Nearest that a sound "outside" is put."""
FARTHEST_M = 20_000.0
_S = r"(?:s|secs?|seconds?)"
_SPAN = rf"(?:from|between) (\d+(?:\.\d+)?) ?{_S}? (?:to|until|till) (\d+(?:\.\d+)?) ?{_S}"
_AT = rf"(?:at|around|from) (\d+(?:\.\d+)?) ?{_S}(?: in)?"
_SIDE = r"(?:(?:on|to|from) the )?(left|right)(?: side)?"
_OUTSIDE = r"outside|outdoors|off screen|in the distance|distant|far away|far off"
_LAYER = r"in the (background|foreground)"
_SMALL = words_of("a an the some of it in on at to from with sound sounds noise little more")


def changed_play(words: str, subcategory: Subcategory | None = None) -> dict[str, str]:
    """Fields of a performance that words name and nothing but them: ``on concrete``, ``sneakers``.

    Returns:
        Nothing if a word is neither shoe, surface nor material.
    """
    fields: dict[str, str] = {}
    steps = subcategory is not None and sound_of(subcategory).action is Action.STEPS
    for word in lexicon.tokens(words):
        if word in _SMALL or word in ("made", "floor", "high", "ground", "surface", "only"):
            continue
        if word in lexicon.SHOES and subcategory in (None, Subcategory.HUMAN_STEPS):
            fields["variant"] = lexicon.SHOES[word]
        elif word in lexicon.SURFACES and (steps or word not in lexicon.MATERIALS):
            fields["surface"] = lexicon.SURFACES[word]
        elif word in lexicon.MATERIALS:
            fields["material"] = lexicon.MATERIALS[word]
        else:
            return {}
    return fields


def card_for(words: str, knowledge: "Knowledge") -> Card | None:
    """The card that words call up: by a trigger, by its variant, or by its subcategory's name."""
    mentions = knowledge.match(words)
    if mentions:
        longest = max(mentions, key=lambda mention: mention.end - mention.start)
        return knowledge.get(longest.card_id)
    spoken = [token for token in lexicon.tokens(words) if token not in _SMALL]
    for card in knowledge.cards:
        names = {card.performance.variant, card.subcategory.value, *card.id.split("-")[1:]}
        if any(word in names or word.removesuffix("s") in names for word in spoken):
            return card
    return None


def replacement(event: SoundEvent, words: str, knowledge: "Knowledge") -> ReplaceSound:
    """Another sound in an event's place.

    Raises:
        LostError: no card knows the words.
    """
    card = card_for(words, knowledge)
    name = bare(words)
    if card is None or not name:
        raise LostError(f"No knowledge card tells how {words!r} sounds.")
    return ReplaceSound(
        event_id=event.id,
        label=name[:80],
        description=f"{name[:1].upper()}{name[1:]}, in the place of {event.label}."[:500],
        subcategory=card.subcategory,
        performance=performance_of(card, words),
        cards=(card.id,),
        reason=f"{name} instead of {event.label}",
    )


def playing(event: SoundEvent, fields: dict[str, str], reason: str) -> ChangePerformance:
    """The same sound played otherwise."""
    return ChangePerformance(event_id=event.id, reason=reason, **fields)


def addition(
    words: str, script: FoleyScript, knowledge: "Knowledge", taken: frozenset[str]
) -> AddEvent:
    """A new event, with its time, side, distance and layer as the words say.

    Args:
        words: such as ``a dog barking at 2 s on the left``.
        script: what there is already.
        knowledge: cards that tell how it sounds.
        taken: ids in use by additions before.

    Raises:
        LostError: no card knows the words, or a time lies outside of the clip.
    """
    stretch, rest = take(words, _SPAN)
    at, rest = (None, rest) if stretch else take(rest, _AT)
    side, rest = take(rest, _SIDE)
    layer, rest = take(rest, _LAYER)
    outside, name = take(rest, _OUTSIDE)
    name = bare(name)
    card = card_for(name, knowledge)
    if card is None or not name:
        raise LostError(f"No knowledge card tells how {words!r} sounds.")
    end_s = script.clip.duration_s
    start = float(stretch[1]) if stretch else float(at[1]) if at else None
    stop = min(float(stretch[2]), end_s) if stretch else end_s
    if (start or 0.0) >= stop:
        raise LostError(f"{start:g} s lies outside of the clip, which has {end_s:.2f} s.")
    hits, spans = _times(card, start, stop)
    event = SoundEvent(
        id=free_id(name, script, taken),
        label=name[:80],
        description=f"{words[:1].upper()}{words[1:]}."[:500],
        subcategory=card.subcategory,
        layer=Layer(layer[1]) if layer else card.layer,
        hits=hits,
        spans=spans,
        source=_source(card, side[1] if side else "", away=outside is not None),
        performance=performance_of(card, words),
        cards=(card.id,),
        reason="Asked for.",
    )
    return AddEvent(event=event, reason=f"add {words}")


def bare(words: str) -> str:
    """Words without the small ones at their ends."""
    text = re.sub(r"^(?:(?:some|a|an|the|of|with|to|sound|sounds|noise)\b ?)+", "", words.strip())
    return re.sub(r"(?: (?:too|as well|in|on|at|of|the|please))+$", "", text).strip(" ,.")


def _times(
    card: Card, start: float | None, stop: float
) -> tuple[tuple[Hit, ...], tuple[Span, ...]]:
    """Hits or spans by what the sound is; without a time, all along the clip.

    Raises:
        LostError: a sound of one instant has no time.
    """
    force = card.performance.force
    if not card.impulsive:
        return (), (Span(start_s=start or 0.0, end_s=stop, intensity=force),)
    if start is not None:
        return (Hit(time_s=start, strength=force),), ()
    if card.layer is Layer.FOREGROUND:
        raise LostError(f'When? Say a time, such as "{card.title.lower()} at 2 s".')
    # Now and then through the clip, at distances that don't settle into a beat.
    times, time_s = [], 0.3 * EVERY_S
    while time_s < stop:
        times.append(round(time_s, 3))
        time_s += EVERY_S * (0.6 + 0.8 * ((len(times) * GOLDEN) % 1.0))
    return tuple(Hit(time_s=time, strength=force) for time in times or [0.0]), ()


def _source(card: Card, side: str, *, away: bool) -> Source:
    if card.sound.around and not side:
        return Source(kind=SourceKind.AROUND, on_screen=False)
    nearest = OFF_SCREEN_M if away else 0.0
    return Source(
        kind=SourceKind.POINT,
        azimuth_deg={"left": SIDE_DEG, "right": -SIDE_DEG}.get(side, 0.0),
        distance_m=min(max(card.distance_m, nearest), FARTHEST_M),
        on_screen=False,
    )


def free_id(name: str, script: FoleyScript, taken: frozenset[str]) -> str:
    """The next number and the name, as the scribe gives them."""
    used = {event.id for event in script.events} | taken
    numbers = [int(key[1:3]) for key in used if re.match(r"e\d\d", key)]
    return slug(max(numbers, default=len(used)) + 1, name)
