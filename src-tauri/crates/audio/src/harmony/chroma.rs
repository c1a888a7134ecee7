//! Pitch-class profile of a track: spectral peaks folded into one octave, with harmonics credited
//! to their fundamental, and the common tuning of the peaks.
//!
//! Harmonic pitch-class profile after E. Gómez, *Tonal description of music audio signals*, 2006.

use std::f64::consts::TAU;

use crate::presence::Presence;
use crate::signal::MUSIC_RATE_HZ;
use crate::signal::stft::Stft;

const N_FFT: usize = 8192;
const HOP: usize = 2048;
const BIN_HZ: f64 = MUSIC_RATE_HZ as f64 / N_FFT as f64;
/// Number of frames per second.
pub const FRAME_RATE_HZ: f64 = MUSIC_RATE_HZ as f64 / HOP as f64;
/// Resolution of the profile of a frame: thirds of a semitone.
const THIRDS: usize = 36;
/// Resolution of the profile before the tuning is known: 10 cents.
const FINE: usize = 120;
const RANGE_HZ: (f64, f64) = (60.0, 4000.0);
/// A peak also counts as 2nd to 4th harmonic of a lower note; its weight shrinks by this factor
/// each time.
const HARMONICS: usize = 4;
const HARMONIC_DECAY: f64 = 0.6;
/// Peaks lower than this relative to the frame's highest one are ignored (a power ratio, 50 dB).
const LEAST_OF_HIGHEST: f32 = 1e-5;
const MOST_PEAKS: usize = 60;
/// Frames with less power than this are silence: about −70 dB of full scale.
const SILENCE: f32 = 0.4;

/// Computes the profile from a stream at [`MUSIC_RATE_HZ`].
pub struct Chroma {
    stft: Stft,
    profile: Profile,
    /// Uses the same spectra.
    presence: Presence,
}

struct Profile {
    fine: [f64; FINE],
    tuning: (f64, f64),
    frames: usize,
    /// Profile of each frame, silent ones included; each sums to 1 or 0.
    thirds: Vec<[f32; THIRDS]>,
    peaks: Vec<(f64, f32)>,
}

impl Chroma {
    /// Starts the analysis of a track.
    pub fn new() -> Chroma {
        let profile = Profile {
            fine: [0.0; FINE],
            tuning: (0.0, 0.0),
            frames: 0,
            thirds: Vec::new(),
            peaks: Vec::new(),
        };
        Chroma {
            stft: Stft::new(N_FFT, HOP),
            profile,
            presence: Presence::new(BIN_HZ, SILENCE),
        }
    }

    /// Analyses the next mono samples, at any block size.
    pub fn push(&mut self, samples: &[f32]) {
        let (profile, presence) = (&mut self.profile, &mut self.presence);
        self.stft.push(samples, |power| {
            profile.frame(power);
            presence.frame(power);
        });
    }

    /// Share of the power in the band of voices; see [`Presence::share`].
    pub fn presence(&self) -> Option<f32> {
        self.presence.share()
    }

    /// Concert pitch in cents relative to A = 440 Hz, −50 to 50.
    pub fn tuning_cents(&self) -> f64 {
        let (re, im) = self.profile.tuning;
        if re == 0.0 && im == 0.0 {
            0.0
        } else {
            im.atan2(re) / TAU * 100.0
        }
    }

    /// Strength of each pitch class, C first, in every frame, [`FRAME_RATE_HZ`] a second.
    pub fn frames(&self) -> Vec<[f32; 12]> {
        let step = (self.tuning_cents() / 100.0 * 3.0).round() as i32;
        let class = |bin: usize| ((bin as i32 + 1 - step).rem_euclid(36) / 3) as usize;
        let fold = |thirds: &[f32; THIRDS]| {
            let mut classes = [0.0; 12];
            for (bin, value) in thirds.iter().enumerate() {
                classes[class(bin)] += value;
            }
            classes
        };
        self.profile.thirds.iter().map(fold).collect()
    }

    /// Strength of each pitch class, C first, in the track's own tuning; sums to 1. `None` for
    /// silence.
    pub fn pitch_classes(&self) -> Option<[f64; 12]> {
        if self.profile.frames == 0 {
            return None;
        }
        let tuning = self.tuning_cents();
        let mut classes = [0.0; 12];
        for (bin, value) in self.profile.fine.iter().enumerate() {
            let cents = (bin as f64 + 0.5) * 1200.0 / FINE as f64 - tuning;
            for (class, sum) in classes.iter_mut().enumerate() {
                let away = (cents - 100.0 * class as f64 + 600.0).rem_euclid(1200.0) - 600.0;
                if away.abs() < 66.0 {
                    *sum += value * (TAU / 4.0 * away / 66.0).cos().powi(2);
                }
            }
        }
        let total: f64 = classes.iter().sum();
        (total > 0.0).then(|| classes.map(|c| c / total))
    }
}

