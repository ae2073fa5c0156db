"""Reads the tensors of a weights file of PyTorch without PyTorch, and runs nothing that is in it.

The format of `torch.save` up to version 1.5: pickles of a magic number, a version, the machine's
byte order, the state and the names of its storages, then each storage's length and its bytes
(torch/serialization.py, ``_legacy_load``). Of a pickle's names only four are known here, and none
of them is looked up: what any other asks for is refused.
"""

import io
import pickle
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.errors import ErrorCode, FoleyError

MAGIC = 0x1950A86A20F9469CFC6C
VERSION = 1001
KINDS: dict[str, np.dtype[Any]] = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}
Tensors = dict[str, NDArray[Any]]


class _Storage(NamedTuple):
    key: str
    kind: str


class _Tensor(NamedTuple):
    storage: _Storage
    first: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


def _tensor(
    storage: _Storage, first: int, shape: tuple[int, ...], strides: tuple[int, ...], *_: object
) -> _Tensor:
    return _Tensor(storage, first, shape, strides)


class _Reader(pickle.Unpickler):
    """Unpickles plain values, ordered dictionaries and descriptions of tensors alone."""

    KNOWN: dict[tuple[str, str], Callable[..., Any] | str] = {
        ("collections", "OrderedDict"): OrderedDict,
        ("torch._utils", "_rebuild_tensor_v2"): _tensor,
        ("torch", "FloatStorage"): "FloatStorage",
        ("torch", "LongStorage"): "LongStorage",
    }

    def find_class(self, module_name: str, global_name: str, /) -> Any:
        """One of the four known names."""
        if (module_name, global_name) not in self.KNOWN:
            raise pickle.UnpicklingError(f"{module_name}.{global_name} is not allowed")
        return self.KNOWN[module_name, global_name]

    def persistent_load(self, pid: Any) -> _Storage:
        """A storage by its kind and key; its bytes come behind the pickles."""
        word, kind, key = pid[:3]
        if word != "storage" or kind not in KINDS or (len(pid) > 5 and pid[5] is not None):
            raise pickle.UnpicklingError("not a plain storage")
        return _Storage(str(key), kind)


def tensors_of(data: bytes) -> Tensors:
    """The tensors of a saved state, by name.

    Args:
        data: the file's bytes.

    Raises:
        FoleyError: ``part_missing`` if it is no such file or holds anything else.
    """
    try:
        return _tensors(io.BytesIO(data))
    except (pickle.UnpicklingError, EOFError, ValueError, TypeError, KeyError, IndexError) as error:
        raise FoleyError(
            ErrorCode.PART_MISSING,
            f"The weights can't be read: {error}",
            "Fetch them again; everything works without.",
        ) from error


def _tensors(stream: io.BytesIO) -> Tensors:
    magic, version, machine = (_Reader(stream).load() for _ in range(3))
    if (magic, version) != (MAGIC, VERSION) or not machine["little_endian"]:
        raise ValueError("another format")
    state = _Reader(stream).load()
    kinds = {one.storage.key: one.storage.kind for one in state.values()}
    held = {}
    for key in _Reader(stream).load():
        length = int.from_bytes(stream.read(8), "little")
        dtype = KINDS[kinds[key]]
        held[key] = np.frombuffer(stream.read(length * dtype.itemsize), dtype, length)
    return {name: _laid_out(held[one.storage.key], one) for name, one in state.items()}


def _laid_out(held: NDArray[Any], one: _Tensor) -> NDArray[Any]:
    """The tensor of a storage by its strides, which must stay inside it."""
    steps = list(zip(one.shape, one.strides, strict=True))
    last = one.first + sum((count - 1) * stride for count, stride in steps)
    if min((one.first, *one.shape, *one.strides)) < 0 or last >= len(held):
        raise ValueError("a tensor reaches beyond its storage")
    strides = [stride * held.itemsize for stride in one.strides]
    laid = np.lib.stride_tricks.as_strided(held[one.first :], one.shape, strides, writeable=False)
    return laid.copy()
