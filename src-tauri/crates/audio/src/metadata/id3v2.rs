//! ID3v2.2, 2.3 and 2.4 (id3.org), read so that a bad frame costs only itself.

use std::io::Result;

use super::entries::{Declared, Entries, Field, MOST_TEXT_BYTES, by_name};
use crate::decode::view::View;

/// Frames beyond this number are not read.
const MOST_FRAMES: usize = 4000;
/// Longest tag that is read as a whole, which unsynchronisation of older versions needs, bytes.
const MOST_WHOLE_BYTES: u64 = 32 << 20;

/// Reads the texts of the tag at `at`; gives its length with header and footer, or `None` where
/// there is no tag.
pub(super) fn read(
    view: &mut View,
    at: u64,
    tag: u8,
    entries: &mut Entries,
) -> Result<Option<u64>> {
    let Some([b'I', b'D', b'3', version, _, flags, a, b, c, d]) = view.peek(at)? else {
        return Ok(None);
    };
    if [a, b, c, d].iter().any(|b| b & 0x80 != 0) {
        return Ok(None);
    }
    let size = u64::from(synchsafe([a, b, c, d]));
    let length = 10
        + size
        + if version >= 4 && flags & 0x10 != 0 {
            10
        } else {
            0
        };
    let end = (at + 10 + size).min(view.len());
    if flags & 0x80 != 0 && version < 4 {
        let body = synchronised(&view.part(at + 10, size.min(MOST_WHOLE_BYTES))?);
        let end = body.len() as u64;
        let mut body = View::new(Box::new(std::io::Cursor::new(body)))?;
        let mut frames = Frames {
            view: &mut body,
            version,
            flags,
            tag,
            end,
        };
        frames.read(0, entries)?;
    } else {
        let mut frames = Frames {
            view,
            version,
            flags,
            tag,
            end,
        };
        frames.read(at + 10, entries)?;
    }
    Ok(Some(length))
}

fn synchsafe(bytes: [u8; 4]) -> u32 {
    bytes
        .iter()
        .fold(0, |sum, &b| sum << 7 | u32::from(b & 0x7f))
}

/// Removes the zero that follows each 0xFF.
fn synchronised(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut was_ff = false;
    for &byte in bytes {
        if !(was_ff && byte == 0) {
            out.push(byte);
        }
        was_ff = byte == 0xff;
    }
    out
}

struct Frames<'a> {
    view: &'a mut View,
    version: u8,
    flags: u8,
    tag: u8,
    end: u64,
}

impl Frames<'_> {
    fn read(&mut self, mut at: u64, entries: &mut Entries) -> Result<()> {
        at += self.extended_header(at)?;
        for _ in 0..MOST_FRAMES {
            let Some(frame) = self.frame(at)? else {
                return Ok(());
            };
            let bytes = self
                .view
                .part(frame.body, frame.size.min(MOST_TEXT_BYTES as u64))?;
            if let Some(body) = frame.content(bytes) {
                text(frame.name, &body, self.tag, entries);
            }
            at = frame.body + frame.size;
        }
        Ok(())
    }

    /// Length of the extended header; 0 where it is missing or declares nonsense.
    fn extended_header(&mut self, at: u64) -> Result<u64> {
        if self.flags & 0x40 == 0 || self.version < 3 {
            return Ok(0);
        }
        let size = match self.view.peek(at)? {
            Some(size) if self.version == 3 => u64::from(u32::from_be_bytes(size)) + 4,
            Some(size) => u64::from(synchsafe(size)),
            None => 0,
        };
        let is_sound = size >= 6 && at + size < self.end && self.is_frame(at + size)?;
        Ok(if is_sound { size } else { 0 })
    }

    /// Whether a frame, padding or the end is at a position.
    fn is_frame(&mut self, at: u64) -> Result<bool> {
        if at == self.end {
            return Ok(true);
        }
        let name = self.view.peek::<4>(at)?;
        Ok(at < self.end && name.is_some_and(|name| name == [0; 4] || is_name(&name)))
    }

    fn frame(&mut self, at: u64) -> Result<Option<Frame>> {
        let frame = if self.version < 3 {
            let Some([a, b, c, sizes @ ..]) = self.view.peek::<6>(at)? else {
                return Ok(None);
            };
            let size = sizes.iter().fold(0, |sum, &b| sum << 8 | u64::from(b));
            Frame {
                name: [a, b, c, b' '],
                body: at + 6,
                size,
                format: 0,
                version: 2,
            }
        } else {
            let Some([n0, n1, n2, n3, a, b, c, d, _, format]) = self.view.peek::<10>(at)? else {
                return Ok(None);
            };
            let plain = u64::from(u32::from_be_bytes([a, b, c, d]));
            let body = at + 10;
            // Some writers put sizes of seven bits into version 3, and plain ones into version 4.
            let safe = u64::from(synchsafe([a, b, c, d]));
            let (likely, other) = if self.version == 3 {
                (plain, safe)
            } else {
                (safe, plain)
            };
            let fits = self.is_frame(body + likely)? || !self.is_frame(body + other)?;
            let size = if fits { likely } else { other };
            let version = self.version;
            Frame {
                name: [n0, n1, n2, n3],
                body,
                size,
                format,
                version,
            }
        };
        let is_whole = frame.body + frame.size <= self.end;
        Ok(Some(frame).filter(|frame| is_whole && is_name(&frame.name)))
    }
}

