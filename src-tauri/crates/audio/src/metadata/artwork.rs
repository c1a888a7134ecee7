//! The picture of a file, read by lofty with bounds.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::panic::AssertUnwindSafe;
use std::path::Path;

use lofty::config::{ParseOptions, ParsingMode};
use lofty::file::{TaggedFile, TaggedFileExt};
use lofty::picture::PictureType;
use lofty::probe::Probe;

/// Most bytes read to find the tags; lofty itself holds at most 16 MB in one piece.
const MOST_BYTES: u64 = 256 << 20;
/// Larger pictures are not returned, bytes.
const MOST_ARTWORK_BYTES: usize = 16 << 20;

/// A picture from a file's tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artwork {
    /// `image/jpeg`, `image/png` or `image/webp`, by its first bytes.
    pub mime: &'static str,
    /// The encoded picture, as the file holds it.
    pub bytes: Vec<u8>,
}

/// The front cover, or else the first picture of a file.
pub(super) fn of_file(path: &Path) -> Option<Artwork> {
    // Opening a named pipe would wait for its other end.
    if !std::fs::metadata(path).ok()?.is_file() {
        return None;
    }
    // Tags are foreign data: a bug of the parser must not end the program.
    let read = AssertUnwindSafe(|| of_source(File::open(path)?));
    match std::panic::catch_unwind(read) {
        Ok(Ok(artwork)) => artwork,
        Ok(Err(error)) => {
            tracing::debug!(%error, path = %path.display(), "no readable artwork");
            None
        }
        Err(_) => {
            tracing::warn!(path = %path.display(), "the tag reader panicked");
            None
        }
    }
}

/// Like [`of_file`], from any source.
pub(super) fn of_source<S: Read + Seek>(
    source: S,
) -> Result<Option<Artwork>, Box<dyn std::error::Error>> {
    let file = parse(source)?;
    let pictures = || file.tags().iter().flat_map(|tag| tag.pictures());
    let front = pictures().find(|p| p.pic_type() == PictureType::CoverFront);
    let picture = front
        .or_else(|| pictures().next())
        .map(|picture| picture.data());
    Ok(picture
        .filter(|bytes| bytes.len() <= MOST_ARTWORK_BYTES)
        .and_then(|bytes| {
            Some(Artwork {
                mime: mime(bytes)?,
                bytes: bytes.to_vec(),
            })
        }))
}

fn mime(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => Some("image/webp"),
        _ => None,
    }
}

fn parse<S: Read + Seek>(source: S) -> Result<TaggedFile, Box<dyn std::error::Error>> {
    let options = ParseOptions::new()
        .read_properties(false)
        .parsing_mode(ParsingMode::BestAttempt);
    let source = Bounded {
        source,
        left: MOST_BYTES,
    };
    let probe = Probe::new(BufReader::new(source)).options(options);
    Ok(probe.guess_file_type()?.read()?)
}

/// A source that ends after a number of bytes, whatever their position.
struct Bounded<S> {
    source: S,
    left: u64,
}

impl<S: Read> Read for Bounded<S> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let most = buffer.len().min(self.left.try_into().unwrap_or(usize::MAX));
        let n = self.source.read(&mut buffer[..most])?;
        self.left -= n as u64;
        Ok(n)
    }
}

impl<S: Seek> Seek for Bounded<S> {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.source.seek(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn picture_types_are_recognised_by_their_first_bytes() {
        assert_eq!(mime(b"\xff\xd8\xff\xe0"), Some("image/jpeg"));
        assert_eq!(mime(b"\x89PNG\r\n\x1a\n"), Some("image/png"));
        assert_eq!(mime(b"RIFF\0\0\0\0WEBPVP8 "), Some("image/webp"));
        assert_eq!(mime(b"<svg onload=alert(1)>"), None);
        assert_eq!(mime(b""), None);
    }
}
