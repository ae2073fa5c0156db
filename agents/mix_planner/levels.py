"""Foley practice in numbers: how loud each track stands against dialogue, and the fader for it.

Mastering sets the final loudness, so what is decided here is balance. Levels are in LU relative
to dialogue at its nominal place; each comes with the reasons that moved it.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from foley_designer.core.category import Category, Subcategory
from foley_designer.core.mix.features import Diagnosis, TrackFeatures
from foley_designer.core.mix.mix_plan import LOUDNESS, LoudnessTarget, TrackPlan
from foley_designer.core.note import Note, NoteKind
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.performance import Layer
from foley_designer.core.script.sound_event import SoundEvent

if TYPE_CHECKING:
    from foley_designer.core.card import Card
    from foley_designer.memory.knowledge_base import Knowledge

LOWEST_LU, HIGHEST_LU = -30.0, 6.0
"""Range of a planned level against dialogue."""
SYNC_OVER_BED_LU = 3.0
"""Least distance of sync hits over the sum of the continuous backgrounds."""
MOST_BED_DROP_LU = 10.0
"""How far a single faint sync sound may bring the backgrounds down."""
LEAST_AUDIBLE_LU = -20.0
"""A foreground sound farther under the whole mix than this can't be heard in it."""
SIZE_LU = 8.0
"""From the smallest thing to the largest, at one force; the factor of force (`_effort`)."""
CLOTH_UNDER_FEET_LU = 10.0
"""Least distance of cloth under the feet of the same scene."""
THEATRICAL_DIALOGUE_LUFS = -27.0
"""Dialogue's nominal loudness where the target names none."""
MOST_PEAK_DB = 22.0
"""True peak over loudness beyond which a meter reads a hit low; feet on gravel have about this."""
FADER_DB = (-60.0, 40.0)
"""Range of a fader, as `TrackPlan` holds it."""

_UNKNOWN_LU = {Layer.FOREGROUND: -8.0, Layer.BACKGROUND: -14.0}


class Level(NamedTuple):
    """Where one track shall stand."""

    event_id: str
    lu: float
    """LU relative to dialogue."""
    reasons: tuple[str, ...]


def card_of(event: SoundEvent, knowledge: "Knowledge") -> "Card | None":
    """The card that says how this event is mixed: cited, else named, else of its subcategory."""
    cited = (card for card in knowledge.cards if card.id in event.cards)
    for card in chain(cited, _named(event.label, knowledge), knowledge.cards):
        if card.subcategory is event.subcategory:
            return card
    return None


def _named(label: str, knowledge: "Knowledge") -> "Iterator[Card]":
    """Cards that a label names; matched only where no cited card fits, since that takes longest."""
    for found in knowledge.match(label):
        yield knowledge.get(found.card_id)


def distance_of(event: SoundEvent, track: TrackFeatures, card: "Card | None") -> float:
    """Metres at which the event plays: measured on its cues, else given, else its card's."""
    given = track.distance_m or event.source.distance_m
    return given or (card.distance_m if card else 3.0)


def is_bed(event: SoundEvent) -> bool:
    """Whether it is a continuous background, such as ambience, rain or a distant road."""
    return event.layer is Layer.BACKGROUND and not event.impulsive


def dialogue_lufs(target: LoudnessTarget) -> float:
    """Where dialogue would stand in a finished programme at this target, LUFS."""
    loudness = LOUDNESS[target][0]
    return THEATRICAL_DIALOGUE_LUFS if loudness is None else loudness


def loudness_of(track: TrackFeatures) -> float | None:
    """Loudness of a take in LUFS as an ear takes it; None for a silent one.

    Under 400 ms of sound BS.1770's gate leaves nothing. A sound of that length fills 0.4 s of the
    3 s window, so short-term loudness reads 10·log10(3/0.4) = 8.8 LU low; if that is missing
    too, RMS level (true peak less crest factor) is close enough for a fader.

    The ear sums over some 100 ms, the meter over 400: it reads single short hits low, the shorter
    the more. So a take counts as no softer than `MOST_PEAK_DB` under its true peak.
    """
    if track.integrated_lufs is not None:
        loudness = track.integrated_lufs
    elif track.short_term_max_lufs is not None:
        loudness = track.short_term_max_lufs + 10 * math.log10(3 / 0.4)
    else:
        loudness = track.true_peak_dbtp - track.crest_db
    return max(loudness, track.true_peak_dbtp - MOST_PEAK_DB) if loudness > -70 else None


def fader(lu: float, event: SoundEvent, track: TrackFeatures, target: LoudnessTarget) -> float:
    """Gain in dB that puts a take at ``lu`` against dialogue, with the editor's wish on top."""
    measured = loudness_of(track)
    needed = 0.0 if measured is None else dialogue_lufs(target) + lu - measured
    low, high = FADER_DB
    return round(min(max(needed + event.gain_db, low), high), 2)


def levels(script: FoleyScript, diagnosis: Diagnosis, knowledge: "Knowledge") -> tuple[Level, ...]:
    """A level for every event of the script, in its order."""
    own = [
        own_level(event, diagnosis.of(event.id), card_of(event, knowledge))
        for event in script.events
    ]
    return tuple(_cloth_under_feet(script, _bed_under_hits(script, own)))


