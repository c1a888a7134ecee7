"""X-Moto: a level's file names its music, its sky and its blocks; it is drawn around the start.

The game's data lie in one file: after `XBI3` and a checksum come files, each as
name, checksum (both with a length byte before them), size (32 bits) and content.
"""

import re
import struct
import xml.etree.ElementTree as ET

from PIL import Image, ImageDraw, ImageStat

from pair import Pair
from pictures import flatten, load

PACKAGES = ["xmoto-data"]
LICENCE = "GPL-2+"
VIEW = (640, 400)
# Pixels and texture repeats of one unit of a level (the motorcycle is about two units long).
SCALE, REPEAT = 24, 0.25


def pairs(roots):
    base = roots["xmoto-data"] / "usr/share/games/xmoto"
    files = unpack((base / "xmoto.bin").read_bytes())
    textures, tracks = theme(files)
    for name in sorted(name for name in files if name.startswith("Levels/")):
        try:
            level = ET.fromstring(files[name])
        except ET.ParseError:
            continue
        music = level.find("info/music")
        track = tracks.get(music.get("name", "").lower()) if music is not None else None
        if track is None or not (base / "Textures/Musics" / track).is_file():
            continue
        picture = draw(level, lambda key: texture(files, textures, key))
        if picture is not None:
            author = (level.findtext("info/author") or "the X-Moto team").strip()
            yield Pair(
                key=level.get("id", name),
                title=(level.findtext("info/name") or name).strip(),
                pictures=[picture],
                music=base / "Textures/Musics" / track,
                licence=LICENCE,
                attribution=f"X-Moto; level by {author}",
            )


def unpack(data):
    """Files by name."""
    files, at = {}, 4
    at += 1 + data[at]
    while at < len(data):
        name = data[at + 1 : at + 1 + data[at]].decode("utf-8", "replace")
        at += 1 + data[at]
        at += 1 + data[at]
        (size,) = struct.unpack_from("<I", data, at)
        if size > len(data) - at - 4:
            break
        files[name] = data[at + 4 : at + 4 + size]
        at += 4 + size
    return files


def theme(files):
    """Texture files and music files by lower-case name, from the themes in the data file."""
    textures, tracks = {}, {}
    for name in sorted(files):
        if name.endswith(".xml") and b"<xmoto_theme" in files[name][:2000]:
            text = files[name].decode("utf-8", "replace")
            for tag in re.findall(r"<sprite\b[^>]*>|<music\b[^>]*>", text):
                values = dict(re.findall(r'(\w+)="([^"]*)"', tag))
                if tag.startswith("<music") and "file" in values:
                    tracks.setdefault(values.get("name", "").lower(), values["file"])
                elif values.get("type") == "Texture" and "file" in values:
                    textures.setdefault(values.get("name", "").lower(), values["file"])
    return textures, tracks


def texture(files, textures, key):
    """A texture's picture, or None."""
    data = files.get("Textures/Textures/" + textures.get((key or "").lower(), "-"))
    return load(data) if data else None


def draw(level, find):
    """Sky and blocks around the player's start, or None where the start or the sky is missing or nothing is seen."""
    start = next((e.find("position") for e in level.iter("entity") if e.get("typeid") == "PlayerStart"), None)
    sky = find((level.findtext("info/sky") or "sky1").strip()) or find("sky1")
    if start is None or sky is None:
        return None
    middle = (float(start.get("x", 0)) + 5, float(start.get("y", 0)) + 1)
    canvas = tiled(sky, (0, 0), max(sky.size) / 512).convert("RGBA")
    blocks = sorted(level.iter("block"), key=lambda b: b.find("position") is None or b.find("position").get("background") != "true")
    for block in blocks:
        place, use = block.find("position"), block.find("usetexture")
        skin = find(use.get("id") if use is not None else "default") or find("dirt")
        at = (float(place.get("x", 0)), float(place.get("y", 0))) if place is not None else (0, 0)
        corners = [
            ((float(v.get("x", 0)) + at[0] - middle[0]) * SCALE + VIEW[0] / 2, VIEW[1] / 2 - (float(v.get("y", 0)) + at[1] - middle[1]) * SCALE)
            for v in block.iter("vertex")
        ]
        if skin is None or len(corners) < 3 or outside(corners):
            continue
        mask = Image.new("L", VIEW)
        ImageDraw.Draw(mask).polygon(corners, fill=255)
        offset = (middle[0] * SCALE, -middle[1] * SCALE)
        canvas.paste(tiled(skin, offset, max(skin.size) * REPEAT / SCALE), (0, 0), mask)
    # A start before one dark wall shows nothing of the level.
    return flatten(canvas) if max(ImageStat.Stat(canvas.convert("RGB")).stddev) > 12 else None


def outside(corners):
    xs, ys = [c[0] for c in corners], [c[1] for c in corners]
    return max(xs) < 0 or min(xs) > VIEW[0] or max(ys) < 0 or min(ys) > VIEW[1]


def tiled(picture, offset, shrink):
    """A canvas full of a picture that is made smaller by `shrink` and starts at minus `offset`."""
    size = (max(8, round(picture.width / shrink)), max(8, round(picture.height / shrink)))
    picture = picture.resize(size, Image.Resampling.LANCZOS)
    canvas = Image.new("RGB", VIEW)
    for top in range(-int(offset[1]) % size[1] - size[1], VIEW[1], size[1]):
        for left in range(-int(offset[0]) % size[0] - size[0], VIEW[0], size[0]):
            canvas.paste(picture.convert("RGB"), (left, top))
    return canvas
