"""Barbie Seahorse Adventures: a level's map names its background and its music; it is drawn from its tiles.

A level is a picture: red the tiles before the player, green those behind, blue
codes. Code 0x78 takes the background's number from its right neighbour, code 0x80
the music's (lib/init.py of the game). Four tiles are seen in the editor only.
"""

from PIL import Image

from pair import Pair
from pictures import flatten, load
from views import fullest, grid, larger

PACKAGES = ["seahorse-adventures"]
LICENCE = "GPL-2"
TILE = 16
BACKGROUND, MUSIC = 0x78, 0x80
HIDDEN = (0x10, 0x11, 0x14, 0x20)


def pairs(roots):
    data = roots["seahorse-adventures"] / "usr/share/games/seahorse-adventures/data"
    tiles = grid(load(data / "tiles.tga"), TILE, TILE)
    title = Image.new("RGBA", (640, 480))
    title.alpha_composite(load(data / "bkgr/2.png").crop((0, 0, 640, 480)))
    title.alpha_composite(larger(load(data / "title.png"), 2), (102, 60))
    yield choice("title", title, data / "music/title.ogg")
    for path in sorted((data / "levels").glob("*.tga")):
        level = Image.open(path).convert("RGB")
        codes = {level.getpixel((x, y))[2]: level.getpixel((x + 1, y))[2] for y in range(level.height) for x in range(level.width - 1)}
        music = data / "music" / f"{codes.get(MUSIC)}.ogg"
        ground = data / "bkgr" / f"{codes.get(BACKGROUND, 1):x}.png"
        if MUSIC not in codes or not music.is_file() or not ground.is_file():
            continue
        for number, view in enumerate(fullest(draw(level, tiles, load(ground)), (320, 240), 2)):
            yield choice(f"{path.stem}-{number}", larger(view, 2), music)


def choice(key, picture, music):
    return Pair(key=key, title=key, pictures=[flatten(picture)], music=music, licence=LICENCE, attribution="Barbie Seahorse Adventures by Phil Hassey and others")


def draw(level, tiles, ground):
    canvas = Image.new("RGBA", (level.width * TILE, level.height * TILE))
    for top in range(0, canvas.height, ground.height):
        for left in range(0, canvas.width, ground.width):
            canvas.alpha_composite(ground.crop((0, 0, min(ground.width, canvas.width - left), min(ground.height, canvas.height - top))), (left, top))
    for channel in (1, 0):
        for y in range(level.height):
            for x in range(level.width):
                number = level.getpixel((x, y))[channel]
                if 0 < number < len(tiles) and number not in HIDDEN:
                    canvas.alpha_composite(tiles[number], (x * TILE, y * TILE))
    return canvas
