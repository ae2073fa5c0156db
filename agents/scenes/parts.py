"""Taking a film apart into its scenes, and putting what was written of them together."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from foley_designer.agents.interfaces import Objection
from foley_designer.agents.scribe.ordering import numbered
from foley_designer.agents.scribe.setting import shot_descriptions
from foley_designer.core.category import Subcategory
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.excerpt import events_within, excerpt, later, words_within
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.scene import FilmScene
from foley_designer.core.script.setting import Setting, Tone
from foley_designer.core.script.sound_event import SoundEvent, Span
from foley_designer.core.script.structured_text import StructuredText
from foley_designer.core.space import ACOUSTICS, Space

_OF_SCENE = re.compile(r"_s[0-9]+$")
MAX_ID = 48
"""Characters of an event's id."""


class Part(NamedTuple):
    """One scene as a clip of its own."""

    scene: FilmScene
    brief: Brief

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.scene.end_s - self.scene.start_s

    def text(self, whole: StructuredText) -> StructuredText | None:
        """What T says of this scene; None if it says nothing."""
        setting = next((one for one in whole.settings if one.scene == self.scene.id), None)
        if setting is None:
            return None
        return whole.model_copy(
            update={
                "space": setting.space,
                "outdoors": ACOUSTICS[setting.space].outdoors,
                "tone": setting.tone,
                "settings": (),
                "events": events_within(whole.events, self.scene.start_s, self.scene.end_s),
                "open_points": (),
            }
        )

    def script(self, whole: FoleyScript) -> FoleyScript | None:
        """The script of this scene; None if nothing sounds in it."""
        setting = next((one for one in whole.settings if one.scene == self.scene.id), None)
        events = events_within(whole.events, self.scene.start_s, self.scene.end_s)
        if setting is None or not events:
            return None
        return whole.model_copy(
            update={
                "clip": self.brief.observation.clip,
                "space": setting.space,
                "tone": setting.tone,
                "settings": (),
                "events": events,
                "notes": (),
            }
        )

    def concerns(self, objection: Objection, events: Sequence[SoundEvent]) -> bool:
        """Whether an objection is about this scene."""
        if objection.scene is not None:
            return objection.scene == self.scene.id
        ids = {event.id for event in events}
        moments = {moment.id for moment in self.brief.observation.moments}
        return objection.event_id in ids or not moments.isdisjoint(objection.moment_ids)


def parts_of(brief: Brief) -> tuple[Part, ...]:
    """The scenes in which something can sound; none if all is one scene."""
    return tuple(
        Part(
            scene,
            brief.model_copy(
                update={
                    "observation": excerpt(brief.observation, scene.start_s, scene.end_s),
                    "scene": words_within(scene.text, scene),
                    "description": None,
                    "scenes": (),
                    "starts_s": scene.start_s,
                }
            ),
        )
        for scene in brief.scenes
        if scene.has_film
    )


def together(brief: Brief, written: Sequence[tuple[Part, StructuredText]]) -> StructuredText:
    """T of the film from T of its scenes."""
    longest = max(written, key=lambda item: item[0].seconds)[1]
    whole = sum(part.seconds for part, _ in written)
    tones = [(part.seconds / whole, text.tone) for part, text in written]
    summaries = dict.fromkeys(text.summary for part, text in written if part.scene.text is not None)
    told = brief.description or " ".join(summaries)
    return StructuredText(
        summary=(told or longest.summary)[:2000],
        shots=shot_descriptions(brief.observation),
        space=longest.space,
        outdoors=longest.outdoors,
        tone=Tone(
            valence=sum(share * tone.valence for share, tone in tones),
            arousal=sum(share * tone.arousal for share, tone in tones),
            words=tuple(dict.fromkeys(word for _, tone in tones for word in tone.words))[:6],
        ),
        settings=tuple(_setting(part.scene, text.space, text.tone) for part, text in written),
        events=merged([(part, text.space, text.events) for part, text in written]),
        open_points=tuple(dict.fromkeys(p for _, text in written for p in text.open_points)),
    )


def _setting(scene: FilmScene, space: Space, tone: Tone) -> Setting:
    return Setting(
        scene=scene.id,
        title=scene.title,
        start_s=scene.start_s,
        end_s=scene.end_s,
        place=scene.place,
        space=space,
        tone=tone,
    )


def merged(
    written: Sequence[tuple[Part, Space, tuple[SoundEvent, ...]]],
) -> tuple[SoundEvent, ...]:
    """The events of all scenes on the film's time; what is one sound of one place is one event.

    New events get their scene's id behind their own, so that a scene that is written anew leaves
    the events of the others as they are.
    """
    found: dict[str, SoundEvent] = {}
    ambiences: dict[tuple[object, ...], str] = {}
    for part, space, events in written:
        scene = part.scene
        for event in later(events, scene.start_s, scene.end_s):
            named = _named(event, scene)
            key = (scene.place, space, named.subcategory, named.cards[:1], named.performance)
            if named.subcategory is Subcategory.AMBIENCE and named.id not in found:
                named = named.model_copy(update={"id": ambiences.setdefault(key, named.id)})
            known = found.get(named.id)
            found[named.id] = _joined(known, named) if known else named
    return numbered(tuple(found.values()))


def _named(event: SoundEvent, scene: FilmScene) -> SoundEvent:
    if _OF_SCENE.search(event.id):
        return event
    stem = event.id[: MAX_ID - len(scene.id) - 1].rstrip("_")
    return event.model_copy(update={"id": f"{stem}_{scene.id}"})


def _joined(one: SoundEvent, other: SoundEvent) -> SoundEvent:
    """Both events as one; spans that meet at a cut become one, so that nothing fades there."""
    spans: list[Span] = []
    for span in sorted((*one.spans, *other.spans), key=lambda s: s.start_s):
        if spans and span.start_s <= spans[-1].end_s + 2e-3:
            spans[-1] = spans[-1].model_copy(update={"end_s": max(span.end_s, spans[-1].end_s)})
        else:
            spans.append(span)
    hits = tuple(sorted((*one.hits, *other.hits), key=lambda h: h.time_s))
    return one.model_copy(update={"spans": tuple(spans), "hits": hits})
