#!/usr/bin/env python3
"""Builds the designer pairs: pictures of game levels and film scenes and the music
that was chosen for them, out of freely licensed packages.

    training/pairs/build.py --out DIR [--games a,b] [--debs DIR]... [--keep]

writes DIR/pairs.jsonl, one row a pair (and the same rows apart by the split in
the folders DIR/development and DIR/locked, which are pair folders of their own):

    {"game","locked","packages","title","pictures":[...],"music","licence","attribution",
     "copyright":[...],"weight"}

with paths relative to DIR. A track keeps its first 120 s. Packages are downloaded one at a time, unpacked, read
and removed again before the next game (--keep leaves them), so the disk needed is
the largest game plus the pairs. A game that is done is not done again: a build
that was stopped goes on where it was. Needs apt-get, dpkg-deb, ffmpeg and Pillow;
openmpt123 for trackers' modules, fluidsynth and TimGM6mb for MIDI.
"""

import argparse
import hashlib
import importlib
import json
import os
import re
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from notices import stanza_for  # noqa: E402
from packages import PackageError, Packages  # noqa: E402
from sound import NoSound, keep, kept_name  # noqa: E402
from sources import FIRST, PAIR_LIMIT, SOURCES, locked, module_name, spread  # noqa: E402

def safe(name):
    """A name that is good in every file system."""
    return re.sub(r"[^A-Za-z0-9._-]+", "_", name).strip("_.") or "unnamed"


def write_music(out, game, music):
    """Keeps a track once; returns its path relative to `out`."""
    name, data = (music.name, None) if isinstance(music, Path) else music
    target = out / "music" / game / safe(kept_name(name))
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        if data is None:
            keep(music, target)
        else:
            with tempfile.TemporaryDirectory() as folder:
                packed = Path(folder) / safe(name)
                packed.write_bytes(data)
                keep(packed, target)
    return str(target.relative_to(out))


def write_pictures(out, game, pair):
    """Writes a pair's pictures as JPEG; returns their paths relative to `out`."""
    folder = out / "pictures" / game
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, picture in enumerate(pair.pictures):
        path = folder / f"{safe(pair.key)}-{number}.jpg"
        picture.convert("RGB").save(path, quality=92, subsampling=0)
        paths.append(str(path.relative_to(out)))
    return paths


def rights(pair, texts):
    """Licence and attribution of a pair: what the copyright file says of its music, else what the game's module says."""
    if isinstance(pair.music, Path):
        for root, text in texts.items():
            said = stanza_for(text, str(pair.music.relative_to(root))) if pair.music.is_relative_to(root) else None
            if said:
                return {"licence": f"music {said[0]}; pictures {pair.licence}", "attribution": f"{pair.attribution}; (c) {said[1]}"}
    return {"licence": pair.licence, "attribution": pair.attribution}


def write_rows(path, rows):
    """Writes rows as JSON lines; the file appears when it is whole."""
    partial = path.with_name(path.name + ".partial")
    partial.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    os.replace(partial, path)


def write_part(out, part, rows):
    """A pair folder with some of the rows; its files are hard links to those of `out`, so that they take no room."""
    for name in {name for row in rows for name in (*row["pictures"], *row["copyright"], row["music"])}:
        target = part / name
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            os.link(out / name, target)
    part.mkdir(exist_ok=True)
    write_rows(part / "pairs.jsonl", rows)


def build_game(name, out, packages):
    """Builds one game's rows; the file that holds them appears when it is whole."""
    done = out / "games" / f"{name}.jsonl"
    if done.exists():
        rows = [json.loads(line) for line in done.read_text().splitlines()]
        print(f"{name}: {len(rows)} pairs, done before", flush=True)
        return rows
    print(f"{name}:", flush=True)
    module = importlib.import_module(f"games.{module_name(name)}")
    roots = {package: packages.root(package) for package in module.PACKAGES}
    notices, texts = [], {}
    for package in module.PACKAGES:
        text = packages.copyright(package)
        texts[roots[package]] = text
        if text:
            notice = out / "copyright" / safe(package)
            notice.parent.mkdir(parents=True, exist_ok=True)
            notice.write_text(text)
            notices.append(str(notice.relative_to(out)))
    versions = [f"{package} {packages.version(package)}".strip() for package in module.PACKAGES]
    chosen, seen = [], set()
    for pair in module.pairs(roots):
        # The same pictures with the same music are one choice, however many levels share them.
        mark = hashlib.sha256()
        for picture in pair.pictures:
            mark.update(picture.convert("RGB").tobytes())
        music = pair.music.name if isinstance(pair.music, Path) else pair.music[0]
        if (mark.digest(), music) not in seen:
            seen.add((mark.digest(), music))
            chosen.append((music, pair))
    rows = []
    for pair in spread(chosen, len(chosen) if name in FIRST else PAIR_LIMIT):
        try:
            music = write_music(out, name, pair.music)
        except NoSound as error:
            print(f"  {pair.title} left out: {error}", flush=True)
            continue
        rows.append({
            "game": name,
            "locked": locked(name),
            "packages": versions,
            "title": pair.title,
            "pictures": write_pictures(out, name, pair),
            "music": music,
            **rights(pair, texts),
            "copyright": notices,
            "weight": round(pair.weight, 6),
        })
    if not rows:
        raise PackageError(f"no pair found in {', '.join(versions)}; the package's layout has changed")
    done.parent.mkdir(parents=True, exist_ok=True)
    write_rows(done, rows)
    packages.forget(module.PACKAGES)
    tracks = len({row["music"] for row in rows})
    print(f"  {len(rows)} pairs, {tracks} tracks, {sum(len(r['pictures']) for r in rows)} pictures", flush=True)
    return rows


def main():
    parser = argparse.ArgumentParser(description="Builds designer pairs from Debian packages and one film.")
    parser.add_argument("--out", type=Path, required=True, help="where pairs.jsonl, pictures/ and music/ go")
    parser.add_argument("--games", default=",".join(SOURCES), help="comma-separated subset; `first` stands for the first fifteen")
    parser.add_argument("--debs", type=Path, action="append", default=[], help="folder with .deb files to use first")
    parser.add_argument("--keep", action="store_true", help="keep downloaded and unpacked packages")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    packages = Packages(args.out / "packages", args.debs, args.keep, lambda text: print(text, flush=True))
    rows, failed = [], []
    for name in [name for part in args.games.split(",") for name in (FIRST if part == "first" else [part])]:
        if name not in SOURCES:
            parser.error(f"unknown game {name}; known: {', '.join(SOURCES)}")
        try:
            rows += build_game(name, args.out, packages)
        except (PackageError, OSError, ValueError) as error:
            failed.append(name)
            print(f"  {name} left out: {error}", file=sys.stderr, flush=True)
    write_rows(args.out / "pairs.jsonl", rows)
    write_part(args.out, args.out / "development", [row for row in rows if not row["locked"]])
    write_part(args.out, args.out / "locked", [row for row in rows if row["locked"]])
    games = sorted({row["game"] for row in rows})
    print(f"{len(rows)} pairs of {len(games)} games, {len({r['music'] for r in rows})} tracks: {args.out / 'pairs.jsonl'}")
    return 5 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
