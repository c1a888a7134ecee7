//! Recordings and cues: what callers give to an audition.

use std::ops::ControlFlow;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

/// Sound that can be decoded from any place on: a track of a catalog, or a clip's own sound.
pub trait Recording: Send + Sync {
    /// Passes interleaved stereo at 48 kHz ([`RATE_HZ`](crate::RATE_HZ)), full scale ±1, to `on_samples`
    /// in blocks of any size: from the frame nearest to `range_s.0` up to `range_s.1`.
    /// Returns at the end of the range or of the recording, when `on_samples` breaks, or when `stop` is
    /// cancelled. Fewer samples than the range mean that the recording ends there.
    ///
    /// # Errors
    /// Why the sound cannot be read, as a sentence for people.
    fn read(
        &self,
        range_s: (f64, f64),
        stop: &CancellationToken,
        on_samples: &mut dyn FnMut(&[f32]) -> ControlFlow<()>,
    ) -> Result<(), String>;
}

/// A track on offer, with its place under the range.
#[derive(Clone)]
pub struct Cue {
    /// The caller's id for it.
    pub id: String,
    /// Decodes any range of the track.
    pub recording: Arc<dyn Recording>,
    /// Second of the track at the in-point; where negative, the track starts after the in-point.
    pub start_s: f64,
    /// Length of the track, seconds; 0 where unknown.
    pub duration_s: f64,
    /// Gain that matches its loudness to the others', dB; see [`matching_gain_db`](crate::matching_gain_db).
    pub gain_db: f64,
}

impl std::fmt::Debug for Cue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cue")
            .field("id", &self.id)
            .field("start_s", &self.start_s)
            .field("duration_s", &self.duration_s)
            .field("gain_db", &self.gain_db)
            .finish_non_exhaustive()
    }
}
