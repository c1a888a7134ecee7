//! WAV, RF64, BW64, Wave64 and AIFF: sizes that fit the file, and only the chunks that the sound needs.
//!
//! symphonia reads neither RF64 nor Wave64 nor files whose sizes reach beyond their end (recorders leave such
//! files when they lose power), and it holds text and tag chunks in memory.

use std::io::Result;

use super::padding;
use super::view::View;

/// Chunks beyond this number are not read.
const MOST_CHUNKS: usize = 10_000;
const UNKNOWN: u32 = u32::MAX;
const PLACEHOLDERS: std::ops::RangeInclusive<u32> = 0x7fff_f000..=0x8000_0000;
/// Longest chunk before the sound that is kept, bytes.
const MOST_HEADER_BYTES: u32 = 1 << 16;

/// Facts from the header of such a file.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Head {
    /// The file ends before the sound that it declares.
    pub is_cut_short: bool,
    /// Sample rate (WAV only) and channel count. symphonia multiplies them without a check.
    pub rate_hz: Option<u32>,
    pub channels: Option<u16>,
}

/// Repairs a file of one of these kinds; leaves other files alone.
pub(super) fn repair(view: &mut View) -> Result<Head> {
    let mut found = Head::default();
    let Some(head) = view.peek::<12>(0)? else {
        return Ok(found);
    };
    let [kind @ .., s0, s1, s2, s3, f0, f1, f2, f3]: [u8; 12] = head;
    let size = u32::from_le_bytes([s0, s1, s2, s3]);
    match (&kind, &[f0, f1, f2, f3]) {
        (b"RIFF" | b"RF64" | b"BW64", b"WAVE") => wave(view, size, &mut found)?,
        (b"riff", b"\xa5\xd6\x28\xdb") => wave64(view, &mut found)?,
        (b"FORM", b"AIFF" | b"AIFC") => aiff(view, &mut found)?,
        _ => {}
    }
    Ok(found)
}

/// Puts a new header right before the sound of a WAV file, which ends where its `data` chunk or the
/// file ends. RF64 and BW64 (EBU Tech 3306, ITU-R BS.2088) keep the size of `data` in `ds64`.
fn wave(view: &mut View, claimed: u32, found: &mut Head) -> Result<()> {
    let (mut at, mut size64, mut format, mut fact) = (12, None, None, None);
    for _ in 0..MOST_CHUNKS {
        let Some(head) = view.peek::<8>(at)? else {
            return Ok(());
        };
        let [name @ .., s0, s1, s2, s3]: [u8; 8] = head;
        let (body, size) = (at + 8, u32::from_le_bytes([s0, s1, s2, s3]));
        match &name {
            b"ds64" => size64 = view.peek::<8>(body + 8)?.map(u64::from_le_bytes),
            b"data" => {
                let rest = view.len() - body;
                let unfinished = size == 0 && u64::from(claimed) + 8 <= body;
                let size = match size64 {
                    Some(size64) if size == UNKNOWN => size64,
                    _ if size == UNKNOWN || unfinished => rest,
                    // Recorders that cannot go back write the largest signed number, or near it.
                    _ if PLACEHOLDERS.contains(&size) => rest.min(u64::from(size)),
                    _ => u64::from(size),
                };
                let header: Vec<u8> = [format, fact].into_iter().flatten().flatten().collect();
                sound(view, (body, size), &header, found);
                return Ok(());
            }
            b"fmt " if format.is_none() => {
                found.channels = view.peek(body + 2)?.map(u16::from_le_bytes);
                found.rate_hz = view.peek(body + 4)?.map(u32::from_le_bytes);
                format = Some(padded(view, at, size)?);
            }
            b"fact" if fact.is_none() => {
                fact = Some(padded(view, at, size)?);
            }
            _ => {}
        }
        let size = u64::from(size);
        at = padding::after(view, body + size, size)?;
    }
    Ok(())
}

