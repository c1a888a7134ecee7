"""Heroes: a level's file names its tile set and its sound track; it is drawn from its tiles.

File layout: width and height (32 bits each), the names from byte 36, then from byte
64 cells of 16 bytes, each with the place of its tile in the tile set (a picture of
640 x 200) as one 32-bit number, y * 640 + x. A tile is 24 x 20.
"""

import re
import struct

from PIL import Image

from pair import Pair
from pictures import flatten, load
from views import fullest

PACKAGES = ["heroes-data", "heroes-sound-tracks"]
LICENCE = "GPL-2+"
TILE = (24, 20)


def pairs(roots):
    data = roots["heroes-data"] / "usr/share/games/heroes"
    tracks = {path.stem.upper(): path for path in (roots["heroes-sound-tracks"]).rglob("*.xm")}
    for path in sorted(data.glob("levels/*.lvl")):
        level = path.read_bytes()
        names = re.match(rb"([A-Z]+\d+)\0+([A-Z]+\d+)\0", level[36:64])
        if not names:
            continue
        tiles, track = data / "tilesets" / f"{names[1].decode().lower()}.pcx", tracks.get(names[2].decode())
        if track is None or not tiles.is_file():
            continue
        yield Pair(
            key=path.stem,
            title=path.stem,
            pictures=[flatten(picture) for picture in fullest(draw(level, load(tiles)), (480, 300), 1)],
            music=track,
            licence=LICENCE,
            attribution="Heroes by Alexandre Duret-Lutz and others; music by Alexel and Tnk",
        )


def draw(level, tiles):
    width, height = struct.unpack_from("<2I", level, 0)
    if not 0 < width * height <= (len(level) - 64) // 16:
        raise ValueError(f"a Heroes level of {width} x {height} cells does not fit in {len(level)} bytes")
    canvas = Image.new("RGBA", (width * TILE[0], height * TILE[1]))
    for cell in range(width * height):
        (place,) = struct.unpack_from("<I", level, 64 + cell * 16)
        left, top = place % 640, place // 640
        if top < tiles.height:
            canvas.paste(tiles.crop((left, top, left + TILE[0], top + TILE[1])), (cell % width * TILE[0], cell // width * TILE[1]))
    return canvas
