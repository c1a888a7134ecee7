"""Reads a Doom WAD: its lumps, pictures, wall textures, and one map as arrays.

Formats: the Unofficial Doom Specs 1.666. Sizes that a file states are checked
against its length by slicing and by numpy's own bounds.
"""

import struct
from dataclasses import dataclass

import numpy as np


class Wad:
    """Lumps by name and the textures made of them."""

    def __init__(self, data):
        kind, count, at = struct.unpack_from("<4sii", data, 0)
        if kind not in (b"IWAD", b"PWAD") or not 0 <= count <= (len(data) - at) // 16:
            raise ValueError(f"a WAD of {len(data)} bytes was expected to hold {count} lumps")
        self.data = data
        self.lumps = [(name(text), start, size) for start, size, text in struct.iter_unpack("<ii8s", data[at : at + 16 * count])]
        self.first = {}
        for number, (title, _, _) in enumerate(self.lumps):
            self.first.setdefault(title, number)
        self.palette = np.frombuffer(self.lump("PLAYPAL")[:768], np.uint8).reshape(256, 3)
        self.definitions, self.cache = self.texture_definitions(), {}

    def lump(self, title, after=0):
        """A lump's bytes; `after` counts lumps behind it (b"" where there is none)."""
        number = self.first.get(title)
        if number is None or number + after >= len(self.lumps):
            return b""
        _, start, size = self.lumps[number + after]
        return self.data[start : start + size]

    def texture_definitions(self):
        patches = self.lump("PNAMES")
        patch_names = [name(patches[4 + 8 * i : 12 + 8 * i]) for i in range(struct.unpack_from("<i", patches)[0])]
        found = {}
        for title in ("TEXTURE1", "TEXTURE2"):
            data = self.lump(title)
            for offset in struct.unpack_from(f"<{struct.unpack_from('<i', data)[0]}i", data, 4) if data else ():
                text, _, width, height, _, count = struct.unpack_from("<8sihhih", data, offset)
                parts = [struct.unpack_from("<3h", data, offset + 22 + 10 * i) for i in range(count)]
                found.setdefault(name(text), (width, height, [(x, y, patch_names[n]) for x, y, n in parts if 0 <= n < len(patch_names)]))
        return found

    def wall(self, title):
        """A wall texture as RGB [height, width, 3], or None."""
        if title not in self.cache:
            self.cache[title] = None
            if title in self.definitions:
                width, height, parts = self.definitions[title]
                canvas = np.zeros((height, width), np.int16)
                for x, y, patch in parts:
                    lay(canvas, picture(self.lump(patch)), x, y)
                self.cache[title] = self.palette[canvas]
        return self.cache[title]

    def flat(self, title):
        """A floor or ceiling as RGB [64, 64, 3], or None."""
        key = ("flat", title)
        if key not in self.cache:
            data = self.lump(title)
            self.cache[key] = self.palette[np.frombuffer(data[:4096], np.uint8).reshape(64, 64)] if len(data) >= 4096 else None
        return self.cache[key]

    def screen(self, title):
        """A full picture as RGB, or None."""
        data = self.lump(title)
        return self.palette[np.maximum(picture(data), 0)] if data else None


def name(text):
    return text.split(b"\0")[0].decode("latin-1").upper()


def picture(data):
    """A picture in columns: palette numbers [height, width], -1 where it is clear."""
    if len(data) < 8:
        return np.zeros((0, 0), np.int16)
    width, height = struct.unpack_from("<2H", data, 0)
    if width > 4096 or height > 4096 or 8 + 4 * width > len(data):
        return np.zeros((0, 0), np.int16)
    canvas = np.full((height, width), -1, np.int16)
    for x, at in enumerate(struct.unpack_from(f"<{width}I", data, 8)):
        while at + 3 < len(data) and data[at] != 255:
            top, length = data[at], data[at + 1]
            post = np.frombuffer(data[at + 3 : at + 3 + length], np.uint8)
            canvas[top : top + length, x] = post[: max(0, height - top)]
            at += length + 4
    return canvas


def lay(canvas, patch, x, y):
    top, left = max(0, y), max(0, x)
    part = patch[top - y : canvas.shape[0] - y, left - x : canvas.shape[1] - x]
    target = canvas[top : top + part.shape[0], left : left + part.shape[1]]
    target[part >= 0] = part[part >= 0]


@dataclass
class Level:
    """A map: lines [n, 7] (from, to, flags, -, -, right, left), corners [n, 2], sides and sectors as tuples, things [n, 5]."""

    lines: np.ndarray
    corners: np.ndarray
    sides: list
    sectors: list
    things: np.ndarray


def level(wad, title):
    """Reads a map, or None where a lump of it is missing."""
    lumps = [wad.lump(title, after) for after in (1, 2, 3, 4, 8)]
    if not all(lumps):
        return None
    things, lines, sides, corners, sectors = lumps
    return Level(
        np.frombuffer(lines[: len(lines) // 14 * 14], "<u2").reshape(-1, 7).astype(np.int32),
        np.frombuffer(corners[: len(corners) // 4 * 4], "<i2").reshape(-1, 2).astype(float),
        [(x, y, name(u), name(l), name(m), s) for x, y, u, l, m, s in struct.iter_unpack("<2h8s8s8sH", sides[: len(sides) // 30 * 30])],
        [(f, c, name(ft), name(ct), light) for f, c, ft, ct, light, _, _ in struct.iter_unpack("<2h8s8s3h", sectors[: len(sectors) // 26 * 26])],
        np.frombuffer(things[: len(things) // 10 * 10], "<i2").reshape(-1, 5).astype(float),
    )
