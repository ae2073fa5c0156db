"""What a model that mixes is shown of the tracks: their mel pictures, and small files to hear."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from foley_designer.agents.llm.tools import MIXING
from foley_designer.agents.llm.views import MIX, heard_name, mel_name
from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.files import replacing
from foley_designer.core.mix.features import Diagnosis
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.graph.workbench import Workbench
from foley_designer.tools.measure import Measured

LONGEST_S = 30.0
"""Of the sounds that a model is sent: what comes after is left out, which the caption says."""


def show(
    bench: Workbench, script: FoleyScript, diagnosis: Diagnosis, tracks: Sequence[Measured]
) -> None:
    """Draw and write what the settings let the model see and hear, for the agents that mix."""
    settings = bench.settings
    if not settings.uses_model:
        return
    if settings.llm_vision:
        from foley_designer.export.report.mel_sheet import Lane, write_mel_sheet  # noqa: PLC0415 - rare

        lanes = [Lane(track.event.id, Path(track.file), track.gain_db) for track in tracks]
        sheet = bench.session.pictures / mel_name(diagnosis)
        write_mel_sheet(sheet, lanes, script.clip.duration_s)
    if settings.llm_hearing or any(map(settings.tools_of, MIXING)):
        _write_heard(bench.session.pictures, diagnosis, tracks)


def _write_heard(folder: Path, diagnosis: Diagnosis, tracks: Sequence[Measured]) -> None:
    """Every track at its fader, and their sum."""
    from foley_designer.dsp.level.gains import db_to_gain  # noqa: PLC0415 - heavy
    from foley_designer.export.audio.hearing import small_wav  # noqa: PLC0415 - heavy
    from foley_designer.export.audio.wav import read_wav  # noqa: PLC0415 - heavy

    folder.mkdir(parents=True, exist_ok=True)
    most = round(LONGEST_S * SAMPLE_RATE)
    mix = np.zeros((2, 0), np.float32)
    for track in tracks:
        samples = read_wav(Path(track.file))[:, :most] * np.float32(db_to_gain(track.gain_db))
        with replacing(folder / heard_name(diagnosis, track.event.id)) as temporary:
            temporary.write_bytes(small_wav(samples))
        longer = max(mix.shape[1], samples.shape[1])
        grown = np.zeros((2, longer), np.float32)
        grown[:, : mix.shape[1]] += mix
        grown[:, : samples.shape[1]] += samples
        mix = grown
    with replacing(folder / heard_name(diagnosis, MIX)) as temporary:
        temporary.write_bytes(small_wav(mix))
