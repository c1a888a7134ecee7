"""Big Buck Bunny, the film that MoviePy's source archive ships: its scenes and the film's own sound at that point.

The film is cut into pieces of 24 s up to the titles at its end. A piece gives three
pictures and its sound as a track. Nobody speaks in the film; music and noises are
mixed. Pieces below -45 dB are left out.
"""

import re
import subprocess
import tempfile
import zipfile
from pathlib import Path

from pair import Pair
from pictures import flatten, load

PACKAGES = ["pypi:moviepy==2.1.1"]
LICENCE = "CC-BY-3.0"
ARCHIVE = "docs/_static/medias/getting_started/moviepy_10_minutes/moviepy_10_minutes.zip"
FILM = "moviepy_10_minutes/resources/bbb.mp4"
START_S, END_S, PIECE_S = 6, 486, 24
QUIET_DB = -45


def pairs(roots):
    archive = next(roots[PACKAGES[0]].glob(f"*/{ARCHIVE}"))
    with tempfile.TemporaryDirectory() as folder:
        film = Path(zipfile.ZipFile(archive).extract(FILM, folder))
        for start_s in range(START_S, END_S, PIECE_S):
            track, pictures = Path(folder) / f"bbb_{start_s:03}.ogg", []
            ffmpeg("-ss", start_s, "-t", PIECE_S, "-i", film, "-vn", "-c:a", "libvorbis", "-q:a", "5", track)
            level = ffmpeg("-i", track, "-af", "volumedetect", "-f", "null", "-")
            if float(re.search(r"mean_volume: (-?[\d.]+|-inf)", level)[1]) < QUIET_DB:
                continue
            for at_s in (start_s + 4, start_s + 12, start_s + 20):
                still = Path(folder) / f"{at_s}.png"
                ffmpeg("-ss", at_s, "-i", film, "-frames:v", "1", still)
                pictures.append(flatten(load(still)))
            yield Pair(
                key=f"bbb {start_s:03} s",
                title=f"Big Buck Bunny, {start_s} s to {start_s + PIECE_S} s",
                pictures=pictures,
                music=(track.name, track.read_bytes()),
                licence=LICENCE,
                attribution="Big Buck Bunny, (c) Blender Foundation; music by Jan Morgenstern",
            )


def ffmpeg(*words):
    """Runs ffmpeg; returns what it says."""
    done = subprocess.run(["ffmpeg", "-hide_banner", "-nostdin", "-y", *map(str, words)], capture_output=True, text=True, errors="replace", timeout=300)
    if done.returncode != 0:
        raise ValueError(f"ffmpeg could not cut the film: {done.stderr.strip().splitlines()[-1]}")
    return done.stderr
