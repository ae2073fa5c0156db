"""Each backbone's real classes at tiny size: the same bargain through every adapter."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import pytest
import torch
from torch import Tensor

from foley_designer.generator.diffusion.backbone import Backbone, Habits
from foley_designer.generator.diffusion.backends import native, native_shims
from foley_designer.generator.diffusion.injection import InjectionConfig
from foley_designer.generator.diffusion.model import PositionedModel, new_injection
from foley_designer.generator.diffusion.position import PositionConfig
from foley_designer.generator.diffusion.sampling import Sampler, log_snr_times, times

native_shims.prepare()
CONFIG = InjectionConfig(position=PositionConfig(bands=4, width=16), head_width=16)


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    yield
    torch.set_num_threads(before)


def by_length(captions: Sequence[str]) -> tuple[Tensor, Tensor]:
    lengths = torch.tensor([len(caption) for caption in captions], dtype=torch.float32)
    hidden = torch.sin(lengths[:, None, None] * torch.arange(1, 17))
    return hidden.expand(-1, 3, -1), torch.ones(len(captions), 3)


def open_1() -> Backbone:
    from diffusers import AutoencoderOobleck, StableAudioDiTModel
    from diffusers.pipelines.stable_audio.modeling_stable_audio import StableAudioProjectionModel

    from foley_designer.generator.diffusion.backends.stable_audio import StableAudioBackbone

    transformer = StableAudioDiTModel(
        sample_size=24,
        in_channels=4,
        num_layers=8,
        attention_head_dim=16,
        num_attention_heads=2,
        num_key_value_attention_heads=1,
        out_channels=4,
        cross_attention_dim=16,
        time_proj_dim=16,
        global_states_input_dim=32,
        cross_attention_input_dim=16,
    )
    autoencoder = AutoencoderOobleck(
        encoder_hidden_size=8,
        downsampling_ratios=[4, 8],
        channel_multiples=[1, 2],
        decoder_channels=8,
        decoder_input_channels=4,
        audio_channels=2,
        sampling_rate=1000,
    )
    projection = StableAudioProjectionModel(16, 16, 0, 512)
    for part in (transformer, autoencoder, projection):
        part.eval().requires_grad_(False)
    return StableAudioBackbone(transformer, autoencoder, projection, by_length)


def version_3() -> Backbone:
    from diffusers import AutoencoderSAME, StableAudio3DiTModel
    from diffusers.pipelines.stable_audio_3.modeling_stable_audio_3 import (
        StableAudio3DurationEmbedder,
    )

    from foley_designer.generator.diffusion.backends.stable_audio_3 import StableAudio3Backbone

    transformer = StableAudio3DiTModel(
        io_channels=8,
        embed_dim=32,
        depth=8,
        num_heads=2,
        cond_token_dim=16,
        global_cond_dim=16,
        local_add_cond_dim=9,
        timestep_features_dim=16,
        num_memory_tokens=4,
    )
    for block in transformer.transformer_blocks:
        torch.nn.init.normal_(block.to_local_embed[-1].weight, std=0.5)
    autoencoder = AutoencoderSAME(
        patch_size=8,
        encoder_channels=16,
        encoder_c_mults=(2,),
        encoder_strides=(4,),
        encoder_transformer_depths=(1,),
        latent_dim=8,
        dim_heads=16,
        sampling_rate=1000,
    )
    duration = StableAudio3DurationEmbedder(output_dim=16, fourier_dim=16)
    for part in (transformer, autoencoder, duration):
        part.eval().requires_grad_(False)
    return StableAudio3Backbone(transformer, autoencoder, duration, by_length, name="tiny-3")


def of_stable_audio_tools() -> Backbone:
    if not native_shims.available():
        pytest.skip("stable-audio-tools is not installed: make sat")
    channels = {"channels": 8, "c_mults": [1, 2], "strides": [4, 8], "use_snake": True}
    coder = {
        "encoder": {
            "type": "oobleck",
            "requires_grad": False,
            "config": channels | {"in_channels": 2, "latent_dim": 16},
        },
        "decoder": {
            "type": "oobleck",
            "config": channels | {"out_channels": 2, "latent_dim": 8, "final_tanh": False},
        },
        "bottleneck": {"type": "vae"},
        "latent_dim": 8,
        "downsampling_ratio": 32,
        "io_channels": 2,
    }
    seconds = {"type": "number", "config": {"min_val": 0, "max_val": 512}}
    names = ["seconds_start", "seconds_total"]
    config = {
        "model_type": "diffusion_cond",
        "sample_size": 24 * 32,
        "sample_rate": 1000,
        "audio_channels": 2,
        "model": {
            "pretransform": {"type": "autoencoder", "iterate_batch": True, "config": coder},
            "conditioning": {
                "configs": [{"id": name} | seconds for name in names],
                "cond_dim": 64,
            },
            "diffusion": {
                "cross_attention_cond_ids": names,
                "global_cond_ids": names,
                "type": "dit",
                "config": {
                    "io_channels": 8,
                    "embed_dim": 64,
                    "depth": 8,
                    "num_heads": 2,
                    "cond_token_dim": 64,
                    "global_cond_dim": 128,
                    "project_cond_tokens": False,
                    "transformer_type": "continuous_transformer",
                },
            },
            "io_channels": 8,
        },
    }
    backbone = native.from_config(config, "tiny-native")
    for weight in backbone.network.parameters():
        weight.add_(0.05 * torch.randn(weight.shape))
    return backbone


BACKBONES = pytest.mark.parametrize("make", [open_1, version_3, of_stable_audio_tools])


@BACKBONES
def test_injection_through_every_adapter(make) -> None:
    backbone = make()
    steps = 24
    latents = torch.randn(2, backbone.sequence.channels, steps)
    texts = backbone.texts(["a dog", "rain"], [0.5, 0.5])
    given = latents, torch.full((2,), 0.6), texts
    before = backbone.predict(*given)
    assert before.shape == latents.shape
    injection = new_injection(backbone, CONFIG, 0)
    assert injection.layers == (3, 7)
    injection.attach(backbone.layers)
    cues = torch.randn(2, 4, backbone.sequence.position_frames(steps))
    with injection.conditioned(cues):
        assert torch.equal(before, backbone.predict(*given)), "untrained, it is the base"
    with torch.no_grad():
        for weight in injection.parameters():
            weight.add_(0.2 * torch.randn(weight.shape))
    with injection.conditioned(cues):
        told = backbone.predict(*given)
    with injection.conditioned(cues.flip(-1)):
        flipped = backbone.predict(*given)
    assert (told - before).abs().max() > 1e-3
    assert (told - flipped).abs().max() > 1e-3
    with injection.conditioned(cues, torch.tensor([0.0, 1.0])):
        assert torch.equal(backbone.predict(*given)[0], before[0])


@BACKBONES
def test_sound_goes_in_and_out(make) -> None:
    backbone = make()
    steps = 24
    audio = 0.1 * torch.randn(1, 2, backbone.sequence.samples(steps))
    latents = backbone.encode(audio)
    assert latents.shape == (1, backbone.sequence.channels, steps)
    assert backbone.decode(latents, torch.Generator()).shape == audio.shape
    empty = backbone.texts(["", "rain"], [0.5, 0.5])
    assert empty.whole.shape[0] == 2


@BACKBONES
def test_regions_can_be_kept(make) -> None:
    backbone = make()
    steps = 24
    channels = backbone.sequence.channels
    kept = torch.randn(1, channels, steps)
    mask = torch.zeros(1, 1, steps)
    mask[..., :10] = 1.0
    model = PositionedModel(backbone, None)
    few = Habits(Sampler.PING_PONG, steps=2, text_scale=1.0, position_scale=1.0)
    how = {"steps": steps, "seconds": [0.5], "habits": few}
    latents = model.latents(None, ["rain"], [1], keep=(kept, mask), **how)
    free = model.latents(None, ["rain"], [1], **how)
    assert torch.equal(latents[..., :10], kept[..., :10])
    assert not torch.equal(latents[..., 10:], free[..., 10:]), "what is kept is heard"


def test_an_empty_caption_attends_to_nothing_in_stable_audio_open() -> None:
    texts = open_1().texts(["", "a dog"], [1.0, 1.0])
    assert not texts.tokens[0].any()
    assert texts.tokens[1].any()
    torch.testing.assert_close(texts.whole[0], texts.whole[1])


def test_times_even_in_log_snr() -> None:
    at = log_snr_times(8, -6.2, 2.0)
    assert at[0] == 1.0
    assert at[-1] == 0.0
    assert len(at) == 9
    assert all(later < earlier for earlier, later in pairwise(at))
    assert at[1] > times(8)[1], "more steps near noise"
