//! A music file in one pass: every block of samples goes to all listeners, nothing of the signal is
//! kept, so that memory does not grow with the track but for one envelope.

use std::panic::AssertUnwindSafe;
use std::path::Path;

use needledrop_models::Pack;
use needledrop_models::runtime::{ProviderChoice, SessionOptions};
use needledrop_ranking::{Beats, Character, Curves, Form, KeyEstimate, Loudness, Section, Tempo};
use tokio_util::sync::CancellationToken;

use crate::decode::Decoder;
use crate::embed::tag_space::logit;
use crate::embed::{self, Encoder, Window};
use crate::harmony::chroma::Chroma;
use crate::harmony::key;
use crate::loudness::Meter;
use crate::preview::{self, Levels};
use crate::rhythm;
use crate::rhythm::activation::BeatNet;
use crate::rhythm::moments::Moments;
use crate::rhythm::onset::Onsets;
use crate::signal::resample::Mono;
use crate::{AudioError, Metadata};

/// Sample rate of the rhythm and harmony analysis, Hz.
pub const MUSIC_RATE_HZ: u32 = 22_050;

/// Everything known about a track.
#[derive(Clone, Debug, PartialEq)]
pub struct TrackAnalysis {
    /// Length of the sound that was decoded, seconds.
    pub duration_s: f64,
    /// The part that stands for the track: start and end, seconds.
    pub preview_s: (f64, f64),
    /// Pulse, where there is one.
    pub tempo: Option<Tempo>,
    /// Key, where there is one.
    pub key: Option<KeyEstimate>,
    /// Loudness after EBU R 128.
    pub loudness: Loudness,
    /// Beats and bars, where there are any that can be followed.
    pub beats: Option<Beats>,
    /// Energy, onsets and waveform over time.
    pub curves: Curves,
    /// Ending, climax, loop.
    pub form: Form,
    /// Mood, energy, valence, share of voices.
    pub character: Character,
    /// Tag and score over the preview: the mean of the tagger's probabilities, highest first. A tag
    /// that several taggers know has the mean of their scores. Empty for packs without a tagger.
    pub tags: Vec<(String, f32)>,
    /// Every tagger's logit over the preview in the order of [`Analyzer::tag_names`], uncorrected.
    pub tag_logits: Vec<f32>,
    /// The preview in the audio space of the pack, of length 1.
    pub vector: Vec<f32>,
    /// Sections in time order; they cover the track.
    pub sections: Vec<Section>,
    /// Chromaprint fingerprint of the first two minutes; empty for shorter than a few seconds.
    pub fingerprint: Vec<u32>,
    /// What the file says about itself.
    pub metadata: Metadata,
    /// Packets that could not be decoded and were passed over; above 0 the file is damaged.
    pub damaged_packets: usize,
}

/// Analyses files one after another with the models of a pack.
pub struct Analyzer {
    encoder: Encoder,
    window_s: f64,
    sections_every_s: f64,
}

impl Analyzer {
    /// Opens the pack's audio models; `threads` for each model, 0 for as many as there are cores.
    ///
    /// # Errors
    /// `Model` and `BadPack`.
    pub fn open(pack: &Pack, threads: usize) -> Result<Analyzer, AudioError> {
        Analyzer::open_with(
            pack,
            &SessionOptions {
                threads,
                ..SessionOptions::default()
            },
        )
    }

    /// As [`open`](Analyzer::open), with a wanted provider.
    ///
    /// # Errors
    /// `Model` and `BadPack`.
    pub fn open_with(pack: &Pack, options: &SessionOptions) -> Result<Analyzer, AudioError> {
        let audio = &pack.manifest.audio;
        let sound = |seconds: f64| (1.0..=600.0).contains(&seconds);
        if !sound(audio.window_s) || !sound(audio.sections_s) {
            return Err(AudioError::BadPack {
                pack: pack.manifest.name.clone(),
                reason: "window_s and sections_s must be 1 to 600 seconds".to_owned(),
            });
        }
        Ok(Analyzer {
            encoder: Encoder::open(pack, options)?,
            window_s: audio.window_s,
            sections_every_s: audio.sections_s,
        })
    }

