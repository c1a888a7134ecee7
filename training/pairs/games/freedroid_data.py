"""Freedroid: a deck has a colour, and each colour its tiles and its music; a deck is drawn from its map.

The music of the colours is the game's own table (sound.c).
"""

import re

from PIL import Image

from pair import Pair
from pictures import flatten, load
from views import fullest

PACKAGES = ["freedroid-data"]
LICENCE = "GPL-2+"
MUSIC = (
    "AnarchyMenu1.mod", "starpaws.mod", "The_Last_V8.mod", "dreamfish-green_beret.mod", "dreamfish-sanxion.mod",
    "kollaps-tron.mod", "dreamfish-uridium2_loader.mod",
)
# A block has 64 pixels and a rim of two.
BLOCK, STEP = 64, 66


def pairs(roots):
    data = roots["freedroid-data"] / "usr/share/games/freedroid"
    blocks = load(data / "graphics/classic_theme/map_blocks.png")
    text = (data / "map/Paradroid.maps").read_text(errors="replace")
    for deck in text.split("Levelnumber:")[1:]:
        colour = re.search(r"color of this level:\s*(\d+)", deck)
        name = re.search(r"Name of this level=(.+)", deck)
        body = re.search(r"begin_map\n(.*?)begin_waypoints", deck, re.S)
        if not colour or not body or int(colour[1]) >= len(MUSIC):
            continue
        rows = [[int(v) for v in line.split()] for line in body[1].splitlines() if line.strip()]
        number = int(deck.split()[0])
        yield Pair(
            key=f"deck {number}",
            title=name[1].strip() if name else f"deck {number}",
            pictures=[flatten(view) for view in fullest(draw(rows, int(colour[1]), blocks), (640, 480), 1)],
            music=data / "sound" / MUSIC[int(colour[1])],
            licence=LICENCE,
            attribution="Freedroid by Johannes Prix and Reinhard Prix; music by the authors of the modules",
        )


def draw(rows, colour, blocks):
    canvas = Image.new("RGBA", (max(len(row) for row in rows) * BLOCK, len(rows) * BLOCK), (0, 0, 0, 255))
    for y, row in enumerate(rows):
        for x, number in enumerate(row):
            left, top = number * STEP, colour * STEP
            if left + BLOCK <= blocks.width and top + BLOCK <= blocks.height:
                canvas.alpha_composite(blocks.crop((left, top, left + BLOCK, top + BLOCK)), (x * BLOCK, y * BLOCK))
    return canvas
