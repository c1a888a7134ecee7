"""Music of an unpacked package: which pieces there are, and each as a MIDI file or a cut recording."""

import json
import re
import struct
import subprocess
import warnings
from pathlib import Path

import mido

# Seconds of a track that the set keeps.
CUT_S = 120
VORBIS = ["-c:a", "libvorbis", "-q:a", "5", "-ar", "44100"]
# General MIDI programs that tunes of one line are played on, by turns.
TUNE_PROGRAMS = [73, 40, 21, 46, 0, 24, 78, 71, 110, 68, 72, 104]
# Beats a minute of a tune whose notes or name say a word. The beat is a quarter, in 6/8 and 9/8 a dotted quarter,
# in cut time a half. The first pattern found at the start of a word decides; without any the beat is PLAIN_BPM.
TUNE_BPM = [
    ("very slow", 50), ("slow", 64), ("tender", 66), ("feeling", 72), ("expression", 72), ("grace", 84), ("gently", 76),
    ("moderate", 96), ("playful", 112), ("cheerful", 116), (r"march\b", 108), ("spirit", 128), ("animated", 126),
    ("lively", 132), ("quick", 138), ("reel", 122), ("jig", 124), ("strathspey", 104), ("fling", 112), ("hornpipe", 92),
    ("clog", 84), ("waltz", 132), ("quickstep", 124),
]
PLAIN_BPM = 100


def candidates(spec, root):
    """Paths below `root` that the source's glob names; `file#part` for a part of a file."""
    files = sorted(str(path.relative_to(root)) for path in Path(root).glob(spec["music"]) if not path.is_symlink())
    kind = spec.get("kind", "recording")
    if kind == "tunes":
        return [f"{path}#{at}" for path in files for at in range(len(tunes(root / path)))]
    if kind == "wad":
        return [f"{path}#{name}" for path in files for name, data in lumps(root / path) if data[:4] == b"MThd"]
    if kind == "scores":
        pieces = [piece for piece in truth(root) if piece["set"] != "midi" and piece["bpm"] < spec.get("below_bpm", 999)]
        return sorted({Path(piece["path"]).name for piece in pieces} & set(files))
    if kind == "midi":
        return [path for path in files if readable(root / path)]
    return files


def truth(root):
    """What the scores of needledrop-audio's example state, a dictionary a piece."""
    return [json.loads(line) for line in (Path(root) / "truth.jsonl").read_text().splitlines()]


def truth_of(root, name):
    return next(piece for piece in truth(root) if Path(piece["path"]).name == name)


def readable(path):
    try:
        mido.MidiFile(path, clip=True)
    except (OSError, EOFError, ValueError, mido.KeySignatureError):
        return False
    return True


def lumps(path):
    """Names and bytes of a WAD's lumps."""
    data = Path(path).read_bytes()
    count, directory = struct.unpack("<II", data[4:12])
    for i in range(count):
        start, size, name = struct.unpack("<II8s", data[directory + 16 * i : directory + 16 * i + 16])
        yield name.rstrip(b"\0").decode("ascii", "replace"), data[start : start + size]


def tunes(path):
    """The ABC tunes of a file, each from its X: line."""
    text = Path(path).read_text(errors="replace")
    return ["X:" + part for part in re.split(r"^X:", text, flags=re.M)[1:]]


def tune_text(root, path):
    file, at = path.split("#")
    return tunes(Path(root) / file)[int(at)]


def to_midi(spec, root, row, out):
    """Writes the piece of `row` as a MIDI file at `out`."""
    kind = spec["kind"]
    if kind == "midi":
        out.write_bytes((root / row["path"]).read_bytes())
    elif kind == "wad":
        file, name = row["path"].split("#")
        out.write_bytes(next(data for lump, data in lumps(root / file) if lump == name))
    else:
        play_tune(tune_text(root, row["path"]), tune_bpm(row), TUNE_PROGRAMS[int(row["item"]) % len(TUNE_PROGRAMS)], out)


def tune_bpm(row):
    said = f"{row.get('description', '')} {row['title']}".lower()
    return next((bpm for word, bpm in TUNE_BPM if re.search(rf"\b{word}", said)), PLAIN_BPM)


def play_tune(text, bpm, program, out):
    """Plays an ABC tune twice with one General MIDI program, its beat at `bpm`."""
    import music21  # slow to load, needed for tunes alone

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        score = music21.converter.parse(text, format="abc")
        metre = score.recurse().getElementsByClass(music21.meter.TimeSignature).first()
        notes = score.flatten().notes
        try:
            notes = score.expandRepeats().flatten().notes
        except music21.exceptions21.Music21Exception:
            pass  # repeats that do not close are played once
    cut = re.search(r"^M:\s*(C\||2/2)", text, re.M) is not None
    quarters = 1.5 if metre and metre.denominator == 8 and metre.numerator % 3 == 0 else 2.0 if cut else 1.0
    ticks, events = 480, []
    length = max(float(note.offset + note.quarterLength) for note in notes)
    length = -(-length // quarters) * quarters
    for time in range(2):
        for note in notes:
            start = float(note.offset) + time * length
            loud = 92 if abs((float(note.offset) / quarters) % 1) < 0.01 else 76
            for pitch in note.pitches:
                events.append((start, 1, pitch.midi, loud))
                events.append((start + max(float(note.quarterLength), 0.05) * 0.95, 0, pitch.midi, 0))
    track = mido.MidiTrack()
    track.append(mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(bpm)))
    track.append(mido.Message("program_change", program=program))
    before = 0
    for start, on, pitch, velocity in sorted(events):
        # A beat of the tune is a MIDI quarter, so that the file's tempo is the tune's.
        at = round(start / quarters * ticks)
        track.append(mido.Message("note_on" if on else "note_off", note=pitch, velocity=velocity, time=at - before))
        before = at
    song = mido.MidiFile(ticks_per_beat=ticks)
    song.tracks.append(track)
    song.save(out)


def render(midi, soundfont, fluidsynth, out):
    """The first CUT_S seconds of a MIDI file as the soundfont plays it, Ogg Vorbis."""
    play = [fluidsynth, "-ni", "-q", "-g", "0.7", "-r", "44100", "-O", "s16", "-T", "raw", "-F", "-", soundfont, midi]
    with subprocess.Popen([str(part) for part in play], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as player:
        encode(["-f", "s16le", "-ar", "44100", "-ac", "2", "-i", "-"], VORBIS, out, player.stdout)
        player.kill()


def cut(path, out):
    """The first CUT_S seconds as Ogg Vorbis without tags; Vorbis is copied, all else is encoded."""
    shown = ["ffprobe", "-v", "error", "-select_streams", "a:0", "-show_entries", "stream=codec_name", "-of", "csv=p=0"]
    codec = subprocess.run([*shown, str(path)], capture_output=True, text=True, check=True).stdout.strip().strip(",")
    encode(["-i", str(path)], ["-c:a", "copy"] if codec == "vorbis" else VORBIS, out, subprocess.DEVNULL)


def encode(source, how, out, stdin):
    command = ["ffmpeg", "-nostdin", "-v", "error", "-y", *source, "-t", str(CUT_S), "-map", "0:a:0", "-map_metadata", "-1"]
    subprocess.run([*command, *how, "-fflags", "+bitexact", str(out)], stdin=stdin, check=True)
