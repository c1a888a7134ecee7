//! One pass over a file: every block of samples goes to all listeners, nothing of the signal is kept.

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

/// A block of samples as the listeners get it.
pub struct Block<'a> {
    pub rate_hz: u32,
    /// Where each channel stands in the room.
    pub speakers: &'a [Speaker],
    pub interleaved: &'a [f32],
    /// Mean over the channels.
    pub mono: &'a [f32],
}

/// What the decoder says at the end of a file.
pub struct Listened {
    pub duration_s: f64,
    pub damaged_packets: usize,
}

/// Decodes a file block by block.
///
/// # Errors
/// Those of [`Decoder`], what `listener` returns, and `Cancelled` soon after the token was. A panic
/// of a decoder that met something hostile is `Undecodable`.
pub fn listen(
    path: &Path,
    cancel: &CancellationToken,
    mut listener: impl FnMut(&Block) -> Result<(), AudioError>,
) -> Result<Listened, AudioError> {
    // The listeners are begun anew for every file, so nothing half done is seen again.
    let listened = AssertUnwindSafe(|| decode_all(path, cancel, &mut listener));
    std::panic::catch_unwind(listened).unwrap_or_else(|_| {
        Err(AudioError::Undecodable {
            path: path.to_owned(),
            reason: "the decoder panicked".to_owned(),
        })
    })
}

fn decode_all(
    path: &Path,
    cancel: &CancellationToken,
    listener: &mut dyn FnMut(&Block) -> Result<(), AudioError>,
) -> Result<Listened, AudioError> {
    let mut decoder = Decoder::open(path)?;
    let (mut interleaved, mut mono) = (Vec::new(), Vec::new());
    let mut rate = 0;
    while let Some((rate_hz, channels)) = decoder.next_block(&mut interleaved)? {
        if cancel.is_cancelled() {
            return Err(AudioError::Cancelled);
        }
        rate = rate_hz;
        mix_down(&interleaved, channels, &mut mono);
        listener(&Block {
            rate_hz,
            speakers: decoder.speakers(),
            interleaved: &interleaved,
            mono: &mono,
        })?;
    }
    if cancel.is_cancelled() {
        return Err(AudioError::Cancelled);
    }
    Ok(Listened {
        duration_s: decoder.frames() as f64 / f64::from(rate.max(1)),
        damaged_packets: decoder.damaged_packets(),
    })
}

/// The listeners for everything but the models of a pack.
pub struct Ears<'a> {
    pub meter: Meter,
    pub levels: Levels,
    pub onsets: Onsets,
    pub chroma: Chroma,
    fingerprint: Fingerprint,
    beats: &'a mut BeatNet,
    resampler: Mono,
    resampled: Vec<f32>,
}

impl<'a> Ears<'a> {
    /// For a signal of this layout.
    pub fn new(rate_hz: u32, speakers: &[Speaker], beats: &'a mut BeatNet) -> Ears<'a> {
        beats.begin();
        Ears {
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

    /// Takes a block in.
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

    /// Ends the signal: what speaks for beats in it.
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

    /// The fingerprint of what was heard.
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

/// Mean over channels.
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
