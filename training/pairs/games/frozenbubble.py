"""Frozen-Bubble: one player, two players and the title have each a picture and a music."""

from pair import Pair
from pictures import flatten, load

PACKAGES = ["frozen-bubble-data"]
LICENCE = "GPL-2"
SCREENS = {
    "one player": ("back_one_player.png", "frozen-mainzik-1p.ogg"),
    "two players": ("back_multiplayer.png", "frozen-mainzik-2p.ogg"),
    "title": ("menu/back_start.png", "introzik.ogg"),
}


def pairs(roots):
    data = roots["frozen-bubble-data"] / "usr/share/games/frozen-bubble"
    for title, (picture, music) in SCREENS.items():
        if (data / "gfx" / picture).is_file() and (data / "snd" / music).is_file():
            yield Pair(
                key=title,
                title=title,
                pictures=[flatten(load(data / "gfx" / picture))],
                music=data / "snd" / music,
                licence=LICENCE,
                attribution="The Frozen-Bubble Team",
            )
