#!/usr/bin/env python3
"""What the pack's network and picture features say of pictures: one row a picture.

    training/eyes/parts.py DIR

Reads DIR/captions.jsonl (captions.py), DIR/more.jsonl and DIR/pictures.jsonl (rows with `file` below DIR; a clip has `clip` true) and writes
DIR/captions.npz, DIR/more.npz and DIR/pictures.npz: `row` [n] the line in the list, `embedding` [n, 1280], `logits` [n, 1000], `look` [n, 24].
A clip gives three rows, at 15, 50 and 85 % of its length. Preprocessing is that of pack.toml. Needs ffmpeg for clips.
"""

import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

TOP = Path(__file__).resolve().parents[2]
PACK = TOP / "models/embedded"
sys.path.insert(0, str(TOP / "training/pairs"))
from look_space import look_of  # noqa: E402

SHORT, SIZE, MEAN, DEVIATION = 297, 260, 127, 128
MOMENTS = (0.15, 0.5, 0.85)


def main():
    top = Path(sys.argv[1])
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    network = onnxruntime.InferenceSession(str(PACK / "efficientnet_lite2.onnx"), options, providers=["CPUExecutionProvider"])
    for name in ("captions", "more", "pictures"):
        lines = (top / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        parts = {"row": [], "embedding": [], "logits": [], "look": []}
        for at, line in enumerate(lines):
            row = json.loads(line)
            for picture in frames(top / row["file"]) if row.get("clip") else [Image.open(top / row["file"]).convert("RGB")]:
                logits, embedding = network.run(["logits", "embedding"], {network.get_inputs()[0].name: tensor(picture)})
                for key, value in [("row", at), ("embedding", embedding[0]), ("logits", logits[0]), ("look", look_of(picture))]:
                    parts[key].append(value)
        np.savez(top / f"{name}.npz", **{key: np.array(value) for key, value in parts.items()})
        print(f"{name}: {len(parts['row'])} pictures", file=sys.stderr)


def tensor(picture):
    width, height = picture.size
    scale = SHORT / min(width, height)
    picture = picture.resize((max(SHORT, int(width * scale)), max(SHORT, int(height * scale))), Image.BICUBIC)
    left, top = (picture.width - SIZE) // 2, (picture.height - SIZE) // 2
    square = np.asarray(picture.crop((left, top, left + SIZE, top + SIZE)), np.float32)
    return (square.transpose(2, 0, 1)[None] - MEAN) / DEVIATION


def frames(path):
    probe = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", path]
    length_s = float(subprocess.run(probe, check=True, capture_output=True, text=True).stdout)
    for moment in MOMENTS:
        one = ["ffmpeg", "-nostdin", "-v", "error", "-ss", str(length_s * moment), "-i", path, "-frames:v", "1", "-f", "image2pipe", "-c:v", "png", "-"]
        yield Image.open(io.BytesIO(subprocess.run(one, check=True, capture_output=True).stdout)).convert("RGB")


if __name__ == "__main__":
    main()
