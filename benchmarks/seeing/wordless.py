"""The class of a clip's main action, told without a word: impact, steps, pass or continuous.

usage: FOLEY_MEDIA=FOLDER python -m benchmarks.seeing.wordless
       [--people FOLDER] [--keep DIR] [CLIP ...]

FOLDER holds ``film`` and ``clips``; what is right stands in ``wordless.yaml``. Each clip is looked
at and the rules write its events from nothing but that; the first one's kind is the answer. Floor:
the class that is commonest. ``--keep`` keeps answers, so that a run goes on where it stopped.
"""

import argparse
import os
from collections import Counter
from pathlib import Path

import yaml

from foley_designer.agents.scribe.unnamed import unnamed_drafts
from foley_designer.core.category import Subcategory
from foley_designer.core.script.observation import Observation
from foley_designer.memory.knowledge_base import Knowledge, load
from foley_designer.vision.observe import observe

CLASSES = {
    Subcategory.HUMAN_STEPS: "steps",
    Subcategory.ANIMAL_STEPS: "steps",
    Subcategory.OBJECT_IMPACT: "impact",
    Subcategory.EXPLOSION: "impact",
    Subcategory.VEHICLE: "pass",
}
TRUTH = Path(__file__).with_suffix(".yaml")


def class_of(observation: Observation, knowledge: Knowledge) -> str:
    """The class of the first event that the rules write for what nobody named."""
    drafts = unnamed_drafts(observation, knowledge)
    return CLASSES.get(drafts[0].event.subcategory, "continuous") if drafts else "nothing"


def main() -> None:
    """Print each answer, and how many are right."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--people", type=Path)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    media, knowledge = Path(os.environ["FOLEY_MEDIA"]), load()
    truth = yaml.safe_load(TRUTH.read_text(encoding="utf-8"))
    right: Counter[str] = Counter()
    asked = {name: one for name, one in truth.items() if not options.names or name in options.names}
    for name, expected in asked.items():
        kept = options.keep / name if options.keep else None
        if kept and kept.exists():
            found = kept.read_text(encoding="utf-8")
        else:
            path = next(media.glob(f"*/{name}.mp4"))
            found = class_of(observe(path, people=options.people), knowledge)
        if kept:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(found, encoding="utf-8")
        right[expected] += found == expected
        print(f"{name:26}{expected:12}{found}", flush=True)
    counts = Counter(asked.values())
    for name, count in counts.items():
        print(f"{name:12}{right[name]:3} of {count}")
    floor = max(counts.values()) / len(asked)
    print(f"all {right.total() / len(asked):.2f}, floor {floor:.2f}, {len(asked)} clips")


if __name__ == "__main__":
    main()
