//! A view of a file: a range of it, with some bytes replaced.
//!
//! Headers may declare wrong sizes, and tags may be large. Instead of a repaired copy the decoder
//! gets a view in which sizes fit the file and blocks without sound look like padding, which
//! readers skip without holding it.

use std::io::{Error, ErrorKind, Read, Result, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use symphonia::core::io::MediaSource;

/// A range of a source with bytes replaced. Positions given to [`patch`](View::patch) and
/// [`cut`](View::cut) count from the start of the view.
pub(crate) struct View {
    inner: Box<dyn MediaSource>,
    start: u64,
    len: u64,
    at: u64,
    /// Position and bytes, in order, not overlapping.
    patches: Vec<(u64, Vec<u8>)>,
    has_shrunk: Arc<AtomicBool>,
}

impl View {
    /// All of a seekable source of known length.
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

    /// Length of the view in bytes.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Position of the view in its source.
    pub fn start(&self) -> u64 {
        self.start
    }

    /// Becomes true when the file ends before the length that it had at opening.
    pub fn has_shrunk(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.has_shrunk)
    }

    /// Moves the start by this many bytes. Must be called before any patch.
    pub fn skip(&mut self, bytes: u64) {
        debug_assert!(self.patches.is_empty(), "patches count from the start");
        self.start += bytes.min(self.len);
        self.len -= bytes.min(self.len);
    }

    /// Limits the view to `len` bytes.
    pub fn cut(&mut self, len: u64) {
        self.len = self.len.min(len);
    }

    /// Replaces the bytes at `position`, which must lie after every earlier patch.
    pub fn patch(&mut self, position: u64, bytes: &[u8]) {
        let after = self.patches.last().map_or(0, |(p, b)| p + b.len() as u64);
        debug_assert!(position >= after, "patches are given in order");
        self.patches.push((position, bytes.to_vec()));
    }

    /// The `N` bytes at `position`, without patches; `None` where the view ends before.
    pub fn peek<const N: usize>(&mut self, position: u64) -> Result<Option<[u8; N]>> {
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

    /// The bytes from `position` on, at most `most`, without patches.
    pub fn part(&mut self, position: u64, most: u64) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let there = self.len.saturating_sub(position).min(most);
        if there > 0 {
            self.inner.seek(SeekFrom::Start(self.start + position))?;
            (&mut self.inner).take(there).read_to_end(&mut bytes)?;
        }
        Ok(bytes)
    }

    /// The view with its read position at the start.
    pub fn rewound(mut self) -> Result<View> {
        self.seek(SeekFrom::Start(0))?;
        Ok(self)
    }

    fn show_patches(&self, buffer: &mut [u8]) {
        let end = self.at + buffer.len() as u64;
        let first = self
            .patches
            .partition_point(|(p, b)| p + b.len() as u64 <= self.at);
        for (position, bytes) in self.patches.iter().skip(first) {
            if *position >= end {
                break;
            }
            for (here, &byte) in (*position..end).zip(bytes) {
                let index = here.checked_sub(self.at).map(|i| i as usize);
                if let Some(shown) = index.and_then(|i| buffer.get_mut(i)) {
                    *shown = byte;
                }
            }
        }
    }
}

impl Read for View {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let left = self.len.saturating_sub(self.at);
        let most = buffer.len().min(left.try_into().unwrap_or(usize::MAX));
        let (buffer, _) = buffer.split_at_mut(most);
        let n = self.inner.read(buffer)?;
        if n == 0 && most > 0 {
            self.has_shrunk.store(true, Ordering::Relaxed);
        }
        let (filled, _) = buffer.split_at_mut(n.min(most));
        self.show_patches(filled);
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
        let outside = || Error::new(ErrorKind::InvalidInput, "cannot seek to before the start");
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
    fn a_view_reads_its_range_with_patches_in_steps_of_any_size() {
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
    fn peeking_and_reading_stay_within_the_view() {
        let mut view = view();
        view.skip(10);
        view.cut(20);
        assert_eq!(view.peek(18).unwrap(), Some([28, 29]));
        assert_eq!(view.peek::<2>(19).unwrap(), None);
        assert_eq!(view.part(18, 100).unwrap(), [28, 29]);
        assert!(view.part(20, 100).unwrap().is_empty());
        assert_eq!(view.peek::<2>(u64::MAX).unwrap(), None);
        assert!(view.seek(SeekFrom::Current(-1)).is_err());
    }
}
