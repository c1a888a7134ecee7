"""FreeDM: maps for duels, each with its music by its name; drawn like Freedoom's."""

from games.freedoom import wad_pairs

PACKAGES = ["freedm"]


def pairs(roots):
    return wad_pairs(roots["freedm"] / "usr/share/games/doom/freedm.wad", attribution="The Freedoom project, FreeDM")
