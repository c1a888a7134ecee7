//! Tracks and the clip's own sound as recordings that the player reads.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use needledrop_catalog::Track;
use needledrop_media::ClipInfo;
pub use needledrop_player::{
    Audition, Cue, Event, Output, OutputChoice, PlayerError, Recording, Snapshot, matching_gain_db,
    outputs,
};
use tokio_util::sync::CancellationToken;

use crate::clip::speaking::speaking_track;

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
    path: PathBuf,
    info: ClipInfo,
    /// The sound track that is heard, once it is known.
    track: OnceLock<usize>,
}

impl ClipSound {
    /// The sound of the clip at `path` with these properties.
    pub fn new(path: PathBuf, info: ClipInfo) -> Self {
        Self {
            path,
            info,
            track: OnceLock::new(),
        }
    }

    fn track(&self, stop: &CancellationToken) -> usize {
        if let Some(track) = self.track.get() {
            return *track;
        }
        let track = speaking_track(&self.path, &self.info, stop);
        // A choice that was cut off may be wrong.
        match stop.is_cancelled() {
            true => track,
            false => *self.track.get_or_init(|| track),
        }
    }
}

impl Recording for ClipSound {
    fn read(
        &self,
        range_s: (f64, f64),
        stop: &CancellationToken,
        on_samples: &mut dyn FnMut(&[f32]) -> ControlFlow<()>,
    ) -> Result<(), String> {
        let (track, origin_s) = (self.track(stop), self.info.origin_s);
        match needledrop_media::sound(&self.path, track, origin_s, range_s, stop, on_samples) {
            Ok(_) | Err(needledrop_media::MediaError::Cancelled) => Ok(()),
            Err(error) => Err(error.to_string()),
        }
    }
}
