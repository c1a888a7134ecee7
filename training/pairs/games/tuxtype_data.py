"""Tux Typing: menu, fish cascade and comets have their own backgrounds and music (titlescreen.c, playgame.c, laser.h).

A game draws its background and its music by chance from its own, so that a track of
n weighs 1/n.
"""

from pair import Pair
from pictures import flatten, load

PACKAGES = ["tuxtype-data"]
SCREENS = {
    "menu": (["main_bkg.png"], ["tuxi.ogg"]),
    "fish cascade": ([f"kcas{n}.jpg" for n in (0, 2, 4, 6, 8, 10)], ["amidst_the_raindrops.ogg", "chiptune2.ogg"]),
    "comets": ([f"backgrounds/{n}.jpg" for n in range(5)], ["game.mod", "game2.mod", "game3.mod"]),
}


def pairs(roots):
    data = roots["tuxtype-data"] / "usr/share/tuxtype"
    for title, (pictures, tracks) in SCREENS.items():
        for track in tracks:
            yield Pair(
                key=f"{title}, {track}",
                title=title,
                pictures=[flatten(load(data / "images" / name)) for name in pictures],
                music=data / "sounds" / track,
                licence="GPL-2",
                attribution="Tux Typing by Sam Hart and the Tux4Kids team",
                weight=1 / len(tracks),
            )
