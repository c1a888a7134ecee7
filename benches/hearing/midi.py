"""Gathers the MIDI files that are installed here: OpenMSX (GPL-2), Freedoom (BSD-3-Clause), Planet Blupi (GPL-3)."""

import glob
import os
import shutil
import struct
import sys

FOLDERS = ["/usr/share/games/openttd/baseset/openmsx/*.mid", "/usr/share/planetblupi/music/*.mid"]
WADS = "/usr/share/games/doom/freedoom[12].wad"


def lumps(path):
    with open(path, "rb") as file:
        data = file.read()
    count, directory = struct.unpack("<II", data[4:12])
    for i in range(count):
        start, size, name = struct.unpack("<II8s", data[directory + 16 * i : directory + 16 * i + 16])
        yield name.rstrip(b"\0").decode("ascii", "replace"), data[start : start + size]


def main():
    out = sys.argv[1]
    os.makedirs(out, exist_ok=True)
    for pattern in FOLDERS:
        for path in glob.glob(pattern):
            shutil.copy(path, out)
    seen = set()
    for wad in sorted(glob.glob(WADS)):
        for name, data in lumps(wad):
            if data[:4] == b"MThd" and data not in seen:
                seen.add(data)
                with open(f"{out}/{os.path.basename(wad)[:-4]}_{name}.mid", "wb") as file:
                    file.write(data)


main()
