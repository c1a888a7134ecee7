"""Clips that follow a known tempo, and clips that follow none: what `needledrop look` says of them."""

import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np

WIDTH, HEIGHT, FPS, LENGTH_S = 192, 108, 25, 30
KINDS = ["cuts", "motion", "both"]
OF_EACH, NONE_OF_EACH = 30, 20


def shots(film, rng):
    """Pieces of ten seconds from all over the film."""
    probe = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", film]
    length = float(subprocess.run(probe, capture_output=True, text=True, check=True).stdout)
    pieces = []
    for at in np.linspace(10, length - 25, 24):
        command = ["ffmpeg", "-v", "error", "-ss", f"{at:.2f}", "-t", "10", "-i", film, "-vf",
                   f"fps={FPS},scale={WIDTH}:{HEIGHT}", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
        raw = subprocess.run(command, capture_output=True, check=True).stdout
        pieces.append(np.frombuffer(raw, np.uint8).reshape(-1, HEIGHT, WIDTH, 3))
    rng.shuffle(pieces)
    return pieces


def beats(bpm, rng):
    """Beats from a random phase on: each jittered by up to 30 ms, a quarter of them missing."""
    period = 60 / bpm
    times = np.arange(rng.uniform(0, period), LENGTH_S, period)
    times = times + rng.uniform(-0.03, 0.03, len(times))
    return [t for t in times if rng.random() > 0.25 and 0 < t < LENGTH_S]


def cut_at(times, pieces, rng):
    frames = np.empty((LENGTH_S * FPS, HEIGHT, WIDTH, 3), np.uint8)
    starts = [0] + [round(t * FPS) for t in times]
    for start, end in zip(starts, starts[1:] + [len(frames)]):
        piece = pieces[rng.integers(len(pieces))]
        need = max(end - start, 0)
        first = rng.integers(max(len(piece) - need, 1))
        indices = np.minimum(first + np.arange(need), len(piece) - 1)
        frames[start:end] = piece[indices]
    return frames


def hit_at(times, frames, rng):
    """A textured thing that swings and stops dead at each of the times."""
    size = 34
    thing = rng.integers(0, 255, (size // 2, size // 2, 3), dtype=np.uint8).repeat(2, 0).repeat(2, 1)
    places = [0.1]
    for _ in times:
        step = rng.uniform(0.15, 0.4) * (1 if places[-1] < 0.5 else -1)
        places.append(min(max(places[-1] + step, 0), 0.8))
    times = list(times)
    out = frames.copy()
    for n in range(len(out)):
        t = n / FPS
        i = sum(x <= t for x in times)
        if i >= len(times):
            x = places[-1]
        else:
            # It sets out 0.3 s before the hit at the earliest and speeds up towards it.
            begin = max(times[i - 1] if i else 0.0, times[i] - 0.3)
            part = min(max((t - begin) / max(times[i] - begin, 1e-3), 0), 1) ** 2
            x = places[i] + (places[i + 1] - places[i]) * part
        left = round(x * (WIDTH - size))
        top = (HEIGHT - size) // 2
        out[n, top:top + size, left:left + size] = thing
    return out


def write(path, frames):
    command = ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{WIDTH}x{HEIGHT}",
               "-r", str(FPS), "-i", "-", "-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-pix_fmt", "yuv420p", path]
    subprocess.run(command, input=frames.tobytes(), check=True)


def make(kind, bpm, pieces, rng):
    still = np.repeat(pieces[rng.integers(len(pieces))][:1], LENGTH_S * FPS, 0)
    if kind == "still":
        noise = rng.integers(-3, 4, (8, HEIGHT, WIDTH, 3))
        return np.clip(still.astype(np.int16) + noise[np.arange(len(still)) % 8], 0, 255).astype(np.uint8)
    if kind == "film":
        # Ten seconds of it as they are: its own cuts, its own motion.
        return pieces[rng.integers(len(pieces))]
    if kind == "random cuts":
        times, t = [], 0.0
        while True:
            t += rng.uniform(0.4, 3.0) if rng.random() < 0.7 else rng.exponential(2.0) + 0.2
            if t >= LENGTH_S:
                return cut_at(times, pieces, rng)
            times.append(t)
    times = beats(bpm, rng)
    if kind == "cuts":
        return cut_at(times, pieces, rng)
    if kind == "motion":
        return hit_at(times, still, rng)
    return hit_at(beats_of(times, rng), cut_at(times[::3], pieces, rng), rng)


def beats_of(times, rng):
    return [t for t in times if rng.random() > 0.2]


def octaves_off(a, b):
    octaves = math.log2(a / b)
    return abs(octaves - round(octaves))


def main(film, work, needledrop):
    work = Path(work)
    work.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(4)
    pieces = []
    rows = []
    for kind in KINDS + ["still", "film", "random cuts"]:
        count = OF_EACH if kind in KINDS else NONE_OF_EACH
        for n in range(count):
            bpm = 60 * 3 ** ((n + rng.random()) / count)
            path = work / f"{kind.replace(' ', '-')}-{n:02}.mp4"
            if not path.exists():
                pieces = pieces or shots(film, rng)
                write(str(path), make(kind, bpm, pieces, rng))
                path.with_suffix(".bpm").write_text(f"{bpm:.3f}")
            bpm = float(path.with_suffix(".bpm").read_text())
            told = subprocess.run([needledrop, "look", str(path), "--json"], capture_output=True, text=True, check=True)
            tempo = json.loads(told.stdout)["tempo"]
            rows.append((kind, bpm, tempo["bpm"] or 0.0, tempo["confidence"]))
    print("| clips | n | within 4 % modulo octave | confidence, median | below 0.3 |")
    print("|---|---|---|---|---|")
    for kind in KINDS + ["still", "film", "random cuts"]:
        of = [r for r in rows if r[0] == kind]
        right = [r for r in of if r[2] and octaves_off(r[1], r[2]) < math.log2(1.04)]
        unsure = [r for r in of if r[3] < 0.3]
        share = f"{len(right) / len(of):.0%}" if kind in KINDS else "-"
        print(f"| {kind} | {len(of)} | {share} | {np.median([r[3] for r in of]):.2f} | {len(unsure) / len(of):.0%} |")
        for r in of:
            wrong = kind in KINDS and r not in right or kind not in KINDS and r not in unsure
            if wrong:
                print(f"  {r[0]}: {r[1]:.1f} read as {r[2]:.1f}, confidence {r[3]:.2f}", file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
