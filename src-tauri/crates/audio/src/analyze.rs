//! The whole analysis of a track.

use std::path::Path;

use needledrop_models::Pack;
use needledrop_models::runtime::{ProviderChoice, SessionOptions};
use needledrop_ranking::{
    Beats, Character, Curve, Curves, Form, KeyEstimate, Loudness, Section, Tempo, TrackSound,
};
use tokio_util::sync::CancellationToken;

use crate::character::{self, character};
use crate::embed::{self, Encoder, TagScores, Window};
use crate::form::{self, Units};
use crate::harmony::{chroma, key};
use crate::preview::{self, Moment};
use crate::rhythm;
use crate::rhythm::activation::BeatNet;
use crate::rhythm::metre::Metre;
use crate::signal::resample::Mono;
use crate::track_pass::{SignalAnalyses, read_blocks};
use crate::{AudioError, Metadata};

/// Shortest sound that is analysed, seconds. Shorter files hold effects, not music.
const LEAST_S: f64 = 1.0;
/// Length of the preview without a pack, seconds.
const PREVIEW_S: f64 = 30.0;

/// The result of analysing a track.
#[derive(Clone, Debug, PartialEq)]
pub struct TrackAnalysis {
    /// Length of the decoded sound, seconds.
    pub duration_s: f64,
    /// Start and end of the preview, the most typical part of the track, seconds.
    pub preview_s: (f64, f64),
    /// Tempo; `None` where no pulse was found.
    pub tempo: Option<Tempo>,
    /// Beats and bars; `None` where the pulse is too weak to follow.
    pub beats: Option<Beats>,
    /// Metre; `None` where there are no beats, or too few for bars.
    pub metre: Option<Metre>,
    /// Key; `None` for music without tones.
    pub key: Option<KeyEstimate>,
    /// Loudness after EBU R 128.
    pub loudness: Loudness,
    /// Energy, onset strength and waveform over time.
    pub curves: Curves,
    /// How the track ends, where its climax is, which stretch can be looped.
    pub form: Form,
    /// Energy, valence, share of vocals and presence. There is no mood: it needs the pack's text
    /// tower, which this crate does not open.
    pub character: Character,
    /// Tags and their scores, 0 to 1, highest first. A tag that the tagger gives to all music
    /// scores low. Empty for packs without a tagger.
    pub tags: Vec<(String, f32)>,
    /// Unit vector of the preview in the pack's audio space; empty without a pack.
    pub vector: Vec<f32>,
    /// Sections in time order; they cover the whole track. Their vectors are empty without a pack.
    pub sections: Vec<Section>,
    /// Chromaprint fingerprint of the first two minutes; empty for tracks of less than about three
    /// seconds.
    pub fingerprint: Vec<u32>,
    /// Tags of the file.
    pub metadata: Metadata,
    /// Number of packets that could not be decoded and were skipped. Above 0 the file is damaged.
    pub damaged_packets: usize,
}

/// Analyses one file after another with the same models.
pub struct Analyzer {
    beats: BeatNet,
    pack: Option<Models>,
}

/// The models of a pack, and the window lengths that its manifest sets.
struct Models {
    encoder: Encoder,
    window_s: f64,
    sections_every_s: f64,
}

impl Analyzer {
    /// Opens the pack's audio models with `threads` threads each; 0 means one thread a core.
    ///
    /// # Errors
    /// `Model` and `BadPack`.
    pub fn open(pack: &Pack, threads: usize) -> Result<Analyzer, AudioError> {
        let options = SessionOptions {
            threads,
            ..SessionOptions::default()
        };
        Analyzer::open_with(pack, &options)
    }

