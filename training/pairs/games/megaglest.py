"""MegaGlest: a people has a loading picture and a piece of music."""

import re

from pair import Pair
from pictures import flatten, load

PACKAGES = ["megaglest-data"]
LICENCE = "CC-BY-SA-3.0"


def pairs(roots):
    data = roots["megaglest-data"] / "usr/share/games/megaglest"
    for config in sorted(data.glob("techs/*/factions/*/*.xml")):
        folder = config.parent
        if config.stem != folder.name:
            continue
        found = re.search(r'<music\s+value="true"\s+path="([^"]+)"', config.read_text(errors="replace"))
        picture = folder / "loading_screen.jpg"
        if found is None or ".." in found[1] or not (folder / found[1]).is_file() or not picture.is_file():
            continue
        yield Pair(
            key=folder.name,
            title=folder.name,
            pictures=[flatten(load(picture))],
            music=folder / found[1],
            licence=LICENCE,
            attribution="MegaGlest team (contributors: see the package's copyright file)",
        )
