#!/usr/bin/env python3
"""Score the moments that seeing finds against onsets heard in the clips' original sound.

usage: python -m benchmarks.seeing.onsets [FOLDER]

FOLDER holds ``onsets.json`` and ``clips/``; without it the environment variable FOLEY_MEDIA says
where. Clips are matched with the action that a person
would name. Seeing never reads the sound.
"""

import json
import os
import sys
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment

from foley_designer.vision.events.spotting import select
from foley_designer.vision.observe import observe

ACTIONS = {
    "hammer_spoon": "strike",
    "drumstick_desk": "strike",
    "drumstick_metal_rail": "strike",
    "chopping_cabbage": "strike",
    "boots_walking_path": "steps",
    "tennis_serves_indoor": "strike",
    "dog_bark_pomeranian": "voice",
}
TOLERANCES_S = (0.05, 0.1)


def f_measure(reference: list[float], found: list[float], tolerance_s: float) -> float:
    """F1 with each onset matched at most once (maximum bipartite matching, as mir_eval.onset)."""
    if not reference or not found:
        return 0.0
    near = np.abs(np.subtract.outer(reference, found)) <= tolerance_s
    rows, columns = linear_sum_assignment(~near)
    return 2 * float(near[rows, columns].sum()) / (len(reference) + len(found))


def media_folder() -> Path:
    """Where the clips are."""
    if len(sys.argv) > 1:
        return Path(sys.argv[1])
    return Path(os.environ["FOLEY_MEDIA"])


def main() -> None:
    """Print a table: clip, onsets heard and found, F1 at ±50 and ±100 ms, median offset."""
    folder = media_folder()
    truth = json.loads((folder / "onsets.json").read_text())
    print("clip                      heard found  F1±50  F1±100  median offset ms")
    scores = []
    for name, action in ACTIONS.items():
        heard = [o["t"] for o in truth[f"{name}.mp4"]["onsets"] if o["cls"] == "primary"]
        seen = observe(folder / "clips" / f"{name}.mp4", field_of_view_deg=54.0)
        found = [moment.time_s for moment in select(seen, action)]
        row = [f_measure(heard, found, tolerance) for tolerance in TOLERANCES_S]
        scores.append(row)
        nearest = [min((t - h for t in found), key=abs) for h in heard] if found else []
        offset = f"{1000 * float(np.median(nearest)):+.0f}" if nearest else "-"
        print(f"{name:25} {len(heard):5} {len(found):5}  {row[0]:.2f}   {row[1]:.2f}    {offset}")
    mean = np.mean(scores, axis=0)
    print(f"{'mean':25} {'':5} {'':5}  {mean[0]:.2f}   {mean[1]:.2f}")


if __name__ == "__main__":
    main()