    /// Like [`open`](Analyzer::open), with the options of the runtime.
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
            beats: BeatNet::open()?,
            pack: Some(Models {
                encoder: Encoder::open(pack, options)?,
                window_s: audio.window_s,
                sections_every_s: audio.sections_s,
            }),
        })
    }

    /// Opens no pack: the analysis has no tags and no vectors.
    ///
    /// # Errors
    /// `Model` where the beat network does not open.
    pub fn without_pack() -> Result<Analyzer, AudioError> {
        Ok(Analyzer {
            beats: BeatNet::open()?,
            pack: None,
        })
    }

    /// The provider that runs the pack's models; `None` without a pack.
    pub fn provider(&self) -> Option<&ProviderChoice> {
        self.pack.as_ref().map(|pack| pack.encoder.provider())
    }

    /// Decodes and analyses a file.
    ///
    /// # Errors
    /// Any of [`AudioError`]. `Cancelled` comes within one block of samples after the token.
    pub fn analyze(
        &mut self,
        path: &Path,
        cancel: &CancellationToken,
    ) -> Result<TrackAnalysis, AudioError> {
        let mut analyses = None;
        let beats = &mut self.beats;
        let mut beats = Some(beats);
        let mut embedding = self.pack.as_mut().map(Embedding::begin);
        let report = read_blocks(path, cancel, |block| {
            if let Some(beats) = beats.take() {
                analyses = Some(SignalAnalyses::new(block.rate_hz, block.speakers, beats));
            }
            if let Some(embedding) = &mut embedding {
                embedding.push(block.rate_hz, block.mono)?;
            }
            analyses
                .as_mut()
                .map_or(Ok(()), |analyses| analyses.push(block))
        })?;
        let duration_s = report.duration_s;
        let least_s = embedding
            .as_ref()
            .map_or(LEAST_S, |e| e.models.encoder.least_s());
        let Some(mut analyses) = analyses.filter(|_| duration_s >= least_s) else {
            return Err(AudioError::TooShort {
                path: path.to_owned(),
                least_s,
                got_s: duration_s,
            });
        };
        let track = MusicAnalysis::new(&mut analyses, duration_s)?;
        let sound = match embedding {
            Some(embedding) => embedding.finish(&track)?,
            None => PackAnalysis::without_pack(&track),
        };
        let metadata = Metadata::read(path);
        Ok(track.into_report(analyses, sound, metadata, report.damaged_packets))
    }

    /// Computes only the vector of the preview, as in [`TrackAnalysis::vector`].
    ///
    /// # Errors
    /// As [`analyze`](Analyzer::analyze).
    pub fn embed_file(
        &mut self,
        path: &Path,
        cancel: &CancellationToken,
    ) -> Result<Vec<f32>, AudioError> {
        Ok(self.analyze(path, cancel)?.vector)
    }
}

/// The part of the analysis that needs no pack.
struct MusicAnalysis {
    duration_s: f64,
    tempo: Option<Tempo>,
    beats: Option<Beats>,
    metre: Option<Metre>,
    energy: Curve,
    onsets: Curve,
    units: Units,
    parts: Vec<form::Part>,
}

impl MusicAnalysis {
    fn new(analyses: &mut SignalAnalyses, duration_s: f64) -> Result<MusicAnalysis, AudioError> {
        let (moments, attacks) = analyses.finish()?;
        let rhythm::Estimate {
            tempo,
            beats,
            metre,
        } = rhythm::estimate(&moments, &attacks);
        let energy = analyses.levels.energy(&analyses.onsets);
        let units = Units::new(
            duration_s,
            beats.as_ref(),
            chroma::FRAME_RATE_HZ,
            &analyses.chroma.frames(),
            analyses.onsets.timbre(),
        );
        let parts = form::parts(&units, &energy);
        Ok(MusicAnalysis {
            duration_s,
            tempo,
            beats,
            metre,
            energy,
            onsets: moments.onset_curve(),
            units,
            parts,
        })
    }

    fn into_report(
        self,
        analyses: SignalAnalyses,
        sound: PackAnalysis,
        metadata: Metadata,
        damaged_packets: usize,
    ) -> TrackAnalysis {
        let loudness = analyses.meter.loudness();
        let key = key::estimate(&analyses.chroma);
        let (ending, ending_s) = form::ending(&analyses.levels.db());
        let heard = TrackSound {
            intensity: None,
            tempo: self.tempo.as_ref(),
            key,
            tags: &sound.tags,
        };
        let character = character(
            loudness.integrated_lufs,
            &analyses.onsets,
            sound.preview_s,
            &heard,
            sound.vocal,
            analyses.chroma.presence(),
        );
        TrackAnalysis {
            duration_s: self.duration_s,
            preview_s: sound.preview_s,
            form: Form {
                ending,
                ending_s,
                climax_s: form::climax_s(&self.units, &self.parts, &self.energy),
                loop_s: form::loop_s(&self.units, &self.energy),
            },
            curves: Curves {
                energy: self.energy,
                onsets: self.onsets,
                peaks: analyses.levels.waveform(),
                peaks_fine: analyses.levels.fine_waveform(),
            },
            tempo: self.tempo,
            beats: self.beats,
            metre: self.metre,
            key,
            loudness,
            character,
            tags: sound.tags,
            vector: sound.vector,
            sections: sound.sections,
            fingerprint: analyses.into_fingerprint(),
            metadata,
            damaged_packets,
        }
    }

