"""Pathological: the introduction and the play have each a picture and a music."""

from screens import screen_pairs

PACKAGES = ["pathological"]
SCREENS = {
    "introduction": (["graphics/intro.png"], "music/intro.ogg"),
    "play": (["graphics/backdrop.jpg"], "music/background.ogg"),
}


def pairs(roots):
    return screen_pairs(roots["pathological"] / "usr/share/games/pathological", SCREENS, "GPL-2+", "Pathological by John-Paul Gignac and others")
