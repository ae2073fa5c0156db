"""Continuity: what the scenes' scripts decide goes into the bible, and the bible into all scripts.

The first scene that says something of a character, a place or a prop decides for those after it;
what only had to be chosen is a guess, which a later scene's words overrule.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from foley_designer.core.category import Subcategory
from foley_designer.core.note import Note, NoteKind
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.performance import Layer, Performance
from foley_designer.core.script.screenplay import ElementKind
from foley_designer.core.script.sound_event import Hit, SoundEvent, SourceKind
from foley_designer.core.sounds.table import rows_of
from foley_designer.film.bible import Bible, Change, Character, Gait, Place, Prop
from foley_designer.film.model import DesignedScene, Wish
from foley_designer.screenplay.names import slug, who

STEP = "continuity"
AT_CUT_S = 0.1
"""Time within which a bed's end is the cut's: shots are found to a frame or two."""
LIMP = 0.6
"""Strength of a limping walker's weak foot against the other one."""
WEIGHTS = (0.5, 0.4, 0.6, 0.35, 0.65, 0.45, 0.55)
"""Weights of people of whom no words say one, in the order in which they appear: the same shoes on
the same ground shall still be two walkers."""
_USUAL_SIZE = Performance().size
_GAITS: dict[str, Gait] = {
    r"limp(s|ing)?\b": "limps",
    r"shuffl(es?|ing)\b": "shuffles",
    r"tiptoe(s|ing)?\b": "tiptoes",
    r"stamp(s|ing)?\b|stomp(s|ing)?\b": "stamps",
}
_PRONOUN = re.compile(r"\b(he|she|they)\b", re.IGNORECASE)
_DRESSES = re.compile(
    r"\b(wears?|puts? on|chang\w+ (in)?to|takes? off|from (here|now) on|from this point on)\b",
    re.IGNORECASE,
)
_FORCE: dict[Gait, float] = {"shuffles": 0.8, "tiptoes": 0.5, "stamps": 1.4}
"""How hard steps of a gait are, against walking."""
_PROPS = frozenset(
    {
        Subcategory.OBJECT_IMPACT,
        Subcategory.METAL_IMPACT,
        Subcategory.HANDLING,
        Subcategory.DOOR,
        Subcategory.FRICTION,
    }
)


class Said(NamedTuple):
    """What words say of a character."""

    name: str
    field: str
    """``gait`` or ``shoes``."""
    value: str


class Written(NamedTuple):
    """A scene with the script that was written of it alone."""

    scene: DesignedScene
    script: FoleyScript


def owner(event: SoundEvent, scene: DesignedScene, names: Sequence[str]) -> str | None:
    """Whose feet or clothes an event is.

    Its sentence says so; else it is that of the one character that the scene names.
    """
    if event.subcategory not in (Subcategory.HUMAN_STEPS, Subcategory.CLOTH):
        return None
    found = who(names, event.label, event.description)
    if found is not None:
        return found
    words = scene.text.action if scene.text else ""
    here = [name for name in names if re.search(rf"\b{re.escape(name)}\b", words, re.IGNORECASE)]
    return here[0] if len(here) == 1 else None


def collect(
    written: Sequence[Written],
    names: Sequence[str],
    known: Bible | None,
    wishes: Sequence[Wish] = (),
) -> Bible:
    """The bible of the film: what stands in it, and what the scenes add in their order.

    Args:
        written: the scenes with their own scripts.
        names: characters' names.
        known: the bible as it stands.
        wishes: of which those that say something of a character hold from their scene on.
    """
    bible = known or Bible()
    people, places, props = dict(bible.characters), dict(bible.places), dict(bible.props)
    for scene, script in written:
        places.setdefault(scene.place, _place(scene, script))
        for event in script.events:
            if event.subcategory is Subcategory.AMBIENCE and places[scene.place].ambience is None:
                place = places[scene.place].model_copy(
                    update={"ambience": event.performance.variant}
                )
                places[scene.place] = place
            name = owner(event, scene, names)
            if name is not None:
                person = people.get(slug(name)) or _new(name, len(people))
                people[slug(name)] = _heard(person, event)
            play = event.performance
            if event.subcategory in _PROPS and play.variant and play.material:
                said = _says(event, play.material)
                old = props.get(play.variant)
                if old is None or ("material" in old.guessed and said):
                    guessed = () if said else ("material",)
                    props[play.variant] = Prop(material=play.material, guessed=guessed)
        _changes(people, scene, names, wishes)
    return Bible(characters=people, places=places, props=props)


