//! Single steps of the analysis for signals in memory. Tests compare the network inputs with
//! reference implementations; `training/beats` learns from the beat hypotheses.

use crate::embed::clap_mel::ClapMel;
use crate::embed::log_mel::LogMel;
use crate::harmony::chroma::Chroma;
use crate::rhythm::attacks::AttackStream;
pub use crate::rhythm::attacks::Attacks;
use crate::rhythm::moments::{self, Moments};
use crate::rhythm::onset::{Onsets, RANGE_COUNT};
use crate::rhythm::{self, bars, hypotheses, pattern, tempo};
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

/// What the estimation of rhythm reads of a signal.
pub struct Heard {
    /// Of beat and downbeat.
    pub activations: Vec<[f32; 2]>,
    /// Onset strength in three ranges.
    pub envelopes: [Vec<f32>; RANGE_COUNT],
    /// Pitch classes.
    pub chroma: Vec<[f32; 12]>,
    /// Exact attacks.
    pub attacks: Attacks,
}

impl Heard {
    /// Of 22,050 Hz mono samples.
    ///
    /// # Errors
    /// `Model`.
    pub fn new(samples: &[f32]) -> Result<Heard, crate::AudioError> {
        let mut onsets = Onsets::new();
        onsets.push(samples);
        onsets.finish();
        let mut attacks = AttackStream::new();
        attacks.push(samples);
        let attacks = attacks.finish();
        let mut chroma = Chroma::new();
        chroma.push(samples);
        Ok(Heard {
            activations: beat_activations(samples)?,
            envelopes: onsets.envelopes().clone(),
            chroma: chroma.frames(),
            attacks,
        })
    }

    fn moments(&self) -> Moments {
        Moments::new(&self.activations, &self.envelopes, &self.chroma)
    }

    /// Tempo, beats and metre.
    pub fn rhythm(&self) -> rhythm::Estimate {
        rhythm::estimate(&self.moments(), &self.attacks)
    }

    /// What is found of music of one tempo; `None` without a pulse.
    pub fn evidence(&self) -> Option<Found> {
        let found = rhythm::estimate_stretch(&self.moments(), &self.attacks)?;
        Some(Found {
            bpm: f64::from(found.tempo.bpm),
            metre: found.metre.map(|metre| metre.to_string()),
            evidence: found.evidence.to_vec(),
            likelihood: found.likelihood,
        })
    }

    /// All beat hypotheses, with all bar hypotheses of each.
    pub fn beat_hypotheses(&self) -> Vec<BeatFeatures> {
        let moments = self.moments();
        let candidates = tempo::candidates(&moments);
        let hypotheses = hypotheses::hypotheses(&moments, &candidates);
        let features = hypotheses.into_iter().map(|hypothesis| BeatFeatures {
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
            parts: pattern::parts(&moments.all_onsets(), &hypothesis.beats),
        });
        features.collect()
    }
}

/// A tempo and a metre, and what their confidences are computed from.
pub struct Found {
    /// Tempo, beats per minute.
    pub bpm: f64,
    /// Likeliest metre, such as `6/8`.
    pub metre: Option<String>,
    /// Inputs of the confidence of the tempo.
    pub evidence: Vec<f64>,
    /// Likelihood of the metre among all metres.
    pub likelihood: f64,
}

/// A beat hypothesis and the features that its score is computed from.
pub struct BeatFeatures {
    /// Tempo, beats per minute.
    pub bpm: f64,
    /// Times of the beats, seconds.
    pub beats_s: Vec<f64>,
    /// Inputs of the score among beat hypotheses.
    pub features: Vec<f64>,
    /// Level of the onsets on the beats, at their half and their thirds.
    pub parts: [f64; 4],
    /// For each bar hypothesis: beats a bar, index of the first downbeat, inputs of the score.
    pub readings: Vec<(usize, usize, Vec<f64>)>,
}

/// Resamples the whole of one channel.
pub fn resampled(samples: &[f32], from_hz: u32, to_hz: u32) -> Vec<f32> {
    let (mut resampler, mut out) = (Mono::new(from_hz, to_hz), Vec::new());
    resampler.push(samples, &mut out);
    resampler.finish(&mut out);
    out
}
