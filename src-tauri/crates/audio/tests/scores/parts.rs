//! The players: each turns a bar's chord into notes.

use super::Chance;
use super::styles::{Bass, Comping, Drums};

/// A note in beats from the start of the piece.
#[derive(Clone, Copy, Debug)]
pub struct Note {
    pub channel: u8,
    pub pitch: u8,
    pub velocity: u8,
    pub start: f64,
    pub length: f64,
}

/// A chord by its pitches near middle C, root first in the bass register.
pub struct Chord {
    pub root: u8,
    pub pitches: Vec<u8>,
}

/// A bar to be filled.
pub struct Bar {
    pub start: f64,
    pub beats: u8,
    /// Places a beat is divided into: 4, or 3 when swung.
    pub division: u8,
}

impl Bar {
    /// Times and loudness of a pattern's strokes.
    fn strokes<'a>(&'a self, pattern: &'a str) -> impl Iterator<Item = (f64, u8)> + 'a {
        let step = 1.0 / f64::from(self.division);
        let places = usize::from(self.beats) * usize::from(self.division);
        pattern
            .bytes()
            .cycle()
            .take(places)
            .enumerate()
            .filter_map(move |(at, stroke)| {
                let velocity = match stroke {
                    b'x' => 100,
                    b'o' => 62,
                    _ => return None,
                };
                Some((self.start + at as f64 * step, velocity))
            })
    }
}

pub const DRUM_CHANNEL: u8 = 9;

pub fn drums(bar: &Bar, drums: &Drums, notes: &mut Vec<Note>) {
    for (pattern, pitch) in [
        (drums.kick, 36),
        (drums.snare, drums.snare_note),
        (drums.hat, drums.hat_note),
    ] {
        for (start, velocity) in bar.strokes(pattern) {
            notes.push(Note {
                channel: DRUM_CHANNEL,
                pitch,
                velocity,
                start,
                length: 0.2,
            });
        }
    }
}

/// A fill over the last beat, before a new part.
pub fn fill(bar: &Bar, notes: &mut Vec<Note>) {
    for at in 0..bar.division {
        let start = bar.start + f64::from(bar.beats - 1) + f64::from(at) / f64::from(bar.division);
        let pitch = 48 - 2 * at;
        notes.push(Note {
            channel: DRUM_CHANNEL,
            pitch,
            velocity: 96,
            start,
            length: 0.2,
        });
    }
}

pub fn comping(bar: &Bar, how: Comping, chord: &Chord, channel: u8, notes: &mut Vec<Note>) {
    let beats = f64::from(bar.beats);
    let all = |start: f64, length: f64, velocity: u8, notes: &mut Vec<Note>| {
        for &pitch in &chord.pitches {
            notes.push(Note {
                channel,
                pitch,
                velocity,
                start,
                length,
            });
        }
    };
    match how {
        Comping::None => {}
        Comping::Held => all(bar.start, beats * 0.98, 70, notes),
        Comping::Strums(pattern) => {
            let strokes: Vec<_> = bar.strokes(pattern).collect();
            for (at, &(start, velocity)) in strokes.iter().enumerate() {
                let until = strokes.get(at + 1).map_or(bar.start + beats, |next| next.0);
                all(
                    start,
                    ((until - start) * 0.9).min(1.0),
                    velocity - 14,
                    notes,
                );
            }
        }
        Comping::Arpeggio | Comping::FastArpeggio => {
            let step = if how == Comping::Arpeggio { 0.5 } else { 0.25 };
            for at in 0..(beats / step) as usize {
                let pitch = chord.pitches[at % chord.pitches.len()]
                    + if at % (2 * chord.pitches.len()) >= chord.pitches.len() {
                        12
                    } else {
                        0
                    };
                let velocity = if at == 0 { 88 } else { 70 };
                let start = bar.start + at as f64 * step;
                notes.push(Note {
                    channel,
                    pitch,
                    velocity,
                    start,
                    length: step * 1.5,
                });
            }
        }
        Comping::OomPah => {
            let pitch = chord.root + 12;
            notes.push(Note {
                channel,
                pitch,
                velocity: 92,
                start: bar.start,
                length: 0.9,
            });
            for beat in 1..bar.beats {
                all(bar.start + f64::from(beat), 0.5, 66, notes);
            }
        }
    }
}