def is_cut_bed(event: SoundEvent, length_s: float) -> bool:
    """Whether an event is a bed that does not last as long as its scene."""
    around = event.layer is Layer.BACKGROUND and event.source.kind is SourceKind.AROUND
    whole = any(s.start_s < AT_CUT_S and s.end_s > length_s - AT_CUT_S for s in event.spans)
    return around and bool(event.spans) and not whole


def _through(event: SoundEvent, cuts: Sequence[float], length_s: float) -> SoundEvent:
    """A bed that began or ended with a shot, through the cuts to the scene's ends."""

    def at_cut(time_s: float) -> bool:
        return any(abs(time_s - cut) < AT_CUT_S for cut in cuts)

    first, last = event.spans[0], event.spans[-1]
    start_s = 0.0 if at_cut(first.start_s) else first.start_s
    end_s = length_s if at_cut(last.end_s) else last.end_s
    if (start_s, end_s) == (first.start_s, last.end_s):
        return event
    span = first.model_copy(update={"start_s": start_s, "end_s": end_s})
    return event.model_copy(update={"spans": (span,)})


def apply(
    written: Written,
    bible: Bible,
    names: Sequence[str],
    order: Mapping[str, int],
    cuts: Sequence[float] = (),
) -> FoleyScript:
    """A scene's script with the film's characters, places and props; what changed is noted.

    Args:
        written: the scene and its own script.
        bible: of the film.
        names: characters' names.
        order: each scene's place in the film.
        cuts: seconds at which the scene's shots change: beds go on through them.
    """
    scene, script = written
    place = bible.places.get(scene.place)
    events, changed = [], []
    for event in script.events:
        now = _with_owner(event, owner(event, scene, names), bible, scene.id, order)
        now = _with_prop(now, bible)
        if is_cut_bed(now, script.clip.duration_s):
            now = _through(now, cuts, script.clip.duration_s)
        if place is not None and event.subcategory is Subcategory.AMBIENCE:
            now = _with_place(now, place)
        if now != event:
            changed.append(event.label)
        events.append(now)
    update: dict[str, object] = {"events": tuple(events)}
    if place is not None:
        settings = tuple(one.model_copy(update={"space": place.space}) for one in script.settings)
        update |= {"space": place.space, "settings": settings}
        if place.space is not script.space:
            changed.append(f"space {script.space.value} → {place.space.value}")
    if changed:
        text = f"Held to the film's bible: {', '.join(dict.fromkeys(changed))[:300]}."
        note = Note(kind=NoteKind.DECISION, step=STEP, text=text)
        update["notes"] = (*script.notes, note)
    return script.model_copy(update=update)


def guesses(bible: Bible) -> tuple[str, ...]:
    """What nobody said, in words."""
    kinds: tuple[tuple[str, Mapping[str, Character | Place | Prop]], ...] = (
        ("characters", bible.characters),
        ("places", bible.places),
        ("props", bible.props),
    )
    return tuple(
        f"{kind}.{key}: {', '.join(entry.guessed)}"
        for kind, entries in kinds
        for key, entry in entries.items()
        if entry.guessed
    )


def _place(scene: DesignedScene, script: FoleyScript) -> Place:
    said = bool(scene.text and scene.text.place)
    guessed = ("ambience",) if said else ("space", "ambience")
    return Place(title=scene.title, space=script.space, guessed=guessed)


def _says(event: SoundEvent, word: str) -> bool:
    """Whether the words that an event came from name something, singular or plural."""
    plain = word.replace("_", " ").rstrip("s")
    return re.search(rf"\b{re.escape(plain)}", event.description, re.IGNORECASE) is not None


def _new(name: str, others: int) -> Character:
    """Somebody of whom nothing is said yet."""
    return Character(name=name, weight=WEIGHTS[others % len(WEIGHTS)], guessed=("weight",))


def _heard(now: Character, event: SoundEvent) -> Character:
    """The character with what an event says; words overrule a guess, and nothing else."""
    play = event.performance
    steps = event.subcategory is Subcategory.HUMAN_STEPS
    if steps and "weight" in now.guessed and play.size != _USUAL_SIZE:
        rest = tuple(one for one in now.guessed if one != "weight")
        now = now.model_copy(update={"weight": play.size, "guessed": rest})
    field, value = ("shoes", play.variant) if steps else ("cloth", play.material)
    if value is None:
        return now
    said = _says(event, value)
    standing = getattr(now, field)
    if standing is None or (field in now.guessed and said):
        rest = tuple(one for one in now.guessed if one != field)
        update = {field: value, "guessed": rest if said else (*rest, field)}
        now = now.model_copy(update=update)
    return now


