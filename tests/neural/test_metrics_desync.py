import functools
import os
from fractions import Fraction
from itertools import product
from math import floor
from pathlib import Path

import av
import numpy as np
import pytest

torch = pytest.importorskip("torch")

from foley_designer.core.errors import ErrorCode, FoleyError  # noqa: E402
from foley_designer.metrics.desync import desync, grid_s, offsets_s, starts  # noqa: E402
from foley_designer.metrics.embeddings.embedder import load  # noqa: E402
from foley_designer.metrics.embeddings.synchformer import model as synchformer  # noqa: E402
from foley_designer.metrics.embeddings.synchformer.frames import held, read_frames  # noqa: E402
from foley_designer.metrics.embeddings.synchformer.hearing import images  # noqa: E402
from foley_designer.metrics.embeddings.synchformer.seeing import Divided  # noqa: E402
from foley_designer.metrics.embeddings.synchformer.shape import Shape  # noqa: E402

SMALL = Shape(
    width=24, depth=2, heads=3, side=32, segments=3, join_depth=2, join_heads=2, furthest_s=1.0
)
RATE = 16_000
RNG = np.random.default_rng(0)


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.manual_seed(0)
    torch.set_num_threads(1)


def small_network() -> synchformer.Network:
    network = synchformer.network(SMALL)
    weak = ("pos_emb", "bias", "OFF_tok")  # else they drown what is seen and heard
    for name, parameter in network.named_parameters():
        torch.nn.init.normal_(parameter, std=0.05 if name.endswith(weak) else 0.5)
    return network


def linear(*names: str) -> list[str]:
    return [f"{name}.{part}" for name in names for part in ("weight", "bias")]


def under(prefix: str, names: list[str], count: int | None = None) -> list[str]:
    prefixes = [prefix] if count is None else [f"{prefix}.{k}" for k in range(count)]
    return [f"{one}.{name}" for one, name in product(prefixes, names)]


def public_names() -> set[str]:
    """Of the checkpoint 24-01-04T16-39-21, after the code of v-iashin/Synchformer."""
    pool = [
        *("cls_token", "self_attn.in_proj_weight", "self_attn.in_proj_bias"),
        *linear("self_attn.out_proj", "linear1", "linear2", "norm1", "norm2"),
    ]
    divided = linear(
        *("norm1", "norm2", "norm3", "attn.qkv", "attn.proj", "timeattn.qkv", "timeattn.proj"),
        *("mlp.fc1", "mlp.fc2"),
    )
    vision = [
        *("cls_token", "pos_embed", "temp_embed"),
        *linear("patch_embed.proj", "patch_embed_3d.proj", "norm"),
        *under("blocks", divided, 12),
        *under("spatial_attn_agg", pool),
    ]
    ast = linear(
        *under("attention.attention", ["query", "key", "value"]),
        *("attention.output.dense", "intermediate.dense", "output.dense"),
        *("layernorm_before", "layernorm_after"),
    )
    tokens = ["cls_token", "distillation_token", "position_embeddings"]
    audio = [
        *under("ast.embeddings", [*tokens, *linear("patch_embeddings.projection")]),
        *under("ast.encoder.layer", ast, 12),
        *linear("ast.layernorm"),
        *under("freq_attn_agg", pool),
    ]
    minimal = linear(
        *("ln1", "ln2", "attn.key", "attn.query", "attn.value", "attn.proj", "mlp.0", "mlp.2")
    )
    judge = [
        *("OFF_tok", "MOD_tok", "pos_emb_cfg.pos_emb"),
        *linear("vis_in_lnorm", "aud_in_lnorm", "ln_f", "off_head"),
        *under("blocks", minimal, 3),
    ]
    return {
        *under("vfeat_extractor", vision),
        *under("afeat_extractor", audio),
        *linear("vproj", "aproj"),
        *under("transformer", judge),
    }


