"""Positions in a real Stable Audio transformer of tiny size, and at full depth without weights."""

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from torch import Tensor

from foley_designer.generator.diffusion.backbone import Texts
from foley_designer.generator.diffusion.backends.stable_audio import StableAudioBackbone
from foley_designer.generator.diffusion.injection import (
    InjectionBlock,
    InjectionConfig,
    PositionInjection,
    attention,
    injected_layers,
)
from foley_designer.generator.diffusion.position import FourierFeatures, PositionConfig, modulate

CONFIG = InjectionConfig(position=PositionConfig(bands=8, width=16), head_width=16)
STEPS = 24


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    yield
    torch.set_num_threads(before)


def tiny_backbone(depth: int = 8) -> StableAudioBackbone:
    """Stable Audio's own classes, small, with captions told by their length."""
    from diffusers import AutoencoderOobleck, StableAudioDiTModel
    from diffusers.pipelines.stable_audio.modeling_stable_audio import StableAudioProjectionModel

    transformer = StableAudioDiTModel(
        sample_size=STEPS,
        in_channels=4,
        num_layers=depth,
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

    def by_length(captions: list[str]) -> tuple[Tensor, Tensor]:
        lengths = torch.tensor([len(caption) for caption in captions], dtype=torch.float32)
        hidden = torch.sin(lengths[:, None, None] * torch.arange(1, 17))
        return hidden.expand(-1, 3, -1), torch.ones(len(captions), 3)

    for part in (transformer, autoencoder, projection):
        part.eval().requires_grad_(False)
    return StableAudioBackbone(transformer, autoencoder, projection, by_length)


def injected(backbone: StableAudioBackbone, config: InjectionConfig = CONFIG) -> PositionInjection:
    injection = PositionInjection(
        len(backbone.layers),
        backbone.width,
        backbone.sequence.position_stride,
        config,
        torch.Generator().manual_seed(1),
    )
    injection.attach(backbone.layers)
    return injection


def awakened(injection: PositionInjection) -> PositionInjection:
    """As after training: nothing is zero any more."""
    with torch.no_grad():
        for weight in injection.parameters():
            weight.add_(0.1 * torch.randn(weight.shape))
    return injection


def inputs(backbone: StableAudioBackbone, rows: int = 2) -> tuple[Tensor, Tensor, Texts]:
    latents = torch.randn(rows, backbone.sequence.channels, STEPS)
    return latents, torch.full((rows,), 0.6), backbone.texts(["a dog"] * rows, [1.0] * rows)


def cues(rows: int = 2) -> Tensor:
    frames = STEPS * 4
    track = torch.zeros(rows, 4, frames)
    track[:, 0] = torch.linspace(-0.5, 0.5, frames)
    track[:, 2, : frames // 3] = 1.0
    track[:, 3, 5] = 1.0
    return track


def test_untrained_blocks_leave_the_base_bit_for_bit() -> None:
    backbone = tiny_backbone()
    given = inputs(backbone)
    before = backbone.predict(*given)
    injection = injected(backbone)
    with injection.conditioned(cues()):
        after = backbone.predict(*given)
    assert torch.equal(before, after)


def test_a_row_without_position_is_the_base_bit_for_bit() -> None:
    backbone = tiny_backbone()
    given = inputs(backbone)
    before = backbone.predict(*given)
    injection = awakened(injected(backbone))
    with injection.conditioned(cues(), torch.tensor([0.0, 1.0])):
        after = backbone.predict(*given)
    assert torch.equal(before[0], after[0])
    assert (before[1] - after[1]).abs().max() > 1e-3
    assert torch.equal(before, backbone.predict(*given)), "outside the context nothing is injected"


def test_detached_the_backbone_is_the_base_again() -> None:
    backbone = tiny_backbone()
    given = inputs(backbone)
    before, keys = backbone.predict(*given), set(backbone.network.state_dict())
    injection = awakened(PositionInjection(8, backbone.width, 4, CONFIG, torch.Generator()))
    handles = injection.attach(backbone.layers)
    assert set(backbone.network.state_dict()) == keys
    for handle in handles:
        handle.remove()
    with injection.conditioned(cues()):
        assert torch.equal(before, backbone.predict(*given))


def test_flipped_positions_change_the_output() -> None:
    backbone = tiny_backbone()
    given = inputs(backbone)
    injection = awakened(injected(backbone))
    with injection.conditioned(cues()):
        forward = backbone.predict(*given)
    with injection.conditioned(cues().flip(-1)):
        backward = backbone.predict(*given)
    assert (forward - backward).abs().max() > 0.05


def test_attention_alone_hears_the_order_of_embeddings() -> None:
    """Without rotary embedding cross-attention gives the same for any order of its context."""
    torch.manual_seed(3)
    block = InjectionBlock(32, CONFIG)
    torch.nn.init.normal_(block.to_out.weight)
    latents, embedded = torch.randn(1, 12, 32), torch.randn(1, 12, 16)
    change = block(latents, embedded) - block(latents, embedded.flip(1))
    assert change.abs().max() > 0.05


def test_an_untrained_block_attends_near_the_diagonal() -> None:
    block = InjectionBlock(64, InjectionConfig(position=PositionConfig(width=16), head_width=64))
    torch.nn.init.eye_(block.to_out.weight)
    torch.nn.init.zeros_(block.to_query.weight)
    torch.nn.init.zeros_(block.to_key.weight)
    impulse = torch.zeros(1, 40, 16)
    impulse[0, 20, 0] = 1.0
    heard = (block(torch.zeros(1, 40, 64), impulse) - block(torch.zeros(1, 40, 64), 0 * impulse))[0]
    assert int(heard.abs().sum(dim=1).argmax()) == 20


def test_attention_in_training_is_that_in_use() -> None:
    query, key, value = torch.randn(3, 2, 4, STEPS, 16)
    trained = attention(query, key, value)
    with torch.no_grad():
        torch.testing.assert_close(trained, attention(query, key, value))
    assert float((trained - value).abs().max()) > 0.1, "more than the diagonal is attended to"


def test_gradients_reach_the_injection_alone() -> None:
    backbone = tiny_backbone()
    injection = awakened(injected(backbone))
    with injection.conditioned(cues()):
        backbone.predict(*inputs(backbone)).square().mean().backward()
    assert all(weight.grad is None for weight in backbone.network.parameters())
    without = [name for name, one in injection.named_parameters() if one.grad is None]
    assert not without
    still = [name for name, one in injection.named_parameters() if not one.grad.any()]
    assert not still


def test_full_depth_has_the_papers_layers() -> None:
    from diffusers import StableAudioDiTModel

    with torch.device("meta"):
        transformer = StableAudioDiTModel()
        injection = PositionInjection(24, 1536, 4, InjectionConfig(), torch.Generator())
    assert injection.layers == (3, 7, 11, 15, 19, 23)
    assert len(transformer.transformer_blocks) == 24
    handles = injection.attach(transformer.transformer_blocks)
    assert len(handles) == 6
    hooked = [i for i, one in enumerate(transformer.transformer_blocks) if one._forward_hooks]
    assert tuple(hooked) == injection.layers
    count = sum(weight.numel() for weight in transformer.parameters())
    assert 1.05e9 < count < 1.07e9, "the size of stable-audio-open-1.0"


@pytest.mark.parametrize(("depth", "layers"), [(8, (3, 7)), (16, (3, 7, 11, 15)), (3, ())])
def test_blocks_follow_every_fourth_layer(depth: int, layers: tuple[int, ...]) -> None:
    assert injected_layers(depth) == layers


def test_fourier_features_are_those_of_equation_4() -> None:
    module = FourierFeatures(5, 2.0, torch.Generator().manual_seed(4))
    positions = torch.randn(3, 2, 7)
    gamma = module(positions)
    b = module.projection.numpy()
    phase = 2 * np.pi * b @ positions[1, :, 3].numpy()
    np.testing.assert_allclose(gamma[1, :5, 3], np.cos(phase), atol=1e-4)
    np.testing.assert_allclose(gamma[1, 5:, 3], np.sin(phase), atol=1e-4)


def test_inactive_frames_keep_a_tenth_as_equation_5_says() -> None:
    features = torch.randn(1, 6, 2)
    modulated = modulate(features, torch.tensor([[1.0, 0.0]]))
    torch.testing.assert_close(modulated[..., 0], 1.1 * features[..., 0])
    torch.testing.assert_close(modulated[..., 1], 0.1 * features[..., 1])


def test_embeddings_arrive_at_the_latent_rate() -> None:
    injection = PositionInjection(4, 32, 8, CONFIG, torch.Generator().manual_seed(0))
    assert injection.encoder(torch.zeros(2, 4, 8 * 13)).shape == (2, 13, 16)
