"""Dense scenes: how much of the foreground the rest of the mix hides, before and after mixing.

    python -m benchmarks.mix.dense_mix [--seeds 2] [--seconds 6]

Each scene has three or four foreground sounds under as many backgrounds, performed by the embedded
engine. Three mixes of it are mastered to the same loudness: all takes as they are performed, all
takes at one loudness, and the mix of planner, specialists and critic. The masked share of a
foreground sound is that of its energy under the sum of all other tracks.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.mix.known_mix import TARGET, mended
from benchmarks.mix.mix_scenes import DENSE, perform, script_of
from benchmarks.mix.planted import Mix, measure, write
from foley_designer.dsp.level.gains import db_to_gain
from foley_designer.dsp.level.masking import excitation, masked_share
from foley_designer.dsp.level.master import master
from foley_designer.dsp.level.mixdown import mixdown
from foley_designer.memory import knowledge_base
from foley_designer.memory.knowledge_base import Knowledge

WAYS = ("as performed", "one loudness", "mixed")


def hidden(mix: Mix) -> float:
    """Mean masked share of the foreground under everything else."""
    patterns = {
        name: excitation(samples * np.float32(db_to_gain(mix.faders_db.get(name, 0.0))))
        for name, samples in mix.stems.items()
    }
    everything = sum(patterns.values())
    shares = [
        masked_share(patterns[event.id], everything - patterns[event.id])
        for event in mix.script.foreground
    ]
    return float(np.mean(shares))


def loudness(mix: Mix, folder: Path) -> float:
    """Integrated loudness of the mastered mix."""
    files = write(mix, folder)
    faders = [(files[name], mix.faders_db.get(name, 0.0)) for name in mix.stems]
    mastered = master(mixdown(faders, mix.script.clip.sample_count), TARGET)
    assert mastered.loudness.integrated_lufs is not None
    return mastered.loudness.integrated_lufs


def three_ways(
    name: str, seed: int, seconds: float, knowledge: Knowledge, folder: Path
) -> list[Mix]:
    """The scene in the order of `WAYS`."""
    script = script_of(name, seconds)
    stems = {event.id: perform(script, event, seed) for event in script.events}
    raw = Mix(script, stems, {}, {})
    diagnosis = measure(raw, folder)
    alike = {
        track.event_id: -30.0 - track.integrated_lufs
        for track in diagnosis.tracks
        if track.integrated_lufs is not None
    }
    return [raw, raw._replace(faders_db=alike), mended(raw, folder, knowledge)]


def main() -> None:
    """Run and print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--seeds", type=int, default=2)
    options.add_argument("--seconds", type=float, default=6.0)
    given = options.parse_args()
    knowledge, rows = knowledge_base.load(), []
    sys.stdout.write(f"{'masked / LUFS':24}" + "".join(f"{way:>18}" for way in WAYS) + "\n")
    with tempfile.TemporaryDirectory() as scratch:
        for name in DENSE:
            for seed in range(given.seeds):
                mixes = three_ways(name, seed, given.seconds, knowledge, Path(scratch))
                found = [(hidden(mix), loudness(mix, Path(scratch))) for mix in mixes]
                rows.append([share for share, _ in found])
                cells = [f"{share:.3f} / {lufs:.1f}" for share, lufs in found]
                sys.stdout.write(f"{name:24}" + "".join(f"{cell:>18}" for cell in cells) + "\n")
                sys.stdout.flush()
    means = np.mean(rows, axis=0)
    sys.stdout.write(f"{'mean':24}" + "".join(f"{mean:>18.3f}" for mean in means) + "\n")


if __name__ == "__main__":
    main()
