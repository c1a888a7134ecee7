//! The vectors of the known words, kept on disk: they never change for a pack, and making them takes a second.

use std::fs;
use std::path::{Path, PathBuf};

use needledrop_models::Pack;
use sha2::{Digest, Sha256};

use super::neighbours::Vocabulary;
use crate::error::EngineError;
use crate::files::write_whole;

/// The vocabulary in the space of a pack's texts of music: from the file in `cache`, else made by `embed` and written
/// there.
pub(crate) fn vocabulary(
    pack: &Pack,
    cache: &Path,
    embed: impl FnOnce(&[&str]) -> Result<Vec<Vec<f32>>, EngineError>,
) -> Result<Option<Vocabulary>, EngineError> {
    let words = Vocabulary::words();
    let dim = pack.manifest.audio.dim;
    let kept = file(pack, cache, &words);
    if let Some(vectors) = read(&kept, words.len(), dim) {
        return Ok(Vocabulary::new(vectors));
    }
    let vectors = embed(&words)?;
    let bytes: Vec<u8> = vectors
        .iter()
        .flatten()
        .flat_map(|x| x.to_le_bytes())
        .collect();
    if let Err(error) = write_whole(&kept, &bytes) {
        tracing::info!(
            "vectors of words are not cached: {error}: {}",
            kept.display()
        );
    }
    Ok(Vocabulary::new(vectors))
}

/// Its name depends on everything that the vectors depend on.
fn file(pack: &Pack, cache: &Path, words: &[&str]) -> PathBuf {
    let manifest = &pack.manifest;
    let mut hash = Sha256::new();
    hash.update(manifest.version.to_le_bytes());
    hash.update(manifest.audio.space.as_bytes());
    for file in &manifest.files {
        hash.update(file.path.as_bytes());
        hash.update(file.sha256.as_deref().unwrap_or_default().as_bytes());
    }
    for word in words {
        hash.update(word.as_bytes());
        hash.update([0]);
    }
    let digest = hash.finalize();
    let digest: String = digest.iter().take(8).map(|b| format!("{b:02x}")).collect();
    cache.join(format!("words-{}-{digest}.f32", manifest.name))
}

fn read(path: &Path, count: usize, dim: usize) -> Option<Vec<Vec<f32>>> {
    if fs::metadata(path).ok()?.len() != (count * dim * 4) as u64 {
        return None;
    }
    let bytes = fs::read(path).ok()?;
    let numbers = bytes
        .as_chunks::<4>()
        .0
        .iter()
        .map(|b| f32::from_le_bytes(*b));
    let numbers: Vec<f32> = numbers.collect();
    let finite = numbers.iter().all(|x| x.is_finite());
    finite.then(|| numbers.chunks_exact(dim).map(<[f32]>::to_vec).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_file_is_not_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("words.f32");
        let bytes: Vec<u8> = [0.5_f32, -1.0]
            .iter()
            .flat_map(|x| x.to_le_bytes())
            .collect();
        fs::write(&path, &bytes).unwrap();
        assert_eq!(read(&path, 1, 2), Some(vec![vec![0.5, -1.0]]));
        assert_eq!(read(&path, 2, 2), None);
        fs::write(&path, f32::NAN.to_le_bytes().repeat(2)).unwrap();
        assert_eq!(read(&path, 1, 2), None);
    }
}
