"""Reverberation by rules: the scene's space, the source's distance, what it comes through."""

import math
import re

from foley_designer.agents.interfaces import SpecialistProposal, TrackProposal
from foley_designer.agents.mix_planner.repairs import repairs
from foley_designer.core.mix.features import Diagnosis, TrackFeatures
from foley_designer.core.mix.mix_plan import MixPlan, Operation
from foley_designer.core.mix.processing import Dereverb, Futz, Reverb
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.performance import Layer
from foley_designer.core.script.sound_event import SoundEvent, SourceKind
from foley_designer.core.space import ACOUSTICS, Acoustics, Space

SOUND_SPEED = 343.0
"""Metres a second in air at 20 °C."""
DRIEST_DB, WETTEST_DB = -36.0, -6.0
"""What Foley is given; wetter than this and a hit loses its place."""

_AT_CRITICAL_DB = -12.0
"""Reverberation under the direct sound at the critical distance. Physics says 0; film keeps the
source forward and lets distance be heard by the growth of the reverberation, so half of both."""
_OPEN_SKY_DB = -4.0
"""Outdoors most of what would come back leaves upwards."""
_A = r"(?:the|a|an|his|her|their)"
_HEARD = r"(?:heard|hear|hears|muffled|sounds?|noise|music|voices?)\b[^,;.]*\b"
_FUTZ = {
    Futz.TELEPHONE: rf"(?:on|over|through|from) {_A} (?:tele)?phone|phone (?:line|speaker)",
    Futz.RADIO: rf"(?:on|over|through|from) {_A} (?:radio|intercom|tv|television)|loudspeaker"
    r"|walkie[- ]talkie",
    Futz.NEXT_ROOM: rf"(?:through|behind|beyond) {_A} (?:\w+ )?wall|(?:next|another|other) room"
    rf"|next door|behind {_A} (?:closed|shut) door"
    rf"|{_HEARD}(?:through|behind|beyond) {_A} (?:\w+ )?(?:door|window)",
}
"""Words, heard and not walked through, by what they say that a sound comes through."""
THROUGH = {
    Futz.TELEPHONE: "a telephone",
    Futz.RADIO: "a loudspeaker",
    Futz.NEXT_ROOM: "a wall",
}
"""What a futz stands for, in words."""
_CLAUSE = re.compile(r"[,;.:!?]|\b(?:and|while|as|but|then|when)\b")
_RT60_AGREES = 0.25
"""Relative difference of reverberation times that nobody hears in a film."""
_SQUEEZED_DB = 1.5
"""What a compressor of more than 2:1 lifts reverberation by, near enough."""


class RulesReverb:
    """Places dry takes in the scene."""

    operation = Operation.REVERB

    def reason(self, event: SoundEvent, features: TrackFeatures, space: Space) -> str:
        """Why the track needs the scene's space, empty if it doesn't."""
        if futz := futz_of(event):
            return f"heard through {THROUGH[futz]}"
        if not event.diegetic or event.source.kind is SourceKind.AROUND:
            return ""
        wanted = ACOUSTICS[space].rt60_s
        if features.rt60_s is not None and features.rt60_confidence >= 0.5:
            difference = features.rt60_s / wanted - 1
            if abs(difference) <= _RT60_AGREES or difference > 0:
                return ""
            return f"rings {features.rt60_s:.2f} s, the scene {wanted:.2f} s"
        return f"dry take, placed in the {space.value.replace('_', ' ')}"

    def propose(
        self,
        script: FoleyScript,
        diagnosis: Diagnosis,
        plan: MixPlan,
        peers: tuple[SpecialistProposal, ...],
    ) -> SpecialistProposal:
        """Reverberation for every track that asks for it; drier where a peer makes it louder."""
        squeezed = _squeezed(peers)
        return SpecialistProposal(
            operation=self.operation,
            tracks=tuple(
                place(
                    script.event(track.event_id),
                    diagnosis.of(track.event_id),
                    script.event(track.event_id).treatment.space
                    or script.space_of(script.event(track.event_id)),
                    squeezed.get(track.event_id, 0.0),
                )
                for track in plan.tracks
                if self.operation in track.operations
            ),
        )


