//! What an editor should know of a clip beside its properties.

/// Something about a clip that its container does not say, or says otherwise. Displays as a sentence without its end.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ClipNote {
    /// The file ends before all that its index names.
    #[error("the file is cut short: its pictures end at {end_s:.2} s{}", promised(*.told_s))]
    CutShort {
        /// End of the last picture, seconds.
        end_s: f64,
        /// Length that the container declares, seconds.
        told_s: Option<f64>,
    },
    /// The container's length is not that of its packets.
    #[error("the length is measured: {measured_s:.2} s; its container gives {told_s:.2} s")]
    Length {
        /// Length that the container declares, seconds.
        told_s: f64,
        /// End of the last picture, seconds.
        measured_s: f64,
    },
    /// The sound ends after the last picture.
    #[error("the sound goes on for {:.2} s after the last picture, to {sound_end_s:.2} s", .sound_end_s - .end_s)]
    SoundGoesOn {
        /// End of the last picture, seconds.
        end_s: f64,
        /// End of the sound, seconds.
        sound_end_s: f64,
    },
    /// Pictures come at uneven distances.
    #[error("the pictures come at uneven distances, {fps:.2} a second on average")]
    Uneven {
        /// Pictures a second.
        fps: f64,
    },
    /// The container's frame rate is not that of its packets.
    #[error("the frame rate is measured: {fps:.3}; its header says {told:.3}")]
    Rate {
        /// Frame rate that the container declares.
        told: f64,
        /// Frame rate of the packets.
        fps: f64,
    },
    /// A stream without times and without a rate.
    #[error("the stream has no times; it is read at {fps:.3} pictures a second")]
    StatedRate {
        /// Frame rate at which it is read.
        fps: f64,
    },
    /// The clock of the stream jumps, as where recordings were joined end to end.
    #[error(
        "the clock of the stream jumps, as where recordings are joined or after 26.5 hours; times count on"
    )]
    Joined,
    /// The file grew while it was read.
    #[error("the file is still growing; this is its length now")]
    Growing,
}

impl ClipNote {
    /// Name of the note in documents; it never changes.
    pub fn code(&self) -> &'static str {
        match self {
            Self::CutShort { .. } => "cut_short",
            Self::Length { .. } => "length",
            Self::SoundGoesOn { .. } => "sound_goes_on",
            Self::Uneven { .. } => "uneven",
            Self::Rate { .. } => "rate",
            Self::StatedRate { .. } => "stated_rate",
            Self::Joined => "joined",
            Self::Growing => "growing",
        }
    }
}

fn promised(told_s: Option<f64>) -> String {
    told_s.map_or(String::new(), |s| format!(" of {s:.2} s"))
}
