"""Keeps a track: at most 120 s of it, as Ogg Vorbis or MP3.

A track that is Ogg or MP3 already is cut without coding it again. Trackers'
modules are played by openmpt123, MIDI files by fluidsynth with the TimGM6mb sound
font, other sound by ffmpeg; what they give is coded as Ogg Vorbis.
"""

import subprocess
import tempfile
from pathlib import Path

LIMIT_S = 120
MUSIC_LIMIT = 64 * 1024 * 1024
MODULES = (".mod", ".xm", ".s3m", ".it", ".stm")
MIDI = (".mid", ".midi")
# Less than a second of coded sound, head included.
LEAST_BYTES = 8 * 1024
SOUND_FONT = "/usr/share/sounds/sf2/TimGM6mb.sf2"


class NoSound(ValueError):
    """A track that its player cannot play."""


def kept_name(name):
    """The file name under which a track of that name is kept."""
    stem, dot, ending = name.rpartition(".")
    ending = ending.lower()
    return name if dot and ending in ("ogg", "mp3") else f"{stem if dot else name}.ogg"


def keep(source, target):
    """Writes the first 120 s of `source` (a path) to `target`, whose ending says Ogg or MP3."""
    if source.stat().st_size > MUSIC_LIMIT:
        raise ValueError(f"music of more than {MUSIC_LIMIT} bytes: {source}")
    ending = source.suffix.lower()
    copied = ending in (".ogg", ".mp3")
    coding = ["-c:a", "copy"] if copied else ["-c:a", "libvorbis", "-q:a", "5", "-ac", "2"]
    partial = target.with_name(target.name + ".partial")
    kind = "mp3" if target.suffix.lower() == ".mp3" else "ogg"
    result = ["-map", "0:a:0", "-t", str(LIMIT_S), *coding, "-f", kind, str(partial)]
    code = ["ffmpeg", "-v", "error", "-y", "-i"]
    if ending in MIDI:
        # fluidsynth ends with the pipe, so that it does not play what is not kept.
        play = ["fluidsynth", "-niq", "-g", "0.3", "-r", "44100", "-O", "s16", "-T", "raw", "-F", "-", SOUND_FONT, str(source)]
        with start(play) as player:
            run([*code[:-1], "-f", "s16le", "-ar", "44100", "-ac", "2", "-i", "-", *result], player.stdout)
    elif ending in MODULES:
        with tempfile.TemporaryDirectory() as folder:
            wave = Path(folder) / "track.wav"
            run(["openmpt123", "--batch", "--end-time", str(LIMIT_S), "-o", str(wave), str(source)])
            run([*code, str(wave), *result])
    else:
        run([*code, str(source), *result])
    if partial.stat().st_size < LEAST_BYTES:
        partial.unlink()
        raise NoSound(f"nothing is heard of {source.name}")
    partial.rename(target)


def start(command):
    """Starts a program whose sound goes into a pipe."""
    try:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except FileNotFoundError as error:
        raise ValueError(f"{command[0]} is needed for this track and is not installed: {command[-1]}") from error


def run(command, sound=subprocess.DEVNULL):
    """Runs a program, with `sound` as its input; what it says last stands in the error."""
    try:
        done = subprocess.run(command, stdin=sound, capture_output=True, text=True, errors="replace", timeout=600)
    except FileNotFoundError as error:
        raise ValueError(f"{command[0]} is needed for this track and is not installed: {command[-1]}") from error
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or done.stdout.strip().splitlines() or ["no message"])[-1]
        raise ValueError(f"{command[0]} could not read the track ({last}): {command[-1]}")
