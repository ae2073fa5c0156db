"""A CLAP model of the real classes at tiny size, with random weights, in a folder."""

from pathlib import Path


def a_clap(folder: Path) -> None:
    """Save one as `laion/clap-htsat-unfused` is laid out, a few thousand weights in it."""
    import torch
    import transformers
    from tokenizers import Tokenizer, models, pre_tokenizers

    config = transformers.ClapConfig(
        text_config={
            "vocab_size": 64, "hidden_size": 16, "num_hidden_layers": 1,
            "num_attention_heads": 2, "intermediate_size": 16, "max_position_embeddings": 40,
        },
        audio_config={
            "patch_embeds_hidden_size": 8, "depths": [1, 1], "num_attention_heads": [2, 2],
            "spec_size": 256, "window_size": 8, "num_mel_bins": 64, "hidden_size": 16,
            "patch_embed_input_channels": 1, "enable_fusion": False,
        },
        projection_dim=8,
    )  # fmt: skip
    torch.manual_seed(5)
    transformers.ClapModel(config).save_pretrained(folder)
    words = {w: i for i, w in enumerate(["<s>", "<pad>", "</s>", "<unk>", "rain", "door", "knock"])}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="<unk>", pad_token="<pad>", model_max_length=30
    ).save_pretrained(folder)
    transformers.ClapFeatureExtractor(
        feature_size=64, truncation="rand_trunc", padding="repeatpad"
    ).save_pretrained(folder)