    fn preview_s(
        &self,
        within_s: f64,
        window_s: f64,
        grid_s: f64,
        moments: &[Moment],
    ) -> (f64, f64) {
        let bars: &[f64] = if self.units.on_bars {
            &self.units.bounds_s
        } else {
            &[]
        };
        let within_s = within_s.min(self.duration_s);
        preview::preview_s(within_s, window_s, grid_s, bars, moments, &self.energy)
    }

    fn section(&self, part: &form::Part, vocal: Option<f32>, vector: Vec<f32>) -> Section {
        Section {
            start_s: part.start_s,
            end_s: part.end_s,
            kind: part.kind,
            energy: part.energy as f32,
            vocal,
            vector,
        }
    }
}

/// The part of the analysis that needs a pack.
struct PackAnalysis {
    preview_s: (f64, f64),
    vector: Vec<f32>,
    tags: Vec<(String, f32)>,
    vocal: Option<f32>,
    sections: Vec<Section>,
}

impl PackAnalysis {
    fn without_pack(track: &MusicAnalysis) -> PackAnalysis {
        let section = |part| track.section(part, None, Vec::new());
        PackAnalysis {
            preview_s: track.preview_s(f64::INFINITY, PREVIEW_S, 1.0, &[]),
            vector: Vec::new(),
            tags: Vec::new(),
            vocal: None,
            sections: track.parts.iter().map(section).collect(),
        }
    }
}

/// A track on its way through the models of a pack.
struct Embedding<'a> {
    models: &'a mut Models,
    resampler: Option<Mono>,
    resampled: Vec<f32>,
}

impl<'a> Embedding<'a> {
    fn begin(models: &'a mut Models) -> Embedding<'a> {
        models.encoder.begin(models.sections_every_s);
        Embedding {
            models,
            resampler: None,
            resampled: Vec::new(),
        }
    }

    fn push(&mut self, rate_hz: u32, mono: &[f32]) -> Result<(), AudioError> {
        let wanted = self.models.encoder.rate_hz();
        let resampler = self
            .resampler
            .get_or_insert_with(|| Mono::new(rate_hz, wanted));
        self.resampled.clear();
        resampler.push(mono, &mut self.resampled);
        self.models.encoder.push(&self.resampled)
    }

    fn finish(mut self, track: &MusicAnalysis) -> Result<PackAnalysis, AudioError> {
        self.resampled.clear();
        if let Some(resampler) = &mut self.resampler {
            resampler.finish(&mut self.resampled);
        }
        let encoder = &mut self.models.encoder;
        encoder.push(&self.resampled)?;
        let coarse = encoder.finish()?;
        let moments: Vec<Moment> = coarse
            .iter()
            .map(|window| Moment {
                middle_s: (window.start_s + window.end_s) / 2.0,
                vector: encoder.vector(&[window]),
            })
            .collect();
        let (within_s, grid_s) = (encoder.fine_within_s(), encoder.grid_s());
        let preview_s = track.preview_s(within_s, self.models.window_s, grid_s, &moments);
        let fine = encoder.fine(&coarse, preview_s.0, preview_s.1)?;
        let preview = embed::between(&fine, preview_s.0, preview_s.1);
        let voice = |window: &Window| encoder.tag_scores(&[window]).map(|scores| scores.voice);
        let sections = track.parts.iter().map(|part| {
            let windows = embed::between(&coarse, part.start_s, part.end_s);
            let vocal = character::mean(windows.iter().filter_map(|window| voice(window)));
            track.section(part, vocal, encoder.vector(&windows))
        });
        Ok(PackAnalysis {
            preview_s,
            vector: encoder.vector(&preview),
            tags: encoder
                .tag_scores(&preview)
                .map_or_else(Vec::new, |scores: TagScores| scores.tags),
            vocal: character::mean(coarse.iter().filter_map(voice)),
            sections: sections.collect(),
        })
    }
}