/// Ends the sound of a Wave64 file (Sony, "64 Bit Wave File Format"), and makes it a WAV: its chunks
/// are named by GUIDs and counted by 64 bits.
fn wave64(view: &mut View, found: &mut Head) -> Result<()> {
    let (mut at, mut format) = (40, Vec::new());
    for _ in 0..MOST_CHUNKS {
        let Some([name @ .., _, _, _, _, _, _, _, _, _, _, _, _]) = view.peek::<16>(at)? else {
            return Ok(());
        };
        let Some(size) = view
            .peek(at + 16)?
            .map(u64::from_le_bytes)
            .filter(|&s| s >= 24)
        else {
            return Ok(());
        };
        let (body, length) = (at + 24, size - 24);
        match &name {
            b"fmt " => {
                found.channels = view.peek(body + 2)?.map(u16::from_le_bytes);
                found.rate_hz = view.peek(body + 4)?.map(u32::from_le_bytes);
                let content = view.part(body, length.min(u64::from(MOST_HEADER_BYTES)))?;
                let length = u32::try_from(content.len()).unwrap_or(0);
                format = [&b"fmt "[..], &length.to_le_bytes(), &content].concat();
            }
            b"data" => {
                // A recorder that could not go back leaves a chunk without content.
                let rest = view.len() - body.min(view.len());
                let length = if length == 0 { rest } else { length };
                sound(view, (body, length), &format, found);
                return Ok(());
            }
            _ => {}
        }
        let Some(next) = at
            .checked_add(size)
            .and_then(|next| next.checked_next_multiple_of(8))
        else {
            return Ok(());
        };
        at = next;
    }
    Ok(())
}

/// A chunk with its name and size, padded to an even length.
fn padded(view: &mut View, at: u64, size: u32) -> Result<Vec<u8>> {
    let mut chunk = view.part(at, 8 + u64::from(size.min(MOST_HEADER_BYTES)))?;
    chunk.resize(chunk.len().next_multiple_of(2), 0);
    Ok(chunk)
}

/// Limits the view to the sound in a range, with a header before it in place of what was there.
fn sound(view: &mut View, (at, size): (u64, u64), format: &[u8], found: &mut Head) {
    let rest = view.len().saturating_sub(at);
    found.is_cut_short = size > rest;
    let size = size.min(rest);
    let size32 = u32::try_from(size).unwrap_or(UNKNOWN);
    let mut header = [&b"RIFF\xff\xff\xff\xffWAVE"[..], format].concat();
    header.resize(header.len().next_multiple_of(2), 0);
    header.extend_from_slice(b"data");
    header.extend_from_slice(&size32.to_le_bytes());
    let length = header.len() as u64;
    let Some(start) = at.checked_sub(length) else {
        return;
    };
    view.skip(start);
    view.patch(0, &header);
    view.cut(length + size);
}

/// Ends an AIFF file after its last complete chunk; the sound chunk may be cut.
fn aiff(view: &mut View, found: &mut Head) -> Result<()> {
    let (mut at, mut patches) = (12, Vec::new());
    found.is_cut_short = true;
    for _ in 0..MOST_CHUNKS {
        let Some(head) = view.peek::<8>(at)? else {
            break;
        };
        let [name @ .., s0, s1, s2, s3]: [u8; 8] = head;
        let (body, size) = (at + 8, u32::from_be_bytes([s0, s1, s2, s3]));
        let rest = view.len() - body;
        let is_sound = &name == b"SSND";
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
        if &name == b"COMM" {
            found.channels = view.peek(body)?.map(u16::from_be_bytes);
        } else if !is_sound {
            patches.push((at, *b"JUNK"));
        }
        found.is_cut_short &= !is_sound;
        let size = u64::from(size);
        at = padding::after(view, body + size, size)?;
    }
    let outer = u32::try_from(at.min(view.len()) - 8).unwrap_or(UNKNOWN);
    view.patch(4, &outer.to_be_bytes());
    for (position, bytes) in patches {
        view.patch(position, &bytes);
    }
    Ok(())
}
