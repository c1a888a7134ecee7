//! WAV, RF64, BW64 and AIFF: sizes that fit the file, and no chunk but those of the sound.
//!
//! symphonia reads neither RF64 nor files whose sizes go beyond their end, which recorders leave
//! behind when they are unplugged, and it holds text and tag chunks in memory.

use std::io::Result;

use super::view::View;

/// A file with more chunks is not read further.
const MOST_CHUNKS: usize = 10_000;
const UNKNOWN: u32 = u32::MAX;

/// What the head of such a file says.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Head {
    /// The file ends before the sound that it claims.
    pub is_cut_short: bool,
    /// Sample rate, where it is a WAV file, and channels; symphonia multiplies them unchecked.
    pub rate_hz: Option<u32>,
    pub channels: Option<u16>,
}

/// Puts right what is wrong with a file of one of these kinds; other files stay as they are.
pub(super) fn put_right(view: &mut View) -> Result<Head> {
    let mut found = Head::default();
    let Some(head) = view.look::<12>(0)? else {
        return Ok(found);
    };
    match (&head[..4], &head[8..]) {
        (b"RIFF" | b"RF64" | b"BW64", b"WAVE") => wave(view, le32(&head[4..8]), &mut found)?,
        (b"FORM", b"AIFF" | b"AIFC") => aiff(view, &mut found)?,
        _ => {}
    }
    Ok(found)
}

/// The sound of a WAV file ends where its `data` chunk does or the file, and the outer size is read
/// as unknown. RF64 and BW64 (EBU Tech 3306, ITU-R BS.2088) keep the size of `data` in `ds64`.
fn wave(view: &mut View, claimed: u32, found: &mut Head) -> Result<()> {
    let (mut at, mut size64, mut hidden) = (12, None, Vec::new());
    for _ in 0..MOST_CHUNKS {
        let Some(head) = view.look::<8>(at)? else {
            return Ok(());
        };
        let (body, size) = (at + 8, le32(&head[4..]));
        match &head[..4] {
            b"ds64" => size64 = view.look::<8>(body + 8)?.map(u64::from_le_bytes),
            b"data" => {
                let rest = view.len() - body;
                let unfinished = size == 0 && u64::from(claimed) + 8 <= body;
                let size = match size64 {
                    Some(size) if head[4..] == UNKNOWN.to_le_bytes() => size,
                    _ if size == UNKNOWN || unfinished => rest,
                    _ => u64::from(size),
                };
                found.is_cut_short = size > rest;
                let size = size.min(rest);
                view.patch(0, b"RIFF");
                view.patch(4, &UNKNOWN.to_le_bytes());
                for position in hidden {
                    view.patch(position, b"JUNK");
                }
                let size32 = u32::try_from(size).unwrap_or(UNKNOWN);
                view.patch(at + 4, &size32.to_le_bytes());
                view.cut(body + size);
                return Ok(());
            }
            b"fmt " => {
                found.channels = view.look(body + 2)?.map(u16::from_le_bytes);
                found.rate_hz = view.look(body + 4)?.map(u32::from_le_bytes);
            }
            b"fact" => {}
            _ => hidden.push(at),
        }
        at = body + u64::from(size) + u64::from(size & 1);
    }
    Ok(())
}

/// An AIFF file ends after its last whole chunk, the sound chunk being cut where the file is.
fn aiff(view: &mut View, found: &mut Head) -> Result<()> {
    let (mut at, mut patches) = (12, Vec::new());
    found.is_cut_short = true;
    for _ in 0..MOST_CHUNKS {
        let Some(head) = view.look::<8>(at)? else {
            break;
        };
        let (body, size) = (at + 8, be32(&head[4..]));
        let rest = view.len() - body;
        let is_sound = &head[..4] == b"SSND";
        if is_sound && (u64::from(size) > rest || size < 8) {
            found.is_cut_short = u64::from(size) > rest;
            let size = u32::try_from(rest).unwrap_or(UNKNOWN);
            patches.push((at + 4, size.to_be_bytes()));
            at = body + u64::from(size);
            break;
        }
        if u64::from(size) > rest {
            break;
        }
        if &head[..4] == b"COMM" {
            found.channels = view.look(body)?.map(u16::from_be_bytes);
        } else if !is_sound {
            patches.push((at, *b"JUNK"));
        }
        found.is_cut_short &= !is_sound;
        at = body + u64::from(size) + u64::from(size & 1);
    }
    let outer = u32::try_from(at.min(view.len()) - 8).unwrap_or(UNKNOWN);
    view.patch(4, &outer.to_be_bytes());
    for (position, bytes) in patches {
        view.patch(position, &bytes);
    }
    Ok(())
}

fn le32(bytes: &[u8]) -> u32 {
    u32::from_be_bytes([bytes[3], bytes[2], bytes[1], bytes[0]])
}

fn be32(bytes: &[u8]) -> u32 {
    u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}
