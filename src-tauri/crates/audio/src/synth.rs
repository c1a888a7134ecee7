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
