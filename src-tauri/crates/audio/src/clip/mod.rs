//! What is heard in a clip itself: does somebody speak, is there music already, how loud is it.

mod music;
mod speech;

use needledrop_ranking::Loudness;

use crate::error::AudioError;
use crate::loudness::Meter;
use crate::signal::CLIP_RATE_HZ;
use crate::signal::resample::Mono;
use music::Sustained;
use speech::Speech;

/// The sound of a clip in words and numbers. Times are seconds from where the sound began.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClipSound {
    /// Where somebody speaks, ascending and apart.
    pub speech_s: Vec<(f64, f64)>,
    /// Share of the sounding time that is music, 0 to 1.
    pub music: f32,
    /// Loudness of all of it.
    pub loudness: Loudness,
}

/// Share of music from which a clip is said to have music.
const PRESENT: f32 = 0.5;

impl ClipSound {
    /// Whether there is music in the clip already.
    pub fn music_present(&self) -> bool {
        self.music >= PRESENT
    }
}

/// Listens to the sound of a clip, block by block.
pub struct ClipEars {
    channels: usize,
    meter: Meter,
    mono: Mono,
    speech: Speech,
    music: Sustained,
    block: Vec<f32>,
}

impl ClipEars {
    /// For interleaved samples at this rate, in Hz.
    ///
    /// # Errors
    /// `Model` where the network of the voice activity cannot be opened.
    pub fn new(rate_hz: u32, channels: usize) -> Result<ClipEars, AudioError> {
        Ok(ClipEars {
            channels: channels.max(1),
            meter: Meter::new(rate_hz, channels.max(1)),
            mono: Mono::new(rate_hz, CLIP_RATE_HZ),
            speech: Speech::open()?,
            music: Sustained::new(),
            block: Vec::new(),
        })
    }

    /// Takes interleaved samples in, whole frames.
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

    /// Ends the clip.
    ///
    /// # Errors
    /// `Model`.
    pub fn finish(mut self) -> Result<ClipSound, AudioError> {
        self.block.clear();
        self.mono.finish(&mut self.block);
        self.music.push(&self.block);
        self.speech.push(&self.block)?;
        Ok(ClipSound {
            speech_s: self.speech.finish()?,
            music: self.music.finish(),
            loudness: self.meter.reading(),
        })
    }
}
