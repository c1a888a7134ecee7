//! One pass over a file: each block of samples goes to every analysis, and no samples are kept.

use std::panic::AssertUnwindSafe;
use std::path::Path;

use tokio_util::sync::CancellationToken;

use crate::AudioError;
use crate::decode::Decoder;
use crate::fingerprint::Fingerprint;
use crate::harmony::chroma::Chroma;
use crate::levels::Levels;
use crate::loudness::{Meter, Speaker};
use crate::rhythm::activation::BeatNet;
use crate::rhythm::moments::Moments;
use crate::rhythm::onset::Onsets;
use crate::signal::MUSIC_RATE_HZ;
use crate::signal::resample::Mono;

/// One block of decoded samples.
pub struct Block<'a> {
    pub rate_hz: u32,
    /// Position of each channel.
    pub speakers: &'a [Speaker],
    pub interleaved: &'a [f32],
    /// Mean over the channels.
    pub mono: &'a [f32],
}

/// Facts that are known at the end of a file.
pub struct PassReport {
    pub duration_s: f64,
    pub damaged_packets: usize,
}

/// Decodes a file block by block and hands each block to `on_block`.
///
/// # Errors
/// Those of [`Decoder`], those of `on_block`, and `Cancelled` within one block after the token. A
/// decoder that panics on a damaged file gives `Undecodable`.
pub fn read_blocks(
    path: &Path,
    cancel: &CancellationToken,
    mut on_block: impl FnMut(&Block) -> Result<(), AudioError>,
) -> Result<PassReport, AudioError> {
    // The caller builds its analyses anew for every file, so no half-done state is used again.
    let report = AssertUnwindSafe(|| decode_all(path, cancel, &mut on_block));
    std::panic::catch_unwind(report).unwrap_or_else(|_| {
        Err(AudioError::Undecodable {
            path: path.to_owned(),
            reason: "the decoder panicked".to_owned(),
        })
    })
}

fn decode_all(
    path: &Path,
    cancel: &CancellationToken,
    on_block: &mut dyn FnMut(&Block) -> Result<(), AudioError>,
) -> Result<PassReport, AudioError> {
    let mut decoder = Decoder::open(path)?;
    let (mut interleaved, mut mono) = (Vec::new(), Vec::new());
    let mut rate = 0;
    while let Some((rate_hz, channels)) = decoder.next_block(&mut interleaved)? {
        if cancel.is_cancelled() {
            return Err(AudioError::Cancelled);
        }
        rate = rate_hz;
        mix_down(&interleaved, channels, &mut mono);
        on_block(&Block {
            rate_hz,
            speakers: decoder.speakers(),
            interleaved: &interleaved,
            mono: &mono,
        })?;
    }
    if cancel.is_cancelled() {
        return Err(AudioError::Cancelled);
    }
    Ok(PassReport {
        duration_s: decoder.frames() as f64 / f64::from(rate.max(1)),
        damaged_packets: decoder.damaged_packets(),
    })
}

/// All analyses of the signal that need no pack.
pub struct SignalAnalyses<'a> {
    pub meter: Meter,
    pub levels: Levels,
    pub onsets: Onsets,
    pub chroma: Chroma,
    fingerprint: Fingerprint,
    beats: &'a mut BeatNet,
    resampler: Mono,
    resampled: Vec<f32>,
}

impl<'a> SignalAnalyses<'a> {
    /// For a signal of `rate_hz` with these channels.
    pub fn new(rate_hz: u32, speakers: &[Speaker], beats: &'a mut BeatNet) -> SignalAnalyses<'a> {
        beats.begin();
        SignalAnalyses {
            meter: Meter::with_speakers(rate_hz, speakers),
            levels: Levels::new(rate_hz),
            onsets: Onsets::new(),
            chroma: Chroma::new(),
            fingerprint: Fingerprint::new(MUSIC_RATE_HZ, 1),
            beats,
            resampler: Mono::new(rate_hz, MUSIC_RATE_HZ),
            resampled: Vec::new(),
        }
    }

    /// Adds a block to every analysis.
    ///
    /// # Errors
    /// `Model`.
    pub fn push(&mut self, block: &Block) -> Result<(), AudioError> {
        self.meter.push(block.interleaved);
        self.levels.push(block.interleaved, block.mono);
        self.resampled.clear();
        self.resampler.push(block.mono, &mut self.resampled);
        self.music()
    }

    /// Ends the signal and gives the beat evidence of the whole track.
    ///
    /// # Errors
    /// `Model`.
    pub fn finish(&mut self) -> Result<Moments, AudioError> {
        self.resampled.clear();
        self.resampler.finish(&mut self.resampled);
        self.music()?;
        self.levels.finish();
        self.onsets.finish();
        let activations = self.beats.finish()?;
        Ok(Moments::new(
            &activations,
            self.onsets.envelopes(),
            &self.chroma.frames(),
        ))
    }

    /// The fingerprint of the first two minutes.
    pub fn into_fingerprint(self) -> Vec<u32> {
        self.fingerprint.finish()
    }

    fn music(&mut self) -> Result<(), AudioError> {
        self.fingerprint.push(&self.resampled);
        self.onsets.push(&self.resampled);
        self.chroma.push(&self.resampled);
        self.beats.push(&self.resampled)
    }
}

/// Averages the channels of each frame.
fn mix_down(interleaved: &[f32], channels: usize, mono: &mut Vec<f32>) {
    mono.clear();
    if channels == 1 {
        mono.extend_from_slice(interleaved);
        return;
    }
    let share = 1.0 / channels as f32;
    mono.extend(
        interleaved
            .chunks_exact(channels)
            .map(|f| f.iter().sum::<f32>() * share),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_are_averaged() {
        let mut mono = Vec::new();
        mix_down(&[1.0, 0.0, -1.0, 0.5], 2, &mut mono);
        assert_eq!(mono, [0.5, -0.25]);
    }
}
