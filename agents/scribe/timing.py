"""When a sound happens: hits from moments of visible impact, spans from tracks."""

from collections.abc import Callable, Iterator
from itertools import groupby
from statistics import median

from foley_designer.agents import lexicon
from foley_designer.agents.scribe.calls import Call
from foley_designer.agents.scribe.shots.adjoining import carried, through_cuts
from foley_designer.core.category import Subcategory
from foley_designer.core.script.observation import Moment, MotionKind, Observation, Track
from foley_designer.core.script.sound_event import Hit, Span
from foley_designer.core.sounds.model import Action, SoundClass

Spot = Callable[..., tuple[Moment, ...]]
"""``foley_designer.vision.events.spotting.select``."""

SURE = 0.4
"""Confidence from which a moment counts."""
GUESSED = 0.25
"""Confidence of a hit that follows the picture's activity alone."""
_SILENT_S = 0.12
"""How near to an instant at which nothing sounds, by someone's word, no hit is guessed."""
_NARRATED = 0.5
"""Confidence of a hit that the words place."""
APPROACH_S = 1.5
"""How long a vehicle is heard before it is seen, and after."""
_LEAST_GAP_S = {
    Action.STEPS: 0.2,
    Action.VOICE: 0.15,
    Action.STRIKE: 0.08,
    Action.BOUNCE: 0.08,
    Action.FLASH: 0.05,
}
"""Nobody steps, barks or strikes faster than this."""
_ACTING = frozenset({Action.STRIKE, Action.BOUNCE, Action.STEPS, Action.FLASH})
IMPACT, SHOT = "impact", "shot"
"""What `Spot` calls the onset model's reading, and that of what kicks."""
_MOVING = 0.02
"""Speed from which a source is moving, frame widths a second."""
_GAP_S = 0.4
"""Pauses shorter than this do not part a span."""
_MIN_SPAN_S = 0.2


def windows(call: Call, observation: Observation) -> tuple[tuple[float, float], ...]:
    """The stretches of the clip that the words allow: cue times, or ``finally``'s last third."""
    end = observation.clip.duration_s
    timed = [
        (max(0.0, p.start_s), min(end, p.end_s if p.end_s is not None else end))
        for p in call.passages
        if p.start_s is not None and p.start_s < end
    ]
    if timed:
        return tuple(sorted(timed))
    if lexicon.find(call.scope, lexicon.LAST):
        return ((end * 2 / 3, end),)
    return ((0.0, end),)


def moments_of(
    call: Call, called: tuple[Call, ...], observation: Observation, spot: Spot
) -> tuple[Moment, ...]:
    """Moments that the call's action shows inside its windows.

    Where one action of one maker is asked for, the onset model reads it from all that is seen.
    Where several are, each is looked for on tracks that suit it.

    Args:
        call: what the words ask for.
        called: all that they ask for.
        observation: what was seen.
        spot: chooses the moments of an action.
    """
    action = call.action
    if action in (Action.PASS, Action.MOVE, Action.FILL):
        return ()
    alone = sum(other.makers for other in called if is_acting(other)) == 1
    whole = SHOT if action is Action.FLASH else IMPACT
    reading = whole if alone and _is_read_whole(call, observation) else action.value
    rivals = [other for other in called if other.action is action and not other.is_off_screen]
    makers = sum(other.makers for other in rivals)
    found = [
        moment
        for start, end in windows(call, observation)
        for moment in spot(observation, reading, start_s=start, end_s=end, makers=makers)
    ]
    unique = {moment.id: moment for moment in found}
    ordered = tuple(sorted(unique.values(), key=lambda m: (m.time_s, m.id)))
    return _apart(ordered, _LEAST_GAP_S[action])


def is_acting(call: Call) -> bool:
    """Whether a call asks for blows, shots or steps that are seen."""
    return call.action in _ACTING and not call.is_off_screen


