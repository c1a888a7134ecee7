//! The whole analysis of a track.

use std::path::Path;

use needledrop_models::Pack;
use needledrop_models::runtime::{ProviderChoice, SessionOptions};
use needledrop_ranking::{
    Beats, Character, Curve, Curves, Form, KeyEstimate, Loudness, Section, Tempo,
};
use tokio_util::sync::CancellationToken;

use crate::character::{self, character};
use crate::embed::{self, Encoder, Heard, Window};
use crate::form::{self, Units};
use crate::harmony::{chroma, key};
use crate::levels;
use crate::listen::{Ears, listen};
use crate::preview::{self, Moment};
use crate::rhythm::activation::BeatNet;
use crate::rhythm::{self, moments};
use crate::signal::resample::Mono;
use crate::{AudioError, Metadata};

/// Shortest sound that is analysed, seconds: less holds no music.
const LEAST_S: f64 = 1.0;
/// Length of the preview where no pack says, seconds.
const PREVIEW_S: f64 = 30.0;
/// Values a second of the curve of onsets.
const ONSET_RATE_HZ: f64 = 25.0;

/// Everything known about a track.
#[derive(Clone, Debug, PartialEq)]
pub struct TrackAnalysis {
    /// Length of the sound that was decoded, seconds.
    pub duration_s: f64,
    /// The part that stands for the track: start and end, seconds.
    pub preview_s: (f64, f64),
    /// Pulse, where there is one.
    pub tempo: Option<Tempo>,
    /// Beats and bars, where there are any that can be followed.
    pub beats: Option<Beats>,
    /// Key, where there is one.
    pub key: Option<KeyEstimate>,
    /// Loudness after EBU R 128.
    pub loudness: Loudness,
    /// Energy, onsets and waveform over time.
    pub curves: Curves,
    /// Ending, climax, loop.
    pub form: Form,
    /// Energy, share of voices and presence; mood and valence are left to who knows the pack's words.
    pub character: Character,
    /// Tag and score, 0 to 1, highest first, corrected for what the tagger says of everything. Empty
    /// for packs without a tagger.
    pub tags: Vec<(String, f32)>,
    /// The preview in the audio space of the pack, of length 1; empty without a pack.
    pub vector: Vec<f32>,
    /// Parts in time order; they cover the track. Their vectors are empty without a pack.
    pub sections: Vec<Section>,
    /// Chromaprint fingerprint of the first two minutes; empty for shorter than a few seconds.
    pub fingerprint: Vec<u32>,
    /// What the file says about itself.
    pub metadata: Metadata,
    /// Packets that could not be decoded and were passed over; above 0 the file is damaged.
    pub damaged_packets: usize,
}

/// Analyses files one after another.
pub struct Analyzer {
    beats: BeatNet,
    pack: Option<Models>,
}

/// The models of a pack and how they are used.
struct Models {
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
        let options = SessionOptions {
            threads,
            ..SessionOptions::default()
        };
        Analyzer::open_with(pack, &options)
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
            beats: BeatNet::open()?,
            pack: Some(Models {
                encoder: Encoder::open(pack, options)?,
                window_s: audio.window_s,
                sections_every_s: audio.sections_s,
            }),
        })
    }

    /// Without a pack: everything but tags and vectors.
    ///
    /// # Errors
    /// `Model`, where the network for beats does not open.
    pub fn without_pack() -> Result<Analyzer, AudioError> {
        Ok(Analyzer {
            beats: BeatNet::open()?,
            pack: None,
        })
    }

    /// What runs the pack's models.
    pub fn provider(&self) -> Option<&ProviderChoice> {
        self.pack.as_ref().map(|pack| pack.encoder.provider())
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
        let mut ears = None;
        let beats = &mut self.beats;
        let mut beats = Some(beats);
        let mut embedding = self.pack.as_mut().map(Embedding::begin);
        let listened = listen(path, cancel, |block| {
            if let Some(beats) = beats.take() {
                ears = Some(Ears::new(block.rate_hz, block.speakers, beats));
            }
            if let Some(embedding) = &mut embedding {
                embedding.push(block.rate_hz, block.mono)?;
            }
            ears.as_mut().map_or(Ok(()), |ears| ears.push(block))
        })?;
        let duration_s = listened.duration_s;
        let least_s = embedding
            .as_ref()
            .map_or(LEAST_S, |e| e.models.encoder.least_s());
        let Some(mut ears) = ears.filter(|_| duration_s >= least_s) else {
            return Err(AudioError::TooShort {
                path: path.to_owned(),
                least_s,
                got_s: duration_s,
            });
        };
        let track = Track::hear(&mut ears, duration_s)?;
        let sound = match embedding {
            Some(embedding) => embedding.finish(&track)?,
            None => Sound::without_pack(&track),
        };
        let metadata = Metadata::read(path);
        Ok(track.told(ears, sound, metadata, listened.damaged_packets))
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
        Ok(self.analyze(path, cancel)?.vector)
    }
}