    /// What runs the models.
    pub fn provider(&self) -> &ProviderChoice {
        self.encoder.provider()
    }

    /// Tags in the order of [`TrackAnalysis::tag_logits`], as `TAGGER:tag`.
    pub fn tag_names(&self) -> &[String] {
        self.encoder.tags()
    }

    /// The whole analysis.
    ///
    /// # Errors
    /// Any of [`AudioError`]; `Cancelled` soon after the token was.
    pub fn analyze(
        &mut self,
        path: &Path,
        cancel: &CancellationToken,
    ) -> Result<TrackAnalysis, AudioError> {
        let mut music = None;
        let heard = self.hear(path, cancel, &mut |block| {
            let music = music.get_or_insert_with(|| Music::new(block.rate_hz, block.channels));
            music.push(block);
        })?;
        let (mut tempo, mut beats, mut key) = (None, None, None);
        let mut loudness = Loudness::default();
        if let Some(mut music) = music {
            music.finish();
            (tempo, beats) = rhythm::hear(&music.moments()?);
            key = key::estimate(&music.chroma);
            loudness = music.loudness.reading();
        }
        let preview = embed::between(&heard.windows, heard.preview_s.0, heard.preview_s.1);
        let probabilities = if self.encoder.tags().is_empty() {
            Vec::new()
        } else {
            embed::mean(&preview)
        };
        let sections = preview::sections_s(heard.duration_s, self.sections_every_s)
            .into_iter()
            .map(|(start_s, end_s)| {
                let windows = embed::between(&heard.windows, start_s, end_s);
                Section {
                    start_s,
                    end_s,
                    vector: self.encoder.vector(&windows),
                    ..Section::default()
                }
            })
            .collect();
        Ok(TrackAnalysis {
            duration_s: heard.duration_s,
            preview_s: heard.preview_s,
            tempo,
            key,
            loudness,
            beats,
            curves: Curves::default(),
            form: Form::default(),
            character: Character::default(),
            tags: joined_tags(self.encoder.tags(), &probabilities),
            tag_logits: probabilities.iter().map(|&p| logit(p)).collect(),
            vector: self.encoder.vector(&preview),
            sections,
            fingerprint: Vec::new(),
            metadata: Metadata::read(path),
            damaged_packets: heard.damaged_packets,
        })
    }

    /// Only the vector of the preview, as in [`TrackAnalysis::vector`].
    ///
    /// # Errors
    /// As [`analyze`](Analyzer::analyze).
    pub fn embed_file(
        &mut self,
        path: &Path,
        cancel: &CancellationToken,
    ) -> Result<Vec<f32>, AudioError> {
        let heard = self.hear(path, cancel, &mut |_| {})?;
        let preview = embed::between(&heard.windows, heard.preview_s.0, heard.preview_s.1);
        Ok(self.encoder.vector(&preview))
    }

    fn hear(
        &mut self,
        path: &Path,
        cancel: &CancellationToken,
        listener: &mut dyn FnMut(&Block),
    ) -> Result<Heard, AudioError> {
        // Decoders meet hostile files; a panic in one becomes an error of that file. The encoder is
        // begun anew for every file, so nothing half done is seen again.
        let heard = AssertUnwindSafe(|| self.hear_all(path, cancel, listener));
        std::panic::catch_unwind(heard).unwrap_or_else(|_| {
            Err(AudioError::Undecodable {
                path: path.to_owned(),
                reason: "the decoder panicked".to_owned(),
            })
        })
    }

