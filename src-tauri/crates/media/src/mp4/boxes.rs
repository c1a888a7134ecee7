//! The boxes of ISO base media files (ISO/IEC 14496-12, 4.2).

use std::io::{self, Read, Seek, SeekFrom};

/// Boxes at the top of a file that are read; a day of fragments of one second has 172,800.
const MOST_TOPS: u32 = 1_000_000;

/// A box at the top of a file. `end` may lie beyond the end of a file that was cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Top {
    pub kind: [u8; 4],
    /// Offset of its header.
    pub start: u64,
    /// Offset of its content.
    pub body: u64,
    /// Offset behind it.
    pub end: u64,
}

/// Goes from box to box of a file.
pub(super) struct Tops {
    at: u64,
    length: u64,
    count: u32,
}

impl Tops {
    pub(super) fn new(length: u64) -> Self {
        Self {
            at: 0,
            length,
            count: 0,
        }
    }

    /// The next box; `None` at the end, and at bytes that are no box.
    pub(super) fn next(&mut self, file: &mut (impl Read + Seek)) -> io::Result<Option<Top>> {
        let left = self.length.saturating_sub(self.at);
        if left < 8 || self.count >= MOST_TOPS {
            return Ok(None);
        }
        file.seek(SeekFrom::Start(self.at))?;
        let mut head = [0; 16];
        let known = left.min(16) as usize;
        let read = head.get_mut(..known).unwrap_or_default();
        file.read_exact(read)?;
        let kind = [head[4], head[5], head[6], head[7]];
        let short = u64::from(be32(&head, 0).unwrap_or(0));
        let (header, size) = match short {
            0 => (8, left),
            1 if left >= 16 => (16, be64(&head, 8).unwrap_or(0)),
            size => (8, size),
        };
        let plausible = kind
            .iter()
            .all(|&c| c == b' ' || c == 0xA9 || c.is_ascii_graphic());
        let Some(end) = self
            .at
            .checked_add(size)
            .filter(|_| size >= header && plausible)
        else {
            // Other bytes behind the last box are no damage of the boxes.
            return Ok(None);
        };
        let top = Top {
            kind,
            start: self.at,
            body: self.at + header,
            end,
        };
        self.at = end;
        self.count += 1;
        Ok(Some(top))
    }

    pub(super) fn count(&self) -> u32 {
        self.count
    }
}

/// Whether a file of this family may begin with such a box.
pub(super) fn may_begin(kind: &[u8; 4]) -> bool {
    [
        b"ftyp", b"styp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot", b"uuid", b"moof",
        b"sidx",
    ]
    .contains(&kind)
}

/// The boxes inside a body, as far as they are whole.
pub(super) fn children(body: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    let mut rest = body;
    std::iter::from_fn(move || {
        let kind = *rest.get(4..8)?.first_chunk::<4>()?;
        let (header, size) = match be32(rest, 0)? {
            0 => (8, rest.len()),
            1 => (16, usize::try_from(be64(rest, 8)?).ok()?),
            size => (8, size as usize),
        };
        let content = rest.get(header..size)?;
        rest = rest.get(size..)?;
        Some((kind, content))
    })
}

/// The first box of a kind inside a body.
pub(super) fn find<'a>(body: &'a [u8], kind: &[u8; 4]) -> Option<&'a [u8]> {
    children(body)
        .find(|(k, _)| k == kind)
        .map(|(_, content)| content)
}

pub(super) fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..)?.first_chunk::<4>()?;
    Some(u32::from_be_bytes(*four))
}

pub(super) fn be64(bytes: &[u8], at: usize) -> Option<u64> {
    let eight = bytes.get(at..)?.first_chunk::<8>()?;
    Some(u64::from_be_bytes(*eight))
}
