"""Weights that others made: read without running what the file says, fitted by name and shape."""

import pickle
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

_ALLOWED = {
    ("collections", "OrderedDict"): OrderedDict,
    ("torch._utils", "_rebuild_tensor_v2"): torch._utils._rebuild_tensor_v2,
    ("torch._utils", "_rebuild_parameter"): torch._utils._rebuild_parameter,
}
_NAMED = 3
"""How many names a message gives."""


class Blank:
    """Stands for an object of the file that isn't needed: settings, a schedule, a sampler."""

    def __init__(self, *_: Any, **__: Any) -> None: ...

    def __call__(self, *_: Any, **__: Any) -> "Blank":
        """Itself, whatever it is asked to make."""
        return self

    def __setstate__(self, state: object) -> None: ...

    def __setitem__(self, key: object, value: object) -> None: ...

    def append(self, one: object) -> None:
        """Nothing is kept."""

    def extend(self, some: object) -> None:
        """Nothing is kept."""


class _Unpickler(pickle.Unpickler):
    """Makes tensors and plain containers; a `Blank` for all else, so nothing of the file runs."""

    def find_class(self, module: str, name: str) -> Any:
        return _ALLOWED.get((module, name), Blank)


class _Pickle:
    """What `torch.load` takes for the module pickle."""

    __name__ = "plain"
    Unpickler = _Unpickler


def read_state(path: Path) -> dict[str, Tensor]:
    """Tensors by name of a checkpoint of torch, of its ``model`` or ``state_dict`` if it has one.

    Args:
        path: the file; settings and optimizer beside the model are passed over.

    Raises:
        OSError: no such file, or no checkpoint.
    """
    try:
        told = torch.load(
            path, map_location="cpu", weights_only=False, mmap=True, pickle_module=_Pickle
        )
    except (RuntimeError, pickle.UnpicklingError, EOFError, ValueError, TypeError) as error:
        raise OSError(f"{path} is no checkpoint of torch 1.6 or newer") from error
    parts: dict[str, Any] = told if isinstance(told, dict) else {}
    state: Any = parts.get("model", parts.get("state_dict", parts))
    tensors = {name: one for name, one in state.items() if isinstance(one, Tensor)}
    if not tensors:
        raise OSError(f"{path} holds no tensors by name")
    return tensors


def fit(model: nn.Module, state: Mapping[str, Tensor]) -> None:
    """Give a model its weights in single precision, all of them and no others.

    Args:
        model: whose names and shapes the weights must have; it may be without memory.
        state: tensors by name.

    Raises:
        OSError: the weights are another model's.
    """
    own = model.state_dict()
    wrong = {
        "lacking": own.keys() - state.keys(),
        "unknown": state.keys() - own.keys(),
        "of another shape": {
            name for name in own.keys() & state.keys() if own[name].shape != state[name].shape
        },
    }
    if any(wrong.values()):
        said = [
            f"{len(names)} {what} ({', '.join(sorted(names)[:_NAMED])})"
            for what, names in wrong.items()
            if names
        ]
        raise OSError(f"these are the weights of another model: {'; '.join(said)}")
    model.load_state_dict(state, assign=True)
    model.float()
