#!/usr/bin/env python3
"""Writes models/embedded/look_space.safetensors: what makes picture features comparable.

    training/pairs/look_space.py --pairs DIR --out models/embedded/look_space.safetensors

`look_mean`, `look_std` [24] are taken over the pictures of the designer pairs that are
not locked, each game counting by the root of its number of pairs, so that no game's style rules;
`look_scale` [1] sets the features' length beside the words' (of length 1); the
features' names stand in the file's metadata. The features are those of
src-tauri/crates/vision/src/picture_features.rs, computed here with numpy to within 1e-3.
"""

import argparse
import json
import struct
from pathlib import Path

import numpy as np
from PIL import Image

GRID, SAMPLES, HUES, LEVELS, COARSE = 48, 8, 8, 4, 4
NAMES = (
    "light light_dev light_low light_high dark bright saturation saturation_dev colourfulness warmth green_red grey "
    "hue_0 hue_1 hue_2 hue_3 hue_4 hue_5 hue_6 hue_7 edge_fine edge_coarse edge_level palette"
).split()
SCALE = 0.1


def positions(length):
    """Pixel positions that stand for each cell along one side."""
    cells = []
    for cell in range(GRID):
        start, end = cell * length // GRID, max((cell + 1) * length // GRID, cell * length // GRID + 1)
        count = min(end - start, SAMPLES)
        cells.append([start + (2 * i + 1) * (end - start) // (2 * count) for i in range(count)])
    return cells


def look(path):
    """The 24 features of a picture file."""
    return look_of(Image.open(path).convert("RGB"))


def look_of(picture):
    """The 24 features of a picture in RGB."""
    pixels = np.asarray(picture, np.float64) / 255
    rows = np.stack([pixels[ys].mean(0) for ys in positions(pixels.shape[0])])
    rgb = np.stack([rows[:, xs].mean(1) for xs in positions(pixels.shape[1])], 1)
    light, a, b = lab(rgb)
    most, least = rgb.max(-1), rgb.min(-1)
    saturation = np.where(most > 0, (most - least) / np.maximum(most, 1e-12), 0)
    chroma = np.hypot(a, b)
    across, down = np.abs(np.diff(light, axis=1)).mean(), np.abs(np.diff(light, axis=0)).mean()
    side = GRID // COARSE
    coarse = light.reshape(side, COARSE, side, COARSE).mean((1, 3))
    return np.array([
        light.mean(), light.std(), *np.quantile(light, [0.1, 0.9]), (light < 0.2).mean(), (light > 0.8).mean(),
        saturation.mean(), saturation.std(), colourfulness(rgb), b.mean(), a.mean(), (chroma < 0.08).mean(),
        *hue_parts(a, b, chroma), across + down,
        np.abs(np.diff(coarse, axis=1)).mean() + np.abs(np.diff(coarse, axis=0)).mean(),
        np.log((down + 0.002) / (across + 0.002)), palette_entropy(rgb),
    ])


def lab(rgb):
    """CIE L*, a*, b*, each divided by 100."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    x, y, z = np.moveaxis(linear @ np.array([[0.4124, 0.2126, 0.0193], [0.3576, 0.7152, 0.1192], [0.1805, 0.0722, 0.9505]]), -1, 0)
    x, y, z = (
        np.where(t > 216 / 24389, np.cbrt(t), (24389 / 27 * t + 16) / 116) for t in (x / 0.9505, y, z / 1.089)
    )
    return 1.16 * y - 0.16, 5 * (x - y), 2 * (y - z)


def colourfulness(rgb):
    red_green = rgb[..., 0] - rgb[..., 1]
    yellow_blue = 0.5 * (rgb[..., 0] + rgb[..., 1]) - rgb[..., 2]
    return np.hypot(red_green.std(), yellow_blue.std()) + 0.3 * np.hypot(red_green.mean(), yellow_blue.mean())


def hue_parts(a, b, chroma):
    place = np.arctan2(b, a) / (2 * np.pi) % 1 * HUES
    share, first = place - np.floor(place), np.floor(place).astype(int) % HUES
    parts = np.bincount(first.ravel(), (chroma * (1 - share)).ravel(), HUES)
    parts += np.bincount((first.ravel() + 1) % HUES, (chroma * share).ravel(), HUES)
    return parts / (chroma.sum() + 0.05 * chroma.size)


def palette_entropy(rgb):
    r, g, b = np.moveaxis(np.minimum((rgb * LEVELS).astype(int), LEVELS - 1), -1, 0)
    part = np.bincount(((r * LEVELS + g) * LEVELS + b).ravel(), minlength=LEVELS**3) / r.size
    part = part[part > 0]
    return -(part * np.log(part)).sum() / np.log(LEVELS**3)


def save(path, tensors, metadata):
    """A safetensors file of f32 tensors."""
    header, data = {"__metadata__": metadata}, b""
    for name, values in tensors.items():
        raw = np.ascontiguousarray(values, "<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(np.shape(values)), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def main():
    parser = argparse.ArgumentParser(description="Measures how pictures look, over the designer pairs.")
    parser.add_argument("--pairs", type=Path, required=True, help="what build.py was given as --out")
    parser.add_argument("--out", type=Path, required=True, help="the look space to write")
    args = parser.parse_args()
    pairs = [json.loads(line) for line in (args.pairs / "pairs.jsonl").read_text().splitlines()]
    pairs = [pair for pair in pairs if not pair.get("locked")]
    looks = np.array([np.mean([look(args.pairs / p) for p in pair["pictures"]], axis=0) for pair in pairs])
    weights = np.array([pair["weight"] for pair in pairs])
    games = np.array([pair["game"] for pair in pairs])
    for game in set(games):
        weights[games == game] /= np.sqrt(weights[games == game].sum())
    mean = np.average(looks, axis=0, weights=weights)
    std = np.sqrt(np.average((looks - mean) ** 2, axis=0, weights=weights))
    save(args.out, {"look_mean": mean, "look_std": std, "look_scale": [SCALE]}, {"look_names": ",".join(NAMES)})
    print(f"{len(pairs)} pairs of {len(set(games))} games: {args.out}")


if __name__ == "__main__":
    main()
