"""Wizznic: a pack's info file names the music of runs of levels; a level names its board."""

import re

from PIL import Image

from pair import Pair
from pictures import flatten, load
from views import larger

PACKAGES = ["wizznic-data"]
LICENCE = "GPL-3+"
ATTRIBUTION = "Wizznic by Jimmy Christensen (DusteD); music by Sean Hawk"
FIELD = (95, 10)


def pairs(roots):
    data = roots["wizznic-data"] / "usr/share/games/wizznic"
    base = data / "packs/000_wizznic"
    for info in sorted(data.glob("packs/*/info.ini")):
        for first, last, name in re.findall(r"^mus=(\d+)-(\d+),(.+?)\s*$", info.read_text(errors="replace"), re.M):
            music = next((folder / name for folder in (info.parent, base) if (folder / name).is_file()), None)
            for number in range(int(first), int(last) + 1):
                level = info.parent / f"levels/level{number:03}.wzp"
                picture = draw(level, (info.parent, base)) if music and level.is_file() else None
                if picture is not None:
                    key = f"{info.parent.name}-{number:03}"
                    yield Pair(key=key, title=key, pictures=[picture], music=music, licence=LICENCE, attribution=ATTRIBUTION)


def draw(level, packs):
    """Board with the level's own small picture (walls and tiles) in its field, or None where a file is missing."""
    board = re.search(r"^board=(\S+)", level.read_text(errors="replace"), re.M)
    found = next((p / f"themes/{board[1]}.png" for p in packs if (p / f"themes/{board[1]}.png").is_file()), None) if board else None
    small = level.with_name(level.name + ".png")
    if found is None or not small.is_file():
        return None
    canvas = Image.new("RGBA", (320, 240), (0, 0, 0, 255))
    canvas.alpha_composite(load(found).crop((0, 0, 320, 240)))
    canvas.alpha_composite(larger(load(small), 2), FIELD)
    return flatten(larger(canvas, 2))
