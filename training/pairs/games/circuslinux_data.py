"""Circus Linux: title, play and high scores have each a picture and a music (circuslinux.c, MUS_TITLE and others)."""

from screens import screen_pairs

PACKAGES = ["circuslinux-data"]
SCREENS = {
    "title": (["images/title/title.png"], "music/finally.mod"),
    "play": (["images/backgrounds/background0.png", "images/backgrounds/background1.png"], "music/klovninarki.mod"),
    "high scores": (["images/highscore/top.png"], "music/hiscreen.mod"),
}


def pairs(roots):
    data = roots["circuslinux-data"] / "usr/share/games/circuslinux/data"
    return screen_pairs(data, SCREENS, "GPL-2+", "Circus Linux by New Breed Software; music by the authors of the modules", (640, 480))