def said_of(text: str, names: Sequence[str], last: str | None = None) -> Said | None:
    """What a sentence says of how somebody goes, or goes shod, from there on.

    Args:
        text: the sentence.
        names: characters' names.
        last: who was named last before it: whom "she" means.
    """
    for pattern, gait in _GAITS.items():
        if match := re.search(pattern, text, re.IGNORECASE):
            name = who(names, match.group(), text) or (last if _PRONOUN.search(text) else None)
            healed = re.search(r"no longer|not any ?more|stops?|without", text, re.IGNORECASE)
            return Said(name, "gait", "walks" if healed else gait) if name else None
    if _DRESSES.search(text):
        shoes = next((v for v in _shoes() if re.search(rf"\b{v[:-1]}", text, re.I)), None)
        name = who(names, "", text) or (last if _PRONOUN.search(text) else None)
        return Said(name, "shoes", shoes) if name and shoes else None
    return None


@cache
def _shoes() -> tuple[str, ...]:
    return tuple(row.variant for row in rows_of(Subcategory.HUMAN_STEPS) if row.variant)


def _changes(
    people: dict[str, Character],
    scene: DesignedScene,
    names: Sequence[str],
    wishes: Sequence[Wish],
) -> None:
    """What a scene's sentences, and its markers, say of characters from that scene on."""
    told: list[Said] = []
    last: str | None = None
    for element in scene.text.elements if scene.text else ():
        if element.kind is not ElementKind.ACTION:
            continue
        for sentence in re.split(r"(?<=[.!?])\s+", element.text):
            said = said_of(sentence, names, last)
            if said is not None and said.field == "gait":
                told.append(said)
            last = _named(sentence, names) or last
    told += [
        said
        for one in wishes
        if one.scene == scene.id and (said := said_of(one.text, names)) is not None
    ]
    for said in told:
        key = slug(said.name)
        person = people.get(key) or _new(said.name, len(people))
        here = [change for change in person.changes if change.scene == scene.id]
        if all(getattr(change, said.field) is None for change in here):
            change = Change.model_validate({"scene": scene.id, said.field: said.value})
            person = person.model_copy(update={"changes": (*person.changes, change)})
        people[key] = person


def _named(sentence: str, names: Sequence[str]) -> str | None:
    """The name that a sentence says last."""
    places = [
        (match.start(), name)
        for name in names
        for match in re.finditer(rf"\b{re.escape(name)}\b", sentence, re.IGNORECASE)
    ]
    return max(places)[1] if places else None


def _with_owner(
    event: SoundEvent, name: str | None, bible: Bible, scene: str, order: Mapping[str, int]
) -> SoundEvent:
    person = bible.characters.get(slug(name)) if name else None
    if person is None:
        return event
    now = person.at(scene, order)
    if event.subcategory is Subcategory.CLOTH:
        return _playing(event, {"material": now.cloth or event.performance.material})
    force = min(1.0, event.performance.force * _FORCE.get(now.gait, 1.0))
    play = {
        "variant": now.shoes or event.performance.variant,
        "size": now.weight,
        "force": force,
    }
    played = _playing(event, play)
    return _limping(played) if now.gait == "limps" else played


def _with_prop(event: SoundEvent, bible: Bible) -> SoundEvent:
    prop = bible.props.get(event.performance.variant or "")
    if prop is None or event.subcategory not in _PROPS:
        return event
    return _playing(event, {"material": prop.material})


def _with_place(event: SoundEvent, place: Place) -> SoundEvent:
    gain_db = min(24.0, max(-40.0, event.gain_db + place.ambience_db))
    played = _playing(event, {"variant": place.ambience or event.performance.variant})
    return played.model_copy(update={"gain_db": gain_db})


def _playing(event: SoundEvent, fields: Mapping[str, object]) -> SoundEvent:
    play = event.performance.model_dump() | dict(fields)
    return event.model_copy(update={"performance": Performance.model_validate(play)})


def _limping(event: SoundEvent) -> SoundEvent:
    """Every second step falls weaker."""
    hits: list[Hit] = []
    for number, hit in enumerate(event.hits):
        strength = hit.strength * (LIMP if number % 2 else 1.0)
        hits.append(hit.model_copy(update={"strength": strength}))
    return event.model_copy(update={"hits": tuple(hits)})
