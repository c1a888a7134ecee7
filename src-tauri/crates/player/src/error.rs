//! The error type of this crate.

/// An error of this crate. [`code`](PlayerError::code) is stable, the text is for people.
#[derive(Debug, thiserror::Error)]
pub enum PlayerError {
    /// A thread could not be started.
    #[error(
        "cannot start a thread for the audition ({source}); close other programs and try again"
    )]
    NoThread {
        /// The error of the system.
        source: std::io::Error,
    },
    /// The output devices could not be listed.
    #[error("cannot list the sound outputs ({reason}); check that the sound system is running")]
    NoOutputs {
        /// The error of the sound system.
        reason: String,
    },
    /// A cue that is not on offer was selected or slipped.
    #[error("expected one of the {offered} cues on offer, got {id}; offer it first")]
    UnknownCue {
        /// The id that is not on offer.
        id: String,
        /// Number of cues on offer.
        offered: usize,
    },
}

impl PlayerError {
    /// Stable snake_case code, as the command placement and the UI show it.
    pub fn code(&self) -> &'static str {
        match self {
            PlayerError::NoThread { .. } => "no_thread",
            PlayerError::NoOutputs { .. } => "no_outputs",
            PlayerError::UnknownCue { .. } => "unknown_cue",
        }
    }
}
