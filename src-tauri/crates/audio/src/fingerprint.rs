//! Chromaprint fingerprints, and the comparison of two: are they the same recording?
//!
//! A fingerprint is a list of 32-bit numbers, about eight a second. Their bits follow the harmony
//! of the surrounding two seconds; lossy encoding changes few of them. See the [description by its
//! author](https://oxygene.sk/2011/01/how-does-chromaprint-work/).

use rusty_chromaprint::{Configuration, Fingerprinter, match_fingerprints};

use crate::signal::resample::Mono;

/// Sample rate of the algorithm, Hz.
const RATE_HZ: u32 = 11_025;
/// Only this much of the start of a track is used, seconds.
const LISTENED_S: u32 = 120;
/// Shorter fingerprints are not compared, numbers; 40 are about five seconds.
const LEAST_LEN: usize = 40;
/// Share of the shorter fingerprint that must agree with the longer one.
const AGREEING_PART: f64 = 0.8;
/// Two recordings are the same if their numbers differ by at most this many of 32 bits on average.
/// Measured: MP3 at 64 kbit/s, Opus at 48 kbit/s and Vorbis at its lowest quality, twelve pieces,
/// differ from their source by 0.1 to 0.7 bits. Of the 9,316 pairs among the 137 starter tracks the
/// closest, a piece and its raw mix, differ by 4.0 bits, the next by 5.9.
const DIFFERING_BITS: f64 = 3.0;

/// Computes the fingerprint of the first two minutes from a stream; memory does not grow with the
/// track.
pub struct Fingerprint {
    inner: Fingerprinter,
    channels: usize,
    resampler: Mono,
    mono: Vec<f32>,
    resampled: Vec<f32>,
    integers: Vec<i16>,
    /// Frames of the two minutes that are still to come.
    left: u64,
}

impl Fingerprint {
    /// For interleaved samples at `rate_hz`; both numbers must be above 0.
    pub fn new(rate_hz: u32, channels: usize) -> Fingerprint {
        let mut inner = Fingerprinter::new(&Configuration::preset_test2());
        // The crate's own resampler loses the end of a track, so it gets samples at its own rate.
        let started = inner.start(RATE_HZ, 1);
        debug_assert!(started.is_ok(), "one channel at a rate it knows");
        Fingerprint {
            inner,
            channels: channels.max(1),
            resampler: Mono::new(rate_hz.max(1), RATE_HZ),
            mono: Vec::new(),
            resampled: Vec::new(),
            integers: Vec::new(),
            left: u64::from(rate_hz) * u64::from(LISTENED_S),
        }
    }

    /// Takes interleaved samples, full scale ±1.
    pub fn push(&mut self, interleaved: &[f32]) {
        if self.left == 0 {
            return;
        }
        let wanted = usize::try_from(self.left).unwrap_or(usize::MAX);
        let share = 1.0 / self.channels as f32;
        self.mono.clear();
        self.mono.extend(
            interleaved
                .chunks_exact(self.channels)
                .take(wanted)
                .map(|frame| frame.iter().sum::<f32>() * share)
                // One infinite value would spoil a whole block of the resampler.
                .map(|x| {
                    if x.is_finite() {
                        x.clamp(-8.0, 8.0)
                    } else {
                        0.0
                    }
                }),
        );
        self.left -= self.mono.len() as u64;
        self.resampled.clear();
        self.resampler.push(&self.mono, &mut self.resampled);
        self.consume();
    }

    /// The fingerprint; empty for less than about three seconds.
    pub fn finish(mut self) -> Vec<u32> {
        self.resampled.clear();
        self.resampler.finish(&mut self.resampled);
        self.consume();
        self.inner.finish();
        self.inner.fingerprint().to_vec()
    }

    fn consume(&mut self) {
        self.integers.clear();
        // A cast from float to integer saturates, and turns NaN into 0.
        let integer = |x: &f32| (x * 32_767.0) as i16;
        self.integers.extend(self.resampled.iter().map(integer));
        self.inner.consume(&self.integers);
    }
}

