"""Open Invaders: the title has a music, and all levels, each with its own background, have another."""

from PIL import Image

from pair import Pair
from pictures import flatten, load, without
from screens import centre

PACKAGES = ["open-invaders-data"]
CLEAR = (255, 0, 255)
LEVELS = ("level2bk", "level4bk", "level5bk", "level6bk", "level7bk", "level12bk", "level13bk", "level14bk")


def pairs(roots):
    data = roots["open-invaders-data"] / "usr/share/open-invaders"
    for title, picture, music in [("title", "oi_logo", "titlesong.mod"), *((level, level, "gamesong.mod") for level in LEVELS)]:
        canvas = Image.new("RGBA", (640, 480), (0, 0, 0, 255))
        centre(canvas, without(load(data / f"{picture}.pcx"), CLEAR))
        yield Pair(key=title, title=title, pictures=[flatten(canvas)], music=data / music, licence="GPL-2+", attribution="Open Invaders by Darryl LeCount")
