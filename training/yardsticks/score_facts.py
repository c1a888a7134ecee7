"""Reads what a MIDI file states: tempo, mode, instruments, voices, note rate, velocity. No audio is read."""

from collections import Counter

import mido
import numpy as np

# Krumhansl & Kessler 1982: how well each pitch class fits a key, from the tonic upwards.
MAJOR = np.array([6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88])
MINOR = np.array([6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17])
# Least difference of the best major and the best minor correlation at which the notes decide the mode.
MODE_MARGIN = 0.04
# Tempi that stay within 8 % of the commonest for this share of the time are one tempo.
STEADY_SHARE = 0.8
# An instrument counts with this share of the sounding notes; drums with this many strokes.
INSTRUMENT_SHARE = 0.08
DRUM_STROKES = 16
DRUM_CHANNEL = 9
# General MIDI programs (from 0), upper bound of each range and its name.
FAMILIES = [
    (6, "piano"), (7, "harpsichord"), (8, "clavinet"), (16, "bells"), (21, "organ"), (24, "accordion"),
    (26, "acoustic guitar"), (32, "electric guitar"), (40, "bass"), (42, "violin"), (43, "cello"), (45, "strings"),
    (46, "pizzicato"), (47, "harp"), (48, "timpani"), (52, "strings"), (55, "choir"), (56, "orchestra hit"),
    (57, "trumpet"), (58, "trombone"), (59, "tuba"), (60, "trumpet"), (64, "brass"), (68, "saxophone"), (69, "oboe"), (72, "clarinet"),
    (76, "flute"), (80, "whistle"), (85, "synth"), (86, "choir"), (91, "synth"), (92, "choir"), (104, "synth"),
    (105, "sitar"), (106, "banjo"), (109, "world strings"), (110, "bagpipes"), (111, "violin"), (112, "whistle"),
    (115, "bells"), (119, "drums"), (128, "effects"),
]
# Programs that their range does not name well.
SPECIAL = {22: "harmonica", 50: "synth strings", 51: "synth strings", 60: "horn", 69: "english horn", 70: "bassoon", 77: "flute"}
# Names that a more exact name includes.
WIDER = {
    "acoustic guitar": ["guitar"], "electric guitar": ["guitar"], "violin": ["strings"], "viola": ["strings"],
    "cello": ["strings"], "double bass": ["strings", "bass"], "pizzicato": ["strings"], "synth strings": ["strings", "synth"],
    "trumpet": ["brass"], "trombone": ["brass"], "tuba": ["brass"], "horn": ["brass"], "saxophone": ["woodwind"],
    "oboe": ["woodwind"], "english horn": ["woodwind"], "bassoon": ["woodwind"], "clarinet": ["woodwind"],
    "flute": ["woodwind"], "whistle": ["woodwind"], "timpani": ["drums"], "electric piano": ["piano"],
    "harpsichord": ["keyboard"], "piano": ["keyboard"], "organ": ["keyboard"],
}


def family(program):
    """Name of a General MIDI program's instrument, 0 to 127."""
    if program in SPECIAL:
        return SPECIAL[program]
    return next(name for bound, name in FAMILIES if program < bound)


def widened(instruments):
    """`instruments` and the wider names of each, in order: "violin" brings "strings"."""
    every = [wide for name in instruments for wide in [name, *WIDER.get(name, [])]]
    return list(dict.fromkeys(every))


def mode_of(weights):
    """"major", "minor" or None for twelve summed note durations; the correlations decide by MODE_MARGIN."""
    weights = np.asarray(weights, float)
    if weights.sum() <= 0 or weights.std() == 0:
        return None
    best = {
        name: max(np.corrcoef(np.roll(profile, tonic), weights)[0, 1] for tonic in range(12))
        for name, profile in (("major", MAJOR), ("minor", MINOR))
    }
    if abs(best["major"] - best["minor"]) < MODE_MARGIN:
        return None
    return max(best, key=best.get)


def read(path, until_s):
    """Facts of a MIDI file's first `until_s` seconds, as a dictionary; None where the file does not say."""
    song = mido.MidiFile(path, clip=True)
    now, tempo, programs = 0.0, 500000, [0] * 16
    tempo_s, starts, velocities, keys = Counter(), set(), [], set()
    classes, counts, open_notes, drums = np.zeros(12), Counter(), {}, 0
    tempo_marked, first, last = False, None, 0.0
    for message in song:
        tempo_s[tempo] += message.time
        now += message.time
        if now > until_s:
            break
        if message.type == "set_tempo":
            tempo, tempo_marked = message.tempo, True
        elif message.type == "key_signature":
            keys.add(message.key)
        elif message.type == "program_change":
            programs[message.channel] = message.program
        elif message.type == "note_on" and message.velocity > 0:
            first = now if first is None else first
            last = now
            starts.add(round(now / 0.03))
            velocities.append(message.velocity)
            if message.channel == DRUM_CHANNEL:
                drums += 1
            else:
                counts[family(programs[message.channel])] += 1
                open_notes.setdefault((message.channel, message.note), now)
        elif message.type in ("note_off", "note_on") and message.channel != DRUM_CHANNEL:
            began = open_notes.pop((message.channel, message.note), None)
            if began is not None:
                classes[message.note % 12] += now - began
    if first is None:
        return None
    sounding = max(last - first, 1.0)
    total = sum(counts.values()) or 1
    instruments = [name for name, count in counts.most_common() if count / total >= INSTRUMENT_SHARE]
    if drums >= DRUM_STROKES and "drums" not in instruments:
        instruments.append("drums")
    pulse, _ = tempo_s.most_common(1)[0]
    near = sum(seconds for other, seconds in tempo_s.items() if abs(other / pulse - 1) <= 0.08)
    steady = tempo_marked and near >= STEADY_SHARE * sum(tempo_s.values())
    return {
        "bpm": round(60e6 / pulse, 1) if steady else None,
        "mode": mode_of(classes),
        "key_signatures": sorted(keys),
        "instruments": instruments,
        "all_instruments": sorted(set(counts) | ({"drums"} if drums else set())),
        "voices": "choir" in counts,
        "onsets_per_s": round(len(starts) / sounding, 3),
        "velocity": round(float(np.mean(velocities)), 1),
    }
