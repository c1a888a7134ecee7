#!/usr/bin/env python3
"""Makes the test set: sequences with known boundaries, and traps without any.

    make.py WORK --film FILM… --clip CLIP… --photo PHOTO…

Writes WORK/set/{dev,test}/NAME.mp4 and WORK/set/truth.json. Every choice follows from the seed
of its clip; clips that truth.json already holds are kept.
"""

import argparse
import json
import subprocess

import cv2
import numpy as np

import sources
from sources import HIGH, WIDE

SEQUENCES = {"dev": 60, "test": 40}
SEGMENTS = 13
TRAPS = {"flash": 14, "light": 12, "pan": 12, "whip": 12, "shake": 8, "zoom": 10, "subject": 10, "plain": 14, "slow": 12}
RATES = [(24, 0.3), (25, 0.3), (30, 0.25), (60, 0.15)]
# What follows a segment, and how often.
JOINS = [("hard", 0.30), ("similar", 0.13), ("dark", 0.08), ("short", 0.09), ("dissolve", 0.20), ("fade", 0.20)]
SKIP_S = {"bbb": (14.0, 108.0)}


def pick(rng, table):
    names, weights = zip(*table)
    return names[rng.choice(len(names), p=np.array(weights) / sum(weights))]


class View:
    """How a shot is shown: a crop, mirrored or not, darkened or not; a photo is slowly moved over."""

    def __init__(self, rng, shot, crop=None, dark=False):
        self.shot = shot
        self.size = crop or rng.uniform(0.7, 1.0)
        self.at = rng.uniform(0, 1, 2)
        self.flip = rng.random() < 0.4
        self.gain = rng.uniform(0.12, 0.3) if dark else rng.uniform(0.85, 1.1)
        self.drift = rng.uniform(-0.06, 0.06, 2) if shot.label == "photo" else np.zeros(2)
        self.zoom = rng.uniform(-0.05, 0.05) if shot.label == "photo" else 0.0

    def picture(self, time_s, mode, move=(0.0, 0.0), scale=1.0):
        shot = self.shot
        at = min(max(time_s * shot.fps, 0.0), len(shot.frames) - 1.0) if shot.label != "photo" else 0.0
        frame = np.asarray(shot.frames[int(at)])
        if mode == "blend" and at % 1 and int(at) + 1 < len(shot.frames):
            frame = cv2.addWeighted(frame, 1 - at % 1, np.asarray(shot.frames[int(at) + 1]), at % 1, 0)
        high, wide = frame.shape[:2]
        size = self.size * scale * (1 + self.zoom * time_s)
        size = min(size, 1.0)
        fit = min(wide / WIDE, high / HIGH) * size
        room = np.array([wide - WIDE * fit, high - HIGH * fit])
        corner = np.clip(self.at + self.drift * time_s + np.array(move), 0, 1) * room
        matrix = np.array([[fit, 0, corner[0]], [0, fit, corner[1]]])
        how = cv2.INTER_LINEAR if fit < 1.6 else cv2.INTER_AREA
        if fit > 1.6:
            x, y = corner.astype(int)
            frame = cv2.resize(frame[y : y + int(HIGH * fit), x : x + int(WIDE * fit)], (WIDE, HIGH), interpolation=how)
        else:
            frame = cv2.warpAffine(frame, matrix, (WIDE, HIGH), flags=how | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE)
        if self.flip:
            frame = frame[:, ::-1]
        return np.clip(frame.astype(np.float32) * self.gain, 0, 255)


class Writer:
    """Frames into H.264 with a quality that follows from the seed."""

    def __init__(self, rng, file, fps):
        crf, preset = int(rng.integers(18, 34)), ["veryfast", "fast", "superfast"][rng.integers(3)]
        command = f"ffmpeg -nostdin -v error -y -f rawvideo -pix_fmt rgb24 -s {WIDE}x{HIGH} -r {fps} -i - -c:v libx264 -threads 2"
        command += f" -preset {preset} -crf {crf} -g {int(rng.choice([25, 60, 250]))} -pix_fmt yuv420p"
        self.noise, self.rng, self.count = rng.choice([0.0, 0.0, 2.0, 5.0]), rng, 0
        self.grain = rng.normal(0, 1, (8, HIGH, WIDE, 1)).astype(np.float32)
        self.ffmpeg = subprocess.Popen([*command.split(), str(file)], stdin=subprocess.PIPE)
        self.about = {"file": file.name, "fps": int(fps), "crf": crf}

    def add(self, frame):
        if self.noise:
            frame = frame + self.noise * np.roll(self.grain[self.rng.integers(8)], int(self.rng.integers(WIDE)), 1)
        self.ffmpeg.stdin.write(np.clip(frame + 0.5, 0, 255).astype(np.uint8).tobytes())
        self.count += 1

    def close(self):
        self.ffmpeg.stdin.close()
        assert self.ffmpeg.wait() == 0, "ffmpeg failed"
        return {**self.about, "frames": self.count}


