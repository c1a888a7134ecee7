"""Angry, Drunken Dwarves: menu, one player and two players have each a picture and a music."""

from PIL import Image

from pair import Pair
from pictures import flatten, load

PACKAGES = ["angrydd"]
# Portraits beside the field, one for each player.
SCREENS = {
    "menu": ("images/menu-bg.png", [], "intro.ogg"),
    "choice of the dwarf": ("images/select-bg.png", ["thane", "bodger", "gnarr", "ogi", "beardy", "rorick"], "intro.ogg"),
    "one player": ("characters/default/background.png", ["gnarr"], "single.ogg"),
    "two players, beardy against ogi": ("characters/default/background.png", ["beardy", "ogi"], "versus-1.ogg"),
    "two players, thane against bodger": ("characters/default/background.png", ["thane", "bodger"], "versus-1.ogg"),
}


def pairs(roots):
    data = roots["angrydd"] / "usr/share/games/angrydd"
    for title, (ground, dwarves, music) in SCREENS.items():
        canvas = load(data / ground)
        for number, dwarf in enumerate(dwarves):
            portrait = load(data / f"characters/{dwarf}.dwarf/portrait.png")
            portrait.thumbnail((canvas.width // 3, canvas.height // 3))
            across, row = (2, 1) if len(dwarves) < 3 else (3, 2)
            left = (2 * (number % across) + 1) * canvas.width // (2 * across) - portrait.width // 2
            top = (2 * (number // across) + 1) * canvas.height // (2 * row) - portrait.height // 2
            canvas.alpha_composite(portrait, (left, top))
        yield Pair(title, title, [flatten(canvas)], data / "music" / music, "GPL-2", "Angry, Drunken Dwarves by Joe Wreschnig and others")