    fn hear_all(
        &mut self,
        path: &Path,
        cancel: &CancellationToken,
        listener: &mut dyn FnMut(&Block),
    ) -> Result<Heard, AudioError> {
        let mut decoder = Decoder::open(path)?;
        self.encoder.begin(self.sections_every_s);
        let (mut interleaved, mut mono, mut resampled) = (Vec::new(), Vec::new(), Vec::new());
        let mut listening: Option<(Mono, Levels)> = None;
        let mut rate_hz = 0;
        while let Some((rate, channels)) = decoder.next_block(&mut interleaved)? {
            if cancel.is_cancelled() {
                return Err(AudioError::Cancelled);
            }
            rate_hz = rate;
            mix_down(&interleaved, channels, &mut mono);
            let (resampler, levels) = listening.get_or_insert_with(|| {
                (Mono::new(rate, self.encoder.rate_hz()), Levels::new(rate))
            });
            levels.push(&mono);
            resampled.clear();
            resampler.push(&mono, &mut resampled);
            self.encoder.push(&resampled)?;
            listener(&Block {
                rate_hz: rate,
                channels,
                interleaved: &interleaved,
                mono: &mono,
            });
        }
        if cancel.is_cancelled() {
            return Err(AudioError::Cancelled);
        }
        let duration_s = decoder.frames() as f64 / f64::from(rate_hz.max(1));
        let least_s = self.encoder.least_s();
        let (mut resampler, levels) = match listening {
            Some(listening) if duration_s >= least_s => listening,
            _ => {
                let path = path.to_owned();
                return Err(AudioError::TooShort {
                    path,
                    least_s,
                    got_s: duration_s,
                });
            }
        };
        resampled.clear();
        resampler.finish(&mut resampled);
        self.encoder.push(&resampled)?;
        let within_s = duration_s.min(self.encoder.preview_within_s());
        let preview_s = levels.preview_s(within_s, self.window_s, self.encoder.grid_s());
        Ok(Heard {
            duration_s,
            preview_s,
            windows: self.encoder.finish(preview_s)?,
            damaged_packets: decoder.damaged_packets(),
        })
    }
}

/// What one pass over a file gave to the encoder.
struct Heard {
    duration_s: f64,
    preview_s: (f64, f64),
    windows: Vec<Window>,
    damaged_packets: usize,
}

/// A block of samples as the listeners get it.
struct Block<'a> {
    rate_hz: u32,
    channels: usize,
    interleaved: &'a [f32],
    mono: &'a [f32],
}

/// The listeners for loudness, rhythm and harmony.
struct Music {
    loudness: Meter,
    resampler: Mono,
    resampled: Vec<f32>,
    onsets: Onsets,
    chroma: Chroma,
}

impl Music {
    fn new(rate_hz: u32, channels: usize) -> Music {
        Music {
            loudness: Meter::new(rate_hz, channels),
            resampler: Mono::new(rate_hz, MUSIC_RATE_HZ),
            resampled: Vec::new(),
            onsets: Onsets::new(),
            chroma: Chroma::new(),
        }
    }

    fn push(&mut self, block: &Block) {
        self.loudness.push(block.interleaved);
        self.resampled.clear();
        self.resampler.push(block.mono, &mut self.resampled);
        self.onsets.push(&self.resampled);
        self.chroma.push(&self.resampled);
    }

    fn finish(&mut self) {
        self.resampled.clear();
        self.resampler.finish(&mut self.resampled);
        self.onsets.push(&self.resampled);
        self.chroma.push(&self.resampled);
        self.onsets.finish();
    }

    fn moments(&self) -> Result<Moments, AudioError> {
        let _ = BeatNet::open()?;
        Ok(Moments::new(
            &[],
            self.onsets.envelopes(),
            &self.chroma.frames(),
        ))
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

/// Scores by tag name, the tagger's prefix taken off, highest first.
fn joined_tags(names: &[String], probabilities: &[f32]) -> Vec<(String, f32)> {
    let mut sums = std::collections::BTreeMap::<&str, (f32, f32)>::new();
    for (name, &p) in names.iter().zip(probabilities) {
        let name = name.split_once(':').map_or(name.as_str(), |(_, tag)| tag);
        let entry = sums.entry(name).or_default();
        *entry = (entry.0 + p, entry.1 + 1.0);
    }
    let mut tags: Vec<(String, f32)> = sums
        .into_iter()
        .map(|(name, (sum, n))| (name.to_owned(), sum / n))
        .collect();
    tags.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    tags
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

    #[test]
    fn a_tag_of_two_taggers_is_listed_once() {
        let names = ["A:rock", "A:sad", "B:rock"].map(str::to_owned);
        let tags = joined_tags(&names, &[0.2, 0.5, 0.6]);
        assert_eq!(tags, [("sad".to_owned(), 0.5), ("rock".to_owned(), 0.4)]);
    }
}
