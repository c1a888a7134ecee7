//! What can go wrong between a frame and its vector.

use needledrop_models::ModelError;

/// An error of this crate. [`code`](VisionError::code) is stable, the text is for people.
#[derive(Debug, thiserror::Error)]
pub enum VisionError {
    /// The pack, a model or the runtime.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The pixels do not fit the picture's size, or the size is out of bounds.
    #[error("the picture is not usable: {reason}")]
    BadPicture {
        /// What was expected and what came.
        reason: String,
    },
    /// The pieces of the pack do not fit together.
    #[error("the pack's pieces do not fit: {reason}")]
    Mismatch {
        /// What was expected and what came.
        reason: String,
    },
    /// A mean or projection has no direction.
    #[error("expected a vector of some length, got {got}")]
    NoDirection {
        /// What came.
        got: String,
    },
}

impl VisionError {
    /// Stable snake_case code.
    pub fn code(&self) -> &'static str {
        match self {
            VisionError::Model(error) => error.code(),
            VisionError::BadPicture { .. } => "bad_picture",
            VisionError::Mismatch { .. } => "model_corrupt",
            VisionError::NoDirection { .. } => "no_frames",
        }
    }

    /// What the user can do about it, where there is something.
    pub fn hint(&self) -> Option<String> {
        match self {
            VisionError::Model(error) => error.hint(),
            _ => None,
        }
    }
}
