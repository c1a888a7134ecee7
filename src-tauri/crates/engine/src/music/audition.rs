//! Tracks and the clip's own sound as recordings that the player reads.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use needledrop_catalog::Track;
pub use needledrop_player::{
    Audition, Cue, Event, Output, OutputChoice, PlayerError, Recording, Snapshot, matching_gain_db,
    outputs,
};
use tokio_util::sync::CancellationToken;

/// The cue of a track whose second `start_s` plays at the in-point.
pub fn cue(track: &Track, start_s: f64) -> Cue {
    let loudness = &track.facts.loudness;
    Cue {
        id: track.id.clone(),
        recording: Arc::new(TrackSound {
            path: track.path.clone(),
        }),
        start_s,
        duration_s: track.facts.duration_s,
        gain_db: matching_gain_db(loudness.integrated_lufs, loudness.true_peak_dbtp),
    }
}

/// A music file as a recording.
#[derive(Clone, Debug)]
pub struct TrackSound {
    /// Path of the music file.
    pub path: PathBuf,
}

impl Recording for TrackSound {
    fn read(
        &self,
        range_s: (f64, f64),
        stop: &CancellationToken,
        on_samples: &mut dyn FnMut(&[f32]) -> ControlFlow<()>,
    ) -> Result<(), String> {
        match needledrop_audio::decode::stereo(&self.path, range_s, stop, on_samples) {
            Ok(()) | Err(needledrop_audio::AudioError::Cancelled) => Ok(()),
            Err(error) => Err(error.to_string()),
        }
    }
}

/// The sound of a clip in any container as a recording.
#[derive(Clone, Debug)]
pub struct ClipSound {
    /// Path of the video file.
    pub path: PathBuf,
    /// Time stamp of its first frame: [`needledrop_media::ClipInfo::origin_s`].
    pub origin_s: f64,
}

impl Recording for ClipSound {
    fn read(
        &self,
        range_s: (f64, f64),
        stop: &CancellationToken,
        on_samples: &mut dyn FnMut(&[f32]) -> ControlFlow<()>,
    ) -> Result<(), String> {
        match needledrop_media::sound(&self.path, self.origin_s, range_s, stop, on_samples) {
            Ok(_) | Err(needledrop_media::MediaError::Cancelled) => Ok(()),
            Err(error) => Err(error.to_string()),
        }
    }
}
