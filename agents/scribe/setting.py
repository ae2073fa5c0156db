"""Where, when and in which tone the scene plays, and the bed that lies under it."""

from foley_designer.agents import lexicon
from foley_designer.agents.scribe.calls import Call
from foley_designer.core.category import Subcategory
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.observation import MotionKind, Observation, PlaceTrait, Shot
from foley_designer.core.script.setting import Tone
from foley_designer.core.space import ACOUSTICS, Space

_GROUND = frozenset({"gravel", "dirt", "mud", "sand", "snow", "ice", "grass", "leaves"})
_CROSS_COUNTRY = frozenset({"train", "boat", "aircraft", "race"})
"""Vehicles that do not drive along streets."""
_NIGHT = frozenset({"night", "midnight", "evening", "dusk"})
_DARK = 0.15
_OPEN = (
    PlaceTrait.SKY,
    PlaceTrait.GREEN,
    PlaceTrait.SNOW,
    PlaceTrait.SAND,
)
"""Traits that only the open has."""


def space_of(brief: Brief, calls: tuple[Call, ...]) -> Space:
    """The space: by the heading's place, the description, the action, then by sounds and frames.

    Words are believed; where they name places of both sides, sure frames say which is meant.
    """
    scene = brief.scene
    interior = scene.interior if scene else None
    if interior is None:
        interior = _told_interior(brief)
    texts = (scene.place if scene else "", brief.description or "", scene.action if scene else "")
    outside = is_outdoors(brief.observation)
    sides = (
        (interior,) if interior is not None else (None if outside is None else not outside, None)
    )
    for side in sides:
        named = (lexicon.look_up(text, _places(side)) for text in texts if text)
        if found := next((space for space in named if space is not None), None):
            return found
    return _inferred(calls, interior, brief.observation)


def _places(interior: bool | None) -> dict[str, Space]:
    """Words for places of one side, or of both."""
    return {
        word: space
        for word, space in lexicon.SPACES.items()
        if interior is None or ACOUSTICS[space].outdoors is not interior
    }


def is_outdoors(observation: Observation) -> bool | None:
    """Whether the frames show the open; None if they do not tell.

    Sky, greenery, snow and sand that are surely seen are of the open, whatever its light.
    """
    if any(shows(observation, trait) for trait in _OPEN):
        return True
    return shows(observation, PlaceTrait.OUTDOORS)


def shows(observation: Observation, trait: PlaceTrait) -> bool | None:
    """Whether most of the clip shows a trait of its place; None if that is not known."""
    answers = [(shot.shows(trait), shot.end_s - shot.start_s) for shot in observation.shots]
    total = sum(length for _, length in answers)
    for answer in (True, False):
        if sum(length for one, length in answers if one is answer) > 0.5 * total:
            return answer
    return None


def _told_interior(brief: Brief) -> bool | None:
    """Whether words such as ``indoor`` settle it."""
    text = brief.description or ""
    if lexicon.find(text, {"indoor", "indoors", "interior"}):
        return True
    return False if lexicon.find(text, {"outdoor", "outdoors"}) else None


def _inferred(calls: tuple[Call, ...], interior: bool | None, observation: Observation) -> Space:
    """A space from the sounds that are called for, then from the frames; else unknown."""
    if interior:
        return Space.LIVING_ROOM
    grounds = {lexicon.look_up(call.scope, lexicon.SURFACES) for call in calls}
    vehicles = {
        call.card.performance.variant
        for call in calls
        if call.card.subcategory is Subcategory.VEHICLE
    }
    if vehicles - _CROSS_COUNTRY and not grounds & _GROUND:
        return Space.STREET
    outside = bool(grounds & _GROUND) or any(call.card.sound.outdoors for call in calls)
    if outside or interior is False:
        return Space.OPEN_FIELD
    outdoors = is_outdoors(observation)
    if outdoors is None:
        return Space.UNKNOWN
    return _seen_outside(observation) if outdoors else Space.LIVING_ROOM


def _seen_outside(observation: Observation) -> Space:
    """Which kind of the open the frames show."""
    green, sky = (shows(observation, trait) for trait in (PlaceTrait.GREEN, PlaceTrait.SKY))
    return Space.FOREST if green and sky is False else Space.OPEN_FIELD


def tone_of(brief: Brief) -> Tone:
    """Tone by the words of description and action; light and movement shade it."""
    scene = brief.scene
    text = lexicon.without_speech(f"{brief.description or ''}\n{scene.action if scene else ''}")
    words = lexicon.find(text, lexicon.TONES)
    feelings = [lexicon.TONES[word] for word in words]
    shots = brief.observation.shots
    light = _mean(shots, [shot.brightness for shot in shots])
    motion = _mean(shots, [shot.motion for shot in shots])
    seen_valence, seen_arousal = 0.4 * (light - 0.4), 0.3 + min(0.3, motion)
    if not feelings:
        return Tone(valence=seen_valence, arousal=seen_arousal)
    valence = sum(f.valence for f in feelings) / len(feelings) + 0.3 * seen_valence
    arousal = 0.8 * sum(f.arousal for f in feelings) / len(feelings) + 0.2 * seen_arousal
    return Tone(
        valence=max(-1.0, min(1.0, valence)), arousal=min(1.0, arousal), words=tuple(words[:6])
    )


def _mean(shots: tuple[Shot, ...], values: list[float]) -> float:
    lengths = [shot.end_s - shot.start_s for shot in shots]
    return sum(v * w for v, w in zip(values, lengths, strict=True)) / sum(lengths)


def is_night(brief: Brief) -> bool:
    """Whether it plays at night: by the heading, or by a dark picture outdoors."""
    scene = brief.scene
    if scene and scene.time_of_day:
        return not _NIGHT.isdisjoint(lexicon.tokens(scene.time_of_day))
    if "night" in lexicon.tokens(brief.description or ""):
        return True
    return all(shot.brightness < _DARK for shot in brief.observation.shots)


def summary_of(brief: Brief) -> str:
    """What happens: in a person's words, else the scene's, else what the picture shows."""
    if brief.description and brief.description.strip():
        return brief.description.strip()[:2000]
    if brief.scene and brief.scene.action.strip():
        return brief.scene.action.strip()[:2000]
    tracks = len(brief.observation.tracks)
    return f"{len(brief.observation.shots)} shot(s), {tracks} moving source(s), nothing named."


def shot_descriptions(observation: Observation) -> tuple[str, ...]:
    """One plain sentence a shot."""
    return tuple(_shot_description(observation, shot) for shot in observation.shots)


def _shot_description(observation: Observation, shot: Shot) -> str:
    light = "dark" if shot.brightness < 0.22 else "bright" if shot.brightness > 0.6 else "even"
    kinds = [
        track.label or track.kind.value
        for track in observation.tracks
        if track.start_s < shot.end_s
        and track.end_s > shot.start_s
        and track.kind is not MotionKind.STILL
    ]
    seen = f"; {', '.join(kinds[:4])}" if kinds else "; nothing moves on its own"
    return (
        f"{shot.start_s:.2f}–{shot.end_s:.2f} s: {shot.size.value}, {shot.camera.value} camera, "
        f"{light} light{seen}."
    )
