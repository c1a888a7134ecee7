//! The format of the cache files.
//!
//! A sealed file holds eight bytes of kind, the parts one after another from multiples of 64, a table of their lengths,
//! their number, and the SHA-256 of everything before it.

use std::fs::{File, Metadata};
use std::io::{BufWriter, Read, Seek, Write};
use std::ops::Range;
use std::path::Path;
use std::time::SystemTime;

use sha2::{Digest, Sha256};

use super::native::Mapped;
use crate::whole_file;

const ALIGNMENT: u64 = 64;
const DIGEST: usize = 32;

/// Largest number of parts in a file; a larger one is damage.
const MOST_PARTS: u64 = 64;

/// Writes a sealed file.
pub(crate) struct Sealer {
    out: BufWriter<tempfile::NamedTempFile>,
    digest: Sha256,
    written: u64,
    lengths: Vec<u64>,
}

impl Sealer {
    /// Starts a file in `dir`, the folder of its later place.
    pub(crate) fn new(dir: &Path, kind: &[u8; 8]) -> std::io::Result<Self> {
        let mut sealer = Self {
            out: BufWriter::with_capacity(1 << 18, whole_file::begin(dir)?),
            digest: Sha256::new(),
            written: 0,
            lengths: Vec::new(),
        };
        sealer.put(kind)?;
        Ok(sealer)
    }

    fn put(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.digest.update(bytes);
        self.written += bytes.len() as u64;
        self.out.write_all(bytes)
    }

    /// Begins the next part.
    pub(crate) fn begin(&mut self) -> std::io::Result<()> {
        let gap = self.written.next_multiple_of(ALIGNMENT) - self.written;
        self.put(&[0; ALIGNMENT as usize][..gap as usize])?;
        self.lengths.push(0);
        Ok(())
    }

    /// Appends to the part that was begun last.
    pub(crate) fn add(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        if let Some(length) = self.lengths.last_mut() {
            *length += bytes.len() as u64;
        }
        self.put(bytes)
    }

    /// Begins the next part and writes all of it.
    pub(crate) fn part(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.begin()?;
        self.add(bytes)
    }

    /// Writes table and checksum and puts the file at `path`.
    pub(crate) fn finish(mut self, path: &Path) -> std::io::Result<()> {
        let lengths = std::mem::take(&mut self.lengths);
        for length in &lengths {
            self.put(&length.to_le_bytes())?;
        }
        self.put(&(lengths.len() as u64).to_le_bytes())?;
        let digest = self.digest.finalize();
        self.out.write_all(&digest)?;
        let file = self
            .out
            .into_inner()
            .map_err(std::io::IntoInnerError::into_error)?;
        whole_file::replace(file, path)
    }
}

/// A mapped sealed file whose checksum was right when it was opened.
#[derive(Debug)]
pub(crate) struct Sealed {
    map: Mapped,
    /// The same file, for what is better read than mapped.
    file: File,
    parts: Vec<Range<usize>>,
    id: FileId,
}

/// Tells one file from another that later takes its path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileId {
    bytes: u64,
    modified: Option<SystemTime>,
    /// Device and inode; a rename gives the path a new inode.
    #[cfg(unix)]
    inode: (u64, u64),
}

impl FileId {
    /// The identity of the file that is at `path` now.
    pub(crate) fn at(path: &Path) -> std::io::Result<Self> {
        std::fs::metadata(path).map(|metadata| Self::of(&metadata))
    }

    fn of(metadata: &Metadata) -> Self {
        Self {
            bytes: metadata.len(),
            modified: metadata.modified().ok(),
            #[cfg(unix)]
            inode: {
                use std::os::unix::fs::MetadataExt;
                (metadata.dev(), metadata.ino())
            },
        }
    }
}

/// Why a sealed file cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SealError {
    /// The file is missing or cannot be read.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// The content is not what was written.
    #[error("{0}")]
    Damaged(&'static str),
}

impl SealError {
    pub(crate) fn is_missing(&self) -> bool {
        matches!(self, Self::Io(error) if error.kind() == std::io::ErrorKind::NotFound)
    }
}

