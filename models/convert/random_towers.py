"""CLIP and CLAP with random weights, and small tokenizers for them: the shapes of the real ones, nothing learned."""

import json

import torch
from transformers import ClapConfig, ClapModel, CLIPConfig, CLIPModel

SEED = 20_261_121

# openai/clip-vit-large-patch14-336
CLIP_VISION = dict(image_size=336, patch_size=14, hidden_size=1024, intermediate_size=4096, num_hidden_layers=24, num_attention_heads=16, projection_dim=768)
CLIP_TEXT = dict(hidden_size=768, intermediate_size=3072, num_hidden_layers=12, num_attention_heads=12, projection_dim=768)
# laion/larger_clap_music (config.json: depths, hidden and patch widths; the rest are the defaults of transformers)
CLAP_AUDIO = dict(patch_embeds_hidden_size=128, depths=[2, 2, 12, 2], num_attention_heads=[4, 8, 16, 32], hidden_size=1024, projection_dim=512, enable_fusion=False)
CLAP_TEXT = dict(hidden_size=768, intermediate_size=3072, num_hidden_layers=12, num_attention_heads=12, projection_dim=512)

WORDS = ["slow", "piano", "music", "guitar", "night", "city", "dance", "a", "of", "the", "photo", "drone", "over", "sea", "warm"]


def clip(tiny):
    vision, text = dict(CLIP_VISION), dict(CLIP_TEXT)
    if tiny:
        vision |= dict(hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4)
        text |= dict(hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4)
    # The published configuration says 2, which transformers reads as "the token with the highest number ends a text".
    text |= dict(vocab_size=len(clip_tokenizer()["model"]["vocab"]), eos_token_id=2)
    return seeded(CLIPModel, CLIPConfig(text_config=text, vision_config=vision, projection_dim=768))


def clap(tiny):
    audio, text = dict(CLAP_AUDIO), dict(CLAP_TEXT)
    if tiny:
        audio |= dict(patch_embeds_hidden_size=16, depths=[2, 2, 2, 2], num_attention_heads=[2, 2, 4, 4], hidden_size=128)
        text |= dict(hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4)
    text |= dict(vocab_size=len(clap_tokenizer()["model"]["vocab"]))
    return seeded(ClapModel, ClapConfig(audio_config=audio, text_config=text, projection_dim=512))


def seeded(kind, config):
    """Random weights, spread wider than the library's initial ones so that different inputs give different vectors."""
    torch.manual_seed(SEED)
    model = kind(config).eval()
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.ndim >= 2 and "embedding" not in name:
                weight.normal_(0, weight[0].numel() ** -0.5)
            elif name.endswith("bias"):
                weight.normal_(0, 0.02)
        for name, buffer in model.named_buffers():
            if name.endswith("running_mean"):
                buffer.normal_(-20, 5)
            elif name.endswith("running_var"):
                buffer.uniform_(200, 400)
    return model


def clip_tokenizer():
    """CLIP's kind of byte-level BPE: lower case, words end in </w>, texts between start and end tokens."""
    letters = byte_letters()
    tokens = letters + [letter + "</w>" for letter in letters]
    merges = learned_merges(tokens, end="</w>")
    tokens += ["<|startoftext|>", "<|endoftext|>"]
    vocabulary = {token: i for i, token in enumerate(tokens)}
    start, end = vocabulary["<|startoftext|>"], vocabulary["<|endoftext|>"]
    pattern = r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
    return {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [special(start, "<|startoftext|>"), special(end, "<|endoftext|>")],
        "normalizer": {"type": "Sequence", "normalizers": [
            {"type": "NFC"}, {"type": "Replace", "pattern": {"Regex": r"\s+"}, "content": " "}, {"type": "Lowercase"}]},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
            {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Removed", "invert": True},
            {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True}]},
        "post_processor": {"type": "RobertaProcessing", "sep": ["<|endoftext|>", end], "cls": ["<|startoftext|>", start], "trim_offsets": False, "add_prefix_space": False},
        "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True},
        "model": {"type": "BPE", "dropout": None, "unk_token": "<|endoftext|>", "continuing_subword_prefix": "", "end_of_word_suffix": "</w>", "fuse_unk": False, "vocab": vocabulary, "merges": merges},
    }


def clap_tokenizer():
    """RoBERTa's kind of byte-level BPE: <s> 0, <pad> 1, </s> 2, <unk> 3, blanks kept as Ġ."""
    tokens = ["<s>", "<pad>", "</s>", "<unk>"] + byte_letters()
    merges = learned_merges(tokens, end="")
    tokens.append("<mask>")
    vocabulary = {token: i for i, token in enumerate(tokens)}
    return {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [special(vocabulary[t], t) for t in ("<s>", "<pad>", "</s>", "<unk>", "<mask>")],
        "normalizer": None,
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True},
        "post_processor": {"type": "RobertaProcessing", "sep": ["</s>", 2], "cls": ["<s>", 0], "trim_offsets": True, "add_prefix_space": False},
        "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True},
        "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": "", "end_of_word_suffix": "", "fuse_unk": False, "vocab": vocabulary, "merges": merges},
    }


def special(number, content):
    return {"id": number, "content": content, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}


def byte_letters():
    """The 256 printable stand-ins that byte-level BPE writes bytes as."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    extra = [256 + i for i in range(256 - len(printable))]
    return [chr(c) for c in printable + extra]


def learned_merges(tokens, end):
    """Merges that spell WORDS from left to right; their pieces are appended to `tokens`."""
    merges = []
    for word in WORDS:
        pieces = [*word[:-1], word[-1] + end]
        while len(pieces) > 1:
            pair = f"{pieces[0]} {pieces[1]}"
            pieces[:2] = [pieces[0] + pieces[1]]
            if pair not in merges:
                merges.append(pair)
            if pieces[0] not in tokens:
                tokens.append(pieces[0])
    return merges


def dump(spec, path):
    path.write_text(json.dumps(spec, ensure_ascii=False), encoding="utf-8")


def write_projector(path, width, out):
    """A projector of the pack's form with random weights."""
    from safetensors.torch import save_file

    random = torch.Generator().manual_seed(SEED)

    def normal(*shape):
        return torch.randn(*shape, generator=random) * shape[-1] ** -0.5

    tensors = {"skip.weight": normal(out, width)}
    for name, rows, columns in (("fc1", 1024, width), ("fc2", 1024, 1024), ("fc3", out, 1024)):
        tensors |= {f"{name}.weight": normal(rows, columns), f"{name}.bias": normal(rows)}
    save_file(tensors, path)