impl Profile {
    fn frame(&mut self, power: &[f32]) {
        let highest = self.find_peaks(power);
        let thirds = self.thirds.len();
        self.thirds.push([0.0; THIRDS]);
        if highest < SILENCE || self.peaks.is_empty() {
            return;
        }
        self.frames += 1;
        // Every frame counts the same; within it the weight of a peak is the square root of its
        // amplitude.
        let strength = |power: f32| f64::from(power / highest).powf(0.25);
        let total: f64 = self.peaks.iter().map(|p| strength(p.1)).sum();
        for &(hz, power) in &self.peaks {
            let weight = strength(power) / total;
            let cents = cents_above_c(hz);
            let angle = TAU * cents / 100.0;
            self.tuning.0 += weight * angle.cos();
            self.tuning.1 += weight * angle.sin();
            let mut share = weight;
            for harmonic in 1..=HARMONICS {
                let cents = cents - 1200.0 * (harmonic as f64).log2();
                let bin = (cents.rem_euclid(1200.0) * FINE as f64 / 1200.0) as usize;
                self.fine[bin.min(FINE - 1)] += share;
                let third = (cents.rem_euclid(1200.0) * THIRDS as f64 / 1200.0).round() as usize;
                self.thirds[thirds][third % THIRDS] += share as f32;
                share *= HARMONIC_DECAY;
            }
        }
    }

    /// Finds the highest peaks, as frequency and power; gives the power of the highest.
    fn find_peaks(&mut self, power: &[f32]) -> f32 {
        let (from, to) = (
            (RANGE_HZ.0 / BIN_HZ) as usize,
            (RANGE_HZ.1 / BIN_HZ) as usize,
        );
        let highest = power[from..to].iter().fold(0.0f32, |m, &x| m.max(x));
        self.peaks.clear();
        for bin in from.max(1)..to {
            let (a, b, c) = (power[bin - 1], power[bin], power[bin + 1]);
            if b > a && b >= c && b > highest * LEAST_OF_HIGHEST {
                // A parabola through the logarithms: exact for a Gaussian lobe, close for a Hann
                // window's.
                let (a, b_log, c) = (a.max(1e-20).ln(), b.ln(), c.max(1e-20).ln());
                let bend = a - 2.0 * b_log + c;
                let shift = if bend < 0.0 {
                    0.5 * (a - c) / bend
                } else {
                    0.0
                };
                self.peaks
                    .push(((bin as f64 + f64::from(shift.clamp(-0.5, 0.5))) * BIN_HZ, b));
            }
        }
        if self.peaks.len() > MOST_PEAKS {
            self.peaks
                .select_nth_unstable_by(MOST_PEAKS, |a, b| b.1.total_cmp(&a.1));
            self.peaks.truncate(MOST_PEAKS);
        }
        highest
    }
}

/// Cents above the C below A = 440 Hz.
fn cents_above_c(hz: f64) -> f64 {
    1200.0 * (hz / 440.0).log2() + 900.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listen(notes_hz: &[f64]) -> Chroma {
        let samples: Vec<f32> = (0..3 * MUSIC_RATE_HZ)
            .map(|i| {
                let t = f64::from(i) / f64::from(MUSIC_RATE_HZ);
                notes_hz
                    .iter()
                    .map(|hz| (TAU * hz * t).sin() as f32 * 0.2)
                    .sum()
            })
            .collect();
        let mut chroma = Chroma::new();
        chroma.push(&samples);
        chroma
    }

    #[test]
    fn a_note_is_strongest_in_its_class() {
        for (class, hz) in [(9, 440.0), (0, 261.63), (4, 329.63), (11, 123.47)] {
            let classes = listen(&[hz]).pitch_classes().unwrap();
            let best = (0..12)
                .max_by(|&a, &b| classes[a].total_cmp(&classes[b]))
                .unwrap();
            assert_eq!(best, class, "{hz} Hz gives {classes:?}");
        }
    }

    #[test]
    fn tuning_is_read_to_a_few_cents() {
        for cents in [-40.0, -20.0, 0.0, 15.0, 32.0] {
            let shift = 2f64.powf(cents / 1200.0);
            let got = listen(&[440.0 * shift, 554.37 * shift, 659.26 * shift]).tuning_cents();
            assert!((got - cents).abs() < 4.0, "{cents} cents read as {got}");
        }
    }

    #[test]
    fn silence_has_no_profile() {
        assert_eq!(listen(&[]).pitch_classes(), None);
    }
}
