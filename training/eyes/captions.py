#!/usr/bin/env python3
"""Makes captioned pictures from emoji: OUT/captions/*.jpg and OUT/captions.jsonl.

    training/eyes/captions.py --out DIR

npm packages: @twemoji/svg and @lobehub/fluent-emoji-3d for the pictures, emojibase-data for name and tags of each. They are
development sources and none of the yardsticks has them. Needs pillow and cairosvg.
"""

import argparse
import io
import json
import re
import signal
import subprocess
from pathlib import Path

import cairosvg
from PIL import Image

DRAWING_S = 5
# Groups of emojibase that show no scene or thing.
SYMBOLS, FLAGS = 8, 9


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    (out / "captions").mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGALRM, give_up)
    rows = list(emoji(out))
    with open(out / "captions.jsonl", "w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    print(f"{len(rows)} pictures with captions")


def give_up(*_):
    raise TimeoutError


def emoji(out):
    names = npm(out, "emojibase-data@17.0.0") / "en/data.json"
    known = {entry["hexcode"]: entry for entry in json.loads(names.read_text(encoding="utf-8"))}
    for source, package, files in [
        ("twemoji", "@twemoji/svg@15.0.0", "*.svg"),
        ("fluent-emoji", "@lobehub/fluent-emoji-3d@1.1.0", "*.webp"),
    ]:
        for path in sorted(npm(out, package).rglob(files)):
            code = path.stem.upper()
            entry = known.get(code) or known.get(code + "-FE0F")
            if entry is None or entry.get("group") in (SYMBOLS, FLAGS):
                continue
            picture = drawing(path)
            if picture is not None:
                caption = ", ".join([entry["label"], *entry.get("tags", [])[:4]])
                yield save(out, picture, source, path.stem, caption)


def drawing(path):
    """A picture of at most 600 pixels a side; None where it cannot be drawn in time."""
    signal.alarm(DRAWING_S)
    try:
        source = io.BytesIO(cairosvg.svg2png(url=str(path), output_width=400)) if path.suffix == ".svg" else path
        picture = Image.open(source)
        picture.load()
        picture.thumbnail((600, 600))
        return picture.convert("RGBA")
    except Exception:  # Drawings in the wild fail in many ways; each one is left out.
        return None
    finally:
        signal.alarm(0)


def save(out, picture, source, item, caption):
    name = f"captions/{source}-{item}.jpg"
    white = Image.new("RGBA", picture.size, (255, 255, 255, 255))
    white.alpha_composite(picture)
    white.convert("RGB").save(out / name, quality=90)
    return {"source": source, "item": item, "file": name, "scene": caption}


def npm(out, package):
    folder = out / "packages" / re.sub(r"\W+", "-", package)
    if not folder.is_dir():
        folder.mkdir(parents=True)
        archive = subprocess.run(["npm", "pack", package], cwd=folder, check=True, capture_output=True, text=True).stdout.split()[-1]
        subprocess.run(["tar", "xzf", archive], cwd=folder, check=True)
    return folder / "package"


if __name__ == "__main__":
    main()
