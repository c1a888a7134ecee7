#!/usr/bin/env python3
"""Makes short pieces of known tempo and metre, and sounds without a pulse, from sines and noise.

    training/beats/sketches.py OUT SEED COUNT      COUNT of each kind, as WAV, and OUT/truth.jsonl

Seed 1 is for learning, seed 1000 for measuring. What is played: drums, chords, broken chords in 3/4, 4/4 straight and
swung, 5/4, 7/4, 6/8 and 12/8; loops of 2, 4 and 8 bars, cut with and without silence; pads, drones, noise, rain,
applause, speech-like sound, rubato, random strokes, an engine, a choir, wind. Needs numpy.
"""

import json
import os
import sys
import wave

import numpy as np

RATE = 44100
SECONDS = 32
# Chord roots above the key and whether they are minor, a bar each.
PROGRESSIONS = [
    [(0, 0), (7, 0), (9, 1), (5, 0)],
    [(9, 1), (5, 0), (0, 0), (7, 0)],
    [(0, 1), (8, 0), (3, 0), (10, 0)],
    [(0, 0), (5, 0), (0, 0), (7, 0)],
    [(0, 1), (5, 1), (0, 1), (7, 0)],
    [(2, 1), (7, 0), (0, 0), (9, 1)],
]
# For each metre: beats in a bar, places in a beat, and a line for each drum: kick, snare, hat, open hat, click, tom.
PATTERNS = {
    "4/4": [
        (4, 4, {"k": "x.......x.......", "s": "....x.......x...", "h": "x.x.x.x.x.x.x.x."}),
        (4, 4, {"k": "x...x...x...x...", "o": "..x...x...x...x.", "s": "....x.......x..."}),
        (4, 4, {"k": "x..x..x...x.....", "s": "....x.......x..x", "h": "xxxxxxxxxxxxxxxx"}),
        (4, 4, {"k": "x.....x.x.......", "s": "....x.......x...", "h": "x...x...x...x..."}),
        (4, 4, {"t": "x..x..x.x..x..x.", "h": "x.x.x.x.x.x.x.x."}),
        (4, 4, {"c": "x..x..x...x.x...", "k": "x.......x.......", "h": "x.x.x.x.x.x.x.x."}),
        (4, 4, {"k": "x...............", "s": "........x.......", "h": "x.x.x.x.x.xxxxx."}),
    ],
    "4/4s": [
        (4, 3, {"k": "x.....x.....", "s": "...x.....x..", "h": "x.xx.xx.xx.x"}),
        (4, 3, {"h": "x..x.xx..x.x", "s": "...o.....o..", "k": "o.....o....."}),
        (4, 3, {"k": "x..x..x..x..", "s": "...x.....x..", "h": "x.xx.xx.xx.x"}),
    ],
    "3/4": [
        (3, 4, {"k": "x...........", "h": "x...x...x..."}),
        (3, 4, {"k": "x...........", "s": "....x...x...", "h": "x.x.x.x.x.x."}),
        (3, 4, {"k": "x.......x...", "s": "....x.......", "h": "x.x.x.x.x.x."}),
        (3, 4, {"h": "..x.x.x...x.", "k": "x..........."}),
        (3, 4, {"t": "x...x...x...", "k": "x..........."}),
    ],
    "6/8": [
        (2, 3, {"k": "x.....", "s": "...x..", "h": "xxxxxx"}),
        (2, 3, {"k": "x....x", "s": "...x..", "h": "xoxxox"}),
        (2, 3, {"t": "x..x.x", "h": "xxxxxx"}),
        (2, 3, {"k": "x.xx..", "s": "...x..", "h": "x.xxxx"}),
        (2, 3, {"k": "x.....", "c": "xooxoo"}),
        (2, 3, {"k": "x..x..", "s": "..o..x", "h": "xxxxxx"}),
        (2, 3, {"k": "x.....", "h": "oxxoxx"}),
    ],
    "12/8": [
        (4, 3, {"k": "x.....x.....", "s": "...x.....x..", "h": "xxxxxxxxxxxx"}),
        (4, 3, {"k": "x....xx.....", "s": "...x.....x..", "h": "xooxooxooxoo"}),
        (4, 3, {"k": "x....x...x..", "s": "......x.....", "h": "xxxxxxxxxxxx"}),
    ],
    "5/4": [
        (5, 2, {"k": "x.....x...", "s": "....x...x.", "h": "x.x.x.x.x."}),
        (5, 2, {"k": "x..x....x.", "s": "....x.....", "h": "xxxxxxxxxx"}),
        (5, 2, {"k": "x.....x...", "h": "x.x.x.x.x."}),
        (5, 3, {"k": "x........x.....", "s": "...o........o..", "h": "x..x.xx..x..x.x"}),
        (5, 2, {"t": "x..x..x.x.", "h": "xxxxxxxxxx"}),
        (5, 4, {"k": "x.........x.........", "s": "....x...........x...", "h": "x.x.x.x.x.x.x.x.x.x."}),
    ],
    "7/4": [
        (7, 2, {"k": "x...x...x.....", "s": "..x...x...x.x.", "h": "x.x.x.x.x.x.x."}),
        (7, 2, {"k": "x.......x.....", "s": "....x.......x.", "h": "xxxxxxxxxxxxxx"}),
        (7, 2, {"k": "x.....x...x...", "h": "x.x.x.x.x.x.x."}),
        (7, 2, {"t": "x...x...x..x..", "s": "..x...x.....x.", "h": "x.x.x.x.x.x.x."}),
    ],
}
TEMPI = {
    "4/4": (62, 178),
    "4/4s": (80, 180),
    "3/4": (70, 190),
    "6/8": (44, 120),
    "12/8": (48, 90),
    "5/4": (90, 180),
    "7/4": (100, 190),
}
NO_PULSE = "pad pad padnoise drone white pink rain applause speech speech rubato rubato random engine choir wind".split()


