#!/usr/bin/env python3
"""Makes captioned pictures from clip art and emoji: OUT/captions/*.jpg and OUT/captions.jsonl.

    training/eyes/captions.py --out DIR

Packages: openclipart-svg (Debian; title and keywords of each picture), @twemoji/svg and @lobehub/fluent-emoji-3d (npm),
emojibase-data (npm; name and tags of each emoji). They are no sources of the yardsticks. Needs pillow and cairosvg.
"""

import argparse
import hashlib
import io
import json
import re
import signal
import subprocess
from pathlib import Path

import cairosvg
from PIL import Image

MOST_CLIP_ART = 4500
LARGEST_SVG = 400_000
DRAWING_S = 5
NOT_SCENES = ("signs_and_symbols", "logos", "flags")
# Words of the collection itself, not of the picture.
NOISE = {"hash", "hash(0x8000000)", "unsorted", "clip_art", "clip art", "clipart", "vector", "svg", "gramastar", "shapes", "magick"}
# Groups of emojibase that show no scene or thing.
SYMBOLS, FLAGS = 8, 9


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    (out / "captions").mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGALRM, give_up)
    rows = list(emoji(out)) + list(clip_art(out))
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


def clip_art(out):
    top = deb(out, "openclipart-svg") / "usr/share/openclipart/svg"
    made = 0
    for path in sorted(top.rglob("*.svg"), key=lambda p: hashlib.sha256(p.name.encode()).digest()):
        if any(word in str(path) for word in NOT_SCENES) or not 0 < path.stat().st_size <= LARGEST_SVG:
            continue
        caption = clip_art_caption(path.read_text(encoding="utf-8", errors="replace"), path.parent.relative_to(top).parts)
        picture = drawing(path) if len(caption) > 3 else None
        if picture is None or min(picture.size) < 40:
            continue
        yield save(out, picture, "openclipart", f"{made:05}", caption)
        made += 1
        if made == MOST_CLIP_ART:
            return


def clip_art_caption(text, folders):
    titles = [t for t in re.findall(r"<dc:title>([^<]+)</dc:title>", text) if "Open Clip Art" not in t]
    keywords = re.findall(r"<rdf:li>([^<]+)</rdf:li>", text)[:5]
    words = [w.strip().replace("_", " ").lower() for w in [*titles[:1], *keywords, *reversed(folders)]]
    words = [re.sub(r"^clipart by [^-]*- ?", "", w) for w in words]
    return ", ".join(dict.fromkeys(w for w in words if w and w not in NOISE and not w.endswith(".py")))


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


def deb(out, package):
    folder = out / "packages" / package
    if not folder.is_dir():
        folder.mkdir(parents=True)
        subprocess.run(["apt-get", "download", package], cwd=folder, check=True)
        subprocess.run(["dpkg-deb", "-x", next(folder.glob("*.deb")), folder], check=True)
    return folder


if __name__ == "__main__":
    main()
