//! Reading a stranger's file in a bounded number of steps.

use std::io::{BufReader, Read, Seek, SeekFrom};

/// Reads that are done before a file is given up. A clip with ten tracks takes about 200.
const MOST_READS: u32 = 20_000;
/// Bytes that are read ahead: the boxes that matter lie near each other.
const BUFFER: usize = 16 << 10;

/// A file that answers with bytes or with nothing, and ends after [`MOST_READS`].
pub(super) struct Bounded<'a, R> {
    reader: BufReader<&'a mut R>,
    at: u64,
    length: u64,
    reads: u32,
}

impl<'a, R: Read + Seek> Bounded<'a, R> {
    pub(super) fn new(file: &'a mut R) -> Option<Self> {
        let length = file.seek(SeekFrom::End(0)).ok()?;
        file.seek(SeekFrom::Start(0)).ok()?;
        Some(Self {
            reader: BufReader::with_capacity(BUFFER, file),
            at: 0,
            length,
            reads: 0,
        })
    }

    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// `N` bytes from `offset`.
    pub(super) fn array<const N: usize>(&mut self, offset: u64) -> Option<[u8; N]> {
        let mut bytes = [0; N];
        self.fill(offset, &mut bytes)?;
        Some(bytes)
    }

    /// Up to `count` bytes from `offset`, as many as the file has.
    pub(super) fn bytes(&mut self, offset: u64, count: usize) -> Option<Vec<u8>> {
        let left = usize::try_from(self.length.checked_sub(offset)?).unwrap_or(usize::MAX);
        let mut bytes = vec![0; count.min(left)];
        self.fill(offset, &mut bytes)?;
        Some(bytes)
    }

    fn fill(&mut self, offset: u64, bytes: &mut [u8]) -> Option<()> {
        self.reads += 1;
        let end = offset.checked_add(bytes.len() as u64)?;
        if self.reads > MOST_READS || end > self.length {
            return None;
        }
        // Both are at most the length of a file, which an i64 holds.
        let step = i64::try_from(offset).ok()? - i64::try_from(self.at).ok()?;
        self.reader.seek_relative(step).ok()?;
        self.at = offset;
        self.reader.read_exact(bytes).ok()?;
        self.at = end;
        Some(())
    }
}
