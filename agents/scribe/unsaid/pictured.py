"""What a picture looks like that nobody described: the sound whose maker a classifier names."""

from collections.abc import Collection, Mapping
from functools import cache
from typing import NamedTuple

from foley_designer.core.script.observation import Observation
from foley_designer.core.sounds.model import Action, SoundClass
from foley_designer.core.sounds.table import named as row_named
from foley_designer.core.sounds.table import sounds
from foley_designer.vision.pictures.classes import classes

LOOK = "look"
"""Origin of words that stand for the look of a picture."""
BELIEF = 0.2
"""Belief in a sound's maker, over that of a guess among all classes, from which it is heard. Of 29
real clips (`benchmarks/sound/real_heard.py`, folds 0 to 2) 19 are so believed, and 16 of these
sound so; at 0.1 it is 23 and 17, at 0.3 17 and 15."""


class Lookalike(NamedTuple):
    """A sound whose maker some shots seem to show."""

    sound: SoundClass
    belief: float
    start_s: float
    end_s: float

    def note(self) -> str:
        """What a user should know of it."""
        return (
            f"Nothing names what happens from {self.start_s:.1f} to {self.end_s:.1f} s; it looks "
            f"like “{self.sound.title.lower()}” ({self.belief:.2f}), so that is heard. Say what is "
            "seen to hear something else."
        )


def lookalikes(observation: Observation) -> tuple[Lookalike, ...]:
    """The sounds of stretches of shots that look like their makers, in order.

    What fills a place goes on through the cuts of a scene, so it is believed by the whole of it.
    """
    found: list[Lookalike] = []
    for shot in observation.shots:
        if (best := _best(shot.named)) is None or not shot.has_film:
            continue
        sound, belief = best
        last = found[-1] if found else None
        if last and last.sound is sound and last.end_s >= shot.start_s:
            found[-1] = last._replace(belief=max(last.belief, belief), end_s=shot.end_s)
        else:
            found.append(Lookalike(sound, belief, shot.start_s, shot.end_s))
    return tuple(
        one
        for one in found
        if one.sound.action is not Action.FILL or _throughout(one.sound, observation) >= BELIEF
    )


def _throughout(sound: SoundClass, observation: Observation) -> float:
    """Belief in a sound's maker over all shots with film, each for its length."""
    shots = [shot for shot in observation.shots if shot.has_film]
    lengths = [shot.end_s - shot.start_s for shot in shots]
    beliefs = [max(0.0, _belief(_makers()[sound.name], shot.named)) for shot in shots]
    weighed = [belief * length for belief, length in zip(beliefs, lengths, strict=True)]
    return sum(weighed) / sum(lengths)


def _best(named: Mapping[str, float]) -> tuple[SoundClass, float] | None:
    """The sound whose maker is believed most, and how far beyond a guess; None if too little."""
    beliefs = {name: _belief(makers, named) for name, makers in _makers().items()}
    best = max(beliefs, key=beliefs.__getitem__)
    return (row_named(best), beliefs[best]) if beliefs[best] >= BELIEF else None


def _belief(makers: Collection[str], named: Mapping[str, float]) -> float:
    """Belief in any of some classes, over that of a guess among all."""
    return sum(named.get(name, 0.0) for name in makers) - len(makers) / len(classes())


@cache
def _makers() -> dict[str, tuple[str, ...]]:
    """Each sound that has a look, by name, and the classes that show it."""
    order = [one.name for one in classes()]
    place = {name: index for index, name in enumerate(order)}
    return {
        sound.name: tuple(
            name
            for told in sound.seen_as
            for first, _, last in [told.partition(" .. ")]
            for name in order[place[first] : place[last or first] + 1]
        )
        for sound in sounds()
        if sound.seen_as
    }
