//! Errors between a frame and its vector.

use needledrop_models::ModelError;

/// An error of this crate. [`code`](VisionError::code) is stable; the text is for people.
#[derive(Debug, thiserror::Error)]
pub enum VisionError {
    /// An error of the pack, a model or the runtime.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The pixels do not fit the size of the picture, or the size is out of bounds.
    #[error("the picture is not usable: {reason}")]
    BadPicture {
        /// The expected and the actual value.
        reason: String,
    },
    /// The files of the pack do not fit together.
    #[error("the files of the pack do not fit together: {reason}")]
    Mismatch {
        /// The expected and the actual value.
        reason: String,
    },
    /// A mean or a projection has length 0 or is not finite.
    #[error("expected a vector that is not zero, got {got}")]
    NoDirection {
        /// Description of the vector.
        got: String,
    },
}

impl VisionError {
    /// Stable snake_case code, printed by the command line and read by the window.
    pub fn code(&self) -> &'static str {
        match self {
            VisionError::Model(error) => error.code(),
            VisionError::BadPicture { .. } => "bad_picture",
            VisionError::Mismatch { .. } => "model_corrupt",
            VisionError::NoDirection { .. } => "no_frames",
        }
    }

    /// What the user can do; `None` where there is nothing to do.
    pub fn hint(&self) -> Option<String> {
        match self {
            VisionError::Model(error) => error.hint(),
            _ => None,
        }
    }
}
