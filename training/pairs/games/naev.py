"""Naev: the music of a landing depends on the class of the planet under it."""

import re
from collections import Counter, defaultdict
from xml.etree import ElementTree

from pair import Pair
from pictures import flatten, load

PACKAGES = ["naev-data"]
LICENCE = "GPL-3+, CC-BY-SA and CC-BY (each file: see the package's copyright file)"


def pairs(roots):
    data = roots["naev-data"] / "usr/share/naev/dat"
    chosen = dict(re.findall(r'class == "(\w)" then\s*mus = \{ "(\w+)" \}', (data / "snd/music.lua").read_text()))
    classes = defaultdict(Counter)
    for path in sorted(data.glob("assets/*.xml")):
        planet = ElementTree.parse(path).getroot()
        exterior, kind = planet.findtext("GFX/exterior"), planet.findtext("general/class")
        if exterior and kind:
            classes[exterior][kind] += 1
    for exterior, kinds in sorted(classes.items()):
        kind, count = kinds.most_common(1)[0]
        picture = data / "gfx/planet/exterior" / exterior
        # A view that several classes share is nobody's choice of music.
        if kind not in chosen or count < 0.8 * sum(kinds.values()) or not picture.is_file():
            continue
        yield Pair(
            key=picture.stem,
            title=f"{picture.stem} (planet of class {kind})",
            pictures=[flatten(load(picture))],
            music=data / "snd/music" / f"{chosen[kind]}.ogg",
            licence=LICENCE,
            attribution=f"Naev team; view {exterior}; music {chosen[kind]}",
        )