def test_at_full_size_it_has_the_public_keys_and_shapes() -> None:
    with torch.device("meta"):
        full = synchformer.network().state_dict()
    assert set(full) == public_names()
    shapes = {
        "vfeat_extractor.pos_embed": (1, 197, 768),
        "vfeat_extractor.temp_embed": (1, 8, 768),
        "vfeat_extractor.patch_embed_3d.proj.weight": (768, 3, 2, 16, 16),
        "vfeat_extractor.blocks.11.timeattn.qkv.weight": (2304, 768),
        "afeat_extractor.ast.embeddings.position_embeddings": (1, 74, 768),
        "afeat_extractor.ast.embeddings.patch_embeddings.projection.weight": (768, 1, 16, 16),
        "afeat_extractor.freq_attn_agg.linear1.weight": (3072, 768),
        "transformer.pos_emb_cfg.pos_emb": (1, 198, 768),
        "transformer.off_head.weight": (21, 768),
    }
    assert {name: tuple(full[name].shape) for name in shapes} == shapes
    assert sum(one.numel() for one in full.values()) == 237_460_245
    assert Shape().window_s == 4.8
    assert Shape().samples == 10_240


def test_its_numbers_are_the_public_codes() -> None:
    """Those of v-iashin/Synchformer at these sizes, for these weights and this input."""
    shape = Shape(width=24, depth=2, heads=3, segments=2, join_depth=2, join_heads=2)
    network = synchformer.network(shape)
    rng = np.random.RandomState(0)
    state = network.state_dict()
    for name in sorted(state):
        state[name] = torch.from_numpy(0.3 * rng.standard_normal(tuple(state[name].shape)))
    network.load_state_dict(state)
    model = synchformer.Synchformer(network, shape)
    seen = model.seen(rng.randint(0, 256, (24, 224, 224, 3)).astype(np.uint8))
    with torch.no_grad():
        heard = network.afeat_extractor(torch.from_numpy(rng.standard_normal((2, 128, 66))).float())
    logits = model.judge(seen[None], heard[None])[0, ::4]
    assert seen.shape == (2, 8, 24)
    assert heard.shape == (2, 6, 24)
    said = pytest.approx([1.449916, 2.674412, 2.498694, -0.535370], abs=2e-5)
    assert seen[1, 5, ::6].tolist() == said
    said = pytest.approx([-1.794356, 3.274093, -1.217377, -1.032947], abs=2e-5)
    assert heard[1, 2, ::6].tolist() == said
    said = pytest.approx([0.000870, 0.463738, -0.458539, 0.510462, 0.747417, -1.045777], abs=2e-5)
    assert logits.tolist() == said


