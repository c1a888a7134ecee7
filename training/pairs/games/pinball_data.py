"""Emilia Pinball: its two tables have each their pictures and their music."""

from screens import screen_pairs

PACKAGES = ["pinball-data"]
SCREENS = {
    "table of the penguin": (["tux/floor3.png", "tux/floor2.png"], "tux/game.ogg"),
    "table of the professor": (["professor/professor.png"], "professor/professor.ogg"),
}


def pairs(roots):
    return screen_pairs(roots["pinball-data"] / "usr/share/games/pinball", SCREENS, "GPL-2", "Emilia Pinball by Henrik Enqvist")
