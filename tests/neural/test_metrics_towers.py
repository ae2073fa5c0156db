"""StereoCRW and ImageBind's vision tower at small size, against their published formulas."""

from pathlib import Path

import numpy as np
import pytest

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.evaluate.annotations import Annotations, ClipTruth
from foley_designer.evaluate.measures import Ears, Measurer
from foley_designer.evaluate.truth import truth_of
from foley_designer.metrics.embeddings import imagebind, imagebind_vision, stereocrw
from foley_designer.metrics.embeddings.embedder import load
from foley_designer.metrics.gcc import bewo_score

torch = pytest.importorskip("torch")
f = torch.nn.functional
CRW = stereocrw.Shape(width=4, features=6)
SEEING = imagebind.Shape(width=24, depth=2, heads=3, embedded=16)


def drawn(model):
    """The model with weights, and running statistics, that are no defaults."""
    torch.manual_seed(0)
    for name, one in model.state_dict().items():
        if one.is_floating_point():
            one.copy_(one.abs() + 0.5 if name.endswith("var") else 0.3 * torch.randn(one.shape))
    return model


@pytest.fixture
def crw_file(tmp_path: Path) -> Path:
    """Saved as the public weights are: parallel, with a window and an epoch beside the network."""
    state = {
        f"module.{name}": one for name, one in drawn(stereocrw.network(CRW)).state_dict().items()
    }
    state |= {"module.trans.window": torch.hann_window(256)}
    torch.save({"epoch": 9, "state_dict": state}, tmp_path / "crw.pth.tar")
    return tmp_path / "crw.pth.tar"


@pytest.fixture
def crw(crw_file: Path, monkeypatch: pytest.MonkeyPatch) -> stereocrw.StereoCrw:
    small = stereocrw.network(CRW)
    monkeypatch.setattr(stereocrw, "network", lambda: small)
    model = load("stereocrw", crw_file)
    assert isinstance(model, stereocrw.StereoCrw)
    model.stride = 64
    return model


def features(state, patch):
    """The published network on one stretch, written out layer by layer."""
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(256) / 256)
    padded = np.pad(patch.astype(np.float64), 128, mode="reflect")
    frames = np.stack([padded[at : at + 256] * window for at in range(0, 128 * 30, 30)])
    spectrum = np.fft.rfft(frames)[:, :128]
    x = torch.tensor(np.stack([spectrum.real, spectrum.imag])[None], dtype=torch.float32)

    def norm(x, name):
        mean, var, weight, bias = (
            state[f"{name}.{key}"] for key in ("running_mean", "running_var", "weight", "bias")
        )
        return f.batch_norm(x, mean, var, weight, bias, training=False)

    x = f.relu(norm(f.conv2d(x, state["net.conv1.weight"], stride=2, padding=3), "net.bn1"))
    x = f.max_pool2d(x, 3, 2, 1)
    for layer in range(1, 5):
        stride, at = 1 if layer == 1 else 2, f"net.layer{layer}.0"
        y = f.conv2d(x, state[f"{at}.conv1.weight"], stride=stride, padding=1)
        y = f.conv2d(f.relu(norm(y, f"{at}.bn1")), state[f"{at}.conv2.weight"], padding=1)
        if layer > 1:
            x = norm(
                f.conv2d(x, state[f"{at}.downsample.0.weight"], stride=2), f"{at}.downsample.1"
            )
        x = f.relu(norm(y, f"{at}.bn2") + x)
    return f.linear(x.mean((2, 3)), state["net.fc.weight"], state["net.fc.bias"])[0].numpy()


