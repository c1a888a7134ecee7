//! WAV, RF64, BW64 and AIFF: sizes that fit the file, and only the chunks that the sound needs.
//!
//! symphonia reads neither RF64 nor files whose sizes reach beyond their end (recorders leave such
//! files when they lose power), and it holds text and tag chunks in memory.

use std::io::Result;

use super::view::View;

/// Chunks beyond this number are not read.
const MOST_CHUNKS: usize = 10_000;
const UNKNOWN: u32 = u32::MAX;

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
        (b"FORM", b"AIFF" | b"AIFC") => aiff(view, &mut found)?,
        _ => {}
    }
    Ok(found)
}

/// Ends the sound of a WAV file where its `data` chunk or the file ends, and marks the outer size
/// as unknown. RF64 and BW64 (EBU Tech 3306, ITU-R BS.2088) keep the size of `data` in `ds64`.
fn wave(view: &mut View, claimed: u32, found: &mut Head) -> Result<()> {
    let (mut at, mut size64, mut hidden) = (12, None, Vec::new());
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
                found.channels = view.peek(body + 2)?.map(u16::from_le_bytes);
                found.rate_hz = view.peek(body + 4)?.map(u32::from_le_bytes);
            }
            b"fact" => {}
            _ => hidden.push(at),
        }
        at = body + u64::from(size) + u64::from(size & 1);
    }
    Ok(())
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
        at = body + u64::from(size) + u64::from(size & 1);
    }
    let outer = u32::try_from(at.min(view.len()) - 8).unwrap_or(UNKNOWN);
    view.patch(4, &outer.to_be_bytes());
    for (position, bytes) in patches {
        view.patch(position, &bytes);
    }
    Ok(())
}
