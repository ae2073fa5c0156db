"""What a model is shown of the documents: short plain values, rounded, capped."""

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from foley_designer.agents.interfaces import Objection
from foley_designer.core.card import Card
from foley_designer.core.category import Subcategory
from foley_designer.core.mix.features import Diagnosis
from foley_designer.core.mix.mix_plan import MixPlan
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import Moment, Observation, Shot, Track
from foley_designer.core.script.performance import Layer
from foley_designer.core.script.screenplay import ScriptScene
from foley_designer.core.script.sound_event import SoundEvent, SourceKind
from foley_designer.core.script.structured_text import StructuredText
from foley_designer.core.sounds.table import rows_of
from foley_designer.vision.tracking.candidates import candidates

if TYPE_CHECKING:
    from foley_designer.memory.knowledge_base import Knowledge

View = dict[str, Any]

MOST_MOMENTS = 60
MOST_TIMES = 60
PRACTICE_CARDS = 4
"""Cards whose bodies are shown."""


def screenplay_text(scene: ScriptScene | None) -> str:
    """The scene as it is written."""
    if scene is None:
        return ""
    return "\n\n".join(text for text in (scene.heading, *(e.text for e in scene.elements)) if text)


def seen(observation: Observation, start_s: float = 0.0, end_s: float = math.inf) -> View:
    """Shots, tracks and the surest moment of each instant in a stretch."""
    moments = [
        moment
        for moment in candidates(observation, len(observation.moments))
        if start_s <= moment.time_s < end_s
    ]
    surest = sorted(moments, key=lambda m: (-m.confidence, m.time_s))[:MOST_MOMENTS]
    moments = sorted(surest, key=lambda m: (m.time_s, m.id))
    view: View = {
        "duration_s": round(observation.clip.duration_s, 3),
        "shots": [
            _shot(shot)
            for shot in observation.shots
            if shot.start_s < end_s and shot.end_s > start_s
        ],
        "tracks": [
            _track(track)
            for track in observation.tracks
            if track.start_s < end_s and track.end_s >= start_s
        ],
        "moments_are": "id, seconds, kind, confidence, strength, track",
        "moments": [_moment(moment) for moment in moments],
    }
    said = {m.id: m.said_by for m in observation.moments if m.said_by}
    silent = [round(t, 3) for t in observation.silent_s if start_s <= t < end_s]
    return view | ({"sure_by": said} if said else {}) | ({"silent_at": silent} if silent else {})


def _shot(shot: Shot) -> View:
    return {
        "from_s": round(shot.start_s, 2),
        "to_s": round(shot.end_s, 2),
        "size": shot.size.value,
        "camera": shot.camera.value,
        "brightness": round(shot.brightness, 2),
        "motion": round(shot.motion, 3),
    }


def _track(track: Track) -> View:
    return {
        "id": track.id,
        "moves": track.kind.value,
        "label": track.label,
        "from_s": round(track.start_s, 2),
        "to_s": round(track.end_s, 2),
        "from_x": round(track.sightings[0].box.x, 2),
        "to_x": round(track.sightings[-1].box.x, 2),
        "distance_m": round(track.sightings[0].distance_m, 1),
    }


def _moment(moment: Moment) -> list[Any]:
    return [
        moment.id,
        round(moment.time_s, 3),
        moment.kind.value,
        round(moment.confidence, 2),
        round(moment.strength, 2),
        moment.track_id,
    ]


class Picture(NamedTuple):
    """A picture that a seeing model is shown."""

    name: str | bytes
    """File name in one of the pictures' folders, or a JPEG file's bytes."""
    caption: str


