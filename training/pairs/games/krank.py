"""Krank: a level's script loads a sound theme with its music and sets its background."""

import re

from pair import Pair
from pictures import flatten, load

PACKAGES = ["krank"]
LICENCE = "public domain"


def pairs(roots):
    data = roots["krank"] / "usr/share/games/krank"
    for script in sorted((data / "levels").glob("*.py")):
        text = script.read_text(errors="replace")
        theme = re.search(r"loadTheme\s*\(\s*'(\w+)'", text)
        music = re.search(r"sound\.music\s*\(\s*(?:'([^']+)')?\s*\)", text)
        ground = re.search(r"setBackground\s*\(\s*'([^']+)'", text)
        if not theme or not music or not ground:
            continue
        track = data / "sounds" / theme[1] / (music[1] or "atmo.ogg")
        picture = data / "levels/unera-backgrounds" / f"{ground[1]}.jpg"
        if track.is_file() and picture.is_file():
            yield Pair(
                key=script.stem,
                title=script.stem,
                pictures=[flatten(load(picture))],
                music=(f"{theme[1]}-{track.name}", track.read_bytes()),
                licence=LICENCE,
                attribution="Krank by Thorsten Kohnhorst; backgrounds by Slava Anishenko",
            )
