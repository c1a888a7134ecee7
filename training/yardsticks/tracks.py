"""Builds the tracks of the yardstick "brief to music" from package names.

  tracks.py build --out DIR [--unpacked DIR] [--scores DIR]   audio, licences, tracks.jsonl
  tracks.py choose --unpacked DIR                             rows of sources that tracks-labels.jsonl lacks, on stdout

Packages come one at a time with `apt-get download` or `pip download`, are unpacked and removed again; nothing is
installed. tracks-labels.jsonl says which pieces there are and what was written about them by reading their texts.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np

import music_files
import score_facts
import track_choice

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "pairs"))
from packages import Packages  # noqa: E402

SOUNDFONT = ("fluid-soundfont-gm", "usr/share/sounds/sf2/FluidR3_GM.sf2")
SYNTH = ("fluidsynth", "usr/bin/fluidsynth")
MUSIC21 = "music21==10.5.1"


def sources():
    with open(HERE / "track-sources.toml", "rb") as file:
        return tomllib.load(file)


def labels():
    path = HERE / "tracks-labels.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


class Roots:
    """Unpacked packages by source."""

    def __init__(self, work, scores, keep):
        self.packages = Packages(work, keep=keep)
        self.work, self.scores = Path(work), scores

    def of(self, source, spec):
        package = spec.get("package", source)
        if package == "needledrop":
            return Path(self.scores)
        if package == "music21":
            return self.music21()
        return self.packages.root(package)

    def music21(self):
        target = self.work / "unpacked/music21"
        if not target.is_dir():
            wheels = self.work / "wheels"
            subprocess.run(["pip", "download", "-q", "--no-deps", "-d", str(wheels), MUSIC21], check=True)
            shutil.unpack_archive(next(wheels.glob("music21-*.whl")), target, "zip")
        return target


def choose(roots):
    known = {row["source"] for row in labels()}
    for source, spec in sources().items():
        if source not in known:
            for row in track_choice.draft(source, spec, roots.of(source, spec)):
                print(json.dumps(row, ensure_ascii=False))


def build(out, roots):
    """Audio of every labelled piece, then its facts; what is there already is not made again."""
    specs, rows = sources(), labels()
    scores = kept(out / "scores.jsonl")
    for source, spec in specs.items():
        folder = out / source
        wanted = [row for row in rows if row["source"] == source and not (folder / f"{row['item']}.ogg").exists()]
        if not wanted:
            continue
        root = roots.of(source, spec)
        folder.mkdir(parents=True, exist_ok=True)
        licence = root / "usr/share/doc" / spec.get("package", source) / "copyright"
        if licence.is_file():
            shutil.copy(licence, folder / "copyright")
        for row in wanted:
            score = sound_of(spec, root, row, folder / f"{row['item']}.ogg", roots)
            keep(out / "scores.jsonl", scores, row, score)
            print("made", source, row["item"], row["title"], flush=True)
        roots.packages.forget([spec.get("package", source)])
    write_table(out, specs, rows, scores, measured(out, rows))
    shutil.copy(HERE / "briefs.jsonl", out)


def kept(path):
    """Facts by (source, item) that an earlier build wrote at `path`."""
    lines = path.read_text().splitlines() if path.exists() else []
    return {(row["source"], row["item"]): row["facts"] for row in map(json.loads, lines)}


def keep(path, facts, row, found):
    facts[(row["source"], row["item"])] = found
    with open(path, "a") as file:
        file.write(json.dumps({"source": row["source"], "item": row["item"], "facts": found}) + "\n")


def measured(out, rows):
    """Facts of the audio of every piece."""
    import sound_facts  # slow to load

    sounds = kept(out / "sounds.jsonl")
    for row in rows:
        if (row["source"], row["item"]) not in sounds:
            found = sound_facts.read(out / row["source"] / f"{row['item']}.ogg")
            keep(out / "sounds.jsonl", sounds, row, found)
            print("measured", row["source"], row["item"], flush=True)
    return sounds


def sound_of(spec, root, row, target, roots):
    """Writes the audio of one piece; returns what its score states, None for a recording."""
    kind, partial = spec.get("kind", "recording"), target.with_suffix(".part.ogg")
    score = None
    if kind == "recording":
        music_files.cut(root / row["path"], partial)
    elif kind == "scores":
        music_files.cut(root / row["path"], partial)
        piece = music_files.truth_of(root, row["path"])
        mode = piece["key"] and ("minor" if piece["key"]["minor"] else "major")
        score = {"bpm": round(piece["bpm"], 1), "mode": mode}
    else:
        midi = target.with_suffix(".mid")
        music_files.to_midi(spec, root, row, midi)
        score = score_facts.read(midi, music_files.CUT_S)
        tools = [roots.packages.root(package) / path for package, path in (SOUNDFONT, SYNTH)]
        music_files.render(midi, *tools, partial)
        midi.unlink()
    partial.rename(target)
    return score


def percentile(values):
    """Rank of each value from 0 to 1; ties share their mean rank."""
    values = np.asarray(values, float)
    return np.array([((values < v).sum() + ((values == v).sum() - 1) / 2) / max(len(values) - 1, 1) for v in values])


def write_table(out, specs, rows, scores, sounds):
    """tracks.jsonl: what is known of every track, energy as a percentile of the whole set."""
    heard = [sounds[(row["source"], row["item"])] for row in rows]
    stated = [scores[(row["source"], row["item"])] for row in rows]
    onsets = [(score or {}).get("onsets_per_s", sound["onsets_per_s"]) for score, sound in zip(stated, heard)]
    ranks = [percentile([sound[name] for sound in heard]) for name in ("rms_db", "flux")] + [percentile(onsets)]
    energy = percentile(np.mean(ranks, axis=0))
    with open(out / "tracks.jsonl", "w") as file:
        for row, score, sound, loud in zip(rows, stated, heard, energy):
            line = line_of(row, specs[row["source"]], score, sound, round(float(loud), 4))
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def line_of(row, spec, score, sound, energy):
    """The line of one track. What the score states goes before what was written about it; unknown is null."""
    score = score or {}
    bpm, bpm_from = score.get("bpm"), "score"
    if not bpm:
        bpm, bpm_from = row.get("bpm"), "text"
    if not bpm and not score:
        bpm, bpm_from = sound["bpm"], "two methods"
    named = score.get("instruments", row.get("instruments"))
    every = score.get("all_instruments", row.get("all_instruments"))
    voices = score.get("voices", row.get("voices"))
    return {
        "source": row["source"], "item": row["item"], "file": f"{row['source']}/{row['item']}.ogg",
        "title": row["title"], "artist": row.get("artist", ""), "licence": spec["licence"],
        "description": row.get("description", ""), "rendered": bool(score),
        "bpm": bpm, "bpm_from": bpm_from if bpm else None, "mode": score.get("mode", row.get("mode")),
        "energy": energy, "voices": voices,
        # Instruments that surely play; null when none is known.
        "instruments": named and score_facts.widened(named),
        # Every instrument that may sound, so that any other is absent; null when that is unknown.
        "all_instruments": every and score_facts.widened(every),
        "valence": row.get("valence"), "arousal": row.get("arousal"), "label_text": row.get("label_text", ""),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=["build", "choose"])
    parser.add_argument("--out", type=Path, default=Path("tracks"))
    parser.add_argument("--work", type=Path, default=Path("tracks-work"), help="packages while they are unpacked")
    parser.add_argument("--keep", action="store_true", help="leave the unpacked packages below --work")
    parser.add_argument("--scores", type=Path, help="folder that `scores FOLDER 0 6 42` wrote (needledrop-audio's example)")
    args = parser.parse_args()
    roots = Roots(args.work, args.scores, args.keep)
    if args.command == "choose":
        choose(roots)
    else:
        args.out.mkdir(parents=True, exist_ok=True)
        build(args.out, roots)


if __name__ == "__main__":
    main()
