//! The state that callers have asked for.

/// The state that callers have asked for. It is heard after the latency; see [`Snapshot`].
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// Whether the playhead is to move.
    pub playing: bool,
    /// Clip seconds a second, −8 to 8.
    pub rate: f64,
    /// In-point and out-point, clip seconds.
    pub range_s: (f64, f64),
    /// Length of the clip, seconds; 86,400 without a clip.
    pub duration_s: f64,
    /// Whether the playhead jumps from the out-point to the in-point.
    pub looping: bool,
    /// Id of the selected cue.
    pub selected: Option<String>,
    /// Level of the music, dB; −90 and below is silence.
    pub music_db: f64,
    /// Level of the clip's own sound, dB.
    pub clip_db: f64,
    /// Whether the music is muted.
    pub music_muted: bool,
    /// Whether the clip's own sound is muted.
    pub clip_muted: bool,
    /// Whether cues are matched in loudness.
    pub matching: bool,
}
