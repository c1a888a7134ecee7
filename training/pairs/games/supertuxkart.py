"""SuperTuxKart: every track names a screenshot of itself and its music."""

import html
import re

from pair import Pair
from pictures import flatten, load

PACKAGES = ["supertuxkart-data"]
LICENCE = "GPL-3+ and CC-BY-SA-3.0 or later"
NOT_LEVELS = {"gpwin", "gplose", "featunlocked", "endcutscene", "introcutscene", "introcutscene2", "overworld"}


def pairs(roots):
    data = roots["supertuxkart-data"] / "usr/share/games/supertuxkart/data"
    for config in sorted(data.glob("tracks/*/track.xml")):
        track = attributes(config)
        folder = config.parent
        shot = folder / track.get("screenshot", "-")
        sheet = next((p for p in (folder / track.get("music", "-"), data / "music" / track.get("music", "-")) if p.is_file()), None)
        if sheet is None or not shot.is_file() or folder.name in NOT_LEVELS:
            continue
        song = attributes(sheet)
        music = sheet.parent / song.get("file", "-")
        if not music.is_file():
            continue
        yield Pair(
            key=folder.name,
            title=track.get("name", folder.name),
            pictures=[flatten(load(shot))],
            music=music,
            licence=LICENCE,
            attribution=f"Music: {song.get('title')} by {song.get('composer')}; "
            f"track by {track.get('designer', 'the SuperTuxKart team')}",
        )


def attributes(path):
    """The attributes of the file's first element; some of these files are not well-formed XML."""
    text = re.sub(r"<\?.*?\?>|<!--.*?-->", "", path.read_text(errors="replace"), flags=re.S)
    head = text.partition(">")[0]
    return {key: html.unescape(value) for key, value in re.findall(r'([\w-]+)\s*=\s*"([^"]*)"', head)}