def sequence(rng, shots, file, fps):
    writer, truth, joins = Writer(rng, file, fps), [], []
    mode = pick(rng, [("hold", 0.5), ("native", 0.3), ("blend", 0.2)])
    joins = [pick(rng, JOINS) for _ in range(SEGMENTS - 1)]
    speed = {24: 1.0, 25: 25 / 24, 30: 1.25, 60: 1.25}[fps] if mode == "native" else 1.0
    # Lengths in frames of each join: out and in are the parts that overlap the segments' own pictures.
    span = lambda low, high: max(2, round(rng.uniform(low, high) * fps))
    views, bodies, changes = [], [], []
    for at in range(SEGMENTS):
        before, after = joins[at - 1] if at else "hard", joins[at] if at < len(joins) else "hard"
        change = None
        if after == "dissolve":
            change = {"kind": "dissolve", "frames": span(0.3, 1.5)}
        elif after == "fade":
            colour = 0.0 if rng.random() < 0.85 else 255.0
            change = {"kind": "fade", "out": span(0.2, 0.75), "hold": span(0.0, 0.5), "in": span(0.2, 0.75), "colour": colour}
        body_s = 0.3 if before == "short" else rng.uniform(0.7, 1.9)
        bodies.append(max(3, round(body_s * fps)))
        changes.append(change)
        views.append(choose(rng, shots, views, before, "dark" in (before, after), (body_s + 1.8) * speed))
    # A short shot is followed by a hard cut.
    for at, join in enumerate(joins[:-1]):
        if join == "short" and changes[at + 1]:
            changes[at + 1], joins[at + 1] = None, "hard"
    offsets = [rng.uniform(0, max(0.0, v.shot.seconds - (b / fps + 1.8) * speed)) for v, b in zip(views, bodies)]
    clocks = [0] * SEGMENTS

    def show(at):
        time_s = offsets[at] + clocks[at] / fps * speed
        clocks[at] += 1
        return views[at].picture(time_s, mode)

    for at in range(SEGMENTS):
        for _ in range(bodies[at]):
            writer.add(show(at))
        if at + 1 == SEGMENTS:
            break
        change, start = changes[at], writer.count
        if not change:
            truth.append({"kind": "hard", "sub": joins[at], "frame": start})
        elif change["kind"] == "dissolve":
            n = change["frames"]
            for k in range(n):
                share = (k + 1) / (n + 1)
                writer.add((1 - share) * show(at) + share * show(at + 1))
            truth.append({"kind": "dissolve", "sub": "dissolve", "span": [start - 1, writer.count]})
        else:
            for k in range(change["out"]):
                share = (k + 1) / (change["out"] + 1)
                writer.add((1 - share) * show(at) + share * change["colour"])
            for _ in range(change["hold"]):
                writer.add(np.full((HIGH, WIDE, 3), change["colour"], np.float32))
            for k in range(change["in"]):
                share = (k + 1) / (change["in"] + 1)
                writer.add(share * show(at + 1) + (1 - share) * change["colour"])
            sub = "black" if change["colour"] == 0 else "white"
            truth.append({"kind": "fade", "sub": sub, "span": [start - 1, writer.count]})
    return {**writer.close(), "truth": truth, "trap": None, "mode": mode}


def choose(rng, shots, views, join, dark, seconds):
    last = views[-1] if views else None
    enough = [s for s in shots if s.seconds >= seconds * 0.7] or shots
    if last is not None and join == "similar":
        near = [s for s in enough if s.scene == last.shot.scene and s is not last.shot]
        if near and last.shot.label != "photo":
            view = View(rng, near[rng.integers(len(near))], crop=last.size, dark=dark)
            view.at, view.flip, view.gain = last.at, last.flip, last.gain
            return view
        # A punch-in: the same shot, nearer by half.
        crop = 0.55 if last.size > 0.75 else min(1.0, last.size * 1.45)
        view = View(rng, last.shot, crop=crop, dark=dark)
        view.flip, view.gain = last.flip, last.gain
        return view
    others = [s for s in enough if last is None or s is not last.shot]
    weights = np.array([0.35 if s.label == "photo" else 1.0 for s in others])
    return View(rng, others[rng.choice(len(others), p=weights / weights.sum())], dark=dark)