def test_stereocrw_equals_the_published_formula(crw, crw_file) -> None:
    saved = torch.load(crw_file)["state_dict"]
    state = {name.removeprefix("module."): one for name, one in saved.items()}
    rng = np.random.default_rng(1)
    window = rng.standard_normal((2, stereocrw.PATCH + stereocrw.REACH)).astype(np.float32)
    starts = range(0, stereocrw.REACH + 1, crw.stride)
    sides = [
        np.stack([features(state, side[at : at + stereocrw.PATCH]) for at in starts])
        for side in window
    ]
    unit = [side / np.linalg.norm(side, axis=1, keepdims=True) for side in sides]
    expected = unit[0] @ unit[1].T
    found = crw.likeness(window)
    assert found.shape == (9, 9)
    assert found == pytest.approx(expected, abs=1e-4)
    most = 2
    itds = []
    for i in range(most, 9 - most):
        near = [j for j in range(9) if abs(i - j) <= most]
        weights = np.exp(expected[i, near] / 0.05)
        itds.append(np.sum(weights * (np.array(near) - i)) / weights.sum())
    assert stereocrw.walk(found, most) == pytest.approx(np.mean(itds), abs=2e-3)


def test_stereocrw_knows_which_channel_leads_and_that_silence_has_no_side(crw) -> None:
    crw.stride = 8
    most = int(stereocrw.RATE * stereocrw.MOST_S / crw.stride)
    assert most == 3
    apart = np.eye(65, k=2)  # what left hears now, right hears two stretches later
    assert stereocrw.walk(apart, most) == pytest.approx(2.0, abs=1e-6)
    assert stereocrw.walk(np.zeros((65, 65)), most) == pytest.approx(0.0)


def test_stereocrws_windows_lie_in_the_clip() -> None:
    sound = np.arange(2 * 16_000, dtype=np.float32).reshape(2, -1)
    found = list(stereocrw.windows(sound, 16_000))
    assert len(found) == 10
    assert {each.shape for each in found} == {(2, 4352)}
    assert found[0][0, 0] == pytest.approx(0.0) and found[-1][0, -1] == pytest.approx(15_999)
    short = list(stereocrw.windows(sound[:, :800], 16_000))
    assert len(short) == 1 and short[0].shape == (2, 4352)


def test_stereocrw_at_full_size_has_the_public_keys_and_shapes() -> None:
    with torch.device("meta"):
        state = stereocrw.network().state_dict()
    assert state["net.conv1.weight"].shape == (64, 2, 7, 7)
    assert state["net.layer4.0.downsample.0.weight"].shape == (512, 256, 1, 1)
    assert "net.layer1.0.downsample.0.weight" not in state
    assert state["net.fc.weight"].shape == (128, 512)


def seeing(state, pictures):
    """The published vision tower, written out."""
    stem = "modality_preprocessors.vision."
    weight = state[f"{stem}rgbt_stem.proj.1.weight"].sum(dim=2)  # twice the same picture
    tokens = []
    for row in range(16):
        for column in range(16):
            patch = pictures[:, :, 14 * row : 14 * row + 14, 14 * column : 14 * column + 14]
            tokens.append(torch.einsum("bchw,dchw->bd", patch, weight))
    x = torch.stack([state[f"{stem}cls_token"][0].expand(len(pictures), -1), *tokens], dim=1)
    x = x + state[f"{stem}pos_embedding_helper.pos_embed"]
    trunk, width = "modality_trunks.vision.", x.shape[-1]

    def norm(x, name):
        return f.layer_norm(x, (width,), state[f"{name}.weight"], state[f"{name}.bias"], 1e-6)

    x = norm(x, f"{trunk}pre_transformer_layer.0")
    for depth in range(SEEING.depth):
        at = f"{trunk}blocks.{depth}."
        qkv = f.linear(
            norm(x, f"{at}norm_1"),
            state[f"{at}attn.in_proj_weight"],
            state[f"{at}attn.in_proj_bias"],
        )
        q, k, v = (
            part.unflatten(-1, (SEEING.heads, -1)).transpose(1, 2) for part in qkv.chunk(3, dim=-1)
        )
        weights = torch.softmax(q @ k.transpose(-1, -2) / (width / SEEING.heads) ** 0.5, dim=-1)
        x = x + f.linear(
            (weights @ v).transpose(1, 2).flatten(2),
            state[f"{at}attn.out_proj.weight"],
            state[f"{at}attn.out_proj.bias"],
        )
        hidden = f.linear(
            norm(x, f"{at}norm_2"), state[f"{at}mlp.fc1.weight"], state[f"{at}mlp.fc1.bias"]
        )
        x = x + f.linear(f.gelu(hidden), state[f"{at}mlp.fc2.weight"], state[f"{at}mlp.fc2.bias"])
    told = f.linear(
        norm(x, "modality_heads.vision.0")[:, 0], state["modality_heads.vision.2.weight"]
    )
    return told / told.norm(dim=-1, keepdim=True)


