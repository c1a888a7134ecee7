//! Vorbis comments in FLAC and Ogg (xiph.org, "Ogg Vorbis I format specification: comment field").

use std::io::Result;

use super::entries::{Declared, Entries, MOST_TEXT_BYTES, by_name};
use crate::decode::view::View;

const MOST_BLOCKS: usize = 1000;
const MOST_COMMENTS: usize = 4000;
/// Longest list of comments that is read: 1 MB. Pictures come in comments too.
const MOST_BYTES: usize = 1 << 20;
/// Pages that are searched for the end of the second packet.
const MOST_PAGES: usize = 64;

/// Reads the comment blocks of a FLAC file that begins at `at`.
pub(super) fn in_flac(view: &mut View, mut at: u64, tag: u8, entries: &mut Entries) -> Result<()> {
    at += 4;
    for _ in 0..MOST_BLOCKS {
        let Some([kind, a, b, c]) = view.peek(at)? else {
            break;
        };
        let size = u64::from(u32::from_be_bytes([0, a, b, c]));
        if kind & 0x7f == 4 {
            comments(
                &view.part(at + 4, size.min(MOST_BYTES as u64))?,
                tag,
                entries,
            );
        }
        if kind & 0x80 != 0 {
            break;
        }
        at += 4 + size;
    }
    Ok(())
}

/// Reads the comments of the first stream of an Ogg file: its second packet.
pub(super) fn in_ogg(view: &mut View, tag: u8, entries: &mut Entries) -> Result<()> {
    let (mut at, mut stream, mut packet) = (0, None, Vec::new());
    for _ in 0..MOST_PAGES {
        let Some(head) = view
            .peek::<27>(at)?
            .filter(|head| head.starts_with(b"OggS"))
        else {
            break;
        };
        let [_, _, _, _, _, flags, .., segments] = head;
        let serial = [head[14], head[15], head[16], head[17]];
        let lacing = view.part(at + 27, u64::from(segments))?;
        let (from, length) = (at + 27 + u64::from(segments), sum(&lacing));
        at = from + length;
        if flags & 2 != 0 {
            let start = view.part(from, length.min(16))?;
            let is_sound = [&b"\x01vorbis"[..], b"OpusHead", b"\x7fFLAC", b"Speex   "];
            if stream.is_none() && is_sound.iter().any(|name| start.starts_with(name)) {
                stream = Some(serial);
            }
            continue;
        }
        if stream != Some(serial) {
            continue;
        }
        // Up to the end of the packet, or of the page.
        let end = lacing.iter().position(|&n| n < 255);
        let part = sum(&lacing[..end.map_or(lacing.len(), |end| end + 1)]);
        packet.extend(view.part(from, part)?);
        if end.is_some() || packet.len() > MOST_BYTES {
            break;
        }
    }
    let list = [&b"\x03vorbis"[..], b"OpusTags", b"\x84\0\0\0"]
        .iter()
        .find_map(|name| packet.strip_prefix(*name));
    // FLAC's block header has its length in the last three bytes.
    let flac = packet
        .get(4..)
        .filter(|_| packet.first().is_some_and(|kind| kind & 0x7f == 4));
    comments(list.or(flac).unwrap_or_default(), tag, entries);
    Ok(())
}

fn sum(lacing: &[u8]) -> u64 {
    lacing.iter().map(|&n| u64::from(n)).sum()
}

/// A list of `NAME=value`, each with its length before it.
fn comments(list: &[u8], tag: u8, entries: &mut Entries) {
    let Some((_, rest)) = counted(list) else {
        return;
    };
    let Some((_, mut rest)) = rest.split_first_chunk::<4>() else {
        return;
    };
    for _ in 0..MOST_COMMENTS {
        let Some((comment, after)) = counted(rest) else {
            return;
        };
        rest = after;
        let Some(equals) = comment.iter().take(64).position(|&b| b == b'=') else {
            continue;
        };
        let (name, value) = comment.split_at(equals);
        if let Some(field) = by_name(&String::from_utf8_lossy(name)) {
            let value = &value[1..];
            let value = value.get(..MOST_TEXT_BYTES).unwrap_or(value);
            entries.add(tag, field, Declared::Utf8, value);
        }
    }
}

/// Some bytes after their number, and the rest.
fn counted(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (count, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(u32::from_le_bytes(*count) as usize)
}
