//! Entry points of the fuzz targets: each reads foreign bytes and must return.

use crate::dto::Settings;
use crate::fault::Fault;
use crate::settings_store;

/// Reads the bytes of a settings file: the settings and what of them was not understood. `None` where the file is refused.
pub fn settings(bytes: &[u8]) -> Option<(Settings, Vec<Fault>)> {
    settings_store::parse(bytes).ok()
}