@pytest.fixture
def both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """ImageBind with both towers, from a file as the public one."""
    hearing, vision = drawn(imagebind.network(SEEING)), drawn(imagebind_vision.network(SEEING))
    state = dict(hearing.state_dict()) | dict(vision.state_dict())
    torch.save(
        state | {"modality_trunks.imu.blocks.0.norm_1.weight": torch.ones(1)}, tmp_path / "w"
    )
    monkeypatch.setattr(imagebind, "network", lambda: hearing)
    small = imagebind_vision.network
    monkeypatch.setattr(imagebind_vision, "network", lambda: small(SEEING))
    return load("imagebind", tmp_path / "w"), state


def test_imagebind_sees_as_by_the_published_formula(both) -> None:
    model, state = both
    pictures = torch.randn(2, 3, 224, 224)
    found = model.see(pictures.numpy())
    assert found == pytest.approx(seeing(state, pictures).numpy(), abs=1e-4)
    assert imagebind.score(found[:1], found[:1]) == pytest.approx(1.0)
    assert imagebind.score(found, -found) == pytest.approx(-1.0)


def test_imagebinds_vision_tower_at_full_size_has_the_public_keys_and_shapes() -> None:
    with torch.device("meta"):
        state = imagebind_vision.network().state_dict()
    stem = "modality_preprocessors.vision."
    assert state[f"{stem}rgbt_stem.proj.1.weight"].shape == (1280, 3, 2, 14, 14)
    assert state[f"{stem}pos_embedding_helper.pos_embed"].shape == (1, 257, 1280)
    assert state["modality_trunks.vision.blocks.31.attn.in_proj_weight"].shape == (3840, 1280)
    assert "modality_trunks.vision.blocks.0.attn.bias_k" not in state
    assert state["modality_heads.vision.2.weight"].shape == (1024, 1280)


def test_both_are_scored_of_a_clip(both, crw, tmp_path: Path) -> None:
    from benchmarks.yardstick.clip import render

    (tmp_path / "clips").mkdir()
    render("ball", tmp_path / "clips" / "ball.mp4", width=160, height=90, seconds=1.0)
    clip = ClipTruth(name="ball", duration_s=1.0, azimuth_deg=(20.0, 20.0))
    truth = truth_of(tmp_path, Annotations(name="one", clips=(clip,)), clip)
    assert truth is not None
    ears = Ears({})
    ears.stereocrw, ears.imagebind = crw, both[0]
    ears.embedders["imagebind"] = both[0]
    pictures = imagebind_vision.read_frames(tmp_path / "clips" / "ball.mp4")
    assert pictures.shape == (1, 3, 224, 224)
    sound = np.random.default_rng(2).standard_normal((2, SAMPLE_RATE)).astype(np.float32)
    values = Measurer(truth, ears).measure(sound).values
    vectors = both[0].hear(sound, SAMPLE_RATE).vectors
    assert values["ib"] == pytest.approx(imagebind.score(vectors, both[0].see(pictures)), abs=1e-6)
    from foley_designer.generator.placement import time_difference_s

    wanted = float(time_difference_s(20.0))
    assert values["crw"] == pytest.approx(bewo_score([crw.delay_s(sound, SAMPLE_RATE)], [wanted]))
