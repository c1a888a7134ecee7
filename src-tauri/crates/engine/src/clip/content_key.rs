//! What a clip is, by its content, whatever its name.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use sha2::{Digest, Sha256};

/// Bytes of the file that are read at its start, at its end, and at each of [`PLACES`] between:
/// footage differs everywhere, and a file of 100 GB is not read twice for its name.
const PIECE: usize = 64 << 10;
const PLACES: u64 = 14;

/// A name of 32 hexadecimal digits for what is made of a clip under the circumstances `parts`.
pub(crate) fn name(clip: &Path, parts: &[&[u8]]) -> io::Result<String> {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    read(clip, &mut hash)?;
    let digest = hash.finalize();
    Ok(digest.iter().take(16).map(|b| format!("{b:02x}")).collect())
}

fn read(clip: &Path, hash: &mut Sha256) -> io::Result<()> {
    let mut file = File::open(clip)?;
    let length = file.metadata()?.len();
    hash.update(length.to_le_bytes());
    let last = length.saturating_sub(PIECE as u64);
    let mut piece = Vec::with_capacity(PIECE);
    for at in 0..=PLACES + 1 {
        file.seek(SeekFrom::Start(last / (PLACES + 1) * at))?;
        if at == PLACES + 1 {
            file.seek(SeekFrom::Start(last))?;
        }
        piece.clear();
        Read::by_ref(&mut file)
            .take(PIECE as u64)
            .read_to_end(&mut piece)?;
        hash.update(&piece);
    }
    Ok(())
}
