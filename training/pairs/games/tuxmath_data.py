"""Tux of Math Command: the menu has its music, the comets' game draws one of six (comets.c), each weighing 1/6."""

from pair import Pair
from pictures import flatten, load

PACKAGES = ["tuxmath-data"]
SCREENS = {
    "menu": (["title/menu_bkg.jpg"], ["tuxi.ogg"]),
    "comets": (
        [f"backgrounds/{n}.jpg" for n in range(8)],
        ["01_rush.ogg", "02_on_the_edge_of_the_universe.ogg", "03_gravity.ogg", "game.mod", "game2.mod", "game3.mod"],
    ),
}


def pairs(roots):
    data = roots["tuxmath-data"] / "usr/share/tuxmath"
    for title, (pictures, tracks) in SCREENS.items():
        for track in tracks:
            yield Pair(
                key=f"{title}, {track}",
                title=title,
                pictures=[flatten(load(data / "images" / name)) for name in pictures],
                music=data / "sounds" / track,
                licence="GPL-3+; CC-BY-SA-3.0",
                attribution="Tux, of Math Command by Bill Kendrick and the Tux4Kids team",
                weight=1 / len(tracks),
            )
