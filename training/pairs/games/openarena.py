"""OpenArena: the world entity of a map names its music; a level shot lies beside it."""

import re
import struct
import zipfile
from pathlib import PurePosixPath

from pair import Pair
from pictures import flatten, load

PACKAGES = ["openarena-081-maps", "openarena-085-data", "openarena-088-data"]
LICENCE = "GPL-2+"
BASE = "usr/share/games/openarena/baseoa"
LIMIT = 128 * 1024 * 1024


def pairs(roots):
    archives = [zipfile.ZipFile(path) for package in PACKAGES for path in sorted((roots[package] / BASE).glob("*.pk3"))]
    files = {}
    for archive in archives:  # a later pack replaces what an earlier one holds
        for info in archive.infolist():
            if not info.is_dir() and info.file_size <= LIMIT:
                files[info.filename.lower()] = (archive, info)
    tracks = {PurePosixPath(name).stem: name for name in files if re.fullmatch(r"music/[^/]+\.ogg", name)}
    for name in sorted(files):
        if not re.fullmatch(r"maps/[^/]+\.bsp", name):
            continue
        stem = PurePosixPath(name).stem
        world = entity(read(files, name))
        track = tracks.get(PurePosixPath(world.get("music", "-").split()[0].lower() if world.get("music", "").split() else "-").stem)
        shot = next((f"levelshots/{stem}{ext}" for ext in (".jpg", ".tga", ".png") if f"levelshots/{stem}{ext}" in files), None)
        if track is None or shot is None:
            continue
        yield Pair(
            key=stem,
            title=world.get("message", stem),
            pictures=[flatten(load(read(files, shot)).convert("RGB").convert("RGBA"))],
            music=(PurePosixPath(track).name, read(files, track)),
            licence=LICENCE,
            attribution=f"OpenArena; map {stem}; music {PurePosixPath(track).name} by the OpenArena team",
        )


def read(files, name):
    archive, info = files[name]
    return archive.read(info)


def entity(bsp):
    """Keys and values of a map's first entity (the world), lump 0 of an id Tech 3 map."""
    if bsp[:4] != b"IBSP" or len(bsp) < 16:
        return {}
    offset, length = struct.unpack_from("<II", bsp, 8)
    text = bsp[offset : offset + length].decode("latin-1")
    return dict(re.findall(r'"([^"]*)"\s+"([^"]*)"', text.partition("}")[0]))