def place(
    event: SoundEvent, features: TrackFeatures, space: Space, raised_db: float = 0.0
) -> TrackProposal:
    """One track in a space: placed in it, or where it brought more along, shortened to it.

    Args:
        event: what sounds.
        features: its take's measurements.
        space: where it sounds.
        raised_db: what compression will lift its reverberation by.
    """
    room = ACOUSTICS[space]
    distance = features.distance_m or event.source.distance_m or 3.0
    critical = critical_distance(room)
    wet = _AT_CRITICAL_DB + 10 * math.log10(distance / critical)
    wet += _OPEN_SKY_DB if room.outdoors else 0.0
    wet += 1.5 if event.layer is Layer.BACKGROUND else 0.0
    wet -= raised_db
    wet = min(max(wet, DRIEST_DB), WETTEST_DB)
    wet = min(max(wet + event.reverb_db, -60.0), 0.0)
    futz = futz_of(event)
    if told := repairs(event, features, space).get(Operation.REVERB):
        return _shortened(event, features, room, f"{told}: shortened")
    why = (
        f"{space.value.replace('_', ' ')}: RT60 {room.rt60_s:.2f} s, "
        f"{distance:.1f} m against a critical distance of {critical:.1f} m"
    )
    return TrackProposal(
        event_id=event.id,
        reverb=Reverb(
            space=space,
            rt60_s=room.rt60_s,
            predelay_ms=round(predelay_ms(room, distance), 1),
            wet_db=round(wet, 1),
            damping=round(min(room.damping + distance / 100, 1.0), 2),
        ),
        futz=futz,
        reason=why + (f"; heard through {THROUGH[futz]}" if futz else ""),
    )


def _shortened(
    event: SoundEvent, features: TrackFeatures, room: Acoustics, reason: str
) -> TrackProposal:
    """A take with more reverberation than its space has; what is left of it is the space's."""
    return TrackProposal(
        event_id=event.id,
        dereverb=Dereverb(
            rt60_s=round(min(max(features.rt60_s or room.rt60_s, 0.2), 8.0), 2),
            target_s=min(max(room.rt60_s, 0.05), 4.0),
        ),
        futz=futz_of(event),
        reason=reason,
    )


def critical_distance(room: Acoustics) -> float:
    """Metres at which direct and reverberant sound are equal: 0.057·√(V/RT60) (Kuttruff)."""
    length, width, height = room.size_m
    return 0.057 * math.sqrt(length * width * height / room.rt60_s)


def predelay_ms(room: Acoustics, distance_m: float) -> float:
    """Delay of the first wall's reflection after the direct sound, halfway between the walls.

    At most a fifth of the reverberation time: in the open a single late echo would be heard as one.
    """
    across = min(room.size_m[:2])
    detour = math.hypot(distance_m, across) - distance_m
    return 1000 * min(detour / SOUND_SPEED, 0.2 * room.rt60_s, 0.12)


def futz_of(event: SoundEvent) -> Futz | None:
    """The device or wall that the event's words say it comes through.

    Its description may be a sentence about several sounds: only its label, and clauses that share
    a word with the label, speak of it.
    """
    label, description = event.label.lower(), event.description.lower()
    names = {word for word in re.findall(r"\w+", label) if len(word) > 3}
    own = [c for c in _CLAUSE.split(description) if names.intersection(re.findall(r"\w+", c))]
    words = "; ".join((label, *own))
    return next(
        (futz for futz, pattern in _FUTZ.items() if re.search(rf"\b(?:{pattern})\b", words)), None
    )


def _squeezed(peers: tuple[SpecialistProposal, ...]) -> dict[str, float]:
    """By how much peers lift each track's reverberation, dB."""
    return {
        track.event_id: _SQUEEZED_DB
        for peer in peers
        for track in peer.tracks
        if track.dynamics and track.dynamics.ratio > 2
    }
