//! The end of a command without an error, and its exit code.

use std::process::ExitCode;

/// Exit code of an interrupted command, as of shells: 128 + SIGINT.
pub(crate) const INTERRUPTED: u8 = 130;

/// The end of a command without an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The command is complete.
    Done,
    /// The user stopped the command.
    Cancelled,
    /// The command is complete, and what it checked is wrong.
    Refused,
}

impl From<End> for ExitCode {
    fn from(end: End) -> Self {
        match end {
            End::Done => ExitCode::SUCCESS,
            End::Cancelled => ExitCode::from(INTERRUPTED),
            End::Refused => ExitCode::from(4),
        }
    }
}
