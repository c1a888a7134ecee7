"""Proves the clip-l14-336 path against the reference implementation, on random weights of the same architecture.

    python models/convert/parity.py [--tiny] [--needledrop target/release/needledrop] [--clip VIDEO]…

1. Builds CLIP ViT-L/14@336 and CLAP (HTSAT-base) in transformers with a fixed seed and exports both with
   clip_clap.py into a temporary pack, beside a random projector.
2. Compares every exported tower with its PyTorch original on the same tensors.
3. Runs `needledrop embed` on clips, sounds and texts and compares its vectors with those of the reference
   preprocessing (CLIPImageProcessor, ClapFeatureExtractor, the slow tokenizers) and the PyTorch models.

Reference frames come from ffmpeg: of all frames the one that is on screen at each sampling time is taken. The first
clip is lossless RGB, so nothing but our own steps can differ; the second is H.264 4:2:0, turned into RGB by the
formula of ITU-T H.273 in float. Passes when every cosine is at least 0.9999; prints, beside
each, the cosine between different inputs, which says how much a difference would have shown. `--tiny` keeps input
sizes and preprocessing and shrinks the layers. Without a `needledrop` binary step 3 is left out, and said so.
"""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import numpy as np
import onnxruntime
import torch
from tokenizers import Tokenizer
from transformers import ClapFeatureExtractor, CLIPImageProcessor, CLIPTokenizer, RobertaTokenizer

import clip_clap
import parity_media
import random_towers
import seal
from parity_media import RATE

WANTED = 0.9999
PACK = pathlib.Path(__file__).resolve().parent.parent / "clip-l14-336"
TEXTS = ["a slow piano over the warm sea", "Night city, dance music! 128 BPM", "naïve café — 1960s", "guitar"]


def main():
    args = arguments()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        clip, clap = random_towers.clip(args.tiny), random_towers.clap(args.tiny)
        pack = build_pack(folder / "clip-l14-336", clip, clap)
        reference = Reference(clip, clap, folder)
        report = Report()
        towers(report, reference, pack)
        if args.needledrop.is_file():
            program = Program(args.needledrop, pack, folder)
            clips = parity_media.clips(folder) + args.clip
            pictures(report, reference, program, clips, projector_of(pack))
            sounds(report, reference, program, parity_media.sounds(folder))
            texts(report, reference, program)
        else:
            print(f"no program at {args.needledrop}: only the towers were compared", file=sys.stderr)
    print(json.dumps({"tiny": args.tiny, "worst": report.worst, "compared": report.rows}, indent=1))
    sys.exit(0 if report.worst >= WANTED else 1)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tiny", action="store_true", help="few layers, small width; same inputs and preprocessing")
    parser.add_argument("--needledrop", type=pathlib.Path, default=PACK.parent.parent / "target/release/needledrop")
    parser.add_argument("--clip", type=pathlib.Path, action="append", default=[], help="one more clip to compare on")
    return parser.parse_args()


class Report:
    """Smallest cosine of each comparison, and the usual cosine between different inputs beside it."""

    def __init__(self):
        self.rows, self.worst = [], 1.0

    def add(self, what, ours, theirs):
        a, b = (np.asarray(x, np.float64).reshape(len(theirs), -1) for x in (ours, theirs))
        a, b = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (a, b))
        cosine = float((a * b).sum(axis=1).min())
        row = {"what": what, "vectors": len(b), "min_cosine": cosine}
        if len(b) > 1:
            row["between_inputs"] = float(np.median((b @ b.T)[np.triu_indices(len(b), 1)]))
        self.rows.append(row)
        self.worst = min(self.worst, cosine)
        print(f"{cosine:.7f}  {what}", file=sys.stderr, flush=True)


class Reference:
    """The models in PyTorch behind their reference preprocessing."""

    def __init__(self, clip, clap, folder):
        self.clip, self.clap = clip, clap
        self.images = CLIPImageProcessor(size={"shortest_edge": 336}, crop_size={"height": 336, "width": 336})
        self.mels = ClapFeatureExtractor(truncation="rand_trunc", padding="repeatpad", frequency_min=50)
        self.clip_words = slow_tokenizer(CLIPTokenizer, random_towers.clip_tokenizer(), folder / "clip-words")
        self.clap_words = slow_tokenizer(RobertaTokenizer, random_towers.clap_tokenizer(), folder / "clap-words")

    def frames(self, frames):
        pixels = self.images(frames, return_tensors="pt")["pixel_values"]
        with torch.no_grad():
            return torch.cat([self.clip.get_image_features(part) for part in pixels.split(4)]).numpy()

    def sound(self, samples):
        """[<= 480000] at 48 kHz -> [512]."""
        mel = self.mels(samples, sampling_rate=RATE, return_tensors="pt")["input_features"].float()
        with torch.no_grad():
            return self.clap.get_audio_features(mel).numpy()[0]

    def clap_text(self, text):
        with torch.no_grad():
            return self.clap.get_text_features(**self.clap_words([text], return_tensors="pt")).numpy()[0]


def same_tokens(path, slow):
    """The pack's tokenizer file must split the texts as the reference's own Python tokenizer does."""
    fast = Tokenizer.from_file(str(path))
    for text in TEXTS:
        if fast.encode(text).ids != slow(text)["input_ids"]:
            raise SystemExit(f"{path.name} splits {text!r} in another way than the reference tokenizer")


