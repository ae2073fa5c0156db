"""Our own sounds of the counterfactual pairs, from their words alone."""

import tempfile
from pathlib import Path

import numpy as np

from foley_designer.agents.mix_planner.levels import card_of, fader, own_level
from foley_designer.agents.reverb.rules import place
from foley_designer.api.sounds import Glide, perform
from foley_designer.core.errors import FoleyError
from foley_designer.core.progress import Progress, silent
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.core.settings import Settings
from foley_designer.dsp.effects.reverb import reverberate
from foley_designer.dsp.features import features
from foley_designer.dsp.level.gains import db_to_gain
from foley_designer.evaluate.counterfactuals.pairs import SECONDS, Scene, pairs
from foley_designer.evaluate.counterfactuals.scoring import SIDES
from foley_designer.evaluate.scoring import Remark
from foley_designer.export.audio.wav import Encoding, Samples, read_wav, write_wav
from foley_designer.memory.knowledge_base import load

STEP = "pairs"
LABELS = {STEP: "Sound the pairs"}


def make_pairs(
    folder: Path, *, settings: Settings | None = None, progress: Progress = silent
) -> tuple[Remark, ...]:
    """Sound each side of each pair that the folder lacks; what can't be sounded is remarked.

    Levels are those that the planner gives, so that force and distance can be compared.

    Raises:
        FoleyError: ``disk_full``, ``output_not_writable``.
    """
    remarks = []
    for number, pair in enumerate(pairs(), 1):
        for side, scene in zip(SIDES, (pair.a, pair.b), strict=True):
            target = folder / pair.id / f"{side}.wav"
            if target.exists():
                continue
            try:
                samples = _sounded(scene, settings)
            except FoleyError as error:
                remarks.append(Remark("ours", f"{pair.id}/{side}", str(error)))
                continue
            write_wav(target, samples, encoding=Encoding.FLOAT_32)
        progress(STEP, number / len(pairs()), pair.id)
    return tuple(remarks)


def _sounded(scene: Scene, settings: Settings | None) -> Samples:
    """One side, in its room where the pair names one."""
    with tempfile.TemporaryDirectory() as folder:
        distance = Glide(scene.distance, scene.distance) if scene.distance else None
        made, file = perform(
            scene.text,
            Path(folder),
            seconds=SECONDS,
            onsets_s=scene.onsets,
            distance_m=distance,
            space=scene.space,
            settings=settings,
        )
        samples = read_wav(file)
    return _mixed(samples, made.event, scene, settings or Settings())


def _mixed(samples: Samples, event: SoundEvent, scene: Scene, settings: Settings) -> Samples:
    """A take at the level that the planner gives it, and in the room that the pair names."""
    knowledge = load(settings.knowledge_dir, settings.data_dir / "knowledge-index")
    card = card_of(event, knowledge)
    measured = features(samples, event.id)
    measured = measured.model_copy(update={"distance_m": scene.distance})
    level = own_level(event, measured, card)
    gain_db = fader(level.lu, event, measured, settings.target)
    mixed = samples * np.float32(db_to_gain(gain_db))
    reverb = place(event, measured, scene.space).reverb if scene.space else None
    return mixed if reverb is None else reverberate(mixed, reverb)
