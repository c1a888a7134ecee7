//! Interpolation between samples, for other rates of the playhead and of the device. Pure.

use std::f64::consts::PI;

/// Samples that an interpolated one is computed from.
pub const TAPS: usize = 16;
const HALF: usize = TAPS / 2;
const PHASES: usize = 512;
/// Share of the band that is kept; frequencies above would alias audibly.
const CUTOFF: f64 = 0.94;
/// Beta of the Kaiser window: aliases are 80 dB down.
const BETA: f64 = 8.0;

/// A table of windowed sincs for the places between two samples.
pub struct Interpolator {
    phases: Box<[[f32; TAPS]]>,
}

impl Interpolator {
    /// Computes the table, 32 KiB.
    pub fn new() -> Interpolator {
        let phases = (0..=PHASES)
            .map(|p| phase(p as f64 / PHASES as f64))
            .collect();
        Interpolator { phases }
    }

    /// The frame at `HALF - 1 + fraction` among the [`TAPS`] frames given, `fraction` in [0,1].
    fn at(&self, frames: &[[f32; 2]], fraction: f64) -> [f32; 2] {
        let place = fraction * PHASES as f64;
        let phase = (place as usize).min(PHASES - 1);
        let between = (place - phase as f64) as f32;
        let (a, b) = (&self.phases[phase], &self.phases[phase + 1]);
        let mut sum = [0.0f32; 2];
        for (k, frame) in frames.iter().enumerate().take(TAPS) {
            let weight = a[k] + (b[k] - a[k]) * between;
            sum[0] += frame[0] * weight;
            sum[1] += frame[1] * weight;
        }
        sum
    }

    /// The frames that [`stretch`](Interpolator::stretch) reads for `n` frames of output from `position`
    /// on, `step` apart: the first one and their number.
    pub fn needs(position: f64, step: f64, n: usize) -> (i64, usize) {
        let last = position + step * n as f64;
        let around = step.abs() / 2.0;
        let (low, high) = (position.min(last) - around, position.max(last) + around);
        let first = low.floor() as i64 - HALF as i64;
        (
            first,
            (high.ceil() as i64 + HALF as i64 + 1 - first) as usize,
        )
    }

    /// Fills `out` with the sound at `position`, `position + step`, …; `frames` starts at `first`, as
    /// [`needs`](Interpolator::needs) gives it. At rates above 1 each frame is the mean over the `step`
    /// frames around it.
    pub fn stretch(
        &self,
        frames: &[[f32; 2]],
        first: i64,
        (position, step): (f64, f64),
        out: &mut [[f32; 2]],
    ) {
        let parts = step.abs().round().max(1.0);
        for (i, out) in out.iter_mut().enumerate() {
            let mut sum = [0.0; 2];
            for part in 0..parts as usize {
                let aside = (part as f64 + 0.5) / parts - 0.5;
                let place = position + step * (i as f64 + aside) - first as f64;
                let whole = place.floor();
                let from = whole as usize + 1 - HALF;
                let frame = self.at(&frames[from..], place - whole);
                sum = [sum[0] + frame[0], sum[1] + frame[1]];
            }
            *out = sum.map(|x| x / parts as f32);
        }
    }
}

fn phase(fraction: f64) -> [f32; TAPS] {
    let weights: [f64; TAPS] = std::array::from_fn(|k| {
        let x = k as f64 - (HALF - 1) as f64 - fraction;
        let edge = (1.0 - (x / HALF as f64).powi(2)).max(0.0);
        sinc(CUTOFF * x) * bessel(BETA * edge.sqrt())
    });
    let sum: f64 = weights.iter().sum();
    weights.map(|w| (w / sum) as f32)
}

fn sinc(x: f64) -> f64 {
    if x == 0.0 {
        1.0
    } else {
        (PI * x).sin() / (PI * x)
    }
}

/// The modified Bessel function of order 0, by its series.
fn bessel(x: f64) -> f64 {
    let (mut term, mut sum) = (1.0, 1.0);
    for k in 1..40 {
        term *= (x / (2.0 * f64::from(k))).powi(2);
        sum += term;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sine(hz: f64, at: f64) -> f32 {
        (2.0 * PI * hz * at / 48_000.0).sin() as f32
    }

    /// The worst error of a sine read at another speed.
    fn worst(hz: f64, step: f64) -> f32 {
        let (interpolator, position) = (Interpolator::new(), 100.3);
        let (first, n) = Interpolator::needs(position, step, 200);
        let frames: Vec<[f32; 2]> = (0..n)
            .map(|i| sine(hz, (first + i as i64) as f64))
            .map(|x| [x, -x])
            .collect();
        let mut out = vec![[0.0; 2]; 200];
        interpolator.stretch(&frames, first, (position, step), &mut out);
        let off = |(i, frame): (usize, &[f32; 2])| {
            assert_eq!(frame[0], -frame[1], "the channels are alike");
            (frame[0] - sine(hz, position + step * i as f64)).abs()
        };
        out.iter().enumerate().map(off).fold(0.0, f32::max)
    }

    #[test]
    fn a_sine_stays_a_sine_at_another_rate() {
        for (hz, most) in [
            (100.0, 2e-4),
            (1_000.0, 2e-4),
            (8_000.0, 4e-4),
            (15_000.0, 2e-3),
        ] {
            for step in [0.5, 48_000.0 / 44_100.0, -1.0, -0.3, 1.0] {
                let off = worst(hz, step);
                assert!(off < most, "{hz} Hz at {step}: off by {off}");
            }
        }
    }

    #[test]
    fn a_constant_stays_constant_at_any_rate() {
        let interpolator = Interpolator::new();
        for step in [0.1, 1.7, 3.0, 8.0, -8.0] {
            let (first, n) = Interpolator::needs(0.5, step, 64);
            let mut out = vec![[0.0; 2]; 64];
            interpolator.stretch(&vec![[0.5, -0.25]; n], first, (0.5, step), &mut out);
            for frame in out {
                assert!((frame[0] - 0.5).abs() < 1e-5 && (frame[1] + 0.25).abs() < 1e-5);
            }
        }
    }
}
