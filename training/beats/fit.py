#!/usr/bin/env python3
"""Learns how to choose among ways to beat time and among readings of bars, and how sure the choice is.

    scores TRAIN 1000 6 42 [MIDI...]; sketches.py SKETCHES 1 10                         (examples of needledrop-audio)
    ways < TRAIN/truth.jsonl > TRAIN/ways.jsonl; ways < SKETCHES/truth.jsonl > SKETCHES/ways.jsonl
    training/beats/fit.py choice TRAIN SKETCHES [--start START] [--test DIR] [--out WEIGHTS]
    ... build, and run `ways` again ...
    training/beats/fit.py confidence TRAIN SKETCHES [--test DIR] [--out WEIGHTS]

WEIGHTS and START are versions of src-tauri/crates/audio/src/rhythm/weights.rs. Choice: a conditional logit model; of all ways to a piece, the
probability that goes to good ones is raised. A way is good where its F-measure (mir_eval, 70 ms) is within 0.05 of the
best way's; to a sketch also where it beats half or twice the tempo, or every part of a beat of three. Features are
standardised; the weights are shrunk towards those of the first 23 features in START, which were learned from pieces in 3/4
and 4/4 alone. Confidence: logistic regression on whether the tempo, and the metre, were found.
Needs numpy, scipy, mir_eval.
"""

import argparse
import json
import re

import mir_eval
import numpy as np
from scipy.optimize import minimize

FIRST = 23  # features that are learned from pieces in 3/4 and 4/4 alone
WAY_SHRINKAGE, READING_SHRINKAGE, COMPOUND_SHRINKAGE, CONFIDENCE_SHRINKAGE = 0.01, 0.003, 0.001, 0.003
OCTAVES = (1, 2, 0.5, 3, 1 / 3)


def f_measure(truth, got):
    if len(truth) > 30:
        truth, got = mir_eval.beat.trim_beats(truth), mir_eval.beat.trim_beats(got)
    return mir_eval.beat.f_measure(truth, got)


def read(folder):
    truth = {}
    for line in open(f"{folder}/truth.jsonl"):
        piece = json.loads(line)
        truth[piece["path"]] = piece
    pieces = []
    for line in open(f"{folder}/ways.jsonl"):
        found = json.loads(line)
        if found["path"] not in truth:
            continue
        piece = {**truth[found["path"]], **found}
        beats, downbeats = np.array(piece["beats_s"]), np.array(piece["downbeats_s"])
        for way in piece["ways"]:
            times = np.array(way["beats_s"])
            way["f"] = f_measure(beats, times) if piece["bpm"] else 0.0
            bars = [f_measure(downbeats, times[o::m]) if piece["bpm"] else 0.0 for m, o, _ in way["readings"]]
            way["bars"] = bars
        if piece["ways"]:
            piece["best"] = max(range(len(piece["ways"])), key=lambda k: piece["ways"][k]["f"])
            pieces.append(piece)
    return pieces


def fit(groups, shrinkage, start):
    """groups: (features [n, d], good [n]) for each piece; `start`: the weights that shrinkage leads to."""

    def loss(change):
        total, slope, w = 0.0, np.zeros_like(start), start + change
        for x, good in groups:
            z = x @ w
            p = np.exp(z - z.max())
            p /= p.sum()
            share = (p * good).sum() + 1e-12
            total -= np.log(share)
            slope -= x.T @ (p * good / share - p)
        n = len(groups)
        return total / n + shrinkage * (change @ change), slope / n + 2 * shrinkage * change

    return start + minimize(loss, np.zeros_like(start), jac=True, method="L-BFGS-B").x


def logistic(x, y, shrinkage):
    """Weights of a logistic model, the constant first."""
    x, sign = np.c_[np.ones(len(x)), x], np.where(y, 1, -1)

    def loss(w):
        return np.log1p(np.exp(-sign * (x @ w))).mean() + shrinkage * (w[1:] @ w[1:])

    return minimize(loss, np.zeros(x.shape[1])).x


def probability(x, w):
    return 1 / (1 + np.exp(-(w[0] + x @ w[1:])))


