//! Hides tags and pictures before the sound from the decoder; they may take hundreds of megabytes.
//! [`Metadata`](crate::Metadata) reads them separately.

use std::io::Result;

use super::view::View;

/// Tags and blocks beyond this number are not read.
const MOST_TAGS: usize = 16;
const MOST_BLOCKS: usize = 1000;
/// FLAC block types that the decoder needs: stream info, padding, seek table.
const KEPT_FLAC_BLOCKS: [u8; 3] = [0, 1, 3];

/// Skips ID3v2 tags at the start. For a tag that declares a length beyond the file only its header
/// is skipped, so that the probe can find sound within it.
pub(super) fn leave_out_id3(view: &mut View) -> Result<()> {
    for _ in 0..MOST_TAGS {
        let Some(head) = view.peek::<10>(0)? else {
            break;
        };
        let sizes = &head[6..10];
        if &head[..3] != b"ID3" || sizes.iter().any(|b| b & 0x80 != 0) {
            break;
        }
        let body = sizes.iter().fold(0, |sum, &b| sum << 7 | u64::from(b));
        let footer = if head[5] & 0x10 != 0 { 10 } else { 0 };
        let tag = 10 + body + footer;
        view.skip(if tag < view.len() { tag } else { 10 });
    }
    Ok(())
}

/// Marks FLAC's picture, comment and application blocks as padding.
pub(super) fn hide_flac_blocks(view: &mut View) -> Result<()> {
    if view.peek(0)? != Some(*b"fLaC") {
        return Ok(());
    }
    let mut at = 4;
    for _ in 0..MOST_BLOCKS {
        let Some([kind, a, b, c]) = view.peek(at)? else {
            break;
        };
        let (is_last, kind) = (kind & 0x80, kind & 0x7f);
        if kind == 0x7f {
            break;
        }
        if !KEPT_FLAC_BLOCKS.contains(&kind) {
            view.patch(at, &[is_last | 1]);
        }
        if is_last != 0 {
            break;
        }
        at += 4 + u64::from(u32::from_be_bytes([0, a, b, c]));
    }
    Ok(())
}