def slow_tokenizer(kind, spec, folder):
    """transformers' own Python tokenizer over the same vocabulary."""
    folder.mkdir()
    (folder / "vocab.json").write_text(json.dumps(spec["model"]["vocab"]), encoding="utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(spec["model"]["merges"]) + "\n", encoding="utf-8")
    return kind(str(folder / "vocab.json"), str(folder / "merges.txt"))


def build_pack(pack, clip, clap):
    """A pack folder as a user would have it after `clip_clap.py` and `models import`."""
    pack.mkdir()
    shutil.copyfile(PACK / "pack.toml", pack / "pack.toml")
    clip_clap.export_clip(clip, pack)
    clip_clap.export_clap(clap, pack)
    random_towers.dump(random_towers.clip_tokenizer(), pack / "clip_tokenizer.json")
    random_towers.dump(random_towers.clap_tokenizer(), pack / "clap_tokenizer.json")
    random_towers.write_projector(pack / "projector.safetensors", 768, 512)
    missing = seal.seal(pack)
    if missing:
        raise SystemExit(f"the exporter left out {missing}")
    return pack


def towers(report, reference, pack):
    """Each exported graph against its PyTorch original, on the same tensors, in batches of another size than traced."""
    random = torch.Generator().manual_seed(1)
    clip, clap = reference.clip, reference.clap
    pixels = torch.randn(3, 3, 336, 336, generator=random) * torch.tensor([0.3, 1, 2]).reshape(3, 1, 1, 1)
    mels = torch.randn(3, 1, clip_clap.MEL_FRAMES, 64, generator=random) * 10 - torch.tensor([10, 25, 40]).reshape(3, 1, 1, 1)
    same_tokens(pack / "clip_tokenizer.json", reference.clip_words)
    same_tokens(pack / "clap_tokenizer.json", reference.clap_words)
    words = reference.clip_words(TEXTS, padding=True, return_tensors="pt")["input_ids"]
    tokens = reference.clap_words(TEXTS, padding=True, return_tensors="pt")
    with torch.no_grad():
        pairs = {
            "vision_model.onnx": ({"pixel_values": pixels}, clip.get_image_features(pixels)),
            "text_model.onnx": ({"input_ids": words}, clip.get_text_features(words)),
            "audio_model.onnx": ({"input_features": mels}, clap.get_audio_features(mels)),
            "clap_text_model.onnx": (dict(tokens), clap.get_text_features(**tokens)),
        }
    for name, (feed, theirs) in pairs.items():
        session = onnxruntime.InferenceSession(str(pack / name), providers=["CPUExecutionProvider"])
        ours = session.run(None, {key: value.numpy() for key, value in feed.items()})[0]
        report.add(f"tower {name}", ours, theirs.numpy())


class Program:
    """`needledrop`, kept away from the user's own models and settings."""

    def __init__(self, binary, pack, folder):
        self.binary, self.pack = binary.resolve(), pack
        self.env = {**os.environ, "HOME": str(folder)}
        self.env |= {f"XDG_{kind}_HOME": str(folder / kind.lower()) for kind in ("CONFIG", "DATA", "CACHE", "STATE")}

    def embed(self, *words):
        command = [str(self.binary), "embed", *map(str, words), "--pack", str(self.pack), "--json"]
        done = subprocess.run(command, env=self.env, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{' '.join(command)}\nexit code {done.returncode}\n{done.stdout}\n{done.stderr}")
        return json.loads(done.stdout)


def pictures(report, reference, program, clips, projector):
    """Each sampled frame by itself (a range of one second holds one), then the clip's mean, then its projection."""
    for clip in clips:
        whole = program.embed(clip, "--sample", "exact")
        times = whole["times_s"]
        theirs = reference.frames(parity_media.frames_at(clip, times))
        single = [program.embed(clip, "--sample", "exact", "--range", f"{t:g}-{t + 1:g}")["vector"] for t in times]
        report.add(f"{clip.name}: frames", single, theirs)
        mean = theirs.mean(axis=0)
        report.add(f"{clip.name}: clip vector", [whole["vector"]], [mean])
        report.add(f"{clip.name}: projected", [whole["projected"]], [projector(mean / np.linalg.norm(mean))])


def sounds(report, reference, program, files):
    ours = [program.embed("--audio", path)["vector"] for path, _ in files]
    theirs = [reference.sound(samples) for _, samples in files]
    for (path, _), a, b in zip(files, ours, theirs):
        report.add(path.name, [a], [b])
    report.add("all sounds", ours, theirs)


def texts(report, reference, program):
    report.add("music texts", [program.embed("--text", text)["vector"] for text in TEXTS], [reference.clap_text(text) for text in TEXTS])


def projector_of(pack):
    """y = skip x + W3 gelu(W2 gelu(W1 x + b1) + b2) + b3 in PyTorch, from the pack's own file."""
    from safetensors.torch import load_file

    w = load_file(pack / "projector.safetensors")

    def project(x):
        linear, x = torch.nn.functional.linear, torch.tensor(x, dtype=torch.float32)
        y = torch.nn.functional.gelu(linear(x, w["fc1.weight"], w["fc1.bias"]))
        y = torch.nn.functional.gelu(linear(y, w["fc2.weight"], w["fc2.bias"]))
        return (linear(x, w["skip.weight"]) + linear(y, w["fc3.weight"], w["fc3.bias"])).numpy()

    return project


if __name__ == "__main__":
    main()
