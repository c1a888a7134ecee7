//! What is heard, as this crate is given it.

use std::ops::ControlFlow;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

/// Sound that can be read from any place on: a track of a catalog, or a clip's own sound.
pub trait Recording: Send + Sync {
    /// Hands on interleaved stereo at 48 kHz ([`RATE_HZ`](crate::RATE_HZ)), full scale ±1, its first
    /// frame the one nearest to `range_s.0` and at most as far as `range_s.1`, in blocks of any size.
    /// Returns once the range or the recording is over, `on_samples` breaks, or `stop` is cancelled;
    /// a recording that ends before the range does has ended there.
    ///
    /// # Errors
    /// What kept the sound from being read, for people to read.
    fn read(
        &self,
        range_s: (f64, f64),
        stop: &CancellationToken,
        on_samples: &mut dyn FnMut(&[f32]) -> ControlFlow<()>,
    ) -> Result<(), String>;
}

/// A track on offer, fitted to the range.
#[derive(Clone)]
pub struct Cue {
    /// The caller's name for it.
    pub id: String,
    /// Its sound.
    pub recording: Arc<dyn Recording>,
    /// Where in the track the range begins, seconds; may be negative: the track then begins later.
    pub start_s: f64,
    /// Length of the track, seconds, as far as it is known.
    pub duration_s: f64,
    /// What matches its loudness to the others', see [`matching_gain_db`](crate::matching_gain_db).
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
