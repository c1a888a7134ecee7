//! Music detection by sustained partials.
//!
//! After Seyerlehner, Pohle, Schedl & Widmer, *Automatic music detection in television productions*
//! (DAFx 2007). Music sustains tones, so its spectrogram has straight horizontal lines; speech
//! glides and noise has no lines. The running mean over frequency is subtracted from the spectrum,
//! the rest is made binary, and the share of frames of a block in which a bin is on is the bin's
//! activation. In music a few bins stand out by much. The measure is the sum of the five highest
//! peaks.

use crate::signal::CLIP_RATE_HZ;
use crate::signal::stft::Stft;

const N_FFT: usize = 1024;
const HOP: usize = 256;
const BINS: usize = N_FFT / 2 + 1;
/// Frames in a block: 1.6 s.
const BLOCK: usize = 100;
/// Bins in the running mean: 330 Hz.
const AROUND: usize = 21;
/// A bin is on where it exceeds the running mean by this much, dB.
const ON_DB: f32 = 2.0;
/// Quieter blocks count as silent, dB relative to full scale.
const QUIET_DB: f32 = -60.0;
/// A block is music from this sum of peaks on. Medians on 20 s clips: 30 clips of actors speaking
/// 2.3 (one of them has more than half of its blocks above the limit), 30 clips of game music 4.1,
/// both together with the music 9 dB down 3.0 (`examples/clip_sound.rs`).
const MUSIC: f32 = 2.6;
const PEAKS: usize = 5;

/// Detects sustained tones in a stream of samples.
pub(super) struct MusicDetector {
    stft: Stft,
    blocks: Blocks,
}

#[derive(Default)]
struct Blocks {
    active: Vec<u16>,
    frames: usize,
    power: f64,
    sounding: usize,
    music: usize,
}

impl MusicDetector {
    pub(super) fn new() -> MusicDetector {
        debug_assert_eq!(CLIP_RATE_HZ, 16_000);
        MusicDetector {
            stft: Stft::new(N_FFT, HOP),
            blocks: Blocks {
                active: vec![0; BINS],
                ..Blocks::default()
            },
        }
    }

    pub(super) fn push(&mut self, samples: &[f32]) {
        let blocks = &mut self.blocks;
        self.stft.push(samples, |power| blocks.frame(power));
    }

    /// Share of the blocks that are not silent which hold music.
    pub(super) fn finish(mut self) -> f32 {
        let blocks = &mut self.blocks;
        self.stft.finish(|power| blocks.frame(power));
        if blocks.frames >= BLOCK / 2 {
            blocks.end();
        }
        if blocks.sounding == 0 {
            return 0.0;
        }
        blocks.music as f32 / blocks.sounding as f32
    }
}

impl Blocks {
    fn frame(&mut self, power: &[f32]) {
        let decibels: Vec<f32> = power.iter().map(|p| 10.0 * (p + 1e-10).log10()).collect();
        let mut sum: f32 = decibels[..AROUND / 2].iter().sum();
        let mut count = AROUND / 2;
        for bin in 0..decibels.len() {
            if let Some(next) = decibels.get(bin + AROUND / 2) {
                sum += next;
                count += 1;
            }
            if bin > AROUND / 2 {
                sum -= decibels[bin - AROUND / 2 - 1];
                count -= 1;
            }
            self.active[bin] += u16::from(decibels[bin] - sum / count as f32 > ON_DB);
        }
        self.power += power.iter().map(|p| f64::from(*p)).sum::<f64>();
        self.frames += 1;
        if self.frames == BLOCK {
            self.end();
        }
    }

    fn end(&mut self) {
        // Mean square of the samples after Parseval. A Hann window keeps 3/8 of the power, and only
        // half of the spectrum is stored.
        let scale = 2.0 / (0.375 * (N_FFT * N_FFT) as f64);
        let level = 10.0 * (self.power / self.frames as f64 * scale + 1e-12).log10();
        if level > f64::from(QUIET_DB) {
            let share: Vec<f32> = self
                .active
                .iter()
                .map(|&n| f32::from(n) / self.frames as f32)
                .collect();
            let measure = highest(&share);
            self.sounding += 1;
            self.music += usize::from(measure > MUSIC);
        }
        self.active.fill(0);
        self.frames = 0;
        self.power = 0.0;
    }
}

/// Sum of the five highest peaks. The height of a peak is measured from the higher of its two
/// neighbouring valleys.
fn highest(share: &[f32]) -> f32 {
    let mut heights: Vec<f32> = Vec::new();
    let mut at = 1;
    while at + 1 < share.len() {
        if share[at] > share[at - 1] && share[at] >= share[at + 1] {
            let fall = |step: &dyn Fn(usize) -> Option<usize>| {
                let (mut low, mut here) = (share[at], at);
                while let Some(next) = step(here).filter(|&n| n < share.len() && share[n] <= low) {
                    low = share[next];
                    here = next;
                }
                low
            };
            let left = fall(&|i: usize| i.checked_sub(1));
            let right = fall(&|i| Some(i + 1));
            heights.push(share[at] - left.max(right));
        }
        at += 1;
    }
    heights.sort_by(|a, b| b.total_cmp(a));
    heights.iter().take(PEAKS).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f32::consts::TAU;

    fn share(sample: impl Fn(usize) -> f32) -> f32 {
        let mut detector = MusicDetector::new();
        let samples: Vec<f32> = (0..8 * CLIP_RATE_HZ as usize).map(sample).collect();
        for part in samples.chunks(5_000) {
            detector.push(part);
        }
        detector.finish()
    }

    #[test]
    fn a_chord_is_music_and_a_siren_is_not() {
        let rate = CLIP_RATE_HZ as f32;
        let chord = |i: usize| {
            [261.6, 329.6, 392.0, 523.3, 659.3]
                .iter()
                .map(|hz| (TAU * hz * i as f32 / rate).sin() * 0.1)
                .sum()
        };
        assert!(share(chord) > 0.9, "five held tones");
        let siren = |i: usize| {
            let t = i as f32 / rate;
            0.3 * (TAU * (600.0 * t - 60.0 * (TAU * t).cos())).sin()
        };
        assert!(share(siren) < 0.2, "a gliding tone");
        assert!(share(|_| 0.0) == 0.0, "silence");
    }
}