def needs_limbs(call: Call) -> bool:
    """Whether a call asks for what hands and arms are seen to do: blows and shots.

    Steps are read from whole figures, far bursts from their light.
    """
    if call.action is Action.FLASH:
        return is_acting(call) and call.card.subcategory is Subcategory.GUNSHOT
    return is_acting(call) and call.action is not Action.STEPS


def _is_read_whole(call: Call, observation: Observation) -> bool:
    """Whether its blows are read from the whole picture.

    What falls freely bounces by a law of its own; far bursts are lights.
    """
    if call.action is Action.FLASH:
        return call.card.subcategory is Subcategory.GUNSHOT
    falls = any(track.kind is MotionKind.FALLING for track in observation.tracks)
    return call.action is Action.STRIKE or (call.action is Action.BOUNCE and not falls)


def _apart(moments: tuple[Moment, ...], gap_s: float) -> tuple[Moment, ...]:
    """The moments with the less sure of any two left out that are nearer than a gap."""
    kept: list[Moment] = []
    for moment in moments:
        if kept and moment.time_s - kept[-1].time_s < gap_s:
            kept[-1] = max(kept[-1], moment, key=lambda m: m.confidence)
        else:
            kept.append(moment)
    return tuple(kept)


def hits(call: Call, moments: tuple[Moment, ...]) -> tuple[Hit, ...]:
    """A hit for each moment; the most telling ones if the words say once, or how often."""
    wanted = call.times or (1 if call.is_once else None)
    if wanted is not None and len(moments) > wanted:
        telling = sorted(moments, key=lambda m: (-m.confidence * (0.3 + m.strength), m.time_s))
        moments = tuple(sorted(telling[:wanted], key=lambda m: m.time_s))
    return tuple(hit_of(moment) for moment in moments)


def hit_of(moment: Moment) -> Hit:
    """The hit that performs a moment."""
    return Hit(
        time_s=moment.time_s,
        strength=max(0.1, moment.strength),
        confidence=moment.confidence,
        moment_id=moment.id,
    )


def guessed_hits(call: Call, observation: Observation) -> tuple[Hit, ...]:
    """Hits where the picture moves most: one, or as many as the words say; nothing shows it."""
    peaks = [
        (time_s, level)
        for start, end in windows(call, observation)
        for time_s, level in _peaks(observation, start, end)
        if all(abs(time_s - silent) > _SILENT_S for silent in observation.silent_s)
    ]
    strongest = sorted(peaks, key=lambda peak: (-peak[1], peak[0]))[: call.times or 1]
    if not strongest:
        start, end = windows(call, observation)[0]
        strongest = [((start + end) / 2, 0.0)]
    return tuple(
        Hit(time_s=time_s, strength=0.5, confidence=GUESSED) for time_s, _ in sorted(strongest)
    )


def _peaks(observation: Observation, start_s: float, end_s: float) -> list[tuple[float, float]]:
    """Local maxima of the activity above its median, at least a quarter second apart."""
    activity, frame_s = observation.activity, observation.clip.frame_s
    low = median(activity) if activity else 0.0
    found: list[tuple[float, float]] = []
    for i in range(1, len(activity) - 1):
        time_s = i * frame_s
        is_peak = activity[i - 1] < activity[i] >= activity[i + 1] and activity[i] > low
        if not is_peak or not start_s <= time_s < end_s:
            continue
        if found and time_s - found[-1][0] < 0.25:
            found[-1] = max(found[-1], (time_s, activity[i]), key=lambda peak: peak[1])
        else:
            found.append((time_s, activity[i]))
    return found


def narrated_hits(call: Call, place: float, observation: Observation) -> tuple[Hit, ...]:
    """Hits for what is heard and not seen: at its cue, or at its place in the story.

    Args:
        call: what the words ask for.
        place: 0 the first words of the text, 1 the last.
        observation: what was seen.
    """
    start, end = windows(call, observation)[0]
    if call.is_scattered and call.times is None:
        return tuple(_now_and_then(call.card.sound, start, end))
    timed = any(passage.is_timed for passage in call.passages)
    first = start if timed else start + (0.1 + 0.7 * place) * (end - start)
    count = call.times or (1 if call.is_once or call.action is Action.FLASH else 3)
    step = min(0.7, (end - first) / (count + 1))
    return tuple(
        Hit(time_s=first + k * step, strength=0.7 - 0.1 * (k % 2), confidence=_NARRATED)
        for k in range(count)
    )


