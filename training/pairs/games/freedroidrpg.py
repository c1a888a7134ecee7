"""FreedroidRPG: every level names its background song.

A level is drawn in the game's own isometric way, floors and then obstacles,
around the two places where most obstacles stand.
"""

import re
from collections import Counter

from PIL import Image

from pair import Pair
from pictures import flatten, load

PACKAGES = ["freedroidrpg-data"]
LICENCE = "GPL-2+"
TILE = (120, 68)
VIEW = (960, 600)
# The first song stands on most levels that nobody gave a song of their own.
DEFAULT = "TheBeginning.ogg"


def pairs(roots):
    data = roots["freedroidrpg-data"] / "usr/share/freedroidrpg/data"
    floors = Tiles(data / "graphics/floor_tiles", floor_names((data / "base/floor_tiles.lua").read_text()))
    things = Tiles(data / "graphics/obstacles", obstacle_names((data / "base/obstacle_specs.lua").read_text()))
    for text in re.split(r"^Levelnumber: ", (data / "storyline/act1/levels.dat").read_text(errors="replace"), flags=re.M)[1:]:
        song = re.search(r"^BgSong=(\S+)", text, re.M)
        name = re.search(r'^Name of this level=_?"([^"]*)"', text, re.M)
        if song is None or song[1] == DEFAULT or "DEBUG" in (name[1] if name else "") or not (data / "sound/music" / song[1]).is_file():
            continue
        number = text.split()[0]
        pictures = draw(text, floors, things)
        if pictures:
            yield Pair(
                key=f"level-{number}",
                title=name[1] if name else number,
                pictures=pictures,
                music=data / "sound/music" / song[1],
                licence=LICENCE,
                attribution=f"FreedroidRPG team; music {song[1]}",
            )


def floor_names(text):
    """Names of the floor tiles by number; those of the second layer follow at 500."""
    under, _, over = text.partition("overlay_floor_tile_list {\n")[0], None, text.rpartition("overlay_floor_tile_list")[2]
    names = dict(enumerate(re.findall(r'"(\w+\.png)"', re.sub(r"--.*", "", under.split("underlay_floor_tile_list", 1)[-1]))))
    names.update({500 + i: name for i, name in enumerate(re.findall(r'"(\w+\.png)"', re.sub(r"--.*", "", over)))})
    return names


def obstacle_names(text):
    """The first picture of each obstacle by number."""
    names = {}
    for number, block in enumerate(re.split(r"^obstacle \{", text, flags=re.M)[1:]):
        found = re.search(r'image_filenames\s*=\s*\{?\s*"([^"]+)"', block)
        if found:
            names[number] = found[1]
    return names


class Tiles:
    """Pictures cut from atlases on demand, with the offset from their place on the floor."""

    def __init__(self, folder, names):
        self.names, self.places, self.sheets, self.cut = names, {}, {}, {}
        sheet = None
        for line in (folder / "atlas.txt").read_text().splitlines():
            head = re.match(r"\* (?:\./)?(\S+)", line)
            cell = re.match(r"(\S+) (\d+) (\d+) (\d+) (\d+) off (-?\d+) (-?\d+)", line)
            if head:
                sheet = folder / head[1]
            elif cell:
                self.places[cell[1]] = (sheet, *(int(v) for v in cell.groups()[1:]))

    def get(self, number):
        name = self.names.get(number)
        if name not in self.places:
            return None
        if name not in self.cut:
            path, x, y, width, height, dx, dy = self.places[name]
            if path not in self.sheets:
                self.sheets[path] = load(path)
            self.cut[name] = (self.sheets[path].crop((x, y, x + width, y + height)), dx, dy)
        return self.cut[name]


def draw(text, floors, things):
    body = text.partition("beginning_of_map\n")[2]
    layers = int((re.search(r"^floor layers: (\d+)", text, re.M) or [0, 1])[1])
    rows = []
    for line in body.splitlines():
        if not re.fullmatch(r"[\s\d]+", line) or not line.strip():
            break
        numbers = [int(v) for v in line.split()]
        rows.append([numbers[i : i + layers] for i in range(0, len(numbers), layers)])
    stand = [(int(n), float(x), float(y)) for n, x, y in re.findall(r"^t(\d+) x(-?[\d.]+) y(-?[\d.]+)", text, re.M)]
    crowd = Counter((round(x / 8) * 8, round(y / 8) * 8) for _, x, y in stand)
    inside = [place for place, _ in crowd.most_common() if 4 < place[0] < len(rows[0]) - 4 and 4 < place[1] < len(rows) - 4] if rows else []
    return [view(rows, stand, floors, things, place) for place in inside[:2]]


def view(rows, stand, floors, things, place):
    canvas = Image.new("RGBA", VIEW, (0, 0, 0, 255))

    def put(tile, x, y):
        if tile is None:
            return
        image, dx, dy = tile
        u, v = x - place[0], y - place[1]
        left = round((u - v) * TILE[0] / 2 + VIEW[0] / 2) + dx
        top = round((u + v) * TILE[1] / 2 + VIEW[1] / 2) + dy
        if -image.width < left < VIEW[0] and -image.height < top < VIEW[1]:
            canvas.alpha_composite(image.crop((max(0, -left), max(0, -top), image.width, image.height)), (max(0, left), max(0, top)))

    near = 16
    for y in range(max(0, place[1] - near), min(len(rows), place[1] + near)):
        for x in range(max(0, place[0] - near), min(len(rows[y]), place[0] + near)):
            for number in rows[y][x]:
                put(floors.get(number), x + 0.5, y + 0.5)
    for number, x, y in sorted(stand, key=lambda s: s[1] + s[2]):
        if abs(x - place[0]) < near and abs(y - place[1]) < near:
            put(things.get(number), x, y)
    return flatten(canvas)
