"""FloboPuyo: menu, play and defeat have each a picture and a music."""

from screens import screen_pairs

PACKAGES = ["flobopuyo"]
SCREENS = {
    "menu": (["gfx/MenuBackground.jpg"], "sfx/flobopuyo_menu.xm"),
    "play": ([["gfx/Background.jpg", "gfx/perso1_1.png"], "gfx/Background.jpg"], "sfx/flobopuyo_game1.xm"),
    "defeat": (["gfx/BackgroundDark.jpg"], "sfx/strange_gameover.xm"),
}


def pairs(roots):
    return screen_pairs(roots["flobopuyo"] / "usr/share/games/flobopuyo", SCREENS, "GPL-2+", "FloboPuyo by iOS-Software", (640, 480))
