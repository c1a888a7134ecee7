"""Whole shots to make a test set from: films split where any tool sees a boundary, short clips and photos.

`split` gives, for each film, the stretches in which none of the tools sees anything; each shot belongs to the half `dev` or
`test` for good. Frames are 320 x 180, brought there once and mapped from disk.
"""

import json
import pathlib
import subprocess

import cv2
import numpy as np

WIDE, HIGH = 320, 180
# Frames left out at either end of a shot, and the least that a shot must have.
EDGE, LEAST = 3, 16
# Shots in a row that go to the same half, so that most scenes are on one side.
BLOCK = 8


class Shot:
    """`frames` at `fps`; `scene` is the same for shots near each other; a photo has a picture larger than the frame."""

    def __init__(self, name, frames, fps, half, scene, label):
        self.name, self.frames, self.fps, self.half, self.scene, self.label = name, frames, fps, half, scene, label

    @property
    def seconds(self):
        return len(self.frames) / self.fps if self.label != "photo" else 60.0


def decode(film, work):
    """Frames of a film as an array on disk."""
    file = work / "frames" / (film.stem + ".rgb")
    if not file.exists():
        file.parent.mkdir(exist_ok=True)
        part = file.with_suffix(".part")
        fit = f"scale={WIDE}:{HIGH}:force_original_aspect_ratio=increase:flags=area,crop={WIDE}:{HIGH},format=rgb24"
        command = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", film, "-vf", fit, "-fps_mode", "passthrough"]
        subprocess.run([*map(str, command), "-f", "rawvideo", str(part)], check=True)
        part.rename(file)
    return np.memmap(file, np.uint8, "r").reshape(-1, HIGH, WIDE, 3)


def rate(film):
    command = ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "stream=r_frame_rate", "-of", "csv=p=0"]
    above, below = subprocess.run([*command, str(film)], check=True, capture_output=True, text=True).stdout.strip().split("/")
    return int(above) / int(below)


def split(film, work, boundaries, skip_s=(0.0, 0.0)):
    """Shots of a film between the frames that any tool named."""
    frames, fps = decode(film, work), rate(film)
    first, last = int(skip_s[0] * fps), len(frames) - int(skip_s[1] * fps)
    marks = sorted({first, last, *(b for b in boundaries if first < b < last)})
    shots = []
    for a, b in zip(marks, marks[1:]):
        a, b = a + EDGE, b - EDGE
        if b - a >= LEAST:
            at = len(shots)
            half = "test" if at // BLOCK % 2 else "dev"
            shots.append(Shot(f"{film.stem}:{a}-{b}", frames[a:b], fps, half, f"{film.stem}{at // 4}", "film"))
    return shots


def clip(file, work, half):
    """A short clip that is one shot."""
    return Shot(file.stem, decode(file, work), min(rate(file), 30.0), half, file.stem, "film")


def photo(file, half):
    picture = cv2.cvtColor(cv2.imread(str(file)), cv2.COLOR_BGR2RGB)
    scale = 900 / picture.shape[1]
    picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    return Shot(file.stem, picture[None], 24.0, half, file.stem, "photo")


def sheet(shots, file, across=4):
    """A contact sheet: four frames of each shot, for a look at the doubtful ones."""
    rows, line = [], []
    for at, shot in enumerate(shots):
        n = len(shot.frames)
        cells = [cv2.resize(np.ascontiguousarray(shot.frames[i]), (80, 45)) for i in (0, n // 3, 2 * n // 3, n - 1)]
        strip = np.concatenate(cells, 1)
        cv2.putText(strip, f"{at} {shot.half[0]} {n}", (2, 10), cv2.FONT_HERSHEY_PLAIN, 0.7, (255, 255, 0), 1)
        line.append(strip)
        if len(line) == across:
            rows.append(np.concatenate(line, 1))
            line = []
    if line:
        line += [np.zeros_like(line[0])] * (across - len(line))
        rows.append(np.concatenate(line, 1))
    cv2.imwrite(str(file), cv2.cvtColor(np.concatenate(rows, 0), cv2.COLOR_RGB2BGR))


def load(work, films, clips, photos):
    """All shots, from `boundaries.json` of each film in `work` (see peers.py)."""
    shots = []
    for film, skip_s in films:
        found = json.loads((work / f"{film.stem}.boundaries.json").read_text())
        shots += split(film, work, found, skip_s)
    shots += [clip(file, work, "test" if at % 2 else "dev") for at, file in enumerate(clips)]
    shots += [photo(file, "test" if at % 2 else "dev") for at, file in enumerate(photos)]
    return [shot for shot in shots if visible(shot)]


def visible(shot):
    """Whether there is a picture all through: what starts or ends in black has no clear boundary."""
    deviations = [float(np.asarray(frame[::6, ::6]).std()) for frame in shot.frames[:: max(1, len(shot.frames) // 12)]]
    return min([*deviations, float(np.asarray(shot.frames[-1]).std())]) > 12


def args(parser):
    """The options that say where the material lies."""
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--film", type=pathlib.Path, action="append", default=[], help="split into its shots")
    parser.add_argument("--clip", type=pathlib.Path, action="append", default=[], help="one shot each")
    parser.add_argument("--photo", type=pathlib.Path, action="append", default=[])
    return parser
