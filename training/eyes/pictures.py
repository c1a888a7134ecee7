"""Collects the pictures that captions.jsonl describes; none of them belongs to the yardstick.

Usage: pictures.py collect OUT --yardstick DIR [--only NAME ...] | sheets OUT [--rest]

`collect` reads pictures-sources.json beside this file. A source is taken only if its name falls on the
development side of the split. A picture is skipped if its difference hash is within 6 bits of a picture
under DIR (the folder that training/yardsticks/pictures.py writes) or of one already taken. At most 60
pictures a source are written as OUT/<source>/<item>.jpg, with OUT/sources.json (package, version, licence).
`sheets` writes contact sheets of 4 x 4 numbered cells as OUT/sheets/NNN.png with NNN.json, the list of
[source, item]. Sheets once written never change; new pictures go to new sheets.

`versions` in the source list names the package versions that the captions were written on; `collect` takes
the version that the registry offers. captions.jsonl holds one line a picture: source, item, style, scene,
brief (the music that was asked for by looking at the picture alone), arousal and valence (0 to 1), setting,
light, people (9: many) and the licence of the source. Media are not committed.
"""

import argparse
import concurrent.futures
import hashlib
import importlib.util
import json
import pathlib
import threading

HERE = pathlib.Path(__file__).resolve().parent
PER_SOURCE = 60
SPLIT_SALT = b"needledrop:"


def load_yardstick(file):
    """The module of the yardstick's collector, whose download, selection and hash are used here."""
    spec = importlib.util.spec_from_file_location("yardstick_pictures", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def is_development(name):
    """True if the lowest bit of the first byte of SHA-256 of the salted name is 0."""
    return hashlib.sha256(SPLIT_SALT + name.encode()).digest()[0] & 1 == 0


def checked_sources(left_out):
    """The source list; an error names every source that is locked, left out or listed twice."""
    sources = json.loads((HERE / "pictures-sources.json").read_text())
    names = [source["name"] for source in sources]
    wrong = sorted({name for name in names if not is_development(name) or name in left_out or names.count(name) > 1})
    if wrong:
        raise ValueError(f"pictures-sources.json: expected distinct development sources, got {', '.join(wrong)}; remove them")
    return sources


def picture_hashes(folder, without, yardstick):
    """Difference hashes of the pictures under folder/<source>/, but for the sources named in `without`."""
    known = []
    for file in sorted(folder.glob("*/*.jpg")):
        if file.parent.name == "sheets" or file.parent.name in without:
            continue
        try:
            with yardstick.Image.open(file) as picture:
                picture.draft("L", (160, 120))
                known.append(yardstick.difference_hash(picture))
        except OSError as error:
            print(f"{file}: expected a readable JPEG, got {error}; it is not compared", flush=True)
    return known


def collect(out, yardstick_folder, only, workers, yardstick):
    sources = checked_sources(yardstick.LEFT_OUT)
    yardstick.PER_SOURCE = PER_SOURCE
    out.mkdir(parents=True, exist_ok=True)
    known, lock = picture_hashes(yardstick_folder, (), yardstick), threading.Lock()
    known += picture_hashes(out, only, yardstick)
    todo = [s for s in sources if (s["name"] in only if only else not (out / s["name"] / "source.json").exists())]
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        jobs = {pool.submit(yardstick.collect_source, source, out, known, lock): source["name"] for source in todo}
        for job in concurrent.futures.as_completed(jobs):
            try:
                print(f"{jobs[job]}: {job.result()['pictures']} pictures", flush=True)
            except Exception as error:
                print(f"{jobs[job]}: not collected: {error}", flush=True)
    yardstick.write_index(out)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=["collect", "sheets"])
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--yardstick", type=pathlib.Path, help="folder of the yardstick's pictures, for `collect`")
    parser.add_argument("--collector", type=pathlib.Path, default=HERE.parent / "yardsticks" / "pictures.py")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--rest", action="store_true", help="write the last, part-filled sheet too")
    options = parser.parse_args()
    yardstick = load_yardstick(options.collector)
    if options.command == "sheets":
        yardstick.sheets(options.out, options.rest)
    elif options.yardstick is None:
        parser.error("collect needs --yardstick DIR, the folder of the yardstick's pictures")
    else:
        collect(options.out, options.yardstick, options.only, options.workers, yardstick)


if __name__ == "__main__":
    main()
