//! What the product makes of a labelled picture or clip: its vector, and the feeling that it reads in it.

use std::path::Path;

use needledrop_media::{MAX_FRAMES, Sampling};
use needledrop_vision::{
    ClipMean, DEFAULT_SENSITIVITY, Feeling, FrameEncoder, Picture, PictureAnalyzer, feeling,
    informative,
};

use super::picture_file::{self, RgbPicture};
use crate::clip::analysis::{PictureRhythm, analyse_clip};
use crate::clip::embed::embed_clip;
use crate::clip::encoder::ClipEncoder;
use crate::error::EngineError;
use crate::job::Job;
use crate::places::Places;

/// A picture or clip in the visual space.
pub(super) struct Seen {
    /// Of length 1.
    pub(super) vector: Vec<f32>,
    pub(super) feeling: Feeling,
}

/// Embeds a still as one frame; `None` where it cannot be read.
pub(super) fn still(encoder: &mut ClipEncoder, path: &Path) -> Result<Option<Seen>, EngineError> {
    let Some(file) = picture_file::read(path) else {
        return Ok(None);
    };
    let encoder = encoder.frame_encoder()?;
    let mut mean = ClipMean::new(encoder.dim());
    push(encoder, &file, &mut mean)?;
    Ok(Some(Seen {
        vector: mean.finish()?,
        feeling: feeling_of_still(&file.picture())?,
    }))
}

/// Adds a picture to a mean as a frame that stands for one second.
pub(super) fn push(
    encoder: &mut dyn FrameEncoder,
    file: &RgbPicture,
    mean: &mut ClipMean,
) -> Result<(), EngineError> {
    let picture = file.picture();
    for vector in encoder.encode(&[picture])? {
        mean.push(&vector, 1.0, informative(&picture))?;
    }
    Ok(())
}

/// Valence and arousal of a still: those of a range in which this picture stands, from its light and colour.
fn feeling_of_still(picture: &Picture<'_>) -> Result<Feeling, EngineError> {
    let mut analyzer = PictureAnalyzer::new();
    analyzer.push(0.0, picture)?;
    Ok(feeling(&analyzer.finish().light, &[], &[], 0.0))
}

/// Embeds and analyses a clip as a match does. `Ok(None)` when cancelled.
pub(super) fn clip(
    places: &Places,
    encoder: &mut ClipEncoder,
    path: &Path,
    range_s: Option<(f64, f64)>,
    job: &Job<'_>,
) -> Result<Option<Seen>, EngineError> {
    let embedded = embed_clip(encoder, path, range_s, Sampling::Fast, MAX_FRAMES, job)?;
    let Some(embedded) = embedded else {
        return Ok(None);
    };
    let Some(analysis) = analyse_clip(places, path, range_s, job)? else {
        return Ok(None);
    };
    let rhythm = PictureRhythm::of(&analysis.cached, DEFAULT_SENSITIVITY);
    Ok(Some(Seen {
        vector: embedded.vector,
        feeling: rhythm.feeling,
    }))
}
