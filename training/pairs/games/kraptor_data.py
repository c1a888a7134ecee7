"""Kraptor: a level's data file holds the ground that one flies over and its music."""

from allegro import content, objects, palette, picture
from pair import Pair
from pictures import flatten
from views import fullest

PACKAGES = ["kraptor-data"]
LICENCE = "MIT"


def pairs(roots):
    data = roots["kraptor-data"] / "usr/share/games/kraptor"
    colours = palette(content(objects((data / "krapmain.dat").read_bytes())["pal_game"]))
    for number in range(1, 11):
        level = objects((data / f"level{number}.dat").read_bytes())
        if not {"mapa_fondo", "musica"} <= level.keys():
            continue
        ground = picture(content(level["mapa_fondo"]), colours)
        yield Pair(
            key=f"level {number}",
            title=f"level {number}",
            pictures=[flatten(view) for view in fullest(ground, (ground.width, 450), 2)],
            music=(f"level{number}.it", content(level["musica"])),
            licence=LICENCE,
            attribution="Kraptor by Kronoman",
        )