def _now_and_then(sound: SoundClass, start_s: float, end_s: float) -> Iterator[Hit]:
    """Hits through a stretch: even for a clock, uneven for birds and drips, rare for thunder."""
    gap, unevenness = sound.pace_s or 1.6, sound.unevenness
    time_s, count = start_s + min(0.5, 0.3 * (end_s - start_s)), 0
    while time_s < end_s:
        yield Hit(time_s=time_s, strength=0.5 + 0.15 * (count % 3), confidence=_NARRATED)
        time_s += gap * (1.0 + unevenness * ((5 * count) % 4))
        count += 1


def spans(call: Call, track: Track | None, observation: Observation) -> tuple[Span, ...]:
    """The stretches in which a continuous sound goes on."""
    allowed = windows(call, observation)
    if call.action is Action.FILL:
        allowed = through_cuts(allowed, observation)
    if call.action is Action.FILL or call.goes_on or call.is_off_screen:
        return tuple(Span(start_s=a, end_s=b, intensity=0.7) for a, b in allowed if b > a)
    if call.action is Action.PASS and track is not None:
        return (passage_span(track, observation),)
    found = active_spans(observation)
    if track is not None:
        found = carried(moving_spans(track, observation), track, observation)
    inside = [
        Span(start_s=max(s.start_s, a), end_s=min(s.end_s, b), intensity=s.intensity)
        for a, b in allowed
        for s in found
        if min(s.end_s, b) - max(s.start_s, a) > 0.05
    ]
    whole = [Span(start_s=a, end_s=b, intensity=0.5) for a, b in allowed if b > a]
    return tuple(sorted(inside or whole, key=lambda span: span.start_s))


def passage_span(track: Track, observation: Observation) -> Span:
    """A passing source is heard a little before and after it is seen, within the clip."""
    end = min(observation.clip.duration_s, track.end_s + APPROACH_S)
    return Span(start_s=max(0.0, track.start_s - APPROACH_S), end_s=end, intensity=0.8)


def moving_spans(track: Track, observation: Observation) -> tuple[Span, ...]:
    """Stretches in which a track moves."""
    frame_s = observation.clip.frame_s
    times = [(s.time_s, s.speed) for s in track.sightings]
    return _runs([(t, v >= _MOVING, min(1.0, 0.3 + 2 * v)) for t, v in times], frame_s, observation)


def active_spans(observation: Observation) -> tuple[Span, ...]:
    """Stretches in which the picture moves at all."""
    if not observation.activity:
        return ()
    frame_s = observation.clip.frame_s
    floor = max(0.005, 0.5 * median(observation.activity))
    samples = [
        (i * frame_s, a >= floor, min(1.0, 0.3 + a)) for i, a in enumerate(observation.activity)
    ]
    return _runs(samples, frame_s, observation)


def _runs(
    samples: list[tuple[float, bool, float]], frame_s: float, observation: Observation
) -> tuple[Span, ...]:
    """Spans of samples (time, active, level) that are active; short pauses are bridged."""
    found: list[tuple[float, float, float]] = []
    for active, group in groupby(samples, key=lambda sample: sample[1]):
        if not active:
            continue
        run = list(group)
        start, end = run[0][0], run[-1][0] + frame_s
        level = sum(sample[2] for sample in run) / len(run)
        if found and start - found[-1][1] < _GAP_S:
            found[-1] = (found[-1][0], end, max(found[-1][2], level))
        else:
            found.append((start, end, level))
    last = observation.clip.duration_s
    return tuple(
        Span(start_s=start, end_s=min(end, last), intensity=level)
        for start, end, level in found
        if min(end, last) - start >= _MIN_SPAN_S
    )
