"""Vectors of the pictures and tracks of a folder of pairs, made with the embedded pack's own networks.

Needs ffmpeg, and from PyPI numpy, scipy, pillow, onnxruntime, tokenizers and safetensors.
"""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
from PIL import Image
from safetensors.numpy import load_file
from scipy.special import erf

ROOT = Path(__file__).parents[2]
sys.path += [str(ROOT / "models/convert"), str(ROOT / "training/pairs")]
import look_space  # noqa: E402
import mel  # noqa: E402
from spaces import session  # noqa: E402

PACK = ROOT / "models/embedded"
MIDDLE_S, MOMENT_S, MOMENTS, LONGEST_S = 18.2, 3.2, 6, 600


def unit(rows):
    return rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-9)


def projected(visual):
    """[n, 408] -> [n, 384], as vision/src/projector.rs."""
    net = {name: value.astype(np.float32) for name, value in load_file(PACK / "projector.safetensors").items()}
    linear = lambda x, name: x @ net[f"{name}.weight"].T + net.get(f"{name}.bias", 0)
    gelu = lambda x: x / 2 * (1 + erf(x / np.sqrt(2)))
    return unit(linear(visual, "skip") + linear(gelu(linear(gelu(linear(visual, "fc1")), "fc2")), "fc3"))


class Eyes:
    def __init__(self):
        self.network = session(PACK / "efficientnet_lite2.onnx")
        self.classes = load_file(PACK / "class_space.safetensors")["vectors"]
        self.look = load_file(PACK / "look_space.safetensors")

    def see(self, path):
        """[408]: what is in a picture and how it looks."""
        picture = Image.open(path).convert("RGB")
        scale = 297 / min(picture.size)
        picture = picture.resize([max(260, round(side * scale)) for side in picture.size], Image.BICUBIC)
        left, top = ((side - 260) // 2 for side in picture.size)
        pixels = np.asarray(picture.crop((left, top, left + 260, top + 260)), np.float32)
        logits = self.network.run(["logits"], {"image": ((pixels - 127) / 128).transpose(2, 0, 1)[None]})[0][0] / 3
        chances = np.exp(logits - logits.max())
        looks = (look_space.look(path) - self.look["look_mean"]) / np.maximum(self.look["look_std"], 1e-6)
        looks = np.clip(looks, -3, 3) * self.look["look_scale"][0]
        return np.concatenate([unit(chances @ self.classes), looks]).astype(np.float32)


class Ears:
    def __init__(self):
        self.taggers = [session(PACK / f"{name}_musicnn.onnx") for name in ("MSD", "MTT")]

    def hear(self, path):
        """Tags [n, 100], penultimate numbers [n, 400] and whether each patch of 3 s is of the middle of the track [n]."""
        probe = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", str(path)]
        length = min(float(subprocess.run(probe, capture_output=True, text=True, check=True).stdout), LONGEST_S)
        moments = [(max(0.0, length * (at + 0.5) / MOMENTS - MOMENT_S / 2), MOMENT_S, False) for at in range(MOMENTS)]
        tags, deep, middle = [], [], []
        for start, wanted, is_middle in [(max(0.0, (length - MIDDLE_S) / 2), MIDDLE_S, True), *moments]:
            for patch in mel.patches(mel.decode(path, start, wanted))[:MOMENTS]:
                runs = [t.run(["model/tags:0", "model/penultimate:0"], {"model/x:0": patch[None]}) for t in self.taggers]
                tags.append(np.concatenate([run[0][0] for run in runs]))
                deep.append(np.concatenate([run[1][0] for run in runs]))
                middle.append(is_middle)
        return np.array(tags), np.array(deep), np.array(middle)


def embed(pairs, out):
    """Sees and hears everything that pairs.jsonl names, once: OUT.npz files below `out`."""
    rows = [json.loads(line) for line in (pairs / "pairs.jsonl").read_text().splitlines()]
    out.mkdir(parents=True, exist_ok=True)
    eyes, ears = Eyes(), Ears()
    for name in dict.fromkeys(name for row in rows for name in (row["pictures"][0], row["music"])):
        target = out / (name.replace("/", "__") + ".npz")
        if target.exists():
            continue
        if name.startswith("pictures/"):
            np.savez(target, visual=eyes.see(pairs / name))
        else:
            tags, deep, middle = ears.hear(pairs / name)
            np.savez(target, tags=tags, deep=deep, middle=middle)
    return rows


def embedded(out, name):
    return np.load(out / (name.replace("/", "__") + ".npz"))