pub fn bass(
    bar: &Bar,
    how: Bass,
    chord: &Chord,
    channel: u8,
    chance: &mut Chance,
    notes: &mut Vec<Note>,
) {
    let mut note = |start: f64, length: f64, pitch: u8, velocity: u8| {
        notes.push(Note {
            channel,
            pitch,
            velocity,
            start,
            length,
        });
    };
    match how {
        Bass::None => {}
        Bass::Held => note(bar.start, f64::from(bar.beats) * 0.95, chord.root, 84),
        Bass::Pattern(pattern) => {
            for (at, (start, velocity)) in bar.strokes(pattern).enumerate() {
                let pitch = if at > 0 && chance.chance(0.15) {
                    chord.root + 7
                } else {
                    chord.root
                };
                note(start, 0.45, pitch, velocity - 6);
            }
        }
        Bass::Walking => {
            for beat in 0..bar.beats {
                let step = if beat == 0 {
                    0
                } else {
                    *chance.pick(&[0, 3, 4, 7, 7, 9])
                };
                // Thirds come from the chord itself, so that the mode stays clear.
                let third = (chord.pitches[1] + 144 - chord.root) % 12;
                let step = if step == 3 || step == 4 { third } else { step };
                note(bar.start + f64::from(beat), 0.9, chord.root + step, 86);
            }
        }
    }
}

/// A melody: chord notes on the beat, steps of the scale between, in phrases with rests.
pub struct Melody {
    pub channel: u8,
    pub density: f64,
    pub scale: Vec<u8>,
    pub at: usize,
}

impl Melody {
    pub fn bar(&mut self, bar: &Bar, chord: &Chord, chance: &mut Chance, notes: &mut Vec<Note>) {
        let offbeat = if bar.division == 3 { 2.0 / 3.0 } else { 0.5 };
        for beat in 0..bar.beats {
            let sounds = chance.chance(if beat == 0 {
                0.9
            } else {
                self.density.min(0.9)
            });
            if !sounds {
                continue;
            }
            let pitch = self.nearest(chord);
            let start = bar.start + f64::from(beat);
            let two = chance.chance((self.density - 0.5).clamp(0.0, 0.8));
            let length = if two { offbeat } else { 0.9 };
            let velocity = if beat == 0 { 100 } else { 84 };
            notes.push(Note {
                channel: self.channel,
                pitch,
                velocity,
                start,
                length,
            });
            if two {
                let pitch = self.step(chance);
                let length = 1.0 - offbeat;
                let start = start + offbeat;
                notes.push(Note {
                    channel: self.channel,
                    pitch,
                    velocity: 76,
                    start,
                    length,
                });
            } else if chance.chance(0.5) {
                self.step(chance);
            }
        }
    }

    fn step(&mut self, chance: &mut Chance) -> u8 {
        let move_by = *chance.pick(&[-2i64, -1, -1, 1, 1, 2]);
        self.at = (self.at as i64 + move_by).clamp(0, self.scale.len() as i64 - 1) as usize;
        self.scale[self.at]
    }

    fn nearest(&mut self, chord: &Chord) -> u8 {
        let in_chord = |pitch: u8| chord.pitches.iter().any(|&c| c % 12 == pitch % 12);
        let best = (0..self.scale.len())
            .filter(|&at| in_chord(self.scale[at]))
            .min_by_key(|&at| at.abs_diff(self.at));
        self.at = best.unwrap_or(self.at);
        self.scale[self.at]
    }
}
