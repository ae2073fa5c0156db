#!/usr/bin/env python3
"""Continuity of a film that was made: from its sessions' documents, and from its stems.

usage: python -m benchmarks.scenes.continuity FILM

Documents: how many scenes hold each character's shoes, each place's space and ambience, as the
bible has them. Stems: the spectral distance of a character's steps from scene to scene, beside that
of two characters' (root mean square difference of the mel spectra of their steps, at equal level).
Grounds and rooms differ more than walkers do, so like is compared with like too: each scene's
walker performs dry on every ground of the film. Compared are walkers on one ground, and those on
different grounds with what is common to all walkers on each ground taken out of it.
Cuts: the level of the ambience predub before and after every cut inside a scene, half a second each
side, and the lowest level of any fifth of a second around it; at the joins of a conform too.
"""

import argparse
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.category import Subcategory
from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.documents import content_hash
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.sound_event import Hit, SoundEvent
from foley_designer.core.settings import Settings
from foley_designer.export.audio.wav import read_wav
from foley_designer.film.assembly import SceneSound, opened
from foley_designer.film.bible import Bible, read_bible
from foley_designer.film.continuity import owner
from foley_designer.film.designing import names_of
from foley_designer.film.folder import FilmFolder
from foley_designer.film.looking import looked_before
from foley_designer.film.model import Film, Reel
from foley_designer.film.recut.conform import starts
from foley_designer.generator.synth.physics.engine import SynthEngine
from foley_designer.screenplay.names import slug

Floats = NDArray[np.float64]
STEP_S = 0.25
"""Length of a step that is looked at."""
SIDE_S, PART_S = 0.5, 0.2
BANDS = 24
MOST_DB = 3.0
"""Step of a bed that is heard as one."""
DRY_STEPS = 8


def spectrum(samples: Floats) -> Floats:
    """Mel-spaced band levels of a stretch ``[n]``, dB, at zero mean."""
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    frequencies = np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE)
    edges = 700 * (10 ** (np.linspace(150, 3600, BANDS + 1) / 2595) - 1)
    place = np.digitize(frequencies, edges) - 1
    bands = [power[place == band].mean() if (place == band).any() else 0.0 for band in range(BANDS)]
    levels = 10 * np.log10(np.array(bands) + 1e-12)
    return np.asarray(levels - levels.mean())


def steps_of(one: SceneSound, names: tuple[str, ...]) -> Iterator[tuple[str, Floats]]:
    """Each walker of a scene, and the mean spectrum of the steps."""
    stems = {stem.event_id: stem for stem in one.record.stems}
    for event in one.script.events:
        walker = owner(event, one.scene, names)
        if event.subcategory is not Subcategory.HUMAN_STEPS or walker is None:
            continue
        sound = read_wav(one.session.path(stems[event.id].file)).mean(axis=0)
        size = round(STEP_S * SAMPLE_RATE)
        found = [
            spectrum(part)
            for hit in event.hits
            if len(part := sound[round(hit.time_s * SAMPLE_RATE) :][:size]) == size
            and np.abs(part).max() > 1e-5
        ]
        if found:
            yield walker, np.mean(found, axis=0)


class Walk(NamedTuple):
    """The steps of a scene's walker on a ground, dry."""

    who: str
    scene: str
    ground: str
    spectrum: Floats


def walks(film: Film, scenes: dict[str, SceneSound]) -> list[Walk]:
    """Every scene's walkers on every ground that somebody walks on in the film."""
    names = names_of(film)
    found = [
        (walker, one.scene.id, event)
        for one in scenes.values()
        for event in one.script.events
        if event.subcategory is Subcategory.HUMAN_STEPS
        and (walker := owner(event, one.scene, names)) is not None
    ]
    grounds = sorted({event.performance.surface or "" for _, _, event in found} - {""})
    return [
        Walk(walker, scene, ground, _dry(event, ground))
        for walker, scene, event in found
        for ground in grounds
    ]


def _dry(event: SoundEvent, ground: str) -> Floats:
    """Mean spectrum of some even steps of an event's walker on a ground."""
    hits = tuple(Hit(time_s=0.1 + 0.6 * k, strength=0.8) for k in range(DRY_STEPS))
    told = event.performance.model_copy(update={"surface": ground})
    steps = event.model_copy(update={"performance": told, "hits": hits, "spans": ()})
    seed = int(content_hash(event, ground), 16)
    size = round((0.6 * DRY_STEPS + 0.5) * SAMPLE_RATE)
    sound = SynthEngine().render(steps, size, np.random.default_rng(seed)).samples.mean(axis=0)
    length = round(STEP_S * SAMPLE_RATE)
    starts = [round(hit.time_s * SAMPLE_RATE) for hit in hits]
    return np.asarray(np.mean([spectrum(sound[k : k + length]) for k in starts], axis=0))