def decay(count, rate):
    return np.exp(-np.arange(count) / RATE * rate)


class Kit:
    """Six drums with sounds of their own for every piece."""

    def __init__(self, rng):
        def times(count):
            return np.arange(count) / RATE

        low, sweep, rate, count = rng.uniform(42, 70), rng.uniform(30, 140), rng.uniform(9, 25), int(0.3 * RATE)
        t = times(count)
        kick = np.sin(2 * np.pi * (low * t + sweep * (1 - np.exp(-t * 40)) / 40)) * decay(count, rate)
        tone, rate, count = rng.uniform(150, 240), rng.uniform(14, 35), int(0.22 * RATE)
        snare = rng.standard_normal(count) * decay(count, rate) * 0.7
        snare += np.sin(2 * np.pi * tone * times(count)) * decay(count, rate) * 0.5
        count = int(0.12 * RATE)
        hat = np.diff(rng.standard_normal(count + 1)) * decay(count, rng.uniform(40, 110)) * 0.25
        count = int(0.4 * RATE)
        open_hat = np.diff(rng.standard_normal(count + 1)) * decay(count, rng.uniform(8, 16)) * 0.25
        count = int(0.15 * RATE)
        click = np.sin(2 * np.pi * rng.uniform(700, 2200) * times(count)) * decay(count, 60) * 0.6
        count = int(0.3 * RATE)
        tom = np.sin(2 * np.pi * (rng.uniform(80, 140) * times(count))) * decay(count, 12)
        self.sounds = {"k": kick, "s": snare, "h": hat, "o": open_hat, "c": click, "t": tom}


class Sheet:
    """Sound of a given length to which others are added."""

    def __init__(self, seconds):
        self.count = int(seconds * RATE)
        self.sound = np.zeros(self.count + 3 * RATE)

    def add(self, at_s, sound, gain=1.0):
        at = int(round(at_s * RATE))
        if at < 0:
            sound, at = sound[-at:], 0
        if at < self.count:
            self.sound[at : at + len(sound)] += sound[: len(self.sound) - at] * gain

    def note(self, at_s, length_s, pitch, gain=0.2, attack_s=0.005, rate=2.0, dull=1.3):
        t = np.arange(int(length_s * RATE)) / RATE
        hz = 440 * 2 ** ((pitch - 69) / 12)
        sound = sum(np.sin(2 * np.pi * hz * k * t + k) / k**dull for k in range(1, 8) if hz * k < 15000)
        shape = np.minimum(1, t / attack_s) * np.exp(-t * rate) * np.clip((length_s - t) / 0.02, 0, 1)
        self.add(at_s, sound * shape, gain)

    def chord(self, at_s, length_s, root, minor, gain=0.15, **how):
        for pitch in (root, root + (3 if minor else 4), root + 7):
            self.note(at_s, length_s, pitch, gain, **how)

    def heard(self):
        return self.sound[: self.count]


