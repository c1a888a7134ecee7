//! The interface of a frame encoder.

use needledrop_models::runtime::ProviderChoice;

use crate::{Picture, VisionError};

/// Turns frames into vectors.
pub trait FrameEncoder: Send {
    /// Length of a frame vector.
    fn dim(&self) -> usize;

    /// The number of frames that is best given at once; any number is accepted.
    fn batch(&self) -> usize;

    /// One vector a frame, in the frames' order, as the clip mean takes them (not normalised).
    ///
    /// # Errors
    /// `BadPicture`, `Model(Inference)`.
    fn encode(&mut self, frames: &[Picture<'_>]) -> Result<Vec<Vec<f32>>, VisionError>;

    /// What runs the model.
    fn provider(&self) -> &ProviderChoice;
}
