//! Numbers and paths in the form that documents hold them.

use std::path::Path;

/// A number rounded to a count of decimals.
pub(crate) fn rounded(value: f64, decimals: i32) -> f64 {
    let scale = 10_f64.powi(decimals);
    (value * scale).round() / scale
}

/// A count as `u32`; larger counts become `u32::MAX`.
pub(crate) fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// A path as text; bytes that are not UTF-8 become U+FFFD.
pub fn display_path(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
