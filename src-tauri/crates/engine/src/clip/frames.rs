//! `needledrop frames`: the frames that a match embeds, as JPEG files.

use std::path::{Path, PathBuf};

use needledrop_media::{Sampling, write_strip};
use serde::Serialize;

use crate::error::EngineError;
use crate::job::{Job, Outcome};

/// The frames that were written.
#[derive(Debug, Serialize)]
pub struct FramesReport {
    /// The clip, as it was given.
    pub clip: PathBuf,
    /// The JPEG files in time order.
    pub frames: Vec<PathBuf>,
}

/// Writes the frame strip of a range of `clip` into `out` as 384×384 JPEG, quality 85.
///
/// # Errors
/// [`EngineError::Media`].
pub fn write_frames(
    clip: &Path,
    out: &Path,
    range_s: Option<(f64, f64)>,
    sampling: Sampling,
    job: &Job<'_>,
) -> Result<Outcome<FramesReport>, EngineError> {
    let mut progress = |done: usize| job.report(done as u64, 0, "writing frames");
    let written = write_strip(clip, out, sampling, range_s, job.cancel(), &mut progress);
    Ok(Outcome::from_result(written)?.map(|frames| FramesReport {
        clip: clip.to_owned(),
        frames,
    }))
}
