"""The sound library on ESC-10: indexing, adding ten more, and search by 60 descriptions.

Usage: ``FOLEY_MEDIA=… python -m benchmarks.sound.library``. It indexes ``$FOLEY_MEDIA/sounds`` (400
recordings in ten class folders) into a temporary folder, adds ten recordings more, then asks for
60 sounds in words that a sound editor would use, six a class. The folder of the first recording
found must be the class. Last, how many recordings have their nearest other recording, by measured
descriptors alone, in their own class.
"""

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from foley_designer.generator.library.adding import Added, add_folder
from foley_designer.generator.library.engine import embedded_cards
from foley_designer.generator.library.search import Library

QUERIES = {
    "Dog bark": (
        "a small dog barking at the postman",
        "big guard dog behind a fence",
        "puppy yapping, excited",
        "hound baying in the distance",
        "single woof, close",
        "terrier barks twice in the yard",
    ),
    "Rain": (
        "heavy rain on a tin roof",
        "steady downpour in the street",
        "light drizzle on leaves",
        "rainstorm heard from inside a tent",
        "pouring rain, no thunder",
        "wet weather, drops on the window",
    ),
    "Sea waves": (
        "waves breaking on a beach",
        "calm ocean surf at night",
        "sea washing over pebbles",
        "water lapping on the shore",
        "rough sea against rocks",
        "seaside atmosphere with breakers",
    ),
    "Baby cry": (
        "newborn crying in a cot",
        "infant wailing for its mother",
        "a toddler sobs",
        "hungry baby screaming",
        "baby whimpers, then cries loudly",
        "child in tears",
    ),
    "Clock tick": (
        "grandfather clock in an empty hall",
        "old alarm clock ticking by the bed",
        "steady tick tock",
        "wristwatch movement, very close",
        "kitchen clock, seconds passing",
        "time bomb timer ticking",
    ),
    "Person sneeze": (
        "man sneezing loudly",
        "a woman sneezes into a handkerchief",
        "achoo",
        "someone with a cold, sneezes twice",
        "sudden sneeze in a quiet church",
        "hay fever sneezing fit",
    ),
    "Helicopter": (
        "helicopter hovering overhead",
        "chopper taking off",
        "rotor blades of an aircraft, distant",
        "military helicopter fly-by",
        "rescue helicopter landing in a field",
        "rotorcraft circling above the city",
    ),
    "Chainsaw": (
        "chainsaw cutting through a trunk",
        "lumberjack felling a tree with a motor saw",
        "petrol saw starting up and revving",
        "two-stroke engine of a chain saw, idling",
        "logging in the forest, power saw",
        "horror film maniac with a chainsaw",
    ),
    "Rooster": (
        "rooster crowing at dawn",
        "cock-a-doodle-doo on a farm",
        "a cockerel in the barnyard",
        "farm morning, the cock crows",
        "crowing bird wakes the village",
        "poultry, male, calling loudly",
    ),
    "Fire crackling": (
        "campfire at night",
        "logs burning in a fireplace",
        "crackling flames, close",
        "bonfire with popping embers",
        "wood stove burning softly",
        "house on fire, blaze",
    ),
}


def timed(what: str, work: Callable[[], Added]) -> None:
    """Run and print seconds of wall clock and of CPU."""
    wall, cpu = time.perf_counter(), time.process_time()
    added = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(
        f"{what:<28} {wall:6.1f} s, {cpu:6.1f} s CPU: {added.read} read, "
        f"{added.unchanged} unchanged, {len(added.refused)} left out"
    )


def class_of(path: str) -> str:
    """The class that a recording's folder names."""
    return Path(path).parent.name.split(" - ")[-1]


def by_meaning(library: Library) -> None:
    """Ask for all descriptions; print misses and the share of right classes."""
    right, wall = 0, time.perf_counter()
    for wanted, texts in QUERIES.items():
        for text in texts:
            best = library.by_meaning(text, 1)[0]
            found = class_of(best.recording.path)
            right += found == wanted
            if found != wanted:
                print(f"  {text!r} found {found} ({best.similarity:.2f}), not {wanted}")
    count = sum(map(len, QUERIES.values()))
    each_ms = 1e3 * (time.perf_counter() - wall) / count
    print(f"right class first            {right} of {count}, {each_ms:.0f} ms a search")


def by_sound(library: Library) -> None:
    """Print how often the nearest other recording is of the same class."""
    right = 0
    for path in library.paths:
        nearest = library.by_sound(library.sound_of(path), 2)
        other = next(match for match in nearest if match.recording.path != path)
        right += class_of(other.recording.path) == class_of(path)
    print(f"nearest by sound is its class {right} of {len(library)}")


def main() -> None:
    """Print the measurements."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.parse_args()
    media = Path(os.environ["FOLEY_MEDIA"]) / "sounds"
    with tempfile.TemporaryDirectory() as temporary:
        place, sounds = Path(temporary) / "library", Path(temporary) / "sounds"
        shutil.copytree(media, sounds)
        held = sorted(sounds.rglob("*.ogg"))[::40]
        shelf = Path(temporary) / "later"
        for path in held:
            (shelf / path.parent.name).mkdir(parents=True, exist_ok=True)
            shutil.move(path, shelf / path.parent.name / path.name)
        cards = embedded_cards(place)
        timed(f"index {400 - len(held)}", lambda: add_folder(sounds, place, cards))
        for path in held:
            shutil.move(shelf / path.parent.name / path.name, path)
        timed("add ten more", lambda: add_folder(sounds, place, cards))
        timed("again, nothing new", lambda: add_folder(sounds, place, cards))
        library = Library(place, cards)
        by_meaning(library)
        by_sound(library)


if __name__ == "__main__":
    main()
