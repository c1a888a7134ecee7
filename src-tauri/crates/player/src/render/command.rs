//! What the audition asks of the renderer, and what the renderer reports back.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crate::duck::Ducking;
use crate::track_buffer::TrackBuffer;

/// The selected cue's track.
#[derive(Clone)]
pub struct SelectedTrack {
    pub buffer: Arc<TrackBuffer>,
    /// Frame of the track at the in-point.
    pub start: i64,
    /// Amplitude factor, from the cue's gain in dB.
    pub gain: f32,
}

/// One change. The sender keeps every `Arc` that it sends, so that the audio thread frees none.
pub enum Command {
    Play,
    Pause,
    /// To a clip frame.
    Seek(i64),
    Rate(f64),
    /// In and out, clip frames.
    Range(i64, i64),
    Loop(bool),
    /// Another clip: its own sound and its length in frames. The playhead goes to its start.
    Clip(Option<Arc<TrackBuffer>>, i64),
    /// Another track, another start or another gain.
    Music(Option<SelectedTrack>),
    /// Amplitude factors of the music and of the clip's own sound.
    Levels(f32, f32),
    Ducking(Arc<Ducking>),
}

/// Counters that the renderer writes and other threads read.
#[derive(Default)]
pub struct RenderReport {
    /// How often the playhead stopped at an end.
    pub ended: AtomicU64,
}
