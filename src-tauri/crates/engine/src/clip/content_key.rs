//! The cache key of a clip: its content and the time of its last change, whatever its name.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::files::modified_ns;

/// Bytes read at the start, at the end and at each of [`BETWEEN`] evenly spaced places, so that a file of 100 GB
/// is not read whole for its key.
const PIECE: usize = 64 << 10;
const BETWEEN: u64 = 14;

/// A key of 32 hexadecimal digits for what is made of a clip with the parameters `parts`.
///
/// The time of the last change belongs to it: frames of DNxHD in MXF have a constant size, so an export with one
/// changed shot can have the same length and the same pieces.
pub(crate) fn content_key(clip: &Path, parts: &[&[u8]]) -> io::Result<String> {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    add_clip(clip, &mut hash)?;
    let digest = hash.finalize();
    Ok(digest.iter().take(16).map(|b| format!("{b:02x}")).collect())
}

fn add_clip(clip: &Path, hash: &mut Sha256) -> io::Result<()> {
    let mut file = File::open(clip)?;
    let meta = file.metadata()?;
    hash.update(meta.len().to_le_bytes());
    hash.update(modified_ns(&meta).to_le_bytes());
    let last = meta.len().saturating_sub(PIECE as u64);
    let mut piece = Vec::with_capacity(PIECE);
    for at in 0..=BETWEEN + 1 {
        let start = match at {
            at if at == BETWEEN + 1 => last,
            at => last / (BETWEEN + 1) * at,
        };
        file.seek(SeekFrom::Start(start))?;
        piece.clear();
        Read::by_ref(&mut file)
            .take(PIECE as u64)
            .read_to_end(&mut piece)?;
        hash.update(&piece);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::{Duration, SystemTime};

    use super::*;

    /// A file of 1 MiB whose bytes from 500,000 to 600,000 are `byte`, changed `age_s` seconds after a fixed moment.
    fn clip(path: &Path, byte: u8, age_s: u64) {
        let mut bytes = vec![1; 1 << 20];
        bytes[500_000..600_000].fill(byte);
        fs::write(path, bytes).unwrap();
        let moment = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000 + age_s);
        let file = File::options().write(true).open(path).unwrap();
        file.set_modified(moment).unwrap();
    }

    #[test]
    fn content_time_of_change_and_parameters_make_the_key_and_the_name_does_not() {
        let dir = tempfile::tempdir().unwrap();
        let key = |name: &str, byte, age_s, parts: &[u8]| {
            let path = dir.path().join(name);
            clip(&path, byte, age_s);
            content_key(&path, &[parts]).unwrap()
        };
        let first = key("a", 1, 0, b"whole");
        assert_eq!(first, key("b", 1, 0, b"whole"), "a copy is the same clip");
        assert_ne!(first, key("c", 2, 0, b"whole"), "another content");
        assert_ne!(first, key("a", 1, 0, b"part"), "other parameters");
        assert_ne!(first, key("a", 1, 5, b"whole"), "written again");
    }
}
