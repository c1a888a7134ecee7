"""LordsAWar: a named piece of music for each event (music.xml), shown with the event's picture."""

from screens import screen_pairs

PACKAGES = ["lordsawar-data"]
SCREENS = {
    "title": (["various/splash_screen.png"], "music/intro.ogg"),
    "victory": (["various/win.png"], "music/victory.ogg"),
    "a hero offers his service": (["various/recruit_male.png", "various/recruit_female.png"], "music/hero.ogg"),
    "battle, a city is taken": (["various/city_occupied.png"], "music/battle.ogg"),
}


def pairs(roots):
    return screen_pairs(roots["lordsawar-data"] / "usr/share/games/lordsawar", SCREENS, "GPL-3+; GFDL-1.2+", "LordsAWar by Ben Asselstine and others")
