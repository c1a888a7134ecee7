"""Alien Blaster: the introduction and the play have each a picture and a music."""

from pair import Pair
from pictures import flatten, load, without

PACKAGES = ["alienblaster-data"]
CLEAR = (255, 0, 255)


def pairs(roots):
    data = roots["alienblaster-data"] / "usr/share/games/alienblaster"
    ground = load(data / "images/background.bmp")
    play = ground.crop((0, 0, 640, 480))
    play.alpha_composite(without(load(data / "images/boss.bmp"), CLEAR), (0, 0))
    views = {
        "introduction": ([load(data / "images/alienblasterintro.bmp")], "intro.wav"),
        "play": ([ground.crop((0, 480, 640, 960)), play], "playon.wav"),
    }
    for title, (pictures, music) in views.items():
        yield Pair(
            key=title,
            title=title,
            pictures=[flatten(picture) for picture in pictures],
            music=data / "sound" / music,
            licence="GPL-2+",
            attribution="Alien Blaster by Paul Grathwohl, Arne Hormann, Daniel Kuehn and others",
        )