impl Sealed {
    /// Maps the file at `path` after comparing its checksum.
    pub(crate) fn open(path: &Path, kind: &[u8; 8], parts: usize) -> Result<Self, SealError> {
        let mut file = File::open(path)?;
        let id = FileId::of(&file.metadata()?);
        let bytes = id.bytes;
        let tail = DIGEST as u64 + 8 + 8 * parts as u64;
        if bytes < 8 + tail {
            return Err(SealError::Damaged("the file is too short"));
        }
        check(&mut file, bytes - DIGEST as u64)?;
        let map = Mapped::open(&file)?;
        if map.len() as u64 != bytes || &map[..8] != kind {
            return Err(SealError::Damaged("the file is of another kind"));
        }
        let number = |at: usize| -> u64 {
            map[at..at + 8]
                .iter()
                .rev()
                .fold(0, |value, &byte| value << 8 | u64::from(byte))
        };
        let end = map.len() - DIGEST - 8;
        if number(end) > MOST_PARTS || number(end) != parts as u64 {
            return Err(SealError::Damaged("the number of parts is wrong"));
        }
        let table = end - 8 * parts;
        let mut ranges = Vec::with_capacity(parts);
        let mut at = 8_usize;
        for part in 0..parts {
            let start = at.next_multiple_of(ALIGNMENT as usize);
            let length = usize::try_from(number(table + 8 * part)).unwrap_or(usize::MAX);
            at = match start.checked_add(length) {
                Some(stop) if stop <= table => stop,
                _ => return Err(SealError::Damaged("the lengths of the parts are wrong")),
            };
            ranges.push(start..at);
        }
        Ok(Self {
            map,
            file,
            parts: ranges,
            id,
        })
    }

    /// Identity of the file when it was opened.
    pub(crate) fn id(&self) -> &FileId {
        &self.id
    }

    /// The checksum, which tells this content from all others.
    pub(crate) fn digest(&self) -> &[u8] {
        &self.map[self.map.len() - DIGEST..]
    }

    /// The bytes of part `number`, from 0.
    pub(crate) fn part(&self, number: usize) -> &[u8] {
        &self.map[self.parts[number].clone()]
    }

    /// Fills `buffer` with the bytes of part `number` from `start` on. They are read, not mapped: a mapped page brings
    /// fifteen neighbours into this process's memory, and scattered rows soon bring the whole part.
    pub(crate) fn read(&self, number: usize, start: usize, buffer: &mut [u8]) {
        let part = self.parts[number].clone();
        assert!(start + buffer.len() <= part.len(), "bytes of the part");
        if read_at(&self.file, part.start + start, buffer).is_err() {
            let length = buffer.len();
            buffer.copy_from_slice(&self.map[part][start..start + length]);
        }
    }
}

#[cfg(unix)]
fn read_at(file: &File, start: usize, buffer: &mut [u8]) -> std::io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, start as u64)
}

/// Elsewhere the mapped bytes are copied.
#[cfg(not(unix))]
fn read_at(_: &File, _: usize, _: &mut [u8]) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}

/// Compares the checksum. The file is read, not mapped: mapped pages count as this process's memory.
fn check(file: &mut File, bytes: u64) -> Result<(), SealError> {
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 1 << 18];
    let mut left = bytes;
    while left > 0 {
        let take = buffer
            .len()
            .min(usize::try_from(left).unwrap_or(usize::MAX));
        file.read_exact(&mut buffer[..take])?;
        digest.update(&buffer[..take]);
        left -= take as u64;
    }
    let mut expected = [0; DIGEST];
    file.read_exact(&mut expected)?;
    file.rewind()?;
    if digest.finalize()[..] != expected[..] {
        return Err(SealError::Damaged("the checksum does not match"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: &[u8; 8] = b"ndtest01";

    fn written(dir: &Path) -> std::path::PathBuf {
        let path = dir.join("file");
        let mut sealer = Sealer::new(dir, KIND).unwrap();
        sealer.part(b"one").unwrap();
        sealer.part(&[]).unwrap();
        sealer.part(&[7; 1000]).unwrap();
        sealer.finish(&path).unwrap();
        path
    }

    #[test]
    fn parts_are_read_as_they_were_written() {
        let dir = tempfile::tempdir().unwrap();
        let sealed = Sealed::open(&written(dir.path()), KIND, 3).unwrap();
        assert_eq!(sealed.part(0), b"one");
        assert_eq!(sealed.part(1), b"");
        assert_eq!(sealed.part(2), [7; 1000]);
        let mut bytes = [0; 2];
        sealed.read(0, 1, &mut bytes);
        assert_eq!(&bytes, b"ne", "read from the file");
    }

    #[test]
    fn a_changed_byte_and_a_cut_are_damage() {
        let dir = tempfile::tempdir().unwrap();
        let path = written(dir.path());
        let whole = std::fs::read(&path).unwrap();
        for at in (0..whole.len()).step_by(7) {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            std::fs::write(&path, &bytes).unwrap();
            assert!(
                Sealed::open(&path, KIND, 3).is_err(),
                "byte {at} was changed"
            );
            std::fs::write(&path, &whole[..at]).unwrap();
            assert!(Sealed::open(&path, KIND, 3).is_err(), "cut at {at}");
        }
        std::fs::write(&path, &whole).unwrap();
        assert!(Sealed::open(&path, b"ndtest02", 3).is_err(), "another kind");
        assert!(
            Sealed::open(&path, KIND, 2).is_err(),
            "another number of parts"
        );
    }
}
