"""Starfighter: title, credits, star map, defeat and some missions have each a music of their own.

The tables are those of the game's source, release 2.4 (title.c, intermission.c,
game.c, mission.c, audio_playRandomTrack). Missions whose track is drawn by chance
are left out. A mission shows its system's sky with its planet and a ship of the foe.
"""

from PIL import Image

from pair import Pair
from pictures import CANVAS, cover, flatten, load

PACKAGES = ["starfighter-data"]
LICENCE = "GPL-3+; CC-BY-SA-3.0; CC-BY-3.0"
FIREFLY = ("firefly1.png", 0.25, 0.6)
PLANETS = {"spirit": ("green", "blue", "red"), "eyananth": ("green", "blue", "red"), "mordor": ("green", "orange", "red"), "sol": ("blue", "orange", "red")}
# Title: sky, what lies on it with its place (parts of the canvas), music.
SCREENS = {
    "title": ("spirit", [("sflogo.png", 0.5, 0.25), ("firefly-big.png", 0.5, 0.65)], "walking_among_androids.ogg"),
    "credits": ("credits", [], "rise_of_spirit.ogg"),
    **{
        f"star map of {system.title()}": (
            system,
            [("planet_sun.png", 0.5, 0.5), *((f"planet_{colour}.png", x, y) for colour, x, y in zip(colours, (0.7, 0.3, 0.35), (0.5, 0.3, 0.8)))],
            "through_space.ogg",
        )
        for system, colours in PLANETS.items()
    },
    "defeat": ("spirit", [("gameover.png", 0.5, 0.5)], "death.ogg"),
    "start": ("spirit", [("firefly1.png", 0.3, 0.5), ("dualFighter2.png", 0.7, 0.3), ("dualFighter2.png", 0.75, 0.6)], "railjet_short.ogg"),
    "Moebo, the frigate": (
        "spirit", [("planet_orange.png", 0.2, 0.3), ("frigateBody2.png", 0.65, 0.5), ("frigateGun12.png", 0.55, 0.4), FIREFLY], "orbital_colossus.ogg",
    ),
    "Elamale, the mine ship": (
        "eyananth", [("planet_orange.png", 0.2, 0.3), ("mineBoss2.png", 0.65, 0.5), ("mineBossWing12.png", 0.7, 0.4), FIREFLY], "orbital_colossus.ogg",
    ),
    "Ellesh, the star of Mordor": ("mordor", [("planet_green.png", 0.2, 0.3), ("execTrans2.png", 0.65, 0.5), FIREFLY], "orbital_colossus.ogg"),
    "Earth, the last ships": ("sol", [("planet_blue.png", 0.2, 0.3), ("splitBoss12.png", 0.65, 0.5), FIREFLY], "orbital_colossus.ogg"),
    "Venus, Kline": ("sol", [("planet_orange.png", 0.2, 0.3), ("kline12.png", 0.65, 0.5), FIREFLY], "RE.ogg"),
}


def pairs(roots):
    data = roots["starfighter-data"] / "usr/share/starfighter"
    for title, (sky, sprites, music) in SCREENS.items():
        canvas = Image.new("RGBA", CANVAS, (0, 0, 0, 255))
        cover(canvas, load(data / "gfx" / f"{sky}.jpg"))
        for name, x, y in sprites:
            sprite = load(data / "gfx" / name)
            sprite.thumbnail((CANVAS[0] * 3 // 4, CANVAS[1] * 3 // 4))
            canvas.alpha_composite(sprite, (round(CANVAS[0] * x - sprite.width / 2), round(CANVAS[1] * y - sprite.height / 2)))
        yield Pair(title, title, [flatten(canvas)], data / "music" / music, LICENCE, "Project: Starfighter")