def audible(
    script: FoleyScript, diagnosis: Diagnosis, tracks: Sequence[TrackPlan]
) -> list[TrackPlan]:
    """The tracks, those of the foreground lifted that would be lost under the rest of the mix.

    What an editor asked for stays: a wish is added to the floor as it is to the level.
    """
    heard = {
        track.event_id: loudness + track.gain_db
        for track in tracks
        if (loudness := loudness_of(diagnosis.of(track.event_id))) is not None
    }
    if not heard:
        return list(tracks)
    floor = 10 * math.log10(sum(10 ** (lufs / 10) for lufs in heard.values())) + LEAST_AUDIBLE_LU
    wishes = {event.id: event.gain_db for event in script.foreground}
    lifted = []
    for track in tracks:
        short = floor + min(wishes.get(track.event_id, 0.0), 0.0) - heard.get(track.event_id, floor)
        if track.event_id not in wishes or short <= 0:
            lifted.append(track)
            continue
        gain = round(min(track.gain_db + short, FADER_DB[1]), 2)
        why = f"+{short:.1f} dB: foreground stays within {-LEAST_AUDIBLE_LU:.0f} LU of the mix"
        reasons = (*track.reasons, why)
        lifted.append(track.model_copy(update={"gain_db": gain, "reasons": reasons}))
    return lifted


def silent_notes(script: FoleyScript, diagnosis: Diagnosis) -> tuple[Note, ...]:
    """What must be said of foreground takes in which nothing could be measured."""
    return tuple(
        Note(
            kind=NoteKind.OPEN_POINT,
            step="mix_planner",
            text="Its take is silent, so no fader can bring it out; make it again.",
            event_id=event.id,
        )
        for event in script.foreground
        if loudness_of(diagnosis.of(event.id)) is None
    )


def own_level(event: SoundEvent, track: TrackFeatures, card: "Card | None") -> Level:
    """A level from the card, layer, distance, effort and screen, before other tracks have a say."""
    steps: list[tuple[float, str]] = []
    if card is None:
        steps.append((_UNKNOWN_LU[event.layer], f"no card for {event.subcategory}: its layer's"))
    else:
        steps.append((card.level_lu, f"card {card.id}"))
        if event.layer is not card.layer:
            up = event.layer is Layer.FOREGROUND
            steps.append((4.0 if up else -6.0, f"plays in the {event.layer}, unlike its card"))
        distance = distance_of(event, track, card)
        # Half the free-field law: a wide shot gets wetter before it gets quieter.
        nearness = min(max(-10 * math.log10(distance / card.distance_m), -9.0), 3.0)
        steps.append((nearness, f"{distance:.1f} m away, usual {card.distance_m:.1f} m"))
        steps.append((_ground(event, card), f"on {event.performance.surface}"))
        steps.append((_mass(event, card), "larger or smaller than usual"))
    steps.append((_effort(event, card), "played harder or softer than usual"))
    if not event.source.on_screen and event.layer is Layer.FOREGROUND:
        steps.append((-2.0, "off screen"))
    lu = sum(step for step, _ in steps)
    told = [f"{step:+.1f} LU: {why}" for step, why in steps if abs(step) >= 0.5]
    return Level(event.id, min(max(lu, LOWEST_LU), HIGHEST_LU), tuple(told))


def _ground(event: SoundEvent, card: "Card") -> float:
    """LU by which what it happens on is louder or softer than the card's usual ground."""
    levels = card.sound.surface_lu
    played, usual = event.performance.surface, card.performance.surface
    return levels.get(played or "", 0.0) - levels.get(usual or "", 0.0) if played else 0.0


def _mass(event: SoundEvent, card: "Card") -> float:
    """LU for how large a thing is that strikes or falls, around the card's size."""
    if card.sound.category is not Category.IMPACTS:
        return 0.0
    return SIZE_LU * (event.performance.size - card.performance.size)


def _effort(event: SoundEvent, card: "Card | None") -> float:
    """LU for how hard it is played, around the card's performance, within ±5."""
    usual = card.performance.force if card else 0.6
    played = [hit.strength for hit in event.hits] + [span.intensity for span in event.spans]
    lu = 8 * (event.performance.force - usual) + 6 * (max(played) - 0.7)
    return min(max(lu, -5.0), 5.0)


def _bed_under_hits(script: FoleyScript, own: Sequence[Level]) -> list[Level]:
    """Bring the backgrounds down until their sum lies under the quietest sync sound."""
    events = dict(zip((level.event_id for level in own), script.events, strict=True))
    front = [level for level in own if events[level.event_id].layer is Layer.FOREGROUND]
    hits = [level for level in front if events[level.event_id].impulsive]
    bed = [level for level in own if is_bed(events[level.event_id])]
    if not front or not bed:
        return list(own)
    total = 10 * math.log10(sum(10 ** (level.lu / 10) for level in bed))
    quietest = min(level.lu for level in hits or front)
    excess = min(total + SYNC_OVER_BED_LU - quietest, MOST_BED_DROP_LU)
    if excess <= 0:
        return list(own)
    why = f"-{excess:.1f} LU: sync sounds stand {SYNC_OVER_BED_LU:.0f} LU over the backgrounds"
    return [_lower(level, excess, why) if level in bed else level for level in own]


def _cloth_under_feet(script: FoleyScript, own: Sequence[Level]) -> list[Level]:
    """Hold cloth well under the feet that it accompanies."""
    kind = {event.id: event.subcategory for event in script.events}
    feet = [level.lu for level in own if kind[level.event_id] is Subcategory.HUMAN_STEPS]
    if not feet:
        return list(own)
    ceiling = min(feet) - CLOTH_UNDER_FEET_LU
    held = []
    for level in own:
        excess = level.lu - ceiling
        if kind[level.event_id] is Subcategory.CLOTH and excess > 0:
            why = f"-{excess:.1f} LU: cloth stays {CLOTH_UNDER_FEET_LU:.0f} LU under feet"
            held.append(_lower(level, excess, why))
        else:
            held.append(level)
    return held


def _lower(level: Level, by: float, why: str) -> Level:
    """The level lowered, with the reason added."""
    return Level(level.event_id, max(level.lu - by, LOWEST_LU), (*level.reasons, why))
