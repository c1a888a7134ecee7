"""Joins labels and files of pictures and clips to one file of rows, and lists the contents of all locked items.

    python3 training/yardsticks/assemble.py DIR

DIR has pictures/ and clips/ with the media, music/tracks.jsonl and choices/pairs.jsonl where they were built. Labels are
pictures-labels*.jsonl and clips-labels*.jsonl beside this file, and labels*.jsonl and labels/*.jsonl in DIR/pictures and DIR/clips; a label names
"source" and "item", and "file" where the file is not {source}/{item}.*. Written: DIR/pictures.jsonl for `needledrop eval pictures DIR`, and
training/yardsticks/locked.sha256 for `needledrop eval check`: the SHA-256 of each locked item, its yardstick, and a
perceptual hash of each locked picture. Lines of a yardstick that is not in DIR stay.
"""

import argparse
import hashlib
import json
from pathlib import Path

import numpy
from PIL import Image

HERE = Path(__file__).parent
LOCKED = HERE / "locked.sha256"
PICTURES = {".png", ".jpg", ".jpeg"}
CLIPS = {".mp4", ".mov", ".mkv", ".webm", ".ogv", ".avi", ".mpg", ".mpeg", ".m4v", ".gif"}
NEEDED = ["source", "item", "style", "brief", "arousal", "valence"]
# As sources of choices these are development sources: constants were chosen on them before there was a split.
FIRST_GAMES = {
    "extremetuxracer", "fillets", "flare", "freedroidrpg", "frozenbubble", "hedgewars", "lugaru", "megaglest",
    "neverball", "nexuiz", "openarena", "supertux", "supertuxkart", "warmux", "wesnoth",
}


def is_locked(source, yardstick):
    if yardstick == "choices" and source in FIRST_GAMES:
        return False
    return hashlib.sha256(b"needledrop:" + source.encode()).digest()[0] & 1 == 1


def read_rows(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def labels(kind, top):
    """Labels of a kind of media, by source and item; a label in the repository wins over one beside the media."""
    found = {}
    for folder, files in [(top / kind / "labels", "*.jsonl"), (top / kind, "labels*.jsonl"), (HERE, f"{kind}-labels*.jsonl")]:
        for path in sorted(folder.glob(files)):
            for row in read_rows(path):
                found[row["source"], str(row["item"])] = {**row, "item": str(row["item"])}
    return found


def media_file(folder, row, kinds):
    """The file of a label, relative to `folder`; None where it is not there."""
    named = [folder / row["file"]] if row.get("file") else []
    item = folder / row["source"] / row["item"]
    beside = [item, *sorted(item.parent.glob(glob_escaped(item.name) + ".*"))] if item.parent.is_dir() else []
    for path in named + beside:
        if path.is_file() and path.suffix.lower() in kinds:
            return path.relative_to(folder)
    return None


def glob_escaped(name):
    return "".join(f"[{c}]" if c in "*?[" else c for c in name)


def assemble(top):
    rows, missing = {}, []
    for kind, kinds in [("pictures", PICTURES), ("clips", CLIPS)]:
        for key, label in labels(kind, top).items():
            path = media_file(top / kind, label, kinds)
            if path is None:
                continue
            lacking = [name for name in NEEDED if label.get(name) in (None, "")]
            if lacking:
                missing.append(f"{'/'.join(key)} lacks {', '.join(lacking)}")
                continue
            rows[key] = {**label, "file": f"{kind}/{path.as_posix()}", "clip": kind == "clips"}
    return [rows[key] for key in sorted(rows)], missing


def perceptual_hash(path):
    """64 bits: whether each of 9 by 8 cells is darker than its right neighbour, cells being means of luma."""
    try:
        picture = numpy.asarray(Image.open(path).convert("RGB"), dtype=numpy.float64)
    except OSError:
        return None
    luma = picture @ numpy.array([299.0, 587.0, 114.0]) / 1000
    height, width = luma.shape
    if height < 8 or width < 9:
        return None
    rows = [i * height // 8 for i in range(9)]
    columns = [i * width // 9 for i in range(10)]
    cells = numpy.array([
        [luma[rows[y] : rows[y + 1], columns[x] : columns[x + 1]].mean() for x in range(9)] for y in range(8)
    ])
    bits = (cells[:, :-1] < cells[:, 1:]).ravel()
    return sum(int(bit) << i for i, bit in enumerate(bits))


def locked_items(top):
    """(yardstick, file) of all locked items, and the yardsticks that are in the folder."""
    found, present = [], set()
    for yardstick, path, media in [
        ("pictures", top / "pictures.jsonl", lambda row: [row["file"]]),
        ("words", top / "music/tracks.jsonl", lambda row: [row["file"]]),
        ("choices", top / "choices/pairs.jsonl", lambda row: [*row["pictures"], row["music"]]),
    ]:
        if not path.is_file():
            continue
        present.add(yardstick)
        for row in read_rows(path):
            if is_locked(row.get("source", row.get("game")), yardstick):
                found += [(yardstick, path.parent / name) for name in media(row)]
    return sorted(set(found)), present


def write_locked(top, out):
    items, present = locked_items(top)
    lines = set()
    if out.is_file():
        lines = {line for line in out.read_text().splitlines() if line.split()[1] not in present}
    for yardstick, path in items:
        if path.is_file():
            with open(path, "rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            bits = perceptual_hash(path) if path.suffix.lower() in PICTURES else None
            lines.add(f"{digest} {yardstick} " + ("-" if bits is None else f"{bits:016x}"))
    out.write_text("".join(f"{line}\n" for line in sorted(lines)))
    return len(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--locked", type=Path, default=LOCKED, help="list of locked contents to write")
    args = parser.parse_args()
    rows, missing = assemble(args.folder)
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (args.folder / "pictures.jsonl").write_text(text, encoding="utf-8")
    sources = {row["source"] for row in rows}
    locked = [row for row in rows if is_locked(row["source"], "pictures")]
    clips = sum(row["clip"] for row in rows)
    print(f"{len(rows) - clips} pictures and {clips} clips of {len(sources)} sources; {len(locked)} locked")
    print(f"{write_locked(args.folder, args.locked)} locked contents in {args.locked}")
    print(f"{len(missing)} labels left out because a field is empty", *missing[:3], sep="\n  ")


if __name__ == "__main__":
    main()
