"""Planet Blupi: a world's file holds its region, its music and its ground; it is drawn in the game's way.

File layout (decio.cxx of the game, revision 1.5): a head of 436 bytes, the music
(1 to 10) at byte 332, the region (0 to 3) at byte 334, then 100 x 100 cells of
eight 16-bit numbers: sheet and icon of the ground, sheet and icon of the object.
"""

import struct

from PIL import Image

from pair import Pair
from pictures import flatten, load
from views import grid

PACKAGES = ["planetblupi-common", "planetblupi-music-ogg"]
LICENCE = "GPL-3+"
HEAD, SIDE, CELL = 436, 100, 16
VIEW = (640, 420)
GROUND, OBJECT = 1, 2


def pairs(roots):
    images = roots["planetblupi-common"] / "usr/share/planetblupi/image"
    tracks = roots["planetblupi-music-ogg"] / "usr/share/planetblupi/music"
    sheets = {}
    for path in sorted(images.parent.glob("data/world*.blp")):
        data = path.read_bytes()
        if len(data) < HEAD + SIDE * SIDE * CELL:
            continue
        number, region = struct.unpack_from("<2h", data, 332)
        music = tracks / f"music{number - 1:03}.ogg"
        if not music.is_file() or not 0 <= region <= 3:
            continue
        if region not in sheets:
            sheets[region] = (grid(load(images / f"floor{region:03}.png"), 120, 60), grid(load(images / f"obj{region:03}.png"), 120, 120))
        yield Pair(
            key=path.stem,
            title=path.stem,
            pictures=[flatten(draw(data, *sheets[region]))],
            music=music,
            licence=LICENCE,
            attribution="Planet Blupi by Daniel Roux, EPSITEC SA",
        )


def draw(data, grounds, objects):
    """What the game shows first: its corner cell stands in the head, at byte 228."""
    corner = struct.unpack_from("<2i", data, 228)
    canvas = Image.new("RGBA", VIEW, (0, 0, 0, 255))
    cells = {}
    for x in range(SIDE):
        for y in range(SIDE):
            across, down = 2 * x - corner[0], 2 * y - corner[1]
            left, top = (across - down) * 30 + 20, (across + down) * 15
            if -120 < left < VIEW[0] and -120 < top < VIEW[1] + 120:
                cells[top, left] = struct.unpack_from("<4h", data, HEAD + (x * SIDE + y) * CELL)
    for sheet, at, offset, kind in ((grounds, 0, 0, GROUND), (objects, 2, -60, OBJECT)):
        for (top, left), cell in sorted(cells.items()):
            if cell[at] == kind and 0 <= cell[at + 1] < len(sheet):
                paste(canvas, sheet[cell[at + 1]], left, top + offset)
    return canvas


def paste(canvas, picture, left, top):
    """Lays a picture on, cut at the canvas."""
    box = (max(0, -left), max(0, -top), min(picture.width, canvas.width - left), min(picture.height, canvas.height - top))
    if box[0] < box[2] and box[1] < box[3]:
        canvas.alpha_composite(picture.crop(box), (max(0, left), max(0, top)))
