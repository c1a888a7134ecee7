#!/usr/bin/env python3
"""Writes ../golden: what the reference libraries give for small inputs.

    /usr/bin/python3 -m venv --system-site-packages /tmp/oracle
    /tmp/oracle/bin/pip install -r requirements.txt
    /tmp/oracle/bin/python make_golden.py

`square.json`: Pillow's bicubic resize by transformers' shortest-edge rule and centre crop.
`projector.safetensors`, `projector_f16.safetensors`, `projector.json`: torch on a small projector.
The inputs are made by a formula that the Rust tests repeat, so only results are stored.
"""
import json
import pathlib
import struct

import numpy as np
import torch
from PIL import Image

GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "golden"


def picture(width, height):
    """Smooth colour with sharp edges and noise: everything that a resize can get wrong."""
    y, x = np.mgrid[0:height, 0:width].astype(np.uint32)
    noise = (x * np.uint32(2654435761) ^ y * np.uint32(2246822519)) >> np.uint32(24)
    red = x * 255 // max(width - 1, 1)
    green = np.where((x // 5 + y // 3) % 2 == 0, 255, 0)
    return np.stack([red, green, noise], axis=-1).astype(np.uint8)


def square(width, height, short, crop):
    image = Image.fromarray(picture(width, height))
    long_side = int(short * max(width, height) / min(width, height))
    size = (short, long_side) if width <= height else (long_side, short)
    image = image.resize(size, resample=Image.BICUBIC)
    left, top = (size[0] - crop) // 2, (size[1] - crop) // 2
    image = image.crop((left, top, left + crop, top + crop))
    return {
        "width": width, "height": height, "short": short, "crop": crop,
        "rgb": np.asarray(image).tobytes().hex(),
    }


def write_safetensors(path, tensors, dtype):
    header, body = {}, b""
    for name, array in tensors.items():
        data = array.astype(dtype).tobytes()
        header[name] = {"dtype": {"f4": "F32", "f2": "F16"}[dtype], "shape": list(array.shape),
                        "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + body)


def projector():
    torch.manual_seed(7)
    layers = {"skip": (5, 7), "fc1": (9, 7), "fc2": (9, 9), "fc3": (5, 9)}
    linear = {name: torch.nn.Linear(i, o) for name, (o, i) in layers.items()}
    # Values that f16 holds exactly, so that one golden serves both files.
    for layer in linear.values():
        for p in layer.parameters():
            p.data = p.data.half().float()
    gelu = torch.nn.GELU()
    x = torch.linspace(-1.5, 2.0, 7)
    hidden = gelu(linear["fc2"](gelu(linear["fc1"](x))))
    y = linear["skip"](x) + linear["fc3"](hidden)
    tensors = {f"{n}.{k}": v.detach().numpy() for n, l in linear.items()
               for k, v in l.state_dict().items()}
    write_safetensors(GOLDEN / "projector.safetensors", tensors, "f4")
    write_safetensors(GOLDEN / "projector_f16.safetensors", tensors, "f2")
    result = {"x": x.tolist(), "y": (y / y.norm()).tolist()}
    (GOLDEN / "projector.json").write_text(json.dumps(result) + "\n")


def main():
    GOLDEN.mkdir(exist_ok=True)
    cases = [square(97, 61, 24, 20), square(61, 97, 24, 20), square(33, 20, 40, 32),
             square(200, 120, 17, 17), square(24, 24, 24, 20), square(640, 360, 24, 20),
             square(7, 180, 12, 12)]
    (GOLDEN / "square.json").write_text(
        "[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
    projector()


if __name__ == "__main__":
    main()