def trap(rng, shots, kind, file, fps):
    writer = Writer(rng, file, fps)
    films = [s for s in shots if s.label == "film" and s.seconds > (4.5 if kind == "plain" else 3.0)]
    photos = [s for s in shots if s.label == "photo"]
    if kind == "subject":
        busy = sorted(films, key=lambda s: -busyness(s))[: max(6, len(films) // 3)]
        shot = busy[rng.integers(len(busy))]
    elif kind in ("pan", "whip", "zoom", "slow") and rng.random() < 0.6:
        shot = photos[rng.integers(len(photos))]
    else:
        shot = films[rng.integers(len(films))]
    view = View(rng, shot, crop={"pan": 0.45, "whip": 0.4, "shake": 0.7, "zoom": 0.95, "slow": 0.6, "plain": 1.0}.get(kind, 0.95))
    view.drift, view.zoom, view.gain = np.zeros(2), 0.0, 1.0
    seconds = min({"plain": 12.0, "slow": 8.0}.get(kind, 5.0), shot.seconds / (1.5 if kind == "subject" else 1.0))
    offset = rng.uniform(0, max(0.0, shot.seconds - seconds * (1.5 if kind == "subject" else 1.0)))
    n = int(seconds * fps)
    lit = np.zeros((n, 2), np.float32)
    lit[:, 0] = 1.0
    for start in np.arange(0.8, seconds - 0.9, 1.1) if kind in ("flash", "light") else ():
        first = int((start + rng.uniform(0, 0.3)) * fps)
        if kind == "flash":
            strength = rng.choice([1.0, 1.0, 0.7, 0.5])
            lit[first : first + rng.integers(1, 5)] = (1 - strength, 255 * strength)
        else:
            lit[first : first + round(0.5 * fps)] = [(1.5, 25.0), (0.5, 0.0), (1.25, 40.0), (0.65, -8.0)][rng.integers(4)]
    path = moves(rng, kind, n, fps)
    for k in range(n):
        time_s = offset + k / fps * (1.5 if kind == "subject" else 1.0)
        if kind in ("pan", "whip", "slow"):
            view.at = np.zeros(2)
            step = path[min(k + 1, n - 1)] - path[k]
            blur = 6 if kind == "whip" else 2
            frame = sum(view.picture(time_s, "hold", path[k][:2] + step[:2] * b / blur / 2) for b in range(blur)) / blur
        else:
            frame = view.picture(time_s, "hold", path[k][:2], path[k][2])
        writer.add(np.clip(frame * lit[k][0] + lit[k][1], 0, 255))
    return {**writer.close(), "truth": [], "trap": kind, "mode": shot.label}


def moves(rng, kind, n, fps):
    """Crop position (as parts of its room) and scale, frame by frame."""
    path = np.zeros((n, 3))
    path[:, 2] = 1.0
    times = np.arange(n) / fps
    if kind in ("pan", "whip", "slow"):
        path[:, 1] = rng.uniform(0, 1)
        low, high = {"pan": (0.9, 1.8), "whip": (0.22, 0.4), "slow": (2.5, 5.0)}[kind]
        at, place = 0.5, float(rng.integers(2))
        path[:, 0] = place
        while at < n / fps:
            length, goal = rng.uniform(low, high), 1.0 - place
            share = np.clip((times - at) / length, 0, 1)
            share = share * share * (3 - 2 * share)
            path[:, 0] = np.where(times >= at, place + (goal - place) * share, path[:, 0])
            at, place = at + length + rng.uniform(0.3, 0.8), goal
    if kind == "slow":
        path[:, 2] = 1 + rng.uniform(-0.4, 0.4) * times / times[-1]
    elif kind == "shake":
        for axis in (0, 1):
            for _ in range(4):
                path[:, axis] += rng.uniform(0.05, 0.2) * np.sin(2 * np.pi * rng.uniform(0.7, 7) * times + rng.uniform(0, 6))
    elif kind == "zoom":
        period = rng.uniform(0.6, 2.0)
        path[:, 2] = 0.675 + 0.325 * np.cos(np.pi * np.clip((times % (2 * period)) / period, 0, 2))
    return path


def busyness(shot):
    frames = np.asarray(shot.frames[::4, ::4, ::4], np.int16)
    return float(np.abs(np.diff(frames, axis=0)).mean()) if len(frames) > 1 else 0.0


def main():
    parser = sources.args(argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter))
    args = parser.parse_args()
    films = [(film, SKIP_S.get(film.stem, (0.0, 0.0))) for film in args.film]
    shots = sources.load(args.work, films, args.clip, args.photo)
    sources.sheet([s for s in shots if s.label == "film"], args.work / "shots.png")
    kept = args.work / "set" / "truth.json"
    truth = json.loads(kept.read_text()) if kept.exists() else {}
    for half in ("test", "dev"):
        folder = args.work / "set" / half
        folder.mkdir(parents=True, exist_ok=True)
        own = [s for s in shots if s.half == half]
        base = 1000 if half == "test" else 0
        for at in range(SEQUENCES[half]):
            rng = np.random.default_rng([7, base, at])
            name = f"sequence{at:02}"
            if f"{half}/{name}" in truth:
                continue
            truth[f"{half}/{name}"] = sequence(rng, own, folder / f"{name}.mp4", pick(rng, RATES))
        for number, (kind, count) in enumerate(TRAPS.items()):
            for at in range(count):
                rng = np.random.default_rng([8, base, number, at])
                name = f"{kind}{at:02}"
                if f"{half}/{name}" in truth:
                    continue
                truth[f"{half}/{name}"] = trap(rng, own, kind, folder / f"{name}.mp4", pick(rng, RATES))
        counts = {}
        for key, value in truth.items():
            for one in value["truth"] if key.startswith(half) else ():
                counts[one["kind"] + " " + one["sub"]] = counts.get(one["kind"] + " " + one["sub"], 0) + 1
        print(half, len(own), "shots", counts, sum(v["frames"] for k, v in truth.items() if k.startswith(half)), "frames")
    (args.work / "set" / "truth.json").write_text(json.dumps(truth, indent=1))


if __name__ == "__main__":
    main()
