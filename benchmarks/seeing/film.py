"""Final mixes of real film, one sentence a clip: onset F1, and how much of it beats chance.

usage: FOLEY_MEDIA=FOLDER python -m benchmarks.seeing.film
       [--alone] [--wordless] [--keep DIR] [CLIP ...]

FOLDER holds ``film/clips.json`` with its clips and ``score_onsets.py``, whose detector hears the
mixes. Prints a line a clip, then means by kind; dense playing (over three onsets a second) has a
row of its own. ``--alone`` runs without the models of bodies and hands, ``--wordless`` without the
sentence. ``--keep`` keeps what was heard, so that a run goes on where it stopped. How the onset
model reads its sum was chosen on these very clips: `benchmarks/seeing/fit_onsets.py` gives figures
of folds left out, which are the ones to trust.
"""

import argparse
import importlib.util
import json
import os
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.seeing.film_truth import Clip, clips, less_chance
from foley_designer.api.clips import Request, design
from foley_designer.core.settings import Settings

DENSE = 3.0
"""Onsets a second from which playing is dense."""


def heard(clip: Clip, media: Path, settings: Settings, *, wordless: bool) -> list[float]:
    """Onsets of the clip's mix by the scorer's own detector."""
    spec = importlib.util.spec_from_file_location("score_onsets", media / "score_onsets.py")
    assert spec and spec.loader
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    words = None if wordless else clip.describe or None
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "session"
        design(Request(clip.path, description=words), out, settings=settings)
        return [float(one) for one in scorer.onsets(scorer.read(out / "mix_stereo.wav"))]


def row_of(clip: Clip) -> str:
    """The row of the table that a clip belongs to."""
    if clip.kind != "impulsive":
        return clip.kind
    return "dense" if len(clip.onsets) > DENSE * clip.duration_s else "impulsive"


def main() -> None:
    """Design, hear and score."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--alone", action="store_true")
    parser.add_argument("--wordless", action="store_true")
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    media = Path(os.environ["FOLEY_MEDIA"])
    rows: dict[str, list[np.ndarray]] = {}
    print("clip                      onsets heard  F1 ±100 less chance  F1 ±50 less chance")
    with tempfile.TemporaryDirectory() as nowhere:
        settings = Settings()
        if options.alone:
            settings = settings.model_copy(update={"data_dir": Path(nowhere)})
            os.environ["FOLEY_DATA_DIR"] = nowhere
        for clip in clips(media):
            if clip.folder != "film" or not clip.is_scored:
                continue
            if options.names and clip.name not in options.names:
                continue
            kept = options.keep / f"{clip.name}.json" if options.keep else None
            if kept and kept.exists():
                found = json.loads(kept.read_text())
            else:
                found = heard(clip, media, settings, wordless=options.wordless)
            if kept:
                kept.parent.mkdir(parents=True, exist_ok=True)
                kept.write_text(json.dumps(found))
            row = np.array(less_chance(clip, np.array(found)))
            rows.setdefault(row_of(clip), []).append(row)
            if clip.is_impulsive:
                rows.setdefault("all impulsive and dense", []).append(row)
            print(
                f"{clip.name:26}{len(clip.onsets):6} {len(found):5}  " + _figures(row), flush=True
            )
    for name, found_rows in rows.items():
        print(f"{name:26}{len(found_rows):6} clips  " + _figures(np.mean(found_rows, 0)))


def _figures(row: np.ndarray) -> str:
    wide, wide_net, narrow, narrow_net = row
    return f"{wide:.2f}    {wide_net:+.2f}        {narrow:.2f}   {narrow_net:+.2f}"


if __name__ == "__main__":
    sys.exit(main())
