//! A file as its decoder should see it: from a start to an end, with some bytes read as others.
//!
//! Headers lie and tags are large. Instead of a copy that is put right, the decoder gets a view in
//! which sizes fit the file and blocks that hold no sound look like padding, which readers pass over
//! without holding it.

use std::io::{Error, ErrorKind, Read, Result, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use symphonia::core::io::MediaSource;

/// Part of a source with bytes replaced; positions given to [`patch`](View::patch) and
/// [`cut`](View::cut) count from the start of the view.
pub(super) struct View {
    inner: Box<dyn MediaSource>,
    start: u64,
    len: u64,
    at: u64,
    /// Position and bytes, in order, not overlapping.
    patches: Vec<(u64, Vec<u8>)>,
    has_shrunk: Arc<AtomicBool>,
}

impl View {
    /// The whole of a seekable source of known length.
    pub fn new(mut inner: Box<dyn MediaSource>) -> Result<View> {
        let len = inner.seek(SeekFrom::End(0))?;
        inner.seek(SeekFrom::Start(0))?;
        Ok(View {
            inner,
            start: 0,
            len,
            at: 0,
            patches: Vec::new(),
            has_shrunk: Arc::default(),
        })
    }

    /// Bytes in view.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Turns true once the file has ended before the length that it had when it was opened.
    pub fn has_shrunk(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.has_shrunk)
    }

    /// Leaves out so many bytes at the start. Must come before any patch.
    pub fn skip(&mut self, bytes: u64) {
        debug_assert!(self.patches.is_empty(), "patches count from the start");
        self.start += bytes.min(self.len);
        self.len -= bytes.min(self.len);
    }

    /// Ends the view at `len` bytes, if it is longer.
    pub fn cut(&mut self, len: u64) {
        self.len = self.len.min(len);
    }

    /// Shows `bytes` at `position`, which lies beyond every patch before it.
    pub fn patch(&mut self, position: u64, bytes: &[u8]) {
        let after = self.patches.last().map_or(0, |(p, b)| p + b.len() as u64);
        debug_assert!(position >= after, "patches are given in order");
        self.patches.push((position, bytes.to_vec()));
    }

    /// The `N` bytes at `position` without patches; `None` where the file ends before.
    pub fn look<const N: usize>(&mut self, position: u64) -> Result<Option<[u8; N]>> {
        let mut bytes = [0; N];
        if position
            .checked_add(N as u64)
            .is_none_or(|end| end > self.len)
        {
            return Ok(None);
        }
        self.inner.seek(SeekFrom::Start(self.start + position))?;
        match self.inner.read_exact(&mut bytes) {
            Ok(()) => Ok(Some(bytes)),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The bytes from `position` on, `most` of them or as many as there are, without patches.
    pub fn part(&mut self, position: u64, most: u64) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let there = self.len.saturating_sub(position).min(most);
        if there > 0 {
            self.inner.seek(SeekFrom::Start(self.start + position))?;
            (&mut self.inner).take(there).read_to_end(&mut bytes)?;
        }
        Ok(bytes)
    }

    /// Ready to be read from its start.
    pub fn rewound(mut self) -> Result<View> {
        self.seek(SeekFrom::Start(0))?;
        Ok(self)
    }

    fn show_patches(&self, buffer: &mut [u8]) {
        let end = self.at + buffer.len() as u64;
        let first = self
            .patches
            .partition_point(|(p, b)| p + b.len() as u64 <= self.at);
        for (position, bytes) in &self.patches[first..] {
            if *position >= end {
                break;
            }
            for (i, &byte) in bytes.iter().enumerate() {
                let here = position + i as u64;
                if (self.at..end).contains(&here) {
                    buffer[(here - self.at) as usize] = byte;
                }
            }
        }
    }
}

impl Read for View {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let left = self.len.saturating_sub(self.at);
        let most = buffer.len().min(left.try_into().unwrap_or(usize::MAX));
        let n = self.inner.read(&mut buffer[..most])?;
        if n == 0 && most > 0 {
            self.has_shrunk.store(true, Ordering::Relaxed);
        }
        self.show_patches(&mut buffer[..n]);
        self.at += n as u64;
        Ok(n)
    }
}

impl Seek for View {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let to = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(by) => self.len.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        let outside = || Error::new(ErrorKind::InvalidInput, "a seek to before the start");
        let to = to.ok_or_else(outside)?;
        let absolute = self.start.checked_add(to).ok_or_else(outside)?;
        self.inner.seek(SeekFrom::Start(absolute))?;
        self.at = to;
        Ok(to)
    }
}

impl MediaSource for View {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view() -> View {
        View::new(Box::new(std::io::Cursor::new(
            (0..100u8).collect::<Vec<_>>(),
        )))
        .unwrap()
    }

    #[test]
    fn a_view_shows_its_part_with_its_patches_however_it_is_read() {
        let mut view = view();
        view.skip(10);
        view.cut(20);
        view.patch(3, &[200, 201]);
        view.patch(19, &[202, 203]);
        let mut want: Vec<u8> = (10..30).collect();
        (want[3], want[4], want[19]) = (200, 201, 202);
        for step in [1, 2, 7, 64] {
            let (mut got, mut part) = (Vec::new(), vec![0; step]);
            view.seek(SeekFrom::Start(0)).unwrap();
            loop {
                let n = view.read(&mut part).unwrap();
                if n == 0 {
                    break;
                }
                got.extend_from_slice(&part[..n]);
            }
            assert_eq!(got, want, "in steps of {step}");
        }
    }

    #[test]
    fn looking_at_bytes_stays_within_the_view() {
        let mut view = view();
        view.skip(10);
        view.cut(20);
        assert_eq!(view.look(18).unwrap(), Some([28, 29]));
        assert_eq!(view.look::<2>(19).unwrap(), None);
        assert_eq!(view.part(18, 100).unwrap(), [28, 29]);
        assert!(view.part(20, 100).unwrap().is_empty());
        assert_eq!(view.look::<2>(u64::MAX).unwrap(), None);
        assert!(view.seek(SeekFrom::Current(-1)).is_err());
    }
}