def keyframes(observation: Observation) -> tuple[Picture, ...]:
    """The middle keyframe of every shot."""
    return tuple(
        Picture(shot.keyframes[len(shot.keyframes) // 2], f"Shot {shot.index + 1}:")
        for shot in observation.shots
        if shot.keyframes
    )


def mel_name(diagnosis: Diagnosis) -> str:
    """File name of the mel picture of what was measured."""
    return f"mel_{diagnosis.hash[:16]}.png"


def mel(diagnosis: Diagnosis, what: str) -> tuple[Picture, ...]:
    """The mel picture of what was measured, such as ``the takes``."""
    caption = f"Mel spectrograms of {what}, one lane a track, at their faders:"
    return (Picture(mel_name(diagnosis), caption),)


class Sound(NamedTuple):
    """A sound that a hearing model is sent."""

    name: str | bytes
    """File name in one of the pictures' folders, or a WAV file's bytes."""
    caption: str = ""


MIX = "mix"
MOST_SOUNDS = 8
"""Sounds of one question, the sum among them."""


def heard_name(diagnosis: Diagnosis, event_id: str) -> str:
    """File name of a track as a model hears it; `MIX` for their sum."""
    return f"heard_{diagnosis.hash[:16]}_{event_id}.wav"


def heard(
    script: FoleyScript, diagnosis: Diagnosis, what: str, only: Sequence[str] = ()
) -> tuple[Sound, ...]:
    """The sum of the tracks, and each by itself, foreground first.

    Args:
        script: what sounds.
        diagnosis: of the takes or stems.
        what: they are, such as ``the takes``.
        only: ids of the events to hear; none hears all.
    """
    events = sorted(
        (event for event in script.events if not only or event.id in only),
        key=lambda event: event.layer is not Layer.FOREGROUND,
    )
    alone = [
        Sound(heard_name(diagnosis, event.id), f"{event.id} alone, at its fader:")
        for event in events[: MOST_SOUNDS - 1]
    ]
    return (Sound(heard_name(diagnosis, MIX), f"All of {what} at their faders:"), *alone)


def sounds(knowledge: "Knowledge") -> View:
    """All cards by kind: how they are timed, and the words for how their kind is played."""
    kinds: dict[Subcategory, list[Card]] = {}
    for card in knowledge.cards:
        kinds.setdefault(card.subcategory, []).append(card)
    return {kind.value: _kind(cards) for kind, cards in kinds.items()}


def _kind(cards: Sequence[Card]) -> View:
    rows = rows_of(cards[0].subcategory)
    shown = {
        "hits": " ".join(card.id for card in cards if card.impulsive),
        "spans": " ".join(card.id for card in cards if not card.impulsive),
        "surfaces": " ".join(_words(row.surfaces for row in rows if row.surfaced)),
        "materials": " ".join(_words(row.materials for row in rows if row.made_of)),
    }
    return {name: text for name, text in shown.items() if text}


def _words(groups: Iterable[Sequence[str]]) -> dict[str, None]:
    return dict.fromkeys(word for group in groups for word in group)


def practice(brief: Brief, knowledge: "Knowledge") -> list[View]:
    """How the sounds that the words call for are performed: named cards, then near ones."""
    text = f"{brief.description or ''}\n{screenplay_text(brief.scene)}"
    named = [mention.card_id for mention in knowledge.match(text)]
    near = [found.card.id for found in knowledge.search(text[:500], PRACTICE_CARDS)]
    ids = tuple(dict.fromkeys([*named, *near]))[:PRACTICE_CARDS]
    return [card_view(knowledge.get(card_id)) for card_id in ids]


def card_view(card: Card) -> View:
    """One card with its body."""
    return {"card": card.id, "surfaces": card.surfaces, "practice": card.body}


def event_view(event: SoundEvent) -> View:
    """One event in the words that a model answers in, without what is unset."""
    play = event.performance
    view: View = {
        "event": event.id,
        "label": event.label,
        "description": event.description,
        "card": event.cards[0] if event.cards else None,
        "subcategory": event.subcategory.value,
        "layer": event.layer.value,
        "hits": [[round(hit.time_s, 3), round(hit.strength, 2)] for hit in event.hits[:MOST_TIMES]],
        "spans": [[round(span.start_s, 3), round(span.end_s, 3)] for span in event.spans],
        "track": event.source.track_id,
        "on_screen": event.source.on_screen,
        "azimuth_deg": round(event.source.azimuth_deg, 1),
        "around": event.source.kind is SourceKind.AROUND,
        "distance_m": event.source.distance_m,
        "variant": play.variant,
        "surface": play.surface,
        "material": play.material,
        "mood": play.mood,
        "force": play.force,
        "size": play.size,
        "reason": event.reason,
    }
    return {name: value for name, value in view.items() if value not in (None, "", [])}


def text_view(text: StructuredText) -> View:
    """T."""
    return {
        "summary": text.summary,
        "space": text.space.value,
        "tone": text.tone.model_dump(mode="json"),
        "events": [event_view(event) for event in text.events],
    }


def script_view(script: FoleyScript) -> View:
    """S."""
    return {
        "summary": script.summary,
        "space": script.space.value,
        "tone": script.tone.model_dump(mode="json"),
        "events": [event_view(event) for event in script.events],
    }


def story(script: FoleyScript) -> View:
    """What happens and in which tone, for those who mix."""
    return {"summary": script.summary, "tone": script.tone.model_dump(mode="json")}


def objection_views(objections: Sequence[Objection]) -> list[View]:
    """What was objected to."""
    return [objection.model_dump(mode="json", exclude_defaults=True) for objection in objections]


def track_views(script: FoleyScript, diagnosis: Diagnosis, plan: MixPlan | None) -> list[View]:
    """Every track: what it is, what was measured, what hides it, what is planned."""
    planned = {track.event_id: track for track in plan.tracks} if plan else {}
    views = []
    for event in script.events:
        features = diagnosis.of(event.id)
        view = {
            "event": event.id,
            "label": event.label,
            "subcategory": event.subcategory.value,
            "layer": event.layer.value,
            "description": event.description,
            "on_screen": event.source.on_screen,
            "sounds_like": list(features.heard) or None,
            "distance_m": features.distance_m or event.source.distance_m,
            "space": script.space_of(event).value if script.settings else None,
            "loudness_lufs": features.integrated_lufs,
            "true_peak_dbtp": features.true_peak_dbtp,
            "rt60_s": features.rt60_s,
            "octaves_from_31_hz_db": [round(level) for level in features.band_db],
            "hidden_by": {
                masker: round(share, 2)
                for masker, share in diagnosis.masking.get(event.id, {}).items()
                if share >= 0.1
            },
        }
        if event.id in planned:
            track = planned[event.id]
            view["plan"] = track.model_dump(mode="json", exclude_defaults=True)
        views.append({key: _rounded(value) for key, value in view.items() if value is not None})
    return views


def _rounded(value: Any) -> Any:
    """Floats to two places."""
    return round(value, 2) if isinstance(value, float) else value
