//! A range of a music file for playback: stereo at 48 kHz from any position.

use std::ops::ControlFlow;
use std::path::Path;

use tokio_util::sync::CancellationToken;

use super::decoder::Decoder;
use super::mix::to_stereo;
use crate::AudioError;
use crate::signal::resample::Mono;

/// Frames a second of the output of [`stereo`].
pub const STEREO_RATE_HZ: u32 = 48_000;

/// Decodes a range of a music file, in seconds, as interleaved stereo at [`STEREO_RATE_HZ`]. The
/// first frame is the one nearest to the start. Each sample equals the one that decoding from the
/// beginning gives (Opus: within 90 dB, because its decoder state never resets completely; AAC:
/// except for the noise that decoders synthesise). Ends at the end of the range or the file, when
/// `on_samples` breaks, or when `stop` is cancelled.
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
    // The resampler's blocks begin where they would in the whole file; the first two only fill its
    // filter.
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
    // A reader that has moved cannot be used again.
    let decoder = Decoder::open(path)?;
    part(decoder, None, (from, to), stop, on_samples)
}

/// Reads on from the decoder's position: the start, or a frame at its own rate.
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
            weights = to_stereo(decoder.speakers());
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
    // The file has ended, whether more was wanted or not.
    match out.give(on_samples) {
        ControlFlow::Continue(()) | ControlFlow::Break(()) => Ok(()),
    }
}

/// The frames that go out: how many to skip, and how many to give after that.
struct Out {
    skip: u64,
    left: u64,
    ready: [Vec<f32>; 2],
    block: Vec<f32>,
}

impl Out {
    fn give(&mut self, on_samples: &mut dyn FnMut(&[f32]) -> ControlFlow<()>) -> ControlFlow<()> {
        let [left, right] = &mut self.ready;
        let frames = left.len().min(right.len());
        let skipped = usize::try_from(self.skip).unwrap_or(usize::MAX).min(frames);
        self.skip -= skipped as u64;
        let given = usize::try_from(self.left)
            .unwrap_or(usize::MAX)
            .min(frames - skipped);
        self.left -= given as u64;
        let pairs = left.iter().zip(right.iter()).skip(skipped).take(given);
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
                    .map(|(x, w)| x * w.get(side).copied().unwrap_or_default())
                    .sum::<f32>()
            };
            samples.extend(block.chunks_exact(channels).map(sum));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::mix::BESIDE;
    use super::*;
    use crate::loudness::Speaker;

    #[test]
    fn surround_is_mixed_down_to_stereo() {
        let weights = to_stereo(&Speaker::usual(6));
        let want = [
            [1.0, 0.0],
            [0.0, 1.0],
            [BESIDE, BESIDE],
            [0.0, 0.0],
            [BESIDE, 0.0],
            [0.0, BESIDE],
        ];
        assert_eq!(weights, want);
        assert_eq!(to_stereo(&Speaker::usual(1)), [[1.0, 1.0]]);
        let mut sides = [Vec::new(), Vec::new()];
        split(&[0.5, 0.25, 0.0, 1.0, 0.0, 0.0], 6, &weights, &mut sides);
        assert_eq!(sides, [[0.5], [0.25]]);
    }
}
