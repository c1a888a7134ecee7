//! Vectors of fixed texts in a pack's space of music, kept on disk: they never change for a pack, and making them opens
//! its text tower.

use std::fs;
use std::path::{Path, PathBuf};

use needledrop_models::Pack;
use sha2::{Digest, Sha256};

use crate::error::EngineError;
use crate::files::write_whole;

/// One vector of the audio space per text: from a file in `cache`, else made by `embed` and written there. `kind` names
/// the texts, such as `words`. A file that is damaged or cannot be written costs time and is no error.
///
/// # Errors
/// Those of `embed`.
pub(crate) fn cached_vectors(
    pack: &Pack,
    cache: &Path,
    kind: &str,
    texts: &[&str],
    embed: impl FnOnce(&[&str]) -> Result<Vec<Vec<f32>>, EngineError>,
) -> Result<Vec<Vec<f32>>, EngineError> {
    let kept = file(pack, cache, kind, texts);
    if let Some(vectors) = read(&kept, texts.len(), pack.manifest.audio.dim) {
        return Ok(vectors);
    }
    let vectors = embed(texts)?;
    if let Err(error) = write(&kept, &vectors) {
        tracing::info!(
            "vectors of {kind} are not cached: {error}: {}",
            kept.display()
        );
    }
    Ok(vectors)
}

/// Its name depends on everything that the vectors depend on.
fn file(pack: &Pack, cache: &Path, kind: &str, texts: &[&str]) -> PathBuf {
    let manifest = &pack.manifest;
    let mut hash = Sha256::new();
    hash.update(manifest.version.to_le_bytes());
    hash.update(manifest.audio.space.as_bytes());
    for file in &manifest.files {
        hash.update(file.path.as_bytes());
        hash.update(file.sha256.as_deref().unwrap_or_default().as_bytes());
    }
    for text in texts {
        hash.update(text.as_bytes());
        hash.update([0]);
    }
    let digest = hash.finalize();
    let digest: String = digest.iter().take(8).map(|b| format!("{b:02x}")).collect();
    cache.join(format!("{kind}-{}-{digest}.f32", manifest.name))
}

fn read(path: &Path, count: usize, dim: usize) -> Option<Vec<Vec<f32>>> {
    if fs::metadata(path).ok()?.len() != (count * dim * 4) as u64 {
        return None;
    }
    let bytes = fs::read(path).ok()?;
    let quads = bytes.as_chunks::<4>().0.iter();
    let numbers: Vec<f32> = quads.map(|b| f32::from_le_bytes(*b)).collect();
    let finite = numbers.iter().all(|x| x.is_finite());
    finite.then(|| numbers.chunks_exact(dim).map(<[f32]>::to_vec).collect())
}

fn write(path: &Path, vectors: &[Vec<f32>]) -> std::io::Result<()> {
    let numbers = vectors.iter().flatten();
    let bytes: Vec<u8> = numbers.flat_map(|x| x.to_le_bytes()).collect();
    write_whole(path, &bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_are_read_back_and_damaged_ones_are_not() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("deeper/moods.f32");
        let vectors = vec![vec![0.25, -0.5]; 4];
        write(&path, &vectors).unwrap();
        assert_eq!(read(&path, 4, 2), Some(vectors));
        assert_eq!(read(&path, 3, 2), None, "another count");
        fs::write(&path, [0_u8; 5]).unwrap();
        assert_eq!(read(&path, 4, 2), None, "no whole number");
        fs::write(&path, f32::NAN.to_le_bytes().repeat(8)).unwrap();
        assert_eq!(read(&path, 4, 2), None, "not finite");
    }
}
