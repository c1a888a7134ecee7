//! APE tags, versions 1 and 2 (wiki.hydrogenaudio.org, "APEv2 specification").

use std::io::Result;

use super::entries::{Declared, Entries, MOST_TEXT_BYTES, by_name};
use crate::decode::view::View;

const MOST_ITEMS: usize = 1000;
/// Longest key, bytes.
const MOST_KEY_BYTES: u64 = 256;
const MARK: &[u8; 8] = b"APETAGEX";

/// Reads the tag that ends at `end`.
pub(super) fn before(view: &mut View, end: u64, tag: u8, entries: &mut Entries) -> Result<()> {
    let Some(at) = end.checked_sub(32) else {
        return Ok(());
    };
    if let Some(head) = header(view, at)?
        && let Some(first) = end.checked_sub(head.size)
    {
        items(view, (first, at), &head, tag, entries)?;
    }
    Ok(())
}

/// Reads the tag that begins at `at`; gives its length, or `None` where there is none.
pub(super) fn after(
    view: &mut View,
    at: u64,
    tag: u8,
    entries: &mut Entries,
) -> Result<Option<u64>> {
    let Some(head) = header(view, at)? else {
        return Ok(None);
    };
    items(view, (at + 32, at + 32 + head.size), &head, tag, entries)?;
    Ok(Some(32 + head.size))
}

struct Head {
    /// Length of items and footer.
    size: u64,
    items: usize,
    /// Version 1 has no encoding.
    declared: Declared,
}

fn header(view: &mut View, at: u64) -> Result<Option<Head>> {
    let Some(bytes) = view.peek::<20>(at)? else {
        return Ok(None);
    };
    let word = |at: usize| {
        let word = bytes.get(at..at + 4).and_then(|w| w.try_into().ok());
        word.map_or(0, u32::from_le_bytes)
    };
    Ok(bytes.starts_with(MARK).then(|| Head {
        size: u64::from(word(12)),
        items: word(16) as usize,
        declared: if word(8) >= 2000 {
            Declared::Utf8
        } else {
            Declared::Bytes
        },
    }))
}

fn items(
    view: &mut View,
    (mut at, end): (u64, u64),
    head: &Head,
    tag: u8,
    entries: &mut Entries,
) -> Result<()> {
    for _ in 0..head.items.min(MOST_ITEMS) {
        let Some([a, b, c, d, flags, ..]) = view.peek::<8>(at)? else {
            break;
        };
        let key = view.part(at + 8, MOST_KEY_BYTES)?;
        let Some(key) = key.split(|&b| b == 0).next().filter(|key| key.len() < 255) else {
            break;
        };
        let (size, body) = (
            u64::from(u32::from_le_bytes([a, b, c, d])),
            at + 9 + key.len() as u64,
        );
        if body + size > end {
            break;
        }
        let is_text = flags & 6 == 0;
        if let Some(field) = by_name(&String::from_utf8_lossy(key)).filter(|_| is_text) {
            let value = view.part(body, size.min(MOST_TEXT_BYTES as u64))?;
            entries.add(tag, field, head.declared, &value);
        }
        at = body + size;
    }
    Ok(())
}
