//! The vocabulary with its vectors, which are kept on disk.

use std::path::Path;

use needledrop_models::Pack;

use super::neighbours::Vocabulary;
use crate::error::EngineError;
use crate::music::cached_vectors::cached_vectors;

/// The vocabulary in the space of a pack's texts of music: its vectors come from `cache`, else from `embed`.
///
/// # Errors
/// Those of `embed`.
pub(crate) fn vocabulary(
    pack: &Pack,
    cache: &Path,
    embed: impl FnOnce(&[&str]) -> Result<Vec<Vec<f32>>, EngineError>,
) -> Result<Option<Vocabulary>, EngineError> {
    let words = Vocabulary::words();
    let vectors = cached_vectors(pack, cache, "words", &words, embed)?;
    Ok(Vocabulary::new(vectors))
}
