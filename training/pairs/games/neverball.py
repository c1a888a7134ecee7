"""Neverball: a level's file names its song, its background and a shot of itself.

Levels that share song, background and sky look alike: they are one pair with
up to six shots, so that a set of twenty-five levels does not count as many.
"""

import re
from pathlib import PurePosixPath

from pair import Pair
from pictures import flatten, load

PACKAGES = ["neverball-data", "neverball-common"]
LICENCE = "GPL-2+"
SHOTS = 6


def pairs(roots):
    data = roots["neverball-data"] / "usr/share/games/neverball"
    folders = [data, roots["neverball-common"] / "usr/share/games/neverball"]
    groups = {}
    for level in sorted(data.glob("map-*/*.sol")):
        values = attributes(level.read_bytes())
        shot, song = locate(folders, values.get("shot")), locate(folders, values.get("song"))
        if shot is None or song is None or level.parent.name == "map-misc":
            continue
        look = (song, values.get("back", ""), values.get("grad", ""), level.parent.name)
        groups.setdefault(look, []).append((level.stem, shot, values.get("author", "Robert Kooima")))
    for (song, back, grad, levels), members in sorted(groups.items(), key=lambda item: str(item[0])):
        step = max(1, len(members) // SHOTS)
        chosen = members[::step][:SHOTS]
        yield Pair(
            key=f"{levels}-{PurePosixPath(back).stem or 'plain'}-{PurePosixPath(grad).stem or 'plain'}-{song.stem}",
            title=", ".join(name for name, _, _ in chosen),
            pictures=[flatten(load(shot)) for _, shot, _ in chosen],
            music=song,
            licence=LICENCE,
            attribution="Neverball; levels by " + ", ".join(sorted({author for _, _, author in members})),
        )


def attributes(data):
    """The key and value strings at the head of a compiled level."""
    words = [part.decode("utf-8", "replace") for part in re.findall(rb"[^\0]+", data[: 16 * 1024])]
    found = {}
    for key in ("author", "back", "grad", "shot", "song"):
        for word, value in zip(words, words[1:]):
            if word.endswith(key) and len(word) <= len(key) + 4:
                found.setdefault(key, value)
    return found


def locate(folders, name):
    if not name or ".." in name:
        return None
    return next((folder / name for folder in folders if (folder / name).is_file()), None)
