//! `needledrop embed`: the vector of a clip, a text or a music file.

use std::path::Path;

use needledrop_audio::Analyzer;
use needledrop_media::{MAX_FRAMES, Sampling};
use serde::Serialize;

use crate::clip::embed;
use crate::clip::encoder::ClipEncoder;
use crate::error::EngineError;
use crate::job::{Job, Outcome};
use crate::music::text::MusicText;
use crate::packs;
use crate::places::Places;

/// A vector and the space that it belongs to.
#[derive(Debug, Serialize)]
pub struct EmbedReport {
    /// Name of the pack that made it.
    pub pack: String,
    /// Id of the space of `vector`.
    pub space: String,
    /// Number of components of `vector`.
    pub dim: usize,
    /// Has length 1.
    pub vector: Vec<f32>,
    /// For a clip: its vector in the audio space.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub projected: Option<Vec<f32>>,
    /// For a clip: the sampling times in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times_s: Option<Vec<f64>>,
}

/// The vector of a range of a clip, in the visual space and projected into the audio space.
///
/// # Errors
/// [`EngineError::UnknownPack`], [`EngineError::Model`], [`EngineError::Media`],
/// [`EngineError::Vision`].
pub fn clip_vector(
    places: &Places,
    pack: &str,
    clip: &Path,
    range_s: Option<(f64, f64)>,
    sampling: Sampling,
    job: &Job<'_>,
) -> Result<Outcome<EmbedReport>, EngineError> {
    let mut encoder = ClipEncoder::new(places, pack, None)?;
    let Some(embedding) =
        embed::embed_clip(&mut encoder, clip, range_s, sampling, MAX_FRAMES, job)?
    else {
        return Ok(Outcome::Cancelled(None));
    };
    let projected = encoder.projection()?.projector.project(&embedding.vector)?;
    let manifest = &encoder.pack().manifest;
    Ok(Outcome::Completed(EmbedReport {
        pack: manifest.name.clone(),
        space: manifest.visual.space.clone(),
        dim: embedding.vector.len(),
        vector: embedding.vector,
        projected: Some(projected),
        times_s: Some(embedding.times_s),
    }))
}

/// The vector of a description of music in the audio space.
///
/// # Errors
/// [`EngineError::UnknownPack`], [`EngineError::Model`].
pub fn text_vector(places: &Places, pack: &str, text: &str) -> Result<EmbedReport, EngineError> {
    let pack = packs::open(places, pack)?;
    let vector = MusicText::open(&pack, 0)?
        .embed(&[text])?
        .pop()
        .unwrap_or_default();
    Ok(in_audio_space(
        pack.manifest.name,
        pack.manifest.audio.space,
        vector,
    ))
}

/// The vector of a music file in the audio space.
///
/// # Errors
/// [`EngineError::UnknownPack`], [`EngineError::Model`], [`EngineError::Audio`].
pub fn audio_vector(
    places: &Places,
    pack: &str,
    file: &Path,
    job: &Job<'_>,
) -> Result<Outcome<EmbedReport>, EngineError> {
    let pack = packs::open(places, pack)?;
    let mut analyzer = Analyzer::open(&pack, 0)?;
    let embedded = Outcome::from_result(analyzer.embed_file(file, job.cancel()))?;
    let audio = pack.manifest.audio;
    Ok(embedded.map(|vector| in_audio_space(pack.manifest.name, audio.space, vector)))
}

fn in_audio_space(pack: String, space: String, vector: Vec<f32>) -> EmbedReport {
    EmbedReport {
        pack,
        space,
        dim: vector.len(),
        vector,
        projected: None,
        times_s: None,
    }
}