/// What is heard in a track without a pack.
struct Track {
    duration_s: f64,
    tempo: Option<Tempo>,
    beats: Option<Beats>,
    energy: Curve,
    onsets: Curve,
    units: Units,
    parts: Vec<form::Part>,
}

impl Track {
    fn hear(ears: &mut Ears, duration_s: f64) -> Result<Track, AudioError> {
        let moments = ears.finish()?;
        let (tempo, beats) = rhythm::hear(&moments);
        let energy = ears.levels.energy(&ears.onsets);
        let units = Units::new(
            duration_s,
            beats.as_ref(),
            chroma::FRAME_RATE_HZ,
            &ears.chroma.frames(),
            ears.onsets.timbre(),
        );
        let parts = form::parts(&units, &energy);
        let onsets = onset_curve(&moments.all_onsets());
        Ok(Track {
            duration_s,
            tempo,
            beats,
            energy,
            onsets,
            units,
            parts,
        })
    }

    fn told(
        self,
        ears: Ears,
        sound: Sound,
        metadata: Metadata,
        damaged_packets: usize,
    ) -> TrackAnalysis {
        let loudness = ears.meter.reading();
        let key = key::estimate(&ears.chroma);
        let (ending, ending_s) = form::ending(&ears.levels.db());
        let character = character(
            loudness.integrated_lufs,
            &ears.onsets,
            sound.preview_s,
            self.tempo.as_ref(),
            sound.vocal,
            ears.chroma.presence(),
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
                peaks: ears.levels.waveform(),
                peaks_fine: ears.levels.fine_waveform(),
            },
            tempo: self.tempo,
            beats: self.beats,
            key,
            loudness,
            character,
            tags: sound.tags,
            vector: sound.vector,
            sections: sound.sections,
            fingerprint: ears.into_fingerprint(),
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

/// Onset strength against the strongest, one in a hundred left out, as a curve.
fn onset_curve(onsets: &[f64]) -> Curve {
    let step = (moments::RATE_HZ / ONSET_RATE_HZ) as usize;
    let highest = |values: &[f64]| values.iter().fold(0.0, |m: f64, &x| m.max(x));
    let values: Vec<f64> = onsets.chunks(step).map(highest).collect();
    let top = levels::quantile(&values, 0.99).max(1e-6);
    Curve::new(
        ONSET_RATE_HZ as f32,
        values.iter().map(|v| (v / top) as f32),
    )
}

/// What the models of a pack say of a track.
struct Sound {
    preview_s: (f64, f64),
    vector: Vec<f32>,
    tags: Vec<(String, f32)>,
    vocal: Option<f32>,
    sections: Vec<Section>,
}

impl Sound {
    fn without_pack(track: &Track) -> Sound {
        let section = |part| track.section(part, None, Vec::new());
        Sound {
            preview_s: track.preview_s(f64::INFINITY, PREVIEW_S, 1.0, &[]),
            vector: Vec::new(),
            tags: Vec::new(),
            vocal: None,
            sections: track.parts.iter().map(section).collect(),
        }
    }
}

/// The models of a pack while they hear a track.
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

    fn finish(mut self, track: &Track) -> Result<Sound, AudioError> {
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
        let voice = |window: &Window| encoder.heard(&[window]).map(|heard| heard.voice);
        let sections = track.parts.iter().map(|part| {
            let windows = embed::between(&coarse, part.start_s, part.end_s);
            let vocal = character::mean(windows.iter().filter_map(|window| voice(window)));
            track.section(part, vocal, encoder.vector(&windows))
        });
        Ok(Sound {
            preview_s,
            vector: encoder.vector(&preview),
            tags: encoder
                .heard(&preview)
                .map_or_else(Vec::new, |heard: Heard| heard.tags),
            vocal: character::mean(coarse.iter().filter_map(voice)),
            sections: sections.collect(),
        })
    }
}
