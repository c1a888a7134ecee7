//! Single steps of the analysis for signals in memory. Tests compare the network inputs with
//! reference implementations; `training/beats` learns from the beat hypotheses.

use crate::embed::clap_mel::ClapMel;
use crate::embed::log_mel::LogMel;
use crate::harmony::chroma::Chroma;
use crate::rhythm::moments::{self, Moments};
use crate::rhythm::onset::Onsets;
use crate::rhythm::{bars, hypotheses, tempo};
use crate::signal::resample::Mono;

/// musicnn's log-mel frames, `[frames * 96]`, from 16 kHz mono samples.
pub fn musicnn_frames(samples: &[f32]) -> Vec<f32> {
    let mut mel = LogMel::new();
    mel.push(samples);
    mel.finish();
    mel.frames
}

/// CLAP's log-mel picture, `[1001 * 64]` in dB, from at most 10 s of 48 kHz mono samples.
pub fn clap_picture(samples: &[f32]) -> Vec<f32> {
    ClapMel::new().picture(samples)
}

/// Beat and downbeat activations, 50 a second, from 22,050 Hz mono samples.
///
/// # Errors
/// `Model`.
pub fn beat_activations(samples: &[f32]) -> Result<Vec<[f32; 2]>, crate::AudioError> {
    let mut net = crate::rhythm::activation::BeatNet::open()?;
    net.begin();
    net.push(samples)?;
    net.finish()
}

/// All beat hypotheses for 22,050 Hz mono samples, with all bar hypotheses of each.
///
/// # Errors
/// `Model`.
pub fn beat_hypotheses(samples: &[f32]) -> Result<Vec<BeatFeatures>, crate::AudioError> {
    let moments = moments(samples)?;
    let candidates = tempo::candidates(&moments);
    let hypotheses = hypotheses::hypotheses(&moments, &candidates)
        .into_iter()
        .map(|hypothesis| BeatFeatures {
            bpm: hypothesis.candidate.bpm,
            readings: bars::hypotheses(&moments, &hypothesis.beats)
                .into_iter()
                .map(|r| (r.per_bar, r.first, r.features.to_vec()))
                .collect(),
            beats_s: hypothesis
                .beats
                .iter()
                .map(|&b| b as f64 / moments::RATE_HZ)
                .collect(),
            features: hypothesis.features.to_vec(),
        });
    Ok(hypotheses.collect())
}

/// A beat hypothesis and the features that its score is computed from.
pub struct BeatFeatures {
    /// Tempo, beats per minute.
    pub bpm: f64,
    /// Times of the beats, seconds.
    pub beats_s: Vec<f64>,
    /// Inputs of the score among beat hypotheses.
    pub features: Vec<f64>,
    /// For each bar hypothesis: beats a bar, index of the first downbeat, inputs of the score.
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

/// Resamples the whole of one channel.
pub fn resampled(samples: &[f32], from_hz: u32, to_hz: u32) -> Vec<f32> {
    let (mut resampler, mut out) = (Mono::new(from_hz, to_hz), Vec::new());
    resampler.push(samples, &mut out);
    resampler.finish(&mut out);
    out
}
