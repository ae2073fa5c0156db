"""EfficientNet-Lite as an ONNX graph, written from its weights.

The network of Tan and Le (2019) without squeeze-and-excitation and with ReLU6 (EfficientNet-Lite,
Liu 2020). Batch normalization is folded into the convolutions. An ONNX file is a protocol buffer
of few kinds of messages (onnx.proto), so it is written here by hand.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foley_designer.vision.pictures.torch_file import Tensors

STRIDES = (1, 2, 2, 2, 1, 2, 1)
"""Of the first block of each of the seven stages; a stage is told by its number of channels."""
EPSILON = 1e-3
"""Of batch normalization."""
INPUT, OUTPUT = "pictures", "logits"
IR_VERSION, OPSET = 8, 13


def graph_of(weights: Tensors) -> bytes:
    """The ONNX file of a network.

    It takes ``pictures`` ``[batch, 3, height, width]``, RGB as (value − 127) / 128, and gives
    ``logits`` ``[batch, classes]``.

    Args:
        weights: by the names of the PyTorch port (``_conv_stem``, ``_blocks.0._project_conv``…).
    """
    graph = _Graph(weights)
    last = graph.conv(INPUT, "_conv_stem", "_bn0", stride=2)
    channels, stage = 0, -1
    for block in range(len({name.split(".")[1] for name in weights if "_blocks." in name})):
        name = f"_blocks.{block}."
        out = len(weights[f"{name}_project_conv.weight"])
        stride = 1
        if out != channels:
            stage += 1
            stride = STRIDES[stage]
        inner = last
        if f"{name}_expand_conv.weight" in weights:
            inner = graph.conv(inner, f"{name}_expand_conv", f"{name}_bn0")
        inner = graph.conv(inner, f"{name}_depthwise_conv", f"{name}_bn1", stride=stride)
        inner = graph.conv(inner, f"{name}_project_conv", f"{name}_bn2", bounded=False)
        same = out == channels and stride == 1
        last = graph.node("Add", [inner, last]) if same else inner
        channels = out
    last = graph.conv(last, "_conv_head", "_bn1")
    last = graph.node("Flatten", [graph.node("GlobalAveragePool", [last])])
    fully = [graph.tensor(f"_fc.{one}", weights[f"_fc.{one}"]) for one in ("weight", "bias")]
    graph.node("Gemm", [last, *fully], OUTPUT, transB=1)
    return graph.file(len(weights["_fc.bias"]))


class _Graph:
    """Nodes and tensors, each encoded as it comes."""

    def __init__(self, weights: Tensors) -> None:
        self._weights = weights
        self._nodes: list[bytes] = []
        self._tensors: list[bytes] = []
        self._bounds = [
            self.tensor(name, np.array(value, "<f4")) for name, value in (("0", 0), ("6", 6))
        ]

    def conv(
        self, last: str, name: str, norm: str, *, stride: int = 1, bounded: bool = True
    ) -> str:
        """A convolution with its normalization folded in, and ReLU6 if ``bounded``."""
        gain = self._weights[f"{norm}.weight"] / np.sqrt(
            self._weights[f"{norm}.running_var"] + EPSILON
        )
        kernel = self._weights[f"{name}.weight"] * gain[:, None, None, None]
        bias = self._weights[f"{norm}.bias"] - self._weights[f"{norm}.running_mean"] * gain
        held = [self.tensor(f"{name}.kernel", kernel), self.tensor(f"{name}.bias", bias)]
        group = len(kernel) if "depthwise" in name else 1
        found = self.node(
            "Conv",
            [last, *held],
            kernel_shape=kernel.shape[2:],
            strides=(stride, stride),
            group=group,
            auto_pad="SAME_UPPER",
        )
        return self.node("Clip", [found, *self._bounds]) if bounded else found

    def node(
        self,
        kind: str,
        inputs: Sequence[str],
        output: str = "",
        **attributes: int | str | Sequence[int],
    ) -> str:
        """Add a node; the name of what it gives."""
        output = output or f"n{len(self._nodes)}"
        told = b"".join(_text(1, one) for one in inputs) + _text(2, output) + _text(4, kind)
        told += b"".join(_bytes(5, _attribute(*one)) for one in attributes.items())
        self._nodes.append(told)
        return output

    def tensor(self, name: str, values: NDArray[Any]) -> str:
        """Add a constant; its name."""
        told = b"".join(_number(1, n) for n in values.shape) + _number(2, 1) + _text(8, name)
        self._tensors.append(told + _bytes(9, values.astype("<f4").tobytes()))
        return name

    def file(self, classes: int) -> bytes:
        """The whole model."""
        taken = _value(INPUT, ("batch", 3, "height", "width"))
        graph = b"".join(_bytes(1, one) for one in self._nodes) + _text(2, "EfficientNet-Lite")
        graph += b"".join(_bytes(5, one) for one in self._tensors)
        graph += _bytes(11, taken) + _bytes(12, _value(OUTPUT, ("batch", classes)))
        opset = _text(1, "") + _number(2, OPSET)
        return _number(1, IR_VERSION) + _bytes(7, graph) + _bytes(8, opset)


def _attribute(name: str, value: int | str | Sequence[int]) -> bytes:
    if isinstance(value, int):
        return _text(1, name) + _number(3, value) + _number(20, 2)
    if isinstance(value, str):
        return _text(1, name) + _text(4, value) + _number(20, 3)
    return _text(1, name) + b"".join(_number(8, one) for one in value) + _number(20, 7)


def _value(name: str, shape: Sequence[int | str]) -> bytes:
    sizes = b"".join(
        _bytes(1, _text(2, one) if isinstance(one, str) else _number(1, one)) for one in shape
    )
    return _text(1, name) + _bytes(2, _bytes(1, _number(1, 1) + _bytes(2, sizes)))


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    return bytes([*found, value])


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _text(field: int, value: str) -> bytes:
    return _bytes(field, value.encode())