def song(rng, metre, bpm=None, bars=None, timbre=None):
    """A piece, and what is true of it. With `bars`: a loop."""
    patterns = PATTERNS[metre]
    per_bar, places, lines = patterns[rng.integers(len(patterns))]
    bpm = bpm or float(np.round(rng.uniform(*TEMPI[metre]), 2))
    beat_s, kit = 60 / bpm, Kit(rng)
    style = timbre or rng.choice(["band", "band", "drums", "keys", "arp"])
    seconds = bars * per_bar * beat_s if bars else SECONDS
    sheet = Sheet(seconds)
    progression = PROGRESSIONS[rng.integers(len(PROGRESSIONS))]
    root = int(rng.integers(43, 56))
    loose_s = rng.choice([0, 0, 0.006, 0.012])
    lead_s = 0 if bars else rng.choice([0, 0.3, 1.3])
    bars_a_chord = rng.choice([1, 1, 2])
    gains = {drum: rng.uniform(0.6, 1.2) for drum in lines}
    human = rng.choice([0, 0.15])
    beats, downbeats, number = [], [], 0
    while (at := lead_s + number * beat_s) <= seconds - beat_s * 0.2:
        beats.append(at)
        place, bar = number % per_bar, number // per_bar
        if place == 0:
            downbeats.append(at)
        pause = bar % 8 == 7 and place == per_bar - 1 and not bars
        if style in ("band", "drums") and not (pause and rng.random() < 0.3):
            for drum, line in lines.items():
                for part in range(places):
                    stroke = line[place * places + part]
                    if stroke != ".":
                        gain = gains[drum] * (1 if stroke == "x" else 0.5) * (1 + human * rng.standard_normal())
                        sheet.add(at + part * beat_s / places + rng.uniform(-loose_s, loose_s), kit.sounds[drum], gain)
        above, minor = progression[(bar // bars_a_chord) % 4]
        if style == "band" and place == 0:
            attack_s = float(rng.choice([0.005, 0.02, 0.08]))
            sheet.chord(at, beat_s * per_bar, root + above, minor, gain=0.12, attack_s=attack_s, rate=1.2)
        if style == "keys":
            line = max(lines.values(), key=lambda q: sum(c != "." for c in q))
            if place == 0:
                sheet.note(at, beat_s * per_bar * 0.9, root + above - 12, 0.3, rate=1.0)
            for part in range(places):
                stroke = line[place * places + part]
                if stroke != ".":
                    accent = 1.5 if place == 0 and part == 0 else 1.2 if part == 0 else 0.8
                    gain = (0.12 if stroke == "x" else 0.07) * accent
                    start = at + part * beat_s / places + rng.uniform(-loose_s, loose_s)
                    sheet.chord(start, beat_s / places * 1.5, root + above + 12, minor, gain=gain, rate=4)
        if style == "arp":
            parts = places if places == 3 else 2
            third = 3 if minor else 4
            tones = [0, third, 7, 12, 7, third]
            for part in range(parts):
                tone = (place * parts + part) % (len(tones) if per_bar * parts % 6 == 0 else 4)
                gain = 0.3 if part == 0 and place == 0 else 0.2 if part == 0 else 0.14
                start = at + part * beat_s / parts + rng.uniform(-loose_s, loose_s)
                sheet.note(start, beat_s / parts * 2, root + 12 + above + tones[tone], gain, rate=3)
            if place == 0:
                sheet.note(at, beat_s * per_bar * 0.95, root + above - 12, 0.3, rate=0.8)
        number += 1
    truth = {"bpm": bpm, "beats_per_bar": per_bar, "compound": metre in ("6/8", "12/8")}
    return sheet.heard(), {**truth, "beats_s": beats, "downbeats_s": downbeats, "style": str(style)}


def band(sound, low_hz, high_hz):
    lines = np.fft.rfft(sound)
    hz = np.fft.rfftfreq(len(sound), 1 / RATE)
    return np.fft.irfft(lines * ((hz > low_hz) & (hz < high_hz)), len(sound))


def without_pulse(rng, kind):
    count = int(SECONDS * RATE)
    return {
        "pad": pad,
        "padnoise": lambda rng: veiled(pad(rng), rng),
        "drone": drone,
        "white": lambda rng: rng.standard_normal(count),
        "pink": pink,
        "rain": lambda rng: drops(rng, 0.05, (30, 200), (100, 900), (100, 400), 0.3),
        "applause": lambda rng: band(drops(rng, 0.0, (60, 300), (900, 901), (250, 251), 0.4), 500, 6000),
        "speech": speech,
        "rubato": rubato,
        "random": strokes,
        "engine": engine,
        "choir": choir,
        "wind": wind,
    }[kind](rng)


def pad(rng):
    sheet, length_s, at, number = Sheet(SECONDS), rng.uniform(3, 9), 0, 0
    progression, root, attack_s = PROGRESSIONS[rng.integers(6)], int(rng.integers(40, 60)), rng.uniform(0.8, 3)
    while at < SECONDS:
        above, minor = progression[number % 4]
        held_s, dull = length_s * rng.uniform(1.2, 1.6), rng.uniform(1, 2)
        sheet.chord(at, held_s, root + above, minor, 0.2, attack_s=attack_s, rate=0.1, dull=dull)
        at += length_s * rng.choice([1, 1, rng.uniform(0.8, 1.2)])
        number += 1
    return sheet.heard()


def veiled(sound, rng):
    noise = band(rng.standard_normal(len(sound)), 300, 6000)
    return sound / np.abs(sound).max() + 0.1 * rng.uniform(0.1, 1) * noise


def drone(rng):
    t = np.arange(SECONDS * RATE) / RATE
    hz = rng.uniform(50, 120)
    waver = [1 + 0.002 * np.sin(2 * np.pi * rng.uniform(0.05, 0.4) * t + k) for k in range(1, 9)]
    sound = sum(np.sin(2 * np.pi * hz * k * waver[k - 1] * t + k) / k for k in range(1, 9))
    return sound * (1 + 0.3 * np.sin(2 * np.pi * rng.uniform(0.03, 0.2) * t))


def pink(rng):
    lines = np.fft.rfft(rng.standard_normal(SECONDS * RATE))
    return np.fft.irfft(lines / np.sqrt(np.maximum(1, np.arange(len(lines)))), SECONDS * RATE)


def drops(rng, floor, a_second, lengths, rates, size):
    sound = floor * rng.standard_normal(SECONDS * RATE)
    for at in rng.integers(0, len(sound) - 3000, int(SECONDS * rng.uniform(*a_second))):
        count = int(rng.uniform(*lengths))
        sound[at : at + count] += rng.standard_normal(count) * decay(count, rng.uniform(*rates)) * rng.exponential(size)
    return sound


def speech(rng):
    sound, at, pitch_hz = np.zeros(SECONDS * RATE), 0.2, rng.uniform(90, 220)
    while at < SECONDS - 1:
        for _ in range(rng.integers(3, 12)):
            length_s = rng.gamma(4, 0.045)
            count, start = int(length_s * RATE), int(at * RATE)
            if start + count >= len(sound):
                break
            t, hz = np.arange(count) / RATE, pitch_hz * rng.uniform(0.8, 1.25)
            formant_hz = [rng.uniform(400, 900) for _ in range(1, 20)]
            shape = [np.exp(-(((hz * k - formant_hz[k - 1]) / 600) ** 2)) for k in range(1, 20)]
            vowel = sum(np.sin(2 * np.pi * hz * k * t) / k**0.7 * shape[k - 1] for k in range(1, 20))
            if rng.random() < 0.5:
                hiss = int(0.04 * RATE)
                at_hiss = max(start - hiss, 0)
                noise = band(rng.standard_normal(hiss), 2000, 8000) * 0.3 * np.hanning(hiss)
                sound[at_hiss:start] += noise[: start - at_hiss]
            sound[start : start + count] += vowel * np.sin(np.pi * np.arange(count) / max(count, 1)) ** 0.6
            at += length_s * rng.uniform(0.9, 1.4)
        at += rng.uniform(0.2, 0.9)
    return sound


def rubato(rng):
    sheet, at, number, root = Sheet(SECONDS), 0.3, 0, int(rng.integers(48, 60))
    base_s, depth = rng.uniform(0.35, 0.9), rng.uniform(0.25, 0.45)
    while at < SECONDS - 1.5:
        sheet.note(at, 1.8, root + int(rng.choice([0, 2, 3, 5, 7, 8, 10, 12])), 0.3, rate=1.5)
        if rng.random() < 0.4:
            sheet.chord(at, 2, root - 12, rng.random() < 0.5, 0.15, rate=1.0)
        pull = 1 + depth * np.sin(number * rng.uniform(0.5, 1.1)) + 0.25 * rng.standard_normal()
        at += max(0.15, base_s * pull * rng.choice([0.5, 1, 1, 2]))
        number += 1
    return sheet.heard()


def strokes(rng):
    sheet, kit, at = Sheet(SECONDS), Kit(rng), 0
    while at < SECONDS:
        sheet.add(at, kit.sounds[str(rng.choice(list("kshct")))], rng.uniform(0.3, 1))
        at += rng.exponential(rng.uniform(0.2, 0.5)) + 0.05
    return sheet.heard()


def engine(rng):
    t = np.arange(SECONDS * RATE) / RATE
    phase = 2 * np.pi * np.cumsum(rng.uniform(25, 60) * (1 + 0.03 * np.sin(2 * np.pi * 0.07 * t))) / RATE
    return sum(np.sin(phase * k) / k**0.8 for k in range(1, 12)) + 0.3 * band(rng.standard_normal(len(t)), 80, 3000)


def choir(rng):
    sheet, at, root = Sheet(SECONDS), 0, int(rng.integers(50, 60))
    while at < SECONDS:
        length_s = rng.uniform(1.2, 4.5)
        for voice in (0, int(rng.choice([3, 4])), 7, 12):
            t = np.arange(int(length_s * 1.2 * RATE)) / RATE
            hz = 440 * 2 ** ((root + voice + rng.choice([0, 2, 5, -2]) - 69) / 12)
            vibrato = 1 + 0.004 * np.sin(2 * np.pi * rng.uniform(4.8, 6) * t + rng.uniform(0, 6))
            phase = 2 * np.pi * np.cumsum(hz * vibrato) / RATE
            sound = sum(np.sin(phase * k) / k**1.5 for k in range(1, 7))
            shape = np.minimum(1, t / 0.25) * np.clip((length_s * 1.2 - t) / 0.3, 0, 1)
            sheet.add(at + rng.uniform(0, 0.05), sound * shape, 0.1)
        at += length_s
    return sheet.heard()


def wind(rng):
    t = np.arange(SECONDS * RATE) / RATE
    knots = np.arange(0, SECONDS + 2, 2)
    gusts = np.interp(t, knots, rng.uniform(-1, 1, len(knots)))
    return band(rng.standard_normal(len(t)), 100, 900) * (1 + 0.8 * gusts)


def write(path, sound, peak):
    sound = sound / max(1e-9, np.abs(sound).max()) * peak
    with wave.open(path, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes((sound * 32767).astype("<i2").tobytes())


def loop(rng, bars, silences):
    metre = str(rng.choice(["4/4", "4/4", "4/4", "3/4"]))
    bpm = float(np.round(rng.uniform(60, 200), int(rng.integers(0, 3))))
    sound, truth = song(rng, metre, bpm, bars, str(rng.choice(["band", "drums", "band", "keys"])))
    ends_s = [rng.choice([0, 0, 0.05, 0.3, 1]), rng.choice([0, 0, 0.05, 0.3, 1])]
    if silences:
        ahead, behind = (np.zeros(int(s * RATE)) for s in ends_s)
        sound = np.concatenate([ahead, sound, behind])
        for times in ("beats_s", "downbeats_s"):
            truth[times] = [t + ends_s[0] for t in truth[times]]
    return sound, truth


def main():
    out, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    os.makedirs(out, exist_ok=True)
    out = os.path.abspath(out)
    with open(f"{out}/truth.jsonl", "w") as lines:

        def put(name, kind, sound, truth, rng):
            path = f"{out}/{name}.wav"
            write(path, sound, rng.uniform(0.4, 0.9))
            lines.write(json.dumps({"path": path, "set": kind, **truth}) + "\n")

        for number in range(count):
            for kind, metre in enumerate(PATTERNS):
                rng = np.random.default_rng((seed, number, kind))
                put(f"{metre.replace('/', '-')}_{number}", metre, *song(rng, metre), rng)
            for kind, what in enumerate(NO_PULSE):
                rng = np.random.default_rng((seed, number, 100 + kind))
                nothing = {"bpm": 0, "beats_per_bar": 0, "compound": False, "beats_s": [], "downbeats_s": []}
                put(f"none_{what}{kind}_{number}", "none", without_pulse(rng, what), nothing, rng)
            for kind, bars in enumerate((2, 4, 8, 4)):
                rng = np.random.default_rng((seed, number, 200 + kind))
                put(f"loop{bars}_{kind}_{number}", "loop", *loop(rng, bars, kind == 3), rng)


main()
