//! The error of a call in the form that a shell shows.

use needledrop_engine::EngineError;
use needledrop_engine::music::audition::PlayerError;
use needledrop_engine::projects::ProjectsError;
use serde::Serialize;

/// An error: a stable code for programs, a sentence for the editor, and a next step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Fault {
    /// Code in snake_case, which stays the same between versions.
    pub code: String,
    /// What was expected and what came.
    pub message: String,
    /// The editor's next step.
    pub hint: Option<String>,
}

impl Fault {
    /// A fault without a hint.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            message: message.into(),
            hint: None,
        }
    }

    /// Adds the editor's next step.
    #[must_use]
    pub fn with_hint(self, hint: &str) -> Self {
        Self {
            hint: Some(hint.to_owned()),
            ..self
        }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}

impl From<EngineError> for Fault {
    fn from(error: EngineError) -> Self {
        Self {
            code: error.code().to_owned(),
            message: error.to_string(),
            hint: error.hint(),
        }
    }
}

impl From<ProjectsError> for Fault {
    fn from(error: ProjectsError) -> Self {
        Fault::new(error.code(), error.to_string())
    }
}

impl From<PlayerError> for Fault {
    fn from(error: PlayerError) -> Self {
        Fault::new(error.code(), error.to_string())
    }
}
