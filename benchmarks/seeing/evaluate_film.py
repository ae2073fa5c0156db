"""A folder for `foley-designer evaluate` from the real clips of FOLEY_MEDIA/film.

usage: FOLEY_MEDIA=FOLDER python -m benchmarks.seeing.evaluate_film TARGET [CLIP ...]
       foley-designer evaluate TARGET --run

Copies the clips and converts their annotations. A clip's own sound is its reference: it is read for
scores alone, and no design ever hears it. Onsets are those that a visible action makes, in picture
time; clips without judged onsets have no figure there. Clips in true stereo give directions.
"""

import argparse
import json
import os
from pathlib import Path
from typing import Any

import yaml

from benchmarks.seeing.film_truth import clips
from foley_designer.core.files import copy, write_text
from foley_designer.evaluate.annotations import FILE, Annotations, ClipTruth
from foley_designer.evaluate.truth import CLIPS


def annotations(media: Path, names: list[str]) -> Annotations:
    """The clips of ``film``, or those that are named, in the evaluation's form."""
    judged = {clip.name: clip for clip in clips(media) if clip.folder == "film" and clip.is_scored}
    classes = yaml.safe_load((Path(__file__).parent / "evaluate_film.yaml").read_text())
    listed = json.loads((media / "film" / "clips.json").read_text())
    found = [one for one in listed if not names or one["name"] in names]
    truths = tuple(_truth(one, judged.get(one["name"]), classes) for one in found)
    return Annotations(name="Real clips of film", clips=truths, reference_is_clip=True)


def _truth(one: dict[str, Any], judged: Any, classes: dict[str, list[str]]) -> ClipTruth:
    return ClipTruth(
        name=one["name"],
        describe=one["describe"],
        duration_s=one["duration_s"],
        onsets_s=tuple(judged.onsets.tolist()) if judged is not None else None,
        neutral_s=tuple(judged.neutral.tolist()) if judged is not None else (),
        heard_as=tuple(classes.get(one["name"], ())),
    )


def main() -> None:
    """Make the folder."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("target", type=Path)
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    media = Path(os.environ["FOLEY_MEDIA"]).absolute()
    found = annotations(media, options.names)
    folder = options.target / CLIPS
    folder.mkdir(parents=True, exist_ok=True)
    for clip in found.clips:
        target = folder / f"{clip.name}.mp4"
        if not target.exists():
            copy(media / "film" / target.name, target)
    write_text(options.target / FILE, found.to_json())
    print(f"{len(found.clips)} clips: foley-designer evaluate {options.target} --run")


if __name__ == "__main__":
    main()
