//! What can go wrong.

/// An error of this crate. [`code`](PlayerError::code) is stable, the text is for people.
#[derive(Debug, thiserror::Error)]
pub enum PlayerError {
    /// The system gave no thread.
    #[error(
        "the audition needs a thread and got none ({source}); close other programs and try again"
    )]
    NoThread {
        /// What the system said.
        source: std::io::Error,
    },
    /// The outputs cannot be listed.
    #[error("the sound system does not tell its outputs ({reason}); check that it is running")]
    NoOutputs {
        /// What it said.
        reason: String,
    },
    /// A cue that is not on offer was chosen.
    #[error("expected one of the {offered} cues on offer, got {id}; offer it first")]
    UnknownCue {
        /// What was asked for.
        id: String,
        /// How many there are.
        offered: usize,
    },
}

impl PlayerError {
    /// Stable snake_case code, as the command line and the UI show it.
    pub fn code(&self) -> &'static str {
        match self {
            PlayerError::NoThread { .. } => "no_thread",
            PlayerError::NoOutputs { .. } => "no_outputs",
            PlayerError::UnknownCue { .. } => "unknown_cue",
        }
    }
}
