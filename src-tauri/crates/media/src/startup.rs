//! The start of GStreamer.

use crate::MediaError;

/// Starts GStreamer; later calls cost nothing. The other functions call it themselves.
///
/// # Errors
/// [`MediaError::GStreamer`] if its libraries are not usable.
pub fn init() -> Result<(), MediaError> {
    gstreamer::init().map_err(|e| MediaError::GStreamer(e.to_string()))
}
