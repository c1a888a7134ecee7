"""Flare's Empyrean Campaign: a map names its tile set and its music.

The map is drawn in the game's own isometric way, around the hero's start and two
other full places.
"""

import re

from PIL import Image

from pair import Pair
from pictures import flatten, load

PACKAGES = ["flare-game"]
LICENCE = "CC-BY-SA-3.0 or later"
TILE = (64, 32)
VIEW = (640, 400)
VIEWS, APART = 3, 12


def pairs(roots):
    mods = roots["flare-game"] / "usr/share/games/flare/mods"
    core, campaign = mods / "fantasycore", mods / "empyrean_campaign"
    sets = {}
    for path in sorted(campaign.glob("maps/*.txt")):
        header, layers = parse(path.read_text(errors="replace"))
        music = core / header.get("music", "-")
        name = header.get("tileset", "-")
        if name not in sets:
            sets[name] = next((tiles(folder / name, (core, campaign)) for folder in (campaign, core) if (folder / name).is_file()), {})
        # The wind between two musics is no music.
        if not music.is_file() or "ambient" in music.name or not sets[name]:
            continue
        pictures = draw(header, layers, sets[name])
        if not pictures:
            continue
        yield Pair(
            key=path.stem,
            title=header.get("title", path.stem),
            pictures=pictures,
            music=music,
            licence=LICENCE,
            attribution=f"Flare: Empyrean Campaign team; music {music.stem}",
        )


def parse(text):
    """Header values and, in order, the tile layers as rows of numbers."""
    header, layers = {}, {}
    for section in re.split(r"^\[", text, flags=re.M)[1:]:
        title, _, body = section.partition("]")
        if title == "header":
            header.update(re.findall(r"^(\w+)=(.*)$", body, re.M))
        elif title == "layer":
            kind = re.search(r"^type=(\w+)", body, re.M)
            data = body.partition("data=")[2]
            if kind:
                layers[kind[1]] = [[int(v, 16 if "x" in v else 10) for v in line.split(",") if v.strip()] for line in data.split("\n") if "," in line]
    return header, layers


def tiles(definition, folders):
    """Tile pictures and anchors by number, from the definitions and what they include."""
    found, sheet = {}, None
    for line in definition.read_text(errors="replace").splitlines():
        key, _, value = line.partition("=")
        if key == "img":
            path = next((folder / value for folder in folders if (folder / value).is_file()), None)
            sheet = load(path) if path else None
        elif key == "tile" and sheet is not None:
            number, x, y, width, height, dx, dy = (int(v) for v in value.split(",")[:7])
            found[number] = (sheet.crop((x, y, x + width, y + height)), dx, dy)
    return found


def draw(header, layers, tileset):
    """The view at the hero's start and at the two fullest places that are far from it and from each other."""
    ground = layers.get("background")
    if not ground:
        return []
    filled = {(x, y) for y, row in enumerate(ground) for x, number in enumerate(row) if number in tileset}
    places = []
    start = [int(v) for v in re.findall(r"\d+", header.get("hero_pos", ""))[:2]]
    if len(start) == 2 and fullness(filled, start) > 0.4:
        places.append(tuple(start))
    for place in sorted(filled, key=lambda p: (-fullness(filled, p), p)):
        if len(places) == VIEWS:
            break
        if all(abs(place[0] - x) + abs(place[1] - y) >= APART for x, y in places):
            places.append(place)
    return [view(header, layers, tileset, place) for place in places if fullness(filled, place) > 0.3]


def fullness(filled, place, reach=8):
    """Part of the tiles around a place that are drawn at all."""
    x0, y0 = place
    near = [(x, y) in filled for x in range(x0 - reach, x0 + reach + 1, 2) for y in range(y0 - reach, y0 + reach + 1, 2)]
    return sum(near) / len(near)


def view(header, layers, tileset, place):
    colour = [int(v) for v in re.findall(r"\d+", header.get("background_color", "0,0,0"))[:3]]
    canvas = Image.new("RGBA", VIEW, tuple(colour) + (255,))
    middle = ((place[0] - place[1]) * TILE[0] // 2, (place[0] + place[1]) * TILE[1] // 2)
    for name in [kind for kind in layers if kind != "collision"]:
        for y, row in enumerate(layers[name]):
            for x, number in enumerate(row):
                if number not in tileset:
                    continue
                tile, dx, dy = tileset[number]
                left = (x - y) * TILE[0] // 2 - middle[0] + VIEW[0] // 2 - dx
                top = (x + y) * TILE[1] // 2 - middle[1] + VIEW[1] // 2 - dy
                if left <= -tile.width or top <= -tile.height or left >= VIEW[0] or top >= VIEW[1]:
                    continue
                canvas.alpha_composite(tile.crop((max(0, -left), max(0, -top), tile.width, tile.height)), (max(0, left), max(0, top)))
    return flatten(canvas)
