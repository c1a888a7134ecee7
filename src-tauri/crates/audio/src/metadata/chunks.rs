//! WAV's INFO list, `bext` and `id3 `, and the text chunks of AIFF.

use std::io::Result;

use super::entries::{Declared, Entries, Field, MOST_TEXT_BYTES};
use super::id3v2;
use crate::decode::padding;
use crate::decode::view::View;

/// Chunks beyond this number are not read.
const MOST_CHUNKS: usize = 1000;
/// Length of the description in `bext` (EBU Tech 3285).
const DESCRIPTION_BYTES: u64 = 256;

type Size = fn([u8; 4]) -> u32;

/// Reads the tags of a WAV file. An `id3 ` chunk counts most, because it declares its encodings.
pub(super) fn in_wav(view: &mut View, tag: u8, entries: &mut Entries) -> Result<()> {
    let end = view.len();
    each(
        view,
        (12, end),
        u32::from_le_bytes,
        |view, name, at, size| match name {
            b"id3 " | b"ID3 " => id3v2::read(view, at, tag, entries).map(|_| ()),
            b"LIST" if view.peek(at)? == Some(*b"INFO") => {
                info(view, (at + 4, at + size), tag + 1, entries)
            }
            b"bext" => {
                let text = view.part(at, size.min(DESCRIPTION_BYTES))?;
                entries.add(tag + 2, Field::Comment, Declared::Bytes, up_to_nul(&text));
                Ok(())
            }
            _ => Ok(()),
        },
    )
}

fn info(view: &mut View, range: (u64, u64), tag: u8, entries: &mut Entries) -> Result<()> {
    each(view, range, u32::from_le_bytes, |view, name, at, size| {
        let field = match name {
            b"INAM" | b"TITL" => Field::Title,
            b"IART" => Field::Artist,
            b"IPRD" | b"IALB" => Field::Album,
            b"IGNR" => Field::Genre,
            b"ICMT" => Field::Comment,
            b"ICOP" => Field::Copyright,
            b"ISRC" => Field::Isrc,
            b"IBPM" | b"TBPM" => Field::Bpm,
            b"IKEY" | b"TKEY" => Field::Key,
            _ => return Ok(()),
        };
        let text = view.part(at, size.min(MOST_TEXT_BYTES as u64))?;
        if is_wide(&text) {
            entries.add(tag, field, Declared::Utf16, &text);
        } else {
            entries.add(tag, field, Declared::Bytes, up_to_nul(&text));
        }
        Ok(())
    })
}

/// Reads the tags of an AIFF file.
pub(super) fn in_aiff(view: &mut View, tag: u8, entries: &mut Entries) -> Result<()> {
    let end = view.len();
    each(
        view,
        (12, end),
        u32::from_be_bytes,
        |view, name, at, size| {
            let field = match name {
                b"ID3 " | b"id3 " => return id3v2::read(view, at, tag, entries).map(|_| ()),
                b"NAME" => Field::Title,
                b"AUTH" => Field::Artist,
                b"(c) " => Field::Copyright,
                b"ANNO" => Field::Comment,
                _ => return Ok(()),
            };
            let text = view.part(at, size.min(MOST_TEXT_BYTES as u64))?;
            entries.add(tag + 1, field, Declared::Bytes, up_to_nul(&text));
            Ok(())
        },
    )
}

/// Whether a text is UTF-16: most of its upper bytes are 0, which no other text has inside.
fn is_wide(text: &[u8]) -> bool {
    let zeros = text
        .chunks_exact(2)
        .filter(|pair| matches!(pair, [1..=255, 0]))
        .count();
    let letters = text.chunks_exact(2).filter(|pair| *pair != [0, 0]).count();
    letters >= 2 && 2 * zeros >= letters
}

fn up_to_nul(text: &[u8]) -> &[u8] {
    text.split(|&b| b == 0).next().unwrap_or_default()
}

/// Hands each chunk in a range to `read`: its name, the position and the length of its content.
fn each(
    view: &mut View,
    (mut at, end): (u64, u64),
    size: Size,
    mut read: impl FnMut(&mut View, &[u8; 4], u64, u64) -> Result<()>,
) -> Result<()> {
    for _ in 0..MOST_CHUNKS {
        if at + 8 > end {
            break;
        }
        let Some([name @ .., a, b, c, d]): Option<[u8; 8]> = view.peek(at)? else {
            break;
        };
        // Some programs append a tag without a chunk around it.
        if let [b'I', b'D', b'3', 2..=4] = name {
            return read(view, b"ID3 ", at, view.len() - at);
        }
        let (body, length) = (at + 8, u64::from(size([a, b, c, d])));
        read(view, &name, body, length.min(view.len() - body))?;
        at = padding::after(view, body + length, length)?;
    }
    Ok(())
}
