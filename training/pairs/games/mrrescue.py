"""Mr. Rescue: its scripts play a music on each screen; the floors are drawn from their maps.

A house of floors plays one of three tracks by chance, its roof always the same.
"""

import re
import zipfile

from PIL import Image

from pair import Pair
from pictures import flatten, load
from views import grid, larger

PACKAGES = ["mrrescue"]
LICENCE = "Zlib; CC-BY-SA-3.0"
SCREEN = (256, 200)
STILLS = {"title": ("splash.png", "opening"), "how to play": ("howto.png", "menujazz")}
FLOOR_TRACKS = ("rockerronni", "bundesliga", "scooterfest")


def pairs(roots):
    game = zipfile.ZipFile(roots["mrrescue"] / "usr/share/games/mrrescue/mrrescue.love")
    for title, (picture, track) in STILLS.items():
        yield choice(game, title, [load(game.read(f"data/{picture}")).crop((0, 0, *SCREEN))], track)
    buildings = Image.new("RGBA", SCREEN, (0, 0, 0, 255))
    buildings.alpha_composite(load(game.read("data/level_buildings.png")).crop((0, 0, 140, 166)), (116, 34))
    yield choice(game, "choice of the building", [buildings], "menujazz")
    panes = Image.new("RGBA", SCREEN, (0, 0, 0, 255))
    sheet = load(game.read("data/highscore_panes.png"))
    panes.alpha_composite(sheet.crop((0, 0, min(SCREEN[0], sheet.width), min(SCREEN[1], sheet.height))), (20, 20))
    yield choice(game, "high scores", [panes], "happyfeerings")
    tiles = grid(load(game.read("data/tiles.png")), 16, 16)
    floors = sorted(name for name in game.namelist() if re.fullmatch(r"maps/floors/[^/]+\.lua", name))
    views = [house(game, "maps/base.lua", floors[i : i + 1] * 3, i, tiles) for i in range(len(floors))]
    for track in FLOOR_TRACKS:
        yield choice(game, f"floors, {track}", views, track, 1 / len(FLOOR_TRACKS))
    yield choice(game, "roof", [house(game, "maps/top_base.lua", [], 0, tiles)], "roof")


def choice(game, title, pictures, track, weight=1.0):
    return Pair(
        key=title,
        title=title,
        pictures=[flatten(larger(picture, 2)) for picture in pictures],
        music=(f"{track}.ogg", game.read(f"data/sfx/{track}.ogg")),
        licence=LICENCE,
        attribution="Mr. Rescue by Tangram Games",
        weight=weight,
    )


def house(game, base, floors, variant, tiles):
    """The night, the house's frame and its floors, each five rows high, with the rooms that a floor has places for."""
    width, rows = layer(game, base)
    canvas = Image.new("RGBA", (width * 16, len(rows) // width * 16), (0, 0, 0, 255))
    night = load(game.read("data/backgrounds/night.png"))
    for left in range(0, canvas.width, night.width):
        canvas.alpha_composite(night.crop((0, 0, min(night.width, canvas.width - left), min(night.height, canvas.height))), (left, 0))
    lay(canvas, width, rows, tiles, (0, 0))
    for number, name in enumerate(floors):
        floor_width, numbers = layer(game, name)
        inside = [v if 3 <= i % floor_width < floor_width - 3 else 0 for i, v in enumerate(numbers)]
        lay(canvas, floor_width, inside, tiles, (0, 5 * number))
        for x, y, room in re.findall(r'type = "room", x = (\d+), y = (\d+), width = (\d+)', game.read(name).decode("utf-8", "replace")):
            plans = sorted(n for n in game.namelist() if re.fullmatch(rf"maps/room/{int(room) // 16}/\d+\.lua", n))
            if plans:
                plan = plans[(number + variant) % len(plans)]
                lay(canvas, *layer(game, plan), tiles, (int(x) // 16, int(y) // 16 + 5 * number))
    left = (canvas.width - SCREEN[0]) // 2
    return canvas.crop((left, max(0, canvas.height - SCREEN[1]), left + SCREEN[0], canvas.height))


def layer(game, name):
    """Width and numbers of the first tile layer of a map in Lua."""
    text = game.read(name).decode("utf-8", "replace")
    width = int(re.search(r"\bwidth\s*=\s*(\d+)", text)[1])
    numbers = [int(v) for v in re.search(r"data\s*=\s*\{([\d,\s]+)\}", text)[1].split(",") if v.strip()]
    return width, numbers


def lay(canvas, width, numbers, tiles, at):
    for place, number in enumerate(numbers):
        left, top = (place % width + at[0]) * 16, (place // width + at[1]) * 16
        if 0 < number <= len(tiles) and left + 16 <= canvas.width and top + 16 <= canvas.height:
            canvas.alpha_composite(tiles[number - 1], (left, top))