def good(scores):
    scores = np.array(scores)
    return (scores >= max(0.6, scores.max() - 0.05)) * 1.0


def good_ways(piece, sketch):
    scores = np.array([way["f"] for way in piece["ways"]])
    chosen = good(scores)
    others = [(2, 0.6), (0.5, 0.6)] + [(3, 0.45)] * piece["compound"] if sketch else []
    for at, way in enumerate(piece["ways"]):
        for ratio, least in others:
            if abs(way["bpm"] / piece["bpm"] / ratio - 1) < 0.04 and scores[at] >= least:
                chosen[at] = 1.0
    return chosen


def learn_choice(train, sketches, start):
    played = [p for p in sketches if p["bpm"]]

    def features(pieces):
        return np.concatenate([[way["features"] for way in p["ways"]] for p in pieces])

    every = features(train + played)
    mean, spread, way = every.mean(0), every.std(0) + 1e-9, np.zeros(every.shape[1])
    if start:
        mean[:FIRST], spread[:FIRST], way[:FIRST] = start

    def groups(pieces, sketch):
        found = []
        for p in pieces:
            x = (np.array([way["features"] for way in p["ways"]]) - mean) / spread
            chosen = good_ways(p, sketch)
            if chosen.any():
                found.append((x, chosen))
        return found

    way = fit(groups(train, False) + groups(played, True), WAY_SHRINKAGE, way)
    bars, parts, threes = [], [], []
    for p in train + played:
        best = p["ways"][p["best"]]
        if best["readings"] and max(best["bars"]) > 0.5:
            bars.append((np.array([r[2] for r in best["readings"]]), good(best["bars"])))
        if p["set"] != "loop" and best["f"] >= 0.7:
            on, half, second, third = best["parts"]
            parts.append([half - on, second - on, third - on, np.log2(best["bpm"] / 100)])
            threes.append(p["compound"])
    reading = fit(bars, READING_SHRINKAGE, np.zeros(bars[0][0].shape[1]))
    return mean, spread, way, reading, logistic(np.array(parts), np.array(threes), COMPOUND_SHRINKAGE)


def first_weights(path):
    """Mean, spread and weight of the first features in a weights.rs."""
    beats = re.search(r"pub const BEATS.*?\];", open(path).read(), re.S).group(0)
    rows = re.findall(r"weight\((\S+), (\S+), (\S+)\)", beats)[:FIRST]
    return np.array(rows, float).T


def report_choice(name, pieces, mean, spread, way, reading, _):
    rows = []
    for p in pieces:
        x = (np.array([w["features"] for w in p["ways"]]) - mean) / spread
        chosen = p["ways"][int(np.argmax(x @ way))]
        bars = 0.0
        if chosen["readings"]:
            bars = chosen["bars"][int(np.argmax([np.dot(r[2], reading) for r in chosen["readings"]]))]
        off = [abs(chosen["bpm"] * k / p["bpm"] - 1) <= 0.04 for k in OCTAVES]
        rows.append((off[0], any(off), chosen["f"], bars, p["ways"][p["best"]]["f"]))
    a1, a2, f, d, best = np.mean(rows, 0)
    print(f"{name}: {len(rows)} pieces, accuracy1 {a1:.3f}, accuracy2 {a2:.3f}, beats {f:.3f} (best way {best:.3f}), downbeats {d:.3f}")


def found(piece):
    """Whether the tempo was found, and the metre."""
    if not piece["bpm"]:
        return False, False
    ratios = (1, 2, 3) if piece["compound"] else (1,)
    tempo = any(abs(piece["found"]["bpm"] / piece["bpm"] / k - 1) < 0.04 for k in ratios)
    names = {"6/8", "12/8"} if piece["compound"] else {f"{piece['beats_per_bar']}/4"}
    if piece["set"] == "4/4s":
        names.add("12/8")
    return tempo, piece["found"]["metre"] in names


def odds(p):
    return np.log((p + 0.01) / (1.01 - p))


