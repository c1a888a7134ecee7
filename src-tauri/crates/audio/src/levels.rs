//! Level of a track over time: its waveform and its energy curve. Pure.

use needledrop_ranking::Curve;

use crate::rhythm::onset::{self, Onsets};

/// Steps a second. A step is the finest unit of this module, 25 ms.
pub const RATE_HZ: f64 = 40.0;
/// Steps in one point of the overview waveform, and in one value of the energy curve.
const STEPS_PER_PEAK: usize = 10;
const STEPS_PER_ENERGY: usize = 20;
/// Values a second of the energy curve.
pub const ENERGY_RATE_HZ: f64 = RATE_HZ / STEPS_PER_ENERGY as f64;
/// Range of the energy curve, dB: 0 is this far below the loud parts of the track.
const ENERGY_RANGE_DB: f64 = 30.0;
/// Weight of the onset strength in the energy; the level has the rest.
const BUSY_SHARE: f32 = 0.3;
/// Quantile of the levels that counts as the top, so that one loud moment does not set the scale.
const TOP: f64 = 0.95;
const FLOOR_DB: f64 = -90.0;

/// Computes levels from a stream of samples, [`RATE_HZ`] steps a second.
pub struct Levels {
    rate_hz: f64,
    samples: u64,
    square: f64,
    peak: f32,
    in_step: usize,
    /// Mean square of the mono signal in each step.
    powers: Vec<f32>,
    /// Highest absolute sample of any channel in each step, 0 to 255.
    peaks: Vec<u8>,
}

impl Levels {
    /// For a signal of `rate_hz` samples a second.
    pub fn new(rate_hz: u32) -> Levels {
        Levels {
            rate_hz: f64::from(rate_hz),
            samples: 0,
            square: 0.0,
            peak: 0.0,
            in_step: 0,
            powers: Vec::new(),
            peaks: Vec::new(),
        }
    }

    /// Takes one block: all channels interleaved, and their mean.
    pub fn push(&mut self, interleaved: &[f32], mono: &[f32]) {
        let channels = interleaved.len() / mono.len().max(1);
        let mut at = 0;
        while at < mono.len() {
            let bound = ((self.powers.len() + 1) as f64 * self.rate_hz / RATE_HZ).round() as u64;
            let take = ((bound - self.samples) as usize).min(mono.len() - at);
            let all = &interleaved[at * channels..(at + take) * channels];
            self.peak = all.iter().fold(self.peak, |m, x| m.max(x.abs()));
            let square: f32 = mono[at..at + take].iter().map(|x| x * x).sum();
            self.square += f64::from(square);
            self.in_step += take;
            self.samples += take as u64;
            at += take;
            if self.samples == bound {
                self.step();
            }
        }
    }

    fn step(&mut self) {
        let count = self.in_step.max(1) as f64;
        self.powers.push((self.square / count) as f32);
        self.peaks.push((self.peak.min(1.0) * 255.0).round() as u8);
        (self.square, self.peak, self.in_step) = (0.0, 0.0, 0);
    }

    /// Closes the last, possibly shorter step.
    pub fn finish(&mut self) {
        if self.in_step > 0 {
            self.step();
        }
    }

    /// Level of each step, dB relative to full scale.
    pub fn db(&self) -> Vec<f64> {
        self.powers.iter().map(|&p| db(f64::from(p))).collect()
    }

    /// The overview waveform, 4 points a second.
    pub fn waveform(&self) -> Curve {
        let highest = |steps: &[u8]| steps.iter().copied().max().unwrap_or(0);
        Curve {
            rate_hz: RATE_HZ as f32 / STEPS_PER_PEAK as f32,
            values: self.peaks.chunks(STEPS_PER_PEAK).map(highest).collect(),
        }
    }

    /// The detailed waveform, 40 points a second.
    pub fn fine_waveform(&self) -> Curve {
        Curve {
            rate_hz: RATE_HZ as f32,
            values: self.peaks.clone(),
        }
    }

    /// Energy from 0 to 1, relative to the fullest parts of the track: level and onset strength.
    pub fn energy(&self, onsets: &Onsets) -> Curve {
        let mean = |steps: &[f32]| steps.iter().sum::<f32>() / steps.len().max(1) as f32;
        let levels: Vec<f64> = self
            .powers
            .chunks(STEPS_PER_ENERGY)
            .map(|steps| db(f64::from(mean(steps))))
            .collect();
        let top = quantile(&levels, TOP).max(FLOOR_DB + ENERGY_RANGE_DB);
        let busy = busyness(onsets, levels.len());
        let values = levels.iter().zip(busy).map(|(level, busy)| {
            let loud = ((level - top) / ENERGY_RANGE_DB + 1.0).clamp(0.0, 1.0) as f32;
            // Silence has no energy, whatever its onsets.
            loud * (1.0 - BUSY_SHARE + BUSY_SHARE * busy)
        });
        Curve::new(ENERGY_RATE_HZ as f32, values)
    }
}

/// Onset strength in the two seconds around each value of the energy, relative to the busiest
/// parts.
fn busyness(onsets: &Onsets, count: usize) -> Vec<f32> {
    let envelopes = onsets.envelopes();
    let frames = envelopes[0].len();
    let all = |at: usize| envelopes.iter().map(|e| e[at]).sum::<f32>();
    let mut sums = vec![0.0f64];
    (0..frames).for_each(|at| sums.push(sums[at] + f64::from(all(at))));
    let frame = |seconds: f64| (seconds * onset::FRAME_RATE_HZ).round().max(0.0) as usize;
    let values: Vec<f64> = (0..count)
        .map(|at| {
            let middle_s = (at as f64 + 0.5) / ENERGY_RATE_HZ;
            let (from, to) = (
                frame(middle_s - 1.0).min(frames),
                frame(middle_s + 1.0).min(frames),
            );
            (sums[to] - sums[from]) / (to - from).max(1) as f64
        })
        .collect();
    let top = quantile(&values, TOP).max(1e-9);
    values.iter().map(|v| (v / top).min(1.0) as f32).collect()
}

fn db(power: f64) -> f64 {
    (10.0 * (power + 1e-12).log10()).max(FLOOR_DB)
}

/// The `share` quantile of the values; 0 for an empty slice.
pub fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = (sorted.len().saturating_sub(1) as f64 * share) as usize;
    sorted.get(at).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels(rate: u32, blocks: usize) -> Levels {
        let mut levels = Levels::new(rate);
        let stereo: Vec<f32> = (0..rate as usize * 2)
            .flat_map(|i| {
                if i < rate as usize {
                    [0.5, -0.5]
                } else {
                    [0.25, 1.0]
                }
            })
            .collect();
        for block in stereo.chunks(2 * blocks) {
            let mono: Vec<f32> = block.chunks(2).map(|f| (f[0] + f[1]) / 2.0).collect();
            levels.push(block, &mono);
        }
        levels.finish();
        levels
    }

    #[test]
    fn the_waveform_holds_the_highest_channel_for_every_block_size() {
        for (rate, blocks) in [(44_100, 1), (44_100, 1000), (8_000, 77), (48_000, 96_000)] {
            let levels = levels(rate, blocks);
            assert_eq!(
                levels.waveform().values.len(),
                8,
                "two seconds at {rate} Hz"
            );
            assert_eq!(levels.fine_waveform().values.len(), 80);
            assert_eq!(levels.waveform().at(0.9), Some(128.0 / 255.0));
            assert_eq!(levels.waveform().at(1.1), Some(1.0));
            assert!(levels.db()[10] < -80.0, "opposite channels cancel in mono");
        }
    }
}
