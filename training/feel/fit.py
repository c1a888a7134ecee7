"""Measures the constants of a track's energy and valence (ranking/src/track_feeling.rs), and how well they do.

  fit.py TRACKS CATALOG [MORE_CATALOGS]

TRACKS: folder that training/yardsticks/tracks.py wrote (tracks.jsonl, with valence and arousal read from titles and
descriptions). CATALOG: folder of the catalog that `needledrop index TRACKS` wrote. Only development sources are read:
those whose name gives the bit 0 (src-tauri/crates/training/src/yardstick/split.rs). Tracks of further catalogs count in
the means and deviations alone; the folder of a file names its source.

Prints means, deviations and weights, and Spearman's correlation of each step: fitted weights on sources left out, the
program's own as they are; intervals resample sources.
"""

import hashlib
import json
import re
import sys
from pathlib import Path

import numpy as np

from features import files, tracks

CODE = Path(__file__).parents[2] / "src-tauri/crates/ranking/src/track_feeling"
ROUNDS = 1000
# Strength of the ridge towards equal weights, in tracks.
RIDGE = 20.0
LEAST_INTENSITY = 0.01


def is_development(source):
    return hashlib.sha256(b"needledrop:" + source.encode()).digest()[0] & 1 == 0


def tag_feelings():
    """{tag: (arousal, valence)} as the program has them."""
    rows = re.findall(r'tag\("(.+?)", (-?[\d.]+), (-?[\d.]+)\)', (CODE / "tags.rs").read_text())
    return {name.lower(): (float(arousal), float(valence)) for name, arousal, valence in rows}


def numbers(track, feelings):
    """What energy and valence are weighted from: intensity, arousal and valence of the tags, mode, tempo."""
    said = [feelings.get(name.lower(), (0.0, 0.0)) for name in track["tags"]]
    scores = list(track["tags"].values())
    intensity = np.clip(track["intensity"], LEAST_INTENSITY, 1 - LEAST_INTENSITY)
    sign = 0 if track["key"] is None else (1 if track["key"] < 12 else -1)
    tempo = np.log2(track["bpm"] / 120) * track["bpm_confidence"] if track["bpm"] else 0.0
    return {
        "intensity": float(np.log(intensity / (1 - intensity))),
        "arousal": float(np.dot([a for a, _ in said], scores)) if said else 0.0,
        "valence": float(np.dot([v for _, v in said], scores)) if said else 0.0,
        "mode": sign * float(np.sqrt(track["key_confidence"] or 0.0)),
        "tempo": float(tempo),
    }


def ranks(values):
    order = np.argsort(np.argsort(values, kind="stable"), kind="stable").astype(float)
    return np.array([order[values == value].mean() for value in values])


def spearman(a, b):
    return float(np.corrcoef(ranks(np.asarray(a)), ranks(np.asarray(b)))[0, 1]) if len(a) > 3 else float("nan")


def interval(a, b, sources):
    """Spearman's correlation and the middle 95 % of it over resampled sources."""
    draw = np.random.default_rng(1)
    of = {source: np.flatnonzero(sources == source) for source in sorted(set(sources))}
    names = list(of)
    rounds = []
    for _ in range(ROUNDS):
        rows = np.concatenate([of[names[at]] for at in draw.integers(0, len(names), len(names))])
        rounds.append(spearman(a[rows], b[rows]))
    low, high = np.nanpercentile(rounds, [2.5, 97.5])
    return f"{spearman(a, b):.2f} [{low:.2f}, {high:.2f}]"


def weights(x, y):
    """Ridge towards equal weights of the standardised columns `x` for the ranks of `y`."""
    target = ranks(y)
    target = (target - target.mean()) / target.std()
    equal = np.full(x.shape[1], np.dot(x.sum(1), target) / np.dot(x.sum(1), x.sum(1)))
    system = x.T @ x + RIDGE * np.eye(x.shape[1])
    return equal + np.linalg.solve(system, x.T @ (target - x @ equal))


def left_out(x, y, sources):
    """What the weights fitted to all other sources give each source."""
    found = np.zeros(len(y))
    for source in set(sources):
        test = sources == source
        found[test] = x[test] @ weights(x[~test], y[~test])
    return found


def line(name, what, y, found, sources, mode):
    parts = [f"| {name} | {what} | {interval(y, found, sources)}"]
    for sign in (1, -1):
        rows = mode == sign
        parts.append(f"{interval(y[rows], found[rows], sources[rows])} ({rows.sum()})")
    print(" | ".join(parts) + " |")


def heard(catalog, feelings, labels):
    """(source, label or None, numbers, track) of each track of a development source."""
    paths = files(catalog / "catalog.sqlite")
    for track in tracks(catalog / "catalog.sqlite"):
        source, name = Path(paths[track["row"]][0]).parts[-2:]
        if track["intensity"] is not None and is_development(source):
            yield source, labels.get(f"{source}/{name}"), numbers(track, feelings), track


def main():
    folder, catalog, *more = map(Path, sys.argv[1:])
    feelings = tag_feelings()
    labels = {row["file"]: row for row in map(json.loads, (folder / "tracks.jsonl").read_text().splitlines())}
    rows = [row for row in heard(catalog, feelings, labels) if row[1]]
    known = {row[0] for row in rows}
    rows += [row for other in more for row in heard(other, feelings, {}) if row[0] not in known]
    sources = np.array([row[0] for row in rows])
    share = np.array([1 / (sources == source).sum() for source in sources])
    print(f"{len(rows)} tracks of {len(set(sources))} sources")
    z = {}
    for key in rows[0][2]:
        values = np.array([found[key] for _, _, found, _ in rows])
        mean = np.average(values, weights=share)
        spread = np.sqrt(np.average((values - mean) ** 2, weights=share))
        z[key] = (values - mean) / spread
        print(f"const {key.upper()}: Usual = ({mean:.2f}, {spread:.2f});")
    print("| what | from | all | major | minor |\n|---|---|---|---|---|")
    for name, label, columns, own in (
        ("energy", "arousal", ["intensity", "arousal"], [1, 1]),
        ("valence", "valence", ["valence", "mode", "tempo"], [1, 0.5, 0.25]),
    ):
        x = np.array([z[column] for column in columns]).T
        at = [k for k, (_, label_of, _, _) in enumerate(rows) if label_of and label_of.get(label) is not None]
        y = np.array([rows[k][1][label] for k in at], float)
        mode, of = np.sign([rows[k][2]["mode"] for k in at]), sources[at]
        for k, column in enumerate(columns):
            line(name, column, y, x[at, k], of, mode)
        line(name, "fitted, source left out", y, left_out(x[at], y, of), of, mode)
        line(name, "the program's weights", y, x[at] @ own, of, mode)
        fitted = weights(x[at], y)
        print(f"{name}: {len(at)} labels of {len(set(of))} sources; fitted weights", (fitted / fitted[0]).round(2))
        spread = np.sqrt(np.average((x @ own) ** 2, weights=share))
        print(f"const {name.upper()}_SPREAD: f64 = {spread:.2f};")


main()
