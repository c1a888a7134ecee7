"""Runs the project's example on clips; keeps what it said beside the set."""

import json
import os
import pathlib
import subprocess

TOP = pathlib.Path(__file__).resolve().parents[2]
SHOTS = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", TOP / "target")) / "release/examples/shots"


def raw(clip):
    """The clip as 160 x 90 frames, made once."""
    file = clip.with_suffix(".rgb")
    if not file.exists():
        part = file.with_suffix(".part")
        command = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", clip, "-vf", "scale=160:90:flags=area,format=rgb24"]
        subprocess.run([*map(str, command), "-f", "rawvideo", str(part)], check=True)
        part.rename(file)
    return file


def watch(clip, fps, every=1, sensitivity=0.5, clues=False):
    command = [str(SHOTS), "--fps", str(fps), "--every", str(every), "--sensitivity", str(sensitivity), "--speed"]
    with raw(clip).open("rb") as frames:
        done = subprocess.run(command + ["--clues"] * clues, stdin=frames, check=True, capture_output=True)
    return json.loads(done.stdout)
