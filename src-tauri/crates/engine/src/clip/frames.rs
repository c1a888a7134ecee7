//! `needledrop frames`: the frames that a match embeds, as JPEG files.

use std::path::{Path, PathBuf};

use needledrop_media::{Sampling, probe, write_strip};
use serde::{Serialize, Serializer};

use super::notes;
use crate::error::EngineError;
use crate::file_doc;
use crate::job::{Job, Outcome};

/// The frames that were written.
#[derive(Debug, Serialize)]
pub struct FramesReport {
    /// The clip, as it was given.
    #[serde(serialize_with = "file_doc::text")]
    pub clip: PathBuf,
    /// Bytes of the clip's path in hexadecimal digits, only where it is not Unicode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clip_bytes: Option<String>,
    /// The JPEG files in time order.
    #[serde(serialize_with = "texts")]
    pub frames: Vec<PathBuf>,
    /// Bytes of the files' paths in hexadecimal digits, only where they are not Unicode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frames_bytes: Option<Vec<String>>,
    /// What the clip's container does not say, or says otherwise.
    pub warnings: Vec<String>,
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
    let written = Outcome::from_result(written)?;
    // The frames are there; nothing is told of a clip that changed meanwhile.
    let warnings = probe(clip).map_or(Vec::new(), |info| notes::of_clip(&info).collect());
    Ok(written.map(|frames| FramesReport {
        clip_bytes: file_doc::bytes(clip),
        clip: clip.to_owned(),
        frames_bytes: frames.iter().map(|frame| file_doc::bytes(frame)).collect(),
        frames,
        warnings,
    }))
}

fn texts<S: Serializer>(paths: &[PathBuf], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(paths.iter().map(|path| path.to_string_lossy()))
}
