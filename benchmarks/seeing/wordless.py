"""The class of a clip's main action, told without a word: impact, steps, pass or continuous.

usage: FOLEY_MEDIA=FOLDER python -m benchmarks.seeing.wordless
       [--people FOLDER] [--pictures FILE] [--folds 0 1 2] [--keep DIR] [CLIP ...]

FOLDER holds ``film`` and ``clips``; what is right stands in ``wordless.yaml``. Each clip is looked
at and the rules write its events from nothing but that; the first one's kind is the answer. Floor:
the class that is commonest. ``--keep`` keeps what was seen, so that a run goes on where it stopped
and rules alone can be tried again; clips of ``clips`` are in no fold.
"""

import argparse
import json
import os
from collections import Counter
from pathlib import Path

import yaml

from foley_designer.agents.scribe.unsaid.pictured import lookalikes
from foley_designer.agents.scribe.unsaid.unnamed import unnamed_drafts
from foley_designer.core.script.observation import Observation
from foley_designer.core.sounds.model import Action
from foley_designer.core.sounds.table import sound_of
from foley_designer.memory.knowledge_base import Knowledge, load
from foley_designer.vision.observe import observe

CLASSES = {
    Action.STEPS: "steps",
    Action.PASS: "pass",
    Action.STRIKE: "impact",
    Action.BOUNCE: "impact",
    Action.FLASH: "impact",
}
TRUTH = Path(__file__).with_suffix(".yaml")


def class_of(observation: Observation, knowledge: Knowledge) -> tuple[str, str]:
    """The class, and the name, of what the picture longest looks like, else of the first draft."""
    looks = lookalikes(observation)
    if looks:
        sound = max(looks, key=lambda one: one.end_s - one.start_s).sound
        return CLASSES.get(sound.action, "continuous"), sound.name
    drafts = unnamed_drafts(observation, knowledge)
    if not drafts:
        return "nothing", ""
    event = drafts[0].event
    sound = sound_of(event.subcategory, event.performance.variant)
    return CLASSES.get(sound.action, "continuous"), event.label


def seen(path: Path, options: argparse.Namespace) -> Observation:
    """What is seen of a clip, kept for the next run."""
    kept = options.keep / f"{path.stem}.json" if options.keep else None
    if kept and kept.exists():
        return Observation.from_json(kept.read_text(encoding="utf-8"))
    found = observe(path, people=options.people, pictures=options.pictures)
    if kept:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(found.to_json(), encoding="utf-8")
    return found


def main() -> None:
    """Print each answer, and how many are right."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--people", type=Path)
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--folds", type=int, nargs="+")
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    media, knowledge = Path(os.environ["FOLEY_MEDIA"]), load()
    truth = yaml.safe_load(TRUTH.read_text(encoding="utf-8"))
    listed = json.loads((media / "film" / "clips.json").read_text(encoding="utf-8"))
    folds = {row["name"]: row["fold"] for row in listed}
    right: Counter[str] = Counter()
    asked = {
        name: one
        for name, one in truth.items()
        if (not options.names or name in options.names)
        and (options.folds is None or folds.get(name) in options.folds)
    }
    for name, expected in asked.items():
        found, label = class_of(seen(next(media.glob(f"*/{name}.mp4")), options), knowledge)
        right[expected] += found == expected
        print(f"{name:26}{expected:12}{found:12}{label}", flush=True)
    counts = Counter(asked.values())
    for name, count in counts.items():
        print(f"{name:12}{right[name]:3} of {count}")
    floor = max(counts.values()) / len(asked)
    print(f"all {right.total() / len(asked):.2f}, floor {floor:.2f}, {len(asked)} clips")


if __name__ == "__main__":
    main()
