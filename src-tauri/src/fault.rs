//! What a failed call tells the window.

use needledrop_engine::EngineError;
use needledrop_engine::music::audition::PlayerError;
use needledrop_engine::projects::ProjectsError;
use serde::Serialize;

/// An error as the window gets it: a stable code to act on, a sentence to show, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Fault {
    /// Stable snake_case code.
    pub code: String,
    /// What was expected and what came.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Fault {
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            message: message.into(),
            hint: None,
        }
    }

    pub fn with_hint(self, hint: &str) -> Self {
        Self {
            hint: Some(hint.to_owned()),
            ..self
        }
    }
}

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
        Self {
            code: error.code().to_owned(),
            message: error.to_string(),
            hint: None,
        }
    }
}

impl From<PlayerError> for Fault {
    fn from(error: PlayerError) -> Self {
        Fault::new(error.code(), error.to_string())
    }
}

impl From<tauri::Error> for Fault {
    fn from(error: tauri::Error) -> Self {
        Fault::new("window", error.to_string())
    }
}
