"""Ten scenes, ten briefs: what the words do to the ten best tracks.

For each pair the ten best with the words stand beside the ten best without. A tag's strength in a list is the mean
percentile of its score in the whole catalog over the tracks of the list: 0.5 is what any ten tracks would have.
"""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from statistics import mean

BRIEFS = [
    # words, tags that should rise, tags that should fall
    ("dark synth, tense, no drums", ["synth", "electronic"], ["drums"]),
    ("happy acoustic guitar", ["guitar"], []),
    ("epic orchestral strings", ["strings", "violin"], []),
    ("calm ambient pads, no beat", ["ambient"], ["beat", "beats"]),
    ("fast heavy rock, no strings", ["rock", "metal"], ["strings"]),
    ("slow sad piano without vocals", ["piano", "slow"], ["vocal", "vocals", "female vocals", "male vocal"]),
    ("medieval flute and harp", ["flute", "harp"], []),
    ("driving techno beat, not ambient", ["techno", "beat"], ["ambient"]),
    ("choir, solemn, no guitar", ["choir", "choral"], ["guitar"]),
    ("-electronic -synth", [], ["electronic", "synth"]),
]


def run(*command):
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def main(scenes, catalog, needledrop):
    scenes = [line.rstrip("\n").split("\t") for line in open(scenes) if line.strip()]
    tags = all_tags(catalog)

    def best(clip, span, words):
        more = ["--range", span] if span else []
        more += [f"--brief={words}"] if words else []
        return run(needledrop, "match", clip, "--catalog", catalog, "--top", "10", "--json", *more)["results"]

    plain = {name: best(clip, span, None) for name, clip, span in scenes}
    rows = []
    for words, up, down in BRIEFS:
        new, lifts, falls = [], [], []
        example = None
        for name, clip, span in scenes:
            with_words = best(clip, span, words)
            before = {r["track_id"] for r in plain[name]}
            new.append(sum(r["track_id"] not in before for r in with_words))
            lifts.append((strength(tags, plain[name], up), strength(tags, with_words, up)))
            falls.append((strength(tags, plain[name], down), strength(tags, with_words, down)))
            example = example or f"{plain[name][0]['title']} → {with_words[0]['title']}"
        rows.append((words, new, lifts, falls, up, down, example))
    print("| words | new in the ten best (of ten scenes, mean) | wanted tags: before → with | unwanted tags: before → with | first scene's first |")
    print("|---|---|---|---|---|")
    for words, new, lifts, falls, up, down, example in rows:
        def arrow(pairs, names):
            if not names or pairs[0][0] is None:
                return "–"
            return f"{', '.join(names[:2])}: {mean(a for a, _ in pairs):.2f} → {mean(b for _, b in pairs):.2f}"
        print(f"| {words} | {mean(new):.1f} | {arrow(lifts, up)} | {arrow(falls, down)} | {example} |")
    print("\n| scene | the five best without words |\n|---|---|")
    for name, _, _ in scenes:
        print(f"| {name} | {'; '.join(r['title'] for r in plain[name][:5])} |")
    lower = [(name, b < a) for words, _, _, falls, _, down, _ in rows if down for (a, b), (name, _, _) in zip(falls, scenes) if a is not None]
    print(f"\nIn {sum(x for _, x in lower)} of {len(lower)} pairs of scene and brief with a minus word the tag it names is lower in the ten best than without it.")


def all_tags(catalog):
    """Percentile of every track for every tag; read where the catalog keeps them, since lists give the strongest alone."""
    database = sqlite3.connect(f"file:{Path(catalog) / 'catalog.sqlite'}?mode=ro", uri=True)
    tracks = [row[0] for row in database.execute("SELECT id FROM tracks")]
    scores = {}
    query = "SELECT tracks.id, tag_names.name, tags.score FROM tags JOIN tracks ON row = track JOIN tag_names ON number = tag"
    for track, name, score in database.execute(query):
        scores.setdefault(name, {})[track] = score
    table = {}
    for name, of in scores.items():
        values = sorted((of.get(track, 0.0), track) for track in tracks)
        for place, (_, track) in enumerate(values):
            table[track, name] = (place + 0.5) / len(values)
    return table


def strength(tags, rows, names):
    known = [n for n in names if any((r["track_id"], n) in tags for r in rows)]
    if not known:
        return None
    return mean(max(tags.get((r["track_id"], n), 0.0) for n in known) for r in rows)


if __name__ == "__main__":
    main(*sys.argv[1:])
