#!/usr/bin/env python3
"""Seeing against exact truth: one, two and three sources under every camera and frame rate.

usage: python -m benchmarks.seeing.yardsticks [--seeds N] [--kinds KIND ...] [--conditions NAME ...]

Draws each clip, looks at it, lets the rules write its script from one sentence a source, and
compares the cues with what was drawn: onset F1 within one frame, mean azimuth error while a source
is on screen, whether an event follows its own source, whether the nearer of two sources is found
to be nearer. Prints a row a condition and a row a source; ``--each`` prints every clip that errs.
"""

import argparse
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np

from benchmarks.yardstick.clip import render
from benchmarks.yardstick.score import ClipScore, Seen, SourceScore, score
from foley_designer.agents.team import assemble
from foley_designer.core.category import Subcategory
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.sound_event import SourceKind
from foley_designer.core.settings import Settings
from foley_designer.memory.knowledge_base import load
from foley_designer.vision.geometry.cues import trace
from foley_designer.vision.observe import observe

SENTENCES = {
    "walker": "A man in boots walks on concrete.",
    "hammer": "A hammer strikes a steel anvil.",
    "ball": "A rubber ball bounces on a wooden floor.",
    "car": "A car drives past on a road.",
}
KINDS = (
    *SENTENCES, "walker+hammer", "walker+ball", "hammer+ball", "walker+car", "hammer+car",
    "ball+car", "walker+hammer+ball", "walker+hammer+car",
)  # fmt: skip
CONDITIONS: dict[str, dict[str, Any]] = {
    "plain": {},
    "pan": {"camera": "pan"},
    "zoom": {"camera": "zoom"},
    "shake": {"camera": "shake"},
    "cuts": {"cuts_s": (1.7, 3.4)},
    "occlusion": {"occlusion": True},
    "15 fps": {"rate": Fraction(15)},
    "23.976 fps": {"rate": Fraction(24000, 1001)},
    "29.97 fps": {"rate": Fraction(30000, 1001)},
    "60 fps": {"rate": Fraction(60)},
    "variable": {"variable_rate": True},
    "depths": {},
}
"""Rendering options; ``depths`` puts each source at another distance."""


class Case(NamedTuple):
    """One clip of the matrix."""

    kind: str
    condition: str
    seed: int


def options(case: Case) -> dict[str, Any]:
    """How a case is rendered."""
    found = {"width": 480, "height": 270, "seconds": 5.0, "seed": case.seed}
    if case.condition == "depths":
        rng = np.random.default_rng(case.seed)
        count = case.kind.count("+") + 1
        found["depth_factors"] = tuple(np.exp(rng.uniform(-0.25, 0.45, count)).tolist())
    return found | CONDITIONS[case.condition]


def of_label(script: FoleyScript, label: str) -> Any:
    """The event that performs a source."""
    for event in script.events:
        text = f"{event.label} {event.description} {event.reason}".lower()
        if label == "walker":
            fits = event.subcategory is Subcategory.HUMAN_STEPS
        elif label == "car":
            fits = event.subcategory is Subcategory.VEHICLE and bool(event.spans)
        else:
            fits = label in text and bool(event.hits)
        if fits:
            return event
    return None


def examine(case: Case) -> ClipScore:
    """Draw, look, write, trace and score one clip."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        truth = render(case.kind, path, **options(case))
        seen = observe(path)
    team = assemble(Settings(), load())
    told = " ".join(SENTENCES[name] for name in case.kind.split("+"))
    brief = Brief(observation=seen, description=told)
    script = team.writer.root(brief, team.scribe.propose(brief, None, ()))
    cues = trace(script, seen)
    found = {}
    for source in truth.sources:
        event = of_label(script, source.label)
        if event is not None and event.source.kind is not SourceKind.AROUND:
            times = tuple(hit.time_s for hit in event.hits)
            found[source.label] = Seen(times, cues.of(event.id))
    return score(truth, found)


def row(name: str, sources: list[SourceScore], ordered: list[bool]) -> str:
    """Means of one group."""
    sounding = [one for one in sources if one.true]
    total = sum(one.true + one.found for one in sounding)
    f1 = 2 * sum(one.matched for one in sounding) / total if total else float("nan")
    least = min((one.f1 for one in sounding), default=float("nan"))
    error = np.nanmean([one.azimuth_error_deg for one in sources])
    right = np.mean([one.is_right_track for one in sources])
    order = np.mean(ordered) if ordered else float("nan")
    return (
        f"| {name} | {len(sources)} | {f1:.3f} | {least:.2f} | {error:.2f} | {right:.3f} "
        f"| {order:.3f} |"
    )


def groups(results: dict[Case, ClipScore]) -> Iterator[tuple[str, list[SourceScore], list[bool]]]:
    """All, by number of sources, by condition and by source."""

    def chosen(keep: Any) -> tuple[list[SourceScore], list[bool]]:
        kept = [result for case, result in results.items() if keep(case)]
        return [s for one in kept for s in one.sources], [o for one in kept for o in one.ordered]

    for count, name in enumerate(("one source", "two sources", "three sources")):
        yield (name, *chosen(lambda case, n=count: case.kind.count("+") == n))
    for condition in CONDITIONS:
        yield (condition, *chosen(lambda case, c=condition: case.condition == c))
    for label in SENTENCES:
        yield label, [s for r in results.values() for s in r.sources if s.label == label], []
    yield ("all", *chosen(lambda _: True))


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--kinds", nargs="+", default=KINDS)
    parser.add_argument("--conditions", nargs="+", default=tuple(CONDITIONS))
    parser.add_argument("--each", action="store_true", help="print every source that errs")
    parser.add_argument("--jobs", type=int, default=2)
    chosen = parser.parse_args()
    cases = [Case(*one) for one in product(chosen.kinds, chosen.conditions, chosen.seeds)]
    with ProcessPoolExecutor(chosen.jobs) as pool:
        results = dict(zip(cases, pool.map(examine, cases), strict=True))
    for case, result in results.items() if chosen.each else ():
        for one in result.sources:
            if one.f1 < 0.97 or not one.azimuth_error_deg <= 2.5 or not one.is_right_track:
                print(
                    f"{case.kind:20} {case.condition:10} {case.seed} {one.label:7} "
                    f"{one.true:2} true {one.found:2} found {one.matched:2} matched "
                    f"F1 {one.f1:.2f} {one.azimuth_error_deg:5.1f}° {one.is_right_track}"
                )
        if not all(result.ordered):
            print(f"{case.kind:20} {case.condition:10} {case.seed} order {result.ordered}")
    print("| | sources | onset F1 | worst | azimuth error ° | right track | distance order |")
    print("|---|---|---|---|---|---|---|")
    for name, sources, ordered in groups(results):
        if sources:
            print(row(name, sources, ordered))


if __name__ == "__main__":
    main()
