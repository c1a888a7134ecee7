//! Steps of the analysis for whole signals in memory: what the networks get, for comparison with the
//! references, and what the choice among ways to beat time is learned from.

use crate::embed::clap_mel::ClapMel;
use crate::embed::log_mel::LogMel;
use crate::harmony::chroma::Chroma;
use crate::rhythm::moments::{self, Moments};
use crate::rhythm::onset::Onsets;
use crate::rhythm::{bars, choose, tempo};
use crate::signal::resample::Mono;

/// musicnn's log-mel frames, `[frames * 96]`, of 16 kHz mono samples.
pub fn musicnn_frames(samples: &[f32]) -> Vec<f32> {
    let mut mel = LogMel::new();
    mel.push(samples);
    mel.finish();
    mel.frames
}

/// CLAP's picture, `[1001 * 64]` in dB, of at most 10 s of 48 kHz mono samples.
pub fn clap_picture(samples: &[f32]) -> Vec<f32> {
    ClapMel::new().picture(samples)
}

/// Beat and downbeat activations, 50 a second, of 22,050 Hz mono samples.
///
/// # Errors
/// `Model`.
pub fn beat_activations(samples: &[f32]) -> Result<Vec<[f32; 2]>, crate::AudioError> {
    let mut net = crate::rhythm::activation::BeatNet::open()?;
    net.begin();
    net.push(samples)?;
    net.finish()
}

/// Every way to beat time to 22,050 Hz mono samples with every reading of its bars, as learning
/// wants them: beats in seconds, features, and for each reading beats a bar, first downbeat, features.
///
/// # Errors
/// `Model`.
pub fn ways(samples: &[f32]) -> Result<Vec<WayFeatures>, crate::AudioError> {
    let moments = moments(samples)?;
    let candidates = tempo::candidates(&moments);
    let ways = choose::ways(&moments, &candidates)
        .into_iter()
        .map(|way| WayFeatures {
            bpm: way.candidate.bpm,
            readings: bars::readings(&moments, &way.beats)
                .into_iter()
                .map(|r| (r.per_bar, r.first, r.features.to_vec()))
                .collect(),
            beats_s: way
                .beats
                .iter()
                .map(|&b| b as f64 / moments::RATE_HZ)
                .collect(),
            features: way.features.to_vec(),
        });
    Ok(ways.collect())
}

/// See [`ways`].
pub struct WayFeatures {
    /// Tempo that it follows.
    pub bpm: f64,
    /// Its beats.
    pub beats_s: Vec<f64>,
    /// What the choice among ways is made by.
    pub features: Vec<f64>,
    /// Beats a bar, number of the first downbeat, and what the choice among readings is made by.
    pub readings: Vec<(usize, usize, Vec<f64>)>,
}

fn moments(samples: &[f32]) -> Result<Moments, crate::AudioError> {
    let mut onsets = Onsets::new();
    onsets.push(samples);
    onsets.finish();
    let mut chroma = Chroma::new();
    chroma.push(samples);
    let activations = beat_activations(samples)?;
    Ok(Moments::new(
        &activations,
        onsets.envelopes(),
        &chroma.frames(),
    ))
}

/// One channel from one rate to another.
pub fn resampled(samples: &[f32], from_hz: u32, to_hz: u32) -> Vec<f32> {
    let (mut resampler, mut out) = (Mono::new(from_hz, to_hz), Vec::new());
    resampler.push(samples, &mut out);
    resampler.finish(&mut out);
    out
}
