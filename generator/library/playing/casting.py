"""Which recordings perform an event: near in meaning, fit for its timing, alike in sound."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from foley_designer.core.category import Subcategory
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.core.sounds.table import is_impulsive
from foley_designer.generator.library.recording import Recording, Slice
from foley_designer.generator.library.search import Library, Match

_LOOKED_AT = 80
_OTHER_VARIANT = 0.25
"""Taken from the similarity of a recording of another variant, such as a cat for a dog."""
_NEAR = 0.05
"""Recordings this close to the best in similarity are chosen among by quality."""
_LEADS = 3
_ENOUGH_SLICES = 8
_ENOUGH_SECONDS = 8.0
_LEAST_SECONDS = 1.0
"""Shorter recordings make no texture."""
_MOST = 8
"""Recordings that perform one event, at most: it is one source, and many hold a single sound."""


def wanted_words(event: SoundEvent) -> str:
    """What a recording for the event would be described by."""
    play = event.performance
    words = " ".join(word for word in (play.variant, play.material, play.surface) if word)
    return f"{event.description} {words}".strip()


def candidates(library: Library, event: SoundEvent) -> tuple[Match, ...]:
    """Recordings that could perform the event, best first.

    A recording of another kind is left out, whatever its words; one whose kind is unknown counts
    by its words alone.
    """
    matches = []
    for match in library.by_meaning(wanted_words(event), k=_LOOKED_AT):
        recording = match.recording
        if event.hits and not recording.slices:
            continue
        if event.spans and _active_s(recording) < min(_LEAST_SECONDS, _longest_s(event)):
            continue
        kinds = [kind for kind in recording.kinds if _serves(kind.subcategory, event.subcategory)]
        if recording.kinds and not kinds:
            continue
        variant = event.performance.variant
        same = not variant or not kinds or any(kind.variant in (None, variant) for kind in kinds)
        similarity = match.similarity if same else match.similarity - _OTHER_VARIANT
        matches.append(Match(recording, similarity))
    return tuple(sorted(matches, key=lambda match: (-match.similarity, match.recording.path)))


def choose(library: Library, event: SoundEvent, rng: np.random.Generator) -> tuple[Recording, ...]:
    """The recordings that perform the event: one, and those most like it where it is too short.

    Files that changed or went away since they were indexed are passed over; empty if none is
    left.
    """
    usable = [match for match in candidates(library, event) if _as_indexed(match.recording)]
    if not usable:
        return ()
    best = usable[0].similarity
    near = [match.recording for match in usable if match.similarity >= best - _NEAR]
    ranked = _by_quality(near, event)
    lead = ranked[int(rng.integers(min(_LEADS, len(ranked))))]
    others = [recording for recording in near if recording is not lead]
    cast = [lead]
    if others:
        apart = library.distances(library.sound_of(lead.path), [each.path for each in others])
        for at in np.argsort(apart, kind="stable"):
            if len(cast) == _MOST or _suffices(cast, event):
                break
            cast.append(others[at])
    return tuple(cast)


def good_slices(recording: Recording) -> tuple[Slice, ...]:
    """Slices that stand out and have died away; all if none do."""
    good = (each for each in recording.slices if each.rise_db >= 12.0 and each.fall_db >= 12.0)
    return tuple(good) or recording.slices


def _serves(kind: Subcategory, wanted: Subcategory) -> bool:
    """Whether a recording of one subcategory can perform another: textures serve as ambience."""
    return kind is wanted or (wanted is Subcategory.AMBIENCE and not is_impulsive(kind))


def _as_indexed(recording: Recording) -> bool:
    try:
        stat = Path(recording.path).stat()
    except OSError:
        return False
    return (stat.st_size, stat.st_mtime_ns) == (recording.size, recording.mtime_ns)


def _suffices(cast: Sequence[Recording], event: SoundEvent) -> bool:
    slices = sum(len(good_slices(each)) for each in cast)
    needed = min(_ENOUGH_SLICES, len(event.hits))
    seconds = min(_longest_s(event), _ENOUGH_SECONDS)
    return slices >= needed and sum(map(_active_s, cast)) >= seconds


def _longest_s(event: SoundEvent) -> float:
    return max((span.end_s - span.start_s for span in event.spans), default=0.0)


def _active_s(recording: Recording) -> float:
    start, end = recording.traits.active_s
    return end - start


def _by_quality(recordings: Sequence[Recording], event: SoundEvent) -> list[Recording]:
    """Best first: enough material for the event, clean, and of the right size by its pitch."""
    brightest_first = sorted(recordings, key=lambda each: (-each.traits.centroid_hz, each.path))
    rank = {each.path: at / max(len(recordings) - 1, 1) for at, each in enumerate(brightest_first)}

    def quality(recording: Recording) -> float:
        size_fit = 1.0 - abs(rank[recording.path] - event.performance.size)
        if event.hits:
            good = good_slices(recording)
            enough = min(len(good) / min(_ENOUGH_SLICES, len(event.hits)), 1.0)
            clean = min(max(each.rise_db for each in good) / 40.0, 1.0)
        else:
            enough = min(_active_s(recording) / _ENOUGH_SECONDS, 1.0)
            clean = recording.traits.activity
        return 0.5 * enough + 0.3 * clean + 0.3 * size_fit

    return sorted(recordings, key=lambda each: (-quality(each), each.path))