def confidence_inputs(pieces):
    heard = [p for p in pieces if p["found"]]
    x = np.array([p["found"]["evidence"] for p in heard])
    likelihood = np.array([p["found"]["likelihood"] for p in heard])
    right = np.array([found(p) for p in heard])
    return x, likelihood, right[:, 0], right[:, 1]


def learn_confidence(train, sketches):
    x, likelihood, tempo, metre = confidence_inputs(train + sketches)
    mean, spread = x.mean(0), x.std(0) + 1e-9
    w = logistic((x - mean) / spread, tempo, CONFIDENCE_SHRINKAGE)
    said = probability((x - mean) / spread, w)
    return mean, spread, w, logistic(np.c_[odds(likelihood), odds(said)], metre, 0.001)


def calibration_error(said, right):
    place = np.minimum((said * 10).astype(int), 9)
    tenths = [place == tenth for tenth in range(10)]
    return sum(t.mean() * abs(said[t].mean() - right[t].mean()) for t in tenths if t.any())


def report_confidence(name, pieces, mean, spread, w, v):
    x, likelihood, tempo, metre = confidence_inputs(pieces)
    none = np.array([not p["bpm"] for p in pieces if p["found"]])
    said = probability((x - mean) / spread, w)
    named = np.minimum(probability(np.c_[odds(likelihood), odds(said)], v), likelihood)
    print(f"{name}: {len(said)} sounds, tempo said {said.mean():.3f}, right {tempo.mean():.3f}, "
          f"calibration error {calibration_error(said, tempo):.3f}; metre {calibration_error(named, metre):.3f}, "
          f"named {(named >= 0.5).sum()} of {len(named)}, right {metre[named >= 0.5].mean():.3f}")
    if none.any():
        print(f"  without a pulse: {none.sum()}, highest {said[none].max():.2f}, from 0.3 on {(said[none] >= 0.3).sum()}")


def rows(name, kind, lines):
    body = "".join(f"    {line},\n" for line in lines)
    return f"pub const {name}: [{kind}; {len(lines)}] = [\n{body}];\n"


def weights(mean, spread, w):
    return [f"weight({m:.5f}, {s:.5f}, {x:.5f})" for m, s, x in zip(mean, spread, w)]


def plain_rows(name, values):
    return rows(name, "f64", [f"{x:.5f}" for x in values])


def replaced(path, blocks):
    text = open(path).read()
    for block in blocks:
        name = re.match(r"pub const (\w+)", block).group(1)
        text = re.sub(rf"pub const {name}: .*?;\n(?=\n|\Z|///)", lambda _: block, text, flags=re.S)
    open(path, "w").write(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["choice", "confidence"])
    parser.add_argument("train")
    parser.add_argument("sketches")
    parser.add_argument("--start")
    parser.add_argument("--test", action="append", default=[])
    parser.add_argument("--out")
    options = parser.parse_args()
    train, sketches = read(options.train), read(options.sketches)
    if options.what == "choice":
        start = first_weights(options.start) if options.start else None
        learned, report = learn_choice(train, sketches, start), report_choice
        mean, spread, way, reading, compound = learned
        blocks = [rows("BEATS", "Weight", weights(mean, spread, way)), plain_rows("BARS", reading), plain_rows("COMPOUND", compound)]
    else:
        learned, report = learn_confidence(train, sketches), report_confidence
        mean, spread, w, v = learned
        bias = f"pub const CONFIDENCE_BIAS: f64 = {w[0]:.5f};\n"
        blocks = [bias, rows("CONFIDENCE", "Weight", weights(mean, spread, w[1:])), plain_rows("METRE", v)]
    for name, folder in [("learned from", options.train), ("sketches", options.sketches)] + [(t, t) for t in options.test]:
        pieces = read(folder)
        kinds = sorted({p["set"] for p in pieces}) if options.what == "choice" else [None]
        for kind in kinds:
            chosen = [p for p in pieces if kind is None or (p["set"] == kind and p["bpm"])]
            if chosen:
                report(f"{name}, {kind or 'all'}", chosen, *learned)
    if options.out:
        replaced(options.out, blocks)


main()
