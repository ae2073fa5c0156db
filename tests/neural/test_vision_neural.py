"""Detection and depth through transformers: tiny random models of the classes that serve.

Nothing here comes from a hub: configurations, tokenizers and processors are made in the test.
"""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from better_eyes import looked_closer  # noqa: E402

from benchmarks.yardstick.clip import render  # noqa: E402
from foley_designer.core.note import NoteKind  # noqa: E402
from foley_designer.core.script.observation import Observation  # noqa: E402
from foley_designer.vision.models.depth import load_depth  # noqa: E402
from foley_designer.vision.models.detector import load_localizer  # noqa: E402
from foley_designer.vision.models.weights import DEPTH_MODELS, find_weights  # noqa: E402
from foley_designer.vision.observe import observe  # noqa: E402

NAMES = ["hammer", "person"]


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clip") / "hammer.mp4"
    render("hammer", path, rate=Fraction(25), width=320, height=180, seconds=3.0)
    return path


@pytest.fixture(scope="module")
def seen(clip: Path) -> Observation:
    return observe(clip)


@pytest.fixture(scope="module")
def owlv2(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from transformers import (
        CLIPTokenizer,
        Owlv2Config,
        Owlv2ForObjectDetection,
        Owlv2ImageProcessorPil,
        Owlv2Processor,
    )

    letters = [chr(97 + k) for k in range(26)]
    words = [*letters, *(f"{one}</w>" for one in letters), "<|startoftext|>", "<|endoftext|>"]
    ids = {word: k for k, word in enumerate(words)}
    size = {
        "hidden_size": 16,
        "intermediate_size": 32,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
    }
    text = {
        "vocab_size": len(ids),
        "max_position_embeddings": 16,
        "bos_token_id": ids["<|startoftext|>"],
        "eos_token_id": ids["<|endoftext|>"],
        "pad_token_id": 0,
    }
    config = Owlv2Config(
        text_config=size | text,
        vision_config=size | {"image_size": 32, "patch_size": 8},
        projection_dim=16,
    )
    processor = Owlv2Processor(
        image_processor=Owlv2ImageProcessorPil(size={"height": 32, "width": 32}),
        tokenizer=CLIPTokenizer(vocab=ids, merges=[], model_max_length=16),
    )
    folder = tmp_path_factory.mktemp("owlv2")
    Owlv2ForObjectDetection(config).save_pretrained(folder)
    processor.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def grounding_dino(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from transformers import (
        BertConfig,
        BertTokenizer,
        GroundingDinoConfig,
        GroundingDinoForObjectDetection,
        GroundingDinoImageProcessorPil,
        GroundingDinoProcessor,
        SwinConfig,
    )

    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ".", *NAMES]
    config = GroundingDinoConfig(
        backbone_config=SwinConfig(
            image_size=32,
            patch_size=4,
            embed_dim=8,
            depths=[1, 1, 1],
            num_heads=[1, 2, 2],
            window_size=2,
            out_features=["stage2", "stage3"],
        ),
        text_config=BertConfig(
            vocab_size=len(words),
            hidden_size=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=32,
            max_position_embeddings=32,
        ),
        num_queries=5,
        encoder_layers=1,
        decoder_layers=2,
        d_model=32,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=16,
        decoder_ffn_dim=16,
        num_feature_levels=2,
        encoder_n_points=2,
        decoder_n_points=2,
        max_text_len=32,
        two_stage=True,
    )
    processor = GroundingDinoProcessor(
        image_processor=GroundingDinoImageProcessorPil(
            size={"shortest_edge": 48, "longest_edge": 64}
        ),
        tokenizer=BertTokenizer(vocab={word: k for k, word in enumerate(words)}),
    )
    folder = tmp_path_factory.mktemp("dino")
    GroundingDinoForObjectDetection(config).save_pretrained(folder)
    processor.save_pretrained(folder)
    return folder


def depth_anything(folder: Path, kind: str) -> Path:
    from transformers import (
        DepthAnythingConfig,
        DepthAnythingForDepthEstimation,
        Dinov2Config,
        DPTImageProcessorPil,
    )

    backbone = Dinov2Config(
        hidden_size=16,
        num_hidden_layers=4,
        num_attention_heads=2,
        image_size=28,
        patch_size=14,
        out_features=["stage1", "stage2", "stage3", "stage4"],
        reshape_hidden_states=False,
    )
    config = DepthAnythingConfig(
        backbone_config=backbone,
        reassemble_hidden_size=16,
        neck_hidden_sizes=[4, 4, 8, 8],
        fusion_hidden_size=8,
        head_hidden_size=4,
        depth_estimation_type=kind,
        max_depth=20 if kind == "metric" else 1,
    )
    size = {"height": 42, "width": 42}
    DepthAnythingForDepthEstimation(config).save_pretrained(folder)
    DPTImageProcessorPil(size=size, keep_aspect_ratio=True, ensure_multiple_of=14).save_pretrained(
        folder
    )
    return folder


def picture() -> NDArray[np.uint8]:
    return np.random.default_rng(0).integers(0, 255, (90, 160, 3), np.uint8)


@pytest.mark.parametrize("kind", ["owlv2", "grounding_dino"])
def test_a_detector_gives_named_boxes_inside_the_picture(
    kind: str, request: pytest.FixtureRequest
) -> None:
    localizer = load_localizer(str(request.getfixturevalue(kind)))
    assert localizer is not None
    assert localizer.name.startswith(kind.replace("_", "-"))
    localizer.least_score = 0.0
    first, again = localizer.locate([picture(), picture()], NAMES)
    assert first, "a random model believes something at threshold 0"
    assert list(first) == list(again)
    for one in first:
        assert one.label in NAMES
        assert one.box.x - one.box.width / 2 >= -1e-6
        assert one.box.y + one.box.height / 2 <= 1 + 1e-6
    localizer.least_score = 1.0
    assert [len(found) for found in localizer.locate([picture()], NAMES)] == [0]
    assert [len(found) for found in localizer.locate([picture()], [])] == [0]


def test_boxes_are_the_models_own_in_shares_of_the_picture(owlv2: Path) -> None:
    """OWLv2 sees a square with the frame in its upper part."""
    localizer = load_localizer(str(owlv2))
    assert localizer is not None
    localizer.least_score = 0.0
    rgb = picture()[..., ::-1].copy()
    inputs = localizer._processor(text=[NAMES], images=rgb, return_tensors="pt")
    with torch.inference_mode():
        raw = localizer._model(**inputs).pred_boxes[0].numpy()
    edges = np.stack([raw[:, :2] - raw[:, 2:] / 2, raw[:, :2] + raw[:, 2:] / 2], 1) * 160
    shares = np.clip(edges / (160, 90), 0, 1)
    sizes = shares[:, 1] - shares[:, 0]
    expected = np.c_[shares.mean(1), sizes][(sizes >= 1e-3).all(1)]
    found = localizer.locate([picture()], NAMES)[0]
    boxes = [(one.box.x, one.box.y, one.box.width, one.box.height) for one in found]
    assert np.asarray(boxes) == pytest.approx(expected, abs=1e-4)
    assert 0 < len(boxes) < len(raw), "those below the picture are none"


@pytest.mark.parametrize("kind", ["relative", "metric"])
def test_distances_come_from_the_depth_model(
    kind: str, clip: Path, seen: Observation, tmp_path: Path
) -> None:
    folder = depth_anything(tmp_path / "depth", kind)
    model = load_depth(str(folder))
    assert model is not None
    assert model.metric is (kind == "metric")
    rows, columns = model.depth(picture()).shape
    assert columns / rows == pytest.approx(160 / 90, rel=0.1)
    told = looked_closer(clip, seen, depth_weights=str(folder))
    assert told.parts["depth"] == f"depth_anything depth ({kind})"
    about = [note for note in told.notes if "Distances" in note.text]
    assert [note.text for note in about] == [
        f"Distances are estimates by depth_anything depth ({kind}); "
        f"expect a factor of {'1.3' if kind == 'metric' else 'two'} either way."
    ]
    assert told.tracks != seen.tracks
    assert told.moments == seen.moments


def test_a_detector_names_the_tracks_of_a_clip(clip: Path, seen: Observation, owlv2: Path) -> None:
    told = looked_closer(
        clip,
        seen,
        names=tuple(NAMES),
        localizer_weights=str(owlv2),
        depth_model="none",
    )
    assert told.parts["names"].startswith("owlv2")
    assert {track.id for track in seen.tracks} <= {track.id for track in told.tracks}


def test_weights_that_are_not_here_are_told_and_the_rest_goes_on(
    clip: Path, seen: Observation, tmp_path: Path
) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "config.json").write_text("{}")
    told = looked_closer(
        clip,
        seen,
        names=("hammer",),
        localizer_weights=str(tmp_path / "nowhere"),
        depth_weights=str(tmp_path / "broken"),
    )
    new = [note for note in told.notes if note not in seen.notes]
    assert [note.kind for note in new] == [NoteKind.FALLBACK] * 2
    assert "No weights at" in new[0].text
    assert "can't be loaded" in new[1].text
    assert told.tracks == seen.tracks


def test_weights_in_the_cache_are_found_and_half_ones_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    assert find_weights(None, DEPTH_MODELS) is None
    small = DEPTH_MODELS[2]
    home = tmp_path / f"models--{small.replace('/', '--')}"
    snapshot = home / "snapshots" / "abc"
    snapshot.mkdir(parents=True)
    (home / "refs").mkdir()
    (home / "refs" / "main").write_text("abc")
    (snapshot / "config.json").write_text("{}")
    assert find_weights(None, DEPTH_MODELS) is None, "a configuration without weights"
    (snapshot / "model.safetensors").write_text("")
    assert find_weights(None, DEPTH_MODELS) == snapshot
    assert find_weights(small, ()) == snapshot