class Trap:
    """An object whose unpickling makes a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self._folder),)


def test_it_loads_a_checkpoint_with_settings_beside_and_runs_none_of_it(tmp_path: Path) -> None:
    network = small_network()
    trap = tmp_path / "ran"
    beside = {"args": Trap(trap), "scaler": functools.partial(max, 1), "metrics": np.float64(0.5)}
    torch.save({"model": network.state_dict(), "epoch": 3, **beside}, tmp_path / "whole.pt")
    torch.save(network.half().state_dict(), tmp_path / "plain.pth")
    network = network.float()
    sound = RNG.standard_normal((2, 2 * RATE)).astype(np.float32)
    expected = synchformer.Synchformer(network, SMALL).hear(sound, RATE)
    assert expected.logits is None
    assert expected.vectors.shape == (5 * 6, 24)
    assert np.abs(np.diff(expected.vectors, axis=0)).mean() > 0.01
    plain = synchformer.load(tmp_path / "plain.pth", SMALL).hear(sound, RATE)
    assert np.array_equal(plain.vectors, expected.vectors)
    whole = synchformer.load(tmp_path / "whole.pt", SMALL).hear(sound, RATE)
    assert whole.vectors == pytest.approx(expected.vectors, abs=0.05)
    assert not trap.exists()
    torch.load(tmp_path / "whole.pt", weights_only=False)
    assert trap.exists(), "the trap is none"
    short = synchformer.load(tmp_path / "plain.pth", SMALL).hear(sound[:, :99], RATE)
    assert short.vectors.shape == (6, 24)


def test_what_is_no_or_another_checkpoint_is_said_in_one_line(tmp_path: Path) -> None:
    torch.save(small_network().state_dict(), tmp_path / "small.pt")
    torch.save({"vproj.weight": torch.zeros(1), "new": torch.zeros(1)}, tmp_path / "foreign.pt")
    torch.save([1, 2], tmp_path / "list.pt")
    (tmp_path / "text.pt").write_text("no weights")
    for file, said in {
        None: "no weights are given",
        "no.pt": "is not there",
        "text.pt": "is no checkpoint of torch",
        "list.pt": "holds no tensors by name",
        "foreign.pt": r"another model: 512 lacking \(.*\); 1 unknown \(new\); 1 of another shape",
        "small.pt": r"another model: 356 lacking .* of another shape",
    }.items():
        with pytest.raises(FoleyError, match=said) as caught:
            load("synchformer", None if file is None else tmp_path / file)
        assert caught.value.code is ErrorCode.PART_MISSING
        assert "24-01-04T16-39-21.pt" in str(caught.value)
        assert "\n" not in caught.value.message


@pytest.mark.slow
def test_spectrograms_of_its_segments_equal_librosas() -> None:
    librosa = pytest.importorskip("librosa")
    wave = 0.1 * RNG.standard_normal(2 * RATE).astype(np.float32)
    ours = images(wave, Shape())
    assert ours.shape == (5, 128, 66)
    mel = librosa.feature.melspectrogram(
        y=wave[2 * 5120 : 4 * 5120], sr=RATE, n_fft=1024, win_length=400, hop_length=160,
        n_mels=128, norm=None, htk=True, fmin=0.0, fmax=8000.0, pad_mode="reflect",
    )  # fmt: skip
    assert mel.shape == (128, 65)
    expected = (np.log(mel + 1e-6) + 4.2677393) / (2 * 4.5689974)
    assert ours[2, :, :65] == pytest.approx(expected, abs=2e-3)
    assert ours[:, :, 65] == pytest.approx(4.2677393 / (2 * 4.5689974))


@pytest.mark.parametrize("in_time", [False, True])
def test_divided_attention_equals_the_one_written_out(in_time: bool) -> None:
    moments, places, width, heads = 2, 3, 8, 2
    part = Divided(width, heads, in_time=in_time)
    own, x = torch.randn(1, width), torch.randn(1, moments, places, width)
    told, seen = part(own, x)

    def attended(query: torch.Tensor, to: list[torch.Tensor]) -> torch.Tensor:
        q = part.qkv(query)[:width]
        keys, values = ([part.qkv(one)[at : at + width] for one in to] for at in (width, 2 * width))
        out = []
        for head in (slice(0, 4), slice(4, 8)):
            scores = torch.stack([q[head] @ key[head] for key in keys]) / 2.0
            weights = torch.softmax(scores, dim=0)
            out.append(sum(w * value[head] for w, value in zip(weights, values, strict=True)))
        return part.proj(torch.cat(out))

    everything = [own[0], *x[0].flatten(0, 1)]
    assert torch.allclose(told[0], attended(own[0], everything), atol=1e-5)
    for moment, place in product(range(moments), range(places)):
        axis = x[0, :, place] if in_time else x[0, moment]
        expected = attended(x[0, moment, place], [own[0], *axis])
        assert torch.allclose(seen[0, moment, place], expected, atol=1e-5)


def film(seconds: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Flicker of whole frames and bursts of noise."""
    rng = np.random.default_rng(seed)
    count = round(25 * seconds)
    light = rng.integers(0, 256, (count, 1, 1, 3)) * rng.uniform(0, 1, (count, 32, 32, 1))
    loudness = np.repeat(10 ** rng.uniform(-5, 0, count), RATE // 25)
    sound = loudness * rng.standard_normal(len(loudness))
    return light.astype(np.uint8), sound[None].astype(np.float32)


def test_offsets_equal_those_read_out_segment_by_segment() -> None:
    network = small_network()
    model = synchformer.Synchformer(network, SMALL)
    found = []
    for seed in range(4):
        frames, wave = film(2.6, seed)  # 7 segments: windows begin at 0, 2 and 4
        offsets = offsets_s(model, frames, wave, RATE)
        assert np.array_equal(offsets, offsets_s(model, frames, wave, RATE))
        with torch.no_grad():
            for window, start in enumerate((0, 2, 4)):
                seen, heard = [], []
                for segment in range(start, start + 3):
                    shown = frames[8 * segment : 8 * segment + 16].transpose(3, 0, 1, 2)
                    scaled = (torch.tensor(shown, dtype=torch.float32) / 255 - 0.5) / 0.5
                    seen.append(network.vfeat_extractor(scaled[None])[0])
                    cut = wave[0, 5120 * segment : 5120 * segment + 10_240]
                    mel = torch.tensor(images(cut, SMALL))
                    heard.append(network.afeat_extractor(mel)[0])
                vision, audio = network.vproj(torch.cat(seen)), network.aproj(torch.cat(heard))
                logits = network.transformer(vision[None], audio[None])[0]
                best = max(range(21), key=lambda k, logits=logits: float(logits[k]))
                assert offsets[window] == pytest.approx(-1.0 + 0.1 * best)
        found.append(offsets)
    assert len(set(np.concatenate(found))) > 2, "a read-out that never changes proves nothing"


def test_desync_is_the_mean_size_of_the_offsets() -> None:
    assert desync([np.array([-0.4, 0.2]), np.array([1.0])]) == pytest.approx(0.65)
    assert grid_s(21, 2.0) == pytest.approx([-2.0 + 0.2 * k for k in range(21)])
    with pytest.raises(ValueError, match="no clip"):
        desync([])
    model = synchformer.Synchformer(small_network(), SMALL)
    frames, wave = film(1.28, 0)
    assert offsets_s(model, frames, wave, RATE).shape == (2,)
    with pytest.raises(ValueError, match=r"1\.28 s of picture and sound .* got 31 frames"):
        offsets_s(model, frames[:-1], wave, RATE)
    with pytest.raises(ValueError, match=r"1\.20 s of sound"):
        offsets_s(model, frames, wave[:, : round(1.2 * RATE)], RATE)
    with pytest.raises(ValueError, match="got frames"):
        model.seen(frames[:, :16])


def test_windows_are_the_benchmarks_at_8_s_and_leave_no_gap() -> None:
    assert starts(24, 14) == [0, 10]
    assert starts(14, 14) == [0, 0]
    for count in range(14, 90):
        found = starts(count, 14)
        assert (found[0], found[-1]) == (0, count - 14)
        assert max(np.diff(found)) <= 14


@pytest.mark.parametrize("rate", [24, 30, 50, Fraction(30000, 1001), 12])
def test_pictures_are_held_as_ffmpegs_filter_holds_them(rate: Fraction) -> None:
    count = 60
    graph = av.filter.Graph()
    source = graph.add_buffer(width=16, height=16, format="gray", time_base=1 / Fraction(rate))
    steady, sink = graph.add("fps", "25"), graph.add("buffersink")
    source.link_to(steady)
    steady.link_to(sink)
    graph.configure()
    for index in range(count):
        frame = av.VideoFrame.from_ndarray(np.full((16, 16), index, np.uint8), format="gray")
        frame.pts, frame.time_base = index, 1 / Fraction(rate)
        source.push(frame)
    source.push(None)
    expected = []
    with pytest.raises((EOFError, BlockingIOError)):
        while True:
            expected.append(int(sink.pull().to_ndarray()[0, 0]))
    timed = ((float(k / Fraction(rate)), np.full(1, k, np.uint8)) for k in range(count))
    found = [int(one[0]) for one in held(timed)]
    assert len(found) == floor(count * 25 / rate + 0.5)
    assert found[: len(expected)] == expected[: len(found)]
    assert set(found[len(expected) :]) <= {count - 1}  # the filter wasn't told how long the last is


def test_a_clip_is_read_as_25_squares_a_second_of_its_middle(tmp_path: Path) -> None:
    path = tmp_path / "clip.mkv"
    picture = np.zeros((64, 160, 3), np.uint8)
    picture[:, :48], picture[:, 48:112], picture[:, 112:] = (0, 255, 0), (255, 0, 0), (0, 0, 255)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=50)
        stream.width, stream.height, stream.pix_fmt = 160, 64, "bgr0"
        for _ in range(20):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    found = read_frames(path, 32)
    assert found.shape == (10, 32, 32, 3)
    assert found[:, :, 2:-2].reshape(-1, 3).tolist() == [[255, 0, 0]] * (10 * 32 * 28)