def alike(found: list[Walk]) -> None:
    """Print how far walkers lie from themselves and from each other, like beside like."""
    common = {
        ground: np.mean([one.spectrum for one in found if one.ground == ground], axis=0)
        for ground in {one.ground for one in found}
    }
    equal: dict[bool, list[float]] = {True: [], False: []}
    across: dict[bool, list[float]] = {True: [], False: []}
    for a, b in combinations(found, 2):
        if a.scene == b.scene and a.who == b.who:
            continue
        same = a.who == b.who
        if a.ground == b.ground:
            equal[same].append(_distance(a.spectrum, b.spectrum))
        else:
            own = a.spectrum - common[a.ground], b.spectrum - common[b.ground]
            across[same].append(_distance(*own))
    tables = {"on equal ground, dry": equal, "across grounds, these taken out": across}
    for name, table in tables.items():
        if table[True] and table[False]:
            within, between = np.mean(table[True]), np.mean(table[False])
            print(f"{name}: {within:.2f} dB within a character, {between:.2f} between two")


def _distance(a: Floats, b: Floats) -> float:
    return float(np.sqrt(np.mean((a - b) ** 2)))


class Cut(NamedTuple):
    """The ambience around a cut."""

    step_db: float
    dip_db: float
    """Lowest part against the softer side."""


def cuts_of(folder: FilmFolder, reel: Reel) -> Iterator[Cut]:
    """The ambience at every cut and join inside a scene of a reel."""
    session = folder.reel(reel)
    record = session.finished()
    script = session.get(FoleyScript, record.documents["script"])
    beds = [event.id for event in script.events if event.id.startswith("ambience")]
    if not beds:
        return
    bed = np.zeros(reel.clip.sample_count)
    for one in record.stems:
        if one.event_id in beds:
            bed += read_wav(session.path(one.file)).mean(axis=0) * 10 ** (one.gain_db / 20)
    seen = looked_before(folder, reel.clip.sha256, Settings())
    assert seen is not None
    joins = {piece.at for piece in reel.pieces} | set(starts(seen))
    for frame in sorted(joins):
        here = {p.scene for p in reel.pieces if p.at <= frame - 12 and frame - 12 < p.end}
        after = {p.scene for p in reel.pieces if p.at <= frame + 12 < p.end}
        if not here or here != after:
            continue
        at, side, part = (
            round(s * SAMPLE_RATE) for s in (frame / float(reel.clip.rate), SIDE_S, PART_S)
        )
        levels = [_level(bed[at - side : at]), _level(bed[at : at + side])]
        parts = [_level(bed[k : k + part]) for k in range(at - side, at + side - part, part // 2)]
        yield Cut(abs(levels[1] - levels[0]), min(levels) - min(parts))


def _level(samples: Floats) -> float:
    return float(10 * np.log10(np.mean(np.square(samples)) + 1e-14)) if len(samples) else -140.0


def documents(film: Film, bible: Bible, scenes: dict[str, SceneSound]) -> None:
    """Print how many scenes hold what the bible says."""
    names, told = names_of(film), Counter[str]()
    for one in scenes.values():
        place = bible.places.get(one.scene.place)
        if place is not None:
            told[f"space {one.script.space is place.space}"] += 1
        for event in one.script.events:
            if place is not None and event.subcategory is Subcategory.AMBIENCE:
                told[f"ambience {event.performance.variant == place.ambience}"] += 1
            walker = owner(event, one.scene, names)
            person = bible.characters.get(slug(walker)) if walker else None
            if person is not None and event.subcategory is Subcategory.HUMAN_STEPS:
                told[f"shoes {event.performance.variant == person.shoes}"] += 1
    for name in ("shoes", "space", "ambience"):
        print(
            f"{name}: {told[f'{name} True']} as the bible says, {told[f'{name} False']} otherwise"
        )


def stems(film: Film, scenes: dict[str, SceneSound]) -> None:
    """Print distances within characters and between them."""
    steps = [step for one in scenes.values() for step in steps_of(one, names_of(film))]
    within: list[float] = []
    between: list[float] = []
    for (who, a), (other, b) in combinations(steps, 2):
        (within if who == other else between).append(_distance(a, b))
    counts = Counter(who for who, _ in steps)
    print(f"steps: {dict(counts)}")
    for name, found in (("within a character", within), ("between two", between)):
        if found:
            print(f"{name}: {np.mean(found):.2f} dB, {min(found):.2f} to {max(found):.2f}")


def main() -> None:
    """Print the three."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("film", type=Path)
    folder = FilmFolder(options.parse_args().film)
    film = folder.made()
    bible = read_bible(folder.bible_file) or Bible()
    scenes = {key: one for reel in film.reels for key, one in opened(folder, film, reel).items()}
    documents(film, bible, scenes)
    stems(film, scenes)
    alike(walks(film, scenes))
    cuts = [cut for reel in film.reels for cut in cuts_of(folder, reel)]
    if cuts:
        steps = [cut.step_db for cut in cuts]
        heard = sum(step > MOST_DB for step in steps)
        print(
            f"{len(cuts)} cuts inside scenes: ambience steps by {max(steps):.1f} dB at most, "
            f"{heard} by more than {MOST_DB:.0f}, dips by {max(c.dip_db for c in cuts):.1f} at most"
        )


if __name__ == "__main__":
    main()
