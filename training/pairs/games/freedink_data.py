"""Dink Smallwood: each screen of the map may name its music; it is drawn from its tiles and sprites.

Dink.dat holds, after 20 bytes, three tables of 769 numbers: the screen's record in
Map.dat, its music, whether it lies inside. A record (31,280 bytes) holds 97 tiles of
80 bytes from byte 20 and 101 sprites of 220 bytes from byte 8020. Musics above 1000
are tracks of a disc; the file without the 1000 takes their place.
"""

import re
import struct

from PIL import Image

from pair import Pair
from pictures import flatten, load

PACKAGES = ["freedink-data"]
LICENCE = "Zlib"
RECORD, TILES, SPRITES = 31280, 20, 8020


def pairs(roots):
    data = roots["freedink-data"] / "usr/share/games/dink/dink"
    index, maps = (data / "Dink.dat").read_bytes(), (data / "Map.dat").read_bytes()
    records = struct.unpack_from("<769i", index, 20)
    music = struct.unpack_from("<769i", index, 20 + 769 * 4)
    sheets = {int(path.stem[2:]): load(path) for path in data.glob("Tiles/[Tt]s??.bmp")}
    art = Art(data)
    for screen in range(769):
        track = find(data / "Sound", music[screen])
        record = maps[(records[screen] - 1) * RECORD : records[screen] * RECORD] if records[screen] > 0 else b""
        if track is None or len(record) < RECORD:
            continue
        yield Pair(
            key=f"screen {screen}",
            title=f"screen {screen}",
            pictures=[flatten(draw(record, sheets, art))],
            music=track,
            licence=LICENCE,
            attribution="Dink Smallwood by Robinson Technologies; free sound of the GNU FreeDink data",
        )


def find(folder, number):
    names = [f"{n}{ending}" for n in (number, number - 1000) if n > 0 for ending in (".ogg", ".mid")]
    return next((folder / name for name in names if (folder / name).is_file()), None)


def draw(record, sheets, art):
    canvas = Image.new("RGBA", (600, 400), (0, 0, 0, 255))
    for place in range(96):
        (number,) = struct.unpack_from("<i", record, TILES + place * 80)
        sheet = sheets.get(number // 128 + 1)
        if sheet is not None and number >= 0:
            left, top = number % 128 % 12 * 50, number % 128 // 12 * 50
            canvas.alpha_composite(sheet.crop((left, top, left + 50, top + 50)), (place % 12 * 50, place // 12 * 50))
    sprites = []
    for number in range(101):
        at = SPRITES + number * 220
        if at + 25 <= len(record) and record[at + 24] == 1:
            x, y, sequence, frame, kind, size = struct.unpack_from("<6i", record, at)
            if kind in (0, 1) and 0 < sequence < 1000:
                sprites.append((kind != 0, y, x, sequence, frame, size))
    for _, y, x, sequence, frame, size in sorted(sprites):
        picture, dot = art.frame(sequence, frame)
        if picture is None:
            continue
        if size not in (0, 100) and 10 < size < 400:
            dot = tuple(v * size // 100 for v in dot)
            picture = picture.resize((max(1, picture.width * size // 100), max(1, picture.height * size // 100)))
        layer = Image.new("RGBA", canvas.size)
        layer.paste(picture, (x - 20 - dot[0], y - dot[1]))
        canvas.alpha_composite(layer)
    return canvas


class Art:
    """Frames of the sequences that Dink.ini names."""

    def __init__(self, data):
        self.data, self.packs, self.frames = data, {}, {}
        self.folders = {}
        for path in data.rglob("*"):
            if path.is_dir():
                self.folders[str(path.relative_to(data)).lower()] = path
        self.sequences = {}
        for line in (data / "Dink.ini").read_text(errors="replace").splitlines():
            words = line.split()
            if len(words) >= 3 and words[0].lower().startswith("load_sequence") and words[2].isdigit():
                dot = tuple(int(w) for w in words[4:6]) if len(words) >= 6 and re.fullmatch(r"-?\d+", words[4]) and re.fullmatch(r"-?\d+", words[5]) else None
                self.sequences[int(words[2])] = (words[1].lower().replace("\\", "/"), dot, "BLACK" in line.upper())

    def frame(self, sequence, number):
        """(picture, foot point), or (None, None)."""
        key = (sequence, number)
        if key not in self.frames:
            self.frames[key] = self.read(*self.sequences.get(sequence, ("", None, False)), number)
        return self.frames[key]

    def read(self, prefix, dot, black, number):
        folder, _, stem = prefix.rpartition("/")
        data = self.files(folder).get(f"{stem}{number:02}.bmp")
        if not data:
            return None, None
        picture = load(data)
        key = (0, 0, 0) if black else (255, 255, 255)
        picture.putdata([(r, g, b, 0 if (r, g, b) == key else 255) for r, g, b, _ in picture.getdata()])
        width, height = picture.size
        return picture, dot or (width - width // 2 + width // 6, height - height // 4 - height // 30)

    def files(self, folder):
        """Pictures of a folder by lower-case name, from its dir.ff or as they lie there."""
        if folder not in self.packs:
            found, path = {}, self.folders.get(folder)
            if path is not None:
                for file in path.iterdir():
                    if file.name.lower() == "dir.ff":
                        found.update(unpack(file.read_bytes()))
                    elif file.suffix.lower() == ".bmp":
                        found[file.name.lower()] = file.read_bytes()
            self.packs[folder] = found
        return self.packs[folder]


def unpack(data):
    """A pack: a count, then (offset, name of 13 bytes) for each file and the end."""
    (count,) = struct.unpack_from("<I", data, 0)
    if 4 + count * 17 > len(data):
        return {}
    entries = [struct.unpack_from("<I13s", data, 4 + i * 17) for i in range(count)]
    return {name.split(b"\0")[0].decode("latin-1").lower(): data[start:end] for (start, name), (end, _) in zip(entries, entries[1:])}
