#!/usr/bin/env python3
"""Fits the weights of the learned scores on the dev half, and writes them as Rust.

    fit.py WORK [--check]      --check: only says how well each is told in four folds over the clips

One hidden layer of tanh, cross entropy with weight decay; every clip is seen whole and with every second frame left out.
Where a stretch only half covers a true change, it is left out of the fit.
"""

import argparse
import json
import pathlib
import pickle

import numpy as np
import torch

from watch import SHOTS, TOP, watch

HIDDEN = {"cut": 12, "dissolve": 12, "fade": 6}
NAMES = {"cut": "HARD_CUT", "dissolve": "DISSOLVE", "fade": "FADE"}
DECAY, STEPS = 2e-3, 1200

def overlap(a, b):
    both = min(a[1], b[1]) - max(a[0], b[0])
    return max(0.0, both) / (max(a[1], b[1]) - min(a[0], b[0]) + 1e-9)

def label(clue, truth, fps, every):
    """1 for a true change of this kind, 0 for none, None where it is neither."""
    span = clue["span_s"]
    if clue["kind"] == "cut":
        frames = [t["frame"] for t in truth if t["kind"] == "hard"]
        # The first kept frame of the new shot.
        if any(-(-f // every) * every == round(span[0] * fps) for f in frames):
            return 1
        return None if any(abs(f - span[0] * fps) <= 1.01 * every for f in frames) else 0
    share = max((overlap(span, [f / fps for f in t["span"]]) for t in truth if t["kind"] == clue["kind"]), default=0.0)
    least, none = (0.6, 0.3) if clue["kind"] == "dissolve" else (0.4, 0.2)
    return 1 if share >= least else 0 if share <= none else None

def gather(work):
    """Clues, labels and clips of each kind; kept until the example is built anew."""
    kept = work / "clues.pickle"
    if kept.exists() and kept.stat().st_mtime > SHOTS.stat().st_mtime:
        return pickle.loads(kept.read_bytes())
    truth = json.loads((work / "set/truth.json").read_text())
    rows = {kind: ([], [], []) for kind in HIDDEN}
    missed = {kind: [0, 0] for kind in HIDDEN}
    for clip, (key, about) in enumerate(sorted(truth.items())):
        if not key.startswith("dev/"):
            continue
        for every in (1, 2) if about["fps"] < 60 else (1, 2, 4):
            told = watch(work / "set" / f"{key}.mp4", about["fps"], every, clues=True)
            for clue in told["clues"]:
                y = label(clue, about["truth"], about["fps"], every)
                if y is not None:
                    for column, value in zip(rows[clue["kind"]], (clue["clues"], y, clip)):
                        column.append(value)
            for t in about["truth"]:
                kind = {"hard": "cut"}.get(t["kind"], t["kind"])
                own = [t2 for t2 in [t]]
                seen = any(c["kind"] == kind and label(c, own, about["fps"], every) == 1 for c in told["clues"])
                missed[kind][0] += not seen
                missed[kind][1] += 1
    print("true changes without any clue:", missed)
    arrays = {kind: (np.array(x, np.float32), np.array(y, np.float32), np.array(c)) for kind, (x, y, c) in rows.items()}
    kept.write_bytes(pickle.dumps(arrays))
    return arrays

def train(x, y, hidden, decay=DECAY):
    torch.manual_seed(1)
    mean, scale = x.mean(0), 1 / (x.std(0) + 1e-3)
    inputs = torch.tensor(np.clip((x - mean) * scale, -4, 4))
    net = torch.nn.Sequential(torch.nn.Linear(x.shape[1], hidden), torch.nn.Tanh(), torch.nn.Linear(hidden, 1))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.02)
    target = torch.tensor(y)[:, None]
    # True changes are few; they count for more, though not for as much as all the rest.
    weight = torch.where(target > 0, float((len(y) / max(y.sum(), 1)) ** 0.4), 1.0)
    for step in range(STEPS):
        optimizer.param_groups[0]["lr"] = 0.02 * (1 - step / STEPS) + 1e-4
        optimizer.zero_grad()
        loss = (torch.nn.functional.binary_cross_entropy_with_logits(net(inputs), target, reduction="none") * weight).mean()
        loss = loss + decay * sum((p**2).sum() for n, p in net.named_parameters() if "weight" in n) / 10
        loss.backward()
        optimizer.step()
    return mean, scale, net

def told(parts, x):
    mean, scale, net = parts
    with torch.no_grad():
        return torch.sigmoid(net(torch.tensor(np.clip((x - mean) * scale, -4, 4)))).numpy()[:, 0]

def check(kind, x, y, clips):
    for hidden in (0, 6, HIDDEN[kind]):
        scores = np.zeros(len(y))
        for fold in range(4):
            inside = clips % 4 == fold
            parts = train(x[~inside], y[~inside], max(hidden, 1))
            scores[inside] = told(parts, x[inside])
        hit, false = ((scores > 0.5) & (y > 0)).sum(), ((scores > 0.5) & (y == 0)).sum()
        print(f"{kind} hidden {max(hidden, 1)}: recall {hit / y.sum():.4f} precision {hit / max(hit + false, 1):.4f} of {int(y.sum())}+{int((y == 0).sum())}")

def numbers(values):
    return "[" + ", ".join(f"{v:.4}" if "." in f"{v:.4}" or "e" in f"{v:.4}" else f"{v:.4}.0" for v in map(float, values)) + "]"

def rust(fitted):
    lines = ["//! Weights of the learned scores. Written by `benches/cuts/fit.py`; not to be edited by hand. @generated", ""]
    lines += ["use super::net::Net;", ""]
    for kind, (mean, scale, net) in fitted.items():
        hidden = HIDDEN[kind]
        parts = [p.detach().numpy() for p in net.parameters()]
        lines += ["#[rustfmt::skip]", f"pub(super) static {NAMES[kind]}: Net<{len(mean)}, {hidden}> = Net {{"]
        lines += [f"    mean: {numbers(mean)},", f"    scale: {numbers(scale)},", "    hidden: ["]
        lines += [f"        {numbers(row)}," for row in parts[0]]
        lines += ["    ],", f"    bias: {numbers(parts[1])},", f"    out: {numbers(parts[2][0])},"]
        lines += [f"    lift: {numbers(parts[3])[1:-1]},", "};", ""]
    return "\n".join(lines)

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    torch.set_num_threads(1)
    fitted = {}
    for kind, (x, y, clips) in gather(args.work).items():
        # As many as tell enough: a clip gives a stretch for almost every frame.
        if kind == "dissolve" and len(y) > 60000:
            keep = (y > 0) | (np.random.default_rng(1).random(len(y)) < 0.5)
            x, y, clips = x[keep], y[keep], clips[keep]
        if args.check:
            check(kind, x, y, clips)
        else:
            fitted[kind] = train(x, y, HIDDEN[kind])
            scores = told(fitted[kind], x)
            print(kind, len(y), int(y.sum()), "loss", float(-(y * np.log(scores + 1e-9) + (1 - y) * np.log(1 - scores + 1e-9)).mean()))
    if fitted:
        (TOP / "src-tauri/crates/vision/src/shots/weights.rs").write_text(rust(fitted))

if __name__ == "__main__":
    main()
