"""How good the scripts are: one shot, after FilmScribe's loop, and after the full search.

Each of ten scenes (scenes.yaml) has a list of the events that an editor would spot. Prints event
recall and precision, the share of right layers and surfaces, and the share of foreground events
that are played in a fitting mood. Five scenes need the clips of FOLEY_MEDIA and are left out
if it is not set; five are drawn. Scribe, validator and search are the nodes and the subgraph of
a design.

If a language model is configured (FOLEY_LLM_MODEL), it reasons, and what it took is printed.

Run: python -m benchmarks.words.scripts [--scenes scenes_held_out.yaml] [--json] [--each]
"""

import argparse
import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import yaml

from benchmarks.yardstick.clip import render
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.core.script.structured_text import StructuredText
from foley_designer.core.session.session import Session
from foley_designer.core.settings import Settings
from foley_designer.graph.benches import set_up
from foley_designer.graph.build import build_search
from foley_designer.graph.nodes.scribe import scribe
from foley_designer.graph.nodes.validate import validate
from foley_designer.graph.state import DesignState
from foley_designer.graph.workbench import Workbench
from foley_designer.screenplay import open_script
from foley_designer.vision.observe import observe

HERE = Path(__file__).parent
OWN = Path("scenes.yaml")
STAGES = ("one shot", "scribe loop", "full search")
MARGIN = 0.08
"""What the full search is to gain over one shot on our own scenes, in the mean of all measures."""


class Marks(NamedTuple):
    """How a script fares against its reference list; shares, 0..1."""

    recall: float
    precision: float
    layer: float
    surface: float
    tone: float

    @property
    def mean(self) -> float:
        """All five in one number."""
        return fmean(self)


def briefs(scenes: Path, folder: Path) -> Iterator[tuple[dict[str, Any], Brief]]:
    """Each scene that can be seen here, with its brief."""
    media = os.environ.get("FOLEY_MEDIA")
    for scene in yaml.safe_load(scenes.read_text()):
        if "yardstick" in scene:
            clip = folder / f"{scene['name']}.mp4"
            render(scene["yardstick"], clip)
        elif media:
            clip = Path(media) / "clips" / scene["clip"]
        else:
            continue
        script = None
        if "script" in scene:
            path = folder / f"{scene['name']}.fountain"
            path.write_text(scene["script"])
            script = open_script(path).screenplay.scenes[0]
        yield (
            scene,
            Brief(observation=observe(clip), scene=script, description=scene.get("description")),
        )


def stages(bench: Workbench, brief: Brief) -> tuple[FoleyScript, ...]:
    """The scripts of the three stages, by the nodes and the search graph of a design."""
    state: DesignState = {"session": str(bench.session.root), "brief": bench.put(brief)}
    first = ""
    while not first or state["objections"]:
        state |= scribe(state, bench)
        first = first or state["text"]
        state |= validate(state, bench)
    search = build_search(lambda _: bench).compile()
    chosen = search.invoke(state)["script"]
    writer = bench.team.writer
    return (
        writer.root(brief, bench.get(StructuredText, first)),
        writer.root(brief, bench.get(StructuredText, state["text"])),
        bench.get(FoleyScript, chosen),
    )


def marks(scene: dict[str, Any], script: FoleyScript) -> Marks:
    """A script against its scene's reference list."""
    reference = scene["events"]
    found = [(wanted, _events_for(wanted, script)) for wanted in reference]
    met = [(wanted, events) for wanted, events in found if events]
    kinds = {kind for wanted in reference for kind in _kinds(wanted)}
    surfaced = [(wanted, events) for wanted, events in met if "surface" in wanted]
    return Marks(
        recall=len(met) / len(reference),
        precision=fmean(event.subcategory.value in kinds for event in script.events),
        layer=_share(any(e.layer.value == w["layer"] for e in events) for w, events in met),
        surface=_share(
            any(_ground(event) & set(wanted["surface"]) for event in events)
            for wanted, events in surfaced
        ),
        tone=_share((e.performance.mood or "neutral") in scene["moods"] for e in script.foreground),
    )


def _kinds(wanted: dict[str, Any]) -> set[str]:
    return {wanted["kind"], *wanted.get("or", ())}


def _events_for(wanted: dict[str, Any], script: FoleyScript) -> list[SoundEvent]:
    return [event for event in script.events if event.subcategory.value in _kinds(wanted)]


def _ground(event: SoundEvent) -> set[str | None]:
    return {event.performance.surface, event.performance.material}


def _share(values: Iterator[bool]) -> float:
    held = list(values)
    return fmean(held) if held else 1.0


def report(table: dict[str, list[Marks]]) -> dict[str, dict[str, float]]:
    """Means over the scenes, stage by stage."""
    return {
        stage: {
            name: fmean(getattr(row, name) for row in rows) for name in (*Marks._fields, "mean")
        }
        for stage, rows in table.items()
    }


def main() -> None:
    """Run the benchmark; by rules it fails where the search gains less than the margin."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--scenes", type=Path, default=OWN, help="scene list")
    parser.add_argument("--json", action="store_true", help="print JSON alone")
    parser.add_argument("--each", action="store_true", help="print every scene")
    options = parser.parse_args()
    table: dict[str, list[Marks]] = {stage: [] for stage in STAGES}
    usage: Counter[str] = Counter()
    with TemporaryDirectory() as name:
        folder = Path(name)
        for scene, brief in briefs(HERE / options.scenes, folder):
            session = Session(folder / scene["name"].replace(" ", "_"))
            bench = set_up(session, Settings(), folder / "clip")
            for stage, script in zip(STAGES, stages(bench, brief), strict=True):
                table[stage].append(marks(scene, script))
                if options.each:
                    shares = " ".join(f"{share:5.2f}" for share in table[stage][-1])
                    told = ", ".join(f"{e.label} [{e.performance.mood}]" for e in script.events)
                    print(f"{scene['name']:15} {stage:12} {shares}  {told}")
            usage.update(bench.team.usage())
    means = report(table)
    if options.json:
        print(
            json.dumps({"scenes": len(table[STAGES[0]]), "means": means, "model": usage}, indent=1)
        )
    else:
        print(f"{'':12}" + "".join(f"{name:>10}" for name in (*Marks._fields, "mean")))
        for stage, row in means.items():
            print(f"{stage:12}" + "".join(f"{value:10.3f}" for value in row.values()))
        if Settings().uses_model:
            print(", ".join(f"{amount:g} {what}" for what, amount in usage.items()))
    if Settings().uses_model or options.scenes != OWN:
        return
    gain = means[STAGES[-1]]["mean"] - means[STAGES[0]]["mean"]
    if gain < MARGIN:
        raise SystemExit(f"The search gains {gain:.3f}; {MARGIN} was to be gained.")


if __name__ == "__main__":
    main()
