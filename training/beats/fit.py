#!/usr/bin/env python3
"""Learns how to choose among ways to beat time, and among readings of bars.

    scores TRAIN 1000 6 42 [MIDI...]; ways < TRAIN/truth.jsonl > TRAIN/ways.jsonl       (examples of needledrop-audio)
    training/beats/fit.py TRAIN [--test DIR] [--out src-tauri/crates/audio/src/rhythm/weights.rs]

A conditional logit model: of all ways to a piece, the probability that goes to good ones is raised; a way is good where
its F-measure (mir_eval, 70 ms) is within 0.05 of the best way's. Features are standardised, the weights shrunk.
Needs numpy, scipy, mir_eval.
"""

import argparse
import json

import mir_eval
import numpy as np
from scipy.optimize import minimize

WAY_SHRINKAGE, READING_SHRINKAGE = 0.01, 0.003
OCTAVES = (1, 2, 0.5, 3, 1 / 3)


def f_measure(truth, got):
    return mir_eval.beat.f_measure(mir_eval.beat.trim_beats(truth), mir_eval.beat.trim_beats(got))


def read(folder):
    truth = {}
    for line in open(f"{folder}/truth.jsonl"):
        piece = json.loads(line)
        truth[piece["path"]] = piece
    pieces = []
    for line in open(f"{folder}/ways.jsonl"):
        found = json.loads(line)
        piece = truth[found["path"]]
        beats, downbeats = np.array(piece["beats_s"]), np.array(piece["downbeats_s"])
        ways = found["ways"]
        for way in ways:
            way["beats_s"] = np.array(way["beats_s"])
            way["f"] = f_measure(beats, way["beats_s"])
        best = max(range(len(ways)), key=lambda k: ways[k]["f"])
        pieces.append({**piece, "ways": ways, "best": best, "downbeats_s": downbeats})
    return pieces


def fit(groups, shrinkage):
    """groups: (features [n, d], good [n]) for each piece."""

    def loss(w):
        total, slope = 0.0, np.zeros_like(w)
        for x, good in groups:
            z = x @ w
            p = np.exp(z - z.max())
            p /= p.sum()
            share = (p * good).sum() + 1e-12
            total -= np.log(share)
            slope -= x.T @ (p * good / share - p)
        n = len(groups)
        return total / n + shrinkage * (w @ w), slope / n + 2 * shrinkage * w

    return minimize(loss, np.zeros(groups[0][0].shape[1]), jac=True, method="L-BFGS-B").x


def good(scores):
    scores = np.array(scores)
    return (scores >= max(0.6, scores.max() - 0.05)) * 1.0


def reading_scores(piece, way):
    def downbeats(per_bar, first):
        return way["beats_s"][first::per_bar]

    return [f_measure(piece["downbeats_s"], downbeats(m, o)) for m, o, _ in way["readings"]]


def learn(pieces):
    features = np.concatenate([[w["features"] for w in p["ways"]] for p in pieces])
    mean, spread = features.mean(0), features.std(0) + 1e-9
    groups = []
    for p in pieces:
        x = (np.array([w["features"] for w in p["ways"]]) - mean) / spread
        groups.append((x, good([w["f"] for w in p["ways"]])))
    way = fit([g for g in groups if g[1].any()], WAY_SHRINKAGE)
    groups = []
    for p in pieces:
        best = p["ways"][p["best"]]
        scores = reading_scores(p, best)
        if best["readings"] and max(scores) > 0.5:
            groups.append((np.array([r[2] for r in best["readings"]]), good(scores)))
    return mean, spread, way, fit(groups, READING_SHRINKAGE)


def report(name, pieces, mean, spread, way, reading):
    rows = []
    for p in pieces:
        x = (np.array([w["features"] for w in p["ways"]]) - mean) / spread
        chosen = p["ways"][int(np.argmax(x @ way))]
        z = [np.dot(r[2], reading) for r in chosen["readings"]]
        m, o, _ = chosen["readings"][int(np.argmax(z))]
        d = f_measure(p["downbeats_s"], chosen["beats_s"][o::m])
        off = [abs(chosen["bpm"] * k / p["bpm"] - 1) <= 0.04 for k in OCTAVES]
        rows.append((off[0], any(off), chosen["f"], d, p["ways"][p["best"]]["f"]))
    a1, a2, f, d, best = np.mean(rows, 0)
    print(f"{name}: {len(rows)} pieces, accuracy1 {a1:.3f}, accuracy2 {a2:.3f}, beats {f:.3f} (best way {best:.3f}), downbeats {d:.3f}")


def write(path, mean, spread, way, reading):
    lines = [
        "//! Learned by `training/beats/fit.py`; do not edit. @generated",
        "",
        "/// A feature's mean and spread over all ways, and its weight.",
        "#[derive(Clone, Copy)]",
        "pub struct Weight {",
        "    pub mean: f64,",
        "    pub spread: f64,",
        "    pub weight: f64,",
        "}",
        "",
        "const fn weight(mean: f64, spread: f64, weight: f64) -> Weight {",
        "    Weight {",
        "        mean,",
        "        spread,",
        "        weight,",
        "    }",
        "}",
        "",
        f"pub const BEATS: [Weight; {len(way)}] = [",
    ]
    lines += [f"    weight({m:.5f}, {s:.5f}, {w:.5f})," for m, s, w in zip(mean, spread, way)]
    lines += ["];", "", f"pub const BARS: [f64; {len(reading)}] = ["]
    lines += [f"    {w:.5f}," for w in reading] + ["];", ""]
    open(path, "w").write("\n".join(lines))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("train")
    parser.add_argument("--test", action="append", default=[])
    parser.add_argument("--out")
    options = parser.parse_args()
    pieces = read(options.train)
    learned = learn(pieces)
    report("learned from", pieces, *learned)
    for folder in options.test:
        tested = read(folder)
        for kind in sorted({p["set"] for p in tested}):
            report(f"{folder}, {kind}", [p for p in tested if p["set"] == kind], *learned)
    if options.out:
        write(options.out, *learned)


main()