/// A fingerprint prepared for comparison with many others.
pub struct Comparison<'a> {
    fingerprint: &'a [u32],
    /// Which upper halves of numbers occur: a set of 2¹⁶ bits.
    heads: Vec<u64>,
}

impl<'a> Comparison<'a> {
    /// Prepares the comparison of `fingerprint` with others.
    pub fn new(fingerprint: &'a [u32]) -> Comparison<'a> {
        let mut heads = vec![0; 1 << 10];
        for number in fingerprint {
            let head = number >> 16;
            heads[(head >> 6) as usize] |= 1_u64 << (head & 63);
        }
        Comparison { fingerprint, heads }
    }

    /// Whether `other` is the same recording: at least 80 % of the shorter fingerprint aligns with
    /// the longer one and differs by no more bits than encoders cause. False for fingerprints that
    /// are too short, and for those that hardly change (a drone, silence), because they resemble
    /// each other.
    pub fn is_same_recording(&self, other: &[u32]) -> bool {
        let shorter = self.fingerprint.len().min(other.len());
        if shorter < LEAST_LEN || is_flat(self.fingerprint) || is_flat(other) {
            return false;
        }
        // Two encodings share far more than one number in twenty; nearly all other music shares
        // fewer and is rejected here without an alignment.
        let shared = other
            .iter()
            .filter(|&&number| self.has_head(number))
            .count();
        if shared * 20 < other.len() {
            return false;
        }
        let config = Configuration::preset_test2();
        let Ok(segments) = match_fingerprints(self.fingerprint, other, &config) else {
            return false;
        };
        let agreeing: usize = segments
            .iter()
            .filter(|segment| segment.score <= DIFFERING_BITS)
            .map(|segment| segment.items_count)
            .sum();
        agreeing as f64 >= AGREEING_PART * shorter as f64
    }

    fn has_head(&self, number: u32) -> bool {
        let head = number >> 16;
        self.heads[(head >> 6) as usize] >> (head & 63) & 1 == 1
    }
}

/// Whether at most one number in ten differs from the one before.
fn is_flat(fingerprint: &[u32]) -> bool {
    let changes = fingerprint
        .windows(2)
        .filter(|two| two[0] != two[1])
        .count();
    changes * 10 < fingerprint.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_does_not_depend_on_the_blocks_it_came_in() {
        let samples: Vec<f32> = (0..44_100 * 2 * 8)
            .map(|at| ((at / 2) as f32 * 0.05 * (1.0 + (at / 40_000) as f32)).sin() * 0.3)
            .collect();
        let take = |block: usize| {
            let mut listener = Fingerprint::new(44_100, 2);
            samples.chunks(block).for_each(|part| listener.push(part));
            listener.finish()
        };
        let whole = take(samples.len());
        assert!(whole.len() > 20, "{} numbers", whole.len());
        assert_eq!(whole, take(4_096));
        assert_eq!(whole, take(778));
    }

    #[test]
    fn only_the_first_two_minutes_count() {
        let second: Vec<f32> = (0..8_000).map(|at| (at as f32 * 0.2).sin() * 0.3).collect();
        let take = |seconds: usize| {
            let mut listener = Fingerprint::new(8_000, 1);
            (0..seconds).for_each(|_| listener.push(&second));
            listener.finish()
        };
        assert_eq!(take(121), take(150));
    }

    #[test]
    fn empty_infinite_and_constant_input_gives_no_match_and_no_panic() {
        assert!(Fingerprint::new(48_000, 2).finish().is_empty(), "nothing");
        let mut listener = Fingerprint::new(48_000, 6);
        listener.push(&[f32::NAN; 600]);
        listener.push(&[f32::INFINITY; 599]);
        listener.push(&[1e30; 48_000]);
        assert!(listener.finish().len() < 10);
        assert!(!Comparison::new(&[]).is_same_recording(&[]));
        let flat = vec![627_964_279; 900];
        assert!(!Comparison::new(&flat).is_same_recording(&flat), "silence");
    }
}
