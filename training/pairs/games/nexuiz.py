"""Nexuiz: a map's info file names its track; a level shot lies beside the map."""

import re
import zipfile

from pair import Pair
from pictures import flatten, load

PACKAGES = ["nexuiz-data", "nexuiz-music"]
LICENCE = "GPL-2+"
BASE = "usr/share/games/nexuiz/data"


def pairs(roots):
    data = zipfile.ZipFile(roots["nexuiz-data"] / BASE / "data.pk3")
    music = zipfile.ZipFile(roots["nexuiz-music"] / BASE / "music.pk3")
    names = set(data.namelist())
    order = track_order(data)
    for info in sorted(name for name in names if re.fullmatch(r"maps/[^/]+\.mapinfo", name)):
        stem = info[len("maps/") : -len(".mapinfo")]
        text = data.read(info).decode("utf-8", "replace")
        number = re.search(r"^cdtrack\s+(\d+)", text, re.M)
        shot = next((f"maps/{stem}{ext}" for ext in (".jpg", ".tga", ".png") if f"maps/{stem}{ext}" in names), None)
        if number is None or shot is None or not 1 <= int(number[1]) <= len(order):
            continue
        track = f"sound/cdtracks/{order[int(number[1]) - 1]}.ogg"
        if track not in music.namelist():
            continue
        title, author = (re.search(rf"^{key}\s+(.+)$", text, re.M) for key in ("title", "author"))
        yield Pair(
            key=stem,
            title=title[1].strip() if title else stem,
            pictures=[flatten(load(data.read(shot)).convert("RGB").convert("RGBA"))],
            music=(track.rsplit("/", 1)[-1], music.read(track)),
            licence=LICENCE,
            attribution=f"Nexuiz; map by {author[1].strip() if author else 'Alientrap'}; music of Nexuiz",
        )


def track_order(data):
    """Track names by number, from the game's own remap list."""
    for name in data.namelist():
        if name.endswith(".cfg"):
            found = re.search(r'g_cdtracks_remaplist\s+"([^"]+)"', data.read(name).decode("utf-8", "replace"))
            if found:
                return found[1].split()
    return []
