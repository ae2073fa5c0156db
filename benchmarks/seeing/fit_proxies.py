"""What real recordings reach in layers and contrast: full marks of SRS and CCS by measures.

usage: FOLEY_MEDIA=FOLDER python -m benchmarks.seeing.fit_proxies

Prints the median and the 95th percentile over the sounds of the clips of ``film``.
"""

import json
import os
from pathlib import Path

import numpy as np

from foley_designer.evaluate.proxies import proxies
from foley_designer.evaluate.sounds import clip_sound


def main() -> None:
    """Print both."""
    media = Path(os.environ["FOLEY_MEDIA"]) / "film"
    names = [one["file"] for one in json.loads((media / "clips.json").read_text())]
    read = [
        proxies(sound) for name in names if (sound := clip_sound(media / name).samples) is not None
    ]
    for key in ("bands", "layers", "contrast_db", "clear", "room"):
        middle, high = np.percentile([getattr(one, key) for one in read], [50, 95])
        print(f"{key}: median {middle:.2f}, 95th percentile {high:.2f}, {len(read)} clips")


if __name__ == "__main__":
    main()
