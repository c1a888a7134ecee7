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
use crate::mono::MixDown;
use crate::rhythm::activation::BeatNet;
use crate::rhythm::attacks::{AttackStream, Attacks};
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
    /// Mean over the channels, of which opposite ones are turned.
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
    let mut mixer: Option<MixDown> = None;
    // Blocks from the start, until it is known which channels are opposite.
    let (mut held, mut rate) = (Some(Vec::new()), 0);
    loop {
        let block = decoder.next_block(&mut interleaved)?;
        if cancel.is_cancelled() {
            return Err(AudioError::Cancelled);
        }
        let Some((rate_hz, channels)) = block else {
            break;
        };
        rate = rate_hz;
        let mixer = mixer.get_or_insert_with(|| MixDown::new(rate_hz, channels));
        mixer.listen(&interleaved);
        if let Some(start) = &mut held {
            start.append(&mut interleaved);
            if !mixer.is_sure() && start.len() / channels < mixer.most_frames() {
                continue;
            }
            std::mem::swap(start, &mut interleaved);
            held = None;
        }
        mixer.mix(&interleaved, &mut mono);
        on_block(&Block {
            rate_hz,
            speakers: decoder.speakers(),
            interleaved: &interleaved,
            mono: &mono,
        })?;
    }
    // A short file was held to its end.
    if let (Some(start), Some(mixer)) = (held.filter(|start| !start.is_empty()), &mixer) {
        mixer.mix(&start, &mut mono);
        on_block(&Block {
            rate_hz: rate,
            speakers: decoder.speakers(),
            interleaved: &start,
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
    attacks: AttackStream,
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
            attacks: AttackStream::new(),
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

    /// Ends the signal and gives the beat evidence and the attacks of the whole track.
    ///
    /// # Errors
    /// `Model`.
    pub fn finish(&mut self) -> Result<(Moments, Attacks), AudioError> {
        self.resampled.clear();
        self.resampler.finish(&mut self.resampled);
        self.music()?;
        self.levels.finish();
        self.onsets.finish();
        let activations = self.beats.finish()?;
        let attacks = std::mem::replace(&mut self.attacks, AttackStream::new()).finish();
        let chroma = self.chroma.frames();
        let moments = Moments::new(&activations, self.onsets.envelopes(), &chroma);
        Ok((moments, attacks))
    }

    /// The fingerprint of the first two minutes.
    pub fn into_fingerprint(self) -> Vec<u32> {
        self.fingerprint.finish()
    }

    fn music(&mut self) -> Result<(), AudioError> {
        self.fingerprint.push(&self.resampled);
        self.onsets.push(&self.resampled);
        self.attacks.push(&self.resampled);
        self.chroma.push(&self.resampled);
        self.beats.push(&self.resampled)
    }
}
