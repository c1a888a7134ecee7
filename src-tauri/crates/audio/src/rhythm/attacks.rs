//! The exact time of attacks: spectral flux at a finer rate than [`onset`](super::onset), and the
//! first and last audible sample.
//!
//! Beats lie on moments of 10 ms. A tempo to a twentieth of a beat per minute from eight beats needs
//! them to about 2 ms.

use crate::signal::MUSIC_RATE_HZ;
use crate::signal::mel::MelBank;
use crate::signal::stft::{Edges, Stft, hann};

const N_FFT: usize = 256;
const HOP: usize = 64;
const BANDS: usize = 16;
/// Distance of the compared spectra, frames: half of the transform.
const LAG: usize = 2;
/// Values a second.
const RATE_HZ: f64 = MUSIC_RATE_HZ as f64 / HOP as f64;
/// Attacks after this time are not kept, to bound memory, seconds.
const MOST_S: f64 = 1800.0;
/// A sample above this is sound: −70 dBFS.
const AUDIBLE: f32 = 3e-4;
/// A beat's attack lies within this of the beat, seconds.
const REACH_S: f64 = 0.04;

/// Computes attacks from a stream at [`MUSIC_RATE_HZ`].
pub struct AttackStream {
    stft: Stft,
    flux: Flux,
    attacks: Attacks,
}

/// Spectral flux against the spectrum `LAG` frames before.
struct Flux {
    bank: MelBank,
    /// The last `LAG` log spectra and the current one, oldest first.
    past: [Vec<f32>; LAG + 1],
}

/// The attacks of a track.
#[derive(Clone, Debug, Default)]
pub struct Attacks {
    /// Spectral flux, 344 values a second.
    pub strength: Vec<f32>,
    /// Length in samples at [`MUSIC_RATE_HZ`].
    pub samples: u64,
    /// First audible sample and the one after the last; `None` for silence.
    pub audible: Option<(u64, u64)>,
}

/// An attack: its time and its strength.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attack {
    /// Seconds from the start of the track, with the same delay for every attack.
    pub time_s: f64,
    /// Spectral flux, above 0.
    pub strength: f64,
}

impl AttackStream {
    /// Starts the analysis of a track; before it is silence.
    pub fn new() -> AttackStream {
        AttackStream {
            stft: Stft::with_window(hann(N_FFT, N_FFT), N_FFT, HOP, Edges::Silent),
            flux: Flux {
                bank: MelBank::new(f64::from(MUSIC_RATE_HZ), N_FFT, BANDS, 60.0, 10_000.0),
                past: std::array::from_fn(|_| vec![0.0; BANDS]),
            },
            attacks: Attacks::default(),
        }
    }

    /// Analyses the next mono samples, at any block size.
    pub fn push(&mut self, samples: &[f32]) {
        let Attacks {
            strength,
            samples: before,
            audible,
        } = &mut self.attacks;
        let sound = |x: &f32| x.abs() > AUDIBLE;
        let (first, last) = (
            samples.iter().position(sound),
            samples.iter().rposition(sound),
        );
        if let (Some(first), Some(last)) = (first, last) {
            let (from, to) = (*before + first as u64, *before + last as u64 + 1);
            *audible = Some((audible.map_or(from, |known| known.0), to));
        }
        *before += samples.len() as u64;
        if (strength.len() as f64) < MOST_S * RATE_HZ {
            let flux = &mut self.flux;
            self.stft
                .push(samples, |power| strength.push(flux.of(power)));
        }
    }

    /// Ends the track.
    pub fn finish(mut self) -> Attacks {
        let (flux, strength) = (&mut self.flux, &mut self.attacks.strength);
        self.stft.finish(|power| strength.push(flux.of(power)));
        self.attacks
    }
}

impl Flux {
    fn of(&mut self, power: &[f32]) -> f32 {
        self.past.rotate_left(1);
        let [before, .., now] = &mut self.past;
        now.clear();
        self.bank.apply(power, now);
        now.iter_mut().for_each(|m| *m = (1.0 + 20.0 * *m).ln());
        let rises = now.iter().zip(before.iter()).map(|(n, b)| (n - b).max(0.0));
        rises.sum()
    }
}

impl Attacks {
    /// Length of the signal, seconds.
    pub fn length_s(&self) -> f64 {
        self.samples as f64 / f64::from(MUSIC_RATE_HZ)
    }

    /// First and last audible moment, seconds; `None` for silence.
    pub fn audible_s(&self) -> Option<(f64, f64)> {
        let second = |samples: u64| samples as f64 / f64::from(MUSIC_RATE_HZ);
        self.audible.map(|(from, to)| (second(from), second(to)))
    }

    /// The strongest attack within [`REACH_S`] of a time; `None` where nothing starts.
    pub fn near(&self, time_s: f64) -> Option<Attack> {
        let frame = |s: f64| (s * RATE_HZ).round().max(0.0) as usize;
        let to = (frame(time_s + REACH_S) + 1).min(self.strength.len());
        let from = frame(time_s - REACH_S).min(to);
        let at = (from..to).max_by(|&a, &b| self.strength[a].total_cmp(&self.strength[b]))?;
        let value = |at: Option<usize>| {
            let known = at.and_then(|at| self.strength.get(at));
            known.map_or(0.0, |&s| f64::from(s))
        };
        let (before, top, after) = (
            value(at.checked_sub(1)),
            value(Some(at)),
            value(Some(at + 1)),
        );
        if top <= 0.0 {
            return None;
        }
        // The vertex of the parabola through the three values.
        let bend = 2.0 * top - before - after;
        let aside = if bend > 0.0 {
            0.5 * (after - before) / bend
        } else {
            0.0
        };
        Some(Attack {
            time_s: (at as f64 + aside.clamp(-0.5, 0.5)) / RATE_HZ,
            strength: top,
        })
    }
}
