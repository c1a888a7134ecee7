//! Analysis of a clip's own sound: speech, music, loudness.

mod music;
mod speech;

use needledrop_ranking::Loudness;

use crate::error::AudioError;
use crate::loudness::Meter;
use crate::signal::CLIP_RATE_HZ;
use crate::signal::resample::Mono;
use music::MusicDetector;
use speech::SpeechDetector;

/// Result of analysing a clip's sound. Times are seconds from the first sample.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClipSoundAnalysis {
    /// Stretches of speech, in time order, not overlapping.
    pub speech_s: Vec<(f64, f64)>,
    /// Share of the blocks that are not silent which hold music, 0 to 1.
    pub music: f32,
    /// Loudness of the whole sound.
    pub loudness: Loudness,
}

/// Share of music from which a clip counts as having music.
const PRESENT: f32 = 0.5;

impl ClipSoundAnalysis {
    /// Whether the clip has music already.
    pub fn music_present(&self) -> bool {
        self.music >= PRESENT
    }
}

/// Analyses the sound of a clip block by block.
pub struct ClipSoundAnalyzer {
    channels: usize,
    meter: Meter,
    mono: Mono,
    speech: SpeechDetector,
    music: MusicDetector,
    block: Vec<f32>,
}

impl ClipSoundAnalyzer {
    /// For interleaved samples at `rate_hz`.
    ///
    /// # Errors
    /// `Model` where the speech network does not open.
    pub fn new(rate_hz: u32, channels: usize) -> Result<ClipSoundAnalyzer, AudioError> {
        Ok(ClipSoundAnalyzer {
            channels: channels.max(1),
            meter: Meter::new(rate_hz, channels.max(1)),
            mono: Mono::new(rate_hz, CLIP_RATE_HZ),
            speech: SpeechDetector::open()?,
            music: MusicDetector::new(),
            block: Vec::new(),
        })
    }

    /// Takes interleaved samples; the length is a multiple of the channel count.
    ///
    /// # Errors
    /// `Model`.
    pub fn push(&mut self, samples: &[f32]) -> Result<(), AudioError> {
        self.meter.push(samples);
        let each = 1.0 / self.channels as f32;
        let mixed: Vec<f32> = samples
            .chunks_exact(self.channels)
            .map(|frame| frame.iter().sum::<f32>() * each)
            .collect();
        self.block.clear();
        self.mono.push(&mixed, &mut self.block);
        self.music.push(&self.block);
        self.speech.push(&self.block)
    }

    /// Ends the sound, and gives its speech, music and loudness.
    ///
    /// # Errors
    /// `Model`.
    pub fn finish(mut self) -> Result<ClipSoundAnalysis, AudioError> {
        self.block.clear();
        self.mono.finish(&mut self.block);
        self.music.push(&self.block);
        self.speech.push(&self.block)?;
        Ok(ClipSoundAnalysis {
            speech_s: self.speech.finish()?,
            music: self.music.finish(),
            loudness: self.meter.loudness(),
        })
    }
}
