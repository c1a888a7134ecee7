"""Exports CLIP and CLAP from weights that are on this machine to the layout of the clip-l14-336 pack.

    python models/convert/clip_clap.py --clip DIR --clap DIR --out models/clip-l14-336

DIR is a transformers model folder (config.json, model.safetensors or pytorch_model.bin, tokenizer.json): of
openai/clip-vit-large-patch14-336 and laion/larger_clap_music, or of fine-tuned relatives of the same shape. Either
may be left out. Nothing is fetched. `needledrop models import` then records the files' checksums.

| file | input | output |
|---|---|---|
| vision_model.onnx | pixel_values [n,3,336,336] | image_embeds [n,768] |
| text_model.onnx | input_ids [n,t] | text_embeds [n,768] |
| audio_model.onnx | input_features [n,1,1001,64] | audio_embeds [n,512] |
| clap_text_model.onnx | input_ids, attention_mask [n,t] | text_embeds [n,512] |

The embeddings are the towers' own, after projection and before any scaling to length 1.
"""

import argparse
import contextlib
import pathlib
import shutil

import onnx
import torch
from transformers import ClapModel, CLIPModel

OPSET = 14
MEL_FRAMES = 1001  # 10 s at 48 kHz, hop 480, centred


def main():
    args = arguments()
    if not (args.clip or args.clap):
        raise SystemExit("nothing to export: give --clip, --clap or both")
    args.out.mkdir(parents=True, exist_ok=True)
    if args.clip:
        export_clip(CLIPModel.from_pretrained(args.clip, local_files_only=True), args.out)
        copy_tokenizer(args.clip, args.out / "clip_tokenizer.json")
    if args.clap:
        export_clap(ClapModel.from_pretrained(args.clap, local_files_only=True), args.out)
        copy_tokenizer(args.clap, args.out / "clap_tokenizer.json")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clip", type=pathlib.Path, help="transformers folder of a CLIP model")
    parser.add_argument("--clap", type=pathlib.Path, help="transformers folder of a CLAP model")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    return parser.parse_args()


class ClipVision(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.tower, self.projection = model.vision_model, model.visual_projection

    def forward(self, pixel_values):
        return self.projection(self.tower(pixel_values=pixel_values).pooler_output)


class ClipText(torch.nn.Module):
    """The end-of-text token is the one with the highest number, or the configured one, whichever the model uses.

    Attention is causal, so padding after that token cannot reach it and no mask is taken.
    """

    def __init__(self, model):
        super().__init__()
        self.tower, self.projection = model.text_model, model.text_projection

    def forward(self, input_ids):
        return self.projection(self.tower(input_ids=input_ids).pooler_output)


class ClapAudio(torch.nn.Module):
    """Unfused CLAP: one mel image a window of 10 s, so there is nothing for `is_longer` to choose."""

    def __init__(self, model):
        super().__init__()
        self.tower, self.projection = model.audio_model, model.audio_projection

    def forward(self, input_features):
        return self.projection(self.tower(input_features=input_features).pooler_output)


class ClapText(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.tower, self.projection = model.text_model, model.text_projection

    def forward(self, input_ids, attention_mask):
        return self.projection(self.tower(input_ids=input_ids, attention_mask=attention_mask).pooler_output)


def export_clip(model, out):
    model.eval()
    side = model.config.vision_config.image_size
    write(ClipVision(model), {"pixel_values": torch.zeros(2, 3, side, side)}, "image_embeds", out / "vision_model.onnx")
    end = model.config.text_config.eos_token_id
    ids = torch.tensor([[0, 1, end], [0, end, end]])
    write(ClipText(model), {"input_ids": ids}, "text_embeds", out / "text_model.onnx")


def export_clap(model, out):
    model.eval()
    if model.config.audio_config.enable_fusion:
        raise SystemExit("a CLAP with feature fusion is not supported: its input depends on a random crop of the sound")
    mels = torch.zeros(2, 1, MEL_FRAMES, model.config.audio_config.num_mel_bins)
    write(ClapAudio(model), {"input_features": mels}, "audio_embeds", out / "audio_model.onnx")
    ids = torch.tensor([[0, 5, 6, 2], [0, 5, 2, 1]])
    inputs = {"input_ids": ids, "attention_mask": (ids != 1).long()}
    write(ClapText(model), inputs, "text_embeds", out / "clap_text_model.onnx")


def write(module, inputs, output, path):
    """Traces a tower with a batch of two; the batch and the length of a text stay open."""
    axes = {name: {0: "n", 1: "t"} if value.dtype == torch.long else {0: "n"} for name, value in inputs.items()}
    module.eval()  # the tracer restores the wrapper's own mode afterwards, and with it that of the model inside
    with torch.no_grad(), contextlib.redirect_stdout(None):
        torch.onnx.export(
            module, tuple(inputs.values()), str(path), input_names=list(inputs), output_names=[output],
            dynamic_axes={**axes, output: {0: "n"}}, opset_version=OPSET, do_constant_folding=True,
        )
    tidy(path)


def tidy(path):
    """Drops what the tracer leaves behind: source locations and unused weights."""
    model = onnx.load(path)
    used = {name for node in model.graph.node for name in node.input} | {o.name for o in model.graph.output}
    used |= {name for node in model.graph.node for name in subgraph_inputs(node)}
    kept = [weight for weight in model.graph.initializer if weight.name in used]
    del model.graph.initializer[:]
    model.graph.initializer.extend(kept)
    for node in model.graph.node:
        node.doc_string = ""
    onnx.save(model, path)


def subgraph_inputs(node):
    for attribute in node.attribute:
        if attribute.type == onnx.AttributeProto.GRAPH:
            for inner in attribute.g.node:
                yield from inner.input
                yield from subgraph_inputs(inner)


def copy_tokenizer(source, target):
    """tokenizer.json as it is; older folders that only hold vocab.json and merges.txt are converted first."""
    path = source / "tokenizer.json"
    if path.is_file():
        shutil.copyfile(path, target)
        return
    from transformers import AutoTokenizer

    fast = AutoTokenizer.from_pretrained(source, use_fast=True, local_files_only=True)
    target.write_text(fast.backend_tokenizer.to_str() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
