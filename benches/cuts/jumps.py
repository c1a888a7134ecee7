#!/usr/bin/env python3
"""Makes the jump cuts: one scene, seen closer or from farther away by 10 to 25 % from a frame on.

    jumps.py WORK --film FILM… --clip CLIP… --photo PHOTO…

Writes WORK/set/{dev,test}/{jump,rough}NN.mp4 and WORK/set/jumps.json, from the shots of make.py. `jump` clips are cut at
known frames; half of the cuts leave out some of the footage, as in interviews. `rough` clips are one take each: zooms of 2
to 8 frames, jolts, pans with repeated or missing frames. Every choice follows from the seed of its clip.
"""

import argparse
import json

import numpy as np

import sources
from make import RATES, SKIP_S, View, Writer, pick

COUNTS = {"jump": {"dev": 40, "test": 28}, "rough": {"dev": 32, "test": 24}}
ROUGH = ["crash", "jolt", "stutter", "missing"]


def choose(rng, shots):
    long = [s for s in shots if s.seconds > 3.0]
    weights = np.array([0.4 if s.label == "photo" else 1.0 for s in long])
    return long[rng.choice(len(long), p=weights / weights.sum())]


def view_of(rng, shot):
    view = View(rng, shot, crop=rng.uniform(0.6, 0.8), dark=rng.random() < 0.1)
    view.at = rng.uniform(0.2, 0.8, 2)
    view.drift = rng.uniform(-0.12, 0.12, 2) * (rng.random() < 0.4)
    view.zoom = rng.uniform(-0.03, 0.03) * (rng.random() < 0.4)
    return view


def jump(rng, shots, file, fps):
    shot = choose(rng, shots)
    view, writer, truth = view_of(rng, shot), Writer(rng, file, fps), []
    lengths = [max(3, round(rng.uniform(0.5, 2.2) * fps)) for _ in range(6)]
    clock, left = 0.0, shot.seconds
    for at, frames in enumerate(lengths):
        if at:
            ratio = np.exp(rng.uniform(np.log(1.10), np.log(1.25)))
            closer = view.size * ratio > 0.98 or (view.size / ratio > 0.5 and rng.random() < 0.5)
            view.size = view.size / ratio if closer else view.size * ratio
            view.at = np.clip(view.at + rng.uniform(-0.15, 0.15, 2), 0, 1)
            clock += rng.uniform(0.1, 0.8) * (rng.random() < 0.5)
            truth.append({"kind": "hard", "sub": "closer" if closer else "farther", "frame": writer.count})
        for _ in range(frames):
            # A shot that ends is watched backwards: nothing jumps there.
            time_s = clock % (2 * left)
            writer.add(view.picture(min(time_s, 2 * left - time_s), "hold"))
            clock += 1 / fps
    return {**writer.close(), "truth": truth, "trap": None, "mode": shot.label}


def rough(rng, shots, kind, file, fps):
    shot = choose(rng, shots)
    view, writer = view_of(rng, shot), Writer(rng, file, fps)
    seconds = min(6.0, shot.seconds)
    n = int(seconds * fps)
    path = np.zeros((n, 3))
    path[:, 2] = 1.0
    show = np.arange(n)
    starts = np.arange(0.7, seconds - 0.7, 1.2)
    if kind == "crash":
        for start in starts:
            ratio = np.exp(rng.choice([-1, 1]) * rng.uniform(np.log(1.10), np.log(1.25)))
            frames = rng.integers(2, 9)
            part = np.clip((np.arange(n) - int(start * fps)) / frames, 0, 1)
            path[:, 2] *= ratio ** (part * part * (3 - 2 * part))
        path[:, 2] = np.clip(path[:, 2], 0.7, 1.25)
    elif kind == "jolt":
        for start in starts:
            since = (np.arange(n) / fps - start) * rng.uniform(8, 14)
            path[:, :2] += np.where(since > 0, np.exp(-since / 2) * np.sin(3 * since), 0)[:, None] * rng.uniform(-0.4, 0.4, 2)
    else:
        speed = rng.uniform(0.1, 0.35) * rng.choice([-1, 1])
        path[:, 0] = speed * (np.arange(n) / fps - seconds / 2)
        path[:, 2] = np.exp(rng.uniform(-0.08, 0.08) * np.arange(n) / fps)
        if kind == "stutter":
            hold = int(rng.integers(2, 4))
            show = show // hold * hold
        else:
            for start in starts:
                first = int(start * fps)
                show[first : first + rng.integers(2, 6)] = first
    for k in show:
        writer.add(view.picture(k / fps, "hold", path[k][:2], path[k][2]))
    return {**writer.close(), "truth": [], "trap": kind, "mode": shot.label}


def main():
    parser = sources.args(argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter))
    args = parser.parse_args()
    films = [(film, SKIP_S.get(film.stem, (0.0, 0.0))) for film in args.film]
    shots = sources.load(args.work, films, args.clip, args.photo)
    kept = args.work / "set" / "jumps.json"
    truth = json.loads(kept.read_text()) if kept.exists() else {}
    for half in ("test", "dev"):
        folder = args.work / "set" / half
        folder.mkdir(parents=True, exist_ok=True)
        own = [s for s in shots if s.half == half]
        for number, (what, counts) in enumerate(COUNTS.items()):
            for at in range(counts[half]):
                rng = np.random.default_rng([9, half == "test", number, at])
                name = f"{what}{at:02}"
                if f"{half}/{name}" in truth:
                    continue
                file, fps = folder / f"{name}.mp4", pick(rng, RATES)
                made = jump(rng, own, file, fps) if what == "jump" else rough(rng, own, ROUGH[at % 4], file, fps)
                truth[f"{half}/{name}"] = made
    kept.write_text(json.dumps(truth, indent=1))


if __name__ == "__main__":
    main()
