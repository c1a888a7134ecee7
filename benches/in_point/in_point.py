"""Clips cut to a known place in a track of a catalog: is the track found, and the place?

An editor's way is imitated: 30 to 60 s of whole shots of a film, a cut on most bars or every second or fourth one, now
and then on another beat, one cut in ten elsewhere, one in ten left out; cuts fall on the nearest frame. The picture has
nothing to do with the music, so only time can tell.
"""

import bisect
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
from pulse import FPS, HEIGHT, WIDTH, write


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def shots(film, needledrop, rng):
    """Whole shots of the film, two seconds or longer, none of them its titles."""
    length = float(run("ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", film))
    found = []
    for at in np.arange(20, length - 150, 100):
        cuts = json.loads(run(needledrop, "look", film, "--range", f"{at}-{at + 100}", "--json"))["cuts"]
        edges = [c["time_s"] for c in cuts]
        for start, end in zip(edges, edges[1:]):
            if end - start >= 2:
                command = ["ffmpeg", "-v", "error", "-ss", f"{start + 0.1:.3f}", "-t", f"{min(end - start - 0.2, 12):.3f}", "-i", film,
                           "-vf", f"fps={FPS},scale={WIDTH}:{HEIGHT}", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
                raw = subprocess.run(command, capture_output=True, check=True).stdout
                found.append(np.frombuffer(raw, np.uint8).reshape(-1, HEIGHT, WIDTH, 3))
    rng.shuffle(found)
    return found


def cut_like_an_editor(beats, bars, offset, length, rng):
    every = rng.choice([1, 1, 2, 2, 4])
    inside = [b for b in bars if offset + 0.5 < b < offset + length - 0.5]
    # A cut on every bar of a fast track is a cut a second; no editor goes on like that.
    while len(inside) // every > length / 1.5:
        every *= 2
    cuts = [b - offset for b in inside[::every]]
    cuts = [c if rng.random() > 0.15 else nearest(beats, c + offset + rng.choice([-1, 1]) * 0.6) - offset for c in cuts]
    cuts = [c for c in cuts if rng.random() > 0.1]
    cuts += list(rng.uniform(1, length - 1, round(len(cuts) / 10)))
    cuts = sorted(c for c in cuts if 0.4 < c < length - 0.4)
    return [c for c, before in zip(cuts, [0] + cuts) if c - before > 0.3]


def nearest(times, t):
    at = bisect.bisect(times, t)
    return min(times[max(at - 1, 0):at + 1], key=lambda x: abs(x - t))


def assemble(cuts, length, pieces, rng):
    frames = np.empty((round(length * FPS), HEIGHT, WIDTH, 3), np.uint8)
    starts = [0] + [round(c * FPS) for c in cuts] + [len(frames)]
    last = -1
    for start, end in zip(starts, starts[1:]):
        long = [i for i in range(len(pieces)) if len(pieces[i]) >= end - start and i != last]
        last = int(rng.choice(long or range(len(pieces))))
        piece = pieces[last]
        first = rng.integers(max(len(piece) - (end - start), 0) + 1)
        frames[start:end] = piece[np.minimum(first + np.arange(end - start), len(piece) - 1)]
    return frames


def main(film, catalog, work, needledrop, count):
    work = Path(work)
    work.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(7)
    tracks = json.loads(run(needledrop, "tracks", "--catalog", catalog, "--json"))["tracks"]
    pieces = shots(film, needledrop, rng)
    print(f"{len(tracks)} tracks, {len(pieces)} shots", file=sys.stderr)
    rows = []
    while len(rows) < int(count):
        track = tracks[rng.integers(len(tracks))]
        length = rng.uniform(30, 60)
        if track["duration_s"] < length + 20:
            continue
        heard = json.loads(run(needledrop, "analyze", track["path"], "--no-embed", "--json"))
        bars, beats = heard["downbeats_s"], heard["beats_s"]
        first = [b for b in bars if b < track["duration_s"] - length - 3]
        if len(bars) < 20 or not first:
            continue
        offset = float(rng.choice(first))
        cuts = cut_like_an_editor(beats, bars, offset, length, rng)
        if len(cuts) < 6:
            continue
        path = work / f"clip-{len(rows):03}.mp4"
        write(str(path), assemble(cuts, length, pieces, rng))
        answer = json.loads(run(needledrop, "match", str(path), "--catalog", catalog, "--top", "200", "--json"))
        row = next((r for r in answer["results"] if r["track_id"] == track["track_id"]), None)
        bar = float(np.median(np.diff(bars)))
        off = phase = None
        if row:
            off = abs(row["start_s"] - nearest(bars, row["start_s"]))
            phase = abs((row["start_s"] - offset + bar / 2) % bar - bar / 2)
        rows.append((row["rank"] if row else 999, off, phase, row and row["alignment"]["score"], len(cuts),
                     row and abs(row["start_s"] - offset) < 0.05))
        print(f"{len(rows):3} rank {rows[-1][0]:3} off the bar {off} modulo bar {phase} {len(cuts)} cuts, aligned "
              f"{row and row['alignment']['score']} {row and row['alignment']['cuts_landed']} landed, pulse "
              f"{answer['brief']['tempo_bpm']} ({answer['brief']['tempo_confidence']}) of {track['bpm']}: {track['title']}", file=sys.stderr)
    top = [r for r in rows if r[0] <= 5]
    share = lambda some, of: f"{len(some)}/{len(of)} = {len(some) / max(len(of), 1):.0%}"
    print(f"top 1: {share([r for r in rows if r[0] == 1], rows)}; top 5: {share(top, rows)}; top 30: {share([r for r in rows if r[0] <= 30], rows)}")
    print(f"of the top 5, within 50 ms of a bar line: {share([r for r in top if r[1] <= 0.05], top)}; "
          f"modulo the median bar: {share([r for r in top if r[2] <= 0.05], top)}; the very place: {share([r for r in top if r[5]], top)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
