//! Hides tags and pictures before the sound from the decoder; they may take hundreds of megabytes.
//! [`Metadata`](crate::Metadata) reads them separately.

use std::io::Result;

use super::tag_sizes;
use super::view::View;

/// Tags and blocks beyond this number are not read.
const MOST_TAGS: usize = 16;
const MOST_BLOCKS: usize = 1000;
/// FLAC block types that the decoder needs: stream info, padding, seek table.
const KEPT_FLAC_BLOCKS: [u8; 3] = [0, 1, 3];

/// Skips ID3v2 and APE tags at the start; true where there was one. Of a tag that declares a length
/// beyond the file only the header is skipped, so that the search can find sound within it.
pub(super) fn leave_out_leading(view: &mut View) -> Result<bool> {
    for left_out in 0..MOST_TAGS {
        let (header, tag) = if let Some(head) = view.peek::<10>(0)? {
            match (
                tag_sizes::id3v2(&head),
                view.peek::<32>(0)?.and_then(|head| tag_sizes::ape(&head)),
            ) {
                (Some(tag), _) => (10, tag),
                (_, Some(tag)) => (32, 32 + tag.bytes),
                _ => return Ok(left_out > 0),
            }
        } else {
            return Ok(left_out > 0);
        };
        view.skip(if tag < view.len() { tag } else { header });
    }
    Ok(true)
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
