//! Frame encoders: the models that turn pictures into vectors.

mod classes;
mod clip;
mod frame_encoder;
mod picture_model;

use needledrop_models::runtime::SessionOptions;
use needledrop_models::{Pack, VisualKind};

use crate::VisionError;
use classes::Classes;
use clip::Clip;
pub use frame_encoder::FrameEncoder;

/// Opens the frame encoder of a pack.
///
/// # Errors
/// Those of [`Pack::file`] and `runtime::session`; `Mismatch` where the files of the pack do not
/// fit together.
pub fn open_encoder(
    pack: &Pack,
    options: &SessionOptions,
) -> Result<Box<dyn FrameEncoder>, VisionError> {
    Ok(match pack.manifest.visual.kind {
        VisualKind::Classes => Box::new(Classes::open(pack, options)?),
        VisualKind::Clip => Box::new(Clip::open(pack, options)?),
    })
}
