//! A part of a music file as it is played: stereo at 48 kHz, from any place on.

use std::ops::ControlFlow;
use std::path::Path;

use tokio_util::sync::CancellationToken;

use super::decoder::Decoder;
use crate::AudioError;
use crate::loudness::Speaker;
use crate::signal::resample::Mono;

/// Frames a second of what [`stereo`] gives.
pub const STEREO_RATE_HZ: u32 = 48_000;

/// What a channel beside left and right adds to either side: −3 dB.
const BESIDE: f32 = std::f32::consts::FRAC_1_SQRT_2;

/// Hands on a part of a music file, from and to in seconds: interleaved stereo at
/// [`STEREO_RATE_HZ`], its first frame the one nearest to the start, every sample as it would be had
/// the file been decoded from its beginning (within 90 dB for Opus, whose decoder never quite forgets;
/// but for the noise that decoders of AAC make up).
/// Ends where the file does, once `on_samples` breaks, or, before that, `stop` is cancelled.
///
/// # Errors
/// Those of [`Decoder::open`] and [`Decoder::next_block`]; `Cancelled`.
pub fn stereo(
    path: &Path,
    range_s: (f64, f64),
    stop: &CancellationToken,
    on_samples: &mut dyn FnMut(&[f32]) -> ControlFlow<()>,
) -> Result<(), AudioError> {
    let frame = |s: f64| (s.clamp(0.0, 1e6) * f64::from(STEREO_RATE_HZ)).round() as u64;
    let (from, to) = (frame(range_s.0), frame(range_s.1));
    let mut decoder = Decoder::open(path)?;
    let Some(rate_hz) = decoder.claimed_rate_hz() else {
        return part(decoder, None, (from, to), stop, on_samples);
    };
    // The resampler's blocks begin where they would have; the first two only warm it up.
    let block = Mono::new(rate_hz, STEREO_RATE_HZ).block() as u64;
    let wanted = u128::from(from) * u128::from(rate_hz) / u128::from(STEREO_RATE_HZ);
    let start = (wanted as u64 / block).saturating_sub(2) * block;
    if start > 0 && decoder.seek(start) {
        return part(
            decoder,
            Some((start, rate_hz)),
            (from, to),
            stop,
            on_samples,
        );
    }
    // A reader that has moved is of no use any more.
    let decoder = Decoder::open(path)?;
    part(decoder, None, (from, to), stop, on_samples)
}

/// Reads on from where the decoder stands: at the start, or at a frame of its own rate.
fn part(
    mut decoder: Decoder,
    at: Option<(u64, u32)>,
    (from, to): (u64, u64),
    stop: &CancellationToken,
    on_samples: &mut dyn FnMut(&[f32]) -> ControlFlow<()>,
) -> Result<(), AudioError> {
    let (mut block, mut sides) = (Vec::new(), [Vec::new(), Vec::new()]);
    let mut resamplers: Option<[Mono; 2]> = None;
    let mut out = Out {
        skip: from,
        left: to.saturating_sub(from),
        ready: [Vec::new(), Vec::new()],
        block: Vec::new(),
    };
    let mut weights = Vec::new();
    while let Some((rate_hz, channels)) = decoder.next_block(&mut block)? {
        if stop.is_cancelled() {
            return Err(AudioError::Cancelled);
        }
        let resamplers = resamplers.get_or_insert_with(|| {
            if let Some((frame, claimed_hz)) = at {
                let placed =
                    u128::from(frame) * u128::from(STEREO_RATE_HZ) / u128::from(claimed_hz);
                out.skip -= placed as u64;
            }
            weights = mix(decoder.speakers());
            [(), ()].map(|()| Mono::new(rate_hz, STEREO_RATE_HZ))
        });
        split(&block, channels, &weights, &mut sides);
        for ((resampler, side), ready) in resamplers.iter_mut().zip(&sides).zip(&mut out.ready) {
            resampler.push(side, ready);
        }
        if out.give(on_samples).is_break() {
            return Ok(());
        }
    }
    let Some(mut resamplers) = resamplers else {
        return Ok(());
    };
    for (resampler, ready) in resamplers.iter_mut().zip(&mut out.ready) {
        resampler.finish(ready);
    }
    // The file is over, whether more was wanted or not.
    match out.give(on_samples) {
        ControlFlow::Continue(()) | ControlFlow::Break(()) => Ok(()),
    }
}

/// What goes out: so many frames less, and no more than so many.
struct Out {
    skip: u64,
    left: u64,
    ready: [Vec<f32>; 2],
    block: Vec<f32>,
}

impl Out {
    fn give(&mut self, on_samples: &mut dyn FnMut(&[f32]) -> ControlFlow<()>) -> ControlFlow<()> {
        let frames = self.ready[0].len();
        let skipped = usize::try_from(self.skip).unwrap_or(usize::MAX).min(frames);
        self.skip -= skipped as u64;
        let given = usize::try_from(self.left)
            .unwrap_or(usize::MAX)
            .min(frames - skipped);
        self.left -= given as u64;
        let [left, right] = &mut self.ready;
        let pairs = left[skipped..].iter().zip(&right[skipped..]).take(given);
        self.block.clear();
        self.block.extend(pairs.flat_map(|(l, r)| [*l, *r]));
        left.clear();
        right.clear();
        if !self.block.is_empty() {
            on_samples(&self.block)?;
        }
        if self.left == 0 {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }
}

/// What each channel adds to left and right. The first two fronts are left and right, as in every
/// order in use; surrounds come in pairs; what has no side goes to both.
fn mix(speakers: &[Speaker]) -> Vec<[f32; 2]> {
    if let [_] = speakers {
        return vec![[1.0, 1.0]];
    }
    let (mut fronts, mut surrounds) = (0, 0);
    let weight = |speaker: &Speaker| match speaker {
        Speaker::LowFrequency => [0.0, 0.0],
        Speaker::Front => {
            fronts += 1;
            match fronts {
                1 => [1.0, 0.0],
                2 => [0.0, 1.0],
                _ => [BESIDE, BESIDE],
            }
        }
        Speaker::Surround => {
            surrounds += 1;
            if surrounds % 2 == 1 {
                [BESIDE, 0.0]
            } else {
                [0.0, BESIDE]
            }
        }
    };
    speakers.iter().map(weight).collect()
}

fn split(block: &[f32], channels: usize, weights: &[[f32; 2]], sides: &mut [Vec<f32>; 2]) {
    for (side, samples) in sides.iter_mut().enumerate() {
        samples.clear();
        if channels == 2 {
            samples.extend(block.iter().skip(side).step_by(2));
        } else {
            let sum = |frame: &[f32]| {
                frame
                    .iter()
                    .zip(weights)
                    .map(|(x, w)| x * w[side])
                    .sum::<f32>()
            };
            samples.extend(block.chunks_exact(channels).map(sum));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surround_comes_down_to_stereo() {
        let weights = mix(&Speaker::usual(6));
        let want = [
            [1.0, 0.0],
            [0.0, 1.0],
            [BESIDE, BESIDE],
            [0.0, 0.0],
            [BESIDE, 0.0],
            [0.0, BESIDE],
        ];
        assert_eq!(weights, want);
        assert_eq!(mix(&Speaker::usual(1)), [[1.0, 1.0]]);
        let mut sides = [Vec::new(), Vec::new()];
        split(&[0.5, 0.25, 0.0, 1.0, 0.0, 0.0], 6, &weights, &mut sides);
        assert_eq!(sides, [[0.5], [0.25]]);
    }
}