/// Version 2 has names of three letters, which some writers carry into version 3.
fn is_name(name: &[u8; 4]) -> bool {
    let [letters @ .., last] = name;
    let is_letter = |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    letters.iter().all(is_letter) && (is_letter(last) || matches!(last, 0 | b' '))
}

struct Frame {
    name: [u8; 4],
    body: u64,
    size: u64,
    /// The second byte of flags.
    format: u8,
    version: u8,
}

impl Frame {
    /// The content without what the flags put before it; `None` where it is compressed or
    /// encrypted.
    fn content(&self, bytes: Vec<u8>) -> Option<Vec<u8>> {
        let format = self.format;
        match self.version {
            4 if format & 0x0c != 0 => None,
            4 => {
                let group = usize::from(format & 0x40 != 0);
                let length = if format & 0x01 != 0 { 4 } else { 0 };
                let bytes = bytes.get(group + length..)?;
                Some(if format & 0x02 != 0 {
                    synchronised(bytes)
                } else {
                    bytes.to_vec()
                })
            }
            3 if format & 0xc0 != 0 => None,
            3 => Some(bytes.get(usize::from(format & 0x20 != 0)..)?.to_vec()),
            _ => Some(bytes),
        }
    }
}

fn text(name: [u8; 4], body: &[u8], tag: u8, entries: &mut Entries) {
    let field = match &name {
        b"TIT2" | b"TT2 " | b"TT2\0" => Field::Title,
        b"TPE1" | b"TP1 " | b"TP1\0" => Field::Artist,
        b"TPE2" | b"TP2 " | b"TP2\0" => Field::AlbumArtist,
        b"TCOM" | b"TCM " | b"TCM\0" => Field::Composer,
        b"TALB" | b"TAL " | b"TAL\0" => Field::Album,
        b"TCON" | b"TCO " | b"TCO\0" => Field::Genre,
        b"TCOP" | b"TCR " | b"TCR\0" => Field::Copyright,
        b"TSRC" | b"TRC " | b"TRC\0" => Field::Isrc,
        b"TBPM" | b"TBP " | b"TBP\0" => Field::Bpm,
        b"TKEY" | b"TKE " | b"TKE\0" => Field::Key,
        b"WCOP" | b"WCP " | b"WCP\0" => {
            return entries.add(tag, Field::LicenceUrl, Declared::Bytes, body);
        }
        b"TXXX" | b"TXX " | b"TXX\0" => {
            let (declared, body) = declared(body);
            let (name, value) = split(declared, body);
            let name: Vec<u8> = name.iter().copied().filter(u8::is_ascii_graphic).collect();
            if let Some(field) = by_name(&String::from_utf8_lossy(&name)) {
                entries.add(tag, field, declared, value);
            }
            return;
        }
        b"COMM" | b"COM " | b"COM\0" => return comment(body, tag, entries),
        _ => return,
    };
    let (declared, body) = declared(body);
    entries.add(tag, field, declared, body);
}

/// A comment has a language and a name; iTunes and others keep numbers for programs in named ones.
fn comment(body: &[u8], tag: u8, entries: &mut Entries) {
    let (declared, body) = declared(body);
    let (name, value) = split(declared, body.get(3..).unwrap_or_default());
    let name: String = name
        .iter()
        .filter(|b| b.is_ascii_graphic())
        .map(|&b| b as char)
        .collect();
    if name.starts_with("iTun") || name.starts_with("Songs-DB") || name == "ID3v1Comment" {
        return;
    }
    entries.add(tag, Field::Comment, declared, value);
}

/// The declared encoding of a text. A first byte that declares none belongs to the text.
fn declared(body: &[u8]) -> (Declared, &[u8]) {
    match body.split_first() {
        Some((0, text)) => (Declared::Bytes, text),
        Some((1, text)) => (Declared::Utf16, text),
        Some((2, text)) => (Declared::Utf16Be, text),
        Some((3, text)) => (Declared::Utf8, text),
        _ => (Declared::Bytes, body),
    }
}

/// Splits after the first text. Without a separator all of it is the value.
fn split(declared: Declared, bytes: &[u8]) -> (&[u8], &[u8]) {
    let (at, width) = if matches!(declared, Declared::Utf16 | Declared::Utf16Be) {
        let pairs = bytes.chunks_exact(2).position(|pair| pair == [0, 0]);
        (pairs.map(|at| 2 * at), 2)
    } else {
        (bytes.iter().position(|&b| b == 0), 1)
    };
    match at {
        Some(at) => (&bytes[..at], &bytes[at + width..]),
        None => (&[], bytes),
    }
}
