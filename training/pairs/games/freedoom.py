"""Freedoom: each map has its music by its name; it is drawn from its start and from its widest place."""

from pathlib import Path

from PIL import Image

from doom import Wad, level
from doom_view import open_views, view
from pair import Pair
from pictures import flatten
from views import larger

PACKAGES = ["freedoom"]
LICENCE, ATTRIBUTION = "BSD-3-clause", "The Freedoom project"
WADS = ("freedoom1.wad", "freedoom2.wad")
# The engine's order of the musics of MAP01 to MAP32.
MAPS = (
    "RUNNIN STALKS COUNTD BETWEE DOOM THE_DA SHAWN DDTBLU IN_CIT DEAD STLKS2 THEDA2 DOOM2 DDTBL2 RUNNI2 DEAD2 "
    "STLKS3 ROMERO SHAWN2 MESSAG COUNT2 DDTBL3 AMPIE THEDA3 ADRIAN MESSG2 ROMER2 TENSE SHAWN3 OPENIN EVIL ULTIMA"
).split()
# The musics of E4M1 to E4M9 come from the episodes before.
FOURTH = "E3M4 E3M2 E3M3 E1M5 E2M7 E2M4 E2M6 E2M5 E1M9".split()


def pairs(roots):
    for name in WADS:
        yield from wad_pairs(roots["freedoom"] / "usr/share/games/doom" / name)


def wad_pairs(path, licence=LICENCE, attribution=ATTRIBUTION):
    """Pairs of one WAD: its maps, drawn, and its title."""
    wad, stem = Wad(path.read_bytes()), Path(path).stem
    titles = [f"E{e}M{m}" for e in range(1, 5) for m in range(1, 10)] + [f"MAP{n:02}" for n in range(1, 33)]
    title = wad.screen("TITLEPIC")
    opening = "D_INTRO" if "E1M1" in wad.first else "D_DM2TTL"
    if title is not None and wad.lump(opening):
        shown = [flatten(larger(Image.fromarray(title).convert("RGBA"), 2))]
        yield Pair(f"{stem}-title", f"{stem} title", shown, (f"{stem}-{opening}.mid", wad.lump(opening)), licence, attribution)
    for key in titles:
        track, found = f"D_{music_of(key)}", level(wad, key)
        sky = wad.wall(sky_of(key))
        if found is None or sky is None or wad.lump(track)[:4] != b"MThd":
            continue
        pictures = []
        for place, angle in open_views(found):
            shown = view(wad, found, place, angle, sky)
            if shown is not None and shown.std() > 12:
                pictures.append(flatten(larger(Image.fromarray(shown).convert("RGBA"), 2)))
        if pictures:
            yield Pair(f"{stem}-{key}", f"{stem} {key}", pictures, (f"{stem}-{track}.mid", wad.lump(track)), licence, attribution)


def music_of(key):
    if key.startswith("MAP"):
        return MAPS[int(key[3:]) - 1]
    return FOURTH[int(key[3]) - 1] if key[1] == "4" else key


def sky_of(key):
    if key.startswith("MAP"):
        return "SKY1" if int(key[3:]) < 12 else "SKY2" if int(key[3:]) < 21 else "SKY3"
    return f"SKY{key[1]}"
