//! The interface of a frame encoder.

use needledrop_models::runtime::ProviderChoice;

use crate::{Picture, VisionError};

/// A model that turns frames into vectors.
pub trait FrameEncoder: Send {
    /// Length of a frame vector.
    fn dim(&self) -> usize;

    /// Best number of frames per call; any number is accepted.
    fn batch(&self) -> usize;

    /// One vector per frame, in the same order, not normalised, as [`ClipMean`](crate::ClipMean)
    /// takes them.
    ///
    /// # Errors
    /// `BadPicture`, `Model(Inference)`.
    fn encode(&mut self, frames: &[Picture<'_>]) -> Result<Vec<Vec<f32>>, VisionError>;

    /// The provider that runs the model.
    fn provider(&self) -> &ProviderChoice;
}
