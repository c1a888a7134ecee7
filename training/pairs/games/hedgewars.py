"""Hedgewars: every theme names its music; sky, horizon and ground lie beside it."""

import re

from pair import Pair
from pictures import CANVAS, band, flatten, gradient, load

PACKAGES = ["hedgewars-data"]
LICENCE = "GPL-2"


def pairs(roots):
    data = roots["hedgewars-data"] / "usr/share/games/hedgewars/Data"
    artists = credits(data / "Music/credits.txt")
    for config in sorted(data.glob("Themes/*/theme.cfg")):
        values = dict(re.findall(r"^\s*([\w-]+)\s*=\s*(.*?)\s*$", config.read_text(errors="replace"), re.M))
        music = find(data / "Music", values.get("music", ""))
        if music is None:
            continue
        theme = config.parent
        artist = artists.get(music.name.lower(), "the Hedgewars team")
        yield Pair(
            key=theme.name,
            title=theme.name,
            pictures=[compose(theme, values)],
            music=music,
            licence=LICENCE,
            attribution=f"Music: {artist}; picture: theme {theme.name} of Hedgewars",
        )


def credits(path):
    """Composers by lower-case file name."""
    if not path.is_file():
        return {}
    return {name.lower(): artist for name, artist in re.findall(r"^(\S+)=(.+)$", path.read_text(errors="replace"), re.M)}


def find(folder, name):
    """The file of that name whatever its case: the game ran first where case says nothing."""
    return next((path for path in folder.iterdir() if path.name.lower() == name.lower()), None)


def compose(theme, values):
    """Sky colour, sky, horizon and a strip of ground, as the game stacks them."""
    sky = [int(v) for v in re.findall(r"\d+", values.get("sky", "0,0,0"))[:3]]
    canvas = gradient(sky, sky)
    for name, top, height in [("Sky.png", 0.0, 0.75), ("horizont.png", 0.3, 0.45), ("LandTex.png", 0.75, 0.25)]:
        layer = find(theme, name)
        if layer is not None:
            band(canvas, load(layer), top, height)
    assert canvas.size == CANVAS
    return flatten(canvas)
