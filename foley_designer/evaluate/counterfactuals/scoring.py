"""Scores a folder of pairs: does the sound go where it should, and stay where it should?"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.evaluate.counterfactuals.measures import LEAST, UNITS, Heard, hear, missed
from foley_designer.evaluate.counterfactuals.pairs import SECONDS, Pair, Way, pairs
from foley_designer.evaluate.sounds import find, read_sound

SIDES = ("a", "b")


class Verdict(NamedTuple):
    """One pair."""

    pair: Pair
    moved: dict[str, float]
    """By how much each measure went from a to b; empty if a side is missing."""
    right: bool
    """Whether every expected measure went the right way by what can be noticed."""
    same: bool
    """Whether what should stay did."""
    missing: str = ""
    lost: int = 0
    """Hits that were told and have no attack, on both sides together."""


def score(folder: Path) -> tuple[Verdict, ...]:
    """Verdicts on ``folder/PAIR/a.wav`` and ``b.wav``, in the order of the pairs.

    Raises:
        FoleyError: ``sound_unreadable`` if the folder holds none of the pairs.
    """
    found = tuple(_verdict(pair, folder / pair.id) for pair in pairs())
    if all(verdict.missing for verdict in found):
        raise FoleyError(
            ErrorCode.SOUND_UNREADABLE,
            f"{folder} holds no sound of the pairs.",
            f"Wanted are {folder}/{pairs()[0].id}/a.wav and so on: "
            "foley-designer evaluate FOLDER --counterfactuals --run makes ours.",
        )
    return found


def _verdict(pair: Pair, folder: Path) -> Verdict:
    heard: list[Heard] = []
    lost = 0
    for side, scene in zip(SIDES, (pair.a, pair.b), strict=True):
        path = find(folder, side)
        given = read_sound(path, SECONDS) if path else None
        measured = hear(given.samples) if given and given.samples is not None else None
        if measured is None:
            why = "missing" if given is None else "; ".join(given.faults) or "silent"
            return Verdict(pair, {}, False, False, f"{side}: {why}")
        heard.append(measured)
        lost += missed(given.samples, scene.onsets) if given and given.samples is not None else 0
    moved = {key: getattr(heard[1], key) - getattr(heard[0], key) for key in LEAST}
    right = all(went(key, moved[key], way) for key, way in pair.expect.items())
    same = all(abs(moved[key]) <= bound for key, bound in pair.same.items())
    return Verdict(pair, moved, right, same and not lost, lost=lost)


def went(key: str, by: float, way: Way) -> bool:
    """Whether a measure moved in a direction by what can be noticed."""
    return (by if way is Way.UP else -by) >= LEAST[key]


def markdown(found: Sequence[Verdict]) -> str:
    """A row a factor, one for each half and one for all, then a row a pair."""
    scored = [each for each in found if not each.missing]
    lines = ["| | pairs | direction right | rest unchanged | both |", "|---|---|---|---|---|"]
    for factor in dict.fromkeys(each.pair.factor for each in found):
        lines.append(_sums(factor, [each for each in scored if each.pair.factor == factor]))
    lines.append(_sums("**seen**", [each for each in scored if not each.pair.held]))
    lines.append(_sums("**held out**", [each for each in scored if each.pair.held]))
    lines.append(_sums("**all**", scored))
    lines += ["", "| pair | expected | moved | right | unchanged |", "|---|---|---|---|---|"]
    lines += [_row(each) for each in found]
    return "\n".join(lines) + "\n"


def _sums(name: str, own: Sequence[Verdict]) -> str:
    """A row of counts."""
    right, same = sum(each.right for each in own), sum(each.same for each in own)
    both = sum(each.right and each.same for each in own)
    return f"| {name} | {len(own)} | {right} | {same} | {both} |"


def _row(each: Verdict) -> str:
    wanted = ", ".join(f"{key} {way}" for key, way in each.pair.expect.items())
    if each.missing:
        return f"| {each.pair.id} | {wanted} | {each.missing} | – | – |"
    name = f"{each.pair.id} (held out)" if each.pair.held else each.pair.id
    keys = dict.fromkeys((*each.pair.expect, *each.pair.same))
    moved = ", ".join(f"{key} {each.moved[key]:+.2f} {UNITS[key]}" for key in keys)
    moved += f", {each.lost} told hits lost" if each.lost else ""
    said = {True: "yes", False: "**no**"}
    return f"| {name} | {wanted} | {moved} | {said[each.right]} | {said[each.same]} |"


def plain(found: Sequence[Verdict]) -> list[dict[str, Any]]:
    """Verdicts as JSON values."""
    return [
        {
            "pair": each.pair.model_dump(mode="json"),
            "moved": each.moved,
            "right": each.right,
            "same": each.same,
            "missing": each.missing,
            "lost": each.lost,
        }
        for each in found
    ]
