//! Synthetic music for tests: drum patterns and chord progressions.

use std::f64::consts::TAU;

use crate::signal::MUSIC_RATE_HZ;

/// A number generator with a fixed seed, −1 to 1.
pub struct Noise(u32);

impl Noise {
    pub fn new(seed: u32) -> Noise {
        Noise(seed)
    }

    pub fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(self.0) / 2f64.powi(31) - 1.0
    }
}

fn add(out: &mut [f32], at_s: f64, seconds: f64, mut voice: impl FnMut(f64) -> f64) {
    let rate = f64::from(MUSIC_RATE_HZ);
    let start = (at_s * rate).round() as usize;
    let stop = (start + (seconds * rate) as usize).min(out.len());
    for (i, sample) in out.iter_mut().enumerate().take(stop).skip(start) {
        *sample += voice((i - start) as f64 / rate) as f32;
    }
}

/// Kick on the odd beats, snare on the even ones, hats on the eighths.
pub fn drums(bpm: f64, seconds: f64) -> Vec<f32> {
    let mut out = vec![0.0; (seconds * f64::from(MUSIC_RATE_HZ)) as usize];
    let mut noise = Noise::new(7);
    let beat = 60.0 / bpm;
    for i in 0..(seconds / beat * 2.0) as usize {
        let at = i as f64 * beat / 2.0;
        match i % 4 {
            0 => add(&mut out, at, 0.2, |t| {
                0.8 * (-t * 25.0).exp() * (TAU * (50.0 * t + 6.0 * (1.0 - (-t * 40.0).exp()))).sin()
            }),
            2 => add(&mut out, at, 0.15, |t| {
                0.4 * (-t * 30.0).exp() * noise.next()
            }),
            _ => {}
        }
        let mut last = 0.0;
        add(&mut out, at, 0.05, |t| {
            let x = noise.next();
            let high = x - last;
            last = x;
            0.08 * (-t * 90.0).exp() * high
        });
    }
    out
}

/// A note on every beat of a bar of `bar` beats, the first one louder and lower; no drums.
pub fn plucks(bpm: f64, bar: usize, seconds: f64) -> Vec<f32> {
    let mut out = vec![0.0; (seconds * f64::from(MUSIC_RATE_HZ)) as usize];
    let beat = 60.0 / bpm;
    for i in 0..(seconds / beat) as usize {
        let (hz, level) = if i % bar == 0 {
            (110.0, 0.4)
        } else {
            (220.0 + 55.0 * (i % 3) as f64, 0.2)
        };
        add(&mut out, i as f64 * beat, 0.6, |t| {
            level * (-t * 6.0).exp() * tone(hz, t)
        });
    }
    out
}

fn tone(hz: f64, t: f64) -> f64 {
    (1..=6)
        .map(|h| (TAU * hz * f64::from(h) * t).sin() / f64::from(h))
        .sum()
}

/// Chords of four notes (semitones above A = `concert_hz`), two seconds each.
pub fn chords(progression: &[[i32; 4]], concert_hz: f64, times: usize) -> Vec<f32> {
    let total = progression.len() * times;
    let mut out = vec![0.0; total * 2 * MUSIC_RATE_HZ as usize];
    for (i, chord) in progression.iter().cycle().take(total).enumerate() {
        for semitones in chord {
            let hz = concert_hz * 2f64.powf(f64::from(*semitones) / 12.0);
            add(&mut out, i as f64 * 2.0, 2.0, |t| {
                0.06 * (-t * 1.2).exp() * tone(hz, t)
            });
        }
    }
    out
}

/// Drums of [`strokes`].
#[derive(Clone, Copy)]
pub enum Drum {
    Kick,
    Snare,
    Hat,
    Click,
}

/// Drums by lines of `places` places a beat, repeated: `x` loud, `o` soft, `.` nothing; and a chord
/// every `chord_beats` beats, none for 0.
pub fn strokes(
    bpm: f64,
    places: usize,
    lines: &[(Drum, &str)],
    chord_beats: usize,
    seconds: f64,
) -> Vec<f32> {
    let mut out = vec![0.0; (seconds * f64::from(MUSIC_RATE_HZ)).round() as usize];
    let mut noise = Noise::new(11);
    let place_s = 60.0 / bpm / places as f64;
    for at in 0..(seconds / place_s - 0.01).ceil() as usize {
        let start_s = at as f64 * place_s;
        for (drum, line) in lines {
            let level = match line.as_bytes()[at % line.len()] {
                b'x' => 1.0,
                b'o' => 0.5,
                _ => continue,
            };
            stroke(&mut out, start_s, *drum, level, &mut noise);
        }
        if chord_beats > 0 && at % (chord_beats * places) == 0 {
            let root = [48, 43, 45, 41][at / (chord_beats * places) % 4];
            let length_s = chord_beats as f64 * 60.0 / bpm;
            for pitch in [root, root + 4, root + 7] {
                let hz = 440.0 * 2f64.powf((f64::from(pitch) - 69.0) / 12.0);
                add(&mut out, start_s, length_s, |t| {
                    0.05 * (-t * 1.2).exp() * (t / 0.01).min(1.0) * tone(hz, t)
                });
            }
        }
    }
    out
}

fn stroke(out: &mut [f32], at_s: f64, drum: Drum, level: f64, noise: &mut Noise) {
    match drum {
        Drum::Kick => add(out, at_s, 0.25, |t| {
            let phase = 50.0 * t + 3.0 * (1.0 - (-t * 30.0).exp());
            0.8 * level * (-t * 14.0).exp() * (TAU * phase).sin()
        }),
        Drum::Snare => add(out, at_s, 0.2, |t| {
            let body = 0.5 * (-t * 25.0).exp() * (TAU * 190.0 * t).sin();
            0.6 * level * (body + (-t * 22.0).exp() * noise.next())
        }),
        Drum::Hat => {
            let mut last = 0.0;
            add(out, at_s, 0.08, |t| {
                let x = noise.next();
                let high = x - last;
                last = x;
                0.15 * level * (-t * 60.0).exp() * high
            });
        }
        Drum::Click => add(out, at_s, 0.1, |t| {
            0.5 * level * (-t * 60.0).exp() * (TAU * 1200.0 * t).sin()
        }),
    }
}

/// Chords that swell and fade over seconds: no pulse.
pub fn pads(seconds: f64) -> Vec<f32> {
    let mut out = vec![0.0; (seconds * f64::from(MUSIC_RATE_HZ)) as usize];
    for at in 0..(seconds / 5.0) as usize {
        let root = [45, 41, 38, 40][at % 4];
        for pitch in [root, root + 3, root + 7] {
            let hz = 440.0 * 2f64.powf((f64::from(pitch) - 69.0) / 12.0);
            add(&mut out, at as f64 * 5.0, 7.0, |t| {
                let shape = (t / 2.0).min(1.0) * ((7.0 - t) / 0.5).min(1.0);
                0.08 * shape * tone(hz, t)
            });
        }
    }
    out
}
