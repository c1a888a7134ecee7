"""Judges needledrop and librosa on the pieces of a set, with mir_eval, and prints a table."""

import json
import os
import resource
import subprocess
import sys
import time

import librosa
import mir_eval
import numpy as np

OCTAVES = (1, 2, 0.5, 3, 1 / 3)
NAMES = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"]
# C. Krumhansl & E. Kessler, 1982.
MAJOR = [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88]
MINOR = [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17]


def ours(binary, path):
    out = subprocess.run([binary, "analyze", path, "--json", "--no-embed"], capture_output=True, check=True).stdout
    heard = json.loads(out)
    key = heard["key"] and (NAMES.index(heard["key"].rstrip("m")), heard["key"].endswith("m"))
    return heard["bpm"] or 0, np.array(heard["beats_s"]), np.array(heard["downbeats_s"]), key, heard["time_signature"]


def librosas(path):
    y, rate = librosa.load(path, sr=22050)
    tempo, beats = librosa.beat.beat_track(y=y, sr=rate, units="time")
    chroma = librosa.feature.chroma_cqt(y=y, sr=rate).mean(1)
    fits = [
        (np.corrcoef(np.roll(chroma, -tonic), profile)[0, 1], (tonic, minor))
        for tonic in range(12)
        for minor, profile in ((False, MAJOR), (True, MINOR))
    ]
    return float(np.atleast_1d(tempo)[0]), beats, None, max(fits)[1], None


def f_measure(truth, got):
    return mir_eval.beat.f_measure(mir_eval.beat.trim_beats(np.array(truth)), mir_eval.beat.trim_beats(got))


def judge(piece, heard):
    bpm, beats, downbeats, key, metre = heard
    near = [abs(bpm * k / piece["bpm"] - 1) <= 0.04 for k in OCTAVES]
    row = {"accuracy1": near[0], "accuracy2": any(near), "beats": f_measure(piece["beats_s"], beats)}
    if downbeats is not None:
        row["downbeats"] = f_measure(piece["downbeats_s"], downbeats)
        row["metre"] = metre in (("6/8", "12/8") if piece["compound"] else (f"{piece['beats_per_bar']}/4",))
    # Many MIDI files say C major because nobody set it.
    if piece["key"] and piece["set"] == "composed":
        truth = f"{NAMES[piece['key']['tonic']]} {'minor' if piece['key']['minor'] else 'major'}"
        got = key and f"{NAMES[key[0]]} {'minor' if key[1] else 'major'}"
        row["key"] = mir_eval.key.weighted_score(truth, got) if got else 0.0
    return row


def mean(rows, what):
    values = [row[what] for row in rows if what in row]
    return f"{np.mean(values):.3f}" if values else "–"


def main():
    folder, binary = sys.argv[1:]
    pieces = [json.loads(line) for line in open(f"{folder}/truth.jsonl")]
    seconds = sum(piece["beats_s"][-1] for piece in pieces)
    results = {}
    for name, hear in (("needledrop", lambda path: ours(binary, path)), ("librosa 0.11", librosas)):
        who = resource.RUSAGE_CHILDREN if name == "needledrop" else resource.RUSAGE_SELF
        hear(pieces[0]["path"])  # warm
        before, started = resource.getrusage(who), time.time()
        rows = []
        for at, piece in enumerate(pieces):
            rows.append(judge(piece, hear(piece["path"])))
            print(f"\r{name} {at + 1}/{len(pieces)}", end="", file=sys.stderr)
        after = resource.getrusage(who)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        results[name] = (rows, seconds / cpu)
        print(f" in {time.time() - started:.0f} s", file=sys.stderr)
    kinds = {
        "all": lambda p: p["set"] != "metres",
        "composed": lambda p: p["set"] == "composed",
        "real MIDI": lambda p: p["set"] == "midi",
        "real MIDI, none of it learned from": lambda p: os.path.basename(p["path"]).startswith(("freedoom2_", "music0")),
        "compound and odd metres": lambda p: p["set"] == "metres",
    }
    print("| pieces | | accuracy 1 | accuracy 2 | beats F | downbeats F | metre | key (MIREX) | × real time, a core |")
    print("|---|---|---|---|---|---|---|---|---|")
    for kind, wanted in kinds.items():
        chosen = [at for at, piece in enumerate(pieces) if wanted(piece)]
        for name, (rows, speed) in results.items():
            rows = [rows[at] for at in chosen]
            figures = " | ".join(mean(rows, w) for w in ("accuracy1", "accuracy2", "beats", "downbeats", "metre", "key"))
            print(f"| {kind} ({len(chosen)}) | {name} | {figures} | {speed:.0f} |" if kind == "all" else f"| {kind} ({len(chosen)}) | {name} | {figures} | |")


main()
